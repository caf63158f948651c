//! A thin bar between a label and a number.

use crate::tui::theme::Theme;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

/// Draws `label ━━━━━━━───── text` in the first row of `area`; `share` is 0 to 1.
pub fn draw(frame: &mut Frame<'_>, area: Rect, theme: Theme, label: &str, share: f64, text: &str) {
    let area = Rect {
        height: area.height.min(1),
        ..area
    };
    let words = label.width() + text.width() + 2;
    let width = usize::from(area.width).saturating_sub(words);
    frame.render_widget(line(theme, label, share, width, text), area);
}

/// The same with a bar of `width` cells.
pub fn line<'a>(theme: Theme, label: &str, share: f64, width: usize, text: &str) -> Line<'a> {
    let full = (share.clamp(0.0, 1.0) * width as f64).floor() as usize;
    let rest = width.saturating_sub(full);
    Line::from(vec![
        Span::styled(format!("{label} "), theme.dim()),
        Span::styled(theme.sign("━", "=").repeat(full), theme.accent()),
        Span::styled(theme.sign("─", "-").repeat(rest), theme.dim()),
        Span::raw(format!(" {text}")),
    ])
}
