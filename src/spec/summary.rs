//! Shape inference: what goes into and comes out of every layer, and what it costs.

use super::layer::Inferred;
use super::limit::MAX_ELEMENTS;
use super::receptive_field::ReceptiveField;
use super::{Input, Layer, Problem, Shape, Spec};

/// One row of the layer table. Counts are for one image.
#[derive(Clone, Debug, PartialEq)]
pub struct LayerSummary {
    /// The layer's kind as JSON spells it.
    pub kind: &'static str,
    /// The layer in a few words, e.g. `Conv2d 64, 3×3, padding 1`.
    pub description: String,
    /// Shape that goes in.
    pub input: Shape,
    /// Shape that comes out.
    pub output: Shape,
    /// Trainable parameters.
    pub parameters: u64,
    /// Multiply-adds of the forward pass.
    pub multiply_adds: u64,
    /// Bytes of the output, as 32-bit floats.
    pub activation_bytes: u64,
    /// Which pixels a value of the output depends on; none where that is the whole image.
    pub receptive_field: Option<ReceptiveField>,
}

impl LayerSummary {
    /// The square of pixels that a value of its output depends on, `5×5`; `all` where that is the whole image.
    pub fn sees(&self) -> String {
        match self.receptive_field {
            Some(field) => field.to_string(),
            None => "all".into(),
        }
    }
}

/// The layer table of a spec.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    /// A row per layer.
    pub layers: Vec<LayerSummary>,
    /// Scores that the last layer returns: the number of classes the network can tell apart.
    pub classes: usize,
}

impl Summary {
    /// Trainable parameters of the whole network.
    pub fn parameters(&self) -> u64 {
        self.layers.iter().map(|layer| layer.parameters).sum()
    }

    /// Multiply-adds of the forward pass of one image.
    pub fn multiply_adds(&self) -> u64 {
        self.layers.iter().map(|layer| layer.multiply_adds).sum()
    }

    /// Bytes of all layers' outputs for one image.
    pub fn activation_bytes(&self) -> u64 {
        self.layers.iter().map(|layer| layer.activation_bytes).sum()
    }

    /// Position of the first batch norm whose input is flat.
    pub(super) fn batch_norm_after_dense(&self) -> Option<usize> {
        self.layers.iter().position(|layer| {
            layer.kind == "BatchNorm" && matches!(layer.input, Shape::Flat { .. })
        })
    }

    /// Follows one image through the layers of `spec`, whose values are within their limits.
    ///
    /// # Errors
    /// The first layer that does not fit its input, or a last layer whose output is no scores.
    pub fn infer(spec: &Spec) -> Result<Self, Problem> {
        let layers = infer_layers(&spec.layers, spec.input)?;
        match layers.last().map(|last| (last.kind, last.output)) {
            Some((_, Shape::Flat { features })) if features >= 2 => Ok(Self {
                layers,
                classes: features,
            }),
            Some((kind, output)) => Err(Problem::layer(
                layers.len() - 1,
                kind,
                format!(
                    "the network ends with {output} values per image; it must end with one score \
                     per class: add a Flatten and a Dense layer (10 units for Fashion-MNIST)"
                ),
            )),
            None => Err(Problem::field(&["layers"], "is empty; add a layer")),
        }
    }
}

/// Follows one image through `layers`, whose output may be anything.
///
/// # Errors
/// The first layer that does not fit its input.
pub fn infer_layers(layers: &[Layer], input: Input) -> Result<Vec<LayerSummary>, Problem> {
    let mut shape = Shape::Image {
        channels: input.channels,
        height: input.height,
        width: input.width,
    };
    let mut field = Some(ReceptiveField::PIXEL);
    let mut rows: Vec<LayerSummary> = Vec::with_capacity(layers.len());
    let mut inputs: Vec<Shape> = Vec::with_capacity(layers.len());
    for (index, layer) in layers.iter().enumerate() {
        let mut row = summarize(layer, shape, &inputs)
            .map_err(|message| Problem::layer(index, layer.kind(), message))?;
        field = field.filter(|_| !layer.sees_everything());
        field = match layer.window() {
            Some(window) => field.map(|field| field.behind(window)),
            None => field,
        };
        row.receptive_field = field;
        inputs.push(shape);
        shape = row.output;
        rows.push(row);
    }
    Ok(rows)
}

/// One layer's row, or what is wrong with it; `inputs` are the inputs of the layers before it.
fn summarize(layer: &Layer, input: Shape, inputs: &[Shape]) -> Result<LayerSummary, String> {
    let Inferred {
        output,
        parameters,
        multiply_adds,
    } = layer.infer(input, inputs)?;
    let elements = output.elements() as u64;
    if elements > MAX_ELEMENTS || parameters > MAX_ELEMENTS {
        return Err(format!(
            "it would hold {parameters} parameters and {elements} values per image; at most \
             {MAX_ELEMENTS} of either are allowed"
        ));
    }
    Ok(LayerSummary {
        kind: layer.kind(),
        description: layer.to_string(),
        input,
        output,
        parameters,
        multiply_adds,
        activation_bytes: 4 * elements,
        receptive_field: None,
    })
}

#[cfg(test)]
mod tests {
    use super::super::*;

    fn shapes(name: &str) -> Vec<String> {
        let spec = preset(name).unwrap();
        spec.summary()
            .layers
            .iter()
            .map(|layer| layer.output.to_string())
            .collect()
    }

    #[test]
    fn the_basic_network_has_the_studys_shapes_and_costs() {
        assert_eq!(
            shapes("basic-cnn"),
            [
                "64×28×28",
                "64×28×28",
                "64×14×14",
                "64×12×12",
                "64×12×12",
                "64×6×6",
                "2304",
                "256",
                "256",
                "64",
                "64",
                "10"
            ]
        );
        let spec = preset("basic-cnn").unwrap();
        let summary = spec.summary();
        // PyTorch: sum(p.numel() for p in net.parameters())
        assert_eq!(summary.parameters(), 644_746);
        assert_eq!(
            summary.multiply_adds(),
            64 * 9 * 784 + 64 * 576 * 144 + 2304 * 256 + 256 * 64 + 640
        );
        assert_eq!(summary.classes, 10);
    }

    #[test]
    fn odd_sizes_strides_and_padding_round_down() {
        let mut spec = preset("basic-cnn").unwrap().into_spec();
        spec.input = Input {
            channels: 1,
            height: 13,
            width: 9,
        };
        spec.layers.splice(
            0..6,
            [
                Layer::Conv2d {
                    out_channels: 3,
                    kernel_size: 4,
                    stride: 2,
                    padding: 1,
                },
                Layer::AvgPool2d {
                    kernel_size: 3,
                    stride: 2,
                    padding: 1,
                },
            ],
        );
        let checked = spec.check().unwrap();
        let summary = checked.summary();
        assert_eq!(summary.layers[0].output.to_string(), "3×6×4");
        assert_eq!(summary.layers[1].output.to_string(), "3×3×2");
    }

    #[test]
    fn a_layer_that_does_not_fit_says_what_to_do() {
        let mut spec = preset("basic-cnn").unwrap().into_spec();
        spec.layers.insert(
            6,
            Layer::Conv2d {
                out_channels: 8,
                kernel_size: 11,
                stride: 1,
                padding: 1,
            },
        );
        assert_eq!(
            spec.check().unwrap_err().to_string(),
            "layer 7 (Conv2d): kernel 11 is larger than its 6×6 input even with padding 1; make it \
             smaller, pad it, or drop a pooling layer before it"
        );
    }

    #[test]
    fn a_network_must_end_in_scores() {
        let mut spec = preset("basic-cnn").unwrap().into_spec();
        spec.layers.truncate(3);
        let problem = spec.check().unwrap_err();
        assert_eq!(problem.layer_index(), Some(2));
        assert!(problem.message.contains("one score per class"));
    }

    #[test]
    fn batch_norm_on_single_values_needs_more_than_one_image() {
        let mut spec = preset("bn").unwrap().into_spec();
        spec.batch_size = 1;
        let problem = spec.check().unwrap_err();
        assert!(
            problem.to_string().contains("raise batch_size"),
            "{problem}"
        );
    }
}
