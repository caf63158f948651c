//! The app through its real loop: synthetic keys and run events against a terminal in memory.

#![allow(
    clippy::unwrap_used,
    reason = "a test may panic; the configured exception covers only functions marked as tests"
)]

mod ablation;
mod any_key;
mod behaviour;
mod commands;
mod epoch_time;
mod explain;
mod fetch;
mod home;
mod import;
mod key_table;
mod layers;
mod lessons;
mod new_user;
mod paste;
mod profile;
mod rate_finder;
mod remapped;
mod screens;
mod sweep;
mod time;
mod words;

use crossterm::event::{Event as TerminalEvent, KeyCode, KeyEvent, KeyModifiers};
use fmnist_tui::data::{Dataset, Normalization};
use fmnist_tui::nn::{Model, ModelInfo, Snapshot};
use fmnist_tui::spec::{CheckedSpec, Precision, preset};
use fmnist_tui::train::{
    BatchReport, ConfusionMatrix, EpochMetrics, Evaluation, Event, RunStart, RunSummary, Validated,
};
use fmnist_tui::tui::app::App;
use fmnist_tui::tui::effect::Effect;
use fmnist_tui::tui::message::{Answer, Message};
use fmnist_tui::tui::theme::Theme;
use fmnist_tui::tui::{LoopOptions, run_loop};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use std::sync::mpsc::channel;
use std::sync::{Arc, OnceLock};
use std::time::Instant;

/// An app in a terminal of its own.
struct Session {
    app: App,
    terminal: Terminal<TestBackend>,
    /// What the app has asked for, but for what is in `timed`.
    effects: Vec<Effect>,
    /// The networks whose times it has asked for.
    timed: Vec<CheckedSpec>,
}

impl Session {
    fn new(width: u16, height: u16) -> Self {
        Self::with_theme(width, height, Theme::default())
    }

    fn with_theme(width: u16, height: u16, theme: Theme) -> Self {
        Self {
            app: App::new(theme),
            terminal: Terminal::new(TestBackend::new(width, height)).unwrap(),
            effects: Vec::new(),
            timed: Vec::new(),
        }
    }

    /// With the sample set read.
    fn with_data(width: u16, height: u16) -> Self {
        let mut session = Self::new(width, height);
        session.feed([Message::Answer(Answer::DataReady {
            dataset: dataset(),
            looked_in: vec!["data/fashion-mnist".into()],
        })]);
        session
    }

    /// Runs the real loop on these messages.
    fn feed(&mut self, messages: impl IntoIterator<Item = Message>) {
        let (outbox, inbox) = channel();
        for message in messages {
            outbox.send(message).unwrap();
        }
        drop(outbox);
        let (effects, timed) = (&mut self.effects, &mut self.timed);
        let mut perform = |effect: Effect, _: &mut Terminal<TestBackend>| {
            let go_on = effect != Effect::Quit;
            match effect {
                Effect::TimeEpoch(spec) => timed.push(*spec),
                effect => effects.push(effect),
            }
            go_on
        };
        run_loop(
            &mut self.terminal,
            &mut self.app,
            &inbox,
            &mut perform,
            &mut LoopOptions::default(),
        )
        .unwrap();
    }

    fn press(&mut self, keys: &[KeyCode]) {
        self.feed(keys.iter().map(|code| key(*code)));
    }

    fn type_text(&mut self, text: &str) {
        let keys: Vec<KeyCode> = text.chars().map(KeyCode::Char).collect();
        self.press(&keys);
    }

    /// Reports of the run that was started last.
    fn report(&mut self, events: impl IntoIterator<Item = Event>) {
        let id = self.app.last_run();
        self.feed(
            events
                .into_iter()
                .map(|event| Message::Run(id, Box::new(event))),
        );
    }

    /// The screen as text.
    fn text(&self) -> String {
        let buffer = self.terminal.backend().buffer();
        let width = usize::from(buffer.area.width);
        let symbols: Vec<&str> = buffer.content.iter().map(|cell| cell.symbol()).collect();
        let lines = symbols.chunks(width).map(|line| line.concat());
        lines
            .map(|line| line.trim_end().to_owned() + "\n")
            .collect()
    }

    fn shows(&self, text: &str) -> bool {
        self.text().contains(text)
    }
}

fn key(code: KeyCode) -> Message {
    let event = KeyEvent::new(code, KeyModifiers::NONE);
    Message::Terminal(TerminalEvent::Key(event), Instant::now())
}

fn ctrl(letter: char) -> Message {
    let event = KeyEvent::new(KeyCode::Char(letter), KeyModifiers::CONTROL);
    Message::Terminal(TerminalEvent::Key(event), Instant::now())
}

/// The sample set, read once.
fn dataset() -> Arc<Dataset> {
    static DATASET: OnceLock<Arc<Dataset>> = OnceLock::new();
    Arc::clone(DATASET.get_or_init(|| Arc::new(Dataset::sample().unwrap())))
}

/// A run's first words.
fn started(epochs: usize) -> Event {
    Event::Started(RunStart {
        epochs,
        batches_per_epoch: 20,
        train_images: 4000,
        validation_images: 1000,
        excluded: 0,
        parameters: 9146,
        threads: 2,
        precision: Precision::F32,
        notice: None,
        folder: Some("runs/20260101-120000-tiny".into()),
        resumed: None,
        test_seen: false,
        origin: None,
        steering: Vec::new(),
    })
}

/// Metrics that rise and flatten as they do in life.
fn metrics(epoch: usize) -> EpochMetrics {
    let progress = 1.0 - 1.0 / (1.0 + epoch as f64);
    EpochMetrics {
        epoch,
        train_loss: 1.5 - 1.4 * progress,
        train_accuracy: 0.55 + 0.44 * progress,
        validation_loss: 1.4 - 1.2 * progress + 0.01 * (epoch % 3) as f64,
        validation_accuracy: 0.6 + 0.33 * progress - 0.01 * (epoch % 3) as f64,
        learning_rate: 0.003 * (1.0 - 0.09 * epoch as f64).max(0.01),
        seconds: 12.5,
        images_per_second: 4800.0,
        train_eval_loss: None,
        train_eval_accuracy: None,
    }
}

fn batch(epoch: usize, batch: usize) -> Event {
    Event::Batch(BatchReport {
        epoch,
        batch,
        batches: 20,
        loss: 0.6 - 0.01 * batch as f32,
        accuracy: 0.7 + 0.01 * batch as f64,
        learning_rate: 0.003,
        images: ((epoch - 1) * 20 + batch) as u64 * 200,
        seconds: ((epoch - 1) * 20 + batch) as f64 * 0.6,
    })
}

fn snapshot(spec: &CheckedSpec) -> Snapshot {
    Model::new(spec).unwrap().snapshot(ModelInfo {
        spec: spec.clone(),
        dataset: "sample".into(),
        class_names: dataset().class_names.clone(),
        normalization: Normalization {
            mean: 0.22,
            std: 0.31,
        },
        metrics: serde_json::Value::Null,
    })
}

/// Every `wrong_every`-th image is taken for the next class.
fn validated(wrong_every: usize) -> Arc<Validated> {
    let labels = &dataset().validation.labels;
    let mut confusion = ConfusionMatrix::new(10);
    let (mut predictions, mut probabilities) = (Vec::new(), Vec::new());
    for (image, label) in labels.iter().enumerate() {
        let truth = usize::from(*label);
        let wrong = image % wrong_every == 0;
        let predicted = if wrong { (truth + 1) % 10 } else { truth };
        confusion.add(truth, predicted);
        predictions.push(predicted as u8);
        let top = 0.55 + 0.4 * (image % 10) as f32 / 10.0;
        probabilities.extend((0..10).map(|class| {
            if class == predicted {
                top
            } else {
                (1.0 - top) / 9.0
            }
        }));
    }
    Arc::new(Validated {
        evaluation: Evaluation {
            loss: 0.4,
            accuracy: confusion.accuracy(),
            confusion,
            predictions,
            probabilities,
        },
        snapshot: snapshot(&preset("tiny").unwrap()),
        images: Arc::clone(&dataset().validation),
    })
}

/// Everything a run of `epochs` reports, up to and without its end.
fn epochs(count: usize) -> Vec<Event> {
    let mut events = vec![started(10)];
    for epoch in 1..=count {
        events.extend((1..=20).map(|number| batch(epoch, number)));
        events.push(Event::Epoch {
            metrics: metrics(epoch),
            is_best: true,
        });
        let mut validated = Validated::clone(&validated(5 + 2 * epoch));
        validated.snapshot.info.metrics = serde_json::to_value(metrics(epoch)).unwrap();
        events.push(Event::Validated(Arc::new(validated)));
    }
    events
}

fn done(count: usize) -> Event {
    Event::Done(RunSummary {
        best: Some(metrics(count)),
        last: Some(metrics(count)),
        stopped_early: false,
        out_of_patience: false,
        test: None,
        seconds: 12.5 * count as f64,
        folder: Some("runs/20260101-120000-tiny".into()),
        unsaved: None,
    })
}

/// Opens the preset `tiny` and starts it.
fn train_tiny(session: &mut Session) {
    session.type_text("otiny");
    session.press(&[KeyCode::Enter, KeyCode::Char('t')]);
    assert!(
        matches!(session.effects.last(), Some(Effect::StartRun(spec)) if spec.name == "tiny"),
        "{:?}\n{}",
        session.effects,
        session.text()
    );
}
