//! The layer as Python code.

use crate::nn::layers::window::Window;
use crate::nn::python::{PythonLayer, keras_name};

/// The layer at `index` of a spec, with these windows.
pub fn python(window: Window, out_channels: usize, index: usize) -> PythonLayer {
    let Window {
        channels,
        kernel_size,
        stride,
        padding,
        ..
    } = window;
    let name = keras_name(index);
    PythonLayer::new(
        format!("nn.Conv2d({channels}, {out_channels}, {kernel_size}, stride={stride}, padding={padding})"),
        format!(
            "layers.Conv2D({out_channels}, {kernel_size}, {stride}, kernel_initializer=initializer(), {name})"
        ),
    )
    .after(window.keras_padding())
}
