//! What makes the program easy to have: the config file, completions, manual pages, the doctor, versions.

use super::{empty, fail, program, run, succeed};
use serde_json::Value;
use std::path::Path;
use std::process::Command;

/// The user's config file in a test's folder.
fn write_config(folder: &Path, text: &str) {
    let path = succeed(folder, &["config", "--path"]);
    let path = Path::new(path.trim());
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

/// Whether the system has this program.
fn is_there(program: &str) -> bool {
    Command::new(program).arg("--version").output().is_ok()
}

#[test]
fn the_printed_config_is_one_and_the_program_says_where_it_goes() {
    let folder = empty();
    let folder = folder.path();
    let said = succeed(folder, &["config"]);
    assert!(said.contains("is not there"), "{said}");
    let printed = succeed(folder, &["config", "--print"]);
    assert!(printed.contains("\n#theme = \"dark\"\n"), "{printed}");
    assert!(
        printed.contains("\n[keys.design]\n#add = \"a\" "),
        "{printed}"
    );
    write_config(folder, &printed);
    let said = succeed(folder, &["config"]);
    assert!(said.contains("nothing is wrong with it"), "{said}");
}

#[test]
fn runs_and_data_go_where_the_config_says_and_options_win_over_it() {
    let folder = empty();
    let folder = folder.path();
    write_config(folder, "threads = 1\nruns = \"~/kept\"\ndata = \"sets\"\n");
    let train = [
        "train", "--preset", "tiny", "--epochs", "1", "--limit", "256",
    ];
    let said = succeed(folder, &train);
    assert!(said.contains("on 1 thread\n"), "{said}");
    let kept = folder.join("home/kept");
    assert_eq!(std::fs::read_dir(kept).unwrap().count(), 1);
    assert!(!folder.join("runs").exists());
    let with_options = [&train[..], &["--threads", "2", "--out", "here"]].concat();
    let said = succeed(folder, &with_options);
    assert!(said.contains("on 2 threads\n"), "{said}");
    assert!(folder.join("here/spec.json").exists());
    let said = succeed(folder, &["data", "path"]);
    assert!(said.contains("  sets/fashion-mnist\n"), "{said}");
}

#[test]
fn a_wrong_config_stops_every_command_with_its_line() {
    let folder = empty();
    let folder = folder.path();
    std::fs::write(folder.join("mine.toml"), "theme = \"dark\"\nthread = 4\n").unwrap();
    let line = fail(folder, 1, &["presets", "--config", "mine.toml"]);
    assert_eq!(
        line,
        "error: mine.toml, line 2, column 1: there is no setting \"thread\"; is \"threads\" meant?\n"
    );
    let mut command = program::program(folder);
    let output = command
        .args(["presets"])
        .env("FMNIST_CONFIG", "mine.toml")
        .output()
        .unwrap();
    assert!(String::from_utf8_lossy(&output.stderr).contains("line 2, column 1"));
    let line = fail(folder, 1, &["presets", "--config", "none.toml"]);
    assert!(
        line.contains("none.toml: cannot read the config file"),
        "{line}"
    );
    // What helps to mend it works all the same.
    for args in [
        &["config", "--print"][..],
        &["completions", "bash"],
        &["doctor"],
    ] {
        let (code, _, error) = run(folder, &[args, &["--config", "mine.toml"]].concat());
        assert_eq!(code, 0, "{args:?}: {error}");
    }
    // An endless or huge file takes no memory.
    std::fs::write(folder.join("huge.toml"), "#".repeat(1 << 20)).unwrap();
    let line = fail(folder, 1, &["presets", "--config", "huge.toml"]);
    assert!(line.contains("it has more than the"), "{line}");
}

#[test]
fn completions_are_scripts_that_name_every_command() {
    let folder = empty();
    let folder = folder.path();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = succeed(folder, &["completions", shell]);
        for word in ["train", "make-sample", "lr-find", "doctor", "preset"] {
            assert!(script.contains(word), "{shell}: {word}");
        }
        if ["bash", "zsh", "fish"].contains(&shell) && is_there(shell) {
            let path = folder.join(shell);
            std::fs::write(&path, script).unwrap();
            let checked = Command::new(shell).arg("-n").arg(&path).output().unwrap();
            let error = String::from_utf8_lossy(&checked.stderr);
            assert!(
                checked.status.success() && error.is_empty(),
                "{shell}: {error}"
            );
        }
    }
}

#[test]
fn every_command_has_a_manual_page() {
    let folder = empty();
    let folder = folder.path();
    let (code, _, said) = run(folder, &["man", "--out", "pages"]);
    assert_eq!(code, 0, "{said}");
    let pages = std::fs::read_dir(folder.join("pages")).unwrap().count();
    assert!(said.contains(&format!("{pages} pages")), "{said}");
    for (page, words) in [
        ("fmnist-tui.1", &["fmnist-tui-train(1)", "FMNIST_DATA"][..]),
        ("fmnist-tui-train.1", &["--preset", "--tensorboard"]),
        ("fmnist-tui-data-fetch.1", &["--replace"]),
    ] {
        let path = folder.join("pages").join(page);
        let shown = match is_there("man") {
            true => {
                let mut man = Command::new("man");
                man.env("MANWIDTH", "80").env("LC_ALL", "C.UTF-8").arg("-l");
                let output = man.arg(&path).output().unwrap();
                let error = String::from_utf8_lossy(&output.stderr);
                assert!(output.status.success(), "{page}: {error}");
                String::from_utf8_lossy(&output.stdout).replace('‐', "-")
            }
            false => std::fs::read_to_string(&path).unwrap().replace("\\-", "-"),
        };
        for word in words {
            assert!(shown.contains(word), "{page}: {word}\n{shown}");
        }
    }
}

#[test]
fn the_doctor_describes_everything_but_the_user() {
    let folder = empty();
    let folder = folder.path();
    succeed(folder, &["data", "make-sample", "--out", "sample"]);
    write_config(folder, "thme = 1\n");
    let report = |args: &[&str]| {
        let mut command = program::program(folder);
        command
            .env("USER", "ann")
            .env("TMUX", "x")
            .env("LC_ALL", "C.UTF-8");
        let output = command.args(args).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    let text = report(&["doctor"]);
    for words in [
        "\nTerminal\n",
        "~/fmnist-tui/config.toml",
        "line 1, column 1: there is no setting \"thme\"",
        "runs: not there yet, can be made",
        "none: the built-in sample set",
        "tmux",
        "UTF-8 (LC_ALL=C.UTF-8)",
    ] {
        assert!(text.contains(words), "{words}\n{text}");
    }
    assert!(!text.contains(folder.to_str().unwrap()), "{text}");
    let json: Value = serde_json::from_str(&report(&["doctor", "--json"])).unwrap();
    assert_eq!(json["program"]["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(json["terminal"]["is_a_terminal"], Value::Array(Vec::new()));
    assert!(json["machine"]["threads"].as_u64().unwrap() >= 1, "{json}");
    // The checksums of what is there.
    let text = report(&["doctor", "--data", "sample"]);
    assert_eq!(
        text.matches(": MD5 ").count() + text.matches("  MD5 ").count(),
        4,
        "{text}"
    );
}

#[test]
fn the_long_version_says_with_what_it_computes() {
    let folder = empty();
    let folder = folder.path();
    let short = succeed(folder, &["-V"]);
    assert_eq!(
        short,
        concat!("fmnist-tui ", env!("CARGO_PKG_VERSION"), "\n")
    );
    let long = succeed(folder, &["--version"]);
    assert!(long.starts_with(short.trim()), "{long}");
    for words in ["\nbuilt for ", "\nf32 on ", "\nbf16 on ", "\nfeatures "] {
        assert!(long.contains(words), "{long}");
    }
}

#[test]
fn the_app_says_that_it_cannot_be_plain() {
    let folder = empty();
    let line = fail(folder.path(), 2, &["--plain"]);
    assert!(
        line.contains("fmnist-tui train --preset tiny --plain"),
        "{line}"
    );
}
