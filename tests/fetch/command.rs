//! `fmnist-tui data fetch` and `data verify` as a user runs them.

use crate::folder;
use crate::program::{answer, program};
use crate::server::{Server, status, whole};
use fmnist_tui::data::sample;
use std::path::Path;

/// Runs the program in `dir` with no proxy in its environment but what `variables` say; gives its
/// exit code, stdout and stderr.
fn run(dir: &Path, variables: &[(&str, &str)], args: &[&str]) -> (i32, String, String) {
    let mut command = program(dir);
    for name in ["ALL_PROXY", "HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY"] {
        command.env_remove(name).env_remove(name.to_lowercase());
    }
    answer(command.envs(variables.iter().copied()).args(args))
}

#[test]
fn an_address_that_makes_no_sense_is_a_wrong_command_line() {
    for address in ["ftp://example.org/", "file:///tmp", "example.org"] {
        let args = ["data", "fetch", "--from", address, "--to", "d"];
        let dir = folder();
        let (code, out, err) = run(dir.path(), &[], &args);
        assert_eq!((code, out.as_str()), (2, ""), "{err}");
        assert!(
            err.starts_with("error: --from: ") && err.lines().count() == 1,
            "{err}"
        );
        assert!(!dir.path().join("d").exists());
    }
    let (code, _, err) = run(folder().path(), &[], &["data", "fetch", "--dataset", "x"]);
    assert_eq!(code, 2);
    assert!(
        err.contains("fashion-mnist") && err.contains("mnist"),
        "{err}"
    );
}

#[test]
fn what_a_server_refuses_is_said_with_its_address() {
    let server = Server::start(|_, _, stream| status(stream, "404 Not Found"));
    let dir = folder();
    let url = server.url();
    let args = [
        "data",
        "fetch",
        "--from",
        url.trim_end_matches('/'),
        "--to",
        "d",
    ];
    let (code, out, err) = run(dir.path(), &[], &args);
    assert_eq!((code, out.as_str()), (1, ""), "{err}");
    let address = format!("{url}train-images-idx3-ubyte.gz: the server answers 404 Not Found");
    assert!(err.contains(&address) && err.lines().count() == 1, "{err}");
    assert_eq!(crate::names(&dir.path().join("d")), [""; 0]);
}

#[test]
fn another_file_of_the_right_size_is_deleted() {
    // The size of MNIST's first file.
    let server = Server::start(|_, _, stream| whole(stream, &vec![7; 9_912_422]));
    let dir = folder();
    let url = server.url();
    let args = ["data", "fetch", "--dataset", "mnist", "--from", &url];
    let (code, _, err) = run(dir.path(), &[], &args);
    assert_eq!(code, 1);
    assert!(
        err.contains("wrong checksum") && err.contains("deleted"),
        "{err}"
    );
    let file = server.requests()[0].line.clone();
    assert_eq!(file, "GET /train-images-idx3-ubyte.gz HTTP/1.1");
}

#[test]
fn proxy_variables_are_heeded() {
    let refuse = || Server::start(|_, _, stream| status(stream, "403 Forbidden"));
    let (proxy, direct) = (refuse(), refuse());
    let address = proxy.url();
    let args = [
        "data",
        "fetch",
        "--from",
        "http://example.invalid/",
        "--to",
        "d",
    ];
    for variable in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy"] {
        let before = proxy.requests().len();
        run(folder().path(), &[(variable, &address)], &args);
        let asked = proxy.requests();
        assert!(asked.len() > before, "{variable} is not heeded");
        assert_eq!(asked[before].line, "CONNECT example.invalid:80 HTTP/1.1");
    }
    let before = proxy.requests().len();
    let url = direct.url();
    let args = ["data", "fetch", "--from", &url, "--to", "d"];
    let variables = [("HTTP_PROXY", address.as_str()), ("NO_PROXY", "127.0.0.1")];
    run(folder().path(), &variables, &args);
    assert_eq!(proxy.requests().len(), before, "NO_PROXY is not heeded");
    assert_eq!(direct.requests().len(), 1);
}

#[test]
fn files_of_another_set_stay_and_are_called_unknown() {
    let dir = folder();
    let data = dir.path().join("d");
    std::fs::create_dir(&data).unwrap();
    for (name, bytes) in sample::FILES {
        std::fs::write(data.join(name), bytes).unwrap();
    }
    let args = [
        "data",
        "fetch",
        "--from",
        "http://127.0.0.1:1/",
        "--to",
        "d",
    ];
    let (code, _, err) = run(dir.path(), &[], &args);
    assert_eq!(code, 1);
    assert!(
        err.contains("left alone") && err.contains("--replace"),
        "{err}"
    );

    let verify = ["data", "verify", "--data", "d"];
    let (code, out, err) = run(dir.path(), &[], &verify);
    assert_eq!((code, err.as_str()), (0, ""));
    assert_eq!(out.matches("  unknown\n").count(), 4, "{out}");

    std::fs::remove_file(data.join("t10k-labels-idx1-ubyte.gz")).unwrap();
    std::fs::write(data.join("train-labels-idx1-ubyte.gz"), b"junk").unwrap();
    let (code, out, err) = run(dir.path(), &[], &verify);
    assert_eq!(code, 1);
    assert!(
        out.contains("missing\n") && out.contains("damaged\n"),
        "{out}"
    );
    assert!(err.contains("2 of 4 files missing or damaged"), "{err}");
}

#[test]
fn without_data_both_commands_lead_to_fetch() {
    let dir = folder();
    let (code, _, err) = run(dir.path(), &[], &["data", "verify"]);
    assert_eq!(code, 1);
    assert!(err.contains("fmnist-tui data fetch"), "{err}");
    let (code, out, _) = run(dir.path(), &[], &["data", "path"]);
    assert_eq!(code, 0);
    assert!(out.contains("fmnist-tui data fetch"), "{out}");
}

#[test]
fn real_files_are_recognised() {
    let Some(dir) = std::env::var_os("FMNIST_DATA") else {
        eprintln!("FMNIST_DATA is not set: nothing to recognise");
        return;
    };
    let dir = dir.into_string().unwrap();
    let home = folder();
    let (code, out, err) = run(home.path(), &[], &["data", "verify", "--data", &dir]);
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    assert!(!out.contains("unknown"), "{out}");
}
