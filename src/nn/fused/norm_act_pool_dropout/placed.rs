//! Where the activation is computed, before or after the pooling, and what its derivative is taken from.

use crate::nn::layers::activation::functions::Function;

/// An activation around a max pooling.
pub(super) trait Placed: Copy {
    /// Whether the derivative is taken from the op's output.
    const NEEDS_OUTPUT: bool = false;
    /// Whether the derivative is taken from the activation's input.
    const NEEDS_INPUT: bool = false;

    /// What is done to every value before the pooling.
    #[inline(always)]
    fn before(self, x: f32) -> f32 {
        x
    }

    /// What is done to the largest value.
    #[inline(always)]
    fn after(self, largest: f32) -> f32 {
        largest
    }

    /// The derivative at the largest value.
    fn derivative(self, at: Largest) -> f32;
}

/// What the backward pass reads beside notes and gradients.
#[derive(Clone, Copy)]
pub(super) struct Needs {
    pub(super) input: bool,
    pub(super) output: bool,
}

/// What is known of the largest value of a window when its gradient comes.
#[derive(Clone, Copy)]
pub(super) struct Largest {
    /// Whether it was not above 0.
    pub(super) is_negative: bool,
    /// What the activation made of it, if that is [needed](Placed::NEEDS_OUTPUT).
    pub(super) output: f32,
    /// What went into the activation, if that is [needed](Placed::NEEDS_INPUT).
    pub(super) input: f32,
}

/// ReLU, leaky ReLU or, with slope 1, no activation: after the pooling, with a derivative that follows
/// from the sign.
#[derive(Clone, Copy)]
pub(super) struct PiecewiseLinear {
    /// Factor of negative values.
    pub(super) slope: f32,
}

impl Placed for PiecewiseLinear {
    #[inline(always)]
    fn after(self, largest: f32) -> f32 {
        // Written so that NaN stays NaN: it must be seen that a network has diverged.
        let below = if self.slope == 0.0 {
            0.0
        } else {
            self.slope * largest
        };
        if largest < 0.0 { below } else { largest }
    }

    #[inline(always)]
    fn derivative(self, at: Largest) -> f32 {
        if at.is_negative { self.slope } else { 1.0 }
    }
}

/// A function that never falls: the largest value is the same before and after it, so that it is
/// computed once for each window.
///
/// Where rounding makes the function's values at two pixels of a window equal, the gradient goes to the
/// pixel whose input was larger. PyTorch gives it to the first of them; one is as good a subgradient as
/// the other, and where the function saturates it is 0.
#[derive(Clone, Copy)]
pub(super) struct Rising<F>(pub(super) F);

impl<F: Function> Placed for Rising<F> {
    const NEEDS_OUTPUT: bool = true;

    #[inline(always)]
    fn after(self, largest: f32) -> f32 {
        self.0.value(largest)
    }

    #[inline(always)]
    fn derivative(self, at: Largest) -> f32 {
        self.0.derivative(at.output)
    }
}

/// A function that falls somewhere: computed before the pooling, its derivative for the largest value of
/// each window alone.
#[derive(Clone, Copy)]
pub(super) struct Bent<F>(pub(super) F);

impl<F: Function> Placed for Bent<F> {
    const NEEDS_INPUT: bool = true;

    #[inline(always)]
    fn before(self, x: f32) -> f32 {
        self.0.value(x)
    }

    #[inline(always)]
    fn derivative(self, at: Largest) -> f32 {
        self.0.derivative(at.input)
    }
}

/// Evaluates an expression with `$placed` bound to the [`Placed`] of an optional
/// [`ActivationFunction`](crate::spec::ActivationFunction): compiled once for each kind.
macro_rules! with_placed {
    ($of:expr, $placed:ident => $body:expr) => {{
        use $crate::nn::fused::norm_act_pool_dropout::placed::{Bent, PiecewiseLinear, Rising};
        use $crate::nn::layers::activation::functions as f;
        use $crate::spec::ActivationFunction as Of;
        match $of {
            None | Some(Of::ReLU | Of::LeakyReLU { .. }) => {
                let slope = match $of {
                    None => 1.0,
                    Some(Of::LeakyReLU { slope }) => slope as f32,
                    Some(_) => 0.0,
                };
                let $placed = PiecewiseLinear { slope };
                $body
            }
            Some(Of::ELU { alpha }) => {
                let alpha = alpha as f32;
                let $placed = Rising(f::Elu { alpha });
                $body
            }
            Some(Of::Tanh) => {
                let $placed = Rising(f::Tanh);
                $body
            }
            Some(Of::Sigmoid) => {
                let $placed = Rising(f::Sigmoid);
                $body
            }
            Some(Of::GELU) => {
                let $placed = Bent(f::Gelu);
                $body
            }
            Some(Of::SiLU) => {
                let $placed = Bent(f::Silu);
                $body
            }
        }
    }};
}
pub(super) use with_placed;
