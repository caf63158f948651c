//! The functions and their derivatives, one value at a time, without branches.
//!
//! Comparisons are written so that NaN stays NaN: it must be seen that a network has diverged.

use crate::simd::elementwise::{exp_m1, normal, sigmoid, tanh};

/// An elementwise function with its derivative.
pub trait Function: Copy {
    /// Whether the derivative is computed from the output, else from the input. It can be where the
    /// function never falls.
    const OF_OUTPUT: bool;

    /// Whether it has no exponential.
    const IS_CHEAP: bool = false;

    /// The output for the input `x`.
    fn value(self, x: f32) -> f32;

    /// The derivative, from the output or the input.
    fn derivative(self, from: f32) -> f32;

    /// The derivative at the input `x`.
    #[inline(always)]
    fn derivative_at(self, x: f32) -> f32 {
        self.derivative(if Self::OF_OUTPUT { self.value(x) } else { x })
    }
}

/// `max(x, 0)`.
#[derive(Clone, Copy)]
pub struct Relu;

impl Function for Relu {
    const OF_OUTPUT: bool = true;
    const IS_CHEAP: bool = true;

    #[inline(always)]
    fn value(self, x: f32) -> f32 {
        if x < 0.0 { 0.0 } else { x }
    }

    #[inline(always)]
    fn derivative(self, y: f32) -> f32 {
        if y > 0.0 { 1.0 } else { 0.0 }
    }
}

/// `x` where positive, else `slope · x`; the slope is not negative.
#[derive(Clone, Copy)]
pub struct LeakyRelu {
    /// Factor of negative values.
    pub slope: f32,
}

impl Function for LeakyRelu {
    const OF_OUTPUT: bool = true;
    const IS_CHEAP: bool = true;

    #[inline(always)]
    fn value(self, x: f32) -> f32 {
        if x < 0.0 { self.slope * x } else { x }
    }

    #[inline(always)]
    fn derivative(self, y: f32) -> f32 {
        if y > 0.0 { 1.0 } else { self.slope }
    }
}

/// `x` where positive, else `alpha · (eˣ - 1)`; alpha is not negative.
#[derive(Clone, Copy)]
pub struct Elu {
    /// Minus the value at -∞.
    pub alpha: f32,
}

impl Function for Elu {
    const OF_OUTPUT: bool = true;

    #[inline(always)]
    fn value(self, x: f32) -> f32 {
        let below = self.alpha * exp_m1(x);
        if x < 0.0 { below } else { x }
    }

    #[inline(always)]
    fn derivative(self, y: f32) -> f32 {
        if y > 0.0 { 1.0 } else { y + self.alpha }
    }
}

/// `x · Φ(x)`.
#[derive(Clone, Copy)]
pub struct Gelu;

impl Function for Gelu {
    const OF_OUTPUT: bool = false;

    #[inline(always)]
    fn value(self, x: f32) -> f32 {
        x * normal(x).distribution
    }

    #[inline(always)]
    fn derivative(self, x: f32) -> f32 {
        let normal = normal(x);
        normal.distribution + x * normal.density
    }
}

/// `x · sigmoid(x)`.
#[derive(Clone, Copy)]
pub struct Silu;

impl Function for Silu {
    const OF_OUTPUT: bool = false;

    #[inline(always)]
    fn value(self, x: f32) -> f32 {
        x * sigmoid(x)
    }

    #[inline(always)]
    fn derivative(self, x: f32) -> f32 {
        let s = sigmoid(x);
        s * (1.0 + x * (1.0 - s))
    }
}

/// The hyperbolic tangent.
#[derive(Clone, Copy)]
pub struct Tanh;

impl Function for Tanh {
    const OF_OUTPUT: bool = true;

    #[inline(always)]
    fn value(self, x: f32) -> f32 {
        tanh(x)
    }

    #[inline(always)]
    fn derivative(self, y: f32) -> f32 {
        1.0 - y * y
    }
}

/// The logistic function.
#[derive(Clone, Copy)]
pub struct Sigmoid;

impl Function for Sigmoid {
    const OF_OUTPUT: bool = true;

    #[inline(always)]
    fn value(self, x: f32) -> f32 {
        sigmoid(x)
    }

    #[inline(always)]
    fn derivative(self, y: f32) -> f32 {
        y * (1.0 - y)
    }
}

/// Evaluates an expression with `$function` bound to the [`Function`] of an
/// [`ActivationFunction`](crate::spec::ActivationFunction): compiled once for each of them.
macro_rules! with_function {
    ($of:expr, $function:ident => $body:expr) => {{
        use $crate::nn::layers::activation::functions as f;
        use $crate::spec::ActivationFunction as Of;
        match $of {
            Of::ReLU => {
                let $function = f::Relu;
                $body
            }
            Of::LeakyReLU { slope } => {
                let $function = f::LeakyRelu {
                    slope: slope as f32,
                };
                $body
            }
            Of::ELU { alpha } => {
                let $function = f::Elu {
                    alpha: alpha as f32,
                };
                $body
            }
            Of::GELU => {
                let $function = f::Gelu;
                $body
            }
            Of::SiLU => {
                let $function = f::Silu;
                $body
            }
            Of::Tanh => {
                let $function = f::Tanh;
                $body
            }
            Of::Sigmoid => {
                let $function = f::Sigmoid;
                $body
            }
        }
    }};
}
pub(crate) use with_function;
