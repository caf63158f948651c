//! Folders of pictures.

use crate::made::{grey_png, picture};
use crate::{folder, import, names, put};
use image::ImageFormat;
use std::path::Path;

const FORMATS: [(ImageFormat, &str); 6] = [
    (ImageFormat::Png, "png"),
    (ImageFormat::Jpeg, "jpg"),
    (ImageFormat::WebP, "webp"),
    (ImageFormat::Gif, "gif"),
    (ImageFormat::Bmp, "bmp"),
    (ImageFormat::Tiff, "tiff"),
];

/// Three classes with pictures of all formats, red, green and blue on black.
fn colours(dir: &Path) {
    for (class, inner) in [
        ("red", [220, 0, 0]),
        ("green", [0, 220, 0]),
        ("blue", [0, 0, 220]),
    ] {
        for (format, end) in FORMATS {
            let bytes = picture(format, 40, [0; 3], inner);
            put(&dir.join(class).join(format!("{end}.{end}")), bytes);
        }
    }
}

#[test]
fn a_folder_for_each_class_in_every_format() {
    let dir = folder();
    colours(&dir.path().join("pics"));
    let (set, said) = import(dir.path(), "pics", &["--split", "0.34"]);
    assert_eq!(set.class_names, ["blue", "green", "red"]);
    assert_eq!((set.channels(), set.height(), set.width()), (3, 28, 28));
    assert_eq!((set.train.len(), set.validation.len()), (12, 6));
    assert_eq!(set.train.class_counts(3), [4, 4, 4]);
    // The first ones are of every class.
    assert_eq!(set.train.labels[..3], [0, 1, 2]);
    for image in 0..set.train.len() {
        let planes = set.train.image(image);
        let middle = [0, 1, 2].map(|channel| planes[channel * 784 + 14 * 28 + 14]);
        let brightest = middle.iter().position(|level| *level > 150);
        // Blue, green and red are the last, the middle and the first channel.
        assert_eq!(
            brightest,
            Some(2 - usize::from(set.train.labels[image])),
            "{middle:?}"
        );
    }
    assert_eq!(said["skipped"], 0);
    let table = std::fs::read_to_string(dir.path().join("set/pictures.csv")).unwrap();
    assert_eq!(table.lines().count(), 19);
    assert!(
        table.lines().nth(1).unwrap().starts_with("train,0,blue/"),
        "{table}"
    );
}

#[test]
fn train_and_test_folders_and_what_systems_leave_there() {
    let dir = folder();
    let pics = dir.path().join("around/pics");
    for class in ["class 10", "class 2"] {
        for picture in 0..3 {
            put(
                &pics
                    .join("Train")
                    .join(class)
                    .join(format!("{picture}.png")),
                grey_png(100),
            );
            put(
                &pics
                    .join("__MACOSX")
                    .join(class)
                    .join(format!("{picture}.png")),
                "junk",
            );
        }
        put(&pics.join("valid").join(class).join("v.png"), grey_png(150));
        put(&pics.join("Train").join(class).join(".DS_Store"), "junk");
        put(&pics.join("Train").join(class).join("Thumbs.db"), "junk");
    }
    let (set, said) = import(dir.path(), "around", &[]);
    assert_eq!(set.class_names, ["class 2", "class 10"]);
    assert_eq!(
        (set.channels(), set.train.len(), set.validation.len()),
        (1, 6, 2)
    );
    assert_eq!(said["skipped"], 0);
    assert_eq!(said["split"], serde_json::Value::Null);

    // With a test folder too, the validation pictures are trained on.
    put(&pics.join("test/class 2/t.png"), grey_png(50));
    std::fs::remove_dir_all(dir.path().join("set")).unwrap();
    let (set, said) = import(dir.path(), "around", &[]);
    assert_eq!((set.train.len(), set.validation.len()), (8, 1));
    assert!(
        said["notes"]
            .to_string()
            .contains("validation pictures join"),
        "{said}"
    );
}

#[test]
fn paper_is_inverted_and_shapes_are_kept() {
    let dir = folder();
    for class in ["a", "b"] {
        for index in 0..2 {
            let wide = image::GrayImage::from_fn(40, 20, |x, _| {
                image::Luma([if x < 20 { 10 } else { 250 }])
            });
            let mut bytes = std::io::Cursor::new(Vec::new());
            wide.write_to(&mut bytes, ImageFormat::Png).unwrap();
            put(
                &dir.path().join(format!("tilted/{class}/{index}.png")),
                bytes.into_inner(),
            );
            let paper = picture(ImageFormat::Png, 20, [250; 3], [10; 3]);
            put(
                &dir.path().join(format!("paper/{class}/{index}.png")),
                paper,
            );
        }
    }
    let (set, said) = import(dir.path(), "paper", &["--size", "20"]);
    assert_eq!(said["inverted"], true);
    assert_eq!(
        (set.height(), set.train.image(0)[0], set.train.image(0)[210]),
        (20, 5, 245)
    );

    std::fs::remove_dir_all(dir.path().join("set")).unwrap();
    let (set, said) = import(
        dir.path(),
        "paper",
        &["--size", "20", "--invert", "no", "--colour"],
    );
    assert_eq!(
        (said["inverted"].clone(), set.channels()),
        (false.into(), 3)
    );
    assert_eq!(set.train.image(0)[0], 250);

    std::fs::remove_dir_all(dir.path().join("set")).unwrap();
    let (set, _) = import(dir.path(), "tilted", &["--size", "20", "--invert", "no"]);
    let image = set.train.image(0);
    let at = |row: usize, column: usize| image[row * 20 + column];
    assert_eq!(
        [at(10, 0), at(10, 19)],
        [10, 250],
        "the picture stands in the middle"
    );
    assert_eq!(at(0, 0), at(19, 19), "the rest is of one colour");
}

#[test]
fn pictures_that_cannot_be_used_are_left_out_and_named() {
    let dir = folder();
    for class in ["a", "b"] {
        for picture in 0..12 {
            put(
                &dir.path().join(format!("pics/{class}/{picture}.png")),
                grey_png(99),
            );
            put(
                &dir.path().join(format!("pics/{class}/{picture}.jpg")),
                "no picture",
            );
        }
    }
    let png = grey_png(7);
    put(&dir.path().join("pics/b/cut.png"), &png[..png.len() / 2]);
    let (set, said) = import(dir.path(), "pics", &[]);
    assert_eq!(set.train.len() + set.validation.len(), 24);
    assert_eq!(said["skipped"], 25);
    assert_eq!(said["skipped_pictures"].as_array().unwrap().len(), 25);
    let skipped = std::fs::read_to_string(dir.path().join("set/skipped.txt")).unwrap();
    assert_eq!(skipped.lines().count(), 25);
    assert!(
        skipped.contains("b/cut.png: ") && skipped.contains("a/3.jpg: not a PNG"),
        "{skipped}"
    );

    let args = ["data", "import", "pics", "--to", "again"];
    let text = crate::succeed(dir.path(), &args);
    assert!(
        text.contains("left out    25") && text.contains("and 5 more"),
        "{text}"
    );
    assert_eq!(
        names(&dir.path().join("again")),
        names(&dir.path().join("set"))
    );
}
