//! NumPy's files, and CIFAR's.

use crate::made::{grey, npy, zip};
use crate::{folder, import, put};

fn pictures(count: usize) -> Vec<u8> {
    (0..count)
        .flat_map(|index| grey(index % 3, index))
        .collect()
}

fn labels(count: usize) -> Vec<u8> {
    (0..count).map(|index| (index % 3) as u8).collect()
}

#[test]
fn keras_keys() {
    let dir = folder();
    let wide: Vec<u8> = labels(9)
        .iter()
        .flat_map(|label| i64::from(*label).to_le_bytes())
        .collect();
    let file = zip(&[
        ("x_test.npy", npy("|u1", "(6, 8, 8)", &pictures(6))),
        ("x_train.npy", npy("|u1", "(9, 8, 8)", &pictures(9))),
        ("y_train.npy", npy("<i8", "(9,)", &wide)),
        ("y_test.npy", npy("|u1", "(6,)", &labels(6))),
    ]);
    put(&dir.path().join("mnist.npz"), file);
    let (set, said) = import(dir.path(), "mnist.npz", &[]);
    assert_eq!(
        (set.train.len(), set.validation.len(), set.classes()),
        (9, 6, 3)
    );
    assert_eq!(
        (set.train.image(4), set.train.labels[4]),
        (&grey(1, 4)[..], 1)
    );
    assert!(
        said["format"]
            .as_str()
            .unwrap()
            .contains("x_train with y_train"),
        "{said}"
    );
}

#[test]
fn medmnist_keys_with_colours_either_way_round() {
    let dir = folder();
    // Of a pixel's three levels the second is twice the first, the third is 7.
    let together: Vec<u8> = pictures(6)
        .iter()
        .flat_map(|level| [*level, level / 2, 7])
        .collect();
    let planes: Vec<u8> = pictures(3)
        .chunks(64)
        .flat_map(|image| {
            [
                image.to_vec(),
                image.iter().map(|level| level / 2).collect(),
                vec![7; 64],
            ]
        })
        .flatten()
        .collect();
    let file = zip(&[
        ("train_images.npy", npy("|u1", "(6, 8, 8, 3)", &together)),
        ("train_labels.npy", npy("|u1", "(6, 1)", &labels(6))),
        ("val_images.npy", npy("|u1", "(3, 3, 8, 8)", &planes)),
        ("val_labels.npy", npy("|u1", "(3, 1)", &labels(3))),
    ]);
    put(&dir.path().join("some.npz"), file);
    let (set, _) = import(dir.path(), "some.npz", &[]);
    assert_eq!(
        (set.channels(), set.train.len(), set.validation.len()),
        (3, 6, 3)
    );
    for split in [&set.train, &*set.validation] {
        let image = split.image(2);
        assert_eq!(image[..64], grey(2, 2));
        assert_eq!((image[64 + 27], image[128]), (100, 7));
    }
    // The same as grey images.
    std::fs::remove_dir_all(dir.path().join("set")).unwrap();
    let (set, _) = import(dir.path(), "some.npz", &["--grey"]);
    assert_eq!(set.channels(), 1);
}

#[test]
fn arrays_in_files_of_their_own_with_floats() {
    let dir = folder();
    let floats: Vec<u8> = pictures(9)
        .iter()
        .flat_map(|level| (f64::from(*level) / 255.0).to_le_bytes())
        .collect();
    put(
        &dir.path().join("arrays/X.npy"),
        npy("<f8", "(9, 8, 8)", &floats),
    );
    put(
        &dir.path().join("arrays/y.npy"),
        npy("|u1", "(9,)", &labels(9)),
    );
    // KMNIST's files hold one array without a name each.
    for (name, array) in [
        ("kmnist-test-imgs", npy("|u1", "(3, 8, 8)", &pictures(3))),
        ("kmnist-test-labels", npy("|u1", "(3,)", &labels(3))),
    ] {
        put(
            &dir.path().join(format!("arrays/{name}.npz")),
            zip(&[("arr_0.npy", array)]),
        );
    }
    // Bytes beside floats from 0 to 1 are of another range.
    let error = crate::program::fail(dir.path(), 1, &["data", "import", "arrays", "--to", "set"]);
    assert!(error.contains("up to 200 in another"), "{error}");
    for name in ["kmnist-test-imgs.npz", "kmnist-test-labels.npz"] {
        std::fs::remove_file(dir.path().join("arrays").join(name)).unwrap();
    }
    let (set, said) = import(dir.path(), "arrays", &[]);
    assert_eq!(set.train.len() + set.validation.len(), 9);
    assert!((0..set.train.len()).any(|image| set.train.image(image) == grey(0, 0)));
    assert!(said["notes"].to_string().contains("0 to 1"), "{said}");
}

#[test]
fn cifar_with_the_names_of_its_classes() {
    let dir = folder();
    let record = |class: u8| {
        [
            vec![class],
            vec![class * 20; 1024],
            vec![5; 1024],
            vec![9; 1024],
        ]
        .concat()
    };
    let names = ["airplane", "automobile", "bird", "cat"].join("\n") + "\n\n";
    let batches = dir.path().join("cifar/cifar-10-batches-bin");
    put(
        &batches.join("data_batch_1.bin"),
        [record(3), record(0)].concat(),
    );
    put(
        &batches.join("data_batch_2.bin"),
        [record(1), record(2)].concat(),
    );
    put(&batches.join("test_batch.bin"), record(1));
    put(&batches.join("batches.meta.txt"), &names);
    put(&batches.join("readme.html"), "<html>");
    let (set, _) = import(dir.path(), "cifar", &[]);
    assert_eq!(set.class_names, ["airplane", "automobile", "bird", "cat"]);
    assert_eq!((set.train.len(), set.validation.len()), (4, 1));
    assert_eq!((set.channels(), set.height(), set.width()), (3, 32, 32));
    assert_eq!(set.train.labels, [3, 0, 1, 2]);
    let image = set.train.image(0);
    assert_eq!([image[0], image[1024], image[2048]], [60, 5, 9]);
    let info = crate::succeed(dir.path(), &["data", "info", "--data", "set"]);
    assert!(
        info.contains("32×32, 3 channels") && info.contains("airplane"),
        "{info}"
    );
}
