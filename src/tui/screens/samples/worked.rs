//! Draws a value worked out: its map, the pixels it depends on, and the numbers.

use super::state::Samples;
use crate::data::Split;
use crate::insight::WorkedOutput;
use crate::spec::CheckedSpec;
use crate::tui::shared::Shared;
use crate::tui::widgets::area::below;
use crate::tui::widgets::label::{cut, line, plain};
use crate::tui::widgets::picture::{Picture, Tint, fitted};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

/// Cells that the numbers of three 3×3 grids take.
const NUMBERS: u16 = 60;
/// Most channels, or groups of products, that are shown with all their numbers.
const MOST: usize = 12;
/// A level over a picture that says nothing, and one that marks a pixel.
const PLAIN: u8 = 128;
const MARKED: u8 = 255;

/// Draws the value and returns the line above it.
pub fn draw(samples: &Samples, frame: &mut Frame<'_>, place: Rect, shared: &Shared) -> String {
    let (Some(worked), Some(view), Some(image)) =
        (&samples.chosen.worked, &samples.view, samples.image())
    else {
        return "being computed".into();
    };
    let split = &view.images;
    let spec = &view.snapshot.info.spec;
    let left = place.width.saturating_sub(NUMBERS + 2).min(58);
    let left = if left < 12 { 0 } else { left };
    let used = pictures(
        samples,
        worked,
        split,
        image,
        frame,
        Rect {
            width: left,
            ..place
        },
        shared,
    );
    let taken = if used > 0 { used + 2 } else { 0 };
    let text = Rect {
        x: place.x + taken,
        width: place.width - taken,
        ..place
    };
    numbers(worked, spec, frame, text, shared);
    worked.seen(split.height, split.width)
}

/// The map with the value, and below it the image with what the value depends on; the columns used.
fn pictures(
    samples: &Samples,
    worked: &WorkedOutput,
    split: &Split,
    image: usize,
    frame: &mut Frame<'_>,
    place: Rect,
    shared: &Shared,
) -> u16 {
    let step = worked.first();
    let Some(row) = samples.layer_of_page().map(|(_, row)| row) else {
        return 0;
    };
    let (height, width) = row.output.rows_and_columns();
    let mut used = 0;
    let mut top = place;
    if height * width > 1
        && let Some(values) = samples.inside.values(step.layer)
    {
        let size = height * width;
        let map = values.chunks_exact(size).nth(step.at.channel);
        let mut marks = vec![PLAIN; size];
        marks[step.at.row * width + step.at.column] = MARKED;
        let levels = grey(map.unwrap_or_default());
        let half = place.height / 2;
        let drawn = one(
            &levels,
            &marks,
            (height, width),
            "map",
            frame,
            top,
            half,
            shared,
        );
        samples.chosen.map.set(drawn);
        used = drawn.width;
        // The name above the map, the map, and a free row.
        let taken = if drawn.is_empty() {
            1
        } else {
            drawn.height + 2
        };
        top = below(place, taken);
    }
    let marks = frame_of(worked, (split.height, split.width));
    let levels = split.grey(split.image(image));
    let size = (split.height, split.width);
    let drawn = one(
        &levels, &marks, size, "image", frame, top, top.height, shared,
    );
    used.max(drawn.width)
}

/// One picture with its name above it, in at most `rows` rows; where the picture is.
#[allow(
    clippy::too_many_arguments,
    reason = "two levels a pixel, and where they go"
)]
fn one(
    levels: &[u8],
    marks: &[u8],
    (height, width): (usize, usize),
    name: &str,
    frame: &mut Frame<'_>,
    place: Rect,
    rows: u16,
    shared: &Shared,
) -> Rect {
    let room = (place.width, rows.min(place.height).saturating_sub(1));
    let (columns, rows) = fitted(width, height, room);
    if columns < 4 || rows < 2 {
        return Rect::default();
    }
    // A span, as the style of a line would also be that of the numbers beside it.
    let name = Span::styled(name, shared.theme.dim());
    frame.render_widget(name, line(place, 0));
    let at = Rect {
        width: columns,
        height: rows,
        ..below(place, 1)
    };
    let picture = Picture {
        levels,
        width,
        height,
        tint: Tint::Under(marks),
    };
    let at = at.intersection(place);
    picture.draw(frame.buffer_mut(), at, shared.theme);
    at
}

/// Marks the edge of the square of pixels that the value depends on. Where it ends in padding it is open.
fn frame_of(worked: &WorkedOutput, (height, width): (usize, usize)) -> Vec<u8> {
    let mut marks = vec![PLAIN; height * width];
    let Some(sees) = &worked.sees else {
        return marks;
    };
    for (at, mark) in marks.iter_mut().enumerate() {
        let (row, column) = ((at / width.max(1)) as i64, (at % width.max(1)) as i64);
        let inside = sees.rows.contains(&row) && sees.columns.contains(&column);
        let edge = [row == sees.rows.start, row + 1 == sees.rows.end]
            .into_iter()
            .chain([column == sees.columns.start, column + 1 == sees.columns.end]);
        if inside && edge.into_iter().any(|edge| edge) {
            *mark = MARKED;
        }
    }
    marks
}

/// Values as levels of grey, the least black and the largest white.
fn grey(values: &[f32]) -> Vec<u8> {
    let finite = || values.iter().copied().filter(|value| value.is_finite());
    let low = finite().fold(f32::INFINITY, f32::min);
    let high = finite().fold(f32::NEG_INFINITY, f32::max);
    let range = if high > low { high - low } else { 1.0 };
    // A cast from float to integer saturates, and turns NaN into 0.
    let level = |value: &f32| (255.0 * (value - low) / range).round() as u8;
    values.iter().map(level).collect()
}

fn numbers(
    worked: &WorkedOutput,
    spec: &CheckedSpec,
    frame: &mut Frame<'_>,
    area: Rect,
    shared: &Shared,
) {
    let theme = shared.theme;
    let width = usize::from(area.width);
    let height = usize::from(area.height);
    // As many channels as there is room for, at least one.
    let texts = (1..=MOST).rev().map(|most| worked.lines(spec, width, most));
    let fitting = texts.into_iter().find(|lines| lines.len() <= height);
    let lines = fitting.unwrap_or_else(|| worked.lines(spec, width, 1));
    for (index, text) in lines.into_iter().take(height).enumerate() {
        let text = cut(&plain(&text, theme), width, theme);
        let style = match text.starts_with(' ') {
            true => theme.text(),
            false => theme.accent(),
        };
        frame.render_widget(Line::from(Span::styled(text, style)), line(area, index));
    }
}
