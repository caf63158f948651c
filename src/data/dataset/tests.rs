use super::*;
use crate::data::idx::{encode_images_gz, encode_labels_gz};
use tempfile::TempDir;

/// Writes a set of `2×side` images: training and test labels as given.
fn folder(train: &[u8], test: &[u8], test_side: usize) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: Vec<u8>| fs::write(dir.path().join(name), bytes).unwrap();
    write(
        "train-images-idx3-ubyte.gz",
        encode_images_gz(&vec![7; train.len() * 6], 2, 3),
    );
    write("train-labels-idx1-ubyte.gz", encode_labels_gz(train));
    write(
        "t10k-images-idx3-ubyte.gz",
        encode_images_gz(&vec![7; test.len() * 2 * test_side], 2, test_side),
    );
    write("t10k-labels-idx1-ubyte.gz", encode_labels_gz(test));
    dir
}

#[test]
fn a_folder_is_loaded_and_named_after_itself() {
    let dir = folder(&[0, 1, 2], &[2, 0], 3);
    let set = Dataset::load(dir.path()).unwrap();
    assert_eq!(set.name, dir.path().file_name().unwrap().to_string_lossy());
    assert_eq!(set.class_names, ["0", "1", "2"]);
    assert_eq!((set.train.len(), set.validation.len()), (3, 2));
    assert_eq!(
        (set.channels(), set.height(), set.width(), set.classes()),
        (1, 2, 3, 3)
    );
    assert_eq!(set.source, Source::Folder(dir.path().into()));
    assert_eq!(set.notice(), None);
}

#[test]
fn a_folder_that_is_not_there_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let error = Dataset::load(&dir.path().join("nowhere")).unwrap_err();
    assert!(matches!(error, DataError::NoFolder { .. }), "{error}");
    let file = dir.path().join("file");
    fs::write(&file, "").unwrap();
    assert!(matches!(
        Dataset::load(&file),
        Err(DataError::NotAFolder { .. })
    ));
}

#[test]
fn images_and_labels_must_be_equally_many() {
    let dir = folder(&[0, 1, 2], &[2, 0], 3);
    fs::write(
        dir.path().join("train-labels-idx1-ubyte.gz"),
        encode_labels_gz(&[0, 1]),
    )
    .unwrap();
    let error = Dataset::load(dir.path()).unwrap_err().to_string();
    assert!(error.contains("holds 3 images but"), "{error}");
    assert!(error.contains("holds 2 labels"), "{error}");
}

#[test]
fn a_test_label_no_training_image_has_is_named_with_its_index() {
    let dir = folder(&[0, 1, 2], &[2, 3], 3);
    let error = Dataset::load(dir.path()).unwrap_err().to_string();
    assert!(
        error.contains("label 3 at index 1, but the training labels end at 2"),
        "{error}"
    );
}

#[test]
fn test_images_must_have_the_size_of_training_images() {
    let dir = folder(&[0, 1], &[1], 4);
    let error = Dataset::load(dir.path()).unwrap_err().to_string();
    assert!(
        error.contains("test images are 2×4 pixels, training images 2×3"),
        "{error}"
    );
}

#[test]
fn the_sample_set_says_that_it_is_not_fashion_mnist() {
    let set = Dataset::sample().unwrap();
    assert_eq!(set.notice(), Some("sample set, not Fashion-MNIST"));
    assert_eq!((set.train.len(), set.validation.len()), (4_000, 1_000));
    assert_eq!((set.height(), set.width(), set.classes()), (28, 28, 10));
    assert_eq!(set.train.class_counts(10), [400; 10]);
    assert_eq!(set.validation.class_counts(10), [100; 10]);
}

#[test]
fn limiting_keeps_the_first_training_images() {
    let mut set = Dataset::sample().unwrap();
    let first = set.train.image(0).to_vec();
    set.limit_train(10);
    assert_eq!((set.train.len(), set.train.images.len()), (10, 7_840));
    assert_eq!(set.train.image(0), first);
    set.limit_train(0);
    assert_eq!(set.train.len(), 1);
}

#[test]
fn loading_tells_how_far_it_is() {
    let dir = tempfile::tempdir().unwrap();
    for (name, bytes) in crate::data::sample::generate() {
        std::fs::write(dir.path().join(name), bytes).unwrap();
    }
    let shares = std::sync::Mutex::new(Vec::new());
    Dataset::load_reporting(dir.path(), &|share| shares.lock().unwrap().push(share)).unwrap();
    let mut shares = shares.into_inner().unwrap();
    shares.sort_by(f64::total_cmp);
    assert_eq!(shares.len(), 4);
    assert!(shares[0] > 0.0 && shares[3] == 1.0, "{shares:?}");
}

#[test]
fn images_held_out_are_always_the_same_and_leave_the_training_images() {
    let whole = Dataset::sample().unwrap();
    let held = whole.with_hold_out(500);
    assert_eq!(held, whole.with_hold_out(500));
    assert_eq!((held.train.len(), held.validation.len()), (3500, 500));
    let all = |splits: &[&Split]| {
        let images = splits.iter().flat_map(|split| {
            (0..split.len()).map(|image| (split.image(image).to_vec(), split.labels[image]))
        });
        let mut images: Vec<_> = images.collect();
        images.sort();
        images
    };
    assert_eq!(all(&[&held.train, &held.validation]), all(&[&whole.train]));
    // By chance, not the first or the last.
    let counts = held.validation.class_counts(10);
    assert!(
        counts.iter().all(|count| (25..80).contains(count)),
        "{counts:?}"
    );
    assert_ne!(held.validation.image(0), whole.train.image(0));
}
