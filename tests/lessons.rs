//! Every lesson that ships, played to its end in the real program: what it claims must hold. It is the sample
//! set that they are played on, or the data in the folder that LESSON_DATA names.

#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    reason = "a test may panic; the configured exception covers only functions marked as tests"
)]

mod pty;

use fmnist_tui::explain::lesson::{Lesson, lessons};
use fmnist_tui::tui::screens::titles;
use pty::{Screen, comes_true};
use std::time::Duration;

/// What the lines of the lesson show, once they rest.
fn strip(screen: &Screen) -> String {
    let mut strip = String::new();
    let rests = comes_true(|| {
        std::thread::sleep(Duration::from_millis(40));
        let text = screen.text();
        let mut lines = text.lines().skip_while(|line| !line.contains(", step "));
        // Below the lesson stand what happened last and the hints.
        let title = lines.next().unwrap_or_default().to_owned();
        let mut below: Vec<&str> = lines.collect();
        below.truncate(below.len().saturating_sub(2));
        let now = format!("{title}\n{}", below.join("\n"));
        !title.is_empty() && std::mem::replace(&mut strip, now.clone()) == now
    });
    assert!(rests, "there is no lesson:\n{}", screen.text());
    strip
}

/// Plays a lesson as somebody would who predicts everything correctly.
fn play(lesson: &Lesson) {
    let folder = tempfile::tempdir().unwrap();
    let data =
        std::env::var("LESSON_DATA").map_or(String::new(), |data| format!("--data '{data}'"));
    let script = format!("$APP learn {} --threads 2 {data}", lesson.name);
    let mut screen = Screen::run(folder.path(), &script);
    screen.wait_for(", step 1 of ");
    let mut predicted = 0;
    let ended = comes_true(|| {
        let shown = strip(&screen);
        let is_busy = ["it trains:", "t on any screen", "pressed for you"];
        let awaited_key = shown.split("waiting for the key ").nth(1);
        let key = if shown.contains("The lesson is over") {
            return true;
        } else if let Some(key) = awaited_key {
            match key.lines().next().unwrap() {
                "Esc" => "\u{1b}".to_owned(),
                key => key.to_owned(),
            }
        } else if is_busy.iter().any(|busy| shown.contains(busy)) {
            return false;
        } else if shown.contains(" predict   . skip") {
            predicted += 1;
            let number = shown.split(", step ").nth(1).unwrap();
            let number: usize = number.split(' ').next().unwrap().parse().unwrap();
            let ask = lesson.steps[number - 1].ask.as_ref().unwrap();
            ["a", "b", "c", "d"][ask.answer].to_owned()
        } else {
            ".".to_owned()
        };
        screen.press(&key);
        // What a key does is waited for, so that none is pressed twice.
        comes_true(|| strip_if_any(&screen) != shown);
        false
    });
    let shown = strip(&screen);
    assert!(ended, "{} does not end:\n{}", lesson.name, screen.text());
    let asked = lesson
        .steps
        .iter()
        .filter(|step| step.ask.is_some())
        .count();
    assert_eq!(predicted, asked, "{}", lesson.name);
    let all = format!("All {} claims held", lesson.claims());
    assert!(shown.contains(&all), "{}:\n{shown}", lesson.name);
    screen.press(".");
    screen.wait_for("your own network is back");
    screen.press("1");
    screen.wait_for("bn-dropout");
    screen.press("q");
    assert_eq!(screen.ended(), 0);
}

/// The same without waiting for it: an explanation may cover it.
fn strip_if_any(screen: &Screen) -> String {
    match screen.text().contains(", step ") {
        true => strip(screen),
        false => String::new(),
    }
}

#[test]
fn every_lesson_keeps_its_promises() {
    let lessons = lessons(&titles());
    assert_eq!(lessons.len(), 6);
    for lesson in &lessons {
        play(lesson);
    }
}
