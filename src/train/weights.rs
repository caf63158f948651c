//! Beginning with another model's weights.

use super::epoch_loop::EpochLoop;
use super::{Origin, TrainError};
use crate::nn::{TensorData, TensorState, WeightAverage};

impl EpochLoop<'_> {
    /// Gives a run that has not begun the tensors of `model` that have the name and the shape of its own;
    /// the others stay as they are, and [`Origin`] names them.
    ///
    /// # Errors
    /// When no tensor fits.
    pub fn begin_with(&mut self, model: &str, tensors: &[TensorState]) -> Result<(), TrainError> {
        let mut state = self.state.model.network().state();
        let (mut taken, mut fresh) = (Vec::new(), Vec::new());
        let mut hasher = crc32fast::Hasher::new();
        for own in &mut state {
            let other = tensors.iter().find(|other| fits(own, other));
            match other {
                Some(other) => {
                    hash(&mut hasher, &other.data);
                    own.data = other.data.clone();
                    taken.push(own.name.clone());
                }
                None => fresh.push(own.name.clone()),
            }
        }
        if taken.is_empty() {
            return Err(TrainError::NoWeights {
                model: model.to_owned(),
                own: names(&state),
                found: names(tensors),
            });
        }
        self.state.model.load_state(&state)?;
        if let Some(average) = &mut self.state.average {
            *average = WeightAverage::new(self.spec.ema_decay, self.state.model.network());
        }
        self.progress.origin = Some(Origin::Weights {
            model: model.to_owned(),
            checksum: hasher.finalize(),
            taken,
            fresh,
        });
        Ok(())
    }
}

/// Whether the other tensor can take this one's place.
fn fits(own: &TensorState, other: &TensorState) -> bool {
    let kind = |tensor: &TensorState| std::mem::discriminant(&tensor.data);
    own.name == other.name && own.shape == other.shape && kind(own) == kind(other)
}

fn hash(hasher: &mut crc32fast::Hasher, data: &TensorData) {
    match data {
        TensorData::F32(values) => {
            for value in values {
                hasher.update(&value.to_le_bytes());
            }
        }
        TensorData::I64(values) => {
            for value in values {
                hasher.update(&value.to_le_bytes());
            }
        }
    }
}

/// The names and shapes of the first few tensors.
fn names(tensors: &[TensorState]) -> String {
    const SHOWN: usize = 4;
    let name = |tensor: &TensorState| format!("{} {:?}", tensor.name, tensor.shape);
    let mut names: Vec<String> = tensors.iter().take(SHOWN).map(name).collect();
    if tensors.len() > SHOWN {
        names.push(format!("{} more", tensors.len() - SHOWN));
    }
    names.join(", ")
}
