//! No text is cut in the middle of a word, on any screen, overlay or form.

use crate::{Session, batch, done, epochs, train_tiny};
use crossterm::event::KeyCode;
use std::collections::BTreeSet;

/// Ways to everything that can be open, but for the JSON editor, whose lines are code; the keys in a line.
const WAYS: &[&str] = &[
    "1", "1a", "1aqqq", "1o", "1oqqq", "1h", "1gh", "1GA", "1A", "1?", "1i", "1w", "2", "2c", "2b",
    "2I", "2?", "2i", "2x", "3", "3u", "3?", "3i", "3I", "4", "4g", "4v", "4V", "4M", "4e", "4P",
    "4?", "4i", "4A", "4wg", "5", "5?", "5i", "6", "6A", "6?", "6i", "H", "D", "s", "L", "q", "T",
];

/// Of class names, which may be cut in a table.
const CLASSES: [&str; 2] = ["boot", "shirt"];

/// What is shown after these keys, in a terminal of this size.
fn shown(keys: &str, is_trained: bool, (width, height): (u16, u16)) -> String {
    let mut session = Session::with_data(width, height);
    if is_trained {
        train_tiny(&mut session);
        session.report(epochs(3));
        session.report((1..=9).map(|number| batch(4, number)));
        session.report([done(3)]);
    }
    for key in keys.chars() {
        session.press(&[KeyCode::Char(key)]);
    }
    session.text()
}

/// Words of small letters: names of layers and files have others too, and may be cut in a table.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let letters = |word: &&str| word.chars().all(|letter| letter.is_ascii_lowercase());
    let split = |letter: char| letter.is_whitespace() || "│|┐┘[](),;:.'\"/?!=-".contains(letter);
    text.split(split)
        .filter(|word| !word.is_empty())
        .filter(letters)
}

/// The words at 80×24 that are the beginning of one in a larger terminal, and no word there.
#[test]
fn at_80x24_no_word_is_cut() {
    let mut cut = BTreeSet::new();
    for is_trained in [false, true] {
        for keys in WAYS {
            let large = shown(keys, is_trained, (200, 60));
            let known: BTreeSet<&str> = words(&large).collect();
            let small = shown(keys, is_trained, (80, 24));
            for line in small.lines() {
                for word in words(&line.replace('…', " ")) {
                    let mut longer = known.iter().filter(|longer| !CLASSES.contains(longer));
                    let longer = longer.find(|longer| longer.starts_with(word));
                    if let Some(longer) = longer
                        && !known.contains(word)
                        && word.len() > 1
                    {
                        cut.insert(format!("{keys}: {word} of {longer}: {line}"));
                    }
                }
            }
        }
    }
    let cut: Vec<String> = cut.into_iter().collect();
    assert!(cut.is_empty(), "{}", cut.join("\n"));
}
