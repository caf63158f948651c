//! A network for other images than it was made for.

use super::limits::text_limit;
use super::{CheckedSpec, Input, Layer, Problem};

impl CheckedSpec {
    /// The same network for images of this size and for so many classes, those of the set called `dataset`: another
    /// input, and as many units in its last layer, where that is a dense one.
    ///
    /// # Errors
    /// When its layers do not fit the size; as where nothing is left after poolings of small images.
    pub fn adapted(self, input: Input, classes: usize, dataset: &str) -> Result<Self, Problem> {
        if self.input == input && self.summary().classes == classes {
            return Ok(self);
        }
        self.changed(|spec| {
            spec.input = input;
            spec.dataset = dataset.chars().take(text_limit("dataset").1).collect();
            if let Some(Layer::Dense { units }) = spec.layers.last_mut() {
                *units = classes;
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::{PRESETS, preset};

    #[test]
    fn every_preset_adapts_to_colour_pictures_of_few_classes() {
        let input = Input {
            channels: 3,
            height: 32,
            width: 32,
        };
        for entry in PRESETS {
            let adapted = preset(entry.name).unwrap();
            let adapted = adapted.adapted(input, 4, "shells").unwrap();
            assert_eq!(adapted.dataset, "shells", "{}", entry.name);
            assert_eq!(adapted.input, input, "{}", entry.name);
            assert_eq!(adapted.summary().classes, 4, "{}", entry.name);
        }
    }

    #[test]
    fn what_fits_already_stays_and_what_cannot_fit_is_refused() {
        let preset = || preset("basic-cnn").unwrap();
        let same = preset().adapted(Input::default(), 10, "digits").unwrap();
        assert_eq!(same, preset());
        let input = Input {
            channels: 1,
            height: 2,
            width: 2,
        };
        assert!(preset().adapted(input, 10, "dots").is_err());
    }
}
