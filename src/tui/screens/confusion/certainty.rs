//! How sure the model in view is, beside how often it is right.

use super::state::Confusion;
use crate::insight::{BINS, Bin, Calibration, Refusal, certainty};
use crate::stats::Accuracy;
use crate::text::{grouped, wrap};
use crate::tui::shared::Shared;
use crate::tui::theme::Theme;
use crate::tui::widgets::area::below;
use crate::tui::widgets::label::{left, line, plain, right};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use ratatui::text::{Line, Span};
use std::sync::Arc;

/// Cells of the columns before the bars: confidence, images, share that was right.
const COLUMNS: [(&str, usize); 3] = [("sure, %", 7), ("images", 8), ("right, %", 15)];

/// What stands before the shares that are refused.
const LABEL: &str = "without the least sure";

impl Confusion {
    /// That of the model in view, or of the epoch that is shown, if its probabilities are kept.
    fn calibration(&self, shared: &Shared) -> Option<Arc<Calibration>> {
        if let Some(moment) = shared.time.moment() {
            let evaluation = &moment.evaluation;
            let labels = &shared.time.known()?.images.labels;
            let is_kept = !evaluation.probabilities.is_empty();
            return is_kept.then(|| self.calibrated_then.of(evaluation, evaluation, labels));
        }
        let validated = &shared.view.as_ref()?.validated;
        let labels = &validated.images.labels;
        Some(self.calibrated.of(validated, &validated.evaluation, labels))
    }

    /// Draws the view below the title.
    pub(super) fn draw_certainty(&self, frame: &mut Frame<'_>, area: Rect, shared: &Shared) {
        let theme = shared.theme;
        let Some(calibration) = self.calibration(shared) else {
            let text = "how sure it was is not kept of this epoch; < and > lead to others";
            frame.render_widget(Line::styled(text, theme.dim()), line(area, 0));
            return;
        };
        let class = self.class.min(calibration.classes.len());
        let (reliability, of) = match class.checked_sub(1) {
            None => (&calibration.all, "all classes".to_owned()),
            Some(class) => {
                let of = format!("taken for {}", shared.class_name(class));
                (&calibration.classes[class], of)
            }
        };
        let about = format!(
            "  {} images, calibration error {:.2} %",
            grouped(reliability.images as u64),
            100.0 * reliability.error
        );
        let head = Line::from(vec![
            Span::styled(theme.sign("↕ ", ": "), theme.accent()),
            Span::styled(of, theme.text().add_modifier(Modifier::BOLD)),
            Span::styled(about, theme.dim()),
        ]);
        frame.render_widget(head, line(area, 0));
        let cells = usize::from(area.width);
        let mut words: Vec<Line<'_>> = wrap(&certainty(reliability), cells)
            .into_iter()
            .map(Line::from)
            .collect();
        if class == 0 {
            words.extend(refusals(&calibration, cells, theme));
        }
        let gap = u16::from(area.height > 14);
        let table = below(area, 1 + gap);
        let room = usize::from(table.height).saturating_sub(words.len() + usize::from(gap));
        let lines = rows(&reliability.bins, room, cells, theme);
        let used = lines.len() as u16;
        for (index, row) in lines.into_iter().enumerate() {
            frame.render_widget(row, line(table, index));
        }
        let rest = below(table, used + gap);
        for (index, text) in words.into_iter().enumerate() {
            frame.render_widget(text, line(rest, index));
        }
    }
}

/// The bins that have images, the surest first, below their heads: as many lines as there is room for.
fn rows(bins: &[Bin], room: usize, cells: usize, theme: Theme) -> Vec<Line<'static>> {
    let taken: usize = COLUMNS.iter().map(|(_, width)| width + 1).sum();
    let width = cells.saturating_sub(taken + 1);
    let mut head: String = COLUMNS
        .iter()
        .map(|(title, width)| right(title, *width, theme) + " ")
        .collect();
    let key = format!(
        " {} right  {} sure",
        theme.sign("━", "="),
        theme.sign("┃", "|")
    );
    head.push_str(&left(&key, width + 1, theme));
    let mut lines = vec![Line::styled(head, theme.dim())];
    let filled = bins
        .iter()
        .enumerate()
        .rev()
        .filter(|(_, bin)| bin.images > 0);
    let filled: Vec<(usize, &Bin)> = filled.collect();
    let is_cut = filled.len() + 1 > room;
    let shown = if is_cut {
        room.saturating_sub(2)
    } else {
        filled.len()
    };
    for (index, bin) in filled.iter().take(shown) {
        let end = |bin: usize| 100 * bin / BINS;
        let texts = [
            format!("{}-{}", end(*index), end(index + 1)),
            grouped(bin.images as u64),
            plain(&Accuracy::of(bin.accuracy, bin.images).percent(), theme),
        ];
        let texts = texts.iter().zip(COLUMNS);
        let text: String = texts
            .map(|(text, (_, width))| right(text, width, theme) + " ")
            .collect();
        let mut spans = vec![Span::raw(text), Span::raw(" ")];
        spans.extend(bar(bin, width, theme));
        lines.push(Line::from(spans));
    }
    if is_cut && room > 1 {
        let images: usize = filled.iter().skip(shown).map(|(_, bin)| bin.images).sum();
        let text = format!(
            "   and {} images of which it was less sure",
            grouped(images as u64)
        );
        lines.push(Line::styled(text, theme.dim()));
    }
    lines.truncate(room);
    lines
}

/// As long as the share that was right, with a mark at how sure it was.
fn bar(bin: &Bin, width: usize, theme: Theme) -> Vec<Span<'static>> {
    let place = |share: f64| (share * width as f64).round() as usize;
    let (right, sure) = (place(bin.accuracy), place(bin.confidence));
    let sure = sure.min(width.saturating_sub(1));
    let cell = |at: usize| match at {
        _ if at == sure => Span::styled(theme.sign("┃", "|"), theme.warning()),
        _ if at < right => Span::styled(theme.sign("━", "="), theme.validation()),
        _ => Span::styled(theme.sign("─", "-"), theme.dim()),
    };
    (0..width).map(cell).collect()
}

/// What refusing some images leaves: as many columns as fit, the most refused first to stay.
fn refusals(calibration: &Calibration, cells: usize, theme: Theme) -> [Line<'static>; 2] {
    let width = 15;
    let columns = cells.saturating_sub(LABEL.len()) / width;
    let refusals = &calibration.refusals;
    let shown = &refusals[refusals.len().saturating_sub(columns)..];
    let row = |label: &str, cell: &dyn Fn(&Refusal) -> String| {
        let cells = shown
            .iter()
            .map(|refusal| right(&cell(refusal), width, theme));
        left(label, LABEL.len(), theme) + &cells.collect::<String>()
    };
    let of = |refusal: &Refusal| {
        plain(
            &Accuracy::of(refusal.accuracy, refusal.images).percent(),
            theme,
        )
    };
    [
        Line::styled(
            row(LABEL, &|refusal| format!("{} %", refusal.percent)),
            theme.dim(),
        ),
        Line::from(row("right, %", &of)),
    ]
}
