//! Draws examples of the chosen class.

use super::facts::Facts;
use super::list::color;
use super::plan::Plan;
use super::state::Data;
use crate::text::grouped;
use crate::tui::shared::Shared;
use crate::tui::widgets::area::below;
use crate::tui::widgets::label::{cut, line};
use crate::tui::widgets::picture::{Picture, natural};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

/// Draws the line that says what is shown, and below it a page of the class's images.
pub fn draw(screen: &Data, frame: &mut Frame<'_>, area: Rect, facts: &Facts, shared: &Shared) {
    let theme = shared.theme;
    if area.is_empty() {
        return;
    }
    let grid = below(area, 1);
    let (split, _) = facts.split(screen.kind);
    let Some(plan) = Plan::of(grid, split, theme) else {
        return;
    };
    let page = plan.page();
    screen.page.set(page);
    let first = screen.position / page * page;
    let shown = screen.images.iter().skip(first).take(page);
    title(
        screen,
        frame,
        line(area, 0),
        (first, shown.len()),
        facts,
        shared,
    );
    for (index, image) in shown.enumerate() {
        let image = *image as usize;
        if image >= split.len() {
            continue;
        }
        let (levels, tint) = natural(split, split.image(image));
        let picture = Picture {
            levels: &levels,
            width: split.width,
            height: split.height,
            tint,
        };
        picture.draw(frame.buffer_mut(), plan.place(grid, index), theme);
    }
}

/// `training images 1 to 6 of 400  Bag`.
fn title(
    screen: &Data,
    frame: &mut Frame<'_>,
    at: Rect,
    (first, shown): (usize, usize),
    facts: &Facts,
    shared: &Shared,
) {
    let theme = shared.theme;
    let room = usize::from(at.width);
    let kind = screen.kind.name();
    let number = |number: usize| grouped(number as u64);
    let (text, short) = if shown == 0 {
        (
            format!("no {kind} images; v shows {}", screen.kind.other().name()),
            format!("no {kind} images"),
        )
    } else {
        let (from, to) = (number(first + 1), number(first + shown));
        let of = number(screen.images.len());
        (
            format!("{kind} images {from} to {to} of {of}"),
            format!("{kind} {from} to {to} of {of}"),
        )
    };
    let text = if text.width() <= room { text } else { short };
    let left = room.saturating_sub(text.width() + 2);
    let mut spans = vec![Span::styled(
        cut(&text, room, theme),
        color(screen.kind, theme),
    )];
    let name = facts.name(screen.class);
    if name.width() <= left || left >= 8 {
        spans.push(Span::raw("  "));
        spans.push(Span::styled(cut(name, left, theme), theme.dim()));
    }
    frame.render_widget(Line::from(spans), at);
}
