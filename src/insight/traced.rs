//! A network with what it made of an image: what each of its values is made of.

use super::layer_values::{Values, value_at};
use super::made_of::{At, MadeOf, Part, Term};
use crate::nn::{TensorData, TensorState};
use crate::spec::{Arithmetic, CheckedSpec, Skip, Window};

/// A network, and what it made of one image.
#[derive(Clone, Copy)]
pub struct Traced<'a> {
    /// The layers.
    pub spec: &'a CheckedSpec,
    /// Their tensors.
    pub state: &'a [TensorState],
    /// The image, normalised, `[channels, height, width]`.
    pub pixels: &'a [f32],
    /// The output of every layer, each `[channels, height, width]` or `[features]`.
    pub outputs: &'a [Vec<f32>],
}

impl Traced<'_> {
    /// The place of layer `next`'s output that the value at `at` of its input goes to; none where the layer mixes
    /// channels, or leaves the value out.
    pub fn goes_to(&self, next: usize, at: At) -> Option<At> {
        let layer = &self.spec.layers[next];
        match layer.arithmetic() {
            Arithmetic::WeightedWindow | Arithmetic::WeightedSum | Arithmetic::Renumbered => None,
            Arithmetic::LargestOfWindow | Arithmetic::MeanOfWindow => {
                let Window {
                    kernel_size,
                    stride,
                    padding,
                } = layer.window()?;
                let (height, width) = self.spec.summary().layers[next].output.rows_and_columns();
                // Of windows that overlap the last one.
                let window = |at: usize, windows: usize| {
                    let padded = at + padding;
                    let window = (padded / stride).min(windows.checked_sub(1)?);
                    (padded - window * stride < kernel_size).then_some(window)
                };
                Some(At {
                    row: window(at.row, height)?,
                    column: window(at.column, width)?,
                    ..at
                })
            }
            Arithmetic::MeanOfChannel => Some(At {
                row: 0,
                column: 0,
                ..at
            }),
            Arithmetic::Normalize { .. }
            | Arithmetic::Function(_)
            | Arithmetic::Unchanged
            | Arithmetic::SumWithSkip { .. } => Some(at),
        }
    }

    /// What the value at `at` of a layer is made of.
    ///
    /// # Errors
    /// A sentence naming a tensor that is missing.
    pub fn made_of(&self, layer: usize, at: At) -> Result<MadeOf, String> {
        let window = self.spec.layers[layer].window();
        let input = self.input(layer).at(at);
        Ok(match (self.spec.layers[layer].arithmetic(), window) {
            (Arithmetic::WeightedWindow, Some(window)) => self.weighted(layer, window, at)?,
            (Arithmetic::LargestOfWindow, Some(window)) => MadeOf::Largest {
                window: self.input(layer).patch(window, at),
            },
            (Arithmetic::MeanOfWindow, Some(window)) => MadeOf::Mean {
                window: self.input(layer).patch(window, at),
            },
            (Arithmetic::WeightedSum, _) => {
                let inputs = self.input(layer).values;
                let (_, weight) = self.tensor(layer, "weight")?;
                let (_, bias) = self.tensor(layer, "bias")?;
                let weight = weight.chunks_exact(inputs.len().max(1)).nth(at.channel);
                MadeOf::Sum {
                    terms: terms(inputs.iter().copied(), weight.unwrap_or_default()),
                    bias: value_at(bias, at.channel),
                }
            }
            (Arithmetic::MeanOfChannel, _) => {
                let input = self.input(layer);
                let values = input.channel(at.channel);
                MadeOf::MeanOfChannel {
                    sum: values.iter().copied().map(f64::from).sum(),
                    values: values.len(),
                }
            }
            (Arithmetic::Normalize { eps }, _) => {
                let of = |name| -> Result<f32, String> {
                    Ok(value_at(self.tensor(layer, name)?.1, at.channel))
                };
                MadeOf::Normalized {
                    input,
                    mean: of("running_mean")?,
                    variance: of("running_var")?,
                    eps,
                    weight: of("weight")?,
                    bias: of("bias")?,
                }
            }
            (Arithmetic::Function(function), _) => MadeOf::Function {
                function: function.to_string(),
                input,
            },
            (Arithmetic::SumWithSkip { span }, _) => self.with_skip(layer, span, at, input)?,
            (Arithmetic::Renumbered, _) => MadeOf::Same {
                input: value_at(self.input(layer).values, at.channel),
            },
            // A kind with a window always has one.
            _ => MadeOf::Same { input },
        })
    }

    fn weighted(&self, layer: usize, window: Window, at: At) -> Result<MadeOf, String> {
        let input = self.input(layer);
        let (shape, weight) = self.tensor(layer, "weight")?;
        let (_, bias) = self.tensor(layer, "bias")?;
        let &[outputs, inputs, height, width] = shape else {
            return Err(format!(
                "the kernels of layer {} are of {shape:?}",
                layer + 1
            ));
        };
        // Kernels that see a part of the channels share these out among each other.
        let (channels, _) = input.shape.channels_and_area();
        let groups = (channels / inputs.max(1)).max(1);
        let first = at.channel / (outputs / groups).max(1) * inputs;
        let size = height * width;
        let kernels = weight.chunks_exact(size.max(1)).skip(at.channel * inputs);
        let parts = kernels.take(inputs).enumerate().map(|(offset, kernel)| {
            let channel = first + offset;
            let patch = input.patch(window, At { channel, ..at });
            let products = patch.iter().zip(kernel);
            let products = products
                .map(|(value, weight)| f64::from(value.unwrap_or(0.0)) * f64::from(*weight));
            Part {
                channel,
                sum: products.sum(),
                patch,
                kernel: kernel.to_vec(),
            }
        });
        let mut parts: Vec<Part> = parts.collect();
        parts.sort_by(|a, b| b.sum.abs().total_cmp(&a.sum.abs()));
        Ok(MadeOf::Window {
            kernel_size: width,
            parts,
            bias: value_at(bias, at.channel),
        })
    }

    fn with_skip(&self, layer: usize, span: usize, at: At, input: f32) -> Result<MadeOf, String> {
        let from = layer - span;
        let source = self.input(from);
        let output = self.spec.summary().layers[layer].output;
        let Skip::Projection { stride } = Skip::between(source.shape, output)? else {
            return Ok(MadeOf::WithSkip {
                input,
                skip: source.at(at),
                from,
                terms: Vec::new(),
                bias: 0.0,
            });
        };
        let (channels, _) = source.shape.channels_and_area();
        let (_, weight) = self.tensor(layer, "weight")?;
        let (_, bias) = self.tensor(layer, "bias")?;
        let weight = weight.chunks_exact(channels.max(1)).nth(at.channel);
        let pixel = (0..channels).map(|channel| {
            source.at(At {
                channel,
                row: at.row * stride,
                column: at.column * stride,
            })
        });
        let terms = terms(pixel, weight.unwrap_or_default());
        let bias = value_at(bias, at.channel);
        let sum: f64 = terms.iter().map(Term::product).sum();
        Ok(MadeOf::WithSkip {
            input,
            skip: (sum + f64::from(bias)) as f32,
            from,
            terms,
            bias,
        })
    }

    /// What goes into a layer.
    fn input(&self, layer: usize) -> Values<'_> {
        let values = match layer.checked_sub(1) {
            Some(before) => self.outputs.get(before).map_or(&[][..], Vec::as_slice),
            None => self.pixels,
        };
        Values {
            values,
            shape: self.spec.summary().layers[layer].input,
        }
    }

    fn tensor(&self, layer: usize, name: &str) -> Result<(&[usize], &[f32]), String> {
        let name = format!("{layer}.{name}");
        let found = self.state.iter().find(|tensor| tensor.name == name);
        match found.map(|tensor| (&tensor.shape[..], &tensor.data)) {
            Some((shape, TensorData::F32(values))) => Ok((shape, values)),
            _ => Err(format!("the model has no tensor {name:?}")),
        }
    }
}

/// `values` with their weights, the largest product first.
fn terms(values: impl Iterator<Item = f32>, weights: &[f32]) -> Vec<Term> {
    let terms = values.zip(weights).enumerate();
    let terms = terms.map(|(input, (value, weight))| Term {
        input,
        value,
        weight: *weight,
    });
    let mut terms: Vec<Term> = terms.collect();
    terms.sort_by(|a, b| b.product().abs().total_cmp(&a.product().abs()));
    terms
}
