//! What a model says of an image, as JSON and as text.

use crate::data::picture::Adjustments;
use crate::insight::{Prediction, Standing};
use crate::nn::ModelInfo;
use crate::text::table::Table;
use crate::text::{escape_controls, first};
use serde::Serialize;

/// Cells of the longest bar.
const BAR: f32 = 30.0;

/// One image's answer, as `--json` prints it.
#[derive(Serialize)]
pub struct Answer<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub index: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<&'a str>,
    pub class: usize,
    pub name: &'a str,
    pub probabilities: Vec<f32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub true_class: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub true_name: Option<&'a str>,
    /// What was done to a picture.
    #[serde(flatten)]
    pub picture: Option<Seen<'a>>,
    /// The data set of the image, or for a picture the one the model was trained on.
    pub dataset: &'a str,
    pub notice: Option<&'static str>,
}

/// A picture as the network sees it.
#[derive(Serialize)]
pub struct Seen<'a> {
    pub adjustments: Adjustments,
    /// Null where the training data is not there.
    pub likeness: Option<Standing>,
    /// `[channels, height, width]`.
    pub size: [usize; 3],
    /// One plane after the other.
    pub pixels: &'a [u8],
}

impl<'a> Answer<'a> {
    /// Of an image from nowhere yet.
    pub fn new(
        prediction: Prediction,
        info: &'a ModelInfo,
        dataset: &'a str,
        notice: Option<&'static str>,
    ) -> Self {
        Self {
            index: None,
            image: None,
            class: prediction.class,
            name: name_of(info, prediction.class),
            probabilities: prediction.probabilities,
            true_class: None,
            true_name: None,
            picture: None,
            dataset,
            notice,
        }
    }

    /// Where the image is from and what it is taken for.
    pub fn head(&self) -> String {
        let what = match (self.index, self.image) {
            (Some(index), _) => format!("validation image {index}"),
            (None, image) => escape_controls(image.unwrap_or_default()),
        };
        let truth = match (self.true_class, self.true_name) {
            (Some(class), _) if usize::from(class) == self.class => ", which is right".to_owned(),
            (Some(_), Some(name)) => format!(", but it is {}", escape_controls(name)),
            _ => String::new(),
        };
        format!("{what}: {}{truth}\n", escape_controls(self.name))
    }

    /// The classes with a bar each.
    pub fn table(&self, info: &ModelInfo) -> String {
        let mut table = Table::new(&["class", ">probability", ""]);
        for (class, probability) in self.probabilities.iter().enumerate() {
            let bar = "█".repeat((probability * BAR).round() as usize);
            let name = escape_controls(name_of(info, class));
            table.row([
                first(&name, 30).to_owned(),
                format!("{probability:.4}"),
                bar,
            ]);
        }
        table.text()
    }
}

/// What a class is called.
pub fn name_of(info: &ModelInfo, class: usize) -> &str {
    info.class_names.get(class).map_or("", String::as_str)
}
