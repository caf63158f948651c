//! Parts of a sweep in processes of their own.

use crate::{MEMBERS, SWEEP, members, metrics, names, spawn, succeed, sweep, table};
use std::process::Child;

#[test]
fn shards_train_every_member_once_and_meet_in_one_folder() {
    let parent = tempfile::tempdir().unwrap();
    sweep(parent.path(), &["--out", "whole"]);
    let expected = metrics(&parent.path().join("whole"));
    let mut begun: Vec<String> = Vec::new();
    let mut shown = String::new();
    for (shard, mine) in [("2/3", 1), ("1/3", 2), ("3/3", 1)] {
        shown = sweep(parent.path(), &["--shard", shard]);
        assert!(
            shown.contains(&format!("4 members, {mine} in shard {shard}")),
            "{shown}"
        );
        let lines = shown.lines().filter(|line| line.ends_with(": begins"));
        begun.extend(lines.map(str::to_owned));
        match shard {
            // What the others have not done yet is said, and what they have done is in the table.
            "2/3" => assert!(
                shown.contains("3 of 4 members are missing: 3 not begun"),
                "{shown}"
            ),
            "1/3" => assert!(
                shown.contains("1 of 4 members are missing: 1 not begun"),
                "{shown}"
            ),
            _ => assert!(!shown.contains("missing"), "{shown}"),
        }
    }
    begun.sort();
    assert_eq!(begun.len(), 4, "{begun:?}");
    begun.dedup();
    assert_eq!(begun.len(), 4, "each once");
    let runs = members(&parent.path().join("runs"));
    assert_eq!(runs.len(), 1, "{runs:?}");
    assert_eq!(names(&members(&runs[0])), MEMBERS);
    assert_eq!(metrics(&runs[0]), expected);
    let whole = succeed(parent.path(), &["sweep", "--table", "whole"]);
    assert_eq!(table(&shown), table(&whole));
}

#[test]
fn shards_that_begin_at_the_same_time_do_not_tread_on_each_other() {
    let parent = tempfile::tempdir().unwrap();
    sweep(parent.path(), &["--out", "whole"]);
    // Three shards, and the third twice: its member is left to whoever has its folder.
    let children: Vec<Child> = ["1/3", "2/3", "3/3", "3/3"]
        .iter()
        .map(|shard| {
            spawn(
                parent.path(),
                &[
                    &SWEEP[..],
                    &["--out", "parts", "--threads", "1", "--shard", shard],
                ]
                .concat(),
            )
        })
        .collect();
    for child in children {
        let output = child.wait_with_output().unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{errors}");
    }
    let parts = parent.path().join("parts");
    assert_eq!(names(&members(&parts)), MEMBERS);
    assert_eq!(metrics(&parts), metrics(&parent.path().join("whole")));
}
