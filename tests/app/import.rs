//! Importing pictures on the Data screen: the form, a look at the images, and the data set.

use crate::{Session, ctrl, dataset};
use crossterm::event::KeyCode;
use fmnist_tui::data::import::{Colours, ImportEvent};
use fmnist_tui::tui::effect::{Effect, Job};
use fmnist_tui::tui::message::{Answer, ImportNews, Message};

fn tell(session: &mut Session, news: ImportNews) {
    session.feed([Message::Answer(Answer::Import(news))]);
}

/// With the pane open and a source typed.
fn opened(width: u16, height: u16) -> Session {
    let mut session = Session::with_data(width, height);
    session.type_text("6Oclothes.zi");
    session.press(&[KeyCode::Tab]);
    assert_eq!(
        session.effects.last(),
        Some(&Effect::Work(Job::CompletePath("clothes.zi".into())))
    );
    session.feed([Message::Answer(Answer::Completions {
        typed: "clothes.zi".into(),
        paths: vec!["clothes.zip".into()],
    })]);
    session
}

#[test]
fn pictures_are_looked_at_before_they_are_written() {
    for (width, height) in [(80, 24), (120, 36)] {
        let mut session = opened(width, height);
        insta::assert_snapshot!(format!("import-form-{width}x{height}"), session.text());
        session.press(&[KeyCode::Down, KeyCode::Down, KeyCode::Down, KeyCode::Right]);
        session.press(&[KeyCode::Enter]);
        let Some(Effect::LookAtImport(order)) = session.effects.last() else {
            panic!("{}", session.text());
        };
        assert_eq!(order.source.to_str(), Some("clothes.zip"));
        assert_eq!(order.to.to_str(), Some("data/clothes"));
        assert_eq!(
            (order.options.colours, order.options.split),
            (Colours::Grey, 0.1)
        );
        tell(
            &mut session,
            ImportNews::At(ImportEvent::Pictures {
                done: 100,
                all: 400,
            }),
        );
        assert!(session.shows("100 of 400"), "{}", session.text());
        let about = vec![
            "clothes.zip: folders, a class each".to_owned(),
            "dark and light are exchanged".to_owned(),
        ];
        tell(
            &mut session,
            ImportNews::Prepared {
                dataset: dataset(),
                about,
            },
        );
        session.type_text("jv");
        insta::assert_snapshot!(format!("import-preview-{width}x{height}"), session.text());
        session.press(&[KeyCode::Enter]);
        assert_eq!(session.effects.last(), Some(&Effect::WriteImport));
        tell(&mut session, ImportNews::Done("data/clothes".into()));
        let loaded = Effect::Work(Job::LoadData(Some("data/clothes".into())));
        assert_eq!(session.effects.last(), Some(&loaded));
    }
}

#[test]
fn an_import_is_stopped_and_its_mistakes_are_said() {
    let mut session = opened(80, 24);
    session.press(&[KeyCode::Enter]);
    session.feed([ctrl('c')]);
    assert_eq!(session.effects.last(), Some(&Effect::DropImport));
    session.press(&[KeyCode::Enter]);
    tell(
        &mut session,
        ImportNews::Failed("clothes.zip: no pictures".into()),
    );
    assert!(
        session.shows("clothes.zip: no pictures"),
        "{}",
        session.text()
    );
    // Back from a look nothing is written, and the options are still there.
    session.press(&[KeyCode::Enter]);
    tell(
        &mut session,
        ImportNews::Prepared {
            dataset: dataset(),
            about: Vec::new(),
        },
    );
    session.press(&[KeyCode::Esc]);
    assert_eq!(session.effects.last(), Some(&Effect::DropImport));
    assert!(session.shows("clothes.zip"), "{}", session.text());
    session.press(&[KeyCode::Esc]);
    assert!(session.shows("training images 1 to"), "{}", session.text());
    session.type_text("O");
    session.feed([ctrl('u')]);
    session.press(&[KeyCode::Enter]);
    assert!(session.shows("name a folder"), "{}", session.text());
}
