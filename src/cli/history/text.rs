//! What people read.

use super::told::Told;
use crate::cli::output::notice_of;
use crate::insight::{Group, Stories, Story, Then};
use crate::stats::Accuracy;
use crate::text::table::Table;
use crate::text::{columns, escape_controls, grouped, ranges, shown_path, wrap};
use std::ops::Range;

/// A table has at most so many epochs.
const MOST_ROWS: usize = 40;
/// So many images of a group are named.
const MOST_IMAGES: usize = 6;
/// Size of the curve.
const CURVE: (usize, usize) = (72, 6);

impl Told {
    fn head(&self) -> String {
        let notice = notice_of(&self.dataset);
        let notice = notice.map_or_else(String::new, |notice| format!(" ({notice})"));
        let images = self.history.labels().len();
        format!(
            "Run: {}, {}\nData: {}{notice}, {} validation images\n",
            shown_path(&self.run.run.path),
            self.run.name,
            escape_controls(&self.dataset),
            grouped(images as u64),
        )
    }

    /// The epochs, and how many images have which story.
    pub fn text(&self, stories: &Stories) -> String {
        let images = self.history.labels().len();
        let mut table = Table::new(&[
            ">epoch",
            ">right, %",
            ">learnt",
            ">forgotten",
            ">p of the true class, %",
        ]);
        let count = |count: Option<usize>| count.map_or_else(none, |count| grouped(count as u64));
        let shown = chosen(&stories.epochs);
        for epoch in &shown {
            table.row([
                epoch.epoch.to_string(),
                Accuracy::of(epoch.accuracy, images).percent(),
                count(epoch.learnt),
                count(epoch.forgotten),
                percent(epoch.probability),
            ]);
        }
        let mut text = format!("{}\n{}", self.head(), table.text());
        let (kept, last) = (stories.epochs.len(), self.history.epochs().last());
        let last = last.map_or(0, |last| last.epoch);
        if shown.len() < kept {
            text.push_str(&format!(
                "{} of {} epochs are shown; --json has all\n",
                shown.len(),
                grouped(kept as u64)
            ));
        }
        if kept < last {
            let sentence = format!(
                "{} of {} epochs are kept; learnt and forgotten is counted from one of them to the next",
                grouped(kept as u64),
                grouped(last as u64)
            );
            text.push_str(&format!("{}\n", wrap(&sentence, 80).join("\n")));
        }
        let mut table = Table::new(&["story", ">images", ">%", "images, by their positions"]);
        for group in Group::ALL {
            let found = stories.images(group);
            let named = found.iter().take(MOST_IMAGES).map(u32::to_string);
            let mut named: Vec<String> = named.collect();
            if found.len() > MOST_IMAGES {
                named.push("…".into());
            }
            table.row([
                group.name().to_owned(),
                grouped(found.len() as u64),
                format!("{:.1}", 100.0 * found.len() as f64 / images.max(1) as f64),
                named.join(" "),
            ]);
        }
        text.push_str(&format!(
            "\nEach image has one story. Late: for good only in the second half of the epochs.\n{}",
            table.text()
        ));
        text
    }

    /// The story of an image.
    pub fn image_text(&self, image: usize, story: &Story) -> String {
        let name = self.class_name(story.truth);
        let about = format!("Image {image}, {name}: {}", story.fate.in_words());
        let mut text = format!("{}\n{}\n", self.head(), wrap(&about, 80).join("\n"));
        text.push_str(&curve(&story.then, &name));
        let of_truth = format!(">p of {name}, %");
        let mut table = Table::new(&[">epoch", "taken for", "", ">sure, %", &of_truth]);
        for then in chosen(&story.then) {
            table.row([
                then.epoch.to_string(),
                self.class_name(then.predicted),
                if then.is_right { "right" } else { "wrong" }.to_owned(),
                percent(then.of_predicted.map(f64::from)),
                percent(then.of_truth.map(f64::from)),
            ]);
        }
        text.push('\n');
        text.push_str(&table.text());
        text
    }
}

/// At most [`MOST_ROWS`] of these, evenly spread, the first and the last among them.
fn chosen<T>(all: &[T]) -> Vec<&T> {
    let last = all.len().saturating_sub(1);
    match all.len() > MOST_ROWS {
        true => {
            let place = |row: usize| row * last / (MOST_ROWS - 1);
            (0..MOST_ROWS)
                .filter_map(|row| all.get(place(row)))
                .collect()
        }
        false => all.iter().collect(),
    }
}

/// The probability of the true class, epoch after epoch.
fn curve(then: &[Then], name: &str) -> String {
    let known: Vec<&Then> = then.iter().filter(|then| then.of_truth.is_some()).collect();
    let (Some(first), Some(last)) = (known.first(), known.last()) else {
        return String::new();
    };
    let (width, height) = CURVE;
    let mean = |range: Range<usize>| {
        let of_truth = known[range].iter().filter_map(|then| then.of_truth);
        let values: Vec<f64> = of_truth.map(f64::from).collect();
        Some(values.iter().sum::<f64>() / values.len().max(1) as f64)
    };
    let shares: Vec<Option<f64>> = ranges(known.len(), width).into_iter().map(mean).collect();
    let lines = columns(&shares, height, false);
    let mut text = format!(
        "\nProbability of {name}, epochs {} to {}\n",
        first.epoch, last.epoch
    );
    for (index, line) in lines.iter().enumerate() {
        let label = match index {
            0 => "100 %",
            index if index + 1 == height => "  0 %",
            _ => "     ",
        };
        text.push_str(format!("{label} │{line}").trim_end());
        text.push('\n');
    }
    text
}

fn none() -> String {
    "-".into()
}

/// What is kept in steps of 1/255 has no use for another digit.
fn percent(share: Option<f64>) -> String {
    share.map_or_else(none, |share| format!("{:.1}", 100.0 * share))
}
