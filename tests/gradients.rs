//! Every op's gradients against finite differences, and the same numbers whoever computes them.

#![allow(
    clippy::unwrap_used,
    reason = "a test may panic; the configured exception covers only functions marked as tests"
)]

use dfdx::prelude::*;
use fmnist_tui::nn::{Model, Network, Optimizer, Pass, TensorData};
use fmnist_tui::spec::{
    ActivationFunction, CheckedSpec, Initializer, Input, Layer, infer_layers, preset,
};

const PASS: Pass = Pass::Train { seed: 3, step: 5 };

/// Numbers between -1 and 1 that repeat late and are never equal to their neighbours.
fn numbers(count: usize, salt: usize) -> Vec<f32> {
    (0..count)
        .map(|index| (((index * 7919 + salt * 104_729) % 2003) as f32 / 1001.5) - 1.0)
        .collect()
}

struct Case {
    network: Network,
    pixels: Vec<f32>,
    weights: Vec<f32>,
}

impl Case {
    fn new(layers: &[Layer], input: Input, batch: usize) -> Self {
        let rows = infer_layers(layers, input).unwrap();
        let mut network =
            Network::new(layers, &rows, Initializer::HeNormal { gain: 1.0 }, 2, true).unwrap();
        let mut state = network.state();
        for (salt, tensor) in state.iter_mut().enumerate() {
            // Biases and scales start at 0 and 1, where mistakes could hide.
            if let (1, TensorData::F32(values)) = (tensor.shape.len(), &mut tensor.data) {
                let shift = numbers(values.len(), salt);
                for (value, shift) in values.iter_mut().zip(shift) {
                    *value += 0.3 * shift;
                }
            }
        }
        network.load_state(&state).unwrap();
        let pixels = numbers(batch * input.channels * input.height * input.width, 1);
        let weights = numbers(batch * network.output_len(), 2);
        Self {
            network,
            pixels,
            weights,
        }
    }

    /// Σ weights · output, in double precision.
    fn objective(&self, pixels: &[f32]) -> f64 {
        let y = self.network.forward(pixels, PASS).unwrap().as_vec();
        y.iter()
            .zip(&self.weights)
            .map(|(y, w)| f64::from(y * w))
            .sum()
    }

    fn check(mut self, what: &str) {
        let y = self.network.forward(&self.pixels, PASS).unwrap();
        let weights = Cpu::default().tensor_from_vec(self.weights.clone(), *y.shape());
        (y * weights).sum::<Rank0, _>().backward();
        let dx = self.network.input_gradient();
        let step = 1e-2_f32;
        let compare = |name: &str, index: usize, up: f64, down: f64, analytic: f32| {
            let numeric = (up - down) / f64::from(2.0 * step);
            let error = (numeric - f64::from(analytic)).abs();
            assert!(
                error <= 2e-2 * numeric.abs().max(0.3),
                "{what} {name}[{index}]: {analytic} by backward, {numeric} by differences"
            );
        };
        for index in (0..self.pixels.len()).step_by(self.pixels.len().div_ceil(24)) {
            let mut pixels = self.pixels.clone();
            pixels[index] += step;
            let up = self.objective(&pixels);
            pixels[index] -= 2.0 * step;
            compare("input", index, up, self.objective(&pixels), dx[index]);
        }
        for k in 0..self.network.parameters().len() {
            let parameter = &self.network.parameters()[k];
            let name = parameter.name.clone();
            let gradient = self.network.gradients().lock()[k].to_vec();
            let original = parameter.values.to_vec();
            for index in (0..original.len()).step_by(original.len().div_ceil(12)) {
                let mut at = |offset: f32| {
                    let mut values = original.clone();
                    values[index] += offset;
                    self.network.parameters_mut()[k].values.copy_from(&values);
                    self.objective(&self.pixels)
                };
                let (up, down) = (at(step), at(-step));
                self.network.parameters_mut()[k].values.copy_from(&original);
                compare(&name, index, up, down, gradient[index]);
            }
        }
    }
}

fn image(channels: usize, height: usize, width: usize) -> Input {
    Input {
        channels,
        height,
        width,
    }
}

fn conv(out_channels: usize, kernel_size: usize, stride: usize, padding: usize) -> Layer {
    Layer::Conv2d {
        out_channels,
        kernel_size,
        stride,
        padding,
    }
}

const BATCH_NORM: Layer = Layer::BatchNorm {
    eps: 1e-3,
    momentum: 0.1,
};

#[test]
fn convolution() {
    Case::new(&[conv(4, 3, 1, 1)], image(2, 6, 5), 3).check("3×3");
    Case::new(&[conv(5, 3, 2, 0)], image(3, 7, 8), 2).check("stride 2");
    Case::new(&[conv(2, 5, 3, 2)], image(1, 9, 7), 1).check("5×5, stride 3");
    Case::new(&[conv(6, 1, 1, 0)], image(3, 4, 4), 2).check("1×1");
}

#[test]
fn depthwise_convolution() {
    let depthwise = |kernel_size, stride, padding| Layer::DepthwiseConv2d {
        kernel_size,
        stride,
        padding,
    };
    Case::new(&[depthwise(3, 1, 1)], image(2, 6, 5), 3).check("depthwise 3×3");
    Case::new(&[depthwise(3, 2, 0)], image(3, 7, 8), 2).check("depthwise, stride 2");
    Case::new(&[depthwise(5, 3, 2)], image(4, 9, 7), 1).check("depthwise 5×5, stride 3");
    // Windows that see nothing but padding.
    Case::new(&[depthwise(2, 1, 3)], image(1, 4, 4), 2).check("depthwise, much padding");
    let separable = [conv(34, 1, 1, 0), depthwise(3, 1, 1), conv(4, 1, 1, 0)];
    Case::new(&separable, image(2, 5, 6), 2).check("separable");
}

#[test]
fn pooling() {
    let (kernel_size, stride, padding) = (3, 2, 1);
    let max = Layer::MaxPool2d {
        kernel_size,
        stride,
        padding,
    };
    let average = Layer::AvgPool2d {
        kernel_size,
        stride,
        padding,
    };
    Case::new(&[max], image(2, 7, 6), 2).check("max");
    Case::new(&[average], image(2, 7, 6), 2).check("average");
    Case::new(&[Layer::GlobalAvgPool], image(3, 5, 4), 2).check("global average");
}

#[test]
fn batch_norm() {
    Case::new(&[BATCH_NORM], image(3, 5, 4), 4).check("after convolution");
    let dense = [Layer::Flatten, Layer::Dense { units: 6 }, BATCH_NORM];
    Case::new(&dense, image(1, 4, 3), 8).check("after dense");
}

#[test]
fn activations() {
    for function in [
        ActivationFunction::ReLU,
        ActivationFunction::LeakyReLU { slope: 0.2 },
        ActivationFunction::ELU { alpha: 0.8 },
        ActivationFunction::GELU,
        ActivationFunction::SiLU,
        ActivationFunction::Tanh,
        ActivationFunction::Sigmoid,
    ] {
        Case::new(&[Layer::Activation(function)], image(1, 4, 5), 2).check(&function.to_string());
    }
}

#[test]
fn dropout_dense_and_flatten() {
    let layers = [
        conv(3, 3, 1, 1),
        Layer::Dropout { p: 0.4 },
        Layer::Flatten,
        Layer::Dropout { p: 0.2 },
        Layer::Dense { units: 5 },
    ];
    Case::new(&layers, image(1, 5, 5), 3).check("dropout");
}

#[test]
fn residual_stacks() {
    let tanh = Layer::Activation(ActivationFunction::Tanh);
    let layers = [
        conv(4, 3, 1, 1),
        tanh.clone(),
        conv(4, 3, 1, 1),
        BATCH_NORM,
        Layer::Residual { span: 3 },
        tanh.clone(),
        conv(6, 3, 2, 1),
        BATCH_NORM,
        Layer::Dropout { p: 0.3 },
        Layer::Residual { span: 9 },
        Layer::Residual { span: 4 },
    ];
    Case::new(&layers, image(2, 7, 6), 3).check("residual");
}

#[test]
fn residual_stacks_of_convolutions_that_take_the_whole_batch() {
    let layers = [
        conv(96, 3, 1, 1),
        conv(96, 3, 1, 1),
        BATCH_NORM,
        Layer::Residual { span: 2 },
        Layer::Activation(ActivationFunction::SiLU),
        conv(96, 3, 1, 1),
        Layer::Residual { span: 1 },
        conv(80, 5, 1, 2),
        Layer::Residual { span: 3 },
        Layer::Flatten,
        Layer::Dense { units: 3 },
    ];
    Case::new(&layers, image(1, 4, 5), 3).check("residual");
}

#[test]
fn a_whole_network() {
    let layers = [
        conv(4, 3, 1, 1),
        BATCH_NORM,
        Layer::Activation(ActivationFunction::SiLU),
        Layer::AvgPool2d {
            kernel_size: 2,
            stride: 2,
            padding: 0,
        },
        conv(5, 3, 1, 1),
        BATCH_NORM,
        Layer::Activation(ActivationFunction::Tanh),
        Layer::Flatten,
        Layer::Dense { units: 6 },
        BATCH_NORM,
        Layer::Activation(ActivationFunction::GELU),
        Layer::Dense { units: 3 },
    ];
    Case::new(&layers, image(1, 8, 6), 9).check("network");
}

/// All tensors after three steps of training on `threads` threads.
fn trained(spec: &CheckedSpec, threads: usize) -> Vec<Vec<u32>> {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .unwrap();
    pool.install(|| {
        let mut model = Model::new(spec).unwrap();
        let mut optimizer = Optimizer::new(spec.optimizer);
        let pixels = numbers(37 * 784, 4);
        let labels: Vec<u8> = (0..37).map(|image| image % 10).collect();
        for step in 0..3 {
            let rate = spec.learning_rate;
            model
                .train_step(&pixels, &labels, &mut optimizer, rate, step)
                .unwrap();
        }
        let state = model.network().state();
        let bits = state.iter().map(|tensor| match &tensor.data {
            TensorData::F32(values) => values.iter().map(|value| value.to_bits()).collect(),
            TensorData::I64(values) => values.iter().map(|value| *value as u32).collect(),
        });
        bits.collect()
    })
}

#[test]
fn the_same_seed_gives_the_same_bits() {
    let mut wide = preset("bn-dropout").unwrap().into_spec();
    wide.layers = vec![
        conv(16, 3, 4, 1),
        BATCH_NORM,
        Layer::Activation(ActivationFunction::GELU),
        conv(96, 3, 1, 1),
        conv(96, 3, 1, 1),
        Layer::Activation(ActivationFunction::Tanh),
        Layer::Dropout { p: 0.2 },
        Layer::Flatten,
        Layer::Dense { units: 10 },
    ];
    for spec in [preset("bn-dropout").unwrap(), wide.check().unwrap()] {
        let first = trained(&spec, 2);
        for _ in 0..3 {
            assert!(trained(&spec, 2) == first, "two runs on two threads differ");
        }
        assert!(trained(&spec, 1) == first, "one thread and two differ");
        assert!(trained(&spec, 3) == first, "three threads and two differ");
    }
}
