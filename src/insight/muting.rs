//! What a kernel or a unit is good for: what becomes of the predictions without it.
//!
//! A muted channel of a layer is 0 for all that comes after: the layer's own output, and that of the batch norms,
//! activations and dropouts right behind it, which would make something of the 0 otherwise (Bau et al. 2020,
//! <https://arxiv.org/abs/2009.05041>, turn units off in the same place).

use super::paired::Paired;
use crate::data::{self, Normalization, Split};
use crate::nn::{Layerwise, Silent, argmax};
use crate::spec::CheckedSpec;
use crate::train::ConfusionMatrix;

/// Images whose activations are held at once.
const IMAGES_AT_ONCE: usize = 256;

/// A channel of a layer, or a unit of a flat one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Unit {
    /// The layer's position, from 0.
    pub layer: usize,
    /// The channel or the unit, from 0.
    pub channel: usize,
}

/// What muting some units does to the predictions of a set of images.
#[derive(Clone, Debug, PartialEq)]
pub struct Muting {
    /// What is muted.
    pub units: Vec<Unit>,
    /// Share of the images predicted correctly before.
    pub before: f64,
    /// And without the units.
    pub after: f64,
    /// Both on the same images, the whole network first.
    pub paired: Paired,
    /// All classes, those that lose most of their images first.
    pub classes: Vec<ClassEffect>,
    /// Cells of the confusion matrix that have changed, those that changed most first.
    pub cells: Vec<CellChange>,
}

/// How many images of a class are predicted correctly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClassEffect {
    /// The class.
    pub class: usize,
    /// Its images.
    pub images: u64,
    /// Correct before.
    pub before: u64,
    /// Correct without the units.
    pub after: u64,
}

impl ClassEffect {
    /// By how much the share of its images that are right changes; 0 of a class without images.
    pub fn difference(&self) -> f64 {
        (self.after as f64 - self.before as f64) / (self.images.max(1)) as f64
    }
}

/// A cell of the confusion matrix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CellChange {
    /// The true class.
    pub truth: usize,
    /// The predicted class.
    pub predicted: usize,
    /// Images before.
    pub before: u64,
    /// Images without the units.
    pub after: u64,
}

/// The images and what the whole network predicts for them.
#[derive(Clone, Copy)]
pub struct Baseline<'a> {
    /// The images.
    pub split: &'a Split,
    /// What their pixels go through before the first layer.
    pub normalization: Normalization,
    /// The predicted class of every image.
    pub predictions: &'a [u8],
    /// Scores per image.
    pub classes: usize,
}

/// The channels that are 0 if these units are muted. What is not in the network is left out.
pub fn silent(spec: &CheckedSpec, units: &[Unit]) -> Silent {
    let mut silent = vec![Vec::new(); spec.layers.len()];
    for unit in units {
        for (layer, channels) in silent.iter_mut().enumerate().skip(unit.layer) {
            let follows = spec.layers[layer].arithmetic().is_elementwise();
            if layer > unit.layer && !follows {
                break;
            }
            if !channels.contains(&unit.channel) {
                channels.push(unit.channel);
            }
        }
    }
    silent
}

/// Refuses units that are not in the network.
///
/// # Errors
/// A sentence that says which there are.
pub fn check_units(spec: &CheckedSpec, units: &[Unit]) -> Result<(), String> {
    let rows = &spec.summary().layers;
    for unit in units {
        let Some(row) = rows.get(unit.layer) else {
            return Err(format!("the layers are numbered 1 to {}", rows.len()));
        };
        let (channels, _) = row.output.channels_and_area();
        if unit.channel >= channels {
            return Err(format!(
                "layer {} ({}) has the units 0 to {}",
                unit.layer + 1,
                row.description,
                channels - 1
            ));
        }
    }
    Ok(())
}

impl Muting {
    /// Mutes each of `groups` of units by itself; the answers are in their order. All groups begin at the same
    /// layer or later, so what is before that is computed once.
    pub fn each(
        network: &Layerwise,
        spec: &CheckedSpec,
        on: Baseline<'_>,
        groups: &[Vec<Unit>],
    ) -> Vec<Self> {
        let first = groups.iter().flatten().map(|unit| unit.layer).min();
        let entry = network.entry(first.map_or(0, |layer| (layer + 1).min(network.len())));
        let silences: Vec<Silent> = groups.iter().map(|units| silent(spec, units)).collect();
        let images: Vec<u32> = (0..on.split.len() as u32).collect();
        let mut predictions = vec![Vec::with_capacity(images.len()); groups.len()];
        let (mut pixels, mut labels) = (Vec::new(), Vec::new());
        for batch in images.chunks(IMAGES_AT_ONCE) {
            data::fill(on.split, batch, on.normalization, &mut pixels, &mut labels);
            let x = network.run(0..entry, network.take_in(&pixels), &Silent::new());
            for (predictions, silent) in predictions.iter_mut().zip(&silences) {
                let scores = network.run(entry..network.len(), x.clone(), silent);
                let images = scores.chunks_exact(on.classes.max(1));
                predictions.extend(images.map(|scores| argmax(scores).min(255) as u8));
            }
        }
        let groups = groups.iter().zip(&predictions);
        groups
            .map(|(units, after)| Self::of(units, on, after))
            .collect()
    }

    fn of(units: &[Unit], on: Baseline<'_>, after: &[u8]) -> Self {
        let labels = &on.split.labels;
        let matrix = |predictions: &[u8]| {
            let mut matrix = ConfusionMatrix::new(on.classes);
            for (label, predicted) in labels.iter().zip(predictions) {
                matrix.add(usize::from(*label), usize::from(*predicted));
            }
            matrix
        };
        let (before, after_matrix) = (matrix(on.predictions), matrix(after));
        let scores = before.class_scores();
        let mut classes: Vec<ClassEffect> = (0..on.classes)
            .map(|class| ClassEffect {
                class,
                images: scores[class].images,
                before: before.count(class, class),
                after: after_matrix.count(class, class),
            })
            .collect();
        classes.sort_by(|a, b| a.difference().total_cmp(&b.difference()));
        let all = (0..on.classes * on.classes).map(|cell| CellChange {
            truth: cell / on.classes,
            predicted: cell % on.classes,
            before: before.count(cell / on.classes, cell % on.classes),
            after: after_matrix.count(cell / on.classes, cell % on.classes),
        });
        let mut cells: Vec<CellChange> = all.filter(|cell| cell.before != cell.after).collect();
        cells.sort_by_key(|cell| std::cmp::Reverse(cell.before.abs_diff(cell.after)));
        Self {
            units: units.to_vec(),
            before: before.accuracy(),
            after: after_matrix.accuracy(),
            paired: Paired::new(on.predictions, after, labels),
            classes,
            cells,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Dataset;
    use crate::nn::{Model, ModelInfo};
    use crate::spec::preset;
    use crate::train::evaluate;

    #[test]
    fn a_muted_channel_stays_silent_up_to_the_pooling() {
        let spec = preset("bn-dropout").unwrap();
        let unit = Unit {
            layer: 0,
            channel: 5,
        };
        let silent = silent(&spec, &[unit]);
        let kinds = spec.layers.iter().map(|layer| layer.kind());
        let silent: Vec<&str> = kinds
            .zip(&silent)
            .filter(|(_, channels)| **channels == [5])
            .map(|(kind, _)| kind)
            .collect();
        assert_eq!(silent, ["Conv2d", "BatchNorm", "Activation"]);
    }

    #[test]
    fn without_any_kernel_all_images_look_alike() {
        let spec = preset("tiny").unwrap();
        let dataset = Dataset::sample().unwrap();
        let model = Model::new(&spec).unwrap();
        let info = ModelInfo {
            spec: spec.clone(),
            dataset: "sample".into(),
            class_names: Vec::new(),
            normalization: dataset.normalization,
            metrics: serde_json::Value::Null,
        };
        let snapshot = model.snapshot(info);
        let network = Layerwise::new(&spec, &snapshot.state).unwrap();
        let evaluation = evaluate(&model, &dataset.validation, dataset.normalization).unwrap();
        let on = Baseline {
            split: &dataset.validation,
            normalization: dataset.normalization,
            predictions: &evaluation.predictions,
            classes: 10,
        };
        let (channels, _) = spec.summary().layers[0].output.channels_and_area();
        let unit = |channel| Unit { layer: 0, channel };
        let all: Vec<Unit> = (0..channels).map(unit).collect();
        let groups = [Vec::new(), vec![unit(1)], all];
        let [nothing, one, all] = &Muting::each(&network, &spec, on, &groups)[..] else {
            panic!("an answer for each group");
        };
        assert_eq!(
            (nothing.before, nothing.after),
            (evaluation.accuracy, evaluation.accuracy)
        );
        assert!(nothing.cells.is_empty() && !one.cells.is_empty());
        assert!((one.before + one.paired.difference() - one.after).abs() < 1e-12);
        // One class is predicted for everything.
        let hit: Vec<usize> = all
            .classes
            .iter()
            .filter(|it| it.after > 0)
            .map(|it| it.class)
            .collect();
        assert_eq!(hit.len(), 1);
        assert!(check_units(&spec, &[unit(channels)]).is_err());
    }
}
