//! The fused op against its layers, each as an op of its own.

use super::{Layers, NormActDropout};
use crate::nn::layers::{Activation, BatchNorm, Dropout, Op, Partial, Pass, Place, Saved, Scratch};
use crate::nn::parameter::Parameter;
use crate::simd::available;
use crate::simd::buffer::Buffer;
use crate::simd::testing::random;
use crate::spec::ActivationFunction;

const IMAGES: usize = 3;
const AREA: usize = 6;
const EPS: f64 = 1e-3;
const PLACE: Place = Place {
    pass: Pass::Train { seed: 7, step: 3 },
    image: 2,
    parameters: &[],
};

/// Which layers stand around an activation.
#[derive(Clone, Copy, Debug)]
struct Case {
    channels: usize,
    norm: bool,
    function: ActivationFunction,
    dropout: Option<f64>,
}

impl Case {
    fn all() -> Vec<Self> {
        let mut cases = Vec::new();
        for channels in [1, 5, 16, 40] {
            for function in ActivationFunction::choices() {
                for (norm, dropout) in [(true, None), (true, Some(0.4)), (false, Some(0.4))] {
                    cases.push(Self {
                        channels,
                        norm,
                        function,
                        dropout,
                    });
                }
            }
        }
        cases
    }

    fn len(&self) -> usize {
        self.channels * AREA
    }

    fn layers(&self) -> Layers {
        Layers {
            norm: self.norm.then(|| {
                let mut norm = BatchNorm::new(self.channels, AREA, EPS, 0.1);
                norm.allocate();
                let parameters = [1, 2].map(|seed| Parameter::of(&random(self.channels, seed)));
                norm.prepare(&parameters, Pass::Evaluate);
                Box::new(norm)
            }),
            activation: Activation::new(self.function, self.len()),
            dropout: self.dropout.map(|p| Dropout::new(self.len(), p, 5)),
        }
    }
}

/// Both passes of an op.
struct Run {
    y: Vec<f32>,
    dx: Vec<f32>,
    /// Gradients of γ and β.
    gradients: Vec<Vec<f32>>,
}

fn run(op: &mut dyn Op, x: &[f32], dy: impl FnOnce(&[f32]) -> Vec<f32>) -> Run {
    let mut sums = vec![f32::NAN; op.statistics_len()];
    let images = IMAGES;
    if !sums.is_empty() {
        op.observe(x, &mut sums);
        op.conclude(&[Partial {
            images,
            sums: &sums,
        }]);
    }
    let scratch = &mut Scratch::default();
    let (mut y, mut dx) = (vec![f32::NAN; x.len()], vec![f32::NAN; x.len()]);
    op.forward(PLACE, x, &mut y, &mut [], scratch);
    let dy = dy(&y);
    let saved = Saved {
        x: if op.needs_input() { x } else { &[] },
        y: if op.needs_output() { &y } else { &[] },
        notes: &[],
        dy: &dy,
    };
    let lens = op.gradient_lens();
    let mut gradients: Vec<_> = lens.into_iter().map(Buffer::zeros).collect();
    if !sums.is_empty() {
        op.observe_gradient(saved, &mut sums);
        let partial = Partial {
            images,
            sums: &sums,
        };
        op.conclude_gradient(&[partial], &mut gradients);
    }
    op.backward(PLACE, saved, Some(&mut dx), scratch, &mut []);
    Run {
        y,
        dx,
        gradients: gradients.iter().map(|values| values.to_vec()).collect(),
    }
}

/// The layers one after the other: what goes back is what `dy` makes of the last output.
fn run_layers(case: &Case, x: &[f32], dy: &[f32]) -> Run {
    let Layers {
        norm,
        mut activation,
        mut dropout,
    } = case.layers();
    let mut after = |x: &[f32]| {
        let mut output = Vec::new();
        let activated = run(&mut activation, x, |y| match &mut dropout {
            None => {
                output = y.to_vec();
                dy.to_vec()
            }
            Some(dropout) => {
                let run = run(dropout, y, |_| dy.to_vec());
                output = run.y;
                run.dx
            }
        });
        (output, activated.dx)
    };
    match norm {
        None => {
            let (y, dx) = after(x);
            Run {
                y,
                dx,
                gradients: Vec::new(),
            }
        }
        Some(mut norm) => {
            let mut output = Vec::new();
            let run = run(&mut *norm, x, |normalized| {
                let (y, gradient) = after(normalized);
                output = y;
                gradient
            });
            Run { y: output, ..run }
        }
    }
}

fn assert_near(found: &[f32], expected: &[f32], what: &str) {
    assert_eq!(found.len(), expected.len(), "{what}");
    let largest = expected.iter().fold(1e-3_f32, |a, b| a.max(b.abs()));
    for (at, (found, expected)) in found.iter().zip(expected).enumerate() {
        let error = (found - expected).abs();
        assert!(
            error <= 3e-6 * largest,
            "{what}: value {at} is {found}, not {expected}"
        );
    }
}

fn check(case: &Case, x: &[f32]) {
    let dy = random(x.len(), 9);
    let expected = run_layers(case, x, &dy);
    for arch in available() {
        let mut op = NormActDropout::new(case.layers());
        op.arch = arch;
        let what = format!("{case:?} {arch:?}");
        let found = run(&mut op, x, |_| dy.clone());
        assert_eq!(found.y, expected.y, "{what}");
        assert_near(&found.dx, &expected.dx, &format!("{what} input"));
        for (found, expected) in found.gradients.iter().zip(&expected.gradients) {
            assert_near(found, expected, &format!("{what} parameter"));
        }
    }
}

#[test]
fn training_gives_what_the_layers_give() {
    for case in Case::all() {
        check(&case, &random(IMAGES * case.len(), 1));
    }
}

#[test]
fn a_value_of_zero_is_not_taken_for_a_dropped_one() {
    for case in Case::all().into_iter().filter(|case| !case.norm) {
        let zeros = [0.0, -0.0, 1.0];
        let x = (0..IMAGES * case.len()).map(|k| zeros[k % 3]);
        check(&case, &x.collect::<Vec<_>>());
    }
}

#[test]
fn evaluation_drops_nothing_and_nan_is_seen() {
    for case in Case::all().into_iter().filter(|case| !case.norm) {
        let mut x = random(case.len(), 1);
        x[case.len() / 2] = f32::NAN;
        let scratch = &mut Scratch::default();
        let expected = case.layers().activation.evaluate_one(&[], &x, scratch);
        for arch in available() {
            let mut op = NormActDropout::new(case.layers());
            op.arch = arch;
            let found = op.evaluate_one(&[], &x, scratch);
            for (found, expected) in found.iter().zip(&expected) {
                assert!(
                    found == expected || found.is_nan() && expected.is_nan(),
                    "{case:?}"
                );
            }
            assert!(found[case.len() / 2].is_nan(), "{case:?}");
        }
    }
}

#[test]
fn every_layer_leaves_its_own_trace() {
    for case in Case::all() {
        let op = NormActDropout::new(case.layers());
        let mut outputs = Vec::new();
        let y = op.trace(
            &[],
            &random(case.len(), 1),
            &mut Scratch::default(),
            &mut outputs,
        );
        let layers = 1 + usize::from(case.norm) + usize::from(case.dropout.is_some());
        assert_eq!(outputs.len(), layers, "{case:?}");
        assert_eq!(outputs.last(), Some(&y), "{case:?}");
    }
}
