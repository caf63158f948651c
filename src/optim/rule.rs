//! What an optimiser is: a rule that moves values along their gradients.

use super::hyperparameters::common_about;
use super::python::PythonOptimizer;
use crate::text::Limit;
use std::ops::RangeInclusive;

/// An optimiser's hyperparameters, and what it does with them.
///
/// A rule keeps up to two state values for each parameter value (velocity, first and second moment …).
pub trait Rule: Sync {
    /// The name as JSON spells it.
    fn name(&self) -> &'static str;

    /// The main hyperparameters for people.
    fn details(&self) -> String;

    /// The learning rates that are usual with it, for networks of the sizes that are trained here.
    fn usual_learning_rates(&self) -> RangeInclusive<f64>;

    /// The values that a hyperparameter may have; none for a field that is not a number.
    fn limit(&self, field: &str) -> Option<Limit>;

    /// What a hyperparameter does, in a few words, where its name alone does not say it.
    fn about(&self, field: &str) -> Option<&'static str> {
        common_about(field)
    }

    /// The rule as Python code.
    fn python(&self) -> PythonOptimizer;

    /// State values for each parameter value, 0 to 2.
    fn state_len(&self) -> usize;

    /// Moves values. Each is computed from its own gradient and state alone, so that threads may
    /// share a parameter out.
    fn update(&self, step: Step, part: Part<'_>);

    /// The rule for the whole parameter `index` of those with these shapes, if it is not
    /// [`update`](Self::update).
    fn matrix_rule(&self, _index: usize, _shapes: &[&[usize]]) -> Option<Box<dyn MatrixRule>> {
        None
    }

    /// Bytes that the matrix rules keep beside the state, for each of these weights `(rows, columns)`
    /// in the order of the layers.
    fn matrix_rule_bytes(&self, weights: &[(usize, usize)]) -> Vec<u64> {
        vec![0; weights.len()]
    }
}

/// A rule that moves a weight matrix as a whole, with the buffers it works in. It keeps one state value
/// for each value of the matrix.
pub trait MatrixRule: Send {
    /// Moves all values of the matrix; `part` is all of it.
    fn update(&mut self, step: Step, part: Part<'_>);
}

/// A step of the optimiser.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// Steps made so far, this one included.
    pub number: i32,
    /// The learning rate.
    pub learning_rate: f64,
}

/// Some values of one parameter.
#[derive(Debug)]
pub struct Part<'a> {
    /// The values.
    pub values: &'a mut [f32],
    /// The gradient of the loss by each of them.
    pub gradient: &'a [f32],
    /// The state of each of them; empty where the rule keeps less.
    pub state: [&'a mut [f32]; 2],
}
