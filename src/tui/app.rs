//! The app's state and what changes it. No I/O: a test needs no terminal.

mod actions;
mod draw;
mod fetch;
mod lessons;
mod messages;
mod profile;
mod requests;
mod time;
mod welcome;

use super::action::Action;
use super::effect::{Effect, Job};
use super::kept_design::KeptDesign;
use super::keys::{self, Context, Key, Keymap};
use super::lesson::Lecture;
use super::message::Message;
use super::overlays::{
    Commands, Confirm, Explanation, Help, LayersView, Overlay, PathField, ProfileTable, Purpose,
    Question, RunLabel,
};
use super::request::Request;
use super::screens::{SCREENS, Screen};
use super::shared::{DataState, Shared};
use super::theme::{Depth, Theme};
use super::widgets::slider::Drawn;
use crate::explain::lesson::Lesson;
use crate::runs::runs_folder;
use crossterm::event::{
    Event as TerminalEvent, KeyEvent, KeyEventKind, MouseEvent, MouseEventKind,
};
use ratatui::layout::{Position, Rect};
use std::cell::RefCell;
use std::sync::Arc;

/// Everything the screens show.
#[derive(Debug)]
pub struct App {
    /// What all screens read.
    pub shared: Shared,
    /// Which keys do what.
    pub keymap: &'static Keymap,
    /// In the order of [`SCREENS`].
    screens: Vec<Box<dyn Screen>>,
    /// Position of the screen that has the keys.
    current: usize,
    overlay: Option<Overlay>,
    /// Whether the screen is shown alone where there is room for more.
    is_alone: bool,
    /// Number of the last run that was started.
    last_run: u64,
    /// Number of the run that records where its time goes.
    recording: Option<u64>,
    /// The epoch that the screens were told of.
    epoch_in_view: Option<usize>,
    /// Whether the knob of the slider is held by the mouse.
    holds_slider: bool,
    /// The lesson under way.
    lecture: Option<Lecture>,
    /// A lesson that begins once there is data.
    awaited_lesson: Option<Arc<Lesson>>,
    /// The edited network as it is kept, where it is.
    kept: Option<KeptDesign>,
    /// What was in use before other data was asked for, until that is there.
    data_before: Option<DataState>,
    /// Where things were drawn last, for the mouse.
    places: RefCell<Places>,
}

/// Where things were drawn last, with the positions of their screens.
#[derive(Debug, Default)]
struct Places {
    tabs: Vec<(usize, Rect)>,
    hints: Vec<(Key, Rect)>,
    screens: Vec<(usize, Rect)>,
    /// Whether there is room for several screens at once.
    is_large: bool,
    /// The slider, while it is shown.
    slider: Option<Drawn>,
    lesson: Rect,
}

impl App {
    /// An app with nothing loaded.
    pub fn new(theme: Theme) -> Self {
        let mut shared = Shared::new(theme);
        let screens = SCREENS.iter().map(|tab| (tab.open)(&mut shared)).collect();
        Self {
            screens,
            shared,
            keymap: keys::standard(),
            current: 0,
            overlay: None,
            is_alone: false,
            last_run: 0,
            recording: None,
            epoch_in_view: None,
            holds_slider: false,
            lecture: None,
            awaited_lesson: None,
            kept: None,
            data_before: None,
            places: RefCell::default(),
        }
    }

    /// Where keys go.
    pub fn context(&self) -> Context {
        match &self.overlay {
            Some(overlay) => overlay.context(),
            None => self.screens[self.current].context(),
        }
    }

    /// Number of the last run that was started.
    pub fn last_run(&self) -> u64 {
        self.last_run
    }

    /// Handles a message; returns what is to be done outside.
    pub fn receive(&mut self, message: Message) -> Vec<Effect> {
        let mut effects = self.handle(message);
        effects.extend(self.follow_lesson());
        effects.extend(self.keep_design());
        effects
    }

    fn handle(&mut self, message: Message) -> Vec<Effect> {
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
                self.run_event(id, *event);
                self.follow(Vec::new())
            }
            Message::Answer(answer) => {
                let effects = self.answer(answer);
                self.follow(effects)
            }
            Message::Beat => self.beat(),
            Message::Written => Vec::new(),
            Message::Suspend => vec![Effect::Suspend],
            Message::Continued => vec![Effect::Restore],
            Message::Terminate => vec![Effect::Quit],
        }
    }

    /// Tells every screen that the shared state may have changed.
    fn follow(&mut self, mut effects: Vec<Effect>) -> Vec<Effect> {
        for screen in &mut self.screens {
            effects.extend(screen.follow(&mut self.shared));
        }
        self.after(effects)
    }

    fn key(&mut self, event: KeyEvent) -> Vec<Effect> {
        let key = Key::of(event);
        // In a text it takes the last change back.
        if key == keys::ctrl('z') && !self.context().takes_text {
            return vec![Effect::Suspend];
        }
        if self.overlay.is_none()
            && let Some(effects) = self.lesson_key(key)
        {
            return effects;
        }
        let view = |app: &Self| (app.current, app.screens[app.current].context());
        let (before, status) = (view(self), self.shared.status.clone());
        let Some(event) = self.meant(event) else {
            return Vec::new();
        };
        let mut effects = self.dispatch(event);
        // What was said of a view does not outlive it.
        if view(self) != before && self.shared.status == status {
            self.shared.status.clear();
        }
        effects.extend(self.lesson_saw(event));
        effects
    }

    /// The key that the screens know for the user's. One that has lost its action is at most typed.
    fn meant(&mut self, event: KeyEvent) -> Option<KeyEvent> {
        let key = Key::of(event);
        match self.keymap.meant(self.context(), key) {
            Some(meant) if meant == key => Some(event),
            Some(meant) => Some(meant.event()),
            None => {
                if let Some(letter) = key.typed() {
                    self.paste(letter.encode_utf8(&mut [0; 4]));
                }
                None
            }
        }
    }

    /// Gives a key to the overlay, to the screen, or to what works everywhere.
    fn dispatch(&mut self, event: KeyEvent) -> Vec<Effect> {
        let (context, key) = (self.context(), Key::of(event));
        if let Some(overlay) = &mut self.overlay {
            let action = keys::find(overlay.keys(), context, key);
            match (action, overlay) {
                (Some(action), _) => return self.update(action),
                // Whoever knows the keys need not wait: what works on Design works here.
                (None, Overlay::Home(_)) => {
                    self.overlay = None;
                    return match self.meant(event) {
                        Some(event) => self.dispatch(event),
                        None => Vec::new(),
                    };
                }
                (None, overlay) => {
                    overlay.type_key(event);
                    return Vec::new();
                }
            }
        }
        if let Some(effects) = self.screens[self.current].key(event, &mut self.shared) {
            return self.after(effects);
        }
        let action = keys::find(keys::global(), Context::GLOBAL, key);
        match action.filter(|_| context.has_global_keys) {
            Some(action) => self.update(action),
            None => Vec::new(),
        }
    }

    /// Pasted text goes where text is typed, and is never taken for keys with an action.
    fn paste(&mut self, text: &str) {
        match &mut self.overlay {
            Some(overlay) => overlay.paste(text),
            None => self.screens[self.current].paste(text, &mut self.shared),
        }
    }

    fn mouse(&mut self, mouse: MouseEvent) -> Vec<Effect> {
        let at = Position::new(mouse.column, mouse.row);
        let clicked = matches!(mouse.kind, MouseEventKind::Down(_));
        let hint = under(&self.places.borrow().hints, at).filter(|_| clicked);
        if let Some(key) = hint {
            return self.key(key.event());
        }
        if self.overlay.is_some() {
            return self.mouse_over(mouse, at);
        }
        let slider = self.places.borrow().slider;
        if let Some(slider) = slider
            && self.context().has_global_keys
            && self.slide(mouse, slider)
        {
            return self.after(Vec::new());
        }
        let tab = under(&self.places.borrow().tabs, at);
        let place = {
            let places = self.places.borrow();
            let mut screens = places.screens.iter();
            screens.find(|(_, area)| area.contains(at)).copied()
        };
        if clicked && self.lecture.is_some() && self.places.borrow().lesson.contains(at) {
            return self.lesson_clicked();
        }
        if let (Some(screen), true) = (tab, clicked) {
            return self.update(Action::Go(screen));
        }
        let Some((screen, area)) = place else {
            return Vec::new();
        };
        let mut effects = Vec::new();
        if clicked && screen != self.current && self.context().has_global_keys {
            effects = self.update(Action::Go(screen));
        }
        effects.extend(self.screens[screen].mouse(mouse, area, &mut self.shared));
        self.after(effects)
    }

    /// Takes the mouse while something is open.
    fn mouse_over(&mut self, mouse: MouseEvent, at: Position) -> Vec<Effect> {
        let tab = under(&self.places.borrow().tabs, at);
        let Some(overlay) = &mut self.overlay else {
            return Vec::new();
        };
        let action = match mouse.kind {
            MouseEventKind::ScrollUp => Some(Action::Up),
            MouseEventKind::ScrollDown => Some(Action::Down),
            MouseEventKind::Down(_) => match tab {
                Some(screen) if overlay.may_be_left() => {
                    self.overlay = None;
                    Some(Action::Go(screen))
                }
                Some(_) => None,
                None => overlay.click(at),
            },
            _ => None,
        };
        action.map_or_else(Vec::new, |action| self.update(action))
    }

    /// Carries out an action.
    pub fn update(&mut self, action: Action) -> Vec<Effect> {
        let shared = &mut self.shared;
        let effects = match action {
            Action::Go(screen) => self.go(screen),
            Action::NextScreen => self.go((self.current + 1) % self.screens.len()),
            Action::PreviousScreen => {
                let count = self.screens.len();
                self.go((self.current + count - 1) % count)
            }
            Action::StartTraining => self.start_training(),
            Action::SaveModel => self.ask_where_to_save(),
            Action::LoadModel => {
                let text = format!("{}/", runs_folder().display());
                self.overlay = Some(Overlay::Path(PathField::new(Purpose::LoadModel, &text)));
                Vec::new()
            }
            Action::ShowFetch => {
                self.overlay = Some(Overlay::Fetch);
                Vec::new()
            }
            Action::StartFetch => self.start_fetch(),
            Action::StopFetch => self.stop_fetch(),
            Action::Explain => {
                self.explain();
                Vec::new()
            }
            Action::Learn => {
                self.learn_or_leave();
                Vec::new()
            }
            Action::FindAction => {
                self.overlay = Some(Overlay::Commands(Commands::new(
                    self.context(),
                    self.keymap.index(),
                )));
                Vec::new()
            }
            Action::Begin(start) => self.begin(start),
            Action::Open => match &mut self.overlay {
                Some(Overlay::Home(home)) => {
                    let start = home.chosen();
                    self.begin(start)
                }
                Some(Overlay::Lessons(list)) => match list.chosen().cloned() {
                    Some(lesson) => self.begin_lesson(lesson),
                    None => Vec::new(),
                },
                _ => {
                    self.move_in_overlay(action);
                    Vec::new()
                }
            },
            Action::Back => {
                let goes_on = match &mut self.overlay {
                    Some(Overlay::Explanation(page)) => page.back(),
                    _ => false,
                };
                if !goes_on {
                    self.overlay = None;
                }
                Vec::new()
            }
            Action::Help => {
                let context = self.context();
                let rows = self.keymap.rows_of(context);
                let help = Help::new(context, rows, self.keymap.index());
                self.overlay = Some(Overlay::Help(help));
                Vec::new()
            }
            Action::ShowAlone => {
                self.is_alone = !self.is_alone;
                shared.say(match (self.is_alone, self.places.borrow().is_large) {
                    (_, false) => {
                        "in a terminal of 120×36 characters or more Z shows four screens at once"
                    }
                    (true, true) => "this screen alone; Z shows all four again",
                    (false, true) => "all four; Z shows one alone",
                });
                Vec::new()
            }
            Action::NextTheme => {
                if shared.theme.depth == Depth::None {
                    shared.say("no colours here (NO_COLOR), so no themes: bold and reversed letters say it all");
                } else {
                    shared.theme = shared.theme.next();
                    shared.say(format!("theme: {}", shared.theme.name()));
                }
                Vec::new()
            }
            Action::Dismiss => {
                // An error on the start screen says that this key dismisses it.
                if !matches!(self.overlay.take(), Some(open) if !open.is_home()) {
                    if !shared.errors.is_empty() {
                        shared.errors.remove(0);
                    } else if !self.screens[self.current].dismiss()
                        && !shared.time.to_now()
                        && self.lecture.is_some()
                    {
                        self.learn_or_leave();
                    }
                }
                Vec::new()
            }
            Action::EarlierEpoch | Action::LaterEpoch => {
                self.travel(action == Action::LaterEpoch);
                Vec::new()
            }
            Action::Quit => self.quit(),
            Action::Yes => self.confirmed(),
            Action::No => {
                self.overlay = None;
                Vec::new()
            }
            Action::Accept => match &self.overlay {
                Some(Overlay::Commands(commands)) => match commands.chosen() {
                    Some(row) => self.do_action(row),
                    None => Vec::new(),
                },
                _ => self.accept(),
            },
            Action::Complete => match &self.overlay {
                Some(Overlay::Path(field)) => {
                    vec![Job::CompletePath(field.field.text().to_owned()).into()]
                }
                _ => Vec::new(),
            },
            Action::ToggleBest => {
                self.toggle_best();
                Vec::new()
            }
            Action::Up
            | Action::Down
            | Action::PageUp
            | Action::PageDown
            | Action::Next
            | Action::Previous => {
                self.move_in_overlay(action);
                Vec::new()
            }
        };
        self.after(effects)
    }

    /// Carries out the requests of the screens.
    fn after(&mut self, mut effects: Vec<Effect>) -> Vec<Effect> {
        while !self.shared.requests.is_empty() {
            for request in std::mem::take(&mut self.shared.requests) {
                effects.extend(self.carry_out(request));
            }
            for screen in &mut self.screens {
                effects.extend(screen.follow(&mut self.shared));
            }
        }
        effects.extend(self.follow_time());
        effects.extend(self.record_profile());
        effects
    }

    /// Offers a request to every screen, and goes to the one that serves it.
    fn offer(&mut self, request: &Request) {
        for (index, screen) in self.screens.iter_mut().enumerate() {
            if screen.serve(request, &mut self.shared) {
                self.current = index;
            }
        }
    }

    fn go(&mut self, screen: usize) -> Vec<Effect> {
        self.current = screen;
        self.screens[screen].entered(&mut self.shared)
    }

    fn move_in_overlay(&mut self, action: Action) {
        match &mut self.overlay {
            Some(Overlay::Help(help)) => help.scroll(action),
            Some(Overlay::RunLabel(label)) => label.switch(),
            Some(Overlay::Home(home)) => {
                home.step(matches!(action, Action::Next | Action::Down));
            }
            Some(Overlay::Commands(commands)) => commands.step(action),
            Some(Overlay::Profile(table)) => table.scroll(action),
            Some(Overlay::Layers(view)) => view.choose(action),
            Some(Overlay::Explanation(page)) => page.update(action),
            Some(Overlay::Lessons(list)) => {
                list.step(matches!(action, Action::Next | Action::Down));
            }
            _ => {}
        }
    }

    /// Explains what the cursor is on.
    fn explain(&mut self) {
        let subject = self.screens[self.current].subject(&self.shared);
        let mut facts = self.shared.facts();
        facts.add(subject.facts.clone());
        let page = Explanation::new(subject.topic(), facts);
        self.overlay = Some(Overlay::Explanation(page));
    }

    fn ask(&mut self, question: Question, text: impl Into<String>) {
        self.overlay = Some(Overlay::Confirm(Confirm::new(question, text)));
    }
}

/// What was drawn at a place.
fn under<T: Copy>(places: &[(T, Rect)], at: Position) -> Option<T> {
    let found = places.iter().find(|(_, area)| area.contains(at));
    found.map(|(what, _)| *what)
}
