//! Lists of training images to leave out.

use crate::allocation::peak_of;
use crate::damage::damaged;
use crate::run;
use fmnist_tui::data::Exclusions;
use proptest::prelude::*;
use std::path::Path;

const GOOD: &str = "# a list\n7\n\n12  # a copy of 7\n3999\n";

fn parse(bytes: &[u8]) -> Result<Exclusions, String> {
    Exclusions::parse(bytes, Path::new("list.txt"), 4000).map_err(|error| error.to_string())
}

proptest! {
    #[test]
    fn damaged_lists(bytes in damaged(GOOD.into())) {
        match parse(&bytes) {
            Ok(list) => prop_assert!(list.images().iter().all(|image| *image < 4000)),
            Err(error) => {
                prop_assert!(error.starts_with("list.txt:"), "{error}");
                prop_assert!(!error.contains(char::is_control), "{error:?}");
            }
        }
    }

    #[test]
    fn random_bytes(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = parse(&bytes);
    }
}

#[test]
fn a_wrong_list_is_an_error_with_file_and_line_before_anything_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let list = folder.path().join("list.txt");
    for (text, reason) in [
        ("7\nx\n", "list.txt:2: \"x\" is not the number of an image"),
        (
            "7\n8\n4000\n",
            "list.txt:3: there is no training image 4000; the data has 4,000",
        ),
        ("7\n8\n7\n", "list.txt:3: image 7 stands in line 1 already"),
        ("7\n-8\n", "list.txt:2: \"-8\" is not the number"),
        ("\u{1b}]0;gone\u{7}\n", "list.txt:1: "),
    ] {
        std::fs::write(&list, text).unwrap();
        for command in ["train", "sweep"] {
            let args = [
                command,
                "--preset",
                "tiny",
                "--exclude",
                "list.txt",
                "--seeds",
                "2",
            ];
            let (code, out, error) = run(folder.path(), &args);
            assert_eq!((code, out.as_str()), (1, ""), "{error}");
            assert!(
                error.starts_with("error: ") && error.contains(reason),
                "{error}"
            );
            assert!(
                !error.contains('\u{1b}') && error.lines().count() == 1,
                "{error:?}"
            );
        }
    }
    assert!(!folder.path().join("runs").exists());
    let args = ["train", "--preset", "tiny", "--exclude", "none.txt"];
    let (code, _, error) = run(folder.path(), &args);
    assert_eq!(code, 1);
    assert!(
        error.contains("none.txt: cannot read the list of images"),
        "{error}"
    );
}

#[test]
fn a_list_without_an_end_is_not_read_to_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("list.txt");
    std::fs::File::create(&path)
        .unwrap()
        .set_len(1 << 32)
        .unwrap();
    let (outcome, peak) = peak_of(|| Exclusions::read(&path, 4000));
    assert!(outcome.is_err() && peak < 1 << 20, "{peak} bytes");
    // A list of a thousand million digits names no image, and is not repeated in the error.
    let error = parse("1".repeat(1 << 20).as_bytes()).unwrap_err();
    assert!(error.len() < 200, "{error}");
}
