//! A network that computes one layer after the other, for looking into it: what is between any two layers
//! can be read, be silenced, and has a gradient. Always as in evaluation. Slower than a [`Block`], which
//! fuses layers.
//!
//! [`Block`]: super::exec::Block

use super::io::state::{TensorData, TensorState};
use super::layers::relayout::transpose;
use super::layers::{Op, Pass, Place, Saved, Scratch, layer_op};
use super::parameter::Parameter;
use crate::simd::Engine;
use crate::simd::buffer::Buffer;
use crate::spec::{CheckedSpec, Layer, LayerSummary, Shape};
use rayon::prelude::*;
use std::ops::Range;

/// Images that go through the layers together. The results do not depend on how they are shared out.
const IMAGES_AT_ONCE: usize = 16;

/// Channels, or units of a flat layer, whose output is 0: a list for each layer. What is missing is empty.
pub type Silent = Vec<Vec<usize>>;

/// Changes what comes out of the layer at a position, images `[height, width, channels]`, before the next one takes it.
pub type Change<'a> = &'a (dyn Fn(usize, &mut [f32]) + Sync);

/// A network whose layers are ops of their own. Between them images are `[height, width, channels]`.
pub struct Layerwise {
    layers: Vec<LayerOfOne>,
    input: Shape,
}

/// A layer with what it needs.
struct LayerOfOne {
    op: Box<dyn Op>,
    parameters: Vec<Parameter>,
    /// The layer whose input is added to this one's.
    skip: Option<usize>,
    output: Shape,
}

/// A value of every layer's output, and what it does to a score.
#[derive(Clone, Debug, PartialEq)]
pub struct OutputGradient {
    /// The layer's output, `[channels, height, width]` or `[features]`.
    pub output: Vec<f32>,
    /// The gradient of the score with respect to it, in the same order.
    pub gradient: Vec<f32>,
}

impl Layerwise {
    /// The network of `spec` with the tensors of `state`.
    ///
    /// # Errors
    /// A sentence naming the first tensor that is missing or has another size.
    pub fn new(spec: &CheckedSpec, state: &[TensorState]) -> Result<Self, String> {
        let rows = &spec.summary().layers;
        let build = |(index, layer): (usize, &Layer)| one_layer(index, layer, rows, state);
        let layers = spec.layers.iter().enumerate().map(build);
        let (channels, height, width) = (spec.input.channels, spec.input.height, spec.input.width);
        Ok(Self {
            layers: layers.collect::<Result<_, _>>()?,
            input: Shape::Image {
                channels,
                height,
                width,
            },
        })
    }

    /// Images `[batch, channels, height, width]` as the first layer takes them.
    pub fn take_in(&self, pixels: &[f32]) -> Vec<f32> {
        relaid(pixels, self.input, true)
    }

    /// How many layers there are.
    pub fn len(&self) -> usize {
        self.layers.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.layers.is_empty()
    }

    /// The last layer up to `layer` before which everything that later layers need is its input: no skip
    /// connection leads past it.
    pub fn entry(&self, layer: usize) -> usize {
        let crossed = |at: usize| {
            let mut later = self.layers.iter().skip(at);
            later.any(|layer| layer.skip.is_some_and(|from| from < at))
        };
        (0..=layer).rev().find(|at| !crossed(*at)).unwrap_or(0)
    }

    /// The outputs of the last of `layers` for the inputs `x` of the first, of any number of images. There the
    /// `silent` channels are 0, and already in `x`.
    pub fn run(&self, layers: Range<usize>, mut x: Vec<f32>, silent: &Silent) -> Vec<f32> {
        if let Some(before) = layers.start.checked_sub(1) {
            silence(&mut x, self.before(layers.start), silent.get(before));
        }
        self.run_changed(layers, x, &|at, y| self.silence(at, y, silent))
    }

    /// The outputs of the last of `layers` for the inputs `x` of the first, of any number of images, where `change`
    /// has a say in what comes out of each. It is called for a few images at a time.
    pub fn run_changed(&self, layers: Range<usize>, x: Vec<f32>, change: Change<'_>) -> Vec<f32> {
        if layers.is_empty() {
            return x;
        }
        let (input, output) = (self.before(layers.start), self.before(layers.end));
        let (input, output) = (input.elements().max(1), output.elements());
        let mut y = vec![0.0; x.len() / input * output];
        let chunks = y.par_chunks_mut((IMAGES_AT_ONCE * output).max(1));
        let chunks = chunks.zip(x.par_chunks(IMAGES_AT_ONCE * input));
        chunks.for_each_init(Scratch::default, |scratch, (y, x)| {
            let walk = self.walk(layers.clone(), x, change, scratch);
            if let Some(last) = walk.last() {
                y.copy_from_slice(&last.y);
            }
        });
        y
    }

    /// The output of every layer for one image `[channels, height, width]`, each `[channels, height, width]` or
    /// `[features]`. There the `silent` channels are 0.
    pub fn outputs(&self, pixels: &[f32], silent: &Silent) -> Vec<Vec<f32>> {
        let x = self.take_in(pixels);
        let change = |at: usize, y: &mut [f32]| self.silence(at, y, silent);
        let passes = self.walk(0..self.layers.len(), &x, &change, &mut Scratch::default());
        let passes = passes.into_iter().zip(&self.layers);
        passes
            .map(|(pass, layer)| relaid(&pass.y, layer.output, false))
            .collect()
    }

    /// The scores of one image `[channels, height, width]`.
    pub fn scores(&self, pixels: &[f32]) -> Vec<f32> {
        self.run(0..self.len(), self.take_in(pixels), &Silent::new())
    }

    /// The output of `layer` for one image `[channels, height, width]`, and the gradient of the score of
    /// `class` with respect to it.
    ///
    /// # Panics
    /// If there is no such layer or class.
    pub fn gradient(&self, pixels: &[f32], layer: usize, class: usize) -> OutputGradient {
        let image = self.take_in(pixels);
        let mut scratch = Scratch::default();
        let passes = self.walk(0..self.layers.len(), &image, &|_, _| (), &mut scratch);
        let input = |at: usize| match at.checked_sub(1) {
            Some(before) => &passes[before].y,
            None => &image,
        };
        let mut dy = vec![0.0; passes.last().map_or(0, |last| last.y.len())];
        dy[class] = 1.0;
        // What reaches the input of a layer through skip connections.
        let mut skipped: Vec<Option<Vec<f32>>> = vec![None; self.layers.len() + 1];
        for at in (layer + 1..self.layers.len()).rev() {
            let (one, pass) = (&self.layers[at], &passes[at]);
            let x = input(at);
            if let Some(from) = one.skip {
                scratch.skip.copy_from(input(from));
            }
            let mut dx = vec![0.0; x.len()];
            let saved = Saved {
                x,
                y: &pass.y,
                notes: &pass.notes,
                dy: &dy,
            };
            let mut unused = one.gradient_buffers();
            one.op
                .backward(one.place(), saved, Some(&mut dx), &mut scratch, &mut unused);
            if let Some(from) = one.skip {
                let gradient = &scratch.skip_gradient[..one.op.skip_len()];
                add_to(&mut skipped[from], gradient);
            }
            if let Some(gradient) = skipped[at].take() {
                add(&mut dx, &gradient);
            }
            dy = dx;
        }
        let shape = self.layers[layer].output;
        OutputGradient {
            output: relaid(&passes[layer].y, shape, false),
            gradient: relaid(&dy, shape, false),
        }
    }

    fn silence(&self, at: usize, y: &mut [f32], silent: &Silent) {
        silence(y, self.layers[at].output, silent.get(at));
    }

    /// The shape of what goes into layer `at`, or comes out of the last one.
    fn before(&self, at: usize) -> Shape {
        let before = at.checked_sub(1).and_then(|before| self.layers.get(before));
        before.map_or(self.input, |layer| layer.output)
    }

    /// Sends a few images `x` through `layers`; what each of them made.
    fn walk(
        &self,
        layers: Range<usize>,
        x: &[f32],
        change: Change<'_>,
        scratch: &mut Scratch,
    ) -> Vec<PassOfOne> {
        let start = layers.start;
        let images = x.len() / self.before(start).elements().max(1);
        let mut passes: Vec<PassOfOne> = Vec::with_capacity(layers.len());
        for at in layers {
            let layer = &self.layers[at];
            let input = |at: usize| match at.checked_sub(start + 1) {
                Some(before) => &passes[before].y[..],
                None => x,
            };
            if let Some(from) = layer.skip {
                scratch.skip.copy_from(input(from));
            }
            let mut y = vec![0.0; images * layer.op.output_len()];
            let mut notes = vec![0; images * layer.op.notes_len()];
            let x = input(at);
            layer
                .op
                .forward(layer.place(), x, &mut y, &mut notes, scratch);
            change(at, &mut y);
            passes.push(PassOfOne { y, notes });
        }
        passes
    }
}

/// What a layer made of some images.
struct PassOfOne {
    y: Vec<f32>,
    notes: Vec<u8>,
}

impl LayerOfOne {
    fn place(&self) -> Place<'_> {
        Place {
            pass: Pass::Evaluate,
            image: 0,
            parameters: &self.parameters,
        }
    }

    /// Where a backward pass may write the gradients of the parameters, which nobody reads.
    fn gradient_buffers(&self) -> Vec<Buffer> {
        let lens = match self.op.takes_whole_batch() {
            true => self.parameters.iter().map(|it| it.values.len()).collect(),
            false => self.op.gradient_lens(),
        };
        lens.into_iter().map(Buffer::zeros).collect()
    }
}

fn one_layer(
    index: usize,
    layer: &Layer,
    rows: &[LayerSummary],
    state: &[TensorState],
) -> Result<LayerOfOne, String> {
    let tensor = |name: &str, len: usize| {
        let name = format!("{index}.{name}");
        let found = state.iter().find(|tensor| tensor.name == name);
        match found.map(|tensor| &tensor.data) {
            Some(TensorData::F32(values)) if values.len() == len => Ok(values),
            Some(_) => Err(format!(
                "the tensor {name:?} has another size than its layer"
            )),
            None => Err(format!("the tensor {name:?} is missing")),
        }
    };
    let mut op = layer_op(index, layer, rows, Engine::f32()).into_op();
    op.allocate();
    let mut parameters = Vec::new();
    for declared in op.parameters() {
        parameters.push(Parameter {
            name: declared.name.to_owned(),
            values: Buffer::from(&tensor(declared.name, declared.elements())?[..]),
            shape: declared.shape,
        });
    }
    if let Some(statistics) = op.running_statistics_mut() {
        let channels = statistics.mean.len();
        statistics
            .mean
            .copy_from_slice(tensor("running_mean", channels)?);
        statistics
            .variance
            .copy_from_slice(tensor("running_var", channels)?);
    }
    // As for training: what only a backward pass needs is prepared too.
    op.prepare(&parameters, Pass::Train { seed: 0, step: 0 });
    op.use_running_statistics();
    let skip = match *layer {
        Layer::Residual { span } => Some(index - span),
        _ => None,
    };
    Ok(LayerOfOne {
        op,
        parameters,
        skip,
        output: rows[index].output,
    })
}

/// Zeroes channels of images `[height, width, channels]`.
fn silence(values: &mut [f32], shape: Shape, channels: Option<&Vec<usize>>) {
    let (count, _) = shape.channels_and_area();
    for pixel in values.chunks_exact_mut(count.max(1)) {
        for channel in channels.into_iter().flatten() {
            if let Some(value) = pixel.get_mut(*channel) {
                *value = 0.0;
            }
        }
    }
}

/// Images of `shape` from `[channels, height, width]` to `[height, width, channels]`, or back.
fn relaid(values: &[f32], shape: Shape, channels_last: bool) -> Vec<f32> {
    let (channels, area) = shape.channels_and_area();
    let mut out = vec![0.0; values.len()];
    let len = (channels * area).max(1);
    for (image, out) in values.chunks_exact(len).zip(out.chunks_exact_mut(len)) {
        transpose(image, if channels_last { channels } else { area }, out);
    }
    out
}

fn add(to: &mut [f32], values: &[f32]) {
    for (to, value) in to.iter_mut().zip(values) {
        *to += value;
    }
}

fn add_to(to: &mut Option<Vec<f32>>, values: &[f32]) {
    match to {
        Some(to) => add(to, values),
        None => *to = Some(values.to_vec()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::every_layer::{networks, pixels};
    use super::*;

    fn close(one: f32, other: f32, tolerance: f32) -> bool {
        (one - other).abs() <= tolerance * one.abs().max(1.0)
    }

    #[test]
    fn layer_by_layer_is_what_the_network_computes() {
        for snapshot in networks() {
            let model = snapshot.restore().unwrap();
            let network = Layerwise::new(&snapshot.info.spec, &snapshot.state).unwrap();
            let expected = model.layer_outputs(&pixels()).unwrap();
            let found = network.outputs(&pixels(), &Silent::new());
            assert_eq!(found.len(), expected.len());
            for (found, expected) in found.iter().flatten().zip(expected.iter().flatten()) {
                assert!(close(*found, *expected, 1e-5), "{found} {expected}");
            }
            // Begun anywhere, with any number of images.
            let three = pixels().repeat(3);
            let whole = network.run(0..network.len(), network.take_in(&three), &Silent::new());
            for layer in 0..=network.len() {
                let entry = network.entry(layer);
                let x = network.run(0..entry, network.take_in(&three), &Silent::new());
                let scores = network.run(entry..network.len(), x, &Silent::new());
                assert_eq!(scores, whole, "from layer {layer}");
            }
        }
    }

    #[test]
    fn a_gradient_is_the_slope_of_the_score() {
        for snapshot in networks() {
            let network = Layerwise::new(&snapshot.info.spec, &snapshot.state).unwrap();
            for layer in 0..network.len() {
                // Where a skip connection leads past the layer, its output is not all that counts.
                if network.entry(layer + 1) != layer + 1 {
                    continue;
                }
                let found = network.gradient(&pixels(), layer, 1);
                let shape = network.layers[layer].output;
                let score = |at: usize, step: f32| {
                    let mut output = found.output.clone();
                    output[at] += step;
                    let x = relaid(&output, shape, true);
                    network.run(layer + 1..network.len(), x, &Silent::new())[1]
                };
                for at in (0..found.output.len()).step_by(3) {
                    let slope = (score(at, 5e-3) - score(at, -5e-3)) / 1e-2;
                    let gradient = found.gradient[at];
                    assert!(close(slope, gradient, 5e-3), "{layer}: {slope} {gradient}");
                }
            }
        }
    }

    #[test]
    fn a_silent_channel_is_zero_and_what_follows_knows() {
        let [snapshot, _] = networks();
        let network = Layerwise::new(&snapshot.info.spec, &snapshot.state).unwrap();
        let silent: Silent = vec![vec![2]];
        let (all, less) = (
            network.outputs(&pixels(), &Silent::new()),
            network.outputs(&pixels(), &silent),
        );
        let area = 5 * 4;
        assert!(
            less[0][2 * area..3 * area]
                .iter()
                .all(|value| *value == 0.0)
        );
        assert_eq!(less[0][..2 * area], all[0][..2 * area]);
        assert_ne!(less.last(), all.last());
    }

    #[test]
    fn a_missing_tensor_is_named() {
        let [mut snapshot, _] = networks();
        snapshot.state.retain(|tensor| tensor.name != "3.bias");
        let error = Layerwise::new(&snapshot.info.spec, &snapshot.state).err();
        assert_eq!(error.as_deref(), Some("the tensor \"3.bias\" is missing"));
    }
}
