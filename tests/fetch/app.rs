//! The fetch from within the real app, in a real terminal.

use crate::folder;
use crate::pty::{Screen, comes_true};
use crate::server::{Server, status};
use std::time::Duration;

#[test]
fn it_is_stopped_taken_up_again_and_its_failure_shown() {
    // Stands in the way to every server: silent at first, then refusing.
    let proxy = Server::start(|number, _, stream| match number {
        0 => std::thread::sleep(Duration::from_secs(600)),
        _ => status(stream, "403 Forbidden"),
    });
    let dir = folder();
    let script = format!(
        "unset NO_PROXY no_proxy; export ALL_PROXY={}; exec $APP",
        proxy.url()
    );
    let mut screen = Screen::run(dir.path(), &script);
    screen.wait_for("D fetches the real data");
    screen.press("D");
    screen.wait_for("into your data folder");
    screen.press("\r");
    assert!(comes_true(|| !proxy.requests().is_empty()));
    assert_eq!(
        proxy.requests()[0].line,
        "CONNECT raw.githubusercontent.com:443 HTTP/1.1"
    );
    screen.press("x");
    screen.wait_for("Stopped at");
    screen.press("\r");
    screen.wait_for("could not be fetched");
    screen.press("Dq");
    assert_eq!(screen.ended(), 0);
}
