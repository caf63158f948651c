//! Pictures of any size and format, as `predict` takes them.

use crate::program::{fail, json_lines, run, succeed};
use crate::{empty, train_tiny};
use fmnist_tui::data::Dataset;
use image::{GrayImage, ImageFormat, Luma, RgbImage};
use serde_json::Value;
use std::path::Path;

const MODEL: &str = "run/best.safetensors";

/// A photo of a garment of the sample set: ten times as large, dark on grey paper, not in the middle.
fn photo(image: usize) -> RgbImage {
    let data = Dataset::sample().unwrap();
    let garment = data.validation.image(image).to_vec();
    let picture = GrayImage::from_fn(600, 400, |x, y| {
        let place = (x.checked_sub(250), y.checked_sub(60));
        let level = match place {
            (Some(x @ 0..280), Some(y @ 0..280)) => garment[(y / 10 * 28 + x / 10) as usize],
            _ => 0,
        };
        Luma([(f32::from(255 - level) * 0.9) as u8])
    });
    image::DynamicImage::from(picture).into_rgb8()
}

fn save(folder: &Path, name: &str, picture: &RgbImage) {
    let format = ImageFormat::from_path(name).unwrap();
    picture.save_with_format(folder.join(name), format).unwrap();
}

fn predicted(folder: &Path, args: &[&str]) -> Vec<Value> {
    let args = [&["predict", MODEL, "--json"], args].concat();
    json_lines(&succeed(folder, &args))
}

#[test]
fn a_photo_of_a_garment_is_taken_for_what_the_garment_is_taken_for() {
    let folder = empty();
    let folder = folder.path();
    // A model that is sure of something.
    let train = ["train", "--preset", "tiny", "--epochs", "4", "--out", "run"];
    succeed(folder, &train);
    let mut same = 0;
    for (index, ending) in ["png", "jpg", "webp", "gif", "bmp", "tiff"]
        .iter()
        .enumerate()
    {
        let (name, number) = (format!("garment.{ending}"), index.to_string());
        save(folder, &name, &photo(index));
        let garment = predicted(folder, &["--index", &number]).remove(0);
        let photo = predicted(folder, &[&name]).remove(0);
        same += usize::from(garment["class"] == photo["class"]);
        let done = &photo["adjustments"];
        assert_eq!(done["centred"], true, "{name}: {done}");
        assert_eq!(done["inverted"], true, "{name}: {done}");
        assert_eq!(photo["likeness"]["is_unlike"], false, "{name}");
        assert_eq!(photo["pixels"].as_array().unwrap().len(), 784);
        assert_eq!(photo["size"], serde_json::json!([1, 28, 28]));
        // Only scaled, a dark garment on light paper is nothing that it knows.
        let plain = predicted(folder, &[&name, "--no-adjust"]).remove(0);
        assert_eq!(plain["adjustments"]["inverted"], false);
        assert_eq!(plain["likeness"]["is_unlike"], true, "{name}");
    }
    assert!(same >= 4, "{same} of 6");
    let text = succeed(folder, &["predict", MODEL, "garment.jpg"]);
    assert!(
        text.contains("The network sees 28×28, centred, inverted"),
        "{text}"
    );
}

#[test]
fn noise_and_blank_paper_do_not_look_like_the_training_data() {
    let folder = empty();
    let folder = folder.path();
    train_tiny(folder);
    let mut state = 1_u32;
    let noise = RgbImage::from_fn(90, 90, |_, _| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        image::Rgb([(state >> 24) as u8; 3])
    });
    save(folder, "noise.png", &noise);
    save(
        folder,
        "blank.png",
        &RgbImage::from_pixel(90, 90, image::Rgb([250; 3])),
    );
    for name in ["noise.png", "blank.png"] {
        let answer = predicted(folder, &[name]).remove(0);
        assert_eq!(answer["likeness"]["is_unlike"], true, "{name}");
        let text = succeed(folder, &["predict", MODEL, name]);
        assert!(
            text.contains("does not look like the training data"),
            "{text}"
        );
    }
}

#[test]
fn a_folder_of_pictures_becomes_a_table_and_bad_ones_are_named() {
    let folder = empty();
    let folder = folder.path();
    train_tiny(folder);
    let photos = folder.join("photos");
    std::fs::create_dir(&photos).unwrap();
    save(&photos, "b.png", &photo(1));
    save(&photos, "a.jpg", &photo(0));
    std::fs::create_dir_all(photos.join("more/of")).unwrap();
    save(&photos, "more/of/d.png", &photo(2));
    std::fs::write(photos.join(".hidden"), "no picture").unwrap();
    let table = succeed(folder, &["predict", MODEL, "photos", "--csv", "-"]);
    let lines: Vec<&str> = table.lines().collect();
    assert_eq!(
        lines[0],
        "image,class,name,probability,adjustments,more_usual,is_unlike,error"
    );
    assert!(lines[1].starts_with("photos/a.jpg,") && lines[2].starts_with("photos/b.png,"));
    assert!(lines[3].starts_with("photos/more/of/d.png,"));
    assert_eq!(lines.len(), 4);
    std::fs::remove_dir_all(photos.join("more")).unwrap();

    std::fs::write(photos.join("c.png"), "no picture").unwrap();
    let (code, out, err) = run(folder, &["predict", MODEL, "photos", "--csv", "-"]);
    assert_eq!((code, out.lines().count()), (1, 4), "{err}");
    assert!(out.lines().last().unwrap().contains("not a PNG"), "{out}");
    assert!(
        err.contains("1 of 3 pictures") && err.contains("c.png"),
        "{err}"
    );
    let (code, out, _) = run(folder, &["predict", MODEL, "photos", "--json"]);
    let lines = json_lines(&out);
    assert_eq!((code, lines.len()), (1, 3));
    assert!(lines[2]["error"].as_str().unwrap().contains("not a PNG"));
    let (code, _, _) = run(folder, &["predict", MODEL, "photos", "--csv", "table.csv"]);
    assert_eq!(code, 1);
    assert!(folder.join("table.csv").exists());

    std::fs::create_dir(folder.join("none")).unwrap();
    let error = fail(folder, 1, &["predict", MODEL, "none", "--csv", "-"]);
    assert!(error.contains("no files"), "{error}");
}

#[test]
fn without_the_training_data_a_note_says_what_is_assumed() {
    let folder = empty();
    let folder = folder.path();
    succeed(folder, &["data", "make-sample", "--out", "mine"]);
    let train = [
        "train", "--preset", "tiny", "--epochs", "1", "--limit", "256",
    ];
    succeed(
        folder,
        &[&train[..], &["--data", "mine", "--out", "run"]].concat(),
    );
    save(folder, "garment.png", &photo(0));
    let args = ["predict", MODEL, "garment.png", "--json"];
    let there = json_lines(&succeed(folder, &[&args[..], &["--data", "mine"]].concat()));
    assert!(there[0]["likeness"]["more_usual"].is_f64());
    std::fs::remove_dir_all(folder.join("mine")).unwrap();
    let (code, out, err) = run(folder, &args);
    assert_eq!(code, 0, "{err}");
    assert!(
        err.contains("the training data, mine, is not found"),
        "{err}"
    );
    let answer = json_lines(&out).remove(0);
    assert!(answer["likeness"].is_null());
    assert_eq!(answer["adjustments"]["inverted"], true);
    let error = fail(folder, 1, &[&args[..], &["--data", "mine"]].concat());
    assert!(error.contains("mine"), "{error}");
}
