//! Archives.

use crate::made::{grey_png, tar_gz, zip};
use crate::program::fail;
use crate::{folder, import, names, put};

fn tree() -> Vec<(&'static str, Vec<u8>)> {
    [
        "p/a/1.png",
        "p/a/2.png",
        "p/b/1.png",
        "p/b/2.png",
        "__MACOSX/p/b/2.png",
    ]
    .into_iter()
    .zip([10, 20, 30, 40, 50])
    .map(|(name, level)| (name, grey_png(level)))
    .collect()
}

#[test]
fn a_zip_a_tar_and_the_folder_give_the_same() {
    let dir = folder();
    for (name, bytes) in tree() {
        put(&dir.path().join("pics").join(name), bytes);
    }
    put(&dir.path().join("pics.zip"), zip(&tree()));
    // Told by what it is, not by its name.
    put(&dir.path().join("pics.data"), tar_gz(&tree()));
    let mut sets = Vec::new();
    for source in ["pics", "pics.zip", "pics.data"] {
        let (set, _) = import(dir.path(), source, &["--split", "0.5"]);
        sets.push((set.train, set.validation, set.class_names));
        std::fs::remove_dir_all(dir.path().join("set")).unwrap();
    }
    assert_eq!(sets[0].2, ["a", "b"]);
    assert!(sets.iter().all(|set| *set == sets[0]));
}

#[test]
fn no_file_leaves_the_folder() {
    let dir = folder();
    let inside = dir.path().join("work");
    std::fs::create_dir(&inside).unwrap();
    for (name, bytes) in [
        (
            "evil.zip",
            zip(&[("../evil.png", grey_png(1)), ("a/1.png", grey_png(1))]),
        ),
        ("evil.tgz", tar_gz(&[("../evil.png", grey_png(1))])),
        (
            "root.tgz",
            tar_gz(&[("/tmp/fmnist-tui-evil.png", grey_png(1))]),
        ),
    ] {
        put(&inside.join(name), bytes);
        let error = fail(&inside, 1, &["data", "import", name, "--to", "set"]);
        assert!(error.contains("would leave the folder"), "{error}");
        std::fs::remove_file(inside.join(name)).unwrap();
        assert_eq!(names(&inside), [""; 0]);
    }
    assert_eq!(names(dir.path()), ["work"]);
}

#[test]
fn a_damaged_archive_is_refused_with_its_name() {
    let dir = folder();
    let archive = zip(&tree());
    put(&dir.path().join("cut.zip"), &archive[..archive.len() / 2]);
    let whole = tar_gz(&tree());
    put(&dir.path().join("cut.tgz"), &whole[..whole.len() / 2]);
    for name in ["cut.zip", "cut.tgz"] {
        let error = fail(dir.path(), 1, &["data", "import", name, "--to", "set"]);
        assert!(
            error.starts_with(&format!("error: {name}: ")) && error.contains("again"),
            "{error}"
        );
    }
    assert_eq!(names(dir.path()), ["cut.tgz", "cut.zip"]);
}
