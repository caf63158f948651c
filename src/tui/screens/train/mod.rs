//! The Train screen: how the run is doing, its curves, and other runs beside it.

mod commands;
mod compare;
mod curves;
mod header;
mod pace;
mod picker;
mod smoothing;
mod table;
#[cfg(test)]
mod tests;

use crate::spec::Spec;
use crate::text::escape_controls;
use crate::tui::action::Action;
use crate::tui::effect::Effect;
use crate::tui::keys::{Binding, Context, Key};
use crate::tui::shared::{Request, Shared};
use compare::RunKey;
use crossterm::event::{KeyCode, KeyEvent, MouseEvent, MouseEventKind};
use curves::{View, ZOOM};
use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Margin, Position, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;
use smoothing::SMOOTHING;

/// More runs than this cannot be told apart by colour.
const MOST_COMPARED: usize = 6;

/// What can be done on this screen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum TrainAction {
    /// Pause the run, or go on.
    PauseOrResume,
    /// End the run with the running epoch.
    FinishEpoch,
    /// Stop the run now, after a question.
    Stop,
    /// Train the same network again, from another seed.
    Restart,
    /// Smooth the curves less.
    SmoothLess,
    /// Smooth the curves more.
    SmoothMore,
    /// Draw the loss on a logarithmic axis, or back.
    ToggleLogLoss,
    /// Show only the recent epochs, fewer with every step, then all again.
    Zoom,
    /// Show accuracy and loss, or one of them.
    NextView,
    /// Open the list of runs to compare with.
    OpenPicker,
    /// The run above.
    Up,
    /// The run below.
    Down,
    /// Lay the run over the curves, or take it away.
    Toggle,
    /// Take all runs away.
    ChooseNone,
    /// Close the list.
    ClosePicker,
}

const fn binding(
    context: Context,
    keys: &'static [Key],
    action: TrainAction,
    hint: &'static str,
    help: &'static str,
) -> Binding {
    Binding::new(context, keys, Action::Train(action), hint, help)
}

/// The screen's keys.
#[rustfmt::skip]
pub const KEYS: &[Binding] = {
    use Context::{Train, TrainPicker};
    use TrainAction as A;
    &[
        binding(Train, &[Key::char(' ')], A::PauseOrResume, "pause", "pause the run, or go on"),
        binding(Train, &[Key::char('f')], A::FinishEpoch, "finish", "finish this epoch, then stop"),
        binding(Train, &[Key::char('x')], A::Stop, "stop", "stop now (asks)"),
        binding(Train, &[Key::char('r')], A::Restart, "", "train the same network again, from another seed"),
        binding(Train, &[Key::char('c')], A::OpenPicker, "compare", "lay earlier runs over the curves"),
        binding(Train, &[Key::char('z')], A::Zoom, "zoom", "all epochs, or the last 100, 20, 10"),
        binding(Train, &[Key::char(']')], A::SmoothMore, "", "smooth the curves more"),
        binding(Train, &[Key::char('[')], A::SmoothLess, "", "smooth the curves less"),
        binding(Train, &[Key::char('l')], A::ToggleLogLoss, "", "loss on a logarithmic or a linear axis"),
        binding(Train, &[Key::char('m')], A::NextView, "", "accuracy and loss, or one of them"),
        binding(TrainPicker, &[Key::char(' ')], A::Toggle, "choose", "lay the run over the curves, or take it away"),
        binding(TrainPicker, &[Key::plain(KeyCode::Up), Key::char('k')], A::Up, "", "up"),
        binding(TrainPicker, &[Key::plain(KeyCode::Down), Key::char('j')], A::Down, "", "down"),
        binding(TrainPicker, &[Key::char('n')], A::ChooseNone, "none", "take all runs away"),
        binding(TrainPicker, &[Key::plain(KeyCode::Enter), Key::plain(KeyCode::Esc), Key::char('c'), Key::char('q')], A::ClosePicker, "close", "close the list"),
    ]
};

/// The screen's state.
#[derive(Debug, Default)]
pub struct Train {
    /// Position in [`SMOOTHING`].
    smoothing: usize,
    log_loss: bool,
    /// Position in [`ZOOM`].
    zoom: usize,
    view: View,
    /// Runs laid over the curves, in the order of their letters.
    compared: Vec<RunKey>,
    /// The chosen row of the list of runs, while it is open.
    picker: Option<usize>,
}

impl Train {
    /// Where keys go while this screen has them.
    pub fn context(&self) -> Context {
        match self.picker {
            Some(_) => Context::TrainPicker,
            None => Context::Train,
        }
    }

    /// Carries out an action.
    pub fn update(&mut self, action: TrainAction, shared: &mut Shared) -> Vec<Effect> {
        match action {
            TrainAction::PauseOrResume => return commands::pause_or_resume(shared),
            TrainAction::FinishEpoch => return commands::finish_epoch(shared),
            TrainAction::Stop => commands::stop(shared),
            TrainAction::Restart => shared.requests.push(Request::Restart),
            TrainAction::SmoothLess => self.smooth(self.smoothing.saturating_sub(1), shared),
            TrainAction::SmoothMore => self.smooth(self.smoothing + 1, shared),
            TrainAction::ToggleLogLoss => {
                self.log_loss = !self.log_loss;
                if self.view == View::Accuracy {
                    self.view = View::Both;
                }
                let axis = if self.log_loss {
                    "logarithmic"
                } else {
                    "linear"
                };
                shared.say(format!("loss on a {axis} axis"));
            }
            TrainAction::Zoom => self.set_zoom((self.zoom + 1) % ZOOM.len(), shared),
            TrainAction::NextView => {
                self.view = self.view.next();
                shared.say(self.view.title());
            }
            TrainAction::OpenPicker => {
                self.picker = Some(0);
                return vec![Effect::ScanRuns];
            }
            TrainAction::Up => self.move_in_picker(-1, shared),
            TrainAction::Down => self.move_in_picker(1, shared),
            TrainAction::Toggle => self.toggle(shared),
            TrainAction::ChooseNone => self.compared.clear(),
            TrainAction::ClosePicker => self.picker = None,
        }
        Vec::new()
    }

    fn smooth(&mut self, strength: usize, shared: &mut Shared) {
        self.smoothing = strength.min(SMOOTHING.len() - 1);
        shared.say(match SMOOTHING[self.smoothing] {
            0.0 => "curves as they are; ] smooths them".to_owned(),
            strength => format!("curves smoothed with {strength}; the raw ones are dim"),
        });
    }

    fn set_zoom(&mut self, zoom: usize, shared: &mut Shared) {
        self.zoom = zoom.min(ZOOM.len() - 1);
        shared.say(match ZOOM[self.zoom] {
            None => "all epochs".to_owned(),
            Some(last) => format!("the last {last} epochs"),
        });
    }

    fn move_in_picker(&mut self, step: isize, shared: &Shared) {
        let last = compare::candidates(shared).len().saturating_sub(1);
        if let Some(row) = &mut self.picker {
            *row = row.saturating_add_signed(step).min(last);
        }
    }

    /// Lays the run of the chosen row over the curves, or takes it away.
    fn toggle(&mut self, shared: &mut Shared) {
        let candidates = compare::candidates(shared);
        let Some(run) = self.picker.and_then(|row| candidates.get(row)) else {
            return;
        };
        if let Some(at) = self.compared.iter().position(|key| *key == run.key) {
            self.compared.remove(at);
            return;
        }
        if run.epochs.is_empty() {
            shared.say("this run has no finished epoch to show");
            return;
        }
        let key = run.key.clone();
        // Runs that are gone make room.
        self.compared
            .retain(|key| candidates.iter().any(|run| run.key == *key));
        if self.compared.len() < MOST_COMPARED {
            self.compared.push(key);
        } else {
            shared.say(format!("{MOST_COMPARED} runs at most; take one away first"));
        }
    }

    /// Takes a key that the key table has no action for, where text is typed.
    pub fn type_key(&mut self, _key: KeyEvent, _shared: &mut Shared) -> Vec<Effect> {
        Vec::new()
    }

    /// Takes a click or the wheel inside `area`, the one it was last drawn in.
    pub fn mouse(&mut self, mouse: MouseEvent, area: Rect, shared: &mut Shared) -> Vec<Effect> {
        let open = self.picker.is_some();
        match mouse.kind {
            MouseEventKind::ScrollUp if open => self.move_in_picker(-1, shared),
            MouseEventKind::ScrollDown if open => self.move_in_picker(1, shared),
            MouseEventKind::ScrollUp => self.set_zoom(self.zoom + 1, shared),
            MouseEventKind::ScrollDown => self.set_zoom(self.zoom.saturating_sub(1), shared),
            MouseEventKind::Down(_) => {
                if let Some(chosen) = self.picker {
                    let count = compare::candidates(shared).len();
                    let at = Position::new(mouse.column, mouse.row);
                    match picker::row_at(area, count, chosen, at) {
                        Some(row) => {
                            self.picker = Some(row);
                            self.toggle(shared);
                        }
                        None => self.picker = None,
                    }
                }
            }
            _ => {}
        }
        Vec::new()
    }

    /// Draws the screen; `next` is what a new run would train.
    pub fn draw(&self, frame: &mut Frame<'_>, area: Rect, shared: &Shared, next: &Spec) {
        let area = area.intersection(frame.area());
        let compared = compare::chosen(&self.compared, shared);
        let screen = area;
        // Room to breathe beside the border, where there is some.
        let margin = Margin::new(u16::from(area.width >= 70), 0);
        let area = area.inner(margin);
        if shared.run.is_none() && compared.is_empty() {
            draw_empty(frame, area, shared, next);
        } else {
            let rows = table::height(area.height, compared.len());
            let head = header::height(area, shared.run.as_ref());
            let [head, charts, table] = Layout::vertical([
                Constraint::Length(head),
                Constraint::Min(0),
                Constraint::Length(rows),
            ])
            .areas(area);
            match &shared.run {
                Some(run) => header::draw(frame, head, run, shared.theme),
                None => header::draw_without_run(frame, head, next, shared.theme),
            }
            self.draw_curves(frame, charts, shared, &compared);
            table::draw(frame, table, shared, &compared);
        }
        if let Some(row) = self.picker {
            picker::draw(frame, screen, shared, &self.compared, row);
        }
    }
}

/// What there is before the first run.
fn draw_empty(frame: &mut Frame<'_>, area: Rect, shared: &Shared, next: &Spec) {
    let theme = shared.theme;
    let key = |key: &'static str| Span::styled(key, theme.accent());
    let name = escape_controls(&next.name);
    let epochs = match next.epochs {
        1 => "1 epoch".to_owned(),
        epochs => format!("{epochs} epochs"),
    };
    let lines = vec![
        Line::styled("No run yet", theme.text()),
        Line::from(""),
        Line::from(vec![
            key("t"),
            Span::raw(format!(" trains {name}, {epochs}")),
        ]),
        Line::from(vec![
            key("1"),
            Span::styled(" changes the network", theme.dim()),
        ]),
        Line::from(vec![
            key("c"),
            Span::styled(" shows the curves of earlier runs", theme.dim()),
        ]),
    ];
    let height = (lines.len() as u16).min(area.height);
    let place = Rect {
        y: area.y + (area.height - height) / 2,
        height,
        ..area
    };
    frame.render_widget(Paragraph::new(lines).centered(), place);
}
