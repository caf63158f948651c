//! Images in colour, from the files to what the model says of a photo.

use crate::empty;
use crate::program::{fail, json_lines, run, succeed};
use image::{Rgb, RgbImage};
use std::path::Path;

/// Pixels of a side.
const SIDE: usize = 12;

/// An image `[side, side, 3]` of a class: a square on black, red, green or blue, at a place that depends on `number`.
/// As grey pictures the classes are alike.
fn image(class: usize, number: usize) -> Vec<u8> {
    // Colours of the same luma.
    let colour = [[255, 0, 0], [0, 130, 0], [50, 50, 255]][class];
    let (left, top) = (1 + number % 5, 1 + number / 5 % 5);
    let pixel = |at: usize| {
        let (x, y) = (at % SIDE, at / SIDE);
        let inside = (left..left + 5).contains(&x) && (top..top + 5).contains(&y);
        if inside { colour } else { [0, 0, 0] }
    };
    (0..SIDE * SIDE).flat_map(pixel).collect()
}

/// The four files of a set in colour.
fn write_data(folder: &Path) {
    std::fs::create_dir(folder).unwrap();
    for (part, count) in [("train", 240_usize), ("t10k", 60)] {
        let number = |of: usize| (of as u32).to_be_bytes();
        let mut images = vec![0, 0, 8, 4];
        for length in [count, SIDE, SIDE, 3] {
            images.extend(number(length));
        }
        let mut labels = vec![0, 0, 8, 1];
        labels.extend(number(count));
        for index in 0..count {
            images.extend(image(index % 3, index / 3));
            labels.push((index % 3) as u8);
        }
        std::fs::write(folder.join(format!("{part}-images-idx4-ubyte")), images).unwrap();
        std::fs::write(folder.join(format!("{part}-labels-idx1-ubyte")), labels).unwrap();
    }
}

#[test]
fn a_preset_learns_colours_and_knows_them_in_photos() {
    let folder = empty();
    let folder = folder.path();
    write_data(&folder.join("colours"));
    let train = [
        "train", "--preset", "tiny", "--epochs", "8", "--batch", "16", "--data", "colours",
        "--out", "run",
    ];
    let (code, _, err) = run(folder, &train);
    assert_eq!(code, 0, "{err}");
    assert!(
        err.contains("tiny is adapted to images of 3×12×12 (channels×height×width) and 3 classes"),
        "{err}"
    );
    let args = [
        "eval",
        "run/best.safetensors",
        "--data",
        "colours",
        "--json",
    ];
    let evaluated = json_lines(&succeed(folder, &args)).remove(0);
    let accuracy = evaluated["accuracy"].as_f64().unwrap();
    assert!(accuracy > 0.9, "{evaluated}");

    let blue = RgbImage::from_fn(120, 90, |x, y| match (x, y) {
        (60..110, 20..70) => Rgb([50, 50, 255]),
        _ => Rgb([0, 0, 0]),
    });
    blue.save(folder.join("blue.png")).unwrap();
    let model = "run/best.safetensors";
    let args = ["predict", model, "blue.png", "--data", "colours", "--json"];
    let answer = json_lines(&succeed(folder, &args)).remove(0);
    assert_eq!(answer["class"], 2, "{answer}");
    assert_eq!(answer["adjustments"]["centred"], true);
    assert_eq!(answer["pixels"].as_array().unwrap().len(), 3 * SIDE * SIDE);
    let text = succeed(folder, &args[..5]);
    assert!(text.contains("The network sees 12×12 in colour"), "{text}");
    for args in [
        &["look", model, "--index", "0", "--data", "colours"][..],
        &[
            "work-out", model, "--index", "0", "--layer", "1", "--data", "colours",
        ],
        &[
            "plot", model, "--kind", "mistakes", "--out", "m.png", "--data", "colours",
        ],
        &[
            "embed", model, "--out", "map.csv", "--method", "pca", "--data", "colours",
        ],
    ] {
        succeed(folder, args);
    }
}

#[test]
fn a_limit_on_sorted_data_names_the_classes_that_are_missing() {
    let folder = empty();
    let folder = folder.path();
    write_data(&folder.join("colours"));
    // The 240 labels sorted: 80 of each class.
    let file = folder.join("colours/train-labels-idx1-ubyte");
    let mut labels = std::fs::read(&file).unwrap();
    let (_, values) = labels.split_at_mut(8);
    for (index, label) in values.iter_mut().enumerate() {
        *label = (index / 80) as u8;
    }
    std::fs::write(&file, labels).unwrap();
    let train = [
        "train", "--preset", "tiny", "--epochs", "1", "--limit", "100", "--data", "colours",
        "--out", "run",
    ];
    let (code, _, err) = run(folder, &train);
    assert_eq!(code, 0, "{err}");
    assert!(
        err.contains("the first 100 training images have none of 1 of the 3 classes")
            && err.contains("sorted by class; shuffle them, or raise --limit"),
        "{err}"
    );
    let spec = std::fs::read_to_string(folder.join("run/spec.json")).unwrap();
    assert!(spec.contains(r#""dataset": "colours""#), "{spec}");
}

#[test]
fn data_of_one_class_get_the_same_advice_everywhere() {
    let folder = empty();
    let folder = folder.path();
    write_data(&folder.join("colours"));
    for part in ["train", "t10k"] {
        let file = folder.join(format!("colours/{part}-labels-idx1-ubyte"));
        let mut labels = std::fs::read(&file).unwrap();
        labels[8..].fill(0);
        std::fs::write(&file, labels).unwrap();
    }
    let of_data = ["--data", "colours"];
    for args in [
        &["train", "--preset", "tiny", "--out", "run"][..],
        &["bench", "--preset", "tiny"],
        &["lr-find", "--preset", "tiny"],
    ] {
        let error = fail(folder, 1, &[args, &of_data].concat());
        assert!(
            error.contains(
                "colours has one class only; a network tells classes apart, so give it data with two or more"
            ),
            "{error}"
        );
    }
}
