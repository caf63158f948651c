//! `fmnist-tui history`.

use super::errors::Usage;
use super::output::{notice_of, print, print_json};
use crate::insight::{EpochChange, Fate, Group, Stories, Story, Then};
use crate::nn;
use crate::runs::{BEST_FILE, History, RunRecord, read_history};
use crate::stats::{Accuracy, standard_error};
use crate::text::table::Table;
use crate::text::{columns, escape_controls, first, grouped, ranges, shown_path, wrap};
use color_eyre::eyre::{Result, bail, eyre};
use serde::Serialize;
use std::path::{Path, PathBuf};

/// A table has at most so many epochs.
const MOST_ROWS: usize = 40;
/// So many images of a group are named.
const MOST_IMAGES: usize = 8;
/// Cells of a name.
const NAME: usize = 24;
/// Size of the curve.
const CURVE: (usize, usize) = (72, 6);

/// Options of `history`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A run folder
    run: PathBuf,
    /// Tell the story of one validation image, by its position counted from 0
    #[arg(long, value_name = "N")]
    image: Option<usize>,
    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

/// A run's history and what its classes are called.
struct Told {
    run: RunRecord,
    history: History,
    class_names: Vec<String>,
    dataset: String,
}

/// Tells what a run learnt when.
pub fn run(args: &Args) -> Result<()> {
    let told = Told::read(&args.run)?;
    let Some(image) = args.image else {
        let stories = Stories::new(&told.history);
        return match args.json {
            true => print_json(&told.line(&stories)),
            false => print(&told.text(&stories)),
        };
    };
    let Some(story) = Story::of(&told.history, image) else {
        let last = told.history.labels().len().saturating_sub(1);
        let message =
            format!("--image {image}: the run's validation images are numbered 0 to {last}");
        return Err(Usage(message).into());
    };
    match args.json {
        true => print_json(&told.image_line(image, &story)),
        false => print(&told.image_text(image, &story)),
    }
}

impl Told {
    fn read(folder: &Path) -> Result<Self> {
        let run = RunRecord::read(folder)?;
        let history = read_history(folder).map_err(|problem| eyre!(problem))?;
        let Some(history) = history.filter(|history| !history.epochs().is_empty()) else {
            bail!(
                "{}: it has no history.bin: it was trained by an older version, or its images are too many; \
                 go on with it (`train --resume {} --more 1`) to begin one",
                shown_path(folder),
                shown_path(folder)
            );
        };
        let model = nn::load_model(&folder.join(BEST_FILE)).ok();
        let (class_names, dataset) = match model {
            Some((_, info)) => (info.class_names, info.dataset),
            None => (Vec::new(), "unknown".into()),
        };
        Ok(Self {
            run,
            history,
            class_names,
            dataset,
        })
    }

    fn class_name(&self, class: usize) -> String {
        let name = self.class_names.get(class);
        let name = name.map_or_else(|| class.to_string(), |name| escape_controls(name));
        first(&name, NAME).to_owned()
    }

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

    fn text(&self, stories: &Stories) -> String {
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
            text.push_str(&format!(
                "{} of {} epochs are kept; learnt and forgotten is counted from one of them to the next\n",
                grouped(kept as u64),
                grouped(last as u64)
            ));
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
            "\nEvery image has one story. Late: right for good only in the second half of the epochs.\n{}",
            table.text()
        ));
        text
    }

    fn image_text(&self, image: usize, story: &Story) -> String {
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
    let mean = |range: std::ops::Range<usize>| {
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

/// The object `--json` prints.
#[derive(Serialize)]
struct Line<'a> {
    #[serde(flatten)]
    about: About<'a>,
    epochs: Vec<EpochLine>,
    stories: Vec<GroupLine>,
}

#[derive(Serialize)]
struct About<'a> {
    run: &'a Path,
    name: &'a str,
    dataset: &'a str,
    notice: Option<&'static str>,
    images: usize,
    class_names: &'a [String],
}

#[derive(Serialize)]
struct EpochLine {
    epoch: usize,
    accuracy: f64,
    accuracy_error: f64,
    loss: f64,
    learnt: Option<usize>,
    forgotten: Option<usize>,
    /// Mean over the images.
    probability_of_true_class: Option<f64>,
    /// True classes by predicted classes.
    confusion: Vec<Vec<u64>>,
}

#[derive(Serialize)]
struct GroupLine {
    story: &'static str,
    count: usize,
    /// Positions.
    images: Vec<u32>,
}

/// The object `--image N --json` prints.
#[derive(Serialize)]
struct ImageLine<'a> {
    #[serde(flatten)]
    about: About<'a>,
    image: usize,
    true_class: usize,
    story: &'static str,
    right_since: Option<usize>,
    forgotten: usize,
    epochs: Vec<ThenLine>,
}

#[derive(Serialize)]
struct ThenLine {
    epoch: usize,
    class: usize,
    right: bool,
    /// Of all classes, in steps of 1/255; none where only the class is kept.
    probabilities: Option<Vec<f32>>,
}

impl Told {
    fn about(&self) -> About<'_> {
        About {
            run: &self.run.run.path,
            name: &self.run.name,
            dataset: &self.dataset,
            notice: notice_of(&self.dataset),
            images: self.history.labels().len(),
            class_names: &self.class_names,
        }
    }

    fn line(&self, stories: &Stories) -> Line<'_> {
        let epoch = |epoch: &EpochChange| EpochLine {
            epoch: epoch.epoch,
            accuracy: epoch.accuracy,
            accuracy_error: standard_error(epoch.accuracy, self.history.labels().len()),
            loss: epoch.loss,
            learnt: epoch.learnt,
            forgotten: epoch.forgotten,
            probability_of_true_class: epoch.probability,
            confusion: self.confusion(epoch.epoch),
        };
        let group = |group: Group| {
            let images = stories.images(group);
            GroupLine {
                story: group.name(),
                count: images.len(),
                images,
            }
        };
        Line {
            about: self.about(),
            epochs: stories.epochs.iter().map(epoch).collect(),
            stories: Group::ALL.map(group).into(),
        }
    }

    fn confusion(&self, epoch: usize) -> Vec<Vec<u64>> {
        let classes = 0..self.history.classes();
        let evaluation = self.history.evaluation(epoch);
        let row = |truth| {
            let counts = classes.clone().filter_map(|predicted| {
                let confusion = &evaluation.as_ref()?.confusion;
                Some(confusion.count(truth, predicted))
            });
            counts.collect()
        };
        classes.clone().map(row).collect()
    }

    fn image_line(&self, image: usize, story: &Story) -> ImageLine<'_> {
        let Fate {
            group,
            right_since,
            forgotten,
        } = story.fate;
        let then = |then: &Then| {
            let answers = self.history.after(then.epoch);
            let classes = 0..self.history.classes();
            let probabilities =
                classes.map(|class| answers.and_then(|it| it.probability(image, class)));
            ThenLine {
                epoch: then.epoch,
                class: then.predicted,
                right: then.is_right,
                probabilities: probabilities.collect(),
            }
        };
        ImageLine {
            about: self.about(),
            image,
            true_class: story.truth,
            story: group.name(),
            right_since,
            forgotten,
            epochs: story.then.iter().map(then).collect(),
        }
    }
}
