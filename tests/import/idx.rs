//! IDX files by other names and of other types.

use crate::made::{grey, gz, idx};
use crate::{folder, import, put};

#[test]
fn emnist_is_turned_and_its_letters_are_named() {
    let dir = folder();
    // A bar in a row is stored as one in a column.
    let turned = |index: usize| {
        let image = grey(index, 0);
        (0..64)
            .map(move |place| image[place % 8 * 8 + place / 8])
            .collect::<Vec<u8>>()
    };
    let images: Vec<u8> = (0..4).flat_map(|index| turned(index % 2)).collect();
    let put = |name: &str, bytes: Vec<u8>| put(&dir.path().join("gzip").join(name), bytes);
    for part in ["train", "test"] {
        put(
            &format!("emnist-letters-{part}-images-idx3-ubyte.gz"),
            gz(&idx(8, &[4, 8, 8], &images)),
        );
        put(
            &format!("emnist-letters-{part}-labels-idx1-ubyte.gz"),
            gz(&idx(8, &[4], &[1, 2, 1, 2])),
        );
    }
    put("emnist-letters-mapping.txt", b"1 65 97\n2 66 98\n".to_vec());
    let (set, _) = import(dir.path(), "gzip", &[]);
    assert_eq!(set.class_names, ["Aa", "Bb"]);
    assert_eq!(set.train.labels, [0, 1, 0, 1]);
    assert_eq!(set.train.image(1), grey(1, 0));

    // With another set beside it one has to be chosen.
    for part in ["train", "test"] {
        put(
            &format!("emnist-digits-{part}-images-idx3-ubyte.gz"),
            gz(&idx(8, &[2, 8, 8], &images[..128])),
        );
        put(
            &format!("emnist-digits-{part}-labels-idx1-ubyte.gz"),
            gz(&idx(8, &[2], &[0, 1])),
        );
    }
    let args = ["data", "import", "gzip", "--to", "other"];
    let error = crate::program::fail(dir.path(), 1, &args);
    assert!(error.contains("emnist-digits, emnist-letters"), "{error}");
    let file = "gzip/emnist-digits-train-images-idx3-ubyte.gz";
    std::fs::remove_dir_all(dir.path().join("set")).unwrap();
    let (set, _) = import(dir.path(), file, &[]);
    assert_eq!(set.train.len(), 2);
}

#[test]
fn torchvisions_root_with_qmnists_labels_and_numbers_of_other_types() {
    let dir = folder();
    let raw = dir.path().join("root/QMNIST/raw");
    let floats: Vec<u8> = (0..3)
        .flat_map(|index| grey(index, index))
        .flat_map(|level| (f32::from(level) / 255.0).to_be_bytes())
        .collect();
    // The class, and seven columns more.
    let labels: Vec<u8> = (0..3_i32)
        .flat_map(|class| [class, 9, 9, 9, 9, 9, 9, 9].map(i32::to_be_bytes))
        .flatten()
        .collect();
    for part in ["train", "test"] {
        put(
            &raw.join(format!("qmnist-{part}-images-idx3-ubyte")),
            idx(13, &[3, 8, 8], &floats),
        );
        put(
            &raw.join(format!("qmnist-{part}-labels-idx2-int")),
            idx(12, &[3, 8], &labels),
        );
        // Torchvision keeps the files that it unpacked.
        put(
            &raw.join(format!("qmnist-{part}-images-idx3-ubyte.gz")),
            gz(&idx(13, &[3, 8, 8], &floats)),
        );
    }
    let (set, _) = import(dir.path(), "root", &[]);
    assert_eq!(
        (set.train.labels.clone(), set.validation.len()),
        (vec![0, 1, 2], 3)
    );
    assert_eq!(set.train.image(2), grey(2, 2));
}

#[test]
fn the_sample_set_imported_is_the_sample_set() {
    let dir = folder();
    crate::succeed(dir.path(), &["data", "make-sample", "--out", "sample"]);
    let (set, said) = import(dir.path(), "sample", &[]);
    let sample = fmnist_tui::data::Dataset::sample().unwrap();
    assert_eq!(
        (&set.train, &set.validation),
        (&sample.train, &sample.validation)
    );
    assert_eq!(said["inverted"], false);
}
