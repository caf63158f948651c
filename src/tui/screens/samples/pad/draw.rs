//! Draws the pad: the picture with the brush over it, and what the model says of it.

use super::bars;
use super::state::{CameFrom, Open, Pad, Pen};
use crate::data::Split;
use crate::tui::shared::Shared;
use crate::tui::widgets::area::below;
use crate::tui::widgets::label::{cut, grouped, line};
use crate::tui::widgets::picture::{Picture, fitted, natural};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

/// The text beside the picture has at least this many cells, else there is only the picture.
const TEXT: u16 = 30;

pub fn draw(pad: &Pad, frame: &mut Frame<'_>, area: Rect, split: &Split, shared: &Shared) {
    let Some(open) = pad.shown() else {
        return;
    };
    head(open, frame, line(area, 0), split, shared);
    let body = below(area, 1);
    let text = if body.width >= TEXT + 16 { TEXT } else { 0 };
    let room = (body.width.saturating_sub(text + 3), body.height);
    let (columns, rows) = fitted(split.width, split.height, room);
    let place = Rect {
        x: body.x + 1,
        y: body.y + (body.height - rows.min(body.height)) / 2,
        width: columns,
        height: rows,
    }
    .intersection(body);
    pad.drawn.set(place);
    if picture(open, split, place, frame, shared) && text > 0 {
        let taken = columns + 3;
        let beside = Rect {
            x: body.x + taken,
            width: body.width.saturating_sub(taken),
            ..body
        };
        said(pad, frame, beside, shared);
    }
}

/// Which picture, and the brush.
fn head(open: &Open, frame: &mut Frame<'_>, at: Rect, split: &Split, shared: &Shared) {
    let theme = shared.theme;
    let title = match &open.from {
        CameFrom::Nothing => "drawing pad".to_owned(),
        CameFrom::File(name) => name.clone(),
        CameFrom::Image(image) => {
            let label = split.labels.get(*image);
            let name = label.map_or(String::new(), |label| {
                format!(", {}", shared.class_name(usize::from(*label)))
            });
            format!("image {}{name}", grouped(*image as u64))
        }
    };
    let changed = if open.canvas.is_changed() {
        ", changed"
    } else {
        ""
    };
    let pen = match (open.grabs, open.pen) {
        (true, _) => "arrows move the picture",
        (_, Pen::Up) => "pen up",
        (_, Pen::Draws) => "pen draws",
        (_, Pen::Erases) => "pen erases",
    };
    let brush = format!("brush {0}x{0}, {1}, {pen}", open.brush, open.paint_words());
    let room = usize::from(at.width);
    let title = cut(&format!("{title}{changed}"), room, theme);
    let left = room.saturating_sub(title.width() + 2);
    let spans = vec![
        Span::styled(title, theme.accent()),
        Span::styled(format!("  {}", cut(&brush, left, theme)), theme.dim()),
    ];
    frame.render_widget(Line::from(spans), at);
}

/// Draws the picture and the brush over it; false where there is no room.
fn picture(
    open: &Open,
    split: &Split,
    place: Rect,
    frame: &mut Frame<'_>,
    shared: &Shared,
) -> bool {
    if place.width < 4 || place.height < 2 {
        return false;
    }
    let theme = shared.theme;
    let size = open.canvas.size();
    let (levels, tint) = natural(split, open.canvas.pixels());
    let picture = Picture {
        levels: &levels,
        width: size.width,
        height: size.height,
        tint,
    };
    let buffer = frame.buffer_mut();
    picture.draw(buffer, place, theme);
    let (columns, rows) = open.under_brush();
    picture.mark(buffer, place, (columns, rows), theme);
    true
}

/// What the model says of the picture, and what it said of the original.
fn said(pad: &Pad, frame: &mut Frame<'_>, area: Rect, shared: &Shared) {
    let theme = shared.theme;
    let Some(said) = pad.said() else {
        let text = match (&shared.view, shared.is_training()) {
            (Some(_), _) => ["the model looks at it", ""],
            (None, true) => ["the first epoch brings a model", "that says what it is"],
            (None, false) => ["no model yet: t trains the network,", "L loads a saved one"],
        };
        for (index, text) in text.into_iter().enumerate() {
            frame.render_widget(Line::styled(text, theme.dim()), line(below(area, 1), index));
        }
        return;
    };
    let width = usize::from(area.width);
    let of = |prediction: &crate::insight::Prediction| {
        let probability = prediction.probabilities.get(prediction.class);
        let probability = format!(" {:.1} %", 100.0 * probability.copied().unwrap_or_default());
        let room = width.saturating_sub(6 + probability.width());
        let name = cut(&shared.class_name(prediction.class), room, theme);
        format!("{name}{probability}")
    };
    let classes = said.now.probabilities.len();
    // The text is centred beside the picture.
    let lines = classes as u16 + 3;
    let area = below(area, area.height.saturating_sub(lines) / 2);
    let is_late = if pad.is_current() { "" } else { " ..." };
    let style = match said.now.class == said.original.class {
        true => theme.text(),
        false => theme.warning(),
    };
    let rows = [
        Line::from(vec![
            Span::styled("was   ", theme.dim()),
            Span::styled(of(&said.original), theme.dim()),
        ]),
        Line::from(vec![
            Span::styled("now   ", theme.dim()),
            Span::styled(of(&said.now), style.add_modifier(Modifier::BOLD)),
            Span::styled(is_late, theme.dim()),
        ]),
    ];
    for (index, row) in rows.into_iter().enumerate() {
        frame.render_widget(row, line(area, index));
    }
    bars::draw(said, frame, below(area, 3), shared);
}
