//! Keeps each skip connection over the same layers while layers are inserted, removed and swapped.
//!
//! In the editor the span of a residual layer counts rows, also those of layers that are off: switching
//! a layer off and on again then leaves the network as it was.

use super::entry::Entry;
use crate::spec::Layer;
use crate::spec::ablation::layers_left;
use std::ops::Range;

/// The rows that the skip connection of the residual layer at `row` spans; none for another layer. Its
/// span may be larger than the number of rows before it: then it is all of those.
pub fn spanned(entries: &[Entry], row: usize) -> Option<Range<usize>> {
    match entries.get(row)?.layer {
        Layer::Residual { span } => Some(row.saturating_sub(span)..row),
        _ => None,
    }
}

/// The network of the rows that are on.
pub fn layers_on(entries: &[Entry]) -> Vec<Layer> {
    let layers: Vec<Layer> = entries.iter().map(|entry| entry.layer.clone()).collect();
    let is_off: Vec<bool> = entries.iter().map(|entry| !entry.enabled).collect();
    layers_left(&layers, &is_off)
}

/// Inserts a layer at `row`: a skip connection over this place spans the new layer too. The span of a
/// residual layer is cut to the number of rows before it.
pub fn insert(entries: &mut Vec<Entry>, row: usize, mut entry: Entry) {
    if let Layer::Residual { span } = &mut entry.layer {
        *span = (*span).min(row).max(1);
    }
    entries.insert(row, entry);
    for (at, entry) in entries.iter_mut().enumerate().skip(row + 1) {
        if let Layer::Residual { span } = &mut entry.layer
            && (at - 1).saturating_sub(*span) < row
        {
            *span += 1;
        }
    }
}

/// Removes the layer at `row`.
pub fn remove(entries: &mut Vec<Entry>, row: usize) {
    entries.remove(row);
    for (at, entry) in entries.iter_mut().enumerate().skip(row) {
        if let Layer::Residual { span } = &mut entry.layer
            && (at + 1).saturating_sub(*span) <= row
        {
            *span = shorter(*span);
        }
    }
}

/// Swaps the layers at `upper` and in the row below it: a layer that passes a residual layer leaves or
/// joins the rows that its skip connection spans.
pub fn swap(entries: &mut [Entry], upper: usize) {
    entries.swap(upper, upper + 1);
    if let Some(Layer::Residual { span }) = layer_at(entries, upper) {
        *span = shorter(*span);
    }
    if let Some(Layer::Residual { span }) = layer_at(entries, upper + 1) {
        *span += 1;
    }
}

fn layer_at(entries: &mut [Entry], row: usize) -> Option<&mut Layer> {
    entries.get_mut(row).map(|entry| &mut entry.layer)
}

/// The span without one of its rows; a skip connection spans at least one.
fn shorter(span: usize) -> usize {
    span.saturating_sub(1).max(1)
}

/// The signs in front of every row that show what the skip connections span. Those that overlap stand in
/// columns of their own, the longest first. Empty where there is no skip connection.
pub fn signs(entries: &[Entry], [top, line, bottom]: [char; 3]) -> Vec<String> {
    let mut spans: Vec<Range<usize>> = (0..entries.len())
        .filter_map(|row| spanned(entries, row))
        .collect();
    spans.sort_by_key(|rows| (std::cmp::Reverse(rows.len()), rows.start));
    let mut columns: Vec<Vec<char>> = Vec::new();
    for Range { start, end } in spans {
        let free = columns
            .iter()
            .position(|column| column[start..=end].iter().all(|sign| *sign == ' '));
        let at = free.unwrap_or(columns.len());
        if free.is_none() {
            columns.push(vec![' '; entries.len()]);
        }
        columns[at][start..end].fill(line);
        columns[at][start] = top;
        columns[at][end] = bottom;
    }
    let signs_of = |row: usize| {
        let mut signs: String = columns.iter().map(|column| column[row]).collect();
        if !signs.is_empty() {
            signs.push(' ');
        }
        signs
    };
    (0..entries.len()).map(signs_of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn residual(span: usize) -> Layer {
        Layer::Residual { span }
    }

    fn rows(layers: &[Layer]) -> Vec<Entry> {
        let on = |layer: &Layer| Entry {
            layer: layer.clone(),
            enabled: true,
        };
        layers.iter().map(on).collect()
    }

    fn plain() -> Layer {
        Layer::Flatten
    }

    fn spans(entries: &[Entry]) -> Vec<usize> {
        let spans = entries.iter().filter_map(|entry| match entry.layer {
            Layer::Residual { span } => Some(span),
            _ => None,
        });
        spans.collect()
    }

    #[test]
    fn a_skip_connection_keeps_its_layers_when_others_come_and_go() {
        // The skip connection spans rows 1 to 3.
        let layers = [plain(), plain(), plain(), plain(), residual(3), plain()];
        let span_with = |row: usize| {
            let mut entries = rows(&layers);
            insert(&mut entries, row, rows(&[plain()]).remove(0));
            spans(&entries)[0]
        };
        assert_eq!([0, 1, 2, 3, 4, 5, 6].map(span_with), [3, 3, 4, 4, 4, 3, 3]);
        let span_without = |row: usize| {
            let mut entries = rows(&layers);
            remove(&mut entries, row);
            spans(&entries)[0]
        };
        assert_eq!([0, 1, 2, 3, 5].map(span_without), [3, 2, 2, 2, 3]);
    }

    #[test]
    fn a_layer_that_passes_a_residual_leaves_or_joins_its_span() {
        let mut entries = rows(&[plain(), plain(), residual(2), plain()]);
        swap(&mut entries, 2);
        assert_eq!(spans(&entries), [3]);
        swap(&mut entries, 2);
        assert_eq!(spans(&entries), [2]);
        // The last layer does not leave.
        let mut entries = rows(&[plain(), residual(1)]);
        swap(&mut entries, 0);
        assert_eq!(spans(&entries), [1]);
    }

    #[test]
    fn a_layer_that_is_off_is_not_spanned_and_comes_back_into_its_span() {
        let mut entries = rows(&[plain(), plain(), plain(), residual(2)]);
        let last = |entries: &[Entry]| layers_on(entries).pop().unwrap();
        entries[1].enabled = false;
        assert_eq!(last(&entries), residual(1));
        entries[1].enabled = true;
        assert_eq!(last(&entries), residual(2));
        entries[0].enabled = false;
        assert_eq!(last(&entries), residual(2));
        // More than there are: the network's check says so, not a panic.
        assert_eq!(last(&rows(&[plain(), residual(9)])), residual(9));
    }

    #[test]
    fn the_span_of_a_new_residual_is_no_larger_than_what_is_before_it() {
        let mut entries = rows(&[plain(), plain(), plain()]);
        insert(&mut entries, 2, rows(&[residual(5)]).remove(0));
        assert_eq!(spans(&entries), [2]);
    }

    #[test]
    fn brackets_show_what_is_spanned() {
        let entries = rows(&[plain(), plain(), residual(1), plain(), residual(4), plain()]);
        let signs = signs(&entries, ['┌', '│', '└']);
        assert_eq!(signs, ["┌  ", "│┌ ", "│└ ", "│  ", "└  ", "   "]);
        let entries = rows(&[plain(), residual(1), plain(), residual(1)]);
        assert_eq!(
            super::signs(&entries, [',', '|', '`']),
            [", ", "` ", ", ", "` "]
        );
        assert_eq!(super::signs(&rows(&[plain()]), [',', '|', '`']), [""]);
    }
}
