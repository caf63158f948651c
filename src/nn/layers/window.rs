//! Square windows that slide over an image: what convolution and pooling share.

use crate::nn::onnx::OnnxAttribute;
use crate::spec::{Layer, LayerSummary, Shape};
use std::ops::Range;

/// Windows of `kernel_size` × `kernel_size` pixels over images `[height, width, channels]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Channels of the input.
    pub channels: usize,
    /// Rows of the input.
    pub height: usize,
    /// Columns of the input.
    pub width: usize,
    /// Rows of windows.
    pub out_height: usize,
    /// Columns of windows.
    pub out_width: usize,
    /// Side of the window.
    pub kernel_size: usize,
    /// Step between windows.
    pub stride: usize,
    /// Rows and columns added on every side.
    pub padding: usize,
}

impl Window {
    /// The windows that lead from `input` to `output`, as shape inference found them.
    pub fn new(
        input: Shape,
        output: Shape,
        kernel_size: usize,
        stride: usize,
        padding: usize,
    ) -> Self {
        let (channels, height, width) = dimensions(input);
        let (_, out_height, out_width) = dimensions(output);
        Self {
            channels,
            height,
            width,
            out_height,
            out_width,
            kernel_size,
            stride,
            padding,
        }
    }

    /// The windows of `layer`, whose shapes are those of `row`; of a layer without windows they are single pixels.
    pub fn of(layer: &Layer, row: &LayerSummary) -> Self {
        let (kernel_size, stride, padding) = layer.window().map_or((1, 1, 0), |window| {
            (window.kernel_size, window.stride, window.padding)
        });
        Self::new(row.input, row.output, kernel_size, stride, padding)
    }

    /// The statement of Keras that adds zeros on every side, where there is padding.
    pub fn keras_padding(&self) -> Option<String> {
        let padding = self.padding;
        (padding > 0).then(|| format!("x = layers.ZeroPadding2D({padding})(x)"))
    }

    /// The windows as settings of an ONNX operator.
    pub fn onnx(&self) -> Vec<(&'static str, OnnxAttribute)> {
        let ints = |value: usize, count| OnnxAttribute::Ints(vec![value as i64; count]);
        vec![
            ("kernel_shape", ints(self.kernel_size, 2)),
            ("strides", ints(self.stride, 2)),
            ("pads", ints(self.padding, 4)),
        ]
    }

    /// Pixels of one input channel.
    pub fn area(&self) -> usize {
        self.height * self.width
    }

    /// Windows over one channel.
    pub fn out_area(&self) -> usize {
        self.out_height * self.out_width
    }

    /// The rows and columns of pixels of the window at (`row`, `column`) that are inside the image.
    #[inline]
    pub fn inside(&self, row: usize, column: usize) -> (Range<usize>, Range<usize>) {
        let clip = |position: usize, size: usize| {
            let start = position * self.stride;
            let end = (start + self.kernel_size)
                .saturating_sub(self.padding)
                .min(size);
            start.saturating_sub(self.padding).min(end)..end
        };
        (clip(row, self.height), clip(column, self.width))
    }

    /// For each row of pixels, the rows of windows that cover it.
    #[inline(always)]
    pub fn rows_covering(&self) -> impl Iterator<Item = Range<usize>> + use<> {
        self.covering(self.height, self.out_height)
    }

    /// For each column of pixels, the columns of windows that cover it.
    #[inline(always)]
    pub fn columns_covering(&self) -> impl Iterator<Item = Range<usize>> + use<> {
        self.covering(self.width, self.out_width)
    }

    #[inline(always)]
    fn covering(&self, size: usize, windows: usize) -> impl Iterator<Item = Range<usize>> + use<> {
        let Self {
            kernel_size,
            stride,
            padding,
            ..
        } = *self;
        // The last window that covers the pixel before is never after the last that covers this one,
        // and likewise the first: no division for each pixel.
        let (mut first, mut end) = (0, 0);
        (padding..padding + size).map(
            #[inline(always)]
            move |position| {
                while end < windows && end * stride <= position {
                    end += 1;
                }
                while first < end && first * stride + kernel_size <= position {
                    first += 1;
                }
                first..end
            },
        )
    }
}

fn dimensions(shape: Shape) -> (usize, usize, usize) {
    match shape {
        Shape::Image {
            channels,
            height,
            width,
        } => (channels, height, width),
        Shape::Flat { features } => (features, 1, 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `kernel_size`, `stride`, `padding`.
    fn window(size: usize, [kernel_size, stride, padding]: [usize; 3]) -> Window {
        let windows = (size + 2 * padding - kernel_size) / stride + 1;
        Window {
            channels: 1,
            height: size,
            width: size,
            out_height: windows,
            out_width: windows,
            kernel_size,
            stride,
            padding,
        }
    }

    #[test]
    fn a_pixel_is_covered_by_the_windows_that_it_is_inside() {
        for size in 1..9 {
            for numbers in [
                [1, 1, 0],
                [2, 2, 0],
                [3, 2, 1],
                [3, 1, 1],
                [2, 3, 0],
                [5, 2, 2],
                [1, 4, 0],
            ] {
                if numbers[0] > size + 2 * numbers[2] {
                    continue;
                }
                let window = window(size, numbers);
                for (pixel, windows) in window.rows_covering().enumerate() {
                    let inside = |row: &usize| window.inside(*row, 0).0.contains(&pixel);
                    let expected: Vec<usize> = (0..window.out_height).filter(inside).collect();
                    let found: Vec<usize> = windows.collect();
                    assert_eq!(
                        found, expected,
                        "pixel {pixel} of {size}, windows {numbers:?}"
                    );
                }
            }
        }
    }
}
