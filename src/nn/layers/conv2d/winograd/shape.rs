//! The sizes of a Winograd convolution, and where its tiles are.

use crate::nn::layers::conv2d::parameters::parameters;
use crate::nn::layers::parameter_shape::ParameterShape;
use crate::nn::layers::window::Window;
use crate::simd::winograd::{Grid, Tiles};

/// Fewest tiles of a group, if there are so many: the microkernel takes as many rows at once.
const FEWEST_TILES: usize = 12;

/// A convolution over these windows, of size `KERNEL` and stride 1, in tiles of `OUT`×`OUT` outputs.
#[derive(Clone, Copy)]
pub struct Shape<const TILE: usize, const OUT: usize, const KERNEL: usize> {
    pub window: Window,
    pub out_channels: usize,
}

/// Some consecutive tiles of the images.
#[derive(Clone, Copy)]
pub struct Group {
    pub first: usize,
    pub count: usize,
}

impl<const TILE: usize, const OUT: usize, const KERNEL: usize> Shape<TILE, OUT, KERNEL> {
    /// Places of a tile.
    pub const PLACES: usize = TILE * TILE;

    /// Values of an input image.
    pub fn input_len(&self) -> usize {
        self.window.channels * self.window.area()
    }

    /// Values of an output image.
    pub fn output_len(&self) -> usize {
        self.out_channels * self.window.out_area()
    }

    /// The weight and the bias.
    pub fn parameters(&self) -> Vec<ParameterShape> {
        parameters(&self.window, self.out_channels)
    }

    /// Tiles of one image.
    pub fn tiles_of_image(&self) -> usize {
        self.window.out_height.div_ceil(OUT) * self.window.out_width.div_ceil(OUT)
    }

    /// Tiles whose planes, of the inputs and of the outputs, have about `bytes` in all.
    pub fn tiles_in(&self, bytes: usize) -> usize {
        let tile = Self::PLACES * (self.window.channels + self.out_channels) * size_of::<f32>();
        (bytes / tile).max(FEWEST_TILES)
    }

    /// The tiles of a group in the input.
    pub fn inputs(&self, Group { first, count }: Group) -> Tiles {
        let Window {
            channels,
            height,
            width,
            out_height,
            out_width,
            padding,
            ..
        } = self.window;
        Tiles {
            grid: Grid {
                height,
                width,
                padding,
                step: OUT,
                down: out_height.div_ceil(OUT),
                across: out_width.div_ceil(OUT),
            },
            first,
            count,
            channels,
        }
    }

    /// The tiles of a group in the output.
    pub fn outputs(&self, group: Group) -> Tiles {
        let Tiles { grid, .. } = self.inputs(group);
        Tiles {
            grid: Grid {
                height: self.window.out_height,
                width: self.window.out_width,
                padding: 0,
                ..grid
            },
            channels: self.out_channels,
            ..self.inputs(group)
        }
    }
}
