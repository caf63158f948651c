//! The layers of a network, as a spec has them.

mod activation;
mod arithmetic;
mod kind;
mod window;

pub use activation::ActivationFunction;
pub use arithmetic::Arithmetic;
pub(crate) use kind::Inferred;
pub use kind::Layer;
pub use window::Window;
