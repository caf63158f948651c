//! The calibration of what is in view, computed once.

use crate::insight::Calibration;
use crate::train::Evaluation;
use std::cell::RefCell;
use std::sync::Arc;

/// The calibration of what was asked for last.
#[derive(Debug)]
pub struct Calibrated<T>(RefCell<Option<(Arc<T>, Arc<Calibration>)>>);

impl<T> Default for Calibrated<T> {
    fn default() -> Self {
        Self(RefCell::new(None))
    }
}

impl<T> Calibrated<T> {
    /// That of `whose` evaluation of images with these true classes, computed now if it is another one than last
    /// time.
    pub fn of(&self, whose: &Arc<T>, evaluation: &Evaluation, labels: &[u8]) -> Arc<Calibration> {
        let mut known = self.0.borrow_mut();
        if let Some((of, calibration)) = known.as_ref()
            && Arc::ptr_eq(of, whose)
        {
            return Arc::clone(calibration);
        }
        let calibration = Arc::new(Calibration::new(
            &evaluation.predictions,
            &evaluation.probabilities,
            labels,
        ));
        *known = Some((Arc::clone(whose), Arc::clone(&calibration)));
        calibration
    }
}
