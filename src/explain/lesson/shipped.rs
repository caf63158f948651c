//! The lessons that ship with the program.

use super::read::Places;
use super::step::Lesson;
use crate::explain::texts::LESSON_TEXTS;

/// In the order in which they build upon each other; others follow by name.
const ORDER: [&str; 6] = [
    "first-network",
    "convolution",
    "overfitting",
    "dropout",
    "batch-norm",
    "accuracy-error",
];

/// All lessons; `screens` are the titles of the screens that they may wait for.
pub fn lessons(screens: &[&str]) -> Vec<Lesson> {
    let places = Places {
        screens,
        folder: None,
    };
    let read = LESSON_TEXTS.iter();
    // A test reads all of them: none that ships is damaged.
    let mut lessons: Vec<Lesson> = read
        .filter_map(|(name, text)| Lesson::parse(name, text, &places).ok())
        .collect();
    let place = |lesson: &Lesson| ORDER.iter().position(|name| *name == lesson.name);
    lessons.sort_by_key(|lesson| place(lesson).unwrap_or(ORDER.len()));
    lessons
}
