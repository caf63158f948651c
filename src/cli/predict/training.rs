//! What is known of the images that a model was trained on.

use crate::cli::args::DataArgs;
use crate::data::Dataset;
use crate::data::picture::Style;
use crate::insight::Likeness;
use crate::nn::ModelInfo;
use crate::text::escape_controls;
use crate::train::check_fits_model;
use color_eyre::eyre::{Result, WrapErr};

/// What pictures are adjusted to and compared with.
pub struct Training {
    /// How objects stand in the training images.
    pub style: Style,
    /// What is usual among them; none where they are not there, or too few.
    pub likeness: Option<Likeness>,
    /// What is missing.
    pub note: Option<String>,
}

impl Training {
    /// By the data in the folder that was named, or by the data set of the model's where it is found.
    ///
    /// # Errors
    /// A folder that was named, and whose images the network does not take.
    pub fn of(info: &ModelInfo, data: &DataArgs) -> Result<Self> {
        let dataset = match &data.data {
            Some(_) => {
                let dataset = data.load(&info.dataset)?;
                check_fits_model(&info.spec, &dataset).wrap_err("--data")?;
                Some(dataset)
            }
            None => data.load(&info.dataset).ok().filter(|dataset| {
                dataset.name == info.dataset && check_fits_model(&info.spec, dataset).is_ok()
            }),
        };
        Ok(match dataset {
            Some(dataset) => Self::known(&dataset),
            None => Self::unknown(info),
        })
    }

    fn known(dataset: &Dataset) -> Self {
        Self {
            style: Style::of(&dataset.train),
            likeness: Likeness::of(&dataset.train),
            note: None,
        }
    }

    /// The mean that the network subtracts says what the background is, if anything does.
    fn unknown(info: &ModelInfo) -> Self {
        let is_light = info.normalization.mean >= 0.5;
        let background = if is_light { 255 } else { 0 };
        let on = if is_light {
            "dark on light"
        } else {
            "light on dark"
        };
        let note = format!(
            "the training data, {}, is not found: its objects are taken to be {on}, and nothing is said of how usual \
             a picture is; --data DIR names its folder",
            escape_controls(&info.dataset)
        );
        Self {
            style: Style {
                background,
                is_plain: info.spec.input.channels == 1,
                ..Style::GARMENTS
            },
            likeness: None,
            note: Some(note),
        }
    }
}
