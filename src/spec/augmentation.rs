//! Random changes to the training images.

use serde::{Deserialize, Serialize};

/// What is done to a training image, by chance and anew in every epoch; validation images stay as
/// they are. 0 leaves a change out. They are made in the order of the fields.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Augmentation {
    /// Most degrees an image is turned, either way; what comes in is black.
    pub rotation: f64,
    /// Most pixels an image is moved along each axis: a random crop of the padded image.
    pub shift: usize,
    /// Probability that an image is mirrored left to right.
    pub horizontal_flip: f64,
    /// Most that contrast changes: distances from the image's mean times 1 - this to 1 + this.
    pub contrast: f64,
    /// Most that brightness changes: levels times 1 - this to 1 + this.
    pub brightness: f64,
    /// Probability that a rectangle is erased, filled with the training set's mean grey
    /// (Zhong et al. 2017, <https://arxiv.org/abs/1708.04896>).
    pub erasing: f64,
    /// The largest share of the image that is erased; the smallest is 0.02.
    pub erasing_area: f64,
    /// MixUp's α: each batch is mixed with itself in another order, in shares drawn from
    /// Beta(α, α), and so are its labels (Zhang et al. 2018, <https://arxiv.org/abs/1710.09412>).
    pub mixup: f64,
}

impl Default for Augmentation {
    fn default() -> Self {
        Self {
            rotation: 0.0,
            shift: 0,
            horizontal_flip: 0.0,
            contrast: 0.0,
            brightness: 0.0,
            erasing: 0.0,
            erasing_area: 0.3,
            mixup: 0.0,
        }
    }
}

impl Augmentation {
    /// Whether single images are changed; MixUp changes batches.
    fn changes_images(&self) -> bool {
        let Self {
            rotation,
            shift,
            horizontal_flip,
            contrast,
            brightness,
            erasing,
            ..
        } = *self;
        shift > 0 || rotation + horizontal_flip + contrast + brightness + erasing > 0.0
    }

    /// Whether anything is done at all, to single images or to batches.
    pub fn changes_anything(&self) -> bool {
        self.changes_images() || self.mixup > 0.0
    }
}

impl std::fmt::Display for Augmentation {
    /// What is done, e.g. `horizontal flip 0.5, shift 2`; `none` where nothing is.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let erasing = match self.erasing > 0.0 {
            true => format!("{} of up to {}", self.erasing, self.erasing_area),
            false => String::new(),
        };
        let number = |value: f64| match value > 0.0 {
            true => value.to_string(),
            false => String::new(),
        };
        let parts = [
            ("rotation", number(self.rotation)),
            ("shift", number(self.shift as f64)),
            ("horizontal flip", number(self.horizontal_flip)),
            ("contrast", number(self.contrast)),
            ("brightness", number(self.brightness)),
            ("erasing", erasing),
            ("mixup", number(self.mixup)),
        ];
        let used: Vec<String> = parts
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| format!("{name} {value}"))
            .collect();
        match used.is_empty() {
            true => f.write_str("none"),
            false => f.write_str(&used.join(", ")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_done_is_told() {
        assert_eq!(Augmentation::default().to_string(), "none");
        assert!(!Augmentation::default().changes_images());
        assert!(!Augmentation::default().changes_anything());
        let mixed = Augmentation {
            mixup: 0.2,
            ..Augmentation::default()
        };
        assert!(mixed.changes_anything() && !mixed.changes_images());
        let some = Augmentation {
            shift: 2,
            horizontal_flip: 0.5,
            erasing: 0.25,
            ..Augmentation::default()
        };
        assert!(some.changes_images());
        assert_eq!(
            some.to_string(),
            "shift 2, horizontal flip 0.5, erasing 0.25 of up to 0.3"
        );
    }

    #[test]
    fn the_empty_list_of_earlier_specs_means_none() {
        let old: Augmentation = serde_json::from_str("[]").unwrap();
        assert_eq!(old, Augmentation::default());
    }
}
