//! An optimiser at work on the parameters of a network: its rule, with the state it keeps.

use super::Optimizer;
use super::rule::{MatrixRule, Part, Step};
use crate::parallel::Region;
use crate::simd::buffer::Buffer;
use rayon::prelude::*;

/// Values that a thread updates at a time, at most.
const VALUES_AT_ONCE: usize = 1 << 15;

/// A parameter that a step changes.
pub struct Trainable<'a> {
    /// Its dimensions.
    pub shape: &'a [usize],
    /// Its values, row after row.
    pub values: &'a mut [f32],
    /// The gradient of the loss by each of them.
    pub gradient: &'a [f32],
    /// Whether the step changes it at all.
    pub learns: bool,
}

/// An optimiser with its state: up to two values for each parameter value, and the number of steps.
///
/// Parameters are told apart by their place: every step must be given the same ones in the same order.
pub struct Updater {
    optimizer: Optimizer,
    steps: i32,
    /// One for each parameter; none before the first step.
    parameters: Vec<ParameterState>,
}

/// What is kept for one parameter.
struct ParameterState {
    /// Empty where the rule keeps less.
    values: [Buffer; 2],
    matrix_rule: Option<Box<dyn MatrixRule>>,
}

impl Updater {
    /// An optimiser before its first step.
    pub fn new(optimizer: Optimizer) -> Self {
        Self {
            optimizer,
            steps: 0,
            parameters: Vec::new(),
        }
    }

    /// Moves every parameter along its gradient.
    pub fn step(&mut self, parameters: Vec<Trainable<'_>>, learning_rate: f64) {
        let shapes: Vec<&[usize]> = parameters.iter().map(|one| one.shape).collect();
        self.prepare(&shapes);
        self.steps = self.steps.saturating_add(1);
        let step = Step {
            number: self.steps,
            learning_rate,
        };
        let (mut parts, mut matrices) = (Vec::new(), Vec::new());
        let pairs = parameters.into_iter().zip(&mut self.parameters);
        for (parameter, state) in pairs.filter(|(parameter, _)| parameter.learns) {
            let [first, second] = &mut state.values;
            let part = Part {
                values: parameter.values,
                gradient: parameter.gradient,
                state: [first, second],
            };
            match &mut state.matrix_rule {
                Some(rule) => matrices.push((rule, part)),
                None => cut(part, &mut parts),
            }
        }
        let rule = self.optimizer.rule();
        let values: usize = parts.iter().map(|part| part.values.len()).sum();
        let region = Region::begin();
        let update_part = |part: Part<'_>| region.task(|| rule.update(step, part));
        let update_parts = || {
            if values <= VALUES_AT_ONCE {
                // Not worth waking another thread for.
                parts.into_iter().for_each(update_part);
            } else {
                parts.into_par_iter().for_each(update_part);
            }
        };
        if matrices.is_empty() {
            return update_parts();
        }
        let update_matrices = || {
            let matrices = matrices.into_par_iter().with_max_len(1);
            matrices.for_each(|(rule, part)| region.task(|| rule.update(step, part)));
        };
        rayon::join(update_matrices, update_parts);
    }

    /// Makes room for the state of parameters with these shapes, zeros, unless it is there.
    pub fn prepare(&mut self, shapes: &[&[usize]]) {
        if self.parameters.len() == shapes.len() {
            return;
        }
        let rule = self.optimizer.rule();
        let state = |(index, shape): (usize, &&[usize])| {
            let matrix_rule = rule.matrix_rule(index, shapes);
            let kept = match matrix_rule {
                Some(_) => 1,
                None => rule.state_len(),
            };
            let elements: usize = shape.iter().product();
            let values = [0, 1].map(|slot| Buffer::zeros(if slot < kept { elements } else { 0 }));
            ParameterState {
                values,
                matrix_rule,
            }
        };
        self.parameters = shapes.iter().enumerate().map(state).collect();
    }

    /// Steps made.
    pub fn steps(&self) -> i32 {
        self.steps
    }

    /// Continues as after `steps` steps.
    pub fn set_steps(&mut self, steps: i32) {
        self.steps = steps;
    }

    /// State values that a saved state has for each parameter value.
    pub fn state_len(&self) -> usize {
        self.optimizer.rule().state_len()
    }

    /// State number `slot` of the parameter `index`; nothing where it is all zeros because it is not
    /// kept, or because no step was made.
    pub fn state(&self, slot: usize, index: usize) -> &[f32] {
        self.parameters
            .get(index)
            .map_or(&[], |state| &state.values[slot])
    }

    /// The same, to be changed.
    pub fn state_mut(&mut self, slot: usize, index: usize) -> &mut [f32] {
        match self.parameters.get_mut(index) {
            Some(state) => &mut state.values[slot],
            None => &mut [],
        }
    }
}

/// Cuts a parameter into parts for the threads, about equally long.
fn cut<'a>(mut part: Part<'a>, parts: &mut Vec<Part<'a>>) {
    let count = part.values.len().div_ceil(VALUES_AT_ONCE).max(1);
    let at_once = part.values.len().div_ceil(count);
    while part.values.len() > at_once {
        let (values, other_values) = part.values.split_at_mut(at_once);
        let (gradient, other_gradient) = part.gradient.split_at(at_once);
        let [(first, other_first), (second, other_second)] = part.state.map(|state| {
            let len = at_once.min(state.len());
            state.split_at_mut(len)
        });
        parts.push(Part {
            values,
            gradient,
            state: [first, second],
        });
        part = Part {
            values: other_values,
            gradient: other_gradient,
            state: [other_first, other_second],
        };
    }
    parts.push(part);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::testing::{bits, random};

    /// The values of two parameters after a few steps.
    fn trained(optimizer: Optimizer, threads: usize) -> Vec<u32> {
        const LONG: usize = 3 * VALUES_AT_ONCE + 5;
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
        let mut updater = Updater::new(optimizer);
        let mut parameters = [random(LONG, 1), random(3, 2)];
        pool.build().unwrap().install(|| {
            for seed in 0..3 {
                let gradients = [random(LONG, 10 + seed), random(3, 20 + seed)];
                let trainables = parameters.iter_mut().zip(&gradients);
                let trainables = trainables.map(|(values, gradient)| Trainable {
                    shape: if values.len() == 3 { &[3] } else { &[LONG] },
                    values,
                    gradient,
                    learns: true,
                });
                updater.step(trainables.collect(), 0.01);
            }
        });
        bits(&parameters.concat())
    }

    #[test]
    fn the_number_of_threads_changes_no_bit() {
        for optimizer in Optimizer::choices() {
            assert_eq!(
                trained(optimizer, 1),
                trained(optimizer, 3),
                "{optimizer:?}"
            );
        }
    }
}
