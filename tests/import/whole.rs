//! A data set is made whole, always in the same way, or not at all.

use crate::made::{grey, grey_png, picture};
use crate::program::succeed;
use crate::{folder, import, names, put};
use fmnist_tui::data::Dataset;
use fmnist_tui::data::import::{ImportOptions, prepare};
use image::ImageFormat;
use std::sync::atomic::AtomicBool;

/// The names and contents of a folder's files.
fn contents(dir: &std::path::Path) -> Vec<(String, Vec<u8>)> {
    let content = |name: String| {
        let bytes = std::fs::read(dir.join(&name)).unwrap();
        (name, bytes)
    };
    names(dir).into_iter().map(content).collect()
}

#[test]
fn the_same_pictures_give_the_same_bytes_wherever_they_lie() {
    let (here, there) = (folder(), folder());
    for (dir, order) in [(&here, [0, 1, 2, 3, 4, 5]), (&there, [5, 3, 1, 0, 2, 4])] {
        for index in order {
            for class in ["x", "y"] {
                let path = dir.path().join(format!("pics/{class}/{index}.png"));
                put(
                    &path,
                    picture(
                        ImageFormat::Png,
                        30 + index,
                        [0; 3],
                        [90 + index as u8, 9, 9],
                    ),
                );
            }
        }
        put(&dir.path().join("pics/x/bad.png"), "bad");
        succeed(dir.path(), &["data", "import", "pics", "--to", "a/new/set"]);
    }
    let made = contents(&here.path().join("a/new/set"));
    assert_eq!(made.len(), 8);
    assert_eq!(made, contents(&there.path().join("a/new/set")));
}

#[test]
fn what_is_imported_is_trained_on() {
    let dir = folder();
    let line = |index: usize| {
        let pixels: Vec<String> = grey(index % 10, index).iter().map(u8::to_string).collect();
        format!("{},{}\n", index % 10, pixels.join(","))
    };
    put(
        &dir.path().join("set.csv"),
        (0..400).map(line).collect::<String>(),
    );
    let (set, _) = import(dir.path(), "set.csv", &["--size", "28"]);
    assert_eq!((set.name.as_str(), set.train.len()), ("set", 360));
    let train = [
        "train", "--preset", "tiny", "--epochs", "2", "--data", "set", "--out", "run",
    ];
    succeed(dir.path(), &train);
    let eval = ["eval", "run/best.safetensors", "--data", "set", "--json"];
    let result: serde_json::Value = serde_json::from_str(&succeed(dir.path(), &eval)).unwrap();
    assert_eq!(result["images"], 40, "{result}");
}

#[test]
#[cfg(unix)]
fn an_import_that_is_interrupted_leaves_nothing() {
    use std::time::{Duration, Instant};
    let dir = folder();
    let first = dir.path().join("pics/a/0.jpg");
    put(&first, picture(ImageFormat::Jpeg, 1000, [0; 3], [90; 3]));
    std::fs::create_dir(dir.path().join("pics/b")).unwrap();
    for index in 1..20_000 {
        let class = if index % 2 == 0 { "a" } else { "b" };
        std::fs::hard_link(&first, dir.path().join(format!("pics/{class}/{index}.jpg"))).unwrap();
    }
    put(&dir.path().join("pics/a/x.png"), grey_png(1));
    let program = assert_cmd::cargo::cargo_bin("fmnist-tui");
    let child = std::process::Command::new(program)
        .current_dir(dir.path())
        .args(["data", "import", "pics", "--to", "set"])
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let started = Instant::now();
    while names(dir.path()).len() < 2 && started.elapsed() < Duration::from_secs(30) {
        std::thread::sleep(Duration::from_millis(20));
    }
    std::thread::sleep(Duration::from_millis(500));
    let id = child.id().to_string();
    assert!(
        std::process::Command::new("kill")
            .args(["-INT", &id])
            .status()
            .unwrap()
            .success()
    );
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130));
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(said.trim(), "interrupted; nothing is written");
    assert_eq!(names(dir.path()), ["pics"]);
}

#[test]
fn what_is_looked_at_first_is_what_is_written_and_dropped_it_leaves_nothing() {
    let dir = folder();
    for (index, class) in ["x", "y"].iter().cycle().take(12).enumerate() {
        let path = dir.path().join(format!("pics/{class}/{index}.png"));
        put(&path, grey_png(40 + 10 * index as u8));
    }
    let (source, to) = (dir.path().join("pics"), dir.path().join("set"));
    let (cancel, options) = (AtomicBool::new(false), ImportOptions::default());
    let look = || prepare(&source, &to, &options, &cancel, &|_| {}).unwrap();
    drop(look());
    assert_eq!(names(dir.path()), ["pics"]);
    let prepared = look();
    let seen = prepared.dataset(&to);
    assert_eq!(prepared.imported().train_images, seen.train.len());
    prepared.write(&cancel, &|_| {}).unwrap();
    assert_eq!(names(dir.path()), ["pics", "set"]);
    assert_eq!(Dataset::load(&to).unwrap(), seen);
    let again = prepare(&source, &to, &options, &cancel, &|_| {});
    assert!(again.is_err_and(|error| error.to_string().contains("not empty")));
}
