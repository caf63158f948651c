//! The calibration of the model in view, computed once.

use crate::insight::Calibration;
use crate::train::Validated;
use std::cell::RefCell;
use std::sync::Arc;

/// The calibration of the model that was asked for last.
#[derive(Debug, Default)]
pub struct Calibrated(RefCell<Option<(Arc<Validated>, Arc<Calibration>)>>);

impl Calibrated {
    /// That of this model, computed now if it is another one than last time.
    pub fn of(&self, validated: &Arc<Validated>) -> Arc<Calibration> {
        let mut known = self.0.borrow_mut();
        if let Some((of, calibration)) = known.as_ref()
            && Arc::ptr_eq(of, validated)
        {
            return Arc::clone(calibration);
        }
        let evaluation = &validated.evaluation;
        let calibration = Arc::new(Calibration::new(
            &evaluation.predictions,
            &evaluation.probabilities,
            &validated.images.labels,
        ));
        *known = Some((Arc::clone(validated), Arc::clone(&calibration)));
        calibration
    }
}
