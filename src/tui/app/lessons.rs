//! Lessons: beginning one, playing it, giving back what was there before.

use super::{App, Effect, Overlay, Question, Request};
use crate::data::Dataset;
use crate::explain::lesson::{Lesson, Press, lessons};
use crate::tui::keys::{self, Key};
use crate::tui::lesson::{CONTEXT, KEYS, Lecture, LessonAction, Next, Player, Scene};
use crate::tui::overlays::LessonList;
use crate::tui::screens::{SCREENS, titles};
use crate::tui::shared::DataState;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use std::sync::Arc;

impl App {
    /// Begins a lesson as soon as there is data; without one, the list of lessons opens.
    pub fn learn(&mut self, lesson: Option<Lesson>) {
        match lesson {
            Some(lesson) => self.awaited_lesson = Some(Arc::new(lesson)),
            None => self.overlay = Some(Overlay::Lessons(LessonList::new(lessons(&titles())))),
        }
    }

    /// Opens the list of lessons, or asks whether to leave the one under way.
    pub(super) fn learn_or_leave(&mut self) {
        match &self.lecture {
            None => self.learn(None),
            Some(_) => self.ask(
                Question::LeaveLesson,
                "Leave the lesson? Your own network comes back.",
            ),
        }
    }

    /// Begins the lesson that waits for data, once that is there.
    fn begin_awaited(&mut self) -> Vec<Effect> {
        let is_decided = !matches!(self.shared.data, DataState::Loading(_));
        match self.awaited_lesson.take_if(|_| is_decided) {
            Some(lesson) => self.begin_lesson(lesson),
            None => Vec::new(),
        }
    }

    /// Begins a lesson.
    pub(super) fn begin_lesson(&mut self, lesson: Arc<Lesson>) -> Vec<Effect> {
        if self.shared.is_training() {
            let text =
                "a run is under way; a lesson trains its own: x on the Train screen stops it";
            self.shared.say(text);
            return Vec::new();
        }
        let Some(dataset) = self.shared.dataset().cloned() else {
            self.shared
                .say("a lesson needs data, and that is not there");
            return Vec::new();
        };
        self.overlay = None;
        let mut effects = self.leave_lesson();
        let data = lesson
            .images
            .filter(|images| *images < dataset.train.len())
            .map(|images| {
                let mut part = Dataset::clone(&dataset);
                part.limit_train(images);
                (dataset, Arc::new(part))
            });
        if let Some((_, part)) = &data {
            effects.extend(self.use_data(part));
        }
        // The lesson's keys must not change the user's network.
        let own = Box::new(self.shared.designed.spec.clone());
        self.offer(&Request::BorrowDesign(own));
        self.lecture = Some(Lecture {
            player: Player::new(lesson),
            seeds: std::mem::take(&mut self.shared.seeds),
            data,
        });
        effects.extend(self.play(|player, scene| player.begin(0, scene)));
        effects
    }

    /// Leaves the lesson and gives back what was there before.
    pub(super) fn leave_lesson(&mut self) -> Vec<Effect> {
        let Some(lecture) = self.lecture.take() else {
            return Vec::new();
        };
        self.shared.seeds = lecture.seeds;
        self.offer(&Request::ReturnDesign);
        self.shared.say("your own network is back");
        match (lecture.data, self.shared.dataset()) {
            // Other data may have come meanwhile: that stays.
            (Some((whole, part)), Some(now)) if Arc::ptr_eq(&part, now) => self.use_data(&whole),
            _ => Vec::new(),
        }
    }

    fn use_data(&mut self, dataset: &Arc<Dataset>) -> Vec<Effect> {
        if let DataState::Ready { dataset: now, .. } = &mut self.shared.data {
            *now = Arc::clone(dataset);
        }
        vec![Effect::UseData(Arc::clone(dataset))]
    }

    /// Lets the lesson take a step with what it sees, and does what it wants done.
    fn play(&mut self, step: impl FnOnce(&mut Player, Scene<'_>) -> Next) -> Vec<Effect> {
        let Some(lecture) = &mut self.lecture else {
            return Vec::new();
        };
        let scene = Scene {
            shared: &self.shared,
            screen: SCREENS[self.current].title,
            last_run: self.last_run,
        };
        match step(&mut lecture.player, scene) {
            Next::Nothing => Vec::new(),
            Next::Begin(spec) => {
                if let Some(spec) = spec {
                    self.offer(&Request::BorrowDesign(spec));
                }
                self.follow_lesson()
            }
            Next::Press => vec![Effect::Beat],
            Next::Leave => self.leave_lesson(),
        }
    }

    /// Takes a key of the lesson; none where the key is another one.
    pub(super) fn lesson_key(&mut self, key: Key) -> Option<Vec<Effect>> {
        let player = &mut self.lecture.as_mut()?.player;
        if player.is_pressing() && key != keys::ctrl('c') {
            return Some(Vec::new());
        }
        if !self.context().has_global_keys {
            return None;
        }
        let key = self.keymap.meant(CONTEXT, key)?;
        Some(match keys::find(KEYS, CONTEXT, key)? {
            LessonAction::GoOn => self.play(Player::go_on),
            LessonAction::GoBack => self.play(Player::go_back),
            LessonAction::Answer(choice) => {
                let player = &mut self.lecture.as_mut()?.player;
                if !player.predict(choice) {
                    return None;
                }
                self.play(Player::go_on)
            }
        })
    }

    /// Tells the lesson that the user pressed a key.
    pub(super) fn lesson_saw(&mut self, event: KeyEvent) -> Vec<Effect> {
        match press_of(event) {
            Some(press) => self.play(|player, scene| player.saw(press, scene)),
            None => Vec::new(),
        }
    }

    /// Tells the lesson that something has happened.
    pub(super) fn follow_lesson(&mut self) -> Vec<Effect> {
        let mut effects = self.begin_awaited();
        effects.extend(self.play(Player::follow));
        effects
    }

    /// Presses the lesson's next key.
    pub(super) fn beat(&mut self) -> Vec<Effect> {
        let Some(lecture) = &mut self.lecture else {
            return Vec::new();
        };
        match lecture.player.next_key() {
            Some(press) => {
                let mut effects = self.dispatch(event_of(press));
                effects.push(Effect::Beat);
                effects
            }
            None => self.play(Player::pressed),
        }
    }

    /// Goes on in the lesson, as by its key.
    pub(super) fn lesson_clicked(&mut self) -> Vec<Effect> {
        self.play(Player::go_on)
    }
}

/// The keys that are no letters, as lessons and terminals name them.
const KEY_CODES: [(Press, KeyCode); 12] = [
    (Press::Enter, KeyCode::Enter),
    (Press::Esc, KeyCode::Esc),
    (Press::Tab, KeyCode::Tab),
    (Press::Backspace, KeyCode::Backspace),
    (Press::Up, KeyCode::Up),
    (Press::Down, KeyCode::Down),
    (Press::Left, KeyCode::Left),
    (Press::Right, KeyCode::Right),
    (Press::Home, KeyCode::Home),
    (Press::End, KeyCode::End),
    (Press::PageUp, KeyCode::PageUp),
    (Press::PageDown, KeyCode::PageDown),
];

/// What a terminal would report for a key of a lesson.
fn event_of(press: Press) -> KeyEvent {
    let code = match press {
        Press::Char(letter) => KeyCode::Char(letter),
        press => {
            let found = KEY_CODES.iter().find(|(name, _)| *name == press);
            found.map_or(KeyCode::Null, |(_, code)| *code)
        }
    };
    KeyEvent::new(code, KeyModifiers::NONE)
}

/// The key of a lesson that a terminal reports.
fn press_of(event: KeyEvent) -> Option<Press> {
    match event.code {
        KeyCode::Char(letter) => Some(Press::Char(letter)),
        code => {
            let found = KEY_CODES.iter().find(|(_, other)| *other == code);
            found.map(|(press, _)| *press)
        }
    }
}
