//! Explanations: what the cursor is on, in today's numbers, and a search of all topics.

use crate::{Session, epochs, train_tiny};
use crossterm::event::KeyCode;
use fmnist_tui::explain::topic;
use fmnist_tui::tui::keys::table;

#[test]
fn every_screen_has_a_topic() {
    let missing: Vec<&str> = table()
        .map(|row| row.context)
        .filter(|context| context.has_global_keys && topic(context.title).is_none())
        .map(|context| context.title)
        .collect();
    assert!(
        missing.is_empty(),
        "texts/topics has nothing on {missing:?}"
    );
}

#[test]
fn a_layer_is_explained_with_what_it_does_here() {
    let mut session = Session::with_data(80, 24);
    session.type_text("otiny");
    session.press(&[KeyCode::Enter]);
    session.type_text("jjji");
    insta::assert_snapshot!("explain-layer", session.text());
    // What is related is one key away, and Esc goes back.
    session.press(&[KeyCode::Right, KeyCode::Enter]);
    assert!(
        session.shows("Rows and columns of zeros"),
        "{}",
        session.text()
    );
    session.press(&[KeyCode::Esc]);
    assert!(session.shows("Conv2d, a convolution"));
    session.type_text("by heart");
    insta::assert_snapshot!("explain-search", session.text());
    session.press(&[KeyCode::Enter]);
    assert!(session.shows("Overfitting"), "{}", session.text());
    session.press(&[KeyCode::Esc, KeyCode::Esc]);
    assert!(!session.shows("Esc back") && session.shows("Conv2d 16"));
}

#[test]
fn a_field_is_explained_in_its_form_and_a_name_is_typed() {
    let mut session = Session::with_data(80, 24);
    session.type_text("h");
    for _ in 0..60 {
        if session.text().contains("▌ name") {
            break;
        }
        session.press(&[KeyCode::Up]);
    }
    // Into a name the letter is typed.
    session.type_text("i");
    assert!(session.shows("bn-dropouti"), "{}", session.text());
    session.press(&[KeyCode::F(1)]);
    assert!(session.shows("name of the network"), "{}", session.text());
    session.press(&[KeyCode::Esc]);
    for _ in 0..60 {
        if session.text().contains("▌ batch size") || session.text().contains("▌  batch size") {
            break;
        }
        session.press(&[KeyCode::Down]);
    }
    session.type_text("i");
    assert!(session.shows("Images in a step"), "{}", session.text());
}

#[test]
fn curves_and_cells_are_explained_with_todays_numbers() {
    let mut session = Session::with_data(80, 24);
    train_tiny(&mut session);
    session.report(epochs(4));
    session.type_text("i");
    assert!(session.shows("After epoch 4"), "{}", session.text());
    session.press(&[KeyCode::Esc]);
    session.type_text("3ni");
    insta::assert_snapshot!("explain-cell", session.text());
    session.press(&[KeyCode::Esc]);
    session.type_text("4i");
    assert!(
        session.shows("The answer for an image"),
        "{}",
        session.text()
    );
}
