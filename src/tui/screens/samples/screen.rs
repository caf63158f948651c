//! The screen as the app sees it: its tab, and the `Screen` trait.

use super::keys::{IMAGES, KEYS, MAPS, PREVIEW, SamplesAction, VALUE};
use super::map_of_set::{self, MapAction, SET};
use super::pad::{self, PAD};
use super::preview::Images;
use super::state::Samples;
use super::{grid, maps, single, top};
use crate::explain::Subject;
use crate::tui::effect::Effect;
use crate::tui::keys::{Context, Key, find, rows};
use crate::tui::message::Answer;
use crate::tui::request::Request;
use crate::tui::screens::screen::{Panel, Screen, Tab};
use crate::tui::shared::Shared;
use crossterm::event::{KeyEvent, MouseEvent, MouseEventKind};
use ratatui::Frame;
use ratatui::layout::{Position, Rect};

/// The screen's tab.
pub const TAB: Tab = Tab {
    title: "Samples",
    panel: Some(Panel::BottomRight),
    keys: || [rows(KEYS), rows(map_of_set::KEYS), rows(pad::KEYS)].concat(),
    open: |_| Box::new(Samples::default()),
};

impl Screen for Samples {
    fn context(&self) -> Context {
        if self.pad.is_open() {
            PAD
        } else if self.set.is_open() {
            SET
        } else if self.inside.is_open() && self.chosen.cursor.is_some() {
            VALUE
        } else if self.inside.is_open() {
            MAPS
        } else if self.preview.is_open() {
            PREVIEW
        } else {
            IMAGES
        }
    }

    fn key(&mut self, key: KeyEvent, shared: &mut Shared) -> Option<Vec<Effect>> {
        let (context, key) = (self.context(), Key::of(key));
        if self.pad.is_open() {
            let action = find(pad::KEYS, context, key)?;
            return Some(self.update_pad(action, shared));
        }
        if self.set.is_open() {
            let action = find(map_of_set::KEYS, context, key)?;
            return Some(self.update_map(action, shared));
        }
        let action = find(KEYS, context, key)?;
        self.follow_design(&shared.designed.spec);
        Some(self.update(action, shared))
    }

    fn mouse(&mut self, mouse: MouseEvent, area: Rect, shared: &mut Shared) -> Vec<Effect> {
        let at = Position::new(mouse.column, mouse.row);
        if self.pad.is_open() {
            self.pad.mouse(mouse.kind, at, shared.theme);
            return self.wanted();
        }
        if self.set.is_open() {
            return match (mouse.kind, &self.view) {
                // The second click on an image enlarges it.
                (MouseEventKind::Down(_), Some(view))
                    if self.set.has(at) && !self.set.choose_at(at, view) =>
                {
                    self.update_map(MapAction::Enlarge, shared)
                }
                _ => Vec::new(),
            };
        }
        let open = self.inside.is_open();
        let preview = self.preview.is_open();
        let action = match mouse.kind {
            MouseEventKind::ScrollUp if preview => SamplesAction::EarlierEpochs,
            MouseEventKind::ScrollDown if preview => SamplesAction::LaterEpochs,
            MouseEventKind::Down(_) if preview => return Vec::new(),
            MouseEventKind::ScrollUp if self.context() == VALUE => SamplesAction::ValueUp,
            MouseEventKind::ScrollDown if self.context() == VALUE => SamplesAction::ValueDown,
            MouseEventKind::ScrollUp if open => SamplesAction::ScrollUp,
            MouseEventKind::ScrollDown if open => SamplesAction::ScrollDown,
            MouseEventKind::ScrollUp => SamplesAction::Up,
            MouseEventKind::ScrollDown => SamplesAction::Down,
            MouseEventKind::Down(_) if [MAPS, VALUE].contains(&self.context()) => {
                match self.click(at, shared.theme) {
                    Some(action) => action,
                    None => return Vec::new(),
                }
            }
            MouseEventKind::Down(_) if self.grid && !open => {
                match grid::hit(self, area, at) {
                    // The second click on a thumbnail enlarges it.
                    Some(position) if position == self.position => SamplesAction::Enlarge,
                    Some(position) => {
                        self.position = position;
                        return Vec::new();
                    }
                    None => return Vec::new(),
                }
            }
            _ => return Vec::new(),
        };
        self.update(action, shared)
    }

    fn needs_room(&self) -> bool {
        [PAD, SET, VALUE].contains(&self.context())
    }

    fn subject(&self, shared: &Shared) -> Subject {
        self.in_view(shared)
    }

    fn entered(&mut self, shared: &mut Shared) -> Vec<Effect> {
        self.view_changed(shared)
    }

    fn dismiss(&mut self) -> bool {
        self.chosen.end() || self.close_inside()
    }

    fn answer(&mut self, answer: &Answer, _shared: &mut Shared) {
        match answer {
            Answer::Inside { image, trace } => self.look_inside(*image, trace),
            Answer::Looked { image, map } => self.looked(*image, map),
            Answer::Muted(effect) => self.muting_known(effect),
            Answer::MapOfSet { ticket, news } => self.set.arrived(ticket, news),
            Answer::Predicted {
                version,
                predictions,
            } => self.pad.answered(*version, predictions),
            Answer::PictureLoaded { path, picture, .. } => self.pad.open_file(path, picture),
            Answer::Failed(problem) => {
                self.set.failed(problem);
                self.background_failed();
            }
            _ => {}
        }
    }

    fn follow(&mut self, shared: &mut Shared) -> Vec<Effect> {
        self.view_changed(shared)
    }

    fn serve(&mut self, request: &Request, shared: &mut Shared) -> bool {
        let Request::ShowImages { truth, predicted } = *request else {
            return false;
        };
        self.show_cell(truth, predicted, shared);
        true
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, shared: &Shared) {
        let area = area.intersection(frame.area());
        if let (true, Some(split)) = (self.pad.is_open(), &self.split) {
            pad::draw(&self.pad, frame, area, split, shared);
            return;
        }
        if let (true, Some(view)) = (self.set.is_open(), &self.view) {
            map_of_set::draw(&self.set, frame, area, view, shared);
            return;
        }
        if self.inside.is_open() {
            maps::draw(self, frame, area, shared);
            return;
        }
        if let (true, Some(data), Some(split), Some(image)) = (
            self.preview.is_open(),
            &self.data,
            &self.split,
            self.image(),
        ) {
            let images = Images { data, split, image };
            self.preview.draw(frame, area, images, shared);
            return;
        }
        let rest = top::draw(self, frame, area, shared);
        if self.images.is_empty() {
            top::empty(self, frame, rest, shared);
        } else if self.grid {
            grid::draw(self, frame, rest, shared);
        } else {
            single::draw(self, frame, rest, shared);
        }
    }
}
