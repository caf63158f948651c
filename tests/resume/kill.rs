//! `kill -9` at any moment: the run goes on, to the very same model.

use crate::{outcome, program, succeed, tensors};
use fmnist_tui::random::SplitMix64;
use fmnist_tui::runs::{read_history, read_newest};
use fmnist_tui::spec::Spec;
use std::path::Path;
use std::process::Child;
use std::time::{Duration, Instant};

const KILLS: usize = 20;
/// Kills that must fall between the writing of a temporary file and its renaming.
const KILLS_WHILE_WRITING: usize = 5;
const RUN: [&str; 7] = [
    "train", "--preset", "tiny", "--epochs", "6", "--limit", "1500",
];

/// Starts the run in `folder`, or goes on with it if there is something to go on from.
fn start(parent: &Path, folder: &str) -> Child {
    let mut command = program(parent);
    if read_newest(&parent.join(folder)).is_ok() {
        command.args(["train", "--resume", folder]);
    } else {
        command.args(RUN).args(["--out", folder]);
    }
    command.spawn().unwrap()
}

/// Every file that a killed process leaves is whole.
fn files_are_whole(folder: &Path) {
    let read = |name: &str| std::fs::read_to_string(folder.join(name));
    if folder.join("spec.json").exists() {
        Spec::read(&folder.join("spec.json")).unwrap();
    }
    if let Ok(lines) = read("metrics.jsonl") {
        assert!(lines.is_empty() || lines.ends_with('\n'), "{lines}");
    }
    for name in ["model.safetensors", "best.safetensors"] {
        if folder.join(name).exists() {
            tensors(&folder.join(name));
        }
    }
    // Its last record may be half-written, and counts as none then.
    read_history(folder).unwrap();
    if folder.join("spec.json").exists() {
        let found = read_newest(folder).unwrap();
        assert_eq!(found.notice, None);
    }
}

fn unfinished(folder: &Path) -> usize {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .filter(|entry| {
            entry
                .file_name()
                .to_string_lossy()
                .starts_with(".unfinished-")
        })
        .count()
}

/// Ends the process without a chance to clean up.
fn kill(mut child: Child) {
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn a_run_killed_again_and_again_gives_the_same_model() {
    let parent = tempfile::tempdir().unwrap();
    let begun = Instant::now();
    succeed(program(parent.path()).args(RUN).args(["--out", "whole"]));
    let whole_run = begun.elapsed();
    let expected = outcome(&parent.path().join("whole"));
    let seed = std::process::id().into();
    println!("seed {seed}");
    let mut random = SplitMix64::keyed(&[seed]);
    let (mut kills, mut runs) = (0, 0);
    while kills < KILLS {
        runs += 1;
        let name = format!("killed-{runs}");
        let folder = parent.path().join(&name);
        loop {
            let mut child = start(parent.path(), &name);
            let moment = whole_run.mul_f32(0.6 * random.unit());
            std::thread::sleep(moment);
            if let Some(status) = child.try_wait().unwrap() {
                assert!(status.success());
                break;
            }
            kill(child);
            kills += 1;
            files_are_whole(&folder);
            if kills >= KILLS {
                let child = start(parent.path(), &name);
                assert_eq!(crate::end(child).0, Some(0));
                break;
            }
        }
        assert_eq!(outcome(&folder), expected, "{name} after {kills} kills");
        assert_eq!(unfinished(&folder), 0);
    }
    println!("{kills} kills in {runs} runs");
}

#[test]
fn a_run_killed_between_temporary_file_and_rename_gives_the_same_model() {
    let parent = tempfile::tempdir().unwrap();
    succeed(program(parent.path()).args(RUN).args(["--out", "whole"]));
    let expected = outcome(&parent.path().join("whole"));
    let folder = parent.path().join("killed");
    let mut random = SplitMix64::keyed(&[7]);
    let (mut caught, mut attempts) = (0, 0);
    while caught < KILLS_WHILE_WRITING {
        attempts += 1;
        assert!(attempts < 400, "{caught} of {attempts} kills came in time");
        let mut child = start(parent.path(), "killed");
        // Lets a few files pass, so that each kind is met half-written.
        let mut passing = random.below(12);
        let mut seen = false;
        let ended = loop {
            let now = unfinished(&folder) > 0;
            if now && !seen {
                if passing == 0 {
                    break false;
                }
                passing -= 1;
            }
            seen = now;
            if child.try_wait().unwrap().is_some() {
                break true;
            }
            std::thread::sleep(Duration::from_micros(50));
        };
        if ended {
            assert_eq!(outcome(&folder), expected);
            std::fs::remove_dir_all(&folder).unwrap();
            continue;
        }
        kill(child);
        caught += usize::from(unfinished(&folder) > 0);
        files_are_whole(&folder);
    }
    println!("{caught} of {attempts} kills fell between writing and renaming");
    assert_eq!(crate::end(start(parent.path(), "killed")).0, Some(0));
    assert_eq!(outcome(&folder), expected);
    assert_eq!(unfinished(&folder), 0);
}
