//! Shape inference: what goes into and comes out of every layer, and what it costs.

use super::{Input, Layer, Problem, Shape, Skip, Spec, limits::MAX_ELEMENTS};

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
}

/// The layer table of a spec.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    /// A row per layer.
    pub layers: Vec<LayerSummary>,
    /// Scores the last layer gives: the number of classes the network can tell apart.
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
    /// The first layer that does not fit its input, or a last layer that gives no scores.
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

/// Follows one image through `layers`, whatever the last one gives.
///
/// # Errors
/// The first layer that does not fit its input.
pub fn infer_layers(layers: &[Layer], input: Input) -> Result<Vec<LayerSummary>, Problem> {
    let mut shape = Shape::Image {
        channels: input.channels,
        height: input.height,
        width: input.width,
    };
    let mut rows: Vec<LayerSummary> = Vec::with_capacity(layers.len());
    for (index, layer) in layers.iter().enumerate() {
        let row = summarize(layer, shape, &rows)
            .map_err(|message| Problem::layer(index, layer.kind(), message))?;
        shape = row.output;
        rows.push(row);
    }
    Ok(rows)
}

/// One layer's row, or what is wrong with it; `before` are the rows of the layers before it.
fn summarize(layer: &Layer, input: Shape, before: &[LayerSummary]) -> Result<LayerSummary, String> {
    let (output, parameters, multiply_adds) = match *layer {
        Layer::Conv2d {
            out_channels,
            kernel_size,
            stride,
            padding,
        } => {
            let (channels, height, width) = image(layer, input)?;
            let (height, width) = windows(height, width, kernel_size, stride, padding)?;
            let window = (channels * kernel_size * kernel_size) as u64;
            let kernels = out_channels as u64;
            let output = Shape::Image {
                channels: out_channels,
                height,
                width,
            };
            let multiply_adds = kernels * window * (height * width) as u64;
            (output, kernels * (window + 1), multiply_adds)
        }
        Layer::MaxPool2d {
            kernel_size,
            stride,
            padding,
        }
        | Layer::AvgPool2d {
            kernel_size,
            stride,
            padding,
        } => {
            let (channels, height, width) = image(layer, input)?;
            if padding > kernel_size / 2 {
                return Err(format!(
                    "padding {padding} is more than half of kernel {kernel_size}: windows would see \
                     nothing but padding; lower it to {} or less",
                    kernel_size / 2
                ));
            }
            let (height, width) = windows(height, width, kernel_size, stride, padding)?;
            let output = Shape::Image {
                channels,
                height,
                width,
            };
            (output, 0, 0)
        }
        Layer::GlobalAvgPool => {
            let (channels, ..) = image(layer, input)?;
            (Shape::Flat { features: channels }, 0, 0)
        }
        Layer::BatchNorm { .. } => {
            let (channels, _) = input.channels_and_area();
            (input, 2 * channels as u64, 0)
        }
        Layer::Activation(_) | Layer::Dropout { .. } => (input, 0, 0),
        Layer::Residual { span } => {
            let (channels, height, width) = image(layer, input)?;
            let first = before.len().checked_sub(span).map(|first| &before[first..]);
            let Some([first, ..]) = first else {
                return Err(format!(
                    "it bridges {span} layers, but there are {} before it; lower its span",
                    before.len()
                ));
            };
            let (source_channels, _) = first.input.channels_and_area();
            match Skip::between(first.input, input)? {
                Skip::Identity => (input, 0, 0),
                Skip::Projection { .. } => {
                    let weights = (source_channels * channels) as u64;
                    let multiply_adds = weights * (height * width) as u64;
                    (input, weights + channels as u64, multiply_adds)
                }
            }
        }
        Layer::Flatten => (
            Shape::Flat {
                features: input.elements(),
            },
            0,
            0,
        ),
        Layer::Dense { units } => {
            let Shape::Flat { features } = input else {
                return Err(format!(
                    "its input is an image of {input}; put a Flatten or GlobalAvgPool before it"
                ));
            };
            let connections = (features * units) as u64;
            let output = Shape::Flat { features: units };
            (output, connections + units as u64, connections)
        }
    };
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
    })
}

/// The input as `(channels, height, width)`.
fn image(layer: &Layer, input: Shape) -> Result<(usize, usize, usize), String> {
    match input {
        Shape::Image {
            channels,
            height,
            width,
        } => Ok((channels, height, width)),
        Shape::Flat { features } => Err(format!(
            "its input is flat ({features} values), but {} works on images; move it before the \
             Flatten or Dense layer",
            layer.kind()
        )),
    }
}

/// Rows and columns of windows that fit: `⌊(size + 2·padding - kernel) / stride⌋ + 1`.
fn windows(
    height: usize,
    width: usize,
    kernel_size: usize,
    stride: usize,
    padding: usize,
) -> Result<(usize, usize), String> {
    let fit = |size: usize| {
        (size + 2 * padding)
            .checked_sub(kernel_size)
            .map(|room| room / stride + 1)
    };
    match (fit(height), fit(width)) {
        (Some(rows), Some(columns)) => Ok((rows, columns)),
        _ => {
            let padded = if padding == 0 {
                String::new()
            } else {
                format!(" even with padding {padding}")
            };
            Err(format!(
                "kernel {kernel_size} is larger than its {height}×{width} input{padded}; make it \
                 smaller, pad it, or drop a pooling layer before it"
            ))
        }
    }
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
                "64×14×14",
                "64×14×14",
                "64×7×7",
                "3136",
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
        assert_eq!(summary.parameters(), 857_738);
        assert_eq!(
            summary.multiply_adds(),
            64 * 9 * 784 + 64 * 576 * 196 + 3136 * 256 + 256 * 64 + 640
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
            "layer 7 (Conv2d): kernel 11 is larger than its 7×7 input even with padding 1; make it \
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
