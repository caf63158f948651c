use super::*;

const SCREENS: [&str; 2] = ["Design", "Train"];

const GOOD: &str = "\
# A teacher's own.
title: Two numbers
about: how a claim is made
minutes: 2
images: 500

say: A network of one layer
  is opened.
open: mlp
set: epochs=2 dropout=0.1
press: 1

say: It trains.
ask: How good will it be?
choices: like guessing | much better
answer: b
press: t
wait: trained
keep: first = val_accuracy
expect: val_accuracy > chance + 0.1
notice: It has {val_accuracy}, and {first} was kept.

say: Look at the curves.
wait: screen Train
";

fn parse(text: &str) -> Result<Lesson, TextError> {
    let places = Places {
        screens: &SCREENS,
        folder: None,
    };
    Lesson::parse("two", text, &places)
}

#[test]
fn a_lesson_is_read_as_it_is_written() {
    let lesson = parse(GOOD).unwrap();
    assert_eq!((lesson.steps.len(), lesson.claims()), (3, 1));
    assert_eq!((lesson.minutes, lesson.images), (2, Some(500)));
    let [first, second, third] = &lesson.steps[..] else {
        panic!("three steps");
    };
    assert_eq!(first.say, "A network of one layer is opened.");
    let spec = first.open.as_ref().unwrap();
    assert_eq!((spec.name.as_str(), spec.epochs), ("mlp", 2));
    assert_eq!(second.press, [Press::Char('t')]);
    assert_eq!(second.ask.as_ref().unwrap().answer, 1);
    assert_eq!(third.wait, Some(Wait::Screen("Train".into())));
}

/// `GOOD` with a line replaced: the line of the error, and what it says.
fn spoilt(line: &str, by: &str) -> String {
    assert!(GOOD.contains(line));
    parse(&GOOD.replacen(line, by, 1)).unwrap_err().to_string()
}

#[test]
fn what_is_wrong_is_said_with_its_line() {
    for (line, by, expected) in [
        ("title: Two numbers\n", "", "line 4: a lesson begins with"),
        (
            "minutes: 2",
            "minutes: many",
            "line 4: minutes must be a whole number, 1 to 60",
        ),
        (
            "images: 500",
            "image: 500",
            "line 5: image is no key of a lesson's head",
        ),
        ("open: mlp", "open: mpl", "line 9: "),
        ("epochs=2", "epochs=0", "line 10: "),
        ("press: 1", "press: Entr", "line 11: Entr is no key"),
        ("answer: b", "answer: c", "line 16: an answer is a letter"),
        (
            "choices: like guessing | much better",
            "choices: one",
            "line 15: choices are 2 to 4",
        ),
        ("wait: trained", "wait: for it", "line 18: a step waits for"),
        (
            "keep: first =",
            "keep: gap =",
            "line 19: gap is a figure already",
        ),
        ("> chance + 0.1", "> chanc", "line 20: chanc is no figure"),
        ("{val_accuracy}", "{value}", "line 21: {value} is no figure"),
        ("{first}", "{first", "line 21: a { is not closed"),
        (
            "wait: screen Train",
            "wait: screen Trian",
            "line 24: Trian is no screen",
        ),
        (
            "say: It trains.\nask: How good will it be?\n",
            "",
            "line 14: ",
        ),
        (
            "say: Look at the curves.\n",
            "",
            "line 23: a step says or asks something",
        ),
    ] {
        let error = spoilt(line, by);
        assert!(error.starts_with(expected), "{by:?}: {error}");
    }
    let head = GOOD.split("\n\n").next().unwrap();
    assert!(parse(head).is_err());
    assert!(parse("").is_err());
    let many = format!("{head}\n\n{}", "say: x\n\n".repeat(MOST_STEPS + 1));
    assert!(parse(&many).unwrap_err().message.contains("at most"));
}

const MANUAL: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/lessons.md"));

#[test]
fn the_lesson_in_the_manual_can_be_read_and_its_figures_are_all() {
    let (_, example) = MANUAL.split_once("```text\n").unwrap();
    let (example, rest) = example.split_once("```").unwrap();
    assert_eq!(parse(example).unwrap().steps.len(), 3);
    let (_, figures) = rest.split_once("### Figures").unwrap();
    for (name, about) in FIGURES {
        let row = format!("| `{name}` | {about} |");
        assert!(figures.contains(&row), "docs/lessons.md lacks {row}");
    }
}

#[test]
fn every_lesson_that_ships_can_be_read() {
    let screens = ["Design", "Train", "Confusion", "Samples", "Runs", "Data"];
    let places = Places {
        screens: &screens,
        folder: None,
    };
    for (name, text) in crate::explain::texts::LESSON_TEXTS {
        let lesson = Lesson::parse(name, text, &places);
        let lesson = lesson.unwrap_or_else(|error| panic!("texts/lessons/{name}.txt: {error}"));
        assert!(lesson.claims() > 0 && lesson.minutes <= 5, "{name}");
        assert!(!lesson.about.is_empty(), "{name}");
    }
    assert_eq!(
        super::super::lessons(&screens).len(),
        crate::explain::texts::LESSON_TEXTS.len()
    );
}
