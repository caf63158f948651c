//! Draws the map: the images as dots, and beside it the chosen one and the classes.

use super::legend::{self, is_in_signs, sign, wanted_lines, wrong_sign};
use super::placement::{DOTS, Placement};
use super::state::{MapOfSet, Progress};
use crate::insight::Embedding;
use crate::text::wrap;
use crate::train::Validated;
use crate::tui::shared::Shared;
use crate::tui::widgets::area::below;
use crate::tui::widgets::label::{cut, grouped, left, line, plain};
use crate::tui::widgets::picture::{Picture, fitted, natural};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

/// Cells of what stands beside the map, where there is room for both.
const PANE: u16 = 25;
/// The same on a large terminal: an image fits.
const LARGE_PANE: u16 = 32;
/// A narrower area has the map alone.
const LEAST: u16 = 52;
/// From this width on the pane is large.
const LARGE: u16 = 100;
/// Rows of a picture at the least.
const LEAST_PICTURE: u16 = 5;

/// The bits of a braille character, by row and column of its dots.
const BRAILLE: [[u32; 2]; 4] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]];

pub fn draw(map: &MapOfSet, frame: &mut Frame<'_>, area: Rect, model: &Validated, shared: &Shared) {
    head(map, frame, line(area, 0), model, shared);
    let body = below(area, 1);
    let Some(found) = map.map().filter(|found| !found.images.is_empty()) else {
        map.drawn.set(Rect::default());
        return empty(map, frame, body, shared);
    };
    let pane = match body.width {
        ..LEAST => 0,
        LEAST..LARGE => PANE,
        LARGE.. => LARGE_PANE,
    };
    let place = Rect {
        width: body.width - pane,
        ..body
    };
    map.drawn.set(place);
    points(map, frame, place, found, model, shared);
    if pane > 0 {
        let pane = Rect {
            x: place.right() + 1,
            width: pane - 1,
            ..body
        };
        beside(map, frame, pane, found, model, shared);
    }
}

/// What is shown, and how far it is.
fn head(map: &MapOfSet, frame: &mut Frame<'_>, at: Rect, model: &Validated, shared: &Shared) {
    let theme = shared.theme;
    let title = "map of the set";
    let about = match (&map.progress, map.map()) {
        (Progress::Failed(_), _) => String::new(),
        (Progress::Looking(share), _) => {
            format!("the network looks at the images, {:.0} %", 100.0 * share)
        }
        (Progress::Moving(share), Some(_)) => {
            format!("PCA, on the way to t-SNE, {:.0} %", 100.0 * share)
        }
        (_, Some(found)) => {
            let count = grouped(found.images.len() as u64);
            let all = model.images.len();
            let of = match found.images.len() < all {
                true => format!(" of {}", grouped(all as u64)),
                false => String::new(),
            };
            let trust = found.trustworthiness.map_or(String::new(), |trust| {
                format!(", trustworthiness {:.3}", trust.value)
            });
            format!("{} of {count}{of} images{trust}", found.method.name())
        }
        (_, None) => String::new(),
    };
    let room = usize::from(at.width).saturating_sub(title.width() + 2);
    let spans = vec![
        Span::styled(title, theme.accent()),
        Span::styled(
            format!("  {}", cut(&plain(&about, theme), room, theme)),
            theme.dim(),
        ),
    ];
    frame.render_widget(Line::from(spans), at);
}

/// Why there is no map.
fn empty(map: &MapOfSet, frame: &mut Frame<'_>, area: Rect, shared: &Shared) {
    let text = match &map.progress {
        Progress::Failed(problem) => format!("there is no map: {problem}"),
        _ => "the images are laid out so that those lie together that the network finds alike"
            .to_owned(),
    };
    let text = plain(&text, shared.theme);
    let lines = wrap(&text, usize::from(area.width.saturating_sub(4)).max(1));
    let top = area.height.saturating_sub(lines.len() as u16) / 2;
    for (index, text) in lines.into_iter().enumerate() {
        let text = Line::styled(text, shared.theme.dim()).centered();
        frame.render_widget(text, line(below(area, top), index));
    }
}

/// An image on the screen.
struct Seen {
    /// Column and row of its cell.
    cell: (u16, u16),
    /// Its bit of a braille character.
    bit: u32,
    class: usize,
    is_wrong: bool,
}

fn points(
    map: &MapOfSet,
    frame: &mut Frame<'_>,
    area: Rect,
    found: &Embedding,
    model: &Validated,
    shared: &Shared,
) {
    let theme = shared.theme;
    let points = map.points();
    let placement = Placement::of(points, area);
    let seen = |(place, (point, image)): (usize, (&[f32; 2], &u32))| {
        let (x, y) = placement.dot(*point);
        let (x, y) = (u16::try_from(x).ok()?, u16::try_from(y).ok()?);
        let class = model.images.labels.get(*image as usize)?;
        let (across, down) = (DOTS.0 as u16, DOTS.1 as u16);
        map.shows(place, model).then(|| Seen {
            cell: (x / across, y / down),
            bit: BRAILLE[usize::from(y % down)][usize::from(x % across)],
            class: usize::from(*class),
            is_wrong: map.is_wrong(place, model),
        })
    };
    let images = points.iter().zip(&found.images).enumerate();
    let mut all: Vec<Seen> = images.filter_map(seen).collect();
    // The images of a cell together, and those of a class.
    all.sort_by_key(|seen| (seen.cell.1, seen.cell.0, seen.class));
    let buffer = frame.buffer_mut();
    for images in all.chunk_by(|one, other| one.cell == other.cell) {
        let (column, row) = images[0].cell;
        let Some(cell) = buffer.cell_mut((area.x + column, area.y + row)) else {
            continue;
        };
        let of_classes = images.chunk_by(|one, other| one.class == other.class);
        let dim = |class: usize| map.class.is_some_and(|it| it != class);
        // The class that stands out, else the one with the most images, of equals the first.
        let largest = of_classes
            .map(|images| {
                (
                    !dim(images[0].class),
                    images.len(),
                    std::cmp::Reverse(images[0].class),
                )
            })
            .max();
        let class = largest.map_or(0, |(_, _, std::cmp::Reverse(class))| class);
        let is_wrong = images.iter().any(|seen| seen.is_wrong && !dim(seen.class));
        let (character, style) = match is_wrong {
            true => (wrong_sign(theme), theme.bad()),
            false if is_in_signs(theme) => (sign(class), theme.class(class)),
            false => {
                let bits = images.iter().fold(0, |bits, seen| bits | seen.bit);
                (
                    char::from_u32(0x2800 | bits).unwrap_or('.'),
                    theme.class(class),
                )
            }
        };
        let style = if dim(class) && !is_wrong {
            theme.dim()
        } else {
            style
        };
        cell.set_char(character).set_style(style);
    }
    if let Some(point) = points.get(map.chosen()) {
        let (x, y) = placement.dot(*point);
        let at = (area.x + (x / DOTS.0) as u16, area.y + (y / DOTS.1) as u16);
        if let Some(cell) = buffer.cell_mut(at) {
            let style = theme.accent().add_modifier(Modifier::REVERSED);
            let sign = theme.sign("◆", "@");
            cell.set_symbol(sign).set_style(style);
        }
    }
}

/// The chosen image, its picture where there is room, and the classes.
fn beside(
    map: &MapOfSet,
    frame: &mut Frame<'_>,
    area: Rect,
    found: &Embedding,
    model: &Validated,
    shared: &Shared,
) {
    let about = about_chosen(map, model, usize::from(area.width), shared);
    let used = about.len() as u16;
    for (index, text) in about.into_iter().enumerate() {
        frame.render_widget(text, line(area, index));
    }
    let rest = below(area, used + 1);
    let classes = model.evaluation.confusion.classes();
    let wrong = (0..found.images.len())
        .filter(|place| map.is_wrong(*place, model))
        .count();
    // The picture takes what the legend leaves, or what it can spare when it is cut anyway.
    let lines = u16::try_from(wanted_lines(classes))
        .unwrap_or(u16::MAX)
        .min(rest.height.max(26) - 14);
    let room = rest.height.saturating_sub(lines + 1);
    let picture = match room {
        ..LEAST_PICTURE => 0,
        room => picture(
            map,
            frame,
            Rect {
                height: room,
                ..rest
            },
            model,
            shared,
        ),
    };
    let gap = u16::from(picture > 0);
    legend::draw(
        map,
        frame,
        below(rest, picture + gap),
        (classes, wrong),
        shared,
    );
}

/// Number, true class, predicted class with its probability.
fn about_chosen(
    map: &MapOfSet,
    model: &Validated,
    width: usize,
    shared: &Shared,
) -> Vec<Line<'static>> {
    let theme = shared.theme;
    let Some(image) = map.image() else {
        return Vec::new();
    };
    let class_of = |classes: &[u8]| classes.get(image).map(|class| usize::from(*class));
    let Some(truth) = class_of(&model.images.labels) else {
        return Vec::new();
    };
    let label = |text: &'static str| Span::styled(text, theme.dim());
    let bold = Modifier::BOLD;
    let name = |class: usize, taken: usize| {
        let room = width.saturating_sub(taken);
        cut(&shared.class_name(class), room, theme)
    };
    let mut lines = vec![
        Line::from(vec![label("image "), Span::raw(grouped(image as u64))]),
        Line::from(vec![
            label("true  "),
            Span::styled(name(truth, 6), Style::new().add_modifier(bold)),
        ]),
    ];
    if let Some(predicted) = class_of(&model.evaluation.predictions) {
        let style = match predicted == truth {
            true => theme.good(),
            false => theme.bad(),
        };
        let classes = model.evaluation.confusion.classes();
        let probability = model
            .evaluation
            .probabilities
            .get(image * classes + predicted);
        let sure = probability.map_or(String::new(), |it| format!(" {:.1} %", 100.0 * it));
        let taken = 6 + sure.width();
        lines.push(Line::from(vec![
            label("taken "),
            Span::styled(name(predicted, taken), style.add_modifier(bold)),
            Span::styled(sure, style),
        ]));
        let verdict = if predicted == truth { "right" } else { "wrong" };
        let text = left(&format!("      {verdict}"), width, theme);
        lines.push(Line::styled(text, style));
    }
    lines
}

/// Draws the chosen image; the rows that it takes.
fn picture(
    map: &MapOfSet,
    frame: &mut Frame<'_>,
    area: Rect,
    model: &Validated,
    shared: &Shared,
) -> u16 {
    let split = &model.images;
    let Some(image) = map.image().filter(|image| *image < split.len()) else {
        return 0;
    };
    let (columns, rows) = fitted(split.width, split.height, (area.width, area.height));
    if columns < 4 || rows < 2 {
        return 0;
    }
    let (levels, tint) = natural(split, split.image(image));
    let picture = Picture {
        levels: &levels,
        width: split.width,
        height: split.height,
        tint,
    };
    let place = Rect {
        width: columns,
        height: rows,
        ..area
    };
    picture.draw(frame.buffer_mut(), place.intersection(area), shared.theme);
    rows
}
