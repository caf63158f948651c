//! How the probability of an image's class went, as small bars.

use super::state::Samples;
use crate::insight::{Story, Then};
use crate::text::{columns, ranges};
use crate::tui::shared::Shared;
use crate::tui::theme::Theme;
use crate::tui::widgets::area::below;
use crate::tui::widgets::label::{cut, line, plain};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};
use std::ops::Range;

/// Lines of the bars at most.
const MOST_LINES: u16 = 3;
/// In an area of fewer lines there are no bars.
const LEAST_AREA: u16 = 9;

impl Samples {
    /// Lines that the bars take of an area in which the rest needs so many.
    pub(super) fn curve_height(&self, area: Rect, rest: u16) -> u16 {
        // Why an image is suspicious stands in the same place.
        let is_suspicious = |image| !self.suspicious.reasons(image).is_empty();
        let has_words = self.looking.is_on() || self.image().is_some_and(is_suspicious);
        if self.story.is_none() || has_words || area.height < LEAST_AREA {
            return 0;
        }
        // A line of words above the bars.
        area.height.saturating_sub(rest).clamp(2, 1 + MOST_LINES)
    }

    /// Draws words and bars: right epochs and wrong ones in their colours, the one that is shown reversed.
    pub(super) fn draw_curve(&self, frame: &mut Frame<'_>, area: Rect, shared: &Shared) {
        let Some(story) = self.story.as_ref().filter(|_| area.height >= 2) else {
            return;
        };
        let theme = shared.theme;
        let cells = usize::from(area.width).saturating_sub(2);
        let fate = story.fate.in_short();
        let words = format!("p of {}: {fate}", shared.class_name(story.truth));
        let fits = crate::text::width(&words) <= cells;
        let words = if fits { words } else { fate };
        let words = cut(&plain(&words, theme), cells, theme);
        let words = vec![Span::raw("  "), Span::styled(words, theme.dim())];
        frame.render_widget(Line::from(words), line(area, 0));
        let bars = below(area, 1);
        let then = drawable(story);
        let ranges = ranges(then.len(), cells);
        let mean = |range: &Range<usize>| {
            let shares = then[range.clone()].iter().map(|(_, share)| share);
            Some(shares.sum::<f64>() / range.len().max(1) as f64)
        };
        let shares: Vec<Option<f64>> = ranges.iter().map(mean).collect();
        let styles: Vec<Style> = ranges
            .iter()
            .map(|range| style(&then[range.clone()], shared.time.epoch(), theme))
            .collect();
        let lines = columns(&shares, usize::from(bars.height), theme.ascii);
        for (index, text) in lines.iter().enumerate() {
            let signs = text.chars().zip(&styles);
            let mut spans = vec![Span::raw("  ")];
            spans.extend(signs.map(|(sign, style)| Span::styled(sign.to_string(), *style)));
            frame.render_widget(Line::from(spans), line(bars, index));
        }
    }
}

/// The epochs with the probability of the true class; where none is kept, whether it was right.
fn drawable(story: &Story) -> Vec<(Then, f64)> {
    let known = story.then.iter();
    let known: Vec<(Then, f64)> = known
        .filter_map(|then| Some((*then, f64::from(then.of_truth?))))
        .collect();
    if !known.is_empty() {
        return known;
    }
    let all = story.then.iter();
    all.map(|then| (*then, f64::from(u8::from(then.is_right))))
        .collect()
}

/// Of several epochs the last one counts.
fn style(then: &[(Then, f64)], shown: Option<usize>, theme: Theme) -> Style {
    let is_right = then.last().is_some_and(|(then, _)| then.is_right);
    let style = match is_right {
        true => theme.good(),
        false => theme.bad(),
    };
    match then.iter().any(|(then, _)| shown == Some(then.epoch)) {
        true => style.add_modifier(Modifier::REVERSED),
        false => style,
    }
}
