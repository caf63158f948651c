//! im2col without the copy: the windows of an image as the rows of a matrix, so that a convolution
//! becomes a GEMM (Chellapilla, Puri & Simard 2006). The rows overlap where the image is in memory, once
//! it has its padding around it. And col2im, which brings gradients back onto the pixels.

use crate::nn::layers::window::Window;
use crate::simd::WindowLayout;
use crate::simd::buffer::Buffer;

/// Values of a line of the image with its padding, `[width + 2 · padding, channels]`.
fn line_len(window: &Window) -> usize {
    (window.width + 2 * window.padding) * window.channels
}

/// Values of the image with its padding.
pub fn padded_len(window: &Window) -> usize {
    (window.height + 2 * window.padding) * line_len(window)
}

/// `image` `[height, width, channels]` with its padding around it: itself where there is none, or a copy in
/// `buffer`.
pub fn padded<'a>(window: &Window, image: &'a [f32], buffer: &'a mut Buffer) -> &'a [f32] {
    if window.padding == 0 {
        return image;
    }
    let (line, side) = (line_len(window), window.padding * window.channels);
    let padded = buffer.size(padded_len(window));
    let border = window.padding * line;
    let bottom = padded.len() - border;
    padded[..border].fill(0.0);
    padded[bottom..].fill(0.0);
    let lines = padded[border..bottom].chunks_exact_mut(line);
    for (padded, pixels) in lines.zip(image.chunks_exact(line - 2 * side)) {
        padded[..side].fill(0.0);
        padded[side..line - side].copy_from_slice(pixels);
        padded[line - side..].fill(0.0);
    }
    padded
}

/// The im2col matrix `[out_height · out_width, kernel_size · kernel_size · channels]` in a padded image.
pub fn layout(window: &Window) -> WindowLayout {
    let line = line_len(window);
    WindowLayout {
        lines: window.out_height,
        line_stride: window.stride * line,
        windows_per_line: window.out_width,
        window_stride: window.stride * window.channels,
        segments: window.kernel_size,
        segment_stride: line,
        segment: window.kernel_size * window.channels,
    }
}

/// Adds every value of `columns`, laid out as the im2col matrix, to the pixel it came from, of an image
/// with its padding in `padded`, and overwrites `image` by what is inside the padding.
#[inline(always)]
pub fn col2im(window: &Window, columns: &[f32], padded: &mut [f32], image: &mut [f32]) {
    if window.padding == 0 {
        add_windows(window, columns, image);
        return;
    }
    add_windows(window, columns, padded);
    let (line, side) = (line_len(window), window.padding * window.channels);
    let lines = padded[window.padding * line..].chunks_exact(line);
    for (pixels, padded) in image.chunks_exact_mut(line - 2 * side).zip(lines) {
        pixels.copy_from_slice(&padded[side..line - side]);
    }
}

/// Overwrites `padded` by the sums of what the windows hold of each pixel.
#[inline(always)]
fn add_windows(window: &Window, columns: &[f32], padded: &mut [f32]) {
    let WindowLayout {
        line_stride,
        windows_per_line,
        window_stride,
        segments,
        segment_stride,
        segment,
        ..
    } = layout(window);
    padded.fill(0.0);
    for (index, columns) in columns.chunks_exact(segments * segment).enumerate() {
        let (line, column) = (index / windows_per_line, index % windows_per_line);
        let start = line * line_stride + column * window_stride;
        for (run, values) in columns.chunks_exact(segment).enumerate() {
            let pixels = &mut padded[start + run * segment_stride..][..segment];
            for (pixel, value) in pixels.iter_mut().zip(values) {
                *pixel += value;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::Windows;

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
                    let mut buffer = Buffer::from(&[f32::NAN; 400][..]);
                    let around = padded(&window, &image, &mut buffer);
                    Windows::new(around, layout(&window)).copy_to(&mut columns);
                    assert_eq!(columns, expected, "{window:?}");
                    // ⟨columns, g⟩ = ⟨image, col2im(g)⟩ for every g.
                    let g: Vec<f32> = (0..columns.len()).map(|v| (v % 7) as f32 - 3.0).collect();
                    let mut summed = vec![f32::NAN; image.len()];
                    col2im(
                        &window,
                        &g,
                        &mut vec![f32::NAN; padded_len(&window)],
                        &mut summed,
                    );
                    let dot =
                        |a: &[f32], b: &[f32]| -> f32 { a.iter().zip(b).map(|(a, b)| a * b).sum() };
                    assert_eq!(dot(&columns, &g), dot(&image, &summed), "{window:?}");
                }
            }
        }
    }
}
