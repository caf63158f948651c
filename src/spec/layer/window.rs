//! Square windows that slide over an image: what convolution and pooling share.

use super::super::Shape;

/// A window that slides over an image, in rows and columns alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Its side, in values.
    pub kernel_size: usize,
    /// Values from one window to the next.
    pub stride: usize,
    /// Values of padding around the image.
    pub padding: usize,
}

/// The input as `(channels, height, width)`.
pub(super) fn image(kind: &str, input: Shape) -> Result<(usize, usize, usize), String> {
    match input {
        Shape::Image {
            channels,
            height,
            width,
        } => Ok((channels, height, width)),
        Shape::Flat { features } => Err(format!(
            "its input is flat ({features} values), but {kind} works on images; move it before the \
             Flatten or Dense layer"
        )),
    }
}

/// Rows and columns of windows that fit: `⌊(size + 2·padding - kernel) / stride⌋ + 1`.
pub(super) fn windows(
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

/// Writes stride and padding where they differ from what a reader would assume.
pub(super) fn window_details(
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
