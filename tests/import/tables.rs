//! CSV files.

use crate::made::{grey, gz};
use crate::{folder, import, put};

/// Lines of ten classes, as many of each; `label` says where it stands.
fn lines(count: usize, is_label_first: bool) -> String {
    let line = |index: usize| {
        let pixels: Vec<String> = grey(index % 10, index).iter().map(u8::to_string).collect();
        match is_label_first {
            true => format!("{},{}\n", index % 10, pixels.join(",")),
            false => format!("{},{}\n", pixels.join(","), index % 10),
        }
    };
    (0..count).map(line).collect()
}

fn header() -> String {
    let pixels: Vec<String> = (1..=64).map(|pixel| format!("pixel{pixel}")).collect();
    format!("label,{}\n", pixels.join(","))
}

#[test]
fn a_pair_of_tables_as_kaggle_has_them() {
    let dir = folder();
    let put = |name: &str, text: String| put(&dir.path().join("csv").join(name), text);
    put("fashion-mnist_train.csv", header() + &lines(40, true));
    put("fashion-mnist_test.csv", header() + &lines(20, true));
    put(
        "readme.txt",
        "Not a table, though it has, here and there, a comma.\n".into(),
    );
    let (set, said) = import(dir.path(), "csv", &[]);
    assert_eq!(
        (set.train.len(), set.validation.len(), set.classes()),
        (40, 20, 10)
    );
    assert_eq!((set.height(), set.width(), set.channels()), (8, 8, 1));
    assert_eq!(set.train.image(13), grey(3, 13));
    assert_eq!(set.train.labels[13], 3);
    assert!(
        said["format"].as_str().unwrap().contains("first column"),
        "{said}"
    );
}

#[test]
fn a_table_without_a_header_and_with_labels_last() {
    let dir = folder();
    put(
        &dir.path().join("digits.csv.gz"),
        gz(lines(200, false).as_bytes()),
    );
    let (set, said) = import(
        dir.path(),
        "digits.csv.gz",
        &["--split", "0.25", "--size", "28"],
    );
    assert_eq!((set.train.len(), set.validation.len()), (150, 50));
    assert_eq!(set.validation.class_counts(10), [5; 10]);
    assert_eq!((set.height(), set.width()), (28, 28));
    assert!(
        said["format"].as_str().unwrap().contains("last column"),
        "{said}"
    );
}

#[test]
fn names_for_labels_few_levels_and_a_test_table_without_labels() {
    let dir = folder();
    let row =
        |label: &str, level: u8| format!("{label};{}\n", vec![level.to_string(); 25].join(";"));
    let train = row("dog", 0) + &row("cat", 16) + &row("dog", 8) + &row("cat", 4);
    put(&dir.path().join("csv/train.csv"), train);
    put(
        &dir.path().join("csv/test.csv"),
        vec!["3"; 25].join(";") + "\n",
    );
    let (set, said) = import(dir.path(), "csv", &["--split", "0.5", "--invert", "no"]);
    assert_eq!(set.class_names, ["cat", "dog"]);
    assert_eq!((set.train.len(), set.validation.len()), (2, 2));
    let mut levels: Vec<u8> = (0..2).map(|image| set.train.image(image)[0]).collect();
    levels.extend((0..2).map(|image| set.validation.image(image)[0]));
    levels.sort_unstable();
    assert_eq!(levels, [0, 64, 128, 255]);
    let notes = said["notes"].to_string();
    assert!(
        notes.contains("test.csv has no labels") && notes.contains("from 0 to 16"),
        "{notes}"
    );
}
