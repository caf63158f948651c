//! Where a class comes from in the maps of a layer: Grad-CAM (Selvaraju et al. 2017,
//! <https://arxiv.org/abs/1610.02391>).

use crate::data::{self, Normalization, Split};
use crate::nn::{Layerwise, argmax, softmax};
use crate::spec::{LayerSummary, Shape};

/// The parts of an image that speak for a class, as a layer's maps see them.
#[derive(Clone, Debug, PartialEq)]
pub struct GradCam {
    /// The class: the one that the image is taken for, unless another was asked for.
    pub class: usize,
    /// Its probability.
    pub probability: f32,
    /// The layer's position, from 0.
    pub layer: usize,
    /// Rows and columns of the layer's maps.
    pub maps: (usize, usize),
    /// The weight of each map: the mean over the map of the gradient of the class's score.
    pub weights: Vec<f32>,
    /// Rows and columns of pixels of the image.
    pub size: (usize, usize),
    /// `[height, width]` of the maps: `max(0, Σ weight · map)`.
    pub coarse: Vec<f32>,
    /// The same spread over the image, `[height, width]`, bilinearly.
    pub over_image: Vec<f32>,
}

impl GradCam {
    /// Looks at image `image` of `split` for `class`, by default the one it is taken for, through the maps of
    /// `layer`, by default the last of [those that have some](layers_with_maps). `rows` are the network's layers.
    ///
    /// # Errors
    /// A sentence: the network has no maps, or not at this layer.
    ///
    /// # Panics
    /// If there is no such image, or the class is not the model's.
    pub fn new(
        network: &Layerwise,
        rows: &[LayerSummary],
        split: &Split,
        image: usize,
        normalization: Normalization,
        class: Option<usize>,
        layer: Option<usize>,
    ) -> Result<Self, String> {
        let last = layers_with_maps(rows).last().copied().ok_or(
            "Grad-CAM needs a layer with maps larger than a pixel, and this network has none; \
             occlusion works for any network",
        )?;
        let layer = layer.unwrap_or(last);
        let (height, width) = match rows.get(layer).map(|row| row.output) {
            Some(Shape::Image { height, width, .. }) => (height, width),
            Some(Shape::Flat { .. }) => {
                return Err(format!(
                    "layer {} is flat; Grad-CAM needs maps, the last ones are those of layer {}",
                    layer + 1,
                    last + 1
                ));
            }
            None => return Err(format!("the layers are numbered 1 to {}", rows.len())),
        };
        let (mut pixels, mut labels) = (Vec::new(), Vec::new());
        data::fill(
            split,
            &[image as u32],
            normalization,
            &mut pixels,
            &mut labels,
        );
        let scores = network.scores(&pixels);
        let class = class.unwrap_or_else(|| argmax(&scores));
        let found = network.gradient(&pixels, layer, class);
        let area = height * width;
        let mean = |map: &[f32]| {
            (map.iter().copied().map(f64::from).sum::<f64>() / area.max(1) as f64) as f32
        };
        let weights: Vec<f32> = found.gradient.chunks_exact(area).map(mean).collect();
        let mut coarse = vec![0.0; area];
        for (map, weight) in found.output.chunks_exact(area).zip(&weights) {
            for (sum, value) in coarse.iter_mut().zip(map) {
                *sum += weight * value;
            }
        }
        for value in &mut coarse {
            *value = value.max(0.0);
        }
        let probabilities = softmax(&scores, scores.len());
        Ok(Self {
            class,
            probability: probabilities[class],
            layer,
            maps: (height, width),
            weights,
            size: (split.height, split.width),
            over_image: spread(&coarse, (height, width), (split.height, split.width)),
            coarse,
        })
    }

    /// The largest value over the image; 0 where nothing speaks for the class.
    pub fn largest(&self) -> f32 {
        self.over_image.iter().copied().fold(0.0, f32::max)
    }

    /// Row and column of the pixel with the largest value.
    pub fn strongest(&self) -> (usize, usize) {
        let at = argmax(&self.over_image);
        (at / self.size.1.max(1), at % self.size.1.max(1))
    }
}

/// Positions of the layers whose output is maps larger than a pixel, through which Grad-CAM can look.
pub fn layers_with_maps(rows: &[LayerSummary]) -> Vec<usize> {
    let has_maps = |row: &LayerSummary| matches!(row.output, Shape::Image { height, width, .. } if height * width > 1);
    (0..rows.len()).filter(|at| has_maps(&rows[*at])).collect()
}

/// `values` of `from` rows and columns in `to` rows and columns, between neighbours in proportion to their
/// distance; as PyTorch's `interpolate(mode="bilinear")`.
fn spread(values: &[f32], from: (usize, usize), to: (usize, usize)) -> Vec<f32> {
    // The neighbours of a pixel, and the share of the second.
    let neighbours = |at: usize, from: usize, to: usize| {
        let centre = (at as f32 + 0.5) * from as f32 / to as f32 - 0.5;
        let centre = centre.max(0.0);
        let first = (centre as usize).min(from - 1);
        let second = (first + 1).min(from - 1);
        (first, second, centre - first as f32)
    };
    let mut out = Vec::with_capacity(to.0 * to.1);
    for row in 0..to.0 {
        let (above, below, down) = neighbours(row, from.0, to.0);
        for column in 0..to.1 {
            let (left, right, across) = neighbours(column, from.1, to.1);
            let between = |row: usize| {
                let line = &values[row * from.1..][..from.1];
                line[left] + (line[right] - line[left]) * across
            };
            out.push(between(above) + (between(below) - between(above)) * down);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn maps_spread_over_the_image_as_pytorch_does() {
        // torch.nn.functional.interpolate(torch.tensor([[[[0., 4.], [8., 12.]]]]), (4, 4), mode="bilinear")
        let expected = [
            0.0, 1.0, 3.0, 4.0, 2.0, 3.0, 5.0, 6.0, 6.0, 7.0, 9.0, 10.0, 8.0, 9.0, 11.0, 12.0,
        ];
        assert_eq!(spread(&[0.0, 4.0, 8.0, 12.0], (2, 2), (4, 4)), expected);
    }
}
