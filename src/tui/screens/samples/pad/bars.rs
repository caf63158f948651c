//! The probabilities of the classes, and how they have changed.

use super::state::Said;
use crate::tui::shared::Shared;
use crate::tui::widgets::label::{bar, left, line};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

/// Cells of a probability and of its change.
const NUMBERS: usize = 8 + 9;
/// Cells of the longest bar.
const BAR: usize = 30;

/// A bar a class; where not all have room, those that matter most before or after the changes.
pub fn draw(said: &Said, frame: &mut Frame<'_>, area: Rect, shared: &Shared) {
    let theme = shared.theme;
    let width = usize::from(area.width);
    let shown = most_important(said, usize::from(area.height));
    let names = shown.iter().map(|class| shared.class_name(*class).width());
    let longest = names.max().unwrap_or(0);
    // The bar takes what the others leave, the name gives way to it.
    let name_width = longest.min(width.saturating_sub(2 + 5 + NUMBERS));
    let bar_width = width.saturating_sub(2 + name_width + 1 + NUMBERS).min(BAR);
    for (index, class) in shown.into_iter().enumerate() {
        let probability = |of: &[f32]| of.get(class).copied().unwrap_or_default();
        let now = probability(&said.now.probabilities);
        let change = now - probability(&said.original.probabilities);
        let is_taken = class == said.now.class;
        let style = if is_taken {
            theme.accent()
        } else {
            theme.dim()
        };
        let mark = if is_taken {
            theme.sign("▸ ", "> ")
        } else {
            "  "
        };
        let (change, change_style) = match 100.0 * change {
            change if change >= 0.05 => (
                format!("{} {change:>5.1}", theme.sign("▲", "+")),
                theme.good(),
            ),
            change if change <= -0.05 => (
                format!("{} {:>5.1}", theme.sign("▼", "-"), -change),
                theme.bad(),
            ),
            _ => (String::new(), theme.dim()),
        };
        let bar = left(&bar(f64::from(now), bar_width, theme), bar_width, theme);
        let row = vec![
            Span::styled(mark, style),
            Span::styled(left(&shared.class_name(class), name_width, theme), style),
            Span::styled(format!(" {bar}"), style),
            Span::styled(format!(" {:>5.1} %", 100.0 * now), style),
            Span::styled(format!("  {change}"), change_style),
        ];
        frame.render_widget(Line::from(row), line(area, index));
    }
}

/// At most `room` classes, in their order: the most probable ones of the picture or of the original.
fn most_important(said: &Said, room: usize) -> Vec<usize> {
    let (now, original) = (&said.now.probabilities, &said.original.probabilities);
    let mut classes: Vec<usize> = (0..now.len()).collect();
    if classes.len() > room {
        let weight = |class: usize| {
            let before = original.get(class).copied().unwrap_or_default();
            now[class].max(before)
        };
        classes.sort_by(|a, b| weight(*b).total_cmp(&weight(*a)).then(a.cmp(b)));
        classes.truncate(room);
        classes.sort_unstable();
    }
    classes
}
