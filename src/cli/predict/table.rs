//! The table of `--csv`.

use super::answer::name_of;
use crate::cli::errors::one_line;
use crate::data::picture::Adjusted;
use crate::insight::{Prediction, Standing};
use crate::nn::ModelInfo;
use crate::text::harmless;
use color_eyre::eyre::{Report, Result};
use serde::Serialize;

/// A line: a picture with its answer, or with why there is none.
#[derive(Serialize)]
pub struct Row {
    image: String,
    class: Option<usize>,
    name: Option<String>,
    probability: Option<f32>,
    adjustments: Option<String>,
    more_usual: Option<f64>,
    is_unlike: Option<bool>,
    error: Option<String>,
}

impl Row {
    /// Of a picture with an answer.
    pub fn good(
        image: &str,
        info: &ModelInfo,
        prediction: &Prediction,
        adjusted: &Adjusted,
        standing: Option<Standing>,
    ) -> Self {
        Self {
            image: harmless(image),
            class: Some(prediction.class),
            name: Some(harmless(name_of(info, prediction.class))),
            probability: prediction.probabilities.get(prediction.class).copied(),
            adjustments: Some(adjusted.done.words()),
            more_usual: standing.map(|standing| standing.more_usual),
            is_unlike: standing.map(|standing| standing.is_unlike),
            error: None,
        }
    }

    /// Of a picture that cannot be read.
    pub fn bad(image: &str, error: &Report) -> Self {
        Self {
            image: harmless(image),
            class: None,
            name: None,
            probability: None,
            adjustments: None,
            more_usual: None,
            is_unlike: None,
            error: Some(harmless(&one_line(error))),
        }
    }
}

/// The lines below their header (RFC 4180, lines end with `\n`).
pub fn csv(rows: &[Row]) -> Result<String> {
    let mut writer = ::csv::Writer::from_writer(Vec::new());
    for row in rows {
        writer.serialize(row)?;
    }
    Ok(String::from_utf8(writer.into_inner()?)?)
}
