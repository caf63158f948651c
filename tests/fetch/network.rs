//! What servers and networks do.

use crate::server::{self, Server, head, send, status, whole};
use crate::{content, fail, folder, md5, names, options, part, reasons, run, set, succeed};
use fmnist_tui::data::fetch::{FetchError, FetchEvent, fetch};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

#[test]
fn a_file_arrives_whole_and_alone() {
    let bytes = content();
    let server = Server::start(move |_, _, stream| whole(stream, &content()));
    let dir = folder();
    let events = succeed(&server, &bytes, dir.path());
    assert_eq!(
        events.last(),
        Some(&FetchEvent::Done {
            file: 0,
            already: false
        })
    );
    assert!(reasons(&events).is_empty(), "{events:?}");
    let request = &server.requests()[0];
    assert_eq!(request.line, format!("GET /{} HTTP/1.1", crate::NAME));
    assert_eq!(request.range, None);
}

#[test]
fn a_cut_connection_is_resumed_where_it_broke() {
    let server = Server::start(|number, request, stream| {
        let bytes = content();
        let rest = server::part_head(stream, request, &bytes);
        let shown = if number == 0 { 70_000 } else { rest.len() };
        send(stream, &rest[..shown]);
    });
    let dir = folder();
    let events = succeed(&server, &content(), dir.path());
    let ranges: Vec<_> = server.requests().iter().map(|asked| asked.range).collect();
    assert_eq!(ranges, [None, Some(70_000)]);
    let resumed = events.iter().any(|event| {
        matches!(
            event,
            FetchEvent::Started {
                resumed_at: 70_000,
                ..
            }
        )
    });
    assert!(resumed, "{events:?}");
}

#[test]
fn an_interrupted_fetch_goes_on_the_next_time() {
    let cutting = Server::start(|_, request, stream| {
        let bytes = content();
        let rest = server::part_head(stream, request, &bytes);
        send(stream, &rest[..rest.len().min(1000)]);
    });
    let dir = folder();
    let error = fail(&cutting, &content(), dir.path());
    assert!(error.contains("kept for the next fetch"), "{error}");
    assert_eq!(
        cutting.requests().len(),
        3,
        "little progress is not endless"
    );
    let kept = std::fs::read(part(dir.path())).unwrap();
    assert_eq!(kept, content()[..3000]);
    let server = Server::start(|_, request, stream| server::part(stream, request, &content()));
    succeed(&server, &content(), dir.path());
    assert_eq!(server.requests()[0].range, Some(3000));
}

#[test]
fn a_server_without_ranges_sends_it_all_again() {
    let server = Server::start(|number, _, stream| {
        let bytes = content();
        let shown = if number == 0 { 70_000 } else { bytes.len() };
        head(
            stream,
            "200 OK",
            &[format!("Content-Length: {}", bytes.len())],
        );
        send(stream, &bytes[..shown]);
    });
    succeed(&server, &content(), folder().path());
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn another_part_than_asked_for_is_not_taken() {
    let server = Server::start(|_, request, stream| match request.range {
        Some(_) => {
            let headers = [
                "Content-Length: 100".into(),
                "Content-Range: bytes 5-104/200000".into(),
            ];
            head(stream, "206 Partial Content", &headers);
            send(stream, &[7; 100]);
        }
        None => whole(stream, &content()),
    });
    let dir = folder();
    std::fs::write(part(dir.path()), &content()[..40]).unwrap();
    succeed(&server, &content(), dir.path());
}

#[test]
fn a_part_that_was_wrong_is_fetched_from_the_beginning() {
    let server = Server::start(|_, request, stream| server::part(stream, request, &content()));
    let dir = folder();
    std::fs::write(part(dir.path()), [1; 500]).unwrap();
    let events = succeed(&server, &content(), dir.path());
    assert!(reasons(&events)[0].contains("wrong checksum"), "{events:?}");
    let longer = [2; 300_000];
    let dir = folder();
    std::fs::write(part(dir.path()), longer).unwrap();
    succeed(&server, &content(), dir.path());
}

#[test]
fn wrong_bytes_are_deleted_and_said() {
    let mut wrong = content();
    wrong[1234] ^= 1;
    let found = md5(&wrong);
    let server = Server::start(move |_, _, stream| whole(stream, &wrong));
    let dir = folder();
    let error = fail(&server, &content(), dir.path());
    for words in ["wrong checksum", &found, &md5(&content()), "deleted"] {
        assert!(error.contains(words), "{error}");
    }
    assert!(names(dir.path()).is_empty(), "{:?}", names(dir.path()));
}

#[test]
fn a_missing_file_leads_to_the_next_mirror() {
    let empty = Server::start(|_, _, stream| status(stream, "404 Not Found"));
    let good = Server::start(|_, _, stream| whole(stream, &content()));
    let dir = folder();
    let (outcome, events) = run(&set(&content(), &[&empty, &good]), &options(dir.path()));
    outcome.unwrap();
    assert_eq!(empty.requests().len(), 1, "404 is not asked for again");
    let reasons = reasons(&events);
    assert!(reasons[0].contains("404 Not Found"), "{reasons:?}");

    let dir = folder();
    let (outcome, _) = run(&set(&content(), &[&empty, &empty]), &options(dir.path()));
    let error = outcome.unwrap_err().to_string();
    let address = format!("{}{}: the server answers 404", empty.url(), crate::NAME);
    assert_eq!(error.matches(&address).count(), 2, "{error}");
    assert!(names(dir.path()).is_empty());
}

#[test]
fn a_server_in_trouble_is_asked_again() {
    let server = Server::start(|number, _, stream| match number {
        0 => status(stream, "500 Internal Server Error"),
        1 => status(stream, "429 Too Many Requests"),
        _ => whole(stream, &content()),
    });
    let events = succeed(&server, &content(), folder().path());
    let reasons = reasons(&events);
    assert!(reasons[0].contains("500 Internal"), "{reasons:?}");
    assert!(reasons[1].contains("429 Too Many"), "{reasons:?}");
}

#[test]
fn a_slow_server_is_waited_for() {
    let server = Server::start(|_, _, stream| {
        let bytes = content();
        head(
            stream,
            "200 OK",
            &[format!("Content-Length: {}", bytes.len())],
        );
        for piece in bytes.chunks(25_000) {
            send(stream, piece);
            std::thread::sleep(Duration::from_millis(100));
        }
    });
    let events = succeed(&server, &content(), folder().path());
    assert!(reasons(&events).is_empty(), "{events:?}");
}

#[test]
fn a_silent_server_is_given_up() {
    let silence = || std::thread::sleep(Duration::from_secs(600));
    let server = Server::start(move |_, _, _| silence());
    let error = fail(&server, &content(), folder().path());
    assert!(error.contains("the server was silent for 0.5 s"), "{error}");
    // In the middle of a file: what came before is not lost.
    let server = Server::start(move |number, request, stream| {
        let bytes = content();
        let rest = server::part_head(stream, request, &bytes);
        if number == 0 {
            send(stream, &rest[..1000]);
            silence();
        }
        send(stream, rest);
    });
    succeed(&server, &content(), folder().path());
    assert_eq!(server.requests()[1].range, Some(1000));
}

#[test]
fn nobody_at_home() {
    let mut gone = set(&content(), &[]);
    gone.mirrors = vec!["http://127.0.0.1:1/".into()];
    let (outcome, events) = run(&gone, &options(folder().path()));
    let error = outcome.unwrap_err().to_string();
    assert!(error.contains("http://127.0.0.1:1/"), "{error}");
    assert_eq!(reasons(&events).len(), 2, "three tries: {events:?}");
}

#[test]
fn redirects_are_followed_but_not_in_circles() {
    let good = Server::start(|_, _, stream| whole(stream, &content()));
    let target = good.url();
    let moved = Server::start(move |_, _, stream| {
        head(
            stream,
            "302 Found",
            &[
                format!("Location: {target}elsewhere"),
                "Content-Length: 0".into(),
            ],
        );
    });
    succeed(&moved, &content(), folder().path());
    assert_eq!(good.requests()[0].line, "GET /elsewhere HTTP/1.1");

    let circle = Server::start(|_, _, stream| {
        head(
            stream,
            "302 Found",
            &["Location: /again".into(), "Content-Length: 0".into()],
        );
    });
    let error = fail(&circle, &content(), folder().path());
    assert!(error.contains("too many redirects"), "{error}");
    assert!(circle.requests().len() < 10, "{}", circle.requests().len());
}

#[test]
fn an_endless_body_is_cut_off() {
    let server = Server::start(|_, _, stream| {
        head(stream, "200 OK", &[]);
        let piece = content();
        for _ in 0..200 {
            send(stream, &piece);
        }
    });
    let dir = folder();
    let error = fail(&server, &content(), dir.path());
    assert!(
        error.contains("sends more than the 200000 published bytes"),
        "{error}"
    );
    assert!(names(dir.path()).is_empty());
}

#[test]
fn a_wrong_length_is_refused_before_anything_is_written() {
    let server = Server::start(|_, _, stream| whole(stream, b"<html>Please log in</html>"));
    let dir = folder();
    let error = fail(&server, &content(), dir.path());
    assert!(
        error.contains("offers 26 bytes where 200000 are published"),
        "{error}"
    );
    assert!(names(dir.path()).is_empty());
}

#[test]
fn a_fetch_can_be_stopped_while_the_server_is_silent() {
    let server = Server::start(|_, request, stream| {
        let bytes = content();
        let rest = server::part_head(stream, request, &bytes);
        send(stream, &rest[..1000]);
        std::thread::sleep(Duration::from_secs(600));
    });
    let dir = folder();
    let mut options = options(dir.path());
    options.time_outs.idle = Duration::from_secs(600);
    let cancel = AtomicBool::new(false);
    let report = |event| {
        if matches!(event, FetchEvent::Progress { .. }) {
            cancel.store(true, Ordering::Relaxed);
        }
    };
    let outcome = fetch(&set(&content(), &[&server]), &options, &cancel, &report);
    assert!(matches!(outcome, Err(FetchError::Cancelled)), "{outcome:?}");
    assert_eq!(std::fs::read(part(dir.path())).unwrap(), content()[..1000]);
}
