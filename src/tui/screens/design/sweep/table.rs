//! The combinations of a sweep, ranked.

use super::curves::letter;
use super::state::SweepPanel;
use crate::insight::Overview;
use crate::sweep::Group;
use crate::text::width;
use crate::tui::theme::Theme;
use crate::tui::widgets::label::{left, plain, right};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

/// Cells of the columns that every sweep has.
const RANK: usize = 4;
const SEEDS: usize = 6;
const ACCURACY: usize = 15;
const EPOCH: usize = 6;
const NOTE: usize = 10;
/// Most cells of a value.
const VALUE: usize = 18;

/// How wide the values' columns are.
fn value_widths(overview: &Overview, room: usize) -> Vec<usize> {
    let count = overview.keys.len().max(1);
    let fixed = 2 + RANK + SEEDS + ACCURACY + EPOCH + NOTE + 5;
    let each = room.saturating_sub(fixed) / count;
    let longest = |index: usize| {
        let values = overview
            .groups
            .iter()
            .filter_map(|group| group.values.get(index));
        let values = values.map(|value| width(value)).max().unwrap_or(0);
        values.max(overview.keys.get(index).map_or(0, |key| width(key)))
    };
    (0..overview.keys.len())
        .map(|index| longest(index).min(VALUE).min(each.saturating_sub(1)).max(3))
        .collect()
}

impl SweepPanel {
    pub(super) fn draw_table(&self, frame: &mut Frame<'_>, header: Rect, list: Rect, theme: Theme) {
        let overview = self.found.as_ref().and_then(|it| it.overview.as_ref());
        let Some(overview) = overview.filter(|_| !list.is_empty()) else {
            return;
        };
        let widths = value_widths(overview, usize::from(list.width));
        let keys = overview.keys.iter().zip(&widths);
        let keys: String = keys
            .map(|(key, width)| format!("{} ", right(&plain(key, theme), *width, theme)))
            .collect();
        let names = format!(
            "   {} {keys}{} {} {}",
            right("rank", RANK, theme),
            right("seeds", SEEDS, theme),
            right("accuracy", ACCURACY, theme),
            right("epoch", EPOCH, theme),
        );
        frame.render_widget(Line::styled(names, theme.dim()), header);
        let rows = overview.groups.iter().enumerate();
        let rows: Vec<Line<'_>> = rows
            .map(|(index, group)| row(self, (overview, group), index, &widths, theme))
            .collect();
        self.draw_list(frame, list, rows, theme);
    }
}

fn row<'a>(
    panel: &SweepPanel,
    (overview, group): (&Overview, &Group),
    index: usize,
    widths: &[usize],
    theme: Theme,
) -> Line<'a> {
    let values = group.values.iter().zip(widths);
    let values: String = values
        .map(|(value, width)| format!("{} ", right(&plain(value, theme), *width, theme)))
        .collect();
    let so_far = group.so_far();
    let (rank, style) = match (group.last, group.is_pruned()) {
        (Some(_), _) => ((index + 1).to_string(), theme.text()),
        (None, true) => ((index + 1).to_string(), theme.dim()),
        (None, false) => ("-".to_owned(), theme.dim()),
    };
    let accuracy = group.last.or(so_far.map(|(_, accuracy)| accuracy));
    let accuracy =
        accuracy.map_or_else(|| "-".to_owned(), |accuracy| overview.with_error(accuracy));
    let epoch = so_far.map_or_else(String::new, |(epoch, _)| epoch.to_string());
    let note = match (group.is_pruned(), group.diverged, group.failed) {
        (true, ..) => "pruned".to_owned(),
        (false, 0, 0) => String::new(),
        (false, 0, failed) => format!("{failed} failed"),
        (false, diverged, _) => format!("{diverged} diverged"),
    };
    let mark = letter(panel, index).map_or(' ', |(letter, _)| letter);
    let colour = letter(panel, index).map_or(theme.dim(), |(_, place)| theme.series(place));
    Line::from(vec![
        Span::styled(format!("{mark} "), colour),
        Span::styled(
            format!(
                "{} {values}{} {} {} ",
                right(&rank, RANK, theme),
                right(&format!("{}/{}", group.done, group.seeds), SEEDS, theme),
                right(&plain(&accuracy, theme), ACCURACY, theme),
                right(&epoch, EPOCH, theme),
            ),
            style,
        ),
        Span::styled(left(&note, NOTE, theme), theme.warning()),
    ])
}
