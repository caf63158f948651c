//! What every layer of a model makes of one image.

use super::made_of::At;
use super::muting::{Unit, silent};
use super::traced::Traced;
use super::worked_output::WorkedOutput;
use crate::data::{self, Split};
use crate::nn::{Layerwise, Snapshot};

/// An image with the output of every layer.
#[derive(Clone, Debug, PartialEq)]
pub struct ImageTrace {
    /// Normalised, `[channels, height, width]`.
    pub pixels: Vec<f32>,
    /// A list of values per layer of the spec, each `[channels, height, width]` or `[features]`.
    pub outputs: Vec<Vec<f32>>,
}

impl ImageTrace {
    /// Sends image `image` of `split` through the model, in which `muted` units are 0.
    ///
    /// # Errors
    /// A sentence: there is no such image, or the model's parts do not fit each other.
    pub fn new(
        snapshot: &Snapshot,
        split: &Split,
        image: usize,
        muted: &[Unit],
    ) -> Result<Self, String> {
        if image >= split.len() {
            return Err(format!("there is no validation image {image}"));
        }
        let info = &snapshot.info;
        let (mut pixels, mut labels) = (Vec::new(), Vec::new());
        data::fill(
            split,
            &[image as u32],
            info.normalization,
            &mut pixels,
            &mut labels,
        );
        let outputs = if muted.is_empty() {
            let outputs = snapshot.restore()?.layer_outputs(&pixels);
            outputs.map_err(|error| error.to_string())?
        } else {
            let network = Layerwise::new(&info.spec, &snapshot.state)?;
            network.outputs(&pixels, &silent(&info.spec, muted))
        };
        Ok(Self { pixels, outputs })
    }

    /// Works out the value at `at` of the layer at position `layer`; the trace must be of the model `snapshot`.
    ///
    /// # Errors
    /// Those of [`WorkedOutput::new`].
    pub fn work_out(
        &self,
        snapshot: &Snapshot,
        layer: usize,
        at: At,
    ) -> Result<WorkedOutput, String> {
        let network = Traced {
            spec: &snapshot.info.spec,
            state: &snapshot.state,
            pixels: &self.pixels,
            outputs: &self.outputs,
        };
        WorkedOutput::new(network, layer, at)
    }
}
