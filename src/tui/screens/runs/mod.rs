//! The Runs screen: what is kept below `runs/`.

mod detail;
mod list;
#[cfg(test)]
mod tests;

use crate::text::escape_controls;
use crate::tui::action::Action;
use crate::tui::effect::Effect;
use crate::tui::keys::{Binding, Context, Key};
use crate::tui::overlays::Question;
use crate::tui::run_state::PastRun;
use crate::tui::shared::{Request, Shared};
use crossterm::event::{KeyCode, KeyEvent, MouseEvent, MouseEventKind};
use list::Sort;
use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Position, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Rows that PgUp and PgDn move by.
const PAGE: isize = 10;

/// What can be done on this screen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum RunsAction {
    /// Move this many rows down, or up.
    Move(isize),
    /// Sort by something else.
    NextSort,
    /// Load spec and best model.
    Open,
    /// Go on with an interrupted run.
    Continue,
    /// Delete the folder, after a question.
    Delete,
    /// Read the folders again.
    Reload,
}

const fn binding(
    keys: &'static [Key],
    action: RunsAction,
    hint: &'static str,
    help: &'static str,
) -> Binding {
    Binding::new(Context::Runs, keys, Action::Runs(action), hint, help)
}

/// The screen's keys.
#[rustfmt::skip]
pub const KEYS: &[Binding] = {
    use RunsAction as A;
    &[
        binding(&[Key::plain(KeyCode::Enter)], A::Open, "load", "load the run's network and its best model"),
        binding(&[Key::char('c')], A::Continue, "go on", "go on with a run that was interrupted"),
        binding(&[Key::char('o')], A::NextSort, "sort", "sort by age, accuracy or training time"),
        binding(&[Key::char('d'), Key::plain(KeyCode::Delete)], A::Delete, "delete", "delete the run's folder (asks)"),
        binding(&[Key::plain(KeyCode::Up), Key::char('k')], A::Move(-1), "", "up"),
        binding(&[Key::plain(KeyCode::Down), Key::char('j')], A::Move(1), "", "down"),
        binding(&[Key::plain(KeyCode::PageUp)], A::Move(-PAGE), "", "ten up"),
        binding(&[Key::plain(KeyCode::PageDown)], A::Move(PAGE), "", "ten down"),
        binding(&[Key::plain(KeyCode::Home), Key::char('g')], A::Move(isize::MIN), "", "first"),
        binding(&[Key::plain(KeyCode::End), Key::char('G')], A::Move(isize::MAX), "", "last"),
        binding(&[Key::char('R')], A::Reload, "", "read the folders again"),
    ]
};

/// The screen's state.
#[derive(Debug, Default)]
pub struct Runs {
    sort: Sort,
    /// The chosen run's folder: it stays chosen when the list is read or sorted again.
    selected: Option<PathBuf>,
    /// The row it had last: what moves up when it is deleted is chosen next.
    last_row: usize,
}

impl Runs {
    /// Takes the list of runs that was just read.
    pub fn listed(&mut self, runs: &[Arc<PastRun>]) {
        let is_there = |path: &PathBuf| runs.iter().any(|run| run.path == *path);
        if !self.selected.as_ref().is_some_and(is_there) {
            let runs = list::sorted(runs, self.sort);
            let row = self.last_row.min(runs.len().saturating_sub(1));
            self.selected = runs.get(row).map(|run| run.path.clone());
        }
    }

    /// Where keys go while this screen has them.
    pub fn context(&self) -> Context {
        Context::Runs
    }

    /// Carries out an action.
    pub fn update(&mut self, action: RunsAction, shared: &mut Shared) -> Vec<Effect> {
        match action {
            RunsAction::Move(step) => self.step(step, shared),
            RunsAction::NextSort => {
                self.sort = self.sort.next();
                shared.say(format!("sorted by {}", self.sort.title()));
            }
            RunsAction::Open => return self.open(shared),
            RunsAction::Continue => self.go_on(shared),
            RunsAction::Delete => return self.delete(shared),
            RunsAction::Reload => {
                shared.say("reading runs/");
                return vec![Effect::ScanRuns];
            }
        }
        Vec::new()
    }

    fn step(&mut self, step: isize, shared: &Shared) {
        let runs = self.runs(shared);
        let last = runs.len().saturating_sub(1);
        let row = self.row(&runs).saturating_add_signed(step).min(last);
        self.selected = runs.get(row).map(|run| run.path.clone());
        self.last_row = row;
    }

    /// The runs in the order they are shown.
    fn runs<'a>(&self, shared: &'a Shared) -> Vec<&'a PastRun> {
        list::sorted(shared.past_runs.as_deref().unwrap_or_default(), self.sort)
    }

    /// The chosen row.
    fn row(&self, runs: &[&PastRun]) -> usize {
        let chosen = |run: &&PastRun| Some(&run.path) == self.selected.as_ref();
        runs.iter().position(chosen).unwrap_or(0)
    }

    fn open(&mut self, shared: &mut Shared) -> Vec<Effect> {
        let runs = self.runs(shared);
        let Some(run) = runs.get(self.row(&runs)) else {
            return Vec::new();
        };
        match &run.spec {
            Err(reason) => {
                let text = format!("{} cannot be read: {reason}", run.name);
                shared.say(text);
            }
            Ok(_) if run.has_model => {
                let text = format!("loading the best model of {}", run.name);
                let path = run.path.join("best.safetensors");
                shared.say(text);
                return vec![Effect::LoadModel(path)];
            }
            Ok(spec) => {
                let request = Request::OpenSpec(Box::new(spec.clone().into_spec()));
                shared.requests.push(request);
            }
        }
        Vec::new()
    }

    fn go_on(&mut self, shared: &mut Shared) {
        let runs = self.runs(shared);
        let Some(run) = runs.get(self.row(&runs)) else {
            return;
        };
        let why_not = match &run.spec {
            Ok(spec) if run.can_go_on() => {
                let request = Request::Continue(Box::new(spec.clone()), run.path.clone());
                shared.requests.push(request);
                return;
            }
            Err(reason) => format!("{} cannot be read: {reason}", run.name),
            Ok(_) if run.in_use => "this run is under way".to_owned(),
            Ok(spec) if run.epochs.len() >= spec.epochs => {
                "this run is complete; Enter loads it, t trains its network anew".to_owned()
            }
            Ok(_) => "this run has no checkpoint; Enter opens its network, t trains it".to_owned(),
        };
        shared.say(why_not);
    }

    fn delete(&mut self, shared: &mut Shared) -> Vec<Effect> {
        let runs = self.runs(shared);
        let Some(run) = runs.get(self.row(&runs)) else {
            return Vec::new();
        };
        if is_under_way(&run.path, shared) {
            shared.say("this run is under way; x on the Train screen stops it");
            return Vec::new();
        }
        let epochs = match run.epochs.len() {
            1 => "1 epoch".to_owned(),
            count => format!("{count} epochs"),
        };
        let path = escape_controls(&run.path.display().to_string());
        let text = format!("Delete {path} with its models and the metrics of {epochs}?");
        let question = Question::DeleteRun(run.path.clone());
        self.last_row = self.row(&runs);
        shared.requests.push(Request::Ask(question, text));
        Vec::new()
    }

    /// Takes a key that the key table has no action for, where text is typed.
    pub fn type_key(&mut self, _key: KeyEvent, _shared: &mut Shared) -> Vec<Effect> {
        Vec::new()
    }

    /// Takes a click or the wheel inside `area`, the one it was last drawn in.
    pub fn mouse(&mut self, mouse: MouseEvent, area: Rect, shared: &mut Shared) -> Vec<Effect> {
        match mouse.kind {
            MouseEventKind::ScrollUp => self.step(-1, shared),
            MouseEventKind::ScrollDown => self.step(1, shared),
            MouseEventKind::Down(_) => {
                let runs = self.runs(shared);
                let (table, _) = places(area);
                let at = Position::new(mouse.column, mouse.row);
                let row = list::row_at(table, runs.len(), self.row(&runs), at);
                if let Some(run) = row.and_then(|row| runs.get(row)) {
                    self.selected = Some(run.path.clone());
                }
            }
            _ => {}
        }
        Vec::new()
    }

    /// Draws the screen.
    pub fn draw(&self, frame: &mut Frame<'_>, area: Rect, shared: &Shared) {
        let area = area.intersection(frame.area());
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
                let runs = self.runs(shared);
                let row = self.row(&runs);
                let (table, detail) = places(area);
                list::draw(frame, table, &runs, row, self.sort, shared);
                if let (Some(detail), Some(run)) = (detail, runs.get(row)) {
                    detail::draw(frame, detail, run, shared.theme);
                }
            }
        }
    }
}

/// Whether this is the folder of the run that is training.
fn is_under_way(path: &Path, shared: &Shared) -> bool {
    let run = shared.run.as_ref().filter(|run| run.is_active());
    let folder = run.and_then(|run| run.start.as_ref()?.folder.as_deref());
    folder == Some(path)
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
