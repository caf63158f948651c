//! A panic in the program's own threads. Nothing a user can do leads there, so the data is broken from
//! within: labels without their images.

use crossterm::event::{Event as TerminalEvent, KeyCode, KeyEvent, KeyModifiers};
use fmnist_tui::data::{Dataset, shuffled_order};
use fmnist_tui::nn::{Model, ModelInfo, save_model};
use fmnist_tui::spec::{Spec, preset};
use fmnist_tui::train::seen_again;
use fmnist_tui::tui::app::App;
use fmnist_tui::tui::effect::Effect;
use fmnist_tui::tui::message::Message;
use fmnist_tui::tui::services::Services;
use fmnist_tui::tui::theme::Theme;
use fmnist_tui::tui::{LoopOptions, run_loop};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, OnceLock};
use std::time::Instant;

/// The app with its real services, in a terminal in memory.
struct Session {
    app: App,
    terminal: Terminal<TestBackend>,
    services: Services,
    answers: Receiver<Message>,
}

impl Session {
    fn start(dataset: Dataset) -> Self {
        stay_in_a_folder_of_our_own();
        let (outbox, answers) = channel();
        Self {
            app: App::new(Theme::default()),
            terminal: Terminal::new(TestBackend::new(120, 24)).unwrap(),
            services: Services::with_dataset(outbox, Arc::new(dataset), Some(1)),
            answers,
        }
    }

    /// Runs the real loop on a message; the services do what follows from it.
    fn feed(&mut self, message: Message) {
        let (outbox, inbox) = channel();
        outbox.send(message).unwrap();
        drop(outbox);
        let services = &mut self.services;
        let mut perform = |effect: Effect, _: &mut Terminal<TestBackend>| {
            services.perform(effect);
            true
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

    fn press(&mut self, code: KeyCode) {
        let event = KeyEvent::new(code, KeyModifiers::NONE);
        self.feed(Message::Terminal(TerminalEvent::Key(event), Instant::now()));
    }

    /// Opens a spec and starts it.
    fn train(&mut self, spec: Spec) {
        self.app.open_spec(spec);
        self.press(KeyCode::Char('t'));
    }

    /// Asks for a model file of the working directory.
    fn load(&mut self, name: &str) {
        self.press(KeyCode::Char('L'));
        for _ in "runs/".chars() {
            self.press(KeyCode::Backspace);
        }
        for letter in name.chars() {
            self.press(KeyCode::Char(letter));
        }
        self.press(KeyCode::Enter);
    }

    fn text(&self) -> String {
        let cells = &self.terminal.backend().buffer().content;
        cells.iter().map(|cell| cell.symbol()).collect()
    }

    /// Takes what the services answer until the screen shows the text.
    fn wait_for(&mut self, text: &str) {
        while !self.text().contains(text) {
            let answer = self.answers.recv_timeout(crate::pty::PATIENCE);
            let answer = answer.unwrap_or_else(|_| {
                panic!("{text:?} does not appear; the screen is {}", self.text())
            });
            self.feed(answer);
        }
    }
}

/// The app keeps its runs in `runs/` of the working directory, which all threads share. The tests that
/// run the program as a process give it a folder themselves.
fn stay_in_a_folder_of_our_own() {
    static FOLDER: OnceLock<tempfile::TempDir> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        std::env::set_current_dir(folder.path()).unwrap();
        folder
    });
}

/// Images of whole batches of `tiny` and one more, whose image is missing; it is not among those that are
/// evaluated after each epoch.
fn train_images() -> usize {
    let mut counts = (157..1000).map(|batches| 64 * batches + 1);
    let is_left_out = |count: &usize| seen_again(*count).last() != Some(&(*count as u32 - 1));
    counts.find(is_left_out).unwrap()
}

/// An epoch of `tiny` that meets the missing image, or does not: the one image that is left over
/// after the last whole batch is skipped.
fn epoch(meets_it: bool) -> Spec {
    let images = train_images();
    let skipped = |seed: u64| shuffled_order(images, seed, 1)[images - 1] as usize;
    let is_wanted = |seed: &u64| (skipped(*seed) != images - 1) == meets_it;
    let mut spec = preset("tiny").unwrap().into_spec();
    spec.epochs = 1;
    spec.validation.hold_out = 0;
    spec.seed = (1..1_000_000).find(is_wanted).unwrap();
    spec
}

#[test]
fn a_panic_in_the_training_is_an_error_and_the_next_run_works() {
    let mut dataset = Dataset::sample().unwrap();
    let (images, size) = (train_images(), dataset.height() * dataset.width());
    let train = &mut dataset.train;
    train.labels = train.labels.repeat(images / train.labels.len() + 1);
    train.labels.truncate(images);
    train.images = train.images.repeat(images * size / train.images.len() + 1);
    train.images.truncate((images - 1) * size);
    let mut session = Session::start(dataset);
    session.wait_for("ready to train on");
    session.train(epoch(true));
    session.wait_for("internal error in the training");
    assert!(session.text().contains("● failed"), "{}", session.text());
    // Keys work, the error can be dismissed, and a run that does not meet the fault ends well.
    session.press(KeyCode::Esc);
    session.press(KeyCode::Char('?'));
    session.wait_for("Keys: Train");
    session.press(KeyCode::Esc);
    session.train(epoch(false));
    session.wait_for("is done: best validation accuracy");
}

#[test]
fn a_panic_in_the_background_is_an_error_and_the_next_work_is_done() {
    let mut dataset = Dataset::sample().unwrap();
    std::sync::Arc::make_mut(&mut dataset.validation)
        .images
        .truncate(0);
    let spec = preset("tiny").unwrap();
    let mut session = Session::start(dataset.clone());
    let snapshot = Model::new(&spec).unwrap().snapshot(ModelInfo {
        spec,
        dataset: dataset.name,
        class_names: dataset.class_names,
        normalization: dataset.normalization,
        metrics: serde_json::Value::Null,
    });
    save_model("a.safetensors".as_ref(), &snapshot).unwrap();
    session.wait_for("ready to train on");
    session.load("a.safetensors");
    session.wait_for("internal error in the background");
    session.press(KeyCode::Esc);
    // The same thread goes on: it finds that there is no other file.
    session.load("b.safetensors");
    session.wait_for("b.safetensors: ");
}
