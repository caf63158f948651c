//! Draws why there is no data, and what to do.

use crate::text::escape_controls;
use crate::tui::shared::{DataState, Shared};
use crate::tui::widgets::area::below;
use crate::tui::widgets::gauge;
use crate::tui::widgets::label::{line, plain};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Paragraph, Wrap};
use unicode_width::UnicodeWidthStr;

/// Lines of the reason at most.
const REASON: u16 = 4;

/// Draws the text for the state of the data.
pub fn draw(frame: &mut Frame<'_>, area: Rect, shared: &Shared) {
    match &shared.data {
        DataState::Failed(reason) => failed(frame, area, reason, shared),
        DataState::Loading(share) => loading(frame, area, *share, shared),
        DataState::Ready { .. } => loading(frame, area, 1.0, shared),
    }
}

fn loading(frame: &mut Frame<'_>, area: Rect, share: f64, shared: &Shared) {
    let percent = format!("{:.0} %", 100.0 * share);
    let width = usize::from(area.width / 3);
    let lines = [
        Line::from("the images are being read").centered(),
        gauge::line(shared.theme, "", share, width, &percent).centered(),
    ];
    let top = area.height.saturating_sub(2) / 2;
    for (index, text) in lines.into_iter().enumerate() {
        frame.render_widget(text, line(below(area, top), index));
    }
}

fn failed(frame: &mut Frame<'_>, area: Rect, reason: &str, shared: &Shared) {
    let theme = shared.theme;
    let key = |key: &'static str| Span::styled(key, theme.accent());
    let dim = |text: &'static str| Span::styled(text, theme.dim());
    let reason = plain(&escape_controls(reason), theme);
    let width = usize::from(area.width).saturating_sub(8).max(1);
    let lines = (reason.width().div_ceil(width) as u16).clamp(1, REASON);
    frame.render_widget(
        Line::styled("the data could not be read", theme.bad()),
        line(area, 0),
    );
    let rest = below(area, 1);
    let place = Rect {
        height: lines.min(rest.height),
        ..rest
    };
    frame.render_widget(Paragraph::new(reason).wrap(Wrap { trim: true }), place);
    let help = [
        Line::from(vec![
            key("D"),
            dim("           fetches Fashion-MNIST over the network"),
        ]),
        Line::from(vec![
            key("--data DIR"),
            dim("  starts the program with the files of a folder"),
        ]),
    ];
    for (index, text) in help.into_iter().enumerate() {
        frame.render_widget(text, line(below(rest, lines + 1), index));
    }
}
