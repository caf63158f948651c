//! The app's state and what changes it. No drawing, no I/O: a test needs no terminal.

mod draw;
mod fetch;
mod messages;
mod requests;

use super::action::Action;
use super::effect::Effect;
use super::keys::{self, Context, Key};
use super::message::{Answer, Message};
use super::overlays::{Confirm, Help, Overlay, PathField, Purpose, Question};
use super::screens::Screen;
use super::screens::confusion::Confusion;
use super::screens::design::Design;
use super::screens::runs::Runs;
use super::screens::samples::Samples;
use super::screens::train::Train;
use super::shared::Shared;
use super::theme::Theme;
use crossterm::event::{
    Event as TerminalEvent, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseEvent,
    MouseEventKind,
};
use ratatui::layout::{Position, Rect};
use std::cell::RefCell;

/// Everything the screens show.
#[derive(Debug)]
pub struct App {
    /// The screen that has the keys.
    pub screen: Screen,
    /// What all screens read.
    pub shared: Shared,
    /// The layer list and its editors.
    pub design: Design,
    /// The curves.
    pub train: Train,
    /// The confusion matrix.
    pub confusion: Confusion,
    /// The sample viewer.
    pub samples: Samples,
    /// Earlier runs.
    pub runs: Runs,
    overlay: Option<Overlay>,
    /// Number of the last run that was started.
    last_run: u64,
    /// Where things were drawn last, for the mouse.
    places: RefCell<Places>,
}

/// Where things were drawn last.
#[derive(Debug, Default)]
struct Places {
    tabs: Vec<(Screen, Rect)>,
    screens: Vec<(Screen, Rect)>,
}

impl App {
    /// An app with nothing loaded.
    pub fn new(theme: Theme) -> Self {
        Self {
            screen: Screen::default(),
            shared: Shared::new(theme),
            design: Design::default(),
            train: Train::default(),
            confusion: Confusion::default(),
            samples: Samples::default(),
            runs: Runs::default(),
            overlay: None,
            last_run: 0,
            places: RefCell::default(),
        }
    }

    /// Where keys go.
    pub fn context(&self) -> Context {
        if let Some(overlay) = &self.overlay {
            return overlay.context();
        }
        match self.screen {
            Screen::Design => self.design.context(),
            Screen::Train => self.train.context(),
            Screen::Confusion => self.confusion.context(),
            Screen::Samples => self.samples.context(),
            Screen::Runs => self.runs.context(),
        }
    }

    /// Number of the last run that was started.
    pub fn last_run(&self) -> u64 {
        self.last_run
    }

    /// Takes what happened.
    pub fn receive(&mut self, message: Message) -> Vec<Effect> {
        match message {
            Message::Terminal(TerminalEvent::Key(key), _) if key.kind != KeyEventKind::Release => {
                self.key(key)
            }
            Message::Terminal(TerminalEvent::Mouse(mouse), _) => self.mouse(mouse),
            Message::Terminal(TerminalEvent::Paste(text), _) => {
                self.paste(&text);
                Vec::new()
            }
            Message::Terminal(_, _) => Vec::new(),
            Message::Run(id, event) => {
                self.run_event(id, event);
                self.samples.view_changed(&self.shared)
            }
            Message::Answer(answer) => {
                let mut effects = self.answer(answer);
                effects.extend(self.samples.view_changed(&self.shared));
                effects
            }
            Message::Terminate => vec![Effect::Quit],
        }
    }

    fn key(&mut self, event: KeyEvent) -> Vec<Effect> {
        let key = Key::of(event);
        if key == Key::ctrl('z') {
            return vec![Effect::Suspend];
        }
        match keys::lookup(self.context(), key) {
            Some(action) => self.update(action),
            None => self.typed(event),
        }
    }

    /// A key without an action: text, where text is typed.
    fn typed(&mut self, key: KeyEvent) -> Vec<Effect> {
        match &mut self.overlay {
            Some(Overlay::Help(help)) => help.type_key(key),
            Some(Overlay::Path(field)) => field.type_key(key),
            Some(Overlay::Confirm(_) | Overlay::Fetch) => {}
            None => {
                return match self.screen {
                    Screen::Design => self.design.type_key(key, &mut self.shared),
                    Screen::Train => self.train.type_key(key, &mut self.shared),
                    Screen::Confusion => self.confusion.type_key(key, &mut self.shared),
                    Screen::Samples => self.samples.type_key(key, &mut self.shared),
                    Screen::Runs => self.runs.type_key(key, &mut self.shared),
                };
            }
        }
        Vec::new()
    }

    /// Pasted text goes where text is typed, and is never taken for keys with an action.
    fn paste(&mut self, text: &str) {
        let letters = text.chars().filter(|letter| !letter.is_control());
        let keys = letters.map(|letter| KeyEvent::new(KeyCode::Char(letter), KeyModifiers::NONE));
        match &mut self.overlay {
            Some(Overlay::Help(help)) => keys.for_each(|key| help.type_key(key)),
            Some(Overlay::Path(field)) => keys.for_each(|key| field.type_key(key)),
            None if self.screen == Screen::Design => self.design.paste(text),
            Some(Overlay::Confirm(_) | Overlay::Fetch) | None => {}
        }
    }

    fn mouse(&mut self, mouse: MouseEvent) -> Vec<Effect> {
        if self.overlay.is_some() {
            return Vec::new();
        }
        let at = Position::new(mouse.column, mouse.row);
        let under = |places: &[(Screen, Rect)]| {
            let found = places.iter().find(|(_, area)| area.contains(at));
            found.copied()
        };
        let (tab, place) = {
            let places = self.places.borrow();
            (under(&places.tabs), under(&places.screens))
        };
        let clicked = matches!(mouse.kind, MouseEventKind::Down(_));
        if let (Some((screen, _)), true) = (tab, clicked) {
            return self.update(Action::Go(screen));
        }
        let Some((screen, area)) = place else {
            return Vec::new();
        };
        let mut effects = Vec::new();
        if clicked && screen != self.screen && self.context().has_global_keys() {
            effects = self.update(Action::Go(screen));
        }
        let shared = &mut self.shared;
        effects.extend(match screen {
            Screen::Design => self.design.mouse(mouse, area, shared),
            Screen::Train => self.train.mouse(mouse, area, shared),
            Screen::Confusion => self.confusion.mouse(mouse, area, shared),
            Screen::Samples => self.samples.mouse(mouse, area, shared),
            Screen::Runs => self.runs.mouse(mouse, area, shared),
        });
        self.after(effects)
    }

    /// Carries out an action.
    pub fn update(&mut self, action: Action) -> Vec<Effect> {
        let shared = &mut self.shared;
        let effects = match action {
            Action::Go(screen) => self.go(screen),
            Action::NextScreen => self.go(self.screen.step(1)),
            Action::PreviousScreen => self.go(self.screen.step(Screen::ALL.len() - 1)),
            Action::StartTraining => self.start_training(),
            Action::SaveModel => self.ask_where_to_save(),
            Action::LoadModel => {
                self.overlay = Some(Overlay::Path(PathField::new(Purpose::LoadModel, "runs/")));
                Vec::new()
            }
            Action::ShowFetch => {
                self.overlay = Some(Overlay::Fetch);
                Vec::new()
            }
            Action::StartFetch => self.start_fetch(),
            Action::StopFetch => self.stop_fetch(),
            Action::Help => {
                self.overlay = Some(Overlay::Help(Help::new(self.context())));
                Vec::new()
            }
            Action::NextTheme => {
                shared.theme = shared.theme.next();
                shared.say(format!("theme: {}", shared.theme.name()));
                Vec::new()
            }
            Action::Dismiss => {
                if self.overlay.take().is_none() {
                    if !shared.errors.is_empty() {
                        shared.errors.remove(0);
                    } else if self.screen == Screen::Samples {
                        self.samples.close_inside();
                    }
                }
                Vec::new()
            }
            Action::Quit => self.quit(),
            Action::Yes => self.confirmed(),
            Action::No => {
                self.overlay = None;
                Vec::new()
            }
            Action::Accept => self.accept_path(),
            Action::Complete => match &self.overlay {
                Some(Overlay::Path(field)) => vec![Effect::CompletePath(field.text.clone())],
                _ => Vec::new(),
            },
            Action::ToggleBest => {
                self.toggle_best();
                Vec::new()
            }
            Action::Up | Action::Down => {
                if let Some(Overlay::Help(help)) = &mut self.overlay {
                    help.scroll(action == Action::Down);
                }
                Vec::new()
            }
            Action::Design(action) => self.design.update(action, shared),
            Action::Train(action) => self.train.update(action, shared),
            Action::Confusion(action) => self.confusion.update(action, shared),
            Action::Samples(action) => {
                self.samples.follow(self.design.spec());
                self.samples.update(action, shared)
            }
            Action::Runs(action) => self.runs.update(action, shared),
        };
        self.after(effects)
    }

    /// Asks questions and goes places that screens have asked for.
    fn after(&mut self, mut effects: Vec<Effect>) -> Vec<Effect> {
        for request in std::mem::take(&mut self.shared.requests) {
            effects.extend(self.carry_out(request));
        }
        effects
    }

    fn go(&mut self, screen: Screen) -> Vec<Effect> {
        self.screen = screen;
        match screen {
            Screen::Runs => vec![Effect::ScanRuns],
            Screen::Samples => self.samples.entered(&mut self.shared),
            Screen::Design | Screen::Train | Screen::Confusion => Vec::new(),
        }
    }

    fn ask(&mut self, question: Question, text: impl Into<String>) {
        self.overlay = Some(Overlay::Confirm(Confirm::new(question, text)));
    }
}
