//! A spec that has been checked, with what the check found out.

use super::{Problem, Spec, Summary, limits};
use serde::{Serialize, Serializer};
use std::ops::Deref;

/// A spec whose values are within their limits and whose layers fit each other, with its layer table.
///
/// [`Spec::check`] is the only way to one, so whatever takes a `CheckedSpec` need not check it again.
/// It reads like the [`Spec`] it holds.
#[derive(Clone, Debug, PartialEq)]
pub struct CheckedSpec {
    spec: Spec,
    summary: Summary,
}

impl Spec {
    /// Checks every value and infers every shape.
    ///
    /// # Errors
    /// The first [`Problem`], placed at its field or layer.
    pub fn check(&self) -> Result<CheckedSpec, Problem> {
        #[cfg(test)]
        counting::count();
        limits::check(self)?;
        let summary = Summary::infer(self)?;
        if self.warmup_epochs > self.epochs as f64 {
            return Err(Problem::field(
                &["warmup_epochs"],
                format!(
                    "a warm-up of {} epochs is longer than the run of {}",
                    self.warmup_epochs, self.epochs
                ),
            ));
        }
        if self.batch_size == 1
            && let Some(layer) = summary.batch_norm_after_dense()
        {
            return Err(Problem::layer(
                layer,
                self.layers[layer].kind(),
                "after a dense layer it needs at least 2 images in a batch; raise batch_size",
            ));
        }
        let learning = summary.layers.iter().skip(self.frozen_layers);
        if self.frozen_layers > 0 && learning.map(|row| row.parameters).sum::<u64>() == 0 {
            return Err(Problem::field(
                &["frozen_layers"],
                format!(
                    "with the first {} of {} layers frozen nothing is left that can learn",
                    self.frozen_layers,
                    self.layers.len()
                ),
            ));
        }
        Ok(CheckedSpec {
            spec: self.clone(),
            summary,
        })
    }
}

impl CheckedSpec {
    /// Its layer table.
    pub fn summary(&self) -> &Summary {
        &self.summary
    }

    /// The spec alone, to be changed freely.
    pub fn into_spec(self) -> Spec {
        self.spec
    }

    /// The spec after a change, checked again.
    ///
    /// # Errors
    /// The first [`Problem`] of the changed spec.
    pub fn changed(self, change: impl FnOnce(&mut Spec)) -> Result<Self, Problem> {
        let mut spec = self.spec;
        change(&mut spec);
        spec.check()
    }

    /// The same with another seed: any will do, so nothing is checked again.
    #[must_use]
    pub fn with_seed(mut self, seed: u64) -> Self {
        self.spec.seed = seed;
        self
    }
}

impl Deref for CheckedSpec {
    type Target = Spec;

    fn deref(&self) -> &Spec {
        &self.spec
    }
}

impl PartialEq<Spec> for CheckedSpec {
    fn eq(&self, other: &Spec) -> bool {
        self.spec == *other
    }
}

impl Serialize for CheckedSpec {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.spec.serialize(serializer)
    }
}

#[cfg(test)]
pub use counting::checks;

/// Counts the checks of each thread, for tests that show that a spec is checked once.
#[cfg(test)]
mod counting {
    use std::cell::Cell;

    thread_local! {
        static CHECKS: Cell<usize> = const { Cell::new(0) };
    }

    pub fn count() {
        CHECKS.set(CHECKS.get() + 1);
    }

    /// Checks that this thread has made so far.
    pub fn checks() -> usize {
        CHECKS.get()
    }
}
