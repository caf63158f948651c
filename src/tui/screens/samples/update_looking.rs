//! What the keys of the map over the image do: the method, and the class that is watched.

use super::state::Samples;
use crate::insight::{LookMethod, layers_with_maps};
use crate::tui::shared::Shared;

impl Samples {
    /// Shows where the model looks by the next method, or the image alone.
    pub(super) fn look(&mut self, shared: &mut Shared) {
        self.looking.next_method();
        self.grid &= !self.looking.is_on();
        shared.say(match self.looking.method() {
            Some(LookMethod::Occlusion) => {
                "where it looks: parts of the image are covered; o again: by Grad-CAM"
            }
            Some(LookMethod::GradCam { .. }) => {
                "Grad-CAM: maps weighed by the score; ] another class, { another layer"
            }
            None => "the image as it is",
        });
    }

    /// Looks through the maps of the next layer that has some, or of the one before, by Grad-CAM.
    pub(super) fn look_through(&mut self, forward: bool, shared: &mut Shared) {
        let Some(view) = self.view.as_ref().filter(|_| self.looking.is_on()) else {
            shared.say("o shows where the model looks; then this chooses the layer of Grad-CAM");
            return;
        };
        let rows = &view.snapshot.info.spec.summary().layers;
        let layer = self.looking.step_layer(forward, &layers_with_maps(rows));
        shared.say(match layer {
            Some(layer) => {
                let (number, description) = (layer + 1, &rows[layer].description);
                format!(
                    "where it looks: Grad-CAM through the maps of layer {number}, {description}"
                )
            }
            None => "no layer of this network has maps; occlusion works for any network".into(),
        });
    }

    /// Looks for the class after the one that is watched, or the one before.
    pub(super) fn watch(&mut self, forward: bool, shared: &mut Shared) {
        if !self.looking.is_on() {
            shared.say("o shows where the model looks; then this chooses the class");
            return;
        }
        let evaluation = self.view.as_ref().map(|view| &view.evaluation);
        let classes = evaluation.map_or(1, |evaluation| evaluation.confusion.classes());
        let image = self.image();
        let predicted = image.and_then(|image| evaluation?.predictions.get(image));
        let shown = predicted.map_or(0, |class| usize::from(*class));
        let class = self.looking.step_class(forward, shown, classes);
        shared.say(format!("where it looks for {}", shared.class_name(class)));
    }
}
