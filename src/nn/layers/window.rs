//! Square windows that slide over an image: what convolution and pooling share.

use crate::spec::Shape;

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
    pub fn inside(
        &self,
        row: usize,
        column: usize,
    ) -> (std::ops::Range<usize>, std::ops::Range<usize>) {
        let clip = |position: usize, size: usize| {
            let start = position * self.stride;
            let end = (start + self.kernel_size)
                .saturating_sub(self.padding)
                .min(size);
            start.saturating_sub(self.padding).min(end)..end
        };
        (clip(row, self.height), clip(column, self.width))
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
