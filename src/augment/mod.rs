//! Random changes to training images: plain arithmetic on bytes, one file for each change.
//!
//! An image is `[channels, height, width]`, one byte a value. A new change is its file and, here, its
//! `mod` line, its field with its default, its row of [`FIELDS`] and its step in [`augment`].

mod erasing;
mod horizontal_flip;
mod mixup;
mod rotation;
mod shift;
mod size;
mod stream;
#[cfg(test)]
mod tests;
mod tone;
mod vertical_flip;

pub use mixup::{Mixture, mixture};
pub use rotation::rotate;
pub use shift::shift;
pub use size::ImageSize;
use stream::STREAM;

use crate::random::SplitMix64;
use crate::text::Limit;
use serde::{Deserialize, Serialize};

/// What is done to a training image, by chance and anew in every epoch; validation images stay as
/// they are. 0 leaves a change out. They are made in the order of the fields.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Augmentation {
    /// Most degrees an image is turned, either way; the new corners are black.
    pub rotation: f64,
    /// Most pixels an image is moved along each axis: a random crop of the padded image.
    pub shift: usize,
    /// Probability that an image is mirrored left to right.
    pub horizontal_flip: f64,
    /// Probability that an image is mirrored top to bottom.
    pub vertical_flip: f64,
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
            vertical_flip: 0.0,
            contrast: 0.0,
            brightness: 0.0,
            erasing: 0.0,
            erasing_area: 0.3,
            mixup: 0.0,
        }
    }
}

/// What a field above 0 changes.
#[derive(PartialEq)]
enum Changes {
    Images,
    Batches,
    /// Nothing by itself: it belongs to another field.
    Nothing,
}

/// What checks, forms and texts know of a field.
struct Field {
    name: &'static str,
    limit: Limit,
    /// A few words for the form.
    about: &'static str,
    changes: Changes,
    value: fn(&Augmentation) -> f64,
}

const PROBABILITY: Limit = Limit::Real(0.0, 1.0);

/// The fields of [`Augmentation`], in its order.
const FIELDS: [Field; 9] = [
    Field {
        name: "rotation",
        limit: Limit::Real(0.0, 180.0),
        about: "degrees, either way",
        changes: Changes::Images,
        value: |what| what.rotation,
    },
    Field {
        name: "shift",
        limit: Limit::Whole(0, 32),
        about: "pixels, any direction",
        changes: Changes::Images,
        value: |what| what.shift as f64,
    },
    Field {
        name: "horizontal_flip",
        limit: PROBABILITY,
        about: "chance of a mirror image",
        changes: Changes::Images,
        value: |what| what.horizontal_flip,
    },
    Field {
        name: "vertical_flip",
        limit: PROBABILITY,
        about: "chance, top to bottom",
        changes: Changes::Images,
        value: |what| what.vertical_flip,
    },
    Field {
        name: "contrast",
        limit: PROBABILITY,
        about: "share, up or down",
        changes: Changes::Images,
        value: |what| what.contrast,
    },
    Field {
        name: "brightness",
        limit: PROBABILITY,
        about: "share, up or down",
        changes: Changes::Images,
        value: |what| what.brightness,
    },
    Field {
        name: "erasing",
        limit: PROBABILITY,
        about: "chance of a grey rectangle",
        changes: Changes::Images,
        value: |what| what.erasing,
    },
    Field {
        name: "erasing_area",
        limit: Limit::Real(0.02, 0.9),
        about: "its largest share",
        changes: Changes::Nothing,
        value: |what| what.erasing_area,
    },
    Field {
        name: "mixup",
        limit: PROBABILITY,
        about: "alpha; 0 mixes no images",
        changes: Changes::Batches,
        value: |what| what.mixup,
    },
];

fn field(name: &str) -> Option<&'static Field> {
    FIELDS.iter().find(|field| field.name == name)
}

/// The values that the field of this name may have.
pub fn limit(name: &str) -> Option<Limit> {
    field(name).map(|field| field.limit)
}

/// What the field of this name is, in a few words.
pub fn about(name: &str) -> Option<&'static str> {
    field(name).map(|field| field.about)
}

/// Changes `image`, of `size`, as training does when it meets it for the `visit`th time (its epoch,
/// from 1).
///
/// The changes follow from the arguments alone: a resumed run, another number of threads and the
/// preview on the screen get the same. `index` is the image's place in the training split, `mean` the
/// grey level that erased places get.
pub fn augment(
    image: &mut [u8],
    size: ImageSize,
    what: &Augmentation,
    mean: u8,
    key @ (seed, visit, index): (u64, usize, u32),
) {
    let mut random = SplitMix64::keyed(&[STREAM, seed, visit as u64, u64::from(index)]);
    let within = |random: &mut SplitMix64, most: f64| random.range(-most as f32, most as f32);
    if what.rotation > 0.0 {
        rotation::rotate(image, size, within(&mut random, what.rotation));
    }
    if what.shift > 0 {
        let mut pixels = || random.below(2 * what.shift + 1) as isize - what.shift as isize;
        let (right, down) = (pixels(), pixels());
        shift::shift(image, size, right, down);
    }
    if random.chance(what.horizontal_flip as f32) {
        horizontal_flip::flip(image, size);
    }
    if vertical_flip::is_drawn(what.vertical_flip, key) {
        vertical_flip::flip(image, size);
    }
    if what.contrast + what.brightness > 0.0 {
        let contrast = 1.0 + within(&mut random, what.contrast);
        let brightness = 1.0 + within(&mut random, what.brightness);
        tone::change(image, contrast, brightness);
    }
    if random.chance(what.erasing as f32) {
        erasing::erase(image, size, what.erasing_area as f32, mean, &mut random);
    }
}

impl Augmentation {
    /// Whether anything is done at all, to single images or to batches.
    pub fn changes_anything(&self) -> bool {
        self.changes(&Changes::Images) || self.changes(&Changes::Batches)
    }

    /// The changes that are made, by name, each with its value.
    pub fn made(&self) -> Vec<(&'static str, f64)> {
        let fields = FIELDS
            .iter()
            .filter(|field| field.changes != Changes::Nothing);
        let values = fields.map(|field| (field.name, (field.value)(self)));
        values.filter(|(_, value)| *value > 0.0).collect()
    }

    /// The same without the change of this name.
    #[must_use]
    pub fn without(self, name: &str) -> Self {
        let mut json = serde_json::to_value(self).unwrap_or_default();
        if let Some(value) = json.get_mut(name) {
            *value = 0.into();
        }
        serde_json::from_value(json).unwrap_or(self)
    }

    fn changes(&self, what: &Changes) -> bool {
        let mut fields = FIELDS.iter().filter(|field| field.changes == *what);
        fields.any(|field| (field.value)(self) > 0.0)
    }
}

impl std::fmt::Display for Augmentation {
    /// What is done, e.g. `horizontal flip 0.5, shift 2`; `none` where nothing is.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut parts = Vec::new();
        for field in FIELDS {
            let value = (field.value)(self);
            if value > 0.0 && field.changes != Changes::Nothing {
                let area = match field.name {
                    "erasing" => format!(" of up to {}", self.erasing_area),
                    _ => String::new(),
                };
                parts.push(format!("{} {value}{area}", field.name.replace('_', " ")));
            }
        }
        match parts.is_empty() {
            true => f.write_str("none"),
            false => f.write_str(&parts.join(", ")),
        }
    }
}
