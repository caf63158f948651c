//! The fused op against its layers, each as an op of its own.

use super::{Layers, NormActPoolDropout};
use crate::nn::layers::window::Window;
use crate::nn::layers::{
    Activation, BatchNorm, Dropout, MaxPool2d, Op, Partial, Pass, Place, Saved, Scratch,
};
use crate::nn::parameter::Parameter;
use crate::simd::available;
use crate::simd::buffer::Buffer;
use crate::simd::testing::{Sum, assert_close, random};
use crate::spec::ActivationFunction;

/// How many images go through at a time.
const CALLS: [usize; 3] = [1, 2, 1];
const IMAGES: usize = 4;

const TRAIN: Pass = Pass::Train { seed: 7, step: 3 };

/// Which layers stand around the pooling of which images.
#[derive(Clone, Copy, Debug)]
struct Case {
    height: usize,
    width: usize,
    channels: usize,
    norm: bool,
    activation: Option<ActivationFunction>,
    dropout: Option<f64>,
}

impl Case {
    fn all() -> Vec<Self> {
        let mut cases = Vec::new();
        let sizes = [[2, 2], [4, 6], [5, 4], [4, 7], [7, 5]];
        for ([height, width], channels) in sizes
            .into_iter()
            .flat_map(|size| [1, 5, 16, 40].map(|channels| (size, channels)))
        {
            for norm in [false, true] {
                for activation in [
                    None,
                    Some(ActivationFunction::ReLU),
                    Some(ActivationFunction::LeakyReLU { slope: 0.25 }),
                    Some(ActivationFunction::Tanh),
                    Some(ActivationFunction::Sigmoid),
                    Some(ActivationFunction::ELU { alpha: 0.5 }),
                    Some(ActivationFunction::GELU),
                    Some(ActivationFunction::SiLU),
                ] {
                    for dropout in [None, Some(0.4)] {
                        cases.push(Self {
                            height,
                            width,
                            channels,
                            norm,
                            activation,
                            dropout,
                        });
                    }
                }
            }
        }
        cases
    }

    /// Whether the derivative follows from the sign: without rounding.
    fn is_piecewise_linear(&self) -> bool {
        use ActivationFunction::{LeakyReLU, ReLU};
        matches!(self.activation, None | Some(ReLU | LeakyReLU { .. }))
    }

    fn window(&self) -> Window {
        Window {
            channels: self.channels,
            height: self.height,
            width: self.width,
            out_height: self.height / 2,
            out_width: self.width / 2,
            kernel_size: 2,
            stride: 2,
            padding: 0,
        }
    }

    fn input_len(&self) -> usize {
        self.channels * self.window().area()
    }

    fn output_len(&self) -> usize {
        self.channels * self.window().out_area()
    }

    fn layers(&self) -> Layers {
        let area = self.window().area();
        Layers {
            norm: self.norm.then(|| {
                let mut norm = BatchNorm::new(self.channels, area, 1e-3, 0.1);
                norm.allocate();
                // Some scales are negative: the smallest value is the largest then.
                let parameters = [1, 2].map(|seed| Parameter::of(&random(self.channels, seed)));
                norm.prepare(&parameters, Pass::Evaluate);
                Box::new(norm)
            }),
            activation: self
                .activation
                .map(|function| Activation::new(function, self.input_len())),
            pool: MaxPool2d::new(self.window()),
            dropout: self.dropout.map(|p| Dropout::new(self.output_len(), p, 5)),
        }
    }

    /// Each layer as an op of its own.
    fn ops(&self) -> Vec<Box<dyn Op>> {
        let Layers {
            norm,
            activation,
            pool,
            dropout,
        } = self.layers();
        [
            norm.map(|op| op as Box<dyn Op>),
            activation.map(|op| Box::new(op) as Box<dyn Op>),
            Some(Box::new(pool)),
            dropout.map(|op| Box::new(op) as Box<dyn Op>),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    /// The fused op on every instruction set.
    fn fused(&self) -> Vec<NormActPoolDropout> {
        let on = |arch| {
            let mut op = NormActPoolDropout::new(self.layers());
            op.arch = arch;
            op
        };
        available().into_iter().map(on).collect()
    }
}

/// What some ops made of a batch.
struct Run {
    y: Vec<f32>,
    dx: Vec<f32>,
    /// The gradient that came to each op.
    upstream: Vec<Vec<f32>>,
    /// Gradients of the batch norm's γ and β.
    gradients: Vec<Vec<f32>>,
}

/// The images of each call: the position of the first, and how many.
fn calls() -> impl DoubleEndedIterator<Item = (usize, usize)> {
    (0..CALLS.len()).map(|call| (CALLS[..call].iter().sum(), CALLS[call]))
}

/// What a batch norm gathers over the batch with `observe`, call by call.
fn gathered(op: &dyn Op, observe: impl Fn(usize, usize, &mut [f32])) -> Vec<Vec<f32>> {
    let sums = calls().map(|(first, images)| {
        let mut sums = vec![f32::NAN; op.statistics_len()];
        observe(first, images, &mut sums);
        sums
    });
    sums.collect()
}

fn partials(sums: &[Vec<f32>]) -> Vec<Partial<'_>> {
    let partials = CALLS.into_iter().zip(sums);
    partials
        .map(|(images, sums)| Partial { images, sums })
        .collect()
}

/// The ops one after the other on the whole batch, forwards and, in training, back.
fn run(mut ops: Vec<&mut dyn Op>, x: &[f32], dy: &[f32], pass: Pass) -> Run {
    let scratch = &mut Scratch::default();
    let mut values = vec![x.to_vec()];
    let mut notes: Vec<Vec<u8>> = Vec::new();
    for op in &mut ops {
        let (input_len, output_len, notes_len) = (op.input_len(), op.output_len(), op.notes_len());
        let x = &values[values.len() - 1];
        if pass == Pass::Evaluate {
            op.use_running_statistics();
        } else if op.statistics_len() > 0 {
            let sums = gathered(&**op, |first, images, sums| {
                op.observe(&x[first * input_len..][..images * input_len], sums);
            });
            op.conclude(&partials(&sums));
        }
        let mut y = vec![f32::NAN; IMAGES * output_len];
        let mut noted = vec![0xff; IMAGES * notes_len];
        for (image, images) in calls() {
            op.forward(
                Place {
                    pass,
                    image,
                    parameters: &[],
                },
                &x[image * input_len..][..images * input_len],
                &mut y[image * output_len..][..images * output_len],
                &mut noted[image * notes_len..][..images * notes_len],
                scratch,
            );
        }
        values.push(y);
        notes.push(noted);
    }
    let mut found = Run {
        y: values[ops.len()].clone(),
        dx: dy.to_vec(),
        upstream: Vec::new(),
        gradients: Vec::new(),
    };
    if pass == Pass::Evaluate {
        return found;
    }
    for (k, op) in ops.iter_mut().enumerate().rev() {
        let (input_len, output_len, notes_len) = (op.input_len(), op.output_len(), op.notes_len());
        let dy = std::mem::replace(&mut found.dx, vec![f32::NAN; IMAGES * input_len]);
        let (needs_input, needs_output) = (op.needs_input(), op.needs_output());
        let saved = |first: usize, images: usize| {
            let x = &values[k][first * input_len..][..images * input_len];
            let y = &values[k + 1][first * output_len..][..images * output_len];
            Saved {
                x: if needs_input { x } else { &[] },
                y: if needs_output { y } else { &[] },
                notes: &notes[k][first * notes_len..][..images * notes_len],
                dy: &dy[first * output_len..][..images * output_len],
            }
        };
        if op.statistics_len() > 0 {
            let sums = gathered(&**op, |first, images, sums| {
                op.observe_gradient(saved(first, images), sums);
            });
            let lens = op.gradient_lens();
            let mut gradients: Vec<_> = lens.into_iter().map(Buffer::zeros).collect();
            op.conclude_gradient(&partials(&sums), &mut gradients);
            found.gradients = gradients.iter().map(|values| values.to_vec()).collect();
        }
        for (image, images) in calls() {
            let dx = &mut found.dx[image * input_len..][..images * input_len];
            let place = Place {
                pass,
                image,
                parameters: &[],
            };
            op.backward(place, saved(image, images), Some(dx), scratch, &mut []);
        }
        found.upstream.insert(0, dy);
    }
    found
}

fn run_layers(case: &Case, x: &[f32], dy: &[f32], pass: Pass) -> Run {
    let mut layers = case.ops();
    let ops = layers.iter_mut().map(|op| &mut **op as &mut dyn Op);
    run(ops.collect(), x, dy, pass)
}

/// γ's and β's gradient from the gradient `g` at the batch norm's output, by the definition.
fn norm_gradients(case: &Case, x: &[f32], g: &[f32]) -> [Vec<Sum>; 2] {
    let channels = case.channels;
    let of_channel = |values: &[f32], channel: usize| -> Vec<f64> {
        let values = values[channel..].iter().step_by(channels);
        values.copied().map(f64::from).collect()
    };
    let (mut weight, mut bias) = (Vec::new(), Vec::new());
    for channel in 0..channels {
        let (x, g) = (of_channel(x, channel), of_channel(g, channel));
        let count = x.len() as f64;
        let mean = x.iter().sum::<f64>() / count;
        let variance = x.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / count;
        let mut sums = [Sum::default(); 2];
        for (x, g) in x.iter().zip(&g) {
            let products = [g * (x - mean) / (variance + 1e-3).sqrt(), *g];
            for (sum, value) in sums.iter_mut().zip(products) {
                let size = value.abs();
                *sum += Sum { value, size };
            }
        }
        weight.push(sums[0]);
        bias.push(sums[1]);
    }
    [weight, bias]
}

/// Equal up to the sign of zeros, NaN being equal to itself.
fn assert_same(found: &[f32], expected: &[f32], what: &str) {
    assert_eq!(found.len(), expected.len(), "{what}");
    for (at, (found, expected)) in found.iter().zip(expected).enumerate() {
        let same = found == expected || found.is_nan() && expected.is_nan();
        assert!(same, "{what}: value {at} is {found}, not {expected}");
    }
}

impl Case {
    /// Of the largest value: where the derivative is computed from a rounded output, or else only sums
    /// differ.
    fn tolerance(&self) -> f64 {
        match self.is_piecewise_linear() {
            true => 1e-6,
            false => 3e-6,
        }
    }
}

/// Compares the gradients of γ and β with the definition.
fn check_norm(case: &Case, x: &[f32], found: &Run, expected: &Run, what: &str) {
    let sums = norm_gradients(case, x, &expected.upstream[0]);
    for (name, sums, (found, expected)) in [
        ("γ", &sums[0], (&found.gradients[0], &expected.gradients[0])),
        ("β", &sums[1], (&found.gradients[1], &expected.gradients[1])),
    ] {
        assert_close(found, sums, case.tolerance(), format_args!("{what} {name}"));
        assert_close(
            expected,
            sums,
            1e-6,
            format_args!("{what} {name} of the layers"),
        );
    }
}

/// Compares both passes of the fused op with its layers, and both with the definition where sums are
/// added up in another order.
fn check(case: &Case, x: &[f32]) {
    let dy = random(IMAGES * case.output_len(), 2);
    let expected = run_layers(case, x, &dy, TRAIN);
    for mut op in case.fused() {
        let what = format!("{case:?} {:?}", op.arch);
        let found = run(vec![&mut op], x, &dy, TRAIN);
        assert_same(&found.y, &expected.y, &format!("{what} output"));
        if !case.norm && case.is_piecewise_linear() {
            assert!(found.gradients.is_empty());
            assert_same(&found.dx, &expected.dx, &format!("{what} input gradient"));
            continue;
        }
        if case.norm {
            check_norm(case, x, &found, &expected, &what);
        }
        let largest = expected
            .dx
            .iter()
            .fold(0.0_f32, |largest, dx| largest.max(dx.abs()));
        for (found, expected) in found.dx.iter().zip(&expected.dx) {
            let error = (found - expected).abs();
            assert!(
                f64::from(error) <= case.tolerance() * f64::from(largest),
                "{what} input gradient: {found}, not {expected}"
            );
        }
    }
}

#[test]
fn training_gives_what_the_layers_give() {
    for case in Case::all() {
        check(&case, &random(IMAGES * case.input_len(), 1));
    }
}

#[test]
fn of_equal_values_the_first_gets_the_gradient() {
    for case in Case::all() {
        let x = random(IMAGES * case.input_len(), 1);
        let x: Vec<f32> = x.iter().map(|value| (2.0 * value).round()).collect();
        check(&case, &x);
    }
}

#[test]
fn evaluation_gives_what_the_layers_give() {
    for case in Case::all() {
        let x = random(IMAGES * case.input_len(), 3);
        let expected = run_layers(&case, &x, &[], Pass::Evaluate);
        for mut op in case.fused() {
            let found = run(vec![&mut op], &x, &[], Pass::Evaluate);
            assert_same(&found.y, &expected.y, &format!("{case:?} {:?}", op.arch));
        }
    }
}

/// `values` with NaN in every place that `step` divides.
fn with_nan(mut values: Vec<f32>, step: usize) -> Vec<f32> {
    for value in values.iter_mut().step_by(step) {
        *value = f32::NAN;
    }
    values
}

#[test]
fn nan_wins_its_window_and_gets_the_gradient() {
    // Beside the largest value, a smooth activation alone would multiply 0 by the derivative at NaN.
    let cases = Case::all().into_iter();
    for case in cases.filter(|case| !case.norm && case.is_piecewise_linear()) {
        check(&case, &with_nan(random(IMAGES * case.input_len(), 1), 7));
    }
}

#[test]
fn nan_goes_back_to_one_pixel_of_its_window() {
    for case in Case::all().into_iter().filter(|case| !case.norm) {
        let x = random(IMAGES * case.input_len(), 1);
        let dy = with_nan(random(IMAGES * case.output_len(), 2), 11);
        let count = |run: &Run| run.dx.iter().filter(|value| value.is_nan()).count();
        let expected = run_layers(&case, &x, &dy, TRAIN);
        for mut op in case.fused() {
            let found = run(vec![&mut op], &x, &dy, TRAIN);
            assert_eq!(count(&found), count(&expected), "{case:?} {:?}", op.arch);
        }
    }
}

#[test]
fn every_layer_leaves_its_own_trace() {
    for case in Case::all() {
        let x = random(case.input_len(), 1);
        let mut expected = Vec::new();
        case.ops().into_iter().fold(x.clone(), |x, op| {
            op.trace(&[], &x, &mut Scratch::default(), &mut expected)
        });
        for op in case.fused() {
            let mut found = Vec::new();
            let y = op.trace(&[], &x, &mut Scratch::default(), &mut found);
            assert_eq!(found, expected, "{case:?}");
            assert_eq!(Some(&y), found.last(), "{case:?}");
        }
    }
}

#[test]
fn nan_is_seen_after_every_activation() {
    for case in Case::all().into_iter().filter(|case| !case.norm) {
        let x = with_nan(random(IMAGES * case.input_len(), 1), 7);
        let expected = run_layers(&case, &x, &[], Pass::Evaluate);
        for mut op in case.fused() {
            let found = run(vec![&mut op], &x, &[], Pass::Evaluate);
            assert_same(&found.y, &expected.y, &format!("{case:?} {:?}", op.arch));
        }
    }
}
