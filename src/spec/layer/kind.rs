//! The kinds of layer. A new kind is one variant here, with all that a spec knows of it, and one op in
//! `nn::layers`.

use super::super::limit::{Limit, MAX_LAYERS};
use super::super::{Shape, Skip};
use super::activation::ActivationFunction;
use super::arithmetic::Arithmetic;
use super::window::{Window, image, window_details, windows};
use serde::{Deserialize, Serialize};

/// One layer of the network. In JSON: `{"Conv2d": {"out_channels": 64, "kernel_size": 3}}`,
/// `{"Activation": "ReLU"}`, `"Flatten"`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum Layer {
    /// Convolution with a square kernel and a bias:
    /// `[batch, channels, height, width]` → `[batch, out_channels, height', width']`.
    Conv2d {
        /// Number of kernels.
        out_channels: usize,
        /// Side of the square kernel, in pixels.
        kernel_size: usize,
        /// Step between neighbouring windows, in pixels.
        #[serde(default = "one")]
        stride: usize,
        /// Rows and columns of zeros added on every side.
        #[serde(default)]
        padding: usize,
    },
    /// Convolution of each channel with a square kernel of its own, and a bias; PyTorch's `Conv2d` with
    /// `groups=in_channels` (Howard et al. 2017, <https://arxiv.org/abs/1704.04861>):
    /// `[batch, channels, height, width]` → `[batch, channels, height', width']`.
    DepthwiseConv2d {
        /// Side of the square kernel, in pixels.
        kernel_size: usize,
        /// Step between neighbouring windows, in pixels.
        #[serde(default = "one")]
        stride: usize,
        /// Rows and columns of zeros added on every side.
        #[serde(default)]
        padding: usize,
    },
    /// The largest value of each window.
    MaxPool2d {
        /// Side of the square window, in pixels.
        kernel_size: usize,
        /// Step between neighbouring windows, in pixels.
        stride: usize,
        /// Rows and columns added on every side; they never win.
        #[serde(default)]
        padding: usize,
    },
    /// The mean of each window; padding counts as zeros.
    AvgPool2d {
        /// Side of the square window, in pixels.
        kernel_size: usize,
        /// Step between neighbouring windows, in pixels.
        stride: usize,
        /// Rows and columns of zeros added on every side.
        #[serde(default)]
        padding: usize,
    },
    /// The mean of each channel: `[batch, channels, height, width]` → `[batch, channels]`.
    GlobalAvgPool,
    /// Batch normalisation of each channel, or of each unit after a dense layer
    /// (Ioffe & Szegedy 2015, <https://arxiv.org/abs/1502.03167>).
    BatchNorm {
        /// Added to the variance before the square root.
        #[serde(default = "default_eps")]
        eps: f64,
        /// Share of the newest batch in the running statistics.
        #[serde(default = "default_momentum")]
        momentum: f64,
    },
    /// An elementwise function.
    Activation(ActivationFunction),
    /// Zeroes each value with probability `p` while training and scales the rest by `1 / (1 - p)`
    /// (Srivastava et al. 2014, <https://jmlr.org/papers/v15/srivastava14a.html>).
    Dropout {
        /// Probability of a zero.
        p: f64,
    },
    /// Adds what went into the `span` layers before it to what comes out of them (He et al. 2015,
    /// <https://arxiv.org/abs/1512.03385>), through a 1×1 convolution where the shapes differ.
    Residual {
        /// How many layers the skip connection spans.
        span: usize,
    },
    /// `[batch, channels, height, width]` → `[batch, channels * height * width]`.
    Flatten,
    /// `[batch, in]` → `[batch, units]`, every input connected to every unit, with a bias.
    Dense {
        /// Number of outputs.
        units: usize,
    },
}

/// What a layer makes of its input. Counts are for one image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Inferred {
    /// Shape that comes out.
    pub output: Shape,
    /// Trainable parameters.
    pub parameters: u64,
    /// Multiply-adds of the forward pass.
    pub multiply_adds: u64,
}

impl Layer {
    /// The kind's name as JSON spells it.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Conv2d { .. } => "Conv2d",
            Self::DepthwiseConv2d { .. } => "DepthwiseConv2d",
            Self::MaxPool2d { .. } => "MaxPool2d",
            Self::AvgPool2d { .. } => "AvgPool2d",
            Self::GlobalAvgPool => "GlobalAvgPool",
            Self::BatchNorm { .. } => "BatchNorm",
            Self::Activation(_) => "Activation",
            Self::Dropout { .. } => "Dropout",
            Self::Residual { .. } => "Residual",
            Self::Flatten => "Flatten",
            Self::Dense { .. } => "Dense",
        }
    }

    /// A layer of every kind, with values that often fit; `Activation` once per function.
    pub fn choices() -> Vec<Self> {
        let mut layers = vec![
            Self::Conv2d {
                out_channels: 64,
                kernel_size: 3,
                stride: 1,
                padding: 1,
            },
            Self::DepthwiseConv2d {
                kernel_size: 3,
                stride: 1,
                padding: 1,
            },
            Self::MaxPool2d {
                kernel_size: 2,
                stride: 2,
                padding: 0,
            },
            Self::AvgPool2d {
                kernel_size: 2,
                stride: 2,
                padding: 0,
            },
            Self::GlobalAvgPool,
            Self::BatchNorm {
                eps: 1e-5,
                momentum: 0.1,
            },
            Self::Dropout { p: 0.3 },
            Self::Residual { span: 5 },
            Self::Flatten,
            Self::Dense { units: 64 },
        ];
        layers.extend(
            ActivationFunction::choices()
                .into_iter()
                .map(Self::Activation),
        );
        layers
    }

    /// The values that the number `field` of a layer of this `kind` may have, where they are not those
    /// of every field of its name.
    pub(crate) fn limit(kind: &str, field: &str) -> Option<Limit> {
        use Limit::{Real, Whole};
        Some(match (kind, field) {
            (_, "out_channels") => Whole(1, 4096),
            (_, "units") => Whole(1, 65_536),
            (_, "kernel_size" | "stride") => Whole(1, 64),
            (_, "padding") => Whole(0, 63),
            ("Residual", "span") => Whole(1, MAX_LAYERS as u64),
            ("Dropout", "p") => Real(0.0, 0.99),
            ("BatchNorm", "eps") => Real(1e-12, 1.0),
            ("BatchNorm", "momentum") => Real(0.0, 1.0),
            _ => return ActivationFunction::limit(kind, field),
        })
    }

    /// What the number `field` of a layer of this `kind` is, where its name alone does not say it.
    pub(crate) fn about(kind: &str, field: &str) -> Option<&'static str> {
        match (kind, field) {
            ("Residual", "span") => Some("layers above it that it spans"),
            _ => None,
        }
    }

    /// The window that it moves over its input, if it is a convolution or a pooling.
    pub fn window(&self) -> Option<Window> {
        match *self {
            Self::Conv2d {
                kernel_size,
                stride,
                padding,
                ..
            }
            | Self::DepthwiseConv2d {
                kernel_size,
                stride,
                padding,
            }
            | Self::MaxPool2d {
                kernel_size,
                stride,
                padding,
            }
            | Self::AvgPool2d {
                kernel_size,
                stride,
                padding,
            } => Some(Window {
                kernel_size,
                stride,
                padding,
            }),
            _ => None,
        }
    }

    /// How a value that comes out is made of those that go in, as in evaluation.
    pub fn arithmetic(&self) -> Arithmetic {
        match *self {
            Self::Conv2d { .. } | Self::DepthwiseConv2d { .. } => Arithmetic::WeightedWindow,
            Self::Dense { .. } => Arithmetic::WeightedSum,
            Self::MaxPool2d { .. } => Arithmetic::LargestOfWindow,
            Self::AvgPool2d { .. } => Arithmetic::MeanOfWindow,
            Self::GlobalAvgPool => Arithmetic::MeanOfChannel,
            Self::BatchNorm { eps, .. } => Arithmetic::Normalize { eps },
            Self::Activation(function) => Arithmetic::Function(function),
            Self::Dropout { .. } => Arithmetic::Unchanged,
            Self::Residual { span } => Arithmetic::SumWithSkip { span },
            Self::Flatten => Arithmetic::Renumbered,
        }
    }

    /// Whether each value that comes out depends on all that go in.
    pub fn sees_everything(&self) -> bool {
        matches!(self, Self::Dense { .. } | Self::GlobalAvgPool)
    }

    /// What can stand in a layer's place where it cannot be left out, the best first: it keeps the shapes, or leads
    /// from an image to flat values as the layer does.
    pub(crate) fn stand_ins(&self) -> Vec<Self> {
        match *self {
            // The channels and the size stay; its neighbours are no longer seen.
            Self::Conv2d {
                out_channels,
                kernel_size: 2..,
                stride,
                ..
            } => vec![Self::Conv2d {
                out_channels,
                kernel_size: 1,
                stride,
                padding: 0,
            }],
            Self::DepthwiseConv2d {
                kernel_size: 2..,
                stride,
                ..
            } => vec![Self::DepthwiseConv2d {
                kernel_size: 1,
                stride,
                padding: 0,
            }],
            Self::MaxPool2d {
                kernel_size,
                stride,
                padding,
            } => vec![Self::AvgPool2d {
                kernel_size,
                stride,
                padding,
            }],
            Self::AvgPool2d {
                kernel_size,
                stride,
                padding,
            } => vec![Self::MaxPool2d {
                kernel_size,
                stride,
                padding,
            }],
            Self::GlobalAvgPool => vec![Self::Flatten],
            Self::Flatten => vec![Self::GlobalAvgPool],
            _ => Vec::new(),
        }
    }

    /// What comes out for `input`, and what it costs. `inputs` are the inputs of all layers before.
    ///
    /// # Errors
    /// Why the layer does not fit its input.
    pub(crate) fn infer(&self, input: Shape, inputs: &[Shape]) -> Result<Inferred, String> {
        let (output, parameters, multiply_adds) = match *self {
            Self::Conv2d {
                out_channels,
                kernel_size,
                stride,
                padding,
            } => {
                let (channels, height, width) = image(self.kind(), input)?;
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
            Self::DepthwiseConv2d {
                kernel_size,
                stride,
                padding,
            } => {
                let (channels, height, width) = image(self.kind(), input)?;
                let (height, width) = windows(height, width, kernel_size, stride, padding)?;
                let output = Shape::Image {
                    channels,
                    height,
                    width,
                };
                let (kernels, window) = (channels as u64, (kernel_size * kernel_size) as u64);
                let multiply_adds = kernels * window * (height * width) as u64;
                (output, kernels * (window + 1), multiply_adds)
            }
            Self::MaxPool2d {
                kernel_size,
                stride,
                padding,
            }
            | Self::AvgPool2d {
                kernel_size,
                stride,
                padding,
            } => {
                let (channels, height, width) = image(self.kind(), input)?;
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
            Self::GlobalAvgPool => {
                let (channels, ..) = image(self.kind(), input)?;
                (Shape::Flat { features: channels }, 0, 0)
            }
            Self::BatchNorm { .. } => {
                let (channels, _) = input.channels_and_area();
                (input, 2 * channels as u64, 0)
            }
            Self::Activation(_) | Self::Dropout { .. } => (input, 0, 0),
            Self::Residual { span } => {
                let (channels, height, width) = image(self.kind(), input)?;
                let first = inputs.len().checked_sub(span).map(|first| &inputs[first..]);
                let Some([source, ..]) = first else {
                    return Err(format!(
                        "it spans {span} layers, but there are {} before it; lower its span",
                        inputs.len()
                    ));
                };
                let (source_channels, _) = source.channels_and_area();
                match Skip::between(*source, input)? {
                    Skip::Identity => (input, 0, 0),
                    Skip::Projection { .. } => {
                        let weights = (source_channels * channels) as u64;
                        let multiply_adds = weights * (height * width) as u64;
                        (input, weights + channels as u64, multiply_adds)
                    }
                }
            }
            Self::Flatten => (
                Shape::Flat {
                    features: input.elements(),
                },
                0,
                0,
            ),
            Self::Dense { units } => {
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
        Ok(Inferred {
            output,
            parameters,
            multiply_adds,
        })
    }
}

impl std::fmt::Display for Layer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Conv2d {
                out_channels,
                kernel_size,
                stride,
                padding,
            } => {
                write!(f, "Conv2d {out_channels}, {kernel_size}×{kernel_size}")?;
                window_details(f, *stride, *padding, 1)
            }
            Self::DepthwiseConv2d {
                kernel_size,
                stride,
                padding,
            } => {
                write!(f, "{} {kernel_size}×{kernel_size}", self.kind())?;
                window_details(f, *stride, *padding, 1)
            }
            Self::MaxPool2d {
                kernel_size,
                stride,
                padding,
            }
            | Self::AvgPool2d {
                kernel_size,
                stride,
                padding,
            } => {
                write!(f, "{} {kernel_size}×{kernel_size}", self.kind())?;
                window_details(f, *stride, *padding, *kernel_size)
            }
            Self::Activation(function) => function.fmt(f),
            Self::Dropout { p } => write!(f, "Dropout {p}"),
            Self::Residual { span: 1 } => f.write_str("Residual over 1 layer"),
            Self::Residual { span } => write!(f, "Residual over {span} layers"),
            Self::Dense { units } => write!(f, "Dense {units}"),
            Self::GlobalAvgPool | Self::BatchNorm { .. } | Self::Flatten => {
                f.write_str(self.kind())
            }
        }
    }
}

fn one() -> usize {
    1
}

fn default_eps() -> f64 {
    1e-5
}

fn default_momentum() -> f64 {
    0.1
}
