//! The screen as the app sees it: its tab, and the `Screen` trait.

use super::compare::CompareAction;
use super::comparing::follow_list;
use super::keys::{CONTEXT, FORKS, KEYS};
use super::rows::Row;
use super::state::Runs;
use super::{compare, detail, list};
use crate::explain::{Facts, Subject};
use crate::stats::Spread;
use crate::tui::effect::{Effect, Job};
use crate::tui::keys::{Context, Key, find, rows};
use crate::tui::message::Answer;
use crate::tui::request::Request;
use crate::tui::run_state::PastRun;
use crate::tui::screens::screen::{Screen, Tab};
use crate::tui::shared::Shared;
use crossterm::event::{KeyEvent, MouseEvent, MouseEventKind};
use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Position, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;
use std::sync::Arc;

/// The screen's tab.
pub const TAB: Tab = Tab {
    title: "Runs",
    panel: None,
    keys: || [rows(KEYS), rows(compare::KEYS)].concat(),
    open: |_| Box::new(Runs::default()),
};

impl Screen for Runs {
    fn context(&self) -> Context {
        match (&self.comparison, self.fork) {
            (Some(comparison), _) => comparison.context(),
            (None, Some(_)) => FORKS,
            (None, None) => CONTEXT,
        }
    }

    fn key(&mut self, key: KeyEvent, shared: &mut Shared) -> Option<Vec<Effect>> {
        let (context, key) = (self.context(), Key::of(key));
        if let Some(action) = find(compare::KEYS, context, key) {
            return Some(self.update_comparison(action, shared));
        }
        let action = find(KEYS, context, key)?;
        Some(self.update(action, shared))
    }

    fn subject(&self, _shared: &Shared) -> Subject {
        if self.comparison.is_some() {
            return Subject::named([self.context().title]);
        }
        let rows = self.rows();
        match rows.get(self.row(&rows)) {
            Some(Row::Run(run) | Row::Seed(run)) => {
                let subject = Subject::named([TAB.title]);
                let images = run.data.as_ref().map_or(0, |data| data.validation_images);
                match &run.spec {
                    Ok(spec) => subject
                        .with(Facts::of_training(spec))
                        .with(Facts::of_epochs(spec, &run.epochs, images)),
                    Err(_) => subject,
                }
            }
            Some(Row::Fold { fold, .. }) => {
                let last = |run: &Arc<PastRun>| Some(run.epochs.last()?.validation_accuracy);
                let accuracies: Vec<f64> = fold.runs.iter().filter_map(last).collect();
                let subject = Subject::named(["seeds"]);
                match Spread::of(&accuracies) {
                    Some(spread) => subject.with(Facts::of_seeds(&spread)),
                    None => subject,
                }
            }
            None => Subject::named([TAB.title]),
        }
    }

    fn entered(&mut self, _shared: &mut Shared) -> Vec<Effect> {
        vec![Job::ScanRuns.into()]
    }

    fn dismiss(&mut self) -> bool {
        self.back()
    }

    fn answer(&mut self, answer: &Answer, shared: &mut Shared) {
        if let Answer::Runs(runs) = answer {
            self.listed(runs);
            follow_list(runs, &mut shared.baseline);
        }
        if let Some(comparison) = &mut self.comparison {
            comparison.answer(answer);
        }
    }

    fn follow(&mut self, _shared: &mut Shared) -> Vec<Effect> {
        self.ask()
    }

    fn serve(&mut self, request: &Request, shared: &mut Shared) -> bool {
        let Request::CompareRuns([first, second]) = request else {
            return false;
        };
        self.open_comparison([first, second], shared)
    }

    fn mouse(&mut self, mouse: MouseEvent, area: Rect, shared: &mut Shared) -> Vec<Effect> {
        if let Some(comparison) = &mut self.comparison {
            match mouse.kind {
                MouseEventKind::ScrollUp => {
                    return comparison.update(CompareAction::Move(-1), shared);
                }
                MouseEventKind::ScrollDown => {
                    return comparison.update(CompareAction::Move(1), shared);
                }
                MouseEventKind::Down(_) => {
                    comparison.click(Position::new(mouse.column, mouse.row));
                }
                _ => {}
            }
            return Vec::new();
        }
        match mouse.kind {
            MouseEventKind::ScrollUp if self.fork.is_some() => self.move_in_forks(-1),
            MouseEventKind::ScrollDown if self.fork.is_some() => self.move_in_forks(1),
            MouseEventKind::Down(_) if self.fork.is_some() => self.fork = None,
            MouseEventKind::ScrollUp => self.step(-1),
            MouseEventKind::ScrollDown => self.step(1),
            MouseEventKind::Down(_) => {
                let rows = self.rows();
                let (table, _) = places(area);
                let at = Position::new(mouse.column, mouse.row);
                let row = list::row_at(table, rows.len(), self.row(&rows), at);
                let clicked = row.and_then(|row| rows.get(row)).map(Row::id);
                let again = clicked.is_some() && clicked == self.selected;
                self.selected = clicked.or(self.selected.take());
                if again && self.is_at_fold() {
                    self.toggle_fold();
                }
            }
            _ => {}
        }
        Vec::new()
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, shared: &Shared) {
        let area = area.intersection(frame.area());
        if let Some(comparison) = &self.comparison {
            comparison.draw(frame, area, shared);
            return;
        }
        match &shared.past_runs {
            None => draw_text(
                frame,
                area,
                vec![Line::styled("reading runs/ ...", shared.theme.dim())],
            ),
            Some(runs) if runs.is_empty() => {
                let theme = shared.theme;
                let how = Line::from(vec![
                    Span::styled("t", theme.accent()),
                    Span::raw(" trains the network of the Design screen"),
                ]);
                let kept = "every run is kept in a folder below runs/ and listed here";
                let lines = vec![Line::from("No runs yet"), Line::from(""), how];
                let lines = [lines, vec![Line::styled(kept, theme.dim())]].concat();
                draw_text(frame, area, lines);
            }
            Some(_) => {
                let rows = self.rows();
                let row = self.row(&rows);
                let (table, detail) = places(area);
                list::draw(frame, table, &rows, row, self.sort, shared);
                if let (Some(detail), Some(row)) = (detail, rows.get(row)) {
                    detail::draw(frame, detail, *row, shared.theme);
                }
                self.draw_forks(frame, area, shared);
            }
        }
    }
}

/// The list's place, and the details' where there is room for them.
fn places(area: Rect) -> (Rect, Option<Rect>) {
    if area.width >= 116 {
        let [list, detail] = Layout::horizontal([Constraint::Fill(3), Constraint::Fill(2)])
            .spacing(2)
            .areas(area);
        (list, Some(detail))
    } else if area.height >= 15 {
        let [list, detail] =
            Layout::vertical([Constraint::Fill(1), Constraint::Length(area.height / 2)])
                .areas(area);
        (list, Some(detail))
    } else {
        (area, None)
    }
}

fn draw_text(frame: &mut Frame<'_>, area: Rect, lines: Vec<Line<'_>>) {
    let height = (lines.len() as u16).min(area.height);
    let place = Rect {
        y: area.y + (area.height - height) / 2,
        height,
        ..area
    };
    frame.render_widget(Paragraph::new(lines).centered(), place);
}
