//! The kinds of layer. A new kind is one variant here and one op in `nn`.

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
        /// How many layers are bridged.
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

/// The elementwise function of an activation layer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum ActivationFunction {
    /// `max(x, 0)`.
    #[default]
    ReLU,
    /// `x` where positive, else `slope * x` (Maas et al. 2013).
    LeakyReLU {
        /// Slope for negative inputs.
        #[serde(default = "default_slope")]
        slope: f64,
    },
    /// `x` where positive, else `alpha * (exp(x) - 1)` (<https://arxiv.org/abs/1511.07289>).
    ELU {
        /// Minus the limit for very negative inputs.
        #[serde(default = "default_alpha")]
        alpha: f64,
    },
    /// `x * Φ(x)`, Φ the normal distribution function (<https://arxiv.org/abs/1606.08415>).
    GELU,
    /// `x * sigmoid(x)` (<https://arxiv.org/abs/1710.05941>).
    SiLU,
    /// Hyperbolic tangent.
    Tanh,
    /// `1 / (1 + exp(-x))`.
    Sigmoid,
}

impl Layer {
    /// The kind's name as JSON spells it.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Conv2d { .. } => "Conv2d",
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

/// Writes stride and padding where they differ from what a reader would assume.
fn window_details(
    f: &mut std::fmt::Formatter<'_>,
    stride: usize,
    padding: usize,
    usual_stride: usize,
) -> std::fmt::Result {
    if stride != usual_stride {
        write!(f, ", stride {stride}")?;
    }
    if padding != 0 {
        write!(f, ", padding {padding}")?;
    }
    Ok(())
}

impl std::fmt::Display for ActivationFunction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::ReLU => f.write_str("ReLU"),
            Self::LeakyReLU { slope } => write!(f, "LeakyReLU {slope}"),
            Self::ELU { alpha } => write!(f, "ELU {alpha}"),
            Self::GELU => f.write_str("GELU"),
            Self::SiLU => f.write_str("SiLU"),
            Self::Tanh => f.write_str("Tanh"),
            Self::Sigmoid => f.write_str("Sigmoid"),
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
fn default_slope() -> f64 {
    0.01
}
fn default_alpha() -> f64 {
    1.0
}
