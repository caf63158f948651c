//! Draws the lines about the whole data set.

use super::facts::Facts;
use crate::data::Origin;
use crate::text::{escape_controls, grouped, shown_path};
use crate::tui::shared::Shared;
use crate::tui::widgets::label::{cut, line, plain};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

/// Draws name and origin, numbers and size of the images, and the statistics of the pixels.
pub fn draw(frame: &mut Frame<'_>, area: Rect, facts: &Facts, shared: &Shared) {
    origin(frame, line(area, 0), facts, shared);
    let theme = shared.theme;
    for (index, wordings) in [images(facts), pixels(facts)].iter().enumerate() {
        let wordings: Vec<String> = wordings.iter().map(|text| plain(text, theme)).collect();
        let room = usize::from(area.width);
        let fitting = wordings.iter().find(|text| text.width() <= room);
        let text = fitting.or(wordings.last()).map_or("", String::as_str);
        frame.render_widget(Span::raw(cut(text, room, theme)), line(area, 1 + index));
    }
}

fn origin(frame: &mut Frame<'_>, at: Rect, facts: &Facts, shared: &Shared) {
    let theme = shared.theme;
    let mut parts = vec![(escape_controls(&facts.dataset.name), theme.accent())];
    if let Some(notice) = facts.dataset.notice() {
        parts.push((notice.to_owned(), theme.warning()));
    }
    match &facts.dataset.origin {
        Origin::Folder(dir) => parts.push((shown_path(dir), theme.dim())),
        Origin::Sample => parts.push(("D fetches the real data".into(), theme.dim())),
    }
    let mut spans = Vec::new();
    let mut room = usize::from(at.width);
    for (text, style) in parts {
        let text = cut(&text, room, theme);
        room = room.saturating_sub(text.width() + 2);
        spans.push(Span::styled(text, style));
        spans.push(Span::styled("  ", Style::new()));
    }
    frame.render_widget(Line::from(spans), at);
}

/// The longest wording first.
fn images(facts: &Facts) -> Vec<String> {
    let data = &facts.dataset;
    let (train, validation) = (data.train.len(), data.validation.len());
    let (train, validation) = (grouped(train as u64), grouped(validation as u64));
    let size = format!("{}×{}", data.width(), data.height());
    let channels = match data.channels() {
        1 => "1 channel".to_owned(),
        3 => "3 channels".to_owned(),
        channels => format!("{channels} channels (drawn as their mean)"),
    };
    let classes = match facts.classes() {
        1 => "1 class".to_owned(),
        classes => format!("{classes} classes"),
    };
    vec![
        format!(
            "{train} training and {validation} validation images of {classes}, {size} pixels, {channels}"
        ),
        format!("{train} training and {validation} validation images, {size}, {channels}"),
        format!("{train} + {validation} images, {size}, {channels}"),
    ]
}

/// The longest wording first.
fn pixels(facts: &Facts) -> Vec<String> {
    let normalization = facts.dataset.normalization;
    let mean = format!("mean {:.4}", normalization.mean);
    let deviation = format!("standard deviation {:.4}", normalization.std);
    let short = format!("pixels: {mean}, {deviation} (0 to 1)");
    vec![
        format!("{short}; the network sees (pixel - mean) / deviation"),
        short,
    ]
}
