//! What a cell of the matrix means, in words.

use crate::train::ConfusionMatrix;
use crate::tui::shared::Shared;
use crate::tui::widgets::label::grouped;

/// The sentence about the images of true class `cell.0` that were predicted as `cell.1`.
pub fn cell(matrix: &ConfusionMatrix, cell: (usize, usize), shared: &Shared) -> String {
    let one = matrix.count(cell.0, cell.1) == 1;
    phrase(
        matrix,
        cell,
        if one { " images was" } else { " images were" },
        shared,
    )
}

/// The same in fewer words.
pub fn cell_in_short(matrix: &ConfusionMatrix, cell: (usize, usize), shared: &Shared) -> String {
    phrase(matrix, cell, "", shared)
}

fn phrase(
    matrix: &ConfusionMatrix,
    (truth, predicted): (usize, usize),
    were: &str,
    shared: &Shared,
) -> String {
    let name = |class| shared.class_name(class);
    let count = matrix.count(truth, predicted);
    let images = row_total(matrix, truth);
    let what = if truth == predicted {
        "recognised".to_owned()
    } else {
        format!("taken for {}", name(predicted))
    };
    if images == 0 {
        return format!("there is no image of {}", name(truth));
    }
    if count == 0 {
        return format!("no {} was {what}", name(truth));
    }
    format!(
        "{} of {} {}{were} {what}, {} %",
        grouped(count),
        grouped(images),
        name(truth),
        percent(share(count, images))
    )
}

/// A share as percent; one that is not quite 0 or 100 is not rounded to that.
fn percent(share: f64) -> String {
    let percent = 100.0 * share;
    if percent < 0.05 {
        "< 0.1".into()
    } else if share < 1.0 && percent >= 99.95 {
        "> 99.9".into()
    } else {
        format!("{percent:.1}")
    }
}

/// A share as a whole percentage in three cells; one that is not quite 0 or 100 is not rounded to that.
pub fn short_percent(share: f64) -> String {
    let percent = 100.0 * share;
    if percent > 0.0 && percent < 0.5 {
        "<1".into()
    } else if share < 1.0 && percent >= 99.5 {
        "99".into()
    } else {
        format!("{percent:.0}")
    }
}

/// Images of a class.
pub fn row_total(matrix: &ConfusionMatrix, truth: usize) -> u64 {
    (0..matrix.classes())
        .map(|predicted| matrix.count(truth, predicted))
        .sum()
}

/// `part / whole`; 0 if `whole` is 0.
pub fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 {
        0.0
    } else {
        part as f64 / whole as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_do_not_look_like_none_or_all() {
        assert_eq!(short_percent(0.001), "<1");
        assert_eq!(short_percent(0.999), "99");
        assert_eq!(short_percent(1.0), "100");
        assert_eq!(short_percent(0.0), "0");
        assert_eq!(percent(0.165), "16.5");
        assert_eq!(percent(0.9999), "> 99.9");
    }
}
