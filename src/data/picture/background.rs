//! What is behind the object of a picture.

use super::decoded::Picture;
use super::luma::luma;

/// Levels by which a pixel of a plain background may differ from its colour: paper has shades, and JPEG adds its own.
const TOLERANCE: u8 = 32;
/// Of the border's pixels, at least so many have a plain background's colour. The object may reach the border.
const PLAIN_SHARE: f32 = 0.75;

/// The colour of a picture's border.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Background {
    /// Red, green and blue, the median of each. Where most of the border is transparent: black or white, whichever
    /// the rest stands out from.
    pub colour: [u8; 3],
    /// Of the border's pixels, those that look the same, 0 to 1.
    pub share: f32,
}

impl Background {
    /// Whether an object can be told from it.
    pub fn is_plain(self) -> bool {
        self.share >= PLAIN_SHARE
    }

    /// Whether it is nearer to white than to black.
    pub fn is_light(self) -> bool {
        self.level() >= 128
    }

    /// Its grey level.
    pub fn level(self) -> u8 {
        luma(self.colour.map(f32::from)).round() as u8
    }

    /// Whether a pixel of this colour could belong to it.
    pub fn has(self, colour: [u8; 3]) -> bool {
        let near = |(one, other): (u8, u8)| one.abs_diff(other) <= TOLERANCE;
        self.colour.into_iter().zip(colour).all(near)
    }
}

impl Picture {
    /// What its border looks like.
    pub fn background(&self) -> Background {
        let border = self.border();
        if let Some(alpha) = self.alpha() {
            let unseen = border.iter().filter(|pixel| alpha[**pixel] < 128).count();
            let share = unseen as f32 / border.len() as f32;
            if share >= 0.5 {
                let colour = if self.is_light(alpha) {
                    [0; 3]
                } else {
                    [255; 3]
                };
                return Background { colour, share };
            }
        }
        let colours: Vec<[u8; 3]> = border.iter().map(|pixel| self.colours()[*pixel]).collect();
        let median = |channel: usize| {
            let mut levels: Vec<u8> = colours.iter().map(|colour| colour[channel]).collect();
            levels.sort_unstable();
            levels[levels.len() / 2]
        };
        let colour = [0, 1, 2].map(median);
        let background = Background { colour, share: 0.0 };
        let same = colours.iter().filter(|colour| background.has(**colour));
        let share = same.count() as f32 / border.len() as f32;
        Background { colour, share }
    }

    /// Positions of the pixels at the border, each once; at least one.
    fn border(&self) -> Vec<usize> {
        let (height, width) = (self.height(), self.width());
        let last = (height - 1) * width;
        let mut border: Vec<usize> = (0..width).collect();
        for row in 1..height.saturating_sub(1) {
            border.push(row * width);
            if width > 1 {
                border.push(row * width + width - 1);
            }
        }
        if height > 1 {
            border.extend(last..last + width);
        }
        border
    }

    /// Whether what is seen is nearer to white than to black.
    fn is_light(&self, alpha: &[u8]) -> bool {
        let (mut sum, mut weights) = (0.0_f64, 0.0_f64);
        for (colour, alpha) in self.colours().iter().zip(alpha) {
            let weight = f64::from(*alpha);
            sum += f64::from(luma(colour.map(f32::from))) * weight;
            weights += weight;
        }
        sum >= 127.5 * weights
    }
}

#[cfg(test)]
mod tests {
    use super::super::example;

    #[test]
    fn a_border_of_one_colour_is_plain_though_the_object_touches_it() {
        let paper = |x: usize, y: usize| match (x, y) {
            (3..5, _) => [10, 10, 10, 255],
            _ => [240, 235, 230, 255],
        };
        let background = example::picture(16, 16, paper).background();
        assert_eq!(background.colour, [240, 235, 230]);
        assert!(background.is_plain() && background.is_light());
        let stripes = |x: usize, _| [if x.is_multiple_of(2) { 0 } else { 255 }, 0, 0, 255];
        assert!(!example::picture(16, 16, stripes).background().is_plain());
    }

    #[test]
    fn an_object_on_nothing_gets_a_background_that_it_stands_out_from() {
        let on_nothing = |level: u8| {
            let pixel = move |x: usize, y: usize| match (x, y) {
                (2..6, 2..6) => [level, level, level, 255],
                _ => [9, 9, 9, 0],
            };
            example::picture(8, 8, pixel).background()
        };
        assert_eq!(on_nothing(20).colour, [255; 3]);
        assert_eq!(on_nothing(230).colour, [0; 3]);
        assert!(on_nothing(20).is_plain());
    }
}
