//! What the network loses without what is muted, below the maps.

use super::state::Samples;
use crate::insight::{Muting, Unit, effect};
use crate::text::wrap;
use crate::tui::shared::Shared;
use crate::tui::widgets::area::below;
use crate::tui::widgets::label::{cut, line, plain};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;
use unicode_width::UnicodeWidthStr;

/// Draws it into the last lines of `area`, if anything is muted, and returns what is left above.
pub fn draw(samples: &Samples, frame: &mut Frame<'_>, area: Rect, shared: &Shared) -> Rect {
    let units = samples.muted.units();
    if units.is_empty() || area.height < 8 {
        return area;
    }
    let theme = shared.theme;
    let width = usize::from(area.width);
    let mut lines = vec![muted(units)];
    match samples.muted.effect() {
        None => lines.push("the validation images are evaluated without …".into()),
        Some(found) => lines.extend(told(found, width, shared)),
    }
    let lines: Vec<String> = lines
        .iter()
        .flat_map(|text| wrap(&plain(text, theme), width))
        .collect();
    let height = (lines.len() as u16).min(area.height / 2);
    let first = area.height - height;
    for (index, text) in lines.iter().take(usize::from(height)).enumerate() {
        let style = if index == 0 {
            theme.accent()
        } else {
            theme.text()
        };
        let text = cut(text, width, theme);
        frame.render_widget(Line::styled(text, style), line(below(area, first), index));
    }
    Rect {
        height: first.saturating_sub(1),
        ..area
    }
}

/// `muted: layer 2: 3, 7; layer 5: 0`.
fn muted(units: &[Unit]) -> String {
    let mut text = "muted: ".to_owned();
    let mut last = None;
    for unit in units {
        if last == Some(unit.layer) {
            text += &format!(", {}", unit.channel);
        } else {
            let between = if last.is_some() { "; " } else { "" };
            text += &format!("{between}layer {}: {}", unit.layer + 1, unit.channel);
        }
        last = Some(unit.layer);
    }
    text
}

fn told(found: &Muting, width: usize, shared: &Shared) -> Vec<String> {
    let mut lines = vec![effect(found)];
    let hurt = found
        .classes
        .iter()
        .filter(|class| class.after < class.before);
    let hurt = hurt.map(|class| {
        let name = shared.class_name(class.class);
        format!("{name} {:+.1} %", 100.0 * class.difference())
    });
    lines.extend(as_many_as_fit("hurt most: ", hurt, width));
    let wrong = found
        .cells
        .iter()
        .filter(|cell| cell.truth != cell.predicted);
    let cells = wrong.map(|cell| {
        format!(
            "{} taken for {} {} to {}",
            shared.class_name(cell.truth),
            shared.class_name(cell.predicted),
            cell.before,
            cell.after
        )
    });
    lines.extend(as_many_as_fit("changed: ", cells, width));
    lines
}

/// The first items after `head`, at least one if there are any, in a line of `width` cells.
fn as_many_as_fit(head: &str, items: impl Iterator<Item = String>, width: usize) -> Option<String> {
    let mut line: Option<String> = None;
    for item in items {
        let longer = match &line {
            None => format!("{head}{item}"),
            Some(line) => format!("{line}, {item}"),
        };
        if line.is_some() && longer.width() > width {
            break;
        }
        line = Some(longer);
    }
    line
}
