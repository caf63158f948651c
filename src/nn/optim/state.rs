//! An optimiser's memory as plain tensors, to be saved and taken up again.

use super::Optimizer;
use crate::nn::io::state::{TensorData, TensorState};
use crate::nn::parameter::{GradientStore, Parameter};
use crate::nn::{Network, NnError};
use crate::spec;

/// What an optimiser remembers of the steps it has made.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OptimizerState {
    /// Steps made.
    pub steps: i32,
    /// For each kind of memory (velocity, first and second moment …), a tensor per parameter, named
    /// and shaped as it is.
    pub memories: Vec<Vec<TensorState>>,
}

impl Optimizer {
    /// Kinds of memory that this optimiser keeps per parameter.
    fn memories(&mut self) -> Vec<&mut GradientStore> {
        let Self {
            config,
            first,
            second,
            ..
        } = self;
        match config {
            spec::Optimizer::Sgd { momentum: 0.0, .. } => vec![],
            spec::Optimizer::Sgd { .. } | spec::Optimizer::AdaGrad { .. } => vec![first],
            spec::Optimizer::RmsProp { momentum: 0.0, .. } => vec![first],
            spec::Optimizer::Adam { .. }
            | spec::Optimizer::AdamW { .. }
            | spec::Optimizer::AdaDelta { .. }
            | spec::Optimizer::Muon(_)
            | spec::Optimizer::RmsProp { .. } => vec![first, second],
        }
    }

    /// A copy of what it remembers about the parameters of `network`.
    ///
    /// # Errors
    /// When memory runs out.
    pub fn state(&mut self, network: &Network) -> Result<OptimizerState, NnError> {
        let steps = self.steps;
        let memories = self
            .memories()
            .into_iter()
            .map(|memory| {
                let parameters = network.parameters().iter();
                let tensors = parameters.map(|parameter| copy(parameter, memory));
                tensors.collect::<Result<Vec<_>, NnError>>()
            })
            .collect::<Result<Vec<_>, _>>()?;
        Ok(OptimizerState { steps, memories })
    }

    /// Goes on from what another optimiser of the same kind remembered about the same network.
    ///
    /// # Errors
    /// When the state belongs to another optimiser or other layers; nothing is changed then.
    pub fn restore(&mut self, network: &Network, state: &OptimizerState) -> Result<(), NnError> {
        let parameters = network.parameters();
        let kinds = self.memories().len();
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
        for (own, memory) in self.memories().into_iter().zip(&state.memories) {
            for parameter in parameters {
                if let Some(values) = values(parameter, memory) {
                    parameter.tensor.entry(own)?.copy_from_slice(values);
                }
            }
        }
        self.steps = state.steps;
        Ok(())
    }
}

fn copy(parameter: &Parameter, memory: &mut GradientStore) -> Result<TensorState, NnError> {
    Ok(TensorState {
        name: parameter.name.clone(),
        shape: parameter.tensor.shape(),
        data: TensorData::F32(parameter.tensor.entry(memory)?.to_vec()),
    })
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
            parameter.tensor.shape(),
            parameter.name
        ))),
    }
}

/// What `memory` holds for a parameter.
fn values<'a>(parameter: &Parameter, memory: &'a [TensorState]) -> Option<&'a [f32]> {
    let tensor = memory.iter().find(|tensor| tensor.name == parameter.name)?;
    match &tensor.data {
        TensorData::F32(values)
            if tensor.shape == parameter.tensor.shape()
                && values.len() == parameter.tensor.elements() =>
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

    const OPTIMIZERS: [&str; 10] = [
        r#"{"Sgd": {}}"#,
        r#"{"Sgd": {"momentum": 0.9, "nesterov": true, "weight_decay": 0.001}}"#,
        r#"{"Adam": {}}"#,
        r#"{"AdamW": {}}"#,
        r#"{"AdaGrad": {}}"#,
        r#"{"AdaDelta": {}}"#,
        r#"{"RmsProp": {}}"#,
        r#"{"RmsProp": {"momentum": 0.5}}"#,
        r#"{"Muon": {}}"#,
        r#"{"Adam": {"weight_decay": 0.01}}"#,
    ];

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
        for json in OPTIMIZERS {
            let mut spec = preset("tiny").unwrap().into_spec();
            spec.optimizer = serde_json::from_str(json).unwrap();
            let mut model = Model::new(&spec.check().unwrap()).unwrap();
            let mut optimizer = Optimizer::new(spec.optimizer);
            train(&mut model, &mut optimizer, 0, 3);

            let mut other = Model::new(&spec.check().unwrap()).unwrap();
            other.load_state(&model.network().state()).unwrap();
            let mut resumed = Optimizer::new(spec.optimizer);
            let state = optimizer.state(model.network()).unwrap();
            resumed.restore(other.network(), &state).unwrap();

            train(&mut model, &mut optimizer, 3, 6);
            train(&mut other, &mut resumed, 3, 6);
            assert_eq!(model.network().state(), other.network().state(), "{json}");
        }
    }

    #[test]
    fn a_state_of_another_kind_or_network_is_refused() {
        let mut spec = preset("tiny").unwrap().into_spec();
        let model = Model::new(&spec.check().unwrap()).unwrap();
        let mut adam = Optimizer::new(spec.optimizer);
        let state = adam.state(model.network()).unwrap();
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
