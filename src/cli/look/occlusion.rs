//! The map of `look` by covering parts of the image.

use crate::cli::model_args::LoadedModel;
use crate::insight::Occlusion;
use serde::Serialize;

pub fn text(index: usize, loaded: &LoadedModel, map: &Occlusion) -> String {
    let ((row, column), change) = map.most_needed();
    let name = loaded.class_name(map.class);
    let percent = |share: f32| format!("{:.1} %", 100.0 * share);
    let mut text = format!(
        "{}\nImage {index}, {}: {name} with {}\n\n",
        loaded.head(),
        loaded.class_name(usize::from(loaded.dataset.validation.labels[index])),
        percent(map.probability),
    );
    text.push_str(&format!(
        "{0}x{0} pixels are covered at every place. Where a sign stands, {name} changes by a quarter or more of\n\
         the largest change, {1}: # and + the model needs, - speaks for other classes.\n\n",
        map.side,
        percent(map.largest()),
    ));
    let scale = map.largest().max(f32::MIN_POSITIVE);
    for row in map.change.chunks(map.size.1.max(1)) {
        let sign = |change: &f32| match change / scale {
            ..-0.6 => "##",
            -0.6..-0.25 => "++",
            0.25.. => "--",
            _ => " .",
        };
        let line: String = row.iter().map(sign).collect();
        text.push_str(line.trim_end());
        text.push('\n');
    }
    if change < 0.0 {
        text.push_str(&format!(
            "\nMost around row {row}, column {column}: {name} goes from {} to {} there.\n",
            percent(map.probability),
            percent(map.probability + change)
        ));
    }
    text
}

/// What occlusion adds to the object that `--json` prints.
#[derive(Serialize)]
pub struct Fields<'a> {
    /// Pixels of the side of the square that is covered.
    side: usize,
    /// `[height, width]`, row by row.
    change: &'a [f32],
}

impl<'a> From<&'a Occlusion> for Fields<'a> {
    fn from(map: &'a Occlusion) -> Self {
        Self {
            side: map.side,
            change: &map.change,
        }
    }
}
