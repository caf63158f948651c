//! A spec: everything that defines a run, as the JSON file has it.

use super::{
    Augmentation, EarlyStopping, Initializer, InputNormalization, Layer, Loss, Optimizer,
    Precision, Schedule, Validation, name_or_fields,
};
use crate::optim::Adam;
use crate::text::escape_json;
use serde::{Deserialize, Serialize};

/// Everything that defines a run. The same spec, data, version and machine give the same model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Spec {
    /// What the run is called; part of the run folder's name.
    pub name: String,
    /// The data set this was designed for: `fashion-mnist`, `mnist`, `sample`, or any folder name.
    #[serde(default = "default_dataset")]
    pub dataset: String,
    /// Shape of one image.
    #[serde(default)]
    pub input: Input,
    /// How pixels become the network's input.
    #[serde(default)]
    pub normalization: InputNormalization,
    /// The network, first layer first.
    pub layers: Vec<Layer>,
    /// What is minimised.
    #[serde(default)]
    pub loss: Loss,
    /// How parameters follow their gradients.
    pub optimizer: Optimizer,
    /// Step size before the schedule's factor.
    pub learning_rate: f64,
    /// How the learning rate changes over the run.
    #[serde(default)]
    pub schedule: Schedule,
    /// Epochs over which the learning rate rises linearly from 0; may be a fraction.
    #[serde(default)]
    pub warmup_epochs: f64,
    /// Images per optimiser step.
    pub batch_size: usize,
    /// Passes over the training images.
    pub epochs: usize,
    /// Where every random number of the run comes from.
    #[serde(default = "default_seed")]
    pub seed: u64,
    /// How many layers, counted from the first, keep their tensors as they are: they work as in
    /// evaluation and do not learn. For a run that begins with another model's weights.
    #[serde(default)]
    pub frozen_layers: usize,
    /// Where the weights start.
    #[serde(default, deserialize_with = "name_or_fields")]
    pub initializer: Initializer,
    /// In which numbers to train: with `bf16` products have bf16 operands, f32 sums and f32 master
    /// weights. A CPU without bf16 instructions trains in f32.
    #[serde(default)]
    pub precision: Precision,
    /// Random changes to the training images.
    #[serde(default)]
    pub augmentation: Augmentation,
    /// The largest length the gradient of all parameters together may have; longer ones are scaled
    /// down to it (Pascanu et al. 2013, <https://arxiv.org/abs/1211.5063>). 0 sets no limit.
    #[serde(default)]
    pub gradient_clip: f64,
    /// What is validated and saved is a running average of the weights: after each step this share of
    /// it stays and the rest follows the weights (less in the first steps). 0 takes the weights
    /// themselves.
    #[serde(default)]
    pub ema_decay: f64,
    /// When to end before the last epoch.
    #[serde(default)]
    pub early_stopping: EarlyStopping,
    /// Which images validate.
    #[serde(default)]
    pub validation: Validation,
    /// A file with the numbers of training images to leave out, as seen from the folder in which the program
    /// runs; empty leaves none out.
    #[serde(default)]
    pub exclude: String,
}

/// Shape of one image: `[channels, height, width]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// Colour planes; 1 for grey images.
    pub channels: usize,
    /// Rows of pixels.
    pub height: usize,
    /// Columns of pixels.
    pub width: usize,
}

impl Default for Input {
    fn default() -> Self {
        Self {
            channels: 1,
            height: 28,
            width: 28,
        }
    }
}

fn default_dataset() -> String {
    "fashion-mnist".into()
}

fn default_seed() -> u64 {
    1
}

impl Spec {
    /// The smallest network there is: one dense layer for ten classes of Fashion-MNIST.
    pub fn smallest() -> Self {
        Self {
            name: "untitled".into(),
            dataset: default_dataset(),
            input: Input::default(),
            normalization: InputNormalization::default(),
            layers: vec![Layer::Flatten, Layer::Dense { units: 10 }],
            loss: Loss::default(),
            optimizer: Optimizer::Adam(Adam::default()),
            learning_rate: 1e-3,
            schedule: Schedule::Constant,
            warmup_epochs: 0.0,
            batch_size: 128,
            epochs: 10,
            seed: default_seed(),
            frozen_layers: 0,
            initializer: Initializer::default(),
            precision: Precision::default(),
            augmentation: Augmentation::default(),
            gradient_clip: 0.0,
            ema_decay: 0.0,
            early_stopping: EarlyStopping::default(),
            validation: Validation::USUAL,
            exclude: String::new(),
        }
    }

    /// The spec as the JSON that [`Spec::read`] reads back to the same value.
    pub fn to_json(&self) -> String {
        // Plain structs with string keys: serialising them cannot fail.
        let pretty = serde_json::to_string_pretty(self).unwrap_or_default();
        let mut json = escape_json(&pretty);
        json.push('\n');
        json
    }
}
