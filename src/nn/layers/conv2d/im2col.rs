//! im2col: the windows of an image as the rows of a matrix, so that a convolution becomes a GEMM
//! (Chellapilla, Puri & Simard 2006); and col2im, which brings gradients back onto the pixels.

//!
//! Both work on images with the padding around them, where every window is inside and each of its lines
//! is one run of values. Runs are short where channels are few: copying the usual lengths is compiled
//! for each of them, since calling a copying function takes longer than the copy.

use crate::nn::layers::window::Window;

/// Values of one line of a window.
fn run(window: &Window) -> usize {
    window.kernel_size * window.channels
}

/// Values of a line of the image with its padding.
fn padded_line(window: &Window) -> usize {
    (window.width + 2 * window.padding) * window.channels
}

/// Values of an image `[height, width, channels]` with its padding.
pub fn padded_len(window: &Window) -> usize {
    (window.height + 2 * window.padding) * padded_line(window)
}

/// The range of line `row` of the image within the image with its padding.
fn inside(window: &Window, row: usize) -> std::ops::Range<usize> {
    let start = (row + window.padding) * padded_line(window) + window.padding * window.channels;
    start..start + window.width * window.channels
}

/// Writes `image` with zeros around it to `padded`.
#[inline(always)]
pub fn pad(window: &Window, image: &[f32], padded: &mut [f32]) {
    padded.fill(0.0);
    let lines = image.chunks_exact(window.width * window.channels);
    for (row, line) in lines.enumerate() {
        padded[inside(window, row)].copy_from_slice(line);
    }
}

/// `$body` with the length of the window's runs in `$run`: as a constant if it is one of the usual ones.
macro_rules! with_run {
    ($run:ident, $window:expr, $body:expr) => {
        with_run!(@ $run, $window, $body, 1 2 3 4 5 6 7 8 9 10 12 14 15 16 18 20 21 24 30 32 40)
    };
    (@ $run:ident, $window:expr, $body:expr, $($constant:literal)*) => {
        match run($window) {
            $($constant => {
                let $run = $constant;
                $body
            })*
            $run => $body,
        }
    };
}

/// Writes `columns` `[out_height · out_width, kernel_size, kernel_size, channels]`: the pixels of
/// every window of the image that is `padded`.
#[inline(always)]
pub fn im2col(window: &Window, padded: &[f32], columns: &mut [f32]) {
    with_run!(run, window, copy_windows(window, run, padded, columns));
}

#[inline(always)]
fn copy_windows(window: &Window, run: usize, padded: &[f32], columns: &mut [f32]) {
    let line_len = padded_line(window);
    let mut rows = columns.chunks_exact_mut(window.kernel_size * run);
    for row in 0..window.out_height {
        let lines = &padded[row * window.stride * line_len..];
        for (column, out) in rows.by_ref().take(window.out_width).enumerate() {
            let left = column * window.stride * window.channels;
            let pixels = lines[left..].chunks(line_len);
            for (out, pixels) in out.chunks_exact_mut(run).zip(pixels) {
                out.copy_from_slice(&pixels[..run]);
            }
        }
    }
}

/// Adds every value of `columns` to the pixel it came from: the transpose of [`im2col`]. `padded` is
/// overwritten; what is not padding there is the gradient of the image.
#[inline(always)]
pub fn col2im(window: &Window, columns: &[f32], padded: &mut [f32]) {
    padded.fill(0.0);
    with_run!(run, window, add_windows(window, run, columns, padded));
}

#[inline(always)]
fn add_windows(window: &Window, run: usize, columns: &[f32], padded: &mut [f32]) {
    let line_len = padded_line(window);
    let mut rows = columns.chunks_exact(window.kernel_size * run);
    for row in 0..window.out_height {
        let lines = &mut padded[row * window.stride * line_len..];
        for (column, values) in rows.by_ref().take(window.out_width).enumerate() {
            let left = column * window.stride * window.channels;
            let pixels = lines[left..].chunks_mut(line_len);
            for (values, pixels) in values.chunks_exact(run).zip(pixels) {
                for (pixel, value) in pixels[..run].iter_mut().zip(values) {
                    *pixel += value;
                }
            }
        }
    }
}

/// Writes the image within `padded` to `image`: the transpose of [`pad`].
#[inline(always)]
pub fn unpad(window: &Window, padded: &[f32], image: &mut [f32]) {
    let lines = image.chunks_exact_mut(window.width * window.channels);
    for (row, line) in lines.enumerate() {
        line.copy_from_slice(&padded[inside(window, row)]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(kernel_size: usize, stride: usize, padding: usize) -> Window {
        let (height, width) = (5, 4);
        Window {
            channels: 2,
            height,
            width,
            out_height: (height + 2 * padding - kernel_size) / stride + 1,
            out_width: (width + 2 * padding - kernel_size) / stride + 1,
            kernel_size,
            stride,
            padding,
        }
    }

    /// The definition, pixel by pixel.
    fn reference(window: &Window, image: &[f32]) -> Vec<f32> {
        let mut columns = Vec::new();
        for row in 0..window.out_height {
            for column in 0..window.out_width {
                for i in 0..window.kernel_size {
                    for j in 0..window.kernel_size {
                        for channel in 0..window.channels {
                            let y = (row * window.stride + i).checked_sub(window.padding);
                            let x = (column * window.stride + j).checked_sub(window.padding);
                            columns.push(match (y, x) {
                                (Some(y), Some(x)) if y < window.height && x < window.width => {
                                    image[(y * window.width + x) * window.channels + channel]
                                }
                                _ => 0.0,
                            });
                        }
                    }
                }
            }
        }
        columns
    }

    #[test]
    fn im2col_follows_the_definition_and_col2im_is_its_transpose() {
        for kernel_size in 1..=4 {
            for stride in 1..=5 {
                for padding in 0..=3 {
                    let window = window(kernel_size, stride, padding);
                    let image: Vec<f32> = (1..=40).map(|v| v as f32).collect();
                    let expected = reference(&window, &image);
                    let mut columns = vec![f32::NAN; expected.len()];
                    let mut padded = vec![f32::NAN; padded_len(&window)];
                    pad(&window, &image, &mut padded);
                    im2col(&window, &padded, &mut columns);
                    assert_eq!(columns, expected, "{window:?}");
                    // ⟨columns, g⟩ = ⟨image, col2im(g)⟩ for every g.
                    let g: Vec<f32> = (0..columns.len()).map(|v| (v % 7) as f32 - 3.0).collect();
                    let mut summed = vec![f32::NAN; image.len()];
                    col2im(&window, &g, &mut padded);
                    unpad(&window, &padded, &mut summed);
                    let dot =
                        |a: &[f32], b: &[f32]| -> f32 { a.iter().zip(b).map(|(a, b)| a * b).sum() };
                    assert_eq!(dot(&columns, &g), dot(&image, &summed), "{window:?}");
                }
            }
        }
    }
}
