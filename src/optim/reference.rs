//! What tests hold the rules against: dfdx's own optimisers.

use super::rule::{Part, Rule, Step};
use crate::simd::testing::{bits, random};
use dfdx::prelude::*;

type Vector = Tensor<(usize,), f32, Cpu>;
type Values = <Cpu as Storage<f32>>::Vec;

/// Makes some steps with `rule` and with `update` (step, learning rate, values, state, gradient).
///
/// # Panics
/// If the values differ in a bit.
pub fn assert_same_bits(
    rule: &dyn Rule,
    update: impl Fn(i32, f64, &mut Vector, [&mut Values; 2], &Values),
) {
    const LEN: usize = 101;
    let device = Cpu::default();
    let mut values = random(LEN, 1);
    let mut state = [(); 2].map(|()| vec![0.0; LEN]);
    let mut tensor = device.tensor_from_vec(values.clone(), (LEN,));
    let mut stores = [(); 3].map(|()| Gradients::<f32, Cpu>::leaky());
    for number in 1..=20 {
        // Gradients of many sizes, some of them 0 of either sign.
        let mut gradient = random(LEN, 2 + number as u64);
        for (index, g) in gradient.iter_mut().enumerate() {
            *g *= [1e-6, 0.0, 1e-2, 1.0, -0.0, 100.0][index % 6];
        }
        let learning_rate = 0.1 / f64::from(number);
        let [first, second] = &mut state;
        let part = Part {
            values: &mut values,
            gradient: &gradient,
            state: [first, second],
        };
        let step = Step {
            number,
            learning_rate,
        };
        rule.update(step, part);

        let [first, second, store] = &mut stores;
        let entry = store.get_or_alloc_mut(&tensor).unwrap();
        entry.copy_from_slice(&gradient);
        let state = [first, second].map(|store| store.get_or_alloc_mut(&tensor).unwrap());
        update(number, learning_rate, &mut tensor, state, entry);
        assert_eq!(bits(&values), bits(&tensor.as_vec()), "step {number}");
    }
}
