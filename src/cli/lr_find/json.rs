//! A learning rate range test as JSON, one object a line.

use crate::cli::output::{join_notices, print_json};
use crate::data::Dataset;
use crate::spec::{Precision, Spec};
use crate::train::{LrFindEnd, LrFindResult, LrStep, LrSuggestion};
use color_eyre::eyre::Result;
use serde::Serialize;

#[derive(Serialize)]
#[serde(tag = "event", rename_all = "lowercase")]
enum Line<'a> {
    Step {
        step: usize,
        #[serde(flatten)]
        losses: &'a LrStep,
    },
    Done {
        name: &'a str,
        dataset: &'a str,
        notice: Option<String>,
        steps: usize,
        end: LrFindEnd,
        /// The learning rate to begin with; `None` if the loss never fell.
        suggestion: Option<LrSuggestion>,
        batch_size: usize,
        threads: usize,
        precision: Precision,
    },
}

/// Prints a `step` object for every step, and a `done` object.
///
/// # Errors
/// When stdout cannot be written.
pub fn print_lines(spec: &Spec, dataset: &Dataset, result: &LrFindResult) -> Result<()> {
    for (index, losses) in result.steps.iter().enumerate() {
        print_json(&Line::Step {
            step: index + 1,
            losses,
        })?;
    }
    print_json(&Line::Done {
        name: &spec.name,
        dataset: &dataset.name,
        notice: join_notices([dataset.notice(), result.notice.as_deref()]),
        steps: result.steps.len(),
        end: result.end,
        suggestion: result.suggestion,
        batch_size: spec.batch_size,
        threads: result.threads,
        precision: result.precision,
    })
}
