//! The optimiser of a network: its steps, and its state as named tensors to be saved and restored.

use super::NnError;
use super::io::state::{TensorData, TensorState};
use super::network::Network;
use super::parameter::Parameter;
use crate::optim::{Trainable, Updater};
use crate::simd::buffer::Buffer;
use crate::spec;

/// An optimiser of the parameters of one network, with its state.
pub struct Optimizer(Updater);

/// The state of an optimiser.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OptimizerState {
    /// Steps made.
    pub steps: i32,
    /// For each kind of state (velocity, first and second moment …), a tensor per parameter, named and
    /// shaped as it is.
    pub memories: Vec<Vec<TensorState>>,
}

impl Optimizer {
    /// An optimiser before its first step.
    pub fn new(config: spec::Optimizer) -> Self {
        Self(Updater::new(config))
    }

    /// Moves every parameter but the first `frozen` along its gradient; `gradients` are in the order of
    /// the parameters.
    pub fn step(
        &mut self,
        parameters: &mut [Parameter],
        gradients: &[Buffer],
        frozen: usize,
        learning_rate: f64,
    ) {
        let pairs = parameters.iter_mut().zip(gradients).enumerate();
        let trainables = pairs.map(|(index, (parameter, gradient))| Trainable {
            shape: &parameter.shape,
            values: &mut parameter.values,
            gradient,
            learns: index >= frozen,
        });
        self.0.step(trainables.collect(), learning_rate);
    }

    /// A copy of the state for the parameters of `network`.
    pub fn state(&self, network: &Network) -> OptimizerState {
        let tensor = |slot: usize, (index, parameter): (usize, &Parameter)| {
            let mut values = self.0.state(slot, index).to_vec();
            values.resize(parameter.values.len(), 0.0);
            TensorState {
                name: parameter.name.clone(),
                shape: parameter.shape.clone(),
                data: TensorData::F32(values),
            }
        };
        let tensors = |slot: usize| {
            let parameters = network.parameters().iter().enumerate();
            parameters
                .map(|parameter| tensor(slot, parameter))
                .collect()
        };
        OptimizerState {
            steps: self.0.steps(),
            memories: (0..self.0.state_len()).map(tensors).collect(),
        }
    }

    /// Makes the state of an optimiser of this kind with other hyperparameters one of this one's: where
    /// momentum was 0 and is not any more, it begins with zeros.
    pub fn adapt(&self, network: &Network, state: &mut OptimizerState) {
        let zeros = |parameter: &Parameter| TensorState {
            name: parameter.name.clone(),
            shape: parameter.shape.clone(),
            data: TensorData::F32(vec![0.0; parameter.values.len()]),
        };
        let parameters = network.parameters();
        state.memories.resize_with(self.0.state_len(), || {
            parameters.iter().map(zeros).collect()
        });
    }

    /// Continues from the state of an optimiser of the same kind for the same network.
    ///
    /// # Errors
    /// When the state belongs to another optimiser or other layers; nothing is changed then.
    pub fn restore(&mut self, network: &Network, state: &OptimizerState) -> Result<(), NnError> {
        let parameters = network.parameters();
        let kinds = self.0.state_len();
        if state.memories.len() != kinds {
            return Err(NnError::Size {
                what: "values per parameter that the optimiser remembers",
                expected: kinds,
                found: state.memories.len(),
            });
        }
        for memory in &state.memories {
            check(parameters, memory)?;
        }
        let shapes: Vec<&[usize]> = parameters.iter().map(|one| one.shape.as_slice()).collect();
        self.0.prepare(&shapes);
        for (slot, memory) in state.memories.iter().enumerate() {
            for (index, parameter) in parameters.iter().enumerate() {
                let own = self.0.state_mut(slot, index);
                if let Some(values) = values(parameter, memory)
                    && own.len() == values.len()
                {
                    own.copy_from_slice(values);
                }
            }
        }
        self.0.set_steps(state.steps);
        Ok(())
    }
}

/// Whether the tensors are one per parameter, each of its name and shape.
fn check(parameters: &[Parameter], memory: &[TensorState]) -> Result<(), NnError> {
    if memory.len() != parameters.len() {
        return Err(NnError::Size {
            what: "tensors that the optimiser remembers",
            expected: parameters.len(),
            found: memory.len(),
        });
    }
    match parameters
        .iter()
        .find(|parameter| values(parameter, memory).is_none())
    {
        None => Ok(()),
        Some(parameter) => Err(NnError::Layers(format!(
            "the optimiser remembers nothing of the shape {:?} for {:?}",
            parameter.shape, parameter.name
        ))),
    }
}

/// What `memory` holds for a parameter.
fn values<'a>(parameter: &Parameter, memory: &'a [TensorState]) -> Option<&'a [f32]> {
    let tensor = memory.iter().find(|tensor| tensor.name == parameter.name)?;
    match &tensor.data {
        TensorData::F32(values)
            if tensor.shape == parameter.shape && values.len() == parameter.values.len() =>
        {
            Some(values)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::Model;
    use crate::spec::preset;

    /// Every optimiser with its defaults, and with momentum and weight decay where it has them.
    fn optimizers() -> Vec<spec::Optimizer> {
        let mut all = Vec::new();
        for optimizer in spec::Optimizer::choices() {
            all.push(optimizer);
            let mut json = serde_json::to_value(optimizer).unwrap();
            let fields = &mut json[optimizer.kind()];
            for (field, value) in [
                ("momentum", 0.5.into()),
                ("nesterov", true.into()),
                ("weight_decay", 0.01.into()),
            ] {
                if fields.get(field).is_some() {
                    fields[field] = value;
                }
            }
            all.push(serde_json::from_value(json).unwrap());
        }
        all
    }

    /// Trains on made-up images from step `from` to step `to`.
    fn train(model: &mut Model, optimizer: &mut Optimizer, from: u64, to: u64) {
        for step in from..to {
            let value = |index: usize| ((index as u64 * 7 + step * 13) % 11) as f32 / 11.0;
            let pixels: Vec<f32> = (0..8 * 784).map(value).collect();
            let labels = [0, 1, 2, 3, 4, 5, 6, 7];
            model
                .train_step(&pixels, &labels, optimizer, 0.01, step)
                .unwrap();
        }
    }

    #[test]
    fn every_optimiser_goes_on_as_if_never_interrupted() {
        for optimizer in optimizers() {
            let mut spec = preset("tiny").unwrap().into_spec();
            spec.optimizer = optimizer;
            let mut model = Model::new(&spec.check().unwrap()).unwrap();
            let mut optimizer = Optimizer::new(spec.optimizer);
            train(&mut model, &mut optimizer, 0, 3);

            let mut other = Model::new(&spec.check().unwrap()).unwrap();
            other.load_state(&model.network().state()).unwrap();
            let mut resumed = Optimizer::new(spec.optimizer);
            let state = optimizer.state(model.network());
            resumed.restore(other.network(), &state).unwrap();

            train(&mut model, &mut optimizer, 3, 6);
            train(&mut other, &mut resumed, 3, 6);
            assert_eq!(
                model.network().state(),
                other.network().state(),
                "{:?}",
                spec.optimizer
            );
        }
    }

    #[test]
    fn a_state_of_another_kind_or_network_is_refused() {
        let mut spec = preset("tiny").unwrap().into_spec();
        let model = Model::new(&spec.check().unwrap()).unwrap();
        let mut adam = Optimizer::new(spec.optimizer);
        let state = adam.state(model.network());
        let sgd: spec::Optimizer = serde_json::from_str(r#"{"Sgd": {}}"#).unwrap();
        assert!(
            Optimizer::new(sgd)
                .restore(model.network(), &state)
                .is_err()
        );
        spec.layers.remove(0);
        let other = Model::new(&spec.check().unwrap()).unwrap();
        assert!(adam.restore(other.network(), &state).is_err());
        let mut wrong = state.clone();
        wrong.memories[1][0].shape = vec![1];
        let error = adam.restore(model.network(), &wrong).unwrap_err();
        assert!(error.to_string().contains("0.weight"), "{error}");
    }
}
