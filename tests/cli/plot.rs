//! Pictures of runs.

use crate::{empty, everything, fail, run, succeed, train_tiny};
use fmnist_tui::spec::preset;
use fmnist_tui::text::escape_controls;
use quick_xml::Reader;
use quick_xml::events::Event;
use std::collections::{HashMap, HashSet};
use std::path::Path;

/// An SVG as its reader sees it.
#[derive(Default)]
struct Svg {
    texts: Vec<String>,
    elements: HashMap<String, usize>,
    size: (String, String),
}

/// Reads an SVG strictly: well-formed XML 1.0 without characters it cannot have.
fn svg(path: &Path) -> Svg {
    let content = std::fs::read_to_string(path).unwrap();
    let allowed = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
    assert!(content.chars().all(allowed));
    let mut reader = Reader::from_str(&content);
    let mut found = Svg::default();
    let (mut depth, mut text) = (0, None::<String>);
    loop {
        let event = reader.read_event().unwrap();
        if let Event::Start(tag) | Event::Empty(tag) = &event {
            let name = tag.name().as_ref().to_owned();
            for attribute in tag.attributes() {
                let attribute = attribute.unwrap();
                let value = attribute.value.into_owned();
                match attribute.key.as_ref() {
                    "width" if name == "svg" => found.size.0 = value,
                    "height" if name == "svg" => found.size.1 = value,
                    _ => {}
                }
            }
            *found.elements.entry(name).or_default() += 1;
        }
        match event {
            Event::Start(tag) => {
                depth += 1;
                if tag.name().as_ref() == "text" {
                    text = Some(String::new());
                }
            }
            Event::End(_) => {
                depth -= 1;
                found.texts.extend(text.take());
            }
            Event::Text(part) => match &mut text {
                Some(text) => text.push_str(&part),
                None => assert!(part.trim().is_empty(), "{part:?} is no text"),
            },
            Event::GeneralRef(entity) => text.as_mut().unwrap().push(match entity.as_ref() {
                "lt" => '<',
                "gt" => '>',
                "amp" => '&',
                other => panic!("{other:?}"),
            }),
            Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(depth, 0);
    found
}

/// Width, height and the pixels of a PNG.
fn png(path: &Path) -> (u32, u32, Vec<[u8; 3]>) {
    let file = std::io::BufReader::new(std::fs::File::open(path).unwrap());
    let mut reader = png::Decoder::new(file).read_info().unwrap();
    let mut bytes = vec![0; reader.output_buffer_size().unwrap()];
    let frame = reader.next_frame(&mut bytes).unwrap();
    assert_eq!(frame.color_type, png::ColorType::Rgb);
    let pixels = bytes.chunks_exact(3).map(|p| [p[0], p[1], p[2]]).collect();
    (frame.width, frame.height, pixels)
}

/// The share of pixels that are not white; there must be many colours, as smoothed edges have.
fn inked(pixels: &[[u8; 3]]) -> f64 {
    let colors: HashSet<&[u8; 3]> = pixels.iter().collect();
    assert!(colors.len() > 30, "{} colours", colors.len());
    let ink = pixels.iter().filter(|pixel| **pixel != [255; 3]).count();
    ink as f64 / pixels.len() as f64
}

/// The first run's colour.
const BLUE: [u8; 3] = [0x00, 0x72, 0xb2];
const ORANGE: [u8; 3] = [0xd5, 0x5e, 0x00];

fn has(pixels: &[[u8; 3]], color: [u8; 3]) -> bool {
    let near = |pixel: &&[u8; 3]| {
        let mut channels = pixel.iter().zip(color);
        channels.all(|(one, other)| one.abs_diff(other) < 8)
    };
    pixels.iter().filter(near).count() > 20
}

/// A run folder without a model: the name and the validation accuracies.
fn make_run(folder: &Path, name: &str, accuracies: &[f64]) {
    std::fs::create_dir_all(folder).unwrap();
    let mut spec = preset("tiny").unwrap().into_spec();
    spec.name = name.into();
    std::fs::write(folder.join("spec.json"), spec.to_json()).unwrap();
    let lines: Vec<String> = (1..)
        .zip(accuracies)
        .map(|(epoch, accuracy)| {
            format!(
                "{{\"epoch\":{epoch},\"train_loss\":0.5,\"train_accuracy\":0.75,\
                 \"validation_loss\":0.6,\"validation_accuracy\":{accuracy},\"learning_rate\":0.1,\
                 \"seconds\":1.0,\"images_per_second\":9.0}}\n"
            )
        })
        .collect();
    std::fs::write(folder.join("metrics.jsonl"), lines.concat()).unwrap();
}

#[test]
fn curves_of_one_run_and_of_several() {
    let folder = empty();
    let place = folder.path();
    make_run(&place.join("long"), "a net", &[0.1, 0.7, 0.8, 0.9, 0.85]);
    make_run(&place.join("short"), "another", &[0.3, 0.6]);
    make_run(&place.join("again"), "another", &[0.5]);
    assert_eq!(
        succeed(place, &["plot", "long", "--out", "one.svg"]),
        "Wrote one.svg\n"
    );
    let one = svg(&place.join("one.svg"));
    let has_text = |svg: &Svg, text: &str| svg.texts.iter().any(|found| found == text);
    for text in [
        "a net",
        "Accuracy",
        "Loss",
        "epoch",
        "training",
        "validation",
        "best epoch",
        "best 90.00 %, picked: epoch 4",
        "80 %",
    ] {
        assert!(has_text(&one, text), "{text} is missing in {:?}", one.texts);
    }
    // The first epoch's 10 % must not squash the axis.
    assert!(!has_text(&one, "20 %"), "{:?}", one.texts);
    // The best epoch is marked in both diagrams and explained below: three rings of two circles.
    assert_eq!(one.elements["circle"], 6);

    let all = ["plot", "long", "short", "again", "--out", "three.svg"];
    succeed(place, &all);
    let three = svg(&place.join("three.svg"));
    for text in ["3 runs", "a net", "another (short)", "another (again)"] {
        assert!(
            has_text(&three, text),
            "{text} is missing in {:?}",
            three.texts
        );
    }

    succeed(place, &["plot", "long", "--out", "one.PNG"]);
    let (_, _, pixels) = png(&place.join("one.PNG"));
    assert!(has(&pixels, BLUE) && !has(&pixels, ORANGE));
    let args = [
        "plot", "long", "short", "--size", "700x500", "--out", "two.png",
    ];
    succeed(place, &args);
    let (width, height, pixels) = png(&place.join("two.png"));
    assert_eq!((width, height), (1400, 1000));
    assert!(has(&pixels, BLUE) && has(&pixels, ORANGE));
    assert!((0.02..0.5).contains(&inked(&pixels)));
    // One epoch alone is a point, not nothing.
    succeed(place, &["plot", "again", "--out", "point.png"]);
    assert!(has(&png(&place.join("point.png")).2, BLUE));
}

#[test]
fn the_confusion_matrix_and_the_worst_mistakes_of_a_run() {
    let folder = empty();
    let place = folder.path();
    train_tiny(place);
    for (kind, colors) in [
        ("confusion", [BLUE, ORANGE]),
        ("mistakes", [ORANGE, [0; 3]]),
    ] {
        let draw = |out: &str| {
            succeed(place, &["plot", "run", "--kind", kind, "--out", out]);
            place.join(out)
        };
        let drawn = svg(&draw("drawn.svg"));
        assert!(drawn.texts[0].starts_with("tiny: "), "{:?}", drawn.texts[0]);
        assert!(drawn.texts[1].contains("sample set, not Fashion-MNIST"));
        assert!(drawn.texts.iter().any(|text| text == "Pullover"));
        let (width, height, pixels) = png(&draw("drawn.png"));
        assert_eq!(drawn.size.0.parse::<u32>().unwrap() * 2, width);
        assert_eq!(drawn.size.1.parse::<u32>().unwrap() * 2, height);
        assert!((0.05..0.98).contains(&inked(&pixels)));
        for color in colors {
            assert!(has(&pixels, color), "{kind} lacks {color:?}");
        }
        if kind == "mistakes" {
            assert!(drawn.elements["image"] >= 20, "{:?}", drawn.elements);
        } else {
            check_counts(place, &drawn);
        }
    }
    // A model file stands for itself, and it is the same model.
    let args = [
        "plot",
        "run/best.safetensors",
        "--kind",
        "confusion",
        "--out",
        "file.png",
    ];
    succeed(place, &args);
    let args = ["plot", "run", "--kind", "confusion", "--out", "run.png"];
    succeed(place, &args);
    let read = |name: &str| std::fs::read(place.join(name)).unwrap();
    assert!(read("file.png") == read("run.png"));
}

/// The numbers in the picture are those of `eval`, row by row.
fn check_counts(place: &Path, drawn: &Svg) {
    let out = succeed(place, &["eval", "run/best.safetensors", "--json"]);
    let value: serde_json::Value = serde_json::from_str(&out).unwrap();
    let rows = value["confusion"].as_array().unwrap();
    let counts: Vec<u64> = rows
        .iter()
        .flat_map(|row| row.as_array().unwrap().iter().map(|c| c.as_u64().unwrap()))
        .collect();
    let numbers = drawn.texts.iter().filter_map(|text| text.parse().ok());
    assert_eq!(numbers.collect::<Vec<u64>>(), counts);
}

#[test]
fn names_cannot_break_a_picture() {
    let folder = empty();
    let place = folder.path();
    let hostile = "</text><script>&amp;\u{1b}[2J\u{202e}x\u{ffff}\u{9b}'\"";
    make_run(&place.join("bad"), hostile, &[0.5, 0.6]);
    make_run(&place.join("good"), "good", &[0.5, 0.6]);
    let (code, out, err) = run(place, &["plot", "bad", "good", "--out", "a.svg"]);
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    let drawn = svg(&place.join("a.svg"));
    assert!(!drawn.elements.contains_key("script"));
    let expected = escape_controls(hostile).replace('\u{ffff}', "\\u{ffff}");
    assert!(
        drawn.texts.contains(&expected),
        "{expected} is missing in {:?}",
        drawn.texts
    );
    succeed(place, &["plot", "bad", "--out", "a.png"]);
    assert!(has(&png(&place.join("a.png")).2, BLUE));
}

#[test]
fn what_cannot_be_drawn_is_said_and_nothing_is_written() {
    let folder = empty();
    let place = folder.path();
    make_run(&place.join("good"), "good", &[0.5]);
    make_run(&place.join("empty"), "empty", &[]);
    make_run(&place.join("absurd"), "absurd", &[0.5, 7.0]);
    make_run(&place.join("cut"), "cut", &[0.5, 0.6]);
    let metrics = place.join("cut/metrics.jsonl");
    let whole = std::fs::read_to_string(&metrics).unwrap();
    std::fs::write(&metrics, &whole[..whole.len() - 9]).unwrap();
    std::fs::create_dir(place.join("other")).unwrap();
    std::fs::write(place.join("out.png"), "precious").unwrap();
    // A folder with eight runs in it.
    for number in 1..=8 {
        let copy = place.join(format!("eight/{number}"));
        std::fs::create_dir_all(&copy).unwrap();
        std::fs::copy(place.join("good/metrics.jsonl"), copy.join("metrics.jsonl")).unwrap();
    }
    let before = everything(place);

    let wrong: [(i32, &[&str], &[&str]); 11] = [
        (2, &["good", "--out", "a.pdf"], &["a.pdf", ".svg", ".png"]),
        (2, &["good", "--out", "svg"], &[".svg", ".png"]),
        (
            2,
            &["good", "good", "--kind", "mistakes", "--out", "out.png"],
            &["2 runs"],
        ),
        (
            1,
            &["none", "--out", "out.png"],
            &["none", "no such folder"],
        ),
        (
            1,
            &["good/spec.json", "--out", "out.png"],
            &["good/spec.json", "run folder"],
        ),
        (1, &["other", "--out", "out.png"], &["other/metrics.jsonl"]),
        (
            1,
            &["empty", "--out", "out.png"],
            &["empty", "no complete epoch"],
        ),
        (
            1,
            &["good", "absurd", "--out", "out.png"],
            &["absurd", "epoch 2"],
        ),
        (
            1,
            &["cut", "--out", "out.png"],
            &["cut/metrics.jsonl", "line 2"],
        ),
        (1, &["good", "./good", "--out", "out.png"], &["twice"]),
        (
            1,
            &["good", "--kind", "confusion", "--out", "out.png"],
            &["good", "best.safetensors"],
        ),
    ];
    for (code, args, expected) in wrong {
        let error = fail(place, code, &[&["plot"], args].concat());
        for text in expected {
            assert!(error.contains(text), "{args:?} lacks {text}: {error}");
        }
    }
    for size in ["1000000x1000000", "0x0", "100", "-5x600", "399x600"] {
        let size = format!("--size={size}");
        let (code, out, err) = run(place, &["plot", "good", "--out", "out.png", &size]);
        assert_eq!((code, out.as_str()), (2, ""), "{size}: {err}");
        assert!(err.contains("1200x600"), "{err}");
    }
    let error = fail(place, 2, &["plot", "eight", "--out", "out.png"]);
    assert!(error.contains("8 curves") && error.contains('7'), "{error}");
    let error = fail(place, 1, &["plot", "good", "--out", "no/where.svg"]);
    assert!(error.contains("no/where.svg"), "{error}");
    assert_eq!(everything(place), before);
    assert_eq!(std::fs::read(place.join("out.png")).unwrap(), b"precious");
}

#[test]
fn a_legend_that_does_not_fit_asks_for_the_height_it_needs() {
    let folder = empty();
    let place = folder.path();
    let names: Vec<String> = (1..=7).map(|number| format!("run{number}")).collect();
    for name in &names {
        make_run(&place.join(name), name, &[0.5, 0.6]);
    }
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let plot = |size: &str| {
        let args = [&["plot", "--out", "a.svg", "--size", size], &names[..]].concat();
        run(place, &args)
    };
    let (code, _, error) = plot("400x400");
    assert_eq!(code, 1, "{error}");
    let size = error.trim_end().rsplit(' ').next().unwrap();
    assert_eq!(plot(size).0, 0, "{size}");
    assert_eq!(svg(&place.join("a.svg")).size.0, "400");
}
