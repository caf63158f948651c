//! A sweep that is interrupted goes on when the same command is given again.

use crate::{members, metrics, names, spawn, succeed};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

/// Three members that take long enough to be interrupted.
const SWEEP: [&str; 12] = [
    "sweep", "--preset", "tiny", "--seeds", "3", "--epochs", "12", "--limit", "1500", "--json",
    "--out", "mine",
];

/// Starts the sweep and waits until the second member has an epoch, in the middle of everything.
fn begun(folder: &Path) -> Child {
    let child = spawn(folder, &SWEEP);
    let second = folder.join("mine/002-seed=2/metrics.jsonl");
    let since = Instant::now();
    while std::fs::read(&second).map_or(0, |bytes| bytes.len()) == 0 {
        assert!(
            since.elapsed() < Duration::from_secs(60),
            "it never got there"
        );
        std::thread::sleep(Duration::from_millis(2));
    }
    child
}

fn whole() -> Vec<Vec<[f64; 5]>> {
    let parent = tempfile::tempdir().unwrap();
    succeed(parent.path(), &SWEEP);
    metrics(&parent.path().join("mine"))
}

/// Gives the command again; it must go on with the second member, not begin it again.
fn goes_on(folder: &Path) {
    let out = succeed(folder, &SWEEP);
    let lines = crate::json_lines(&out);
    let of = |member: usize, event: &str| {
        let is_it = |line: &&serde_json::Value| line["event"] == event && line["member"] == member;
        lines.iter().find(is_it).cloned().unwrap_or_default()
    };
    assert_eq!(of(1, "end")["state"], "done_before", "{out}");
    assert!(of(1, "start").is_null(), "{out}");
    assert!(
        of(2, "start")["resumed_after_epoch"].as_u64().unwrap() > 0,
        "{out}"
    );
    assert!(of(3, "start")["resumed_after_epoch"].is_null(), "{out}");
    assert_eq!(of(3, "end")["state"], "done", "{out}");
}

#[test]
fn a_killed_sweep_goes_on_to_the_same_metrics() {
    let parent = tempfile::tempdir().unwrap();
    let mut child = begun(parent.path());
    child.kill().unwrap();
    child.wait().unwrap();
    let found = members(&parent.path().join("mine"));
    assert_eq!(names(&found), ["001-seed=1", "002-seed=2"]);
    goes_on(parent.path());
    assert_eq!(metrics(&parent.path().join("mine")), whole());
}

#[test]
fn a_signal_saves_the_members_under_way_and_says_how_to_go_on() {
    let expected = whole();
    for (name, code) in [("INT", 130), ("TERM", 143)] {
        let parent = tempfile::tempdir().unwrap();
        let mut child = begun(parent.path());
        let id = child.id().to_string();
        let sent = Command::new("kill").args(["-s", name, &id]).status();
        assert!(sent.unwrap().success());
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let lines: Vec<String> = lines.map(|line| line.unwrap()).collect();
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(code));
        let errors = String::from_utf8(output.stderr).unwrap();
        assert_eq!(
            errors,
            format!("interrupted; to go on: fmnist-tui {}\n", SWEEP.join(" "))
        );
        let has = |text: &str| lines.iter().any(|line| line.contains(text));
        assert!(has("\"state\":\"stopped\""), "{lines:?}");
        // The table tells of what there is so far.
        assert!(
            has("\"interrupted\":1") && has("\"not_begun\":1"),
            "{lines:?}"
        );
        goes_on(parent.path());
        assert_eq!(metrics(&parent.path().join("mine")), expected);
    }
}
