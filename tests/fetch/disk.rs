//! What is in the folder already.

use crate::server::{Server, whole};
use crate::{NAME, content, folder, names, options, part, reasons, run, set, succeed};
use flate2::{Compression, write::GzEncoder};
use fmnist_tui::data::fetch::{FetchError, FetchEvent};
use std::io::Write;
use std::sync::mpsc::channel;

fn good() -> Server {
    Server::start(|_, _, stream| whole(stream, &content()))
}

#[test]
fn what_is_there_is_not_fetched_again() {
    let server = good();
    let dir = folder();
    succeed(&server, &content(), dir.path());
    let events = succeed(&server, &content(), dir.path());
    let done = FetchEvent::Done {
        file: 0,
        already: true,
    };
    assert_eq!(events, [done]);
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn the_same_content_packed_in_another_way_will_do() {
    let server = good();
    let dir = folder();
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    packed.write_all(&content()).unwrap();
    std::fs::write(dir.path().join(NAME), packed.finish().unwrap()).unwrap();
    let (outcome, _) = run(&set(&content(), &[&server]), &options(dir.path()));
    outcome.unwrap();
    assert!(server.requests().is_empty());
}

#[test]
fn another_file_is_kept_unless_it_may_be_replaced() {
    let server = good();
    let dir = folder();
    let path = dir.path().join(NAME);
    std::fs::write(&path, "my own labels").unwrap();
    let mut options = options(dir.path());
    let (outcome, _) = run(&set(&content(), &[&server]), &options);
    let error = outcome.unwrap_err().to_string();
    assert!(
        error.contains(NAME) && error.contains("--replace"),
        "{error}"
    );
    assert_eq!(std::fs::read(&path).unwrap(), b"my own labels");
    assert!(server.requests().is_empty());

    options.replace = true;
    run(&set(&content(), &[&server]), &options).0.unwrap();
    assert_eq!(std::fs::read(&path).unwrap(), content());
}

#[test]
fn a_file_that_would_hide_the_fetched_one_is_named() {
    let server = good();
    let dir = folder();
    let unpacked = dir.path().join(NAME.trim_end_matches(".gz"));
    std::fs::write(&unpacked, "my own labels").unwrap();
    let mut options = options(dir.path());
    options.replace = true;
    let (outcome, _) = run(&set(&content(), &[&server]), &options);
    let error = outcome.unwrap_err();
    assert!(matches!(&error, FetchError::InTheWay { path } if *path == unpacked));
    assert!(error.to_string().contains("move it away"), "{error}");
}

#[test]
fn a_whole_part_needs_no_request() {
    let server = good();
    let dir = folder();
    std::fs::write(part(dir.path()), content()).unwrap();
    succeed(&server, &content(), dir.path());
    assert!(server.requests().is_empty());
}

#[test]
fn half_a_data_set_never_looks_like_one() {
    let server = Server::start(|_, request, stream| match request.line.contains("labels") {
        true => whole(stream, &content()),
        false => crate::server::status(stream, "404 Not Found"),
    });
    let dir = folder();
    let mut two = set(&content(), &[&server]);
    two.files.push(two.files[0].clone());
    two.files[1].name = "train-images-idx3-ubyte.gz".into();
    run(&two, &options(dir.path())).0.unwrap_err();
    assert_eq!(names(dir.path()), [format!("{NAME}.part")]);
    // The next fetch does not request it again.
    let before = server.requests().len();
    run(&two, &options(dir.path())).0.unwrap_err();
    let asked = server.requests().split_off(before);
    assert!(
        asked.iter().all(|request| request.line.contains("images")),
        "{asked:?}"
    );
}

#[test]
fn two_at_once_do_not_mix() {
    let (go_on, waiting) = channel::<()>();
    let waiting = std::sync::Mutex::new(waiting);
    let server = Server::start(move |_, _, stream| {
        let _ = waiting.lock().unwrap().recv();
        whole(stream, &content());
    });
    let dir = folder();
    let set = set(&content(), &[&server]);
    let mut options = options(dir.path());
    options.time_outs.idle = std::time::Duration::from_secs(60);
    std::thread::scope(|scope| {
        let first = scope.spawn(|| run(&set, &options));
        while server.requests().is_empty() {
            std::thread::yield_now();
        }
        let (second, _) = run(&set, &options);
        assert!(matches!(second, Err(FetchError::Busy { .. })), "{second:?}");
        go_on.send(()).unwrap();
        first.join().unwrap().0.unwrap();
    });
    assert_eq!(std::fs::read(dir.path().join(NAME)).unwrap(), content());
    assert_eq!(names(dir.path()), [NAME]);
}

#[test]
fn a_folder_that_cannot_be_is_named() {
    let server = good();
    let dir = folder();
    let blocked = dir.path().join("a-file");
    std::fs::write(&blocked, "x").unwrap();
    let (outcome, events) = run(
        &set(&content(), &[&server]),
        &options(&blocked.join("data")),
    );
    let error = outcome.unwrap_err().to_string();
    assert!(
        error.contains("a-file") && error.contains("--to"),
        "{error}"
    );
    assert!(reasons(&events).is_empty());
    // A folder where the file should be.
    std::fs::create_dir(part(dir.path())).unwrap();
    let (outcome, _) = run(&set(&content(), &[&server]), &options(dir.path()));
    let error = outcome.unwrap_err().to_string();
    assert!(
        error.contains(".part: cannot be read or written"),
        "{error}"
    );
}
