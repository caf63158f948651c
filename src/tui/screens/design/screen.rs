//! The screen as the app sees it: its tab, and the `Screen` trait.

use super::editor::Editor;
use super::keys::{KEYS, LIST, SWEEP_FORM};
use super::state::Design;
use crate::explain::Subject;
use crate::spec::Spec;
use crate::text::escape_controls;
use crate::tui::effect::Effect;
use crate::tui::keys::{Context, Key, find, rows};
use crate::tui::message::Answer;
use crate::tui::overlays::Question;
use crate::tui::request::Request;
use crate::tui::screens::screen::{Panel, Screen, Tab};
use crate::tui::shared::{Designed, Shared};
use crossterm::event::{KeyEvent, MouseEvent};
use ratatui::Frame;
use ratatui::layout::Rect;

/// The screen's tab.
pub const TAB: Tab = Tab {
    title: "Design",
    panel: Some(Panel::TopLeft),
    keys: || rows(KEYS),
    open: |shared| {
        let design = Design::default();
        design.publish(shared);
        Box::new(design)
    },
};

impl Design {
    /// Tells the other screens what would be trained.
    fn publish(&self, shared: &mut Shared) {
        shared.designed = Designed {
            spec: self.spec().clone(),
            has_unsaved_edits: self.has_unsaved_edits(),
            has_open_text: self.has_open_text(),
            own: self.own(),
            epoch_seconds: self.epoch_times.seconds(self.table.spec(), shared),
        };
    }

    /// Puts a network in place; where edits would be lost, it asks first. Returns whether it is in
    /// place.
    fn open_or_ask(&mut self, spec: Spec, shared: &mut Shared) -> bool {
        if !self.would_lose_edits() || spec == *self.spec() {
            self.open(spec);
            return true;
        }
        let text = format!(
            "{} has edits that are in no file. Put {} in its place? Undo brings it back.",
            self.title,
            escape_controls(&spec.title())
        );
        let question = Question::ReplaceDesign(Box::new(spec));
        shared.requests.push(Request::Ask(question, text));
        false
    }
}

impl Screen for Design {
    fn context(&self) -> Context {
        match &self.editor {
            // Text is typed there only while it is set up.
            Some(Editor::Sweep) if self.sweep.as_ref().is_some_and(|it| !it.has_results()) => {
                SWEEP_FORM
            }
            Some(editor) => editor.context(),
            None => LIST,
        }
    }

    fn key(&mut self, key: KeyEvent, shared: &mut Shared) -> Option<Vec<Effect>> {
        let mut effects = match (find(KEYS, self.context(), Key::of(key)), &mut self.editor) {
            (Some(action), _) => self.update(action, shared),
            // The global keys work there.
            (None, Some(Editor::Ladder | Editor::RateFinder)) => return None,
            (None, Some(Editor::Sweep)) => {
                let sweep = self.sweep.as_mut().filter(|sweep| !sweep.has_results());
                sweep?.type_key(key);
                Vec::new()
            }
            (None, Some(editor)) => {
                editor.type_key(key);
                self.compute();
                Vec::new()
            }
            (None, None) => return None,
        };
        self.publish(shared);
        effects.extend(self.follow(shared));
        Some(effects)
    }

    fn paste(&mut self, text: &str, shared: &mut Shared) {
        if let (Some(Editor::Sweep), Some(sweep)) = (&self.editor, &mut self.sweep) {
            sweep.paste(text);
        } else if let Some(editor) = &mut self.editor {
            editor.paste(text);
            self.compute();
            self.publish(shared);
        }
    }

    fn mouse(&mut self, mouse: MouseEvent, area: Rect, shared: &mut Shared) -> Vec<Effect> {
        let mut effects = self.take_mouse(mouse, area, shared);
        self.publish(shared);
        effects.extend(self.follow(shared));
        effects
    }

    fn dismiss(&mut self) -> bool {
        let is_closed = matches!(
            self.editor,
            Some(Editor::Ladder | Editor::Sweep | Editor::RateFinder)
        );
        if is_closed {
            self.editor = None;
        }
        is_closed
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, shared: &Shared) {
        self.draw_parts(frame, area, shared);
    }

    fn needs_room(&self) -> bool {
        matches!(
            self.editor,
            Some(Editor::Ladder | Editor::Sweep | Editor::RateFinder)
        )
    }

    fn subject(&self, shared: &Shared) -> Subject {
        self.under_cursor(shared)
    }

    fn answer(&mut self, answer: &Answer, shared: &mut Shared) {
        match answer {
            Answer::ModelLoaded { validated, .. } => {
                self.open_or_ask(validated.snapshot.info.spec.clone().into_spec(), shared);
            }
            Answer::DataReady { dataset, .. } => self.fit(dataset),
            Answer::SpecWritten(_) => self.saved(),
            Answer::Ablation(news) => {
                if let Some(ladder) = &mut self.ladder {
                    ladder.observe(news);
                }
            }
            Answer::Rate(news) => {
                if let Some(finder) = &mut self.rate_finder {
                    finder.observe(news);
                }
            }
            Answer::Sweep(news) => {
                if let Some(sweep) = &mut self.sweep {
                    sweep.observe(news);
                }
            }
            Answer::Specs(specs) => self.list_specs(specs.clone()),
            Answer::EpochTime {
                spec,
                dataset,
                time,
            } => self.epoch_times.answer(spec, dataset, *time),
            _ => {}
        }
        self.publish(shared);
    }

    fn follow(&mut self, shared: &mut Shared) -> Vec<Effect> {
        let effect = self.epoch_times.ask(self.table.spec(), shared);
        effect.into_iter().collect()
    }

    fn serve(&mut self, request: &Request, shared: &mut Shared) -> bool {
        let is_shown = match request {
            Request::BorrowDesign(spec) => {
                self.borrow((**spec).clone());
                true
            }
            Request::ReturnDesign => {
                self.give_back();
                false
            }
            Request::OpenSpec(spec) => {
                let is_open = self.open_or_ask((**spec).clone(), shared);
                if is_open {
                    shared.say(format!("opened {}", escape_controls(&spec.title())));
                }
                is_open
            }
            Request::ReplaceDesign(spec) => {
                shared.say(format!("opened {}", escape_controls(&spec.title())));
                self.open((**spec).clone());
                true
            }
            Request::ShowProblem(problem) => {
                self.show_problem(problem);
                true
            }
            Request::RestoreDesign(kept) => {
                self.restore((**kept).clone());
                false
            }
            Request::ChoosePreset => {
                self.open_picker(shared.dataset().map(|data| &**data));
                true
            }
            Request::DropText => {
                self.drop_text();
                false
            }
            _ => false,
        };
        self.publish(shared);
        is_shown
    }
}
