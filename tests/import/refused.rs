//! What is refused, in one line that says what to do.

use crate::made::{grey_png, idx, npy, zip};
use crate::program::{fail, succeed};
use crate::{folder, names, put};
use std::path::Path;

/// Imports a file of this content, which must fail; gives the message. Nothing may be left.
fn refused(name: &str, bytes: &[u8]) -> String {
    let dir = folder();
    put(&dir.path().join(name), bytes);
    let error = fail(dir.path(), 1, &["data", "import", name, "--to", "made/set"]);
    assert_eq!(names(dir.path()), [name]);
    assert!(error.contains(name), "{error}");
    error
}

#[test]
fn what_stands_in_the_place_of_data() {
    for (bytes, said) in [
        (&b"<!DOCTYPE html><html>Not found"[..], "web page"),
        (
            b"version https://git-lfs.github.com/spec/v1\noid sha256:1\n",
            "git lfs pull",
        ),
        (b"\x80\x04\x95pickle", "pickle"),
        (b"PAR1....", "Parquet"),
        (b"\x89HDF\r\n\x1a\n", "HDF5"),
        (b"a,b\n1,2\n", "no pictures with labels"),
        (b"", "no pictures with labels"),
    ] {
        let error = refused("thing", bytes);
        assert!(error.contains(said), "{error}");
    }
    assert!(refused("one.png", &grey_png(1)).contains("a folder of pictures for each class"));
    let objects = npy("|O", "(2,)", &[0; 8]);
    let pixels = npy("|u1", "(2, 4, 4)", &[9; 32]);
    let labels = npy("|u1", "(2, 2)", &[0; 4]);
    let file = |labels: &[u8]| zip(&[("x.npy", pixels.clone()), ("y.npy", labels.to_vec())]);
    assert!(refused("a.npz", &file(&objects)).contains("pickle"));
    assert!(refused("a.npz", &file(&labels)).contains("[2, 2]"));
    assert!(refused("a.npz", &zip(&[("x.npy", pixels.clone())])).contains("no labels"));
    let nameless = zip(&[("a.npy", pixels.clone()), ("b.npy", pixels.clone())]);
    assert!(refused("a.npz", &nameless).contains("x_train, y_train"));
    let huge = npy("|u1", "(99999, 4096, 4096)", &[9; 32]);
    let huge = zip(&[("x.npy", huge), ("y.npy", npy("|u1", "(1,)", &[0]))]);
    let error = refused("a.npz", &huge);
    assert!(error.contains("more than is read"), "{error}");
}

#[test]
fn pictures_that_teach_nothing() {
    let one = |dir: &Path, bytes: &[u8]| {
        for picture in 0..3 {
            put(&dir.join(format!("pics/only/{picture}.png")), bytes);
        }
    };
    let dir = folder();
    let import = ["data", "import", "pics", "--to", "set"];
    one(dir.path(), &grey_png(1));
    let error = fail(dir.path(), 1, &import);
    assert!(error.contains("one class only, only"), "{error}");
    put(&dir.path().join("pics/other/1.png"), b"no picture");
    put(&dir.path().join("pics/loose.png"), grey_png(1));
    let error = fail(dir.path(), 1, &import);
    assert!(error.contains("one class only"), "{error}");
    one(dir.path(), b"\x89PNG\r\n\x1a\n and then nothing");
    let error = fail(dir.path(), 1, &import);
    assert!(
        error.contains("none of its pictures can be used"),
        "{error}"
    );
    // Pictures of all classes together, as Kaggle's cats and dogs come.
    put(&dir.path().join("mixed/train/cat.1.png"), grey_png(1));
    put(&dir.path().join("mixed/test/1.png"), grey_png(1));
    let error = fail(dir.path(), 1, &["data", "import", "mixed", "--to", "set"]);
    assert!(
        error.contains("mixed/train: has pictures of no class"),
        "{error}"
    );
    std::fs::remove_dir_all(dir.path().join("mixed")).unwrap();
    std::fs::remove_dir_all(dir.path().join("pics/only")).unwrap();
    std::fs::remove_dir_all(dir.path().join("pics/other")).unwrap();
    let error = fail(dir.path(), 1, &import);
    assert!(error.contains("pictures of no class"), "{error}");
    assert_eq!(names(dir.path()), ["pics"]);
}

#[test]
fn a_folder_with_something_in_it_and_sources_that_are_not_there() {
    let dir = folder();
    put(&dir.path().join("set/mine.txt"), "keep");
    for part in ["train", "t10k"] {
        let labels = idx(8, &[2], &[0, 1]);
        put(
            &dir.path().join(format!("mnist/{part}-images-idx3-ubyte")),
            idx(8, &[2, 4, 4], &[9; 32]),
        );
        put(
            &dir.path().join(format!("mnist/{part}-labels-idx1-ubyte")),
            labels,
        );
    }
    let error = fail(dir.path(), 1, &["data", "import", "mnist", "--to", "set"]);
    assert!(error.contains("not empty"), "{error}");
    assert_eq!(names(&dir.path().join("set")), ["mine.txt"]);
    let error = fail(dir.path(), 1, &["data", "import", "nowhere", "--to", "new"]);
    assert!(error.contains("nowhere: no such file"), "{error}");
    std::fs::remove_file(dir.path().join("set/mine.txt")).unwrap();
    succeed(dir.path(), &["data", "import", "mnist", "--to", "set"]);
    for (option, value) in [
        ("--split", "0"),
        ("--split", "1"),
        ("--size", "0"),
        ("--size", "65"),
    ] {
        let (code, _, error) = crate::program::run(
            dir.path(),
            &["data", "import", "mnist", "--to", "new", option, value],
        );
        assert_eq!(code, 2, "{error}");
    }
    assert_eq!(names(dir.path()), ["mnist", "set"]);
}

#[test]
fn a_file_that_is_no_idx_says_what_it_is_to_every_command() {
    let dir = folder();
    succeed(dir.path(), &["data", "make-sample", "--out", "d"]);
    let labels = dir.path().join("d/train-labels-idx1-ubyte.gz");
    let good = std::fs::read(&labels).unwrap();
    for (bytes, said) in [
        (crate::made::gz(&good), "gzipped twice"),
        (b"<html>".to_vec(), "web page"),
        (idx(12, &[1], &[0; 4]), "32-bit integers"),
    ] {
        std::fs::write(&labels, bytes).unwrap();
        let error = fail(dir.path(), 1, &["data", "info", "--data", "d"]);
        assert!(
            error.contains("train-labels-idx1-ubyte.gz") && error.contains(said),
            "{error}"
        );
    }
}
