//! Draws the network's inside: kernels and feature maps as tiles, flat layers as a list.

use super::inside::Placed;
use super::state::Samples;
use super::tiles::Tiles;
use super::update_inside::largest_first;
use super::{effect_of_muting, worked};
use crate::nn::{Snapshot, TensorData};
use crate::spec::Shape;
use crate::tui::shared::Shared;
use crate::tui::widgets::area::below;
use crate::tui::widgets::label::{bar, cut, grouped, left, line, plain, right};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

pub fn draw(samples: &Samples, frame: &mut Frame<'_>, area: Rect, shared: &Shared) {
    let theme = shared.theme;
    let Some(view) = &samples.view else {
        return;
    };
    let snapshot = &view.snapshot;
    let layers = &snapshot.info.spec.layers;
    let page = samples.inside.page(layers.len());
    samples.inside.last_scroll.set(0);
    let title = match page.checked_sub(1).and_then(|layer| layers.get(layer)) {
        None => "kernels of the first convolution".to_owned(),
        Some(layer) => plain(&format!("{page} {layer}"), theme),
    };
    let body = effect_of_muting::draw(samples, frame, below(area, 2), shared);
    let note = if samples.chosen.cursor.is_some() {
        worked::draw(samples, frame, body, shared)
    } else if page == 0 {
        kernels(samples, frame, body, snapshot, shared)
    } else {
        outputs(samples, frame, body, page - 1, shared)
    };
    let arrows = format!(
        "{} {page}/{} {}",
        theme.sign("◂", "<"),
        layers.len(),
        theme.sign("▸", ">")
    );
    let room = usize::from(area.width).saturating_sub(arrows.width() + 2);
    // Kernels are the same for every image.
    let image = samples.image().filter(|_| page > 0);
    let subject = image.map_or(String::new(), |image| subject(samples, image, shared));
    let title_width = title.width();
    let mut spans = vec![Span::styled(cut(&title, room, theme), theme.accent())];
    if title_width + 2 < room {
        let rest = room - title_width - 2;
        spans.push(Span::styled(
            format!("  {}", cut(&subject, rest, theme)),
            theme.dim(),
        ));
    }
    let at = line(area, 0);
    frame.render_widget(Line::from(spans), at);
    frame.render_widget(Line::styled(arrows, theme.dim()).right_aligned(), at);
    let note = cut(&plain(&note, theme), usize::from(area.width), theme);
    frame.render_widget(Line::styled(note, theme.dim()), line(area, 1));
}

/// `image 37, Shirt`.
fn subject(samples: &Samples, image: usize, shared: &Shared) -> String {
    let label = samples
        .split
        .as_ref()
        .and_then(|split| split.labels.get(image));
    let class = label.map_or(String::new(), |label| {
        format!(", {}", shared.class_name(usize::from(*label)))
    });
    format!("image {}{class}", grouped(image as u64))
}

/// Draws the kernels of the first convolution and says what they are.
fn kernels(
    samples: &Samples,
    frame: &mut Frame<'_>,
    area: Rect,
    snapshot: &Snapshot,
    shared: &Shared,
) -> String {
    let first =
        snapshot
            .state
            .iter()
            .find_map(|tensor| match (tensor.shape.as_slice(), &tensor.data) {
                (&[outputs, inputs, height, width], TensorData::F32(values)) => {
                    Some((outputs, inputs, height, width, values))
                }
                _ => None,
            });
    let Some((outputs, inputs, height, width, values)) = first else {
        return "this network has no convolution; the arrow keys lead to its layers".into();
    };
    let layer = samples.layer_of_page().map_or(0, |(layer, _)| layer);
    let muted = samples.muted.channels(&snapshot.info.spec, layer);
    let tiles = Tiles {
        values,
        height,
        width,
        per_channel: inputs,
        chosen: samples.chosen.channel,
        muted: &muted,
    };
    let shown = tiles.draw(samples, frame, area, shared);
    let from = if inputs == 1 {
        String::new()
    } else {
        format!(" of {inputs} channels")
    };
    format!(
        "{outputs} kernels {height}×{width}{from}{shown}  {}",
        tiles.range(shared)
    )
}

/// Draws a layer's output and says what it is.
fn outputs(
    samples: &Samples,
    frame: &mut Frame<'_>,
    area: Rect,
    layer: usize,
    shared: &Shared,
) -> String {
    let current = samples.inside.outputs();
    let found = current.and_then(|outputs| {
        let values = outputs.trace.outputs.get(layer)?;
        let row = outputs.layers.get(layer)?;
        (values.len() == row.output.elements()).then_some((values, row.output, outputs.image))
    });
    let Some((values, shape, image)) = found else {
        return "being computed".into();
    };
    let late = if samples.image() == Some(image) {
        ""
    } else {
        "  (being computed)"
    };
    let spec = samples.view.as_ref().map(|view| &view.snapshot.info.spec);
    let muted = spec.map_or_else(Vec::new, |spec| samples.muted.channels(spec, layer));
    match shape {
        Shape::Image { height, width, .. } => {
            let tiles = Tiles {
                values,
                height,
                width,
                per_channel: 1,
                chosen: samples.chosen.channel,
                muted: &muted,
            };
            let shown = tiles.draw(samples, frame, area, shared);
            format!("{shape} maps{shown}  {}{late}", tiles.range(shared))
        }
        Shape::Flat { features } => {
            let last = current.is_some_and(|outputs| outputs.layers.len() == layer + 1);
            let marks = Marks {
                chosen: samples.chosen.channel,
                muted: &muted,
                first: samples.inside.scrolled(),
            };
            let rows = strip(frame, area, values, last, marks, shared);
            samples.inside.placed.set(Placed {
                columns: 1,
                rows,
                ..Placed::default()
            });
            let last = values.len().saturating_sub(rows);
            samples.inside.last_scroll.set(last);
            format!("{features} values, the largest first{late}")
        }
    }
}

/// What is marked in a list of units.
#[derive(Clone, Copy)]
struct Marks<'a> {
    chosen: usize,
    muted: &'a [usize],
    /// How many of the largest are scrolled past.
    first: usize,
}

/// The largest values of a flat layer with bars, in columns read downwards; how many there are room for.
fn strip(
    frame: &mut Frame<'_>,
    area: Rect,
    values: &[f32],
    scores: bool,
    marks: Marks<'_>,
    shared: &Shared,
) -> usize {
    let theme = shared.theme;
    const WIDTH: u16 = 36;
    const GAP: u16 = 3;
    let columns = ((area.width + GAP) / (WIDTH + GAP)).max(1);
    let width = area.width.min(WIDTH);
    let order = largest_first(values);
    // Bars begin at zero, or at the least value where that is below.
    let low = values.iter().copied().fold(0.0, f32::min);
    let high = values.iter().copied().fold(low, f32::max);
    let name = |index: usize| {
        if scores {
            shared.class_name(index)
        } else {
            index.to_string()
        }
    };
    let height = usize::from(area.height);
    let room = height * usize::from(columns);
    let first = marks.first.min(order.len().saturating_sub(room));
    let shown = order.iter().skip(first).take(room);
    let longest = shown.clone().map(|index| name(*index).width()).max();
    let name_width = longest.unwrap_or(0).min(usize::from(width) / 2);
    let bar_width = usize::from(width).saturating_sub(name_width + 12);
    for (place, index) in shown.enumerate() {
        let at = line(area, place % height);
        let at = Rect {
            x: at.x + (place / height) as u16 * (WIDTH + GAP),
            width,
            ..at
        };
        let value = values[*index];
        let share = if high > low {
            (value - low) / (high - low)
        } else {
            0.0
        };
        let label = if scores {
            left(&name(*index), name_width, theme)
        } else {
            right(&name(*index), name_width, theme)
        };
        let bar = match marks.muted.contains(index) {
            true => left("muted", bar_width, theme),
            false => left(&bar(f64::from(share), bar_width, theme), bar_width, theme),
        };
        let sign = match *index == marks.chosen {
            true => theme.sign("▐", "|"),
            false => " ",
        };
        let style = if value < 0.0 {
            theme.dim()
        } else {
            theme.validation()
        };
        let row = vec![
            Span::styled(sign, theme.accent()),
            Span::styled(label, theme.dim()),
            Span::styled(format!(" {bar}"), style),
            Span::raw(format!(" {value:>8.3}")),
        ];
        frame.render_widget(Line::from(row), at.intersection(area));
    }
    room
}
