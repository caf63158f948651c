//! The line above the images: filter and count on the left, the model on the right; and the text where
//! there is nothing to show.

use super::filter::Filter;
use super::state::Samples;
use crate::tui::shared::{DataState, Shared};
use crate::tui::widgets::area::below;
use crate::tui::widgets::label::{cut, grouped, line};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

/// Draws the line and returns what is left of `area` below it.
pub fn draw(samples: &Samples, frame: &mut Frame<'_>, area: Rect, shared: &Shared) -> Rect {
    let theme = shared.theme;
    let width = usize::from(area.width);
    let text = samples
        .filter
        .count(samples.images.len(), samples.total(), shared);
    let text = cut(&text, width, theme);
    let place = if samples.images.is_empty() {
        String::new()
    } else {
        format!("  {}", place(samples))
    };
    let mut used = text.width();
    let mut spans = vec![Span::styled(text, theme.accent())];
    if used + place.width() <= width {
        used += place.width();
        spans.push(Span::styled(place, theme.dim()));
    }
    let at = line(area, 0);
    frame.render_widget(Line::from(spans), at);
    if width > used + 6 {
        let origin = cut(&shared.origin(), width - used - 2, theme);
        frame.render_widget(Line::styled(origin, theme.dim()).right_aligned(), at);
    }
    below(area, 1)
}

/// Where the cursor is among the filter's images: `3/37`.
pub fn place(samples: &Samples) -> String {
    let position = (samples.position + 1).min(samples.images.len());
    format!(
        "{}/{}",
        grouped(position as u64),
        grouped(samples.images.len() as u64)
    )
}

/// Says why there is nothing to show and which keys help.
pub fn empty(samples: &Samples, frame: &mut Frame<'_>, area: Rect, shared: &Shared) {
    let theme = shared.theme;
    let key = |key: &'static str| Span::styled(key, theme.accent());
    let dim = |text: &'static str| Span::styled(text, theme.dim());
    let lines = match &shared.data {
        DataState::Loading(share) => vec![
            Line::from("the images are being read"),
            Line::styled(format!("{:>3.0} %", 100.0 * share), theme.dim()),
        ],
        DataState::Failed(_) => vec![
            Line::from("there are no images"),
            Line::from(dim("the data could not be read; the line below says why")),
        ],
        DataState::Ready { .. } if samples.total() == 0 => {
            vec![Line::from("the data has no validation images")]
        }
        DataState::Ready { .. } => {
            let what = match samples.filter {
                Filter::Suspicious if shared.audit.is_active() => "looking for suspicious images",
                Filter::Suspicious => "none of these images is suspicious",
                Filter::Wrong | Filter::ConfidentMistakes => "nothing was predicted wrongly",
                _ => "no image is like that",
            };
            vec![
                Line::from(what),
                Line::from(vec![
                    key("a"),
                    dim(" all images   "),
                    key("f"),
                    dim(" the next filter"),
                ]),
            ]
        }
    };
    let top = area.height.saturating_sub(lines.len() as u16) / 2;
    for (index, text) in lines.into_iter().enumerate() {
        frame.render_widget(text.centered(), line(below(area, top), index));
    }
}
