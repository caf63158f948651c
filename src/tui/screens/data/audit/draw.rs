//! Draws the list of findings and the images of the chosen one.

use super::geometry::Geometry;
use super::head;
use super::view::AuditView;
use crate::data::Dataset;
use crate::insight::audit::{Finding, Part, reason, short_reason};
use crate::text::{escape_controls, wrap};
use crate::tui::shared::Shared;
use crate::tui::widgets::area::below;
use crate::tui::widgets::label::{cut, grouped, left, line, plain, right};
use crate::tui::widgets::picture::{Picture, fitted, natural};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

/// Cells of an image's number.
const NUMBER: usize = 7;
/// Two pictures stand side by side from this many cells on.
const SIDE_BY_SIDE: u16 = 58;

pub fn draw(view: &AuditView, frame: &mut Frame<'_>, area: Rect, shared: &Shared) {
    let place = Geometry::of(area, view.position, view.shown.len());
    view.rows.set(usize::from(place.list.height));
    head::draw(view, frame, place.head, shared);
    let Some(dataset) = shared.dataset() else {
        return;
    };
    if view.shown.is_empty() {
        empty(view, frame, place.list, shared);
        return;
    }
    let theme = shared.theme;
    for (row, position) in place.rows.clone().enumerate() {
        let Some(finding) = view.shown.get(position) else {
            continue;
        };
        let (mark, style) = match position == view.position {
            true => (theme.sign("› ", "> "), theme.selected()),
            false => ("  ", Style::new()),
        };
        let room = usize::from(place.list.width).saturating_sub(2 + NUMBER + 2);
        let words = plain(&short_reason(finding, dataset), theme);
        let number = grouped(u64::from(finding.image));
        let spans = vec![
            Span::styled(mark, theme.accent()),
            Span::raw(right(&number, NUMBER, theme)),
            Span::raw("  "),
            Span::raw(left(&words, room, theme)),
        ];
        frame.render_widget(Line::from(spans).style(style), line(place.list, row));
    }
    if let Some(finding) = view.chosen() {
        pictures(finding, dataset, frame, place.pictures, shared);
    }
}

/// The reason in full, the image, and the one it is compared with.
fn pictures(
    finding: &Finding,
    dataset: &Dataset,
    frame: &mut Frame<'_>,
    area: Rect,
    shared: &Shared,
) {
    let theme = shared.theme;
    if area.is_empty() {
        return;
    }
    let words = wrap(
        &plain(&reason(finding, dataset), theme),
        usize::from(area.width),
    );
    let lines = words.len() as u16;
    for (index, words) in words.into_iter().enumerate() {
        frame.render_widget(Span::styled(words, theme.warning()), line(area, index));
    }
    let area = below(area, lines);
    let own = (finding.part, finding.image);
    let Some(twin) = finding.reason.twin() else {
        picture(own, dataset, frame, area, shared);
        return;
    };
    let (first, second) = match area.width >= SIDE_BY_SIDE {
        true => {
            let width = area.width / 2;
            let second = Rect {
                x: area.x + width,
                width: area.width - width,
                ..area
            };
            (Rect { width, ..area }, second)
        }
        false => {
            let height = area.height / 2;
            // Both of one height.
            let second = Rect {
                height,
                ..below(area, height)
            };
            (Rect { height, ..area }, second)
        }
    };
    picture(own, dataset, frame, first, shared);
    picture((twin.part, twin.image), dataset, frame, second, shared);
}

/// A line that says which image it is, and the image.
fn picture(
    (part, image): (Part, u32),
    dataset: &Dataset,
    frame: &mut Frame<'_>,
    area: Rect,
    shared: &Shared,
) {
    let (split, image) = (part.split(dataset), image as usize);
    let theme = shared.theme;
    if image >= split.len() {
        return;
    }
    let label = usize::from(split.labels[image]);
    let name = dataset.class_names.get(label);
    let name = name.map_or_else(|| label.to_string(), |name| escape_controls(name));
    let caption = format!("{} {}, {name}", part.name(), grouped(image as u64));
    let caption = cut(&caption, usize::from(area.width), theme);
    frame.render_widget(Span::styled(caption, theme.dim()), line(area, 0));
    let area = below(area, 1);
    let (width, height) = fitted(split.width, split.height, (area.width, area.height));
    if width < 4 || height < 2 {
        return;
    }
    let (levels, tint) = natural(split, split.image(image));
    let picture = Picture {
        levels: &levels,
        width: split.width,
        height: split.height,
        tint,
    };
    let place = Rect {
        width,
        height,
        ..area
    };
    picture.draw(frame.buffer_mut(), place.intersection(area), theme);
}

/// Why nothing is listed, and what to do.
fn empty(view: &AuditView, frame: &mut Frame<'_>, area: Rect, shared: &Shared) {
    let theme = shared.theme;
    let text = match (shared.findings().is_some(), shared.audit.is_active()) {
        (false, true) => "the images are being compared",
        (true, true) => "nothing suspicious of this kind so far",
        (true, false) => "nothing is suspicious here",
        (false, false) => "no image was looked at yet",
    };
    frame.render_widget(Line::from(text), line(area, 0));
    let other = view.kind.other().name();
    let hint = format!("v shows {other} images, f another kind");
    let hint = cut(&hint, usize::from(area.width), theme);
    frame.render_widget(Span::styled(hint, theme.dim()), line(area, 1));
}
