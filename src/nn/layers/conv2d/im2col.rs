//! im2col: the windows of an image as the rows of a matrix, so that a convolution becomes a GEMM
//! (Chellapilla, Puri & Simard 2006); and col2im, which brings gradients back onto the pixels.

use crate::nn::layers::window::Window;

/// Start of the pixel at offset (`i`, `j`) of the window at (`row`, `column`), if it is not padding.
#[inline(always)]
fn pixel_at(window: &Window, row: usize, column: usize, i: usize, j: usize) -> Option<usize> {
    let y = (row * window.stride + i).wrapping_sub(window.padding);
    let x = (column * window.stride + j).wrapping_sub(window.padding);
    if y < window.height && x < window.width {
        Some((y * window.width + x) * window.channels)
    } else {
        None
    }
}

/// Writes `columns` `[out_height · out_width, kernel_size, kernel_size, channels]`: the pixels of
/// every window of `image` `[height, width, channels]`, 0 where it reaches into the padding.
#[inline(always)]
pub fn im2col(window: &Window, image: &[f32], columns: &mut [f32]) {
    let (size, width) = (window.kernel_size, window.width);
    let run = size * window.channels;
    let mut rows = columns.chunks_exact_mut(size * run);
    for row in 0..window.out_height {
        let top = (row * window.stride).wrapping_sub(window.padding);
        let lines_inside = top < window.height && top + size <= window.height;
        for (column, out) in rows.by_ref().take(window.out_width).enumerate() {
            let left = (column * window.stride).wrapping_sub(window.padding);
            if lines_inside && left < width && left + size <= width {
                // Within an image the pixels of a line follow each other.
                let lines =
                    image[(top * width + left) * window.channels..].chunks(width * window.channels);
                if let (3, Some(out)) = (run, out.as_chunks_mut::<3>().0.first_chunk_mut::<3>()) {
                    // Of one channel: too short to call a copying function for.
                    for (out, line) in out.iter_mut().zip(lines) {
                        *out = [line[0], line[1], line[2]];
                    }
                } else {
                    for (out, line) in out.chunks_exact_mut(run).zip(lines) {
                        out.copy_from_slice(&line[..run]);
                    }
                }
            } else {
                im2col_at_edge(window, row, column, image, out);
            }
        }
    }
}

/// One window that may reach into the padding.
fn im2col_at_edge(window: &Window, row: usize, column: usize, image: &[f32], out: &mut [f32]) {
    let mut places = out.chunks_exact_mut(window.channels);
    for i in 0..window.kernel_size {
        for (j, out) in places.by_ref().take(window.kernel_size).enumerate() {
            match (pixel_at(window, row, column, i, j), out) {
                // One value is too short to call a copying function for.
                (at, [out]) => *out = at.map_or(0.0, |at| image[at]),
                (Some(at), out) => out.copy_from_slice(&image[at..at + window.channels]),
                (None, out) => out.fill(0.0),
            }
        }
    }
}

/// Adds every value of `columns` to the pixel it came from: the transpose of [`im2col`].
/// `image` is overwritten.
#[inline(always)]
pub fn col2im(window: &Window, columns: &[f32], image: &mut [f32]) {
    let channels = window.channels;
    image.fill(0.0);
    let mut places = columns.chunks_exact(channels);
    for row in 0..window.out_height {
        for column in 0..window.out_width {
            for i in 0..window.kernel_size {
                for (j, values) in places.by_ref().take(window.kernel_size).enumerate() {
                    if let Some(at) = pixel_at(window, row, column, i, j) {
                        for (pixel, value) in image[at..at + channels].iter_mut().zip(values) {
                            *pixel += value;
                        }
                    }
                }
            }
        }
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
                    im2col(&window, &image, &mut columns);
                    assert_eq!(columns, expected, "{window:?}");
                    // ⟨columns, g⟩ = ⟨image, col2im(g)⟩ for every g.
                    let g: Vec<f32> = (0..columns.len()).map(|v| (v % 7) as f32 - 3.0).collect();
                    let mut summed = vec![f32::NAN; image.len()];
                    col2im(&window, &g, &mut summed);
                    let dot =
                        |a: &[f32], b: &[f32]| -> f32 { a.iter().zip(b).map(|(a, b)| a * b).sum() };
                    assert_eq!(dot(&columns, &g), dot(&image, &summed), "{window:?}");
                }
            }
        }
    }
}
