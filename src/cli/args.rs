//! Options that several subcommands share.

use super::errors::Usage;
use super::output::note;
use super::settings::settings;
use crate::data::{self, Dataset};
use crate::spec::{CheckedSpec, Precision, Spec, SpecError, preset};
use crate::text::escape_controls;
use crate::train::check_classes;
use clap::ValueEnum;
use clap::builder::PossibleValue;
use color_eyre::eyre::{Result, eyre};
use std::path::PathBuf;

/// Which network. An option that takes the place of the two joins their group, `SpecArgs`.
#[derive(Clone, Debug, clap::Args)]
#[group(required = true, multiple = false)]
pub struct SpecArgs {
    /// A network that ships with the program; `fmnist-tui presets` lists them
    #[arg(long, value_name = "NAME")]
    pub preset: Option<String>,
    /// A spec file (JSON)
    #[arg(long, value_name = "FILE")]
    pub spec: Option<PathBuf>,
}

impl SpecArgs {
    /// Reads and checks the spec.
    pub fn read(&self) -> Result<CheckedSpec> {
        let spec = match (&self.preset, &self.spec) {
            (_, Some(path)) => Spec::read(path),
            (Some(name), None) => preset(name),
            // clap asks for one of the two.
            (None, None) => return Err(Usage("give --preset or --spec".into()).into()),
        };
        spec.map_err(|error| match error {
            SpecError::UnknownPreset { .. } => Usage(error.to_string()).into(),
            error => error.into(),
        })
    }
}

impl SpecArgs {
    /// A preset made to fit the data, with a note where that changes it; a spec file stays as it is.
    pub fn adapted(&self, spec: CheckedSpec, dataset: &Dataset) -> Result<CheckedSpec> {
        let Some(preset) = &self.preset else {
            return Ok(spec);
        };
        check_classes(dataset)?;
        let input = dataset.input();
        let before = (spec.input, spec.summary().classes);
        let adapted = spec.adapted(input, dataset.classes(), &dataset.name);
        let adapted = adapted.map_err(|problem| {
            let name = escape_controls(&dataset.name);
            eyre!("the preset {preset} does not fit the images of {name}: {problem}; choose another preset")
        })?;
        if before != (adapted.input, adapted.summary().classes) {
            note(&format!(
                "{preset} is adapted to images of {}×{}×{} (channels×height×width) and {} classes",
                input.channels,
                input.height,
                input.width,
                dataset.classes()
            ));
        }
        Ok(adapted)
    }
}

/// In which numbers.
#[derive(Clone, Copy, Debug, Default, clap::Args)]
pub struct PrecisionArgs {
    /// Precision of the training, instead of the spec's; bf16 gains on CPUs with AMX or AVX512-BF16,
    /// others train in f32; auto measures which is faster
    #[arg(long, value_enum)]
    pub precision: Option<Precision>,
}

impl ValueEnum for Precision {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.name()))
    }
}

/// Values that replace the spec's.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Overrides {
    /// Passes over the training images, instead of the spec's
    #[arg(long, value_name = "N")]
    pub epochs: Option<usize>,
    /// Images per optimiser step, instead of the spec's
    #[arg(long, value_name = "N")]
    pub batch: Option<usize>,
    /// Learning rate, instead of the spec's
    #[arg(long, value_name = "X", allow_negative_numbers = true)]
    pub lr: Option<f64>,
    /// Seed of every random number, instead of the spec's
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// Leave out the training images whose numbers are in FILE, instead of the spec's; `data audit --out` writes
    /// such a list
    #[arg(long, value_name = "FILE")]
    pub exclude: Option<String>,
    #[command(flatten)]
    pub precision: PrecisionArgs,
}

impl Overrides {
    /// The spec with these values, checked again where there are any.
    pub fn apply(&self, spec: CheckedSpec) -> Result<CheckedSpec> {
        let Self {
            epochs,
            batch,
            lr,
            seed,
            ref exclude,
            precision: PrecisionArgs { precision },
        } = *self;
        let is_checked = epochs.is_some() || batch.is_some() || lr.is_some() || exclude.is_some();
        if !is_checked && precision.is_none() {
            return Ok(match seed {
                Some(seed) => spec.with_seed(seed),
                None => spec,
            });
        }
        let changed = spec.changed(|spec| {
            spec.epochs = epochs.unwrap_or(spec.epochs);
            spec.batch_size = batch.unwrap_or(spec.batch_size);
            spec.learning_rate = lr.unwrap_or(spec.learning_rate);
            spec.seed = seed.unwrap_or(spec.seed);
            spec.precision = precision.unwrap_or(spec.precision);
            if let Some(path) = exclude {
                spec.exclude.clone_from(path);
            }
        });
        let changed = changed.map_err(|problem| {
            let option = match problem.field_name() {
                Some("epochs" | "warmup_epochs") => "--epochs",
                Some("learning_rate") => "--lr",
                Some("seed") => "--seed",
                Some("exclude") => "--exclude",
                _ => "--batch",
            };
            Usage(format!("{option}: {}", problem.message))
        })?;
        Ok(changed)
    }
}

/// How many threads.
#[derive(Clone, Copy, Debug, Default, clap::Args)]
pub struct ThreadArgs {
    /// Threads for the arithmetic [default: as many as can run at once]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
}

impl ThreadArgs {
    /// The number, if one was given here or in the config file.
    pub fn get(self) -> Option<usize> {
        self.threads.map(usize::from).or(settings().threads)
    }
}

/// Which data.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct DataArgs {
    /// Folder with the four IDX files [default: searched, see `fmnist-tui data path`]
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
}

impl DataArgs {
    /// Finds and reads the data set called `name`; the built-in sample set where there is none.
    pub fn load(&self, name: &str) -> Result<Dataset> {
        Ok(data::locate(self.data.as_deref(), name).load()?)
    }
}

/// How much of the data.
#[derive(Clone, Copy, Debug, Default, clap::Args)]
pub struct LimitArgs {
    /// Use only the first N training images
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    limit: Option<u32>,
}

impl LimitArgs {
    /// Loads the data as [`DataArgs::load`] does, and keeps at most that many training images. Says which classes
    /// have none left, as those of a sorted set.
    pub fn load(self, data: &DataArgs, name: &str) -> Result<Dataset> {
        let mut dataset = data.load(name)?;
        if let Some(limit) = self.limit {
            let classes = dataset.classes();
            let before = dataset.train.class_counts(classes);
            dataset.limit_train(limit as usize);
            let after = dataset.train.class_counts(classes);
            let counts = before.iter().zip(&after);
            let missing = counts
                .filter(|(before, after)| **before > 0 && **after == 0)
                .count();
            // Of very few images nobody expects all classes.
            if missing > 0 && limit as usize >= 2 * classes {
                let remedy = match dataset.train.labels.is_sorted() {
                    true => "they are sorted by class; shuffle them, or raise --limit",
                    false => "raise --limit to have some of each",
                };
                note(&format!(
                    "the first {limit} training images have none of {missing} of the {classes} classes: {remedy}"
                ));
            }
        }
        Ok(dataset)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::errors::one_line;

    #[test]
    fn a_value_outside_its_limits_names_the_option() {
        let overrides = Overrides {
            epochs: Some(0),
            ..Overrides::default()
        };
        let report = overrides.apply(preset("tiny").unwrap()).unwrap_err();
        assert!(
            one_line(&report).starts_with("--epochs: is 0; it must be"),
            "{report}"
        );
        assert!(report.downcast_ref::<Usage>().is_some());
        let overrides = Overrides {
            lr: Some(f64::NAN),
            ..Overrides::default()
        };
        let report = overrides.apply(preset("tiny").unwrap()).unwrap_err();
        assert!(one_line(&report).starts_with("--lr: "), "{report}");
    }
}
