//! Two processes and one run folder.

use crate::{lines, program, signal, succeed, wait_for_line};

#[test]
fn a_run_under_way_cannot_be_resumed_elsewhere_until_its_process_is_gone() {
    let parent = tempfile::tempdir().unwrap();
    let arguments = [
        "train", "--preset", "tiny", "--epochs", "1000", "--limit", "500", "--out", "run", "--json",
    ];
    let mut child = program(parent.path()).args(arguments).spawn().unwrap();
    let mut output = lines(&mut child);
    wait_for_line(&mut output, "\"epoch\":2");
    let resume = || {
        let output = program(parent.path())
            .args(["train", "--resume", "run", "--json"])
            .output()
            .unwrap();
        (
            output.status.code(),
            String::from_utf8(output.stderr).unwrap(),
        )
    };
    let (code, errors) = resume();
    assert_eq!(code, Some(1));
    let owner = format!("process {} is training this run", child.id());
    assert!(errors.contains(&owner), "{errors}");
    // Killed, it leaves its lock file, which holds nobody up.
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(parent.path().join("run/run.lock").exists());
    let mut second = program(parent.path())
        .args(["train", "--resume", "run", "--json"])
        .spawn()
        .unwrap();
    let mut output = lines(&mut second);
    let start = wait_for_line(&mut output, "\"event\":\"start\"");
    assert!(start.contains("resumed_after_epoch"), "{start}");
    signal(&second, "INT");
    wait_for_line(&mut output, "\"event\":\"done\"");
    assert_eq!(second.wait().unwrap().code(), Some(130));
}

#[test]
fn nothing_to_resume_and_a_folder_in_use_are_said_with_what_to_do() {
    let parent = tempfile::tempdir().unwrap();
    let fail = |arguments: &[&str]| {
        let output = program(parent.path()).args(arguments).output().unwrap();
        assert!(!output.status.success());
        String::from_utf8(output.stderr).unwrap()
    };
    let errors = fail(&["train", "--resume", "none"]);
    assert!(
        errors.contains("none: there is nothing to go on from"),
        "{errors}"
    );
    let errors = fail(&["train", "--resume", "run", "--epochs", "3"]);
    assert!(errors.contains("cannot be used with"), "{errors}");
    let tiny = [
        "train", "--preset", "tiny", "--epochs", "1", "--limit", "200",
    ];
    succeed(program(parent.path()).args(tiny).args(["--out", "run"]));
    let errors = fail(&[&tiny[..], &["--out", "run"]].concat());
    assert!(errors.contains("--resume run"), "{errors}");
    let again = program(parent.path())
        .args(["train", "--resume", "run"])
        .output()
        .unwrap();
    let text = String::from_utf8(again.stdout).unwrap();
    assert!(text.contains("the run was complete"), "{text}");
}
