//! The epochs that a run can be forked from, over the screen.

use super::state::Runs;
use crate::runs::GoingOn;
use crate::text::short_decimal;
use crate::tui::overlays::popup;
use crate::tui::request::{MORE_EPOCHS, Request};
use crate::tui::shared::Shared;
use crate::tui::widgets::label::{plain, right};
use crate::tui::widgets::window::window;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

impl Runs {
    /// Opens the list of the chosen run's epochs, or says why it cannot be forked.
    pub(super) fn open_forks(&mut self, shared: &mut Shared) {
        let Some(run) = self.chosen() else {
            return;
        };
        match run.kept_epochs().is_empty() {
            true => shared.say("this run has no checkpoint after an epoch to fork from"),
            false => self.fork = Some(0),
        }
    }

    /// Moves in the list.
    pub(super) fn move_in_forks(&mut self, step: isize) {
        let last = self.chosen().map_or(0, |run| run.kept_epochs().len());
        if let Some(row) = &mut self.fork {
            *row = row.saturating_add_signed(step).min(last.saturating_sub(1));
        }
    }

    /// Forks from the chosen epoch.
    pub(super) fn fork(&mut self, shared: &mut Shared) {
        let Some(row) = self.fork.take() else {
            return;
        };
        let Some(run) = self.chosen() else {
            return;
        };
        let (Ok(spec), Some(epoch)) = (&run.spec, run.kept_epochs().get(row).copied()) else {
            return;
        };
        // After the last epoch there is nothing left of what the run was to have.
        let is_last = epoch >= spec.epochs || run.is_complete() && epoch == run.epochs.len();
        let how = GoingOn {
            folder: run.path.clone(),
            fork_after: Some(epoch),
            more_epochs: if is_last { MORE_EPOCHS } else { 0 },
        };
        let request = Request::Continue(Box::new(spec.clone()), how);
        shared.requests.push(request);
    }

    /// Draws the list, if it is open.
    pub(super) fn draw_forks(&self, frame: &mut Frame<'_>, area: Rect, shared: &Shared) {
        let (Some(chosen), Some(run)) = (self.fork, self.chosen()) else {
            return;
        };
        let theme = shared.theme;
        let epochs = run.kept_epochs();
        let height = u16::try_from(epochs.len())
            .unwrap_or(u16::MAX)
            .saturating_add(3);
        let inner = popup(frame, area, (46, height), "Fork from epoch", shared);
        let mut lines = vec![Line::styled(
            "  epoch        validation  learning rate",
            theme.dim(),
        )];
        let rows = usize::from(inner.height.saturating_sub(1));
        let shown = window(chosen, rows, epochs.len());
        for (index, epoch) in epochs.iter().enumerate().take(shown.end).skip(shown.start) {
            let metrics = run.epochs.iter().find(|metrics| metrics.epoch == *epoch);
            let accuracy = metrics.map_or_else(String::new, |metrics| {
                plain(
                    &run.accuracy(metrics.validation_accuracy).to_string(),
                    theme,
                )
            });
            let rate =
                metrics.map_or_else(String::new, |metrics| short_decimal(metrics.learning_rate));
            let marker = match index == chosen {
                true => theme.sign("› ", "> "),
                false => "  ",
            };
            let text = [(epoch.to_string(), 5), (accuracy, 18), (rate, 15)];
            let text: String = text
                .iter()
                .map(|(text, width)| right(text, *width, theme))
                .collect();
            let line = Line::from(vec![Span::styled(marker, theme.accent()), Span::raw(text)]);
            lines.push(line.style(match index == chosen {
                true => theme.selected(),
                false => Style::new(),
            }));
        }
        frame.render_widget(Paragraph::new(lines), inner);
    }
}
