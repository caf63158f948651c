//! The values of a layer's input or output, by their places.

use super::made_of::At;
use crate::spec::{Shape, Window};

/// Values of an image, `[channels, height, width]`, or of a flat layer.
pub struct Values<'a> {
    /// In this order.
    pub values: &'a [f32],
    /// Of the image, or of the flat layer.
    pub shape: Shape,
}

impl Values<'_> {
    /// The value at a place; NaN where there is none.
    pub fn at(&self, at: At) -> f32 {
        index(self.shape, at).map_or(f32::NAN, |index| value_at(self.values, index))
    }

    /// All values of a channel.
    pub fn channel(&self, channel: usize) -> &[f32] {
        let (_, area) = self.shape.channels_and_area();
        let mut channels = self.values.chunks_exact(area.max(1));
        channels.nth(channel).unwrap_or_default()
    }

    /// What a window that gives the value at `at` sees of channel `at.channel`.
    pub fn patch(&self, window: Window, at: At) -> Vec<Option<f32>> {
        let (height, width) = self.shape.rows_and_columns();
        let size = window.kernel_size;
        let inside = |at: usize, offset: usize, length: usize| {
            let padded = at * window.stride + offset;
            padded.checked_sub(window.padding).filter(|at| *at < length)
        };
        let places = (0..size * size).map(|place| {
            Some(At {
                row: inside(at.row, place / size, height)?,
                column: inside(at.column, place % size, width)?,
                ..at
            })
        });
        places.map(|place| place.map(|at| self.at(at))).collect()
    }
}

/// Where the value at `at` is among those of an output of `shape`.
pub fn index(shape: Shape, at: At) -> Option<usize> {
    let (channels, _) = shape.channels_and_area();
    let (height, width) = shape.rows_and_columns();
    let inside = at.channel < channels && at.row < height && at.column < width;
    inside.then_some((at.channel * height + at.row) * width + at.column)
}

/// A value by its number; NaN where there is none.
pub fn value_at(values: &[f32], index: usize) -> f32 {
    values.get(index).copied().unwrap_or(f32::NAN)
}
