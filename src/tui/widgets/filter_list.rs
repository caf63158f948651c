//! Draws a filter and the entries of a list that match it.

use super::filter::Filter;
use super::scroll::scroll_to;
use super::text_field::TextField;
use crate::text::wrap;
use crate::tui::theme::Theme;
use crate::tui::widgets::label::cut_marked;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

/// The line the filter is typed in.
pub fn draw_filter(frame: &mut Frame<'_>, area: Rect, text: &TextField, label: &str, theme: Theme) {
    let mut line = Line::styled(format!("{label} "), theme.accent());
    let room = usize::from(area.width).saturating_sub(line.width());
    line.extend(text.spans(room, theme.text(), theme));
    let row = Rect {
        height: area.height.min(1),
        ..area
    };
    frame.render_widget(line, row.intersection(frame.area()));
}

/// The area below the filter's line.
pub fn below(area: Rect) -> Rect {
    Rect {
        y: area.y.saturating_add(area.height.min(1)),
        height: area.height.saturating_sub(1),
        ..area
    }
}

/// The entries that match, the chosen one marked; `text` returns the text of a position in the list and
/// whether it can be opened. `none` is shown where nothing matches.
pub fn draw_matches(
    frame: &mut Frame<'_>,
    area: Rect,
    filter: &Filter,
    none: &str,
    theme: Theme,
    text: impl Fn(usize) -> Option<(String, bool)>,
) {
    if area.is_empty() {
        return;
    }
    if filter.matches.is_empty() {
        let room = usize::from(area.width).saturating_sub(1);
        for (text, place) in wrap(none, room).into_iter().zip(area.rows()) {
            frame.render_widget(Line::styled(format!(" {text}"), theme.dim()), place);
        }
        return;
    }
    let height = usize::from(area.height);
    let wanted = filter.chosen..filter.chosen + 1;
    let first = scroll_to(&filter.scroll, wanted, filter.matches.len(), height);
    let shown = filter.matches.iter().enumerate();
    let lines: Vec<Line<'_>> = shown
        .skip(first)
        .take(height)
        .filter_map(|(index, item)| {
            let (text, can_be_opened) = text(*item)?;
            let text = cut_marked(&text, usize::from(area.width).saturating_sub(2), theme);
            let line = entry_line(text, index == filter.chosen, theme);
            Some(match can_be_opened {
                true => line,
                false => line.style(theme.bad()),
            })
        })
        .collect();
    frame.render_widget(Paragraph::new(lines), area);
}

fn entry_line<'a>(text: String, chosen: bool, theme: Theme) -> Line<'a> {
    if chosen {
        let mark = Span::styled(theme.sign("▌", ">"), theme.accent());
        Line::from(vec![mark, Span::raw(" "), Span::raw(text)]).style(theme.selected())
    } else {
        Line::from(format!("  {text}"))
    }
}
