//! What is known of the network, the data and the run, for what is explained.

use super::shared::Shared;
use crate::explain::Facts;

impl Shared {
    /// Today's numbers, whatever is explained.
    pub fn facts(&self) -> Facts {
        let spec = self
            .run
            .as_ref()
            .map_or(&self.designed.spec, |run| &run.spec);
        let mut facts = Facts::of_training(&self.designed.spec);
        if let Some(dataset) = self.dataset() {
            facts.add(Facts::of_data(dataset, spec));
        }
        if let Some(run) = &self.run {
            let images = run
                .start
                .as_ref()
                .map_or(0, |start| start.validation_images);
            facts.add(Facts::of_epochs(&run.spec, &run.epochs, images));
        }
        if let Some(evaluation) = self.evaluation() {
            facts.add(Facts::of_certainty(evaluation));
            let matrix = &evaluation.confusion;
            facts.add(Facts::of_matrix(matrix, &|class| self.class_name(class)));
        }
        facts
    }
}
