//! How the objects of a data set stand in its images.

use super::decoded::Picture;
use crate::data::split::Split;
use rayon::prelude::*;

/// Images that are looked at, spread over the set.
const IMAGES: usize = 1000;

/// What the images of a data set have in common, as far as a picture can be brought there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Style {
    /// The usual grey level behind the objects.
    pub background: u8,
    /// How much of the image the longer side of an object takes, 0 to 1.
    pub fill: f32,
    /// Whether most images have a plain background, so that the rest is known.
    pub is_plain: bool,
}

impl Style {
    /// Fashion-MNIST's: light garments on black, from one edge to the other.
    pub const GARMENTS: Self = Self {
        background: 0,
        fill: 1.0,
        is_plain: true,
    };

    /// That of the images of `split`.
    pub fn of(split: &Split) -> Self {
        let step = split.len().div_ceil(IMAGES).max(1);
        let images: Vec<usize> = (0..split.len()).step_by(step).collect();
        let found: Vec<(u8, f32)> = images
            .par_iter()
            .filter_map(|image| {
                let picture = Picture::of_image(split, split.image(*image));
                let background = picture.background();
                let object = picture.object(background)?;
                let share = |side: usize, of: usize| side as f32 / of as f32;
                let fill = share(object.rows.len(), picture.height())
                    .max(share(object.columns.len(), picture.width()));
                Some((background.level(), fill))
            })
            .collect();
        let median = |mut values: Vec<f32>| {
            values.sort_unstable_by(f32::total_cmp);
            values.get(values.len() / 2).copied().unwrap_or_default()
        };
        Self {
            background: median(found.iter().map(|(level, _)| f32::from(*level)).collect()) as u8,
            fill: median(found.iter().map(|(_, fill)| *fill).collect()),
            is_plain: 2 * found.len() > images.len(),
        }
    }

    /// Whether the objects are dark on light.
    pub fn is_light(self) -> bool {
        self.background >= 128
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Dataset;

    #[test]
    fn garments_are_light_on_black_and_fill_the_image() {
        let mut split = Dataset::sample().unwrap().train;
        let style = Style::of(&split);
        assert!(style.is_plain && style.background < 16, "{style:?}");
        assert!(style.fill > 0.8, "{style:?}");
        for level in &mut split.images {
            *level = 255 - *level;
        }
        assert!(Style::of(&split).is_light());
    }
}
