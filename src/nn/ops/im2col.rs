//! Unfolding windows into the rows of a matrix, so that a convolution becomes a matrix product
//! (Chellapilla, Puri & Simard 2006), and folding gradients back.

use super::window::Window;
use std::ops::Range;

/// Writes `columns` `[channels · kernel_size², out_height · out_width]`: row `(channel, i, j)` holds
/// the pixel at offset `(i, j)` of every window, 0 where the window reaches into the padding.
pub fn im2col(window: &Window, image: &[f32], columns: &mut [f32]) {
    let mut rows = columns.chunks_exact_mut(window.out_area());
    for channel in image.chunks_exact(window.area()) {
        for i in 0..window.kernel_size {
            for j in 0..window.kernel_size {
                if let Some(row) = rows.next() {
                    gather(window, channel, i, j, row);
                }
            }
        }
    }
}

/// Adds every value of `columns` to the pixel it came from: the transpose of [`im2col`].
/// `image` is overwritten.
pub fn col2im(window: &Window, columns: &[f32], image: &mut [f32]) {
    image.fill(0.0);
    let mut rows = columns.chunks_exact(window.out_area());
    for channel in image.chunks_exact_mut(window.area()) {
        for i in 0..window.kernel_size {
            for j in 0..window.kernel_size {
                if let Some(row) = rows.next() {
                    scatter(window, row, i, j, channel);
                }
            }
        }
    }
}

/// Windows (along one side) whose pixel at `offset` lies inside the image, and the first such pixel.
fn valid(offset: usize, size: usize, out_size: usize, window: &Window) -> (Range<usize>, usize) {
    let (stride, padding) = (window.stride, window.padding);
    let first = padding
        .saturating_sub(offset)
        .div_ceil(stride)
        .min(out_size);
    let end = (size + padding)
        .saturating_sub(offset)
        .div_ceil(stride)
        .clamp(first, out_size);
    (
        first..end,
        (first * stride + offset).saturating_sub(padding),
    )
}

fn gather(window: &Window, channel: &[f32], i: usize, j: usize, row: &mut [f32]) {
    let (lines, first_line) = valid(i, window.height, window.out_height, window);
    let (places, first_pixel) = valid(j, window.width, window.out_width, window);
    let inside = lines.clone();
    for (line, values) in row.chunks_exact_mut(window.out_width).enumerate() {
        if !inside.contains(&line) || places.is_empty() {
            values.fill(0.0);
            continue;
        }
        let y = first_line + (line - lines.start) * window.stride;
        let pixels = &channel[y * window.width + first_pixel..(y + 1) * window.width];
        values[..places.start].fill(0.0);
        values[places.end..].fill(0.0);
        let values = &mut values[places.clone()];
        if window.stride == 1 {
            values.copy_from_slice(&pixels[..values.len()]);
        } else {
            for (value, pixel) in values.iter_mut().zip(pixels.iter().step_by(window.stride)) {
                *value = *pixel;
            }
        }
    }
}

fn scatter(window: &Window, row: &[f32], i: usize, j: usize, channel: &mut [f32]) {
    let (lines, first_line) = valid(i, window.height, window.out_height, window);
    let (places, first_pixel) = valid(j, window.width, window.out_width, window);
    if places.is_empty() {
        return;
    }
    for line in lines.clone() {
        let y = first_line + (line - lines.start) * window.stride;
        let pixels = &mut channel[y * window.width + first_pixel..(y + 1) * window.width];
        let start = line * window.out_width;
        let values = &row[start + places.start..start + places.end];
        if window.stride == 1 {
            for (pixel, value) in pixels.iter_mut().zip(values) {
                *pixel += *value;
            }
        } else {
            for (pixel, value) in pixels.iter_mut().step_by(window.stride).zip(values) {
                *pixel += *value;
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
        for channel in 0..window.channels {
            for i in 0..window.kernel_size {
                for j in 0..window.kernel_size {
                    for row in 0..window.out_height {
                        for column in 0..window.out_width {
                            let y = (row * window.stride + i).checked_sub(window.padding);
                            let x = (column * window.stride + j).checked_sub(window.padding);
                            columns.push(match (y, x) {
                                (Some(y), Some(x)) if y < window.height && x < window.width => {
                                    image[channel * window.area() + y * window.width + x]
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
    fn unfolding_follows_the_definition_and_folding_is_its_transpose() {
        for kernel_size in 1..=4 {
            for stride in 1..=5 {
                for padding in 0..=3 {
                    let window = window(kernel_size, stride, padding);
                    let image: Vec<f32> = (1..=40).map(|v| v as f32).collect();
                    let expected = reference(&window, &image);
                    let mut columns = vec![f32::NAN; expected.len()];
                    im2col(&window, &image, &mut columns);
                    assert_eq!(columns, expected, "{window:?}");
                    // ⟨columns, g⟩ = ⟨image, fold(g)⟩ for every g.
                    let g: Vec<f32> = (0..columns.len()).map(|v| (v % 7) as f32 - 3.0).collect();
                    let mut folded = vec![f32::NAN; image.len()];
                    col2im(&window, &g, &mut folded);
                    let dot =
                        |a: &[f32], b: &[f32]| -> f32 { a.iter().zip(b).map(|(a, b)| a * b).sum() };
                    assert_eq!(dot(&columns, &g), dot(&image, &folded), "{window:?}");
                }
            }
        }
    }
}
