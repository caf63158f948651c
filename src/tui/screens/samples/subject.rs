//! What is shown, to be explained.

use super::keys::{IMAGES, MAPS, PREVIEW, VALUE};
use super::map_of_set::SET;
use super::pad::PAD;
use super::state::Samples;
use crate::explain::{Facts, Subject};
use crate::insight::LookMethod;
use crate::tui::shared::Shared;

impl Samples {
    /// Kernels or maps, augmented images, where the model looks, or the answer for the image.
    pub(super) fn in_view(&self, shared: &Shared) -> Subject {
        let open = [
            (self.pad.is_open(), PAD),
            (self.set.is_open(), SET),
            (self.preview.is_open(), PREVIEW),
        ];
        if let Some((_, context)) = open.iter().find(|(is_open, _)| *is_open) {
            return Subject::named([context.title]);
        }
        let Some(view) = &self.view else {
            return Subject::named([IMAGES.title]);
        };
        let spec = &view.snapshot.info.spec;
        if self.inside.is_open() {
            if self.chosen.cursor.is_some() {
                return Subject::named([VALUE.title]);
            }
            let page = self.inside.page(spec.layers.len());
            return match page.checked_sub(1) {
                None => Subject::named(["kernels"]).with(Facts::of_layer(spec, 0)),
                Some(layer) => Subject::named([MAPS.title]).with(Facts::of_layer(spec, layer)),
            };
        }
        let names = match self.looking.method() {
            Some(LookMethod::Occlusion) => ["occlusion", IMAGES.title],
            Some(LookMethod::GradCam { .. }) => ["grad-cam", IMAGES.title],
            None => ["probabilities", IMAGES.title],
        };
        let subject = Subject::named(names);
        match self.image().zip(self.evaluation()) {
            Some((image, evaluation)) => subject.with(Facts::of_answer(
                evaluation,
                image,
                self.class_of_image(),
                &|class| shared.class_name(class),
            )),
            None => Subject::named([IMAGES.title]),
        }
    }
}
