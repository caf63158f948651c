//! Which pixels of the image a value inside the network depends on (Araujo, Norris and Sim 2019,
//! <https://distill.pub/2019/computing-receptive-fields>).

use super::layer::Window;

/// The square of pixels that a value of an image of activations depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReceptiveField {
    /// Its side in pixels, padding included.
    pub size: usize,
    /// Pixels from the square of a value to that of its neighbour.
    pub stride: usize,
    /// Pixels of padding that the square of the first value begins with.
    pub padding: usize,
}

impl ReceptiveField {
    /// That of a pixel: itself.
    pub const PIXEL: Self = Self {
        size: 1,
        stride: 1,
        padding: 0,
    };

    /// That of the values which come of windows over values of this one.
    pub fn behind(self, window: Window) -> Self {
        Self {
            size: self.size + (window.kernel_size - 1) * self.stride,
            padding: self.padding + window.padding * self.stride,
            stride: self.stride * window.stride,
        }
    }

    /// The rows of pixels, or the columns, that the value in row `at` depends on. What is below 0, or behind the
    /// last pixel, is padding.
    pub fn reach(self, at: usize) -> std::ops::Range<i64> {
        let first = (at * self.stride) as i64 - self.padding as i64;
        first..first + self.size as i64
    }

    /// The same without padding, of `pixels` there are.
    pub fn pixels(self, at: usize, pixels: usize) -> std::ops::Range<usize> {
        let inside = |at: i64| at.clamp(0, pixels as i64) as usize;
        let reach = self.reach(at);
        inside(reach.start)..inside(reach.end)
    }
}

impl std::fmt::Display for ReceptiveField {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{0}×{0}", self.size)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::preset;

    fn sides(name: &str) -> Vec<Option<usize>> {
        let spec = preset(name).unwrap();
        let layers = spec.summary().layers.iter();
        layers
            .map(|layer| layer.receptive_field.map(|field| field.size))
            .collect()
    }

    #[test]
    fn the_studys_network_sees_ten_pixels_before_its_dense_layers() {
        let conv = [3, 3, 4, 8, 8, 10, 10].map(Some).to_vec();
        let dense = vec![None; 5];
        assert_eq!(sides("basic-cnn"), [conv, dense].concat());
    }

    #[test]
    fn a_strided_convolution_widens_what_comes_after_it() {
        // 3×3 with stride 2, twice: 3, then 3 + 2·2.
        let sides = sides("tiny");
        assert_eq!((sides[0], sides[3]), (Some(3), Some(7)));
    }

    #[test]
    fn the_pixels_of_a_corner_end_at_the_edge() {
        let window = |kernel_size, stride, padding| Window {
            kernel_size,
            stride,
            padding,
        };
        let field = ReceptiveField::PIXEL
            .behind(window(3, 1, 1))
            .behind(window(2, 2, 0));
        assert_eq!((field.size, field.stride, field.padding), (4, 2, 1));
        assert_eq!(field.pixels(0, 28), 0..3);
        assert_eq!(field.pixels(1, 28), 1..5);
        assert_eq!(field.pixels(13, 28), 25..28);
        // A value of padding alone sees nothing.
        assert_eq!(
            ReceptiveField::PIXEL.behind(window(1, 1, 2)).pixels(0, 28),
            0..0
        );
    }
}
