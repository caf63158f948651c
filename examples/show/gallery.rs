//! A page with a picture of each screen.

use super::play::Picture;
use super::play::Step::{self, Picture as Keep, Press, Wait};
use std::fmt::Write;

/// Columns and rows.
pub const SIZE: (u16, u16) = (120, 36);

/// What is played.
pub const STEPS: &[Step] = &[
    Wait("Your network"),
    Wait("60000"),
    Keep(
        "start",
        "Start",
        "Go on where you were, take a lesson, open a preset or images of your own.",
    ),
    Press("o"),
    Press("tiny\r"),
    Wait("9,146"),
    Press("Z"),
    Keep(
        "design",
        "Design",
        "Layers, shapes, receptive fields and costs, and how long an epoch takes on this machine.",
    ),
    Press("h"),
    Keep(
        "form",
        "Hyperparameters",
        "What is changed most comes first; every field is explained by `i`.",
    ),
    Press("\x1b"),
    Press(":"),
    Press("drop"),
    Keep(
        "actions",
        "Actions",
        "`:` finds every action by what people call it.",
    ),
    Press("\x1b"),
    Press("t"),
    Press("2"),
    Wait("is done"),
    Keep(
        "train",
        "Train",
        "Training and validation, epoch by epoch; the best epoch is marked as picked.",
    ),
    Press("I"),
    Keep(
        "layers",
        "Inside the layers",
        "Activations in training and in evaluation, dead units, gradients and updates.",
    ),
    Press("\x1b"),
    Press("b"),
    Keep(
        "times",
        "Where the time goes",
        "What each layer costs in milliseconds.",
    ),
    Press("\x1b"),
    Press("3"),
    Keep(
        "confusion",
        "Confusion",
        "Which classes are taken for which.",
    ),
    Press("u"),
    Keep(
        "sure",
        "How sure",
        "How sure the network is, and how often it is right then.",
    ),
    Press("u"),
    Press("n"),
    Press("\r"),
    Keep(
        "samples",
        "Samples",
        "The very images of a cell, with what the network thought of each.",
    ),
    Press("o"),
    Wait("covered"),
    Keep(
        "where",
        "Where it looks",
        "Parts of the image are covered; orange is what the answer needs.",
    ),
    Press("oo"),
    Press("M"),
    Wait("trustworthiness"),
    Keep(
        "map",
        "The map of the set",
        "Images that the network finds alike lie together.",
    ),
    Press("M"),
    Press("v"),
    Press("l"),
    Keep(
        "maps",
        "Feature maps",
        "What each kernel makes of the image.",
    ),
    Press("\r"),
    Wait("×"),
    Keep(
        "value",
        "One value worked out",
        "Patch times kernel plus bias, then norm, activation and pooling.",
    ),
    Press("v"),
    Press("v"),
    Press("e"),
    Keep(
        "pad",
        "The drawing pad",
        "Draw, erase, shift, turn: the probabilities follow each stroke.",
    ),
    Press("e"),
    Press("<<<"),
    Keep(
        "time",
        "Time travel",
        "All screens as they were after an earlier epoch.",
    ),
    Press("\x1b"),
    Press("5"),
    Keep(
        "runs",
        "Runs",
        "Every run is kept; runs that differ by the seed alone are one row.",
    ),
    Press("6"),
    Keep("data", "Data", "The images, class by class."),
    Press("1"),
    Press("A"),
    Keep(
        "ablation",
        "What each part brings",
        "The network is trained without one part at a time, from the same seeds.",
    ),
    Press("A"),
    Press("W"),
    Keep(
        "sweep",
        "Sweep",
        "Which settings are best: values, trials, pruning.",
    ),
    Press("\x1b"),
    Press("H"),
    Keep(
        "lessons",
        "Lessons",
        "Six of them, three to four minutes each.",
    ),
];

/// The page.
pub fn page(pictures: &[Picture]) -> String {
    let mut page = "# Gallery\n\nThe screens at 120×36, made by `cargo run --release --example show` from key presses, so \
                    that they are those of today.\n"
        .to_owned();
    for picture in pictures {
        // Writing to a string cannot fail.
        let _ = write!(
            page,
            "\n## {}\n\n{}\n\n![{}](gallery/{}.svg)\n",
            picture.title, picture.about, picture.title, picture.name
        );
    }
    page
}
