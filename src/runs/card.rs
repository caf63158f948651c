//! The model card: what a saved model is, how good, and how it is used, in Markdown
//! (Mitchell et al. 2019, <https://arxiv.org/abs/1810.03993>).

use crate::fs::{read_limited, write_atomically};
use crate::nn::ModelInfo;
use crate::spec::{InputNormalization, Validation};
use crate::stats::Accuracy;
use crate::text::{escape_markdown as escaped, grouped, quoted};
use crate::train::{ConfusionMatrix, EpochMetrics, Scores, TestScores};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// How a card begins, so that no other file is taken for one.
const MARK: &str = "<!-- model card by fmnist-tui -->\n";

/// Pairs of classes that are shown.
const WORST: usize = 5;

/// What a card tells of.
#[derive(Clone, Copy, Debug)]
pub struct ModelCard<'a> {
    /// The model.
    pub info: &'a ModelInfo,
    /// The name of its file.
    pub file: &'a str,
    /// What it takes the validation images for, where that is known.
    pub confusion: Option<&'a ConfusionMatrix>,
    /// The last epoch of the run, if the model is of an earlier one.
    pub last: Option<&'a EpochMetrics>,
    /// The scores of the test images, where others validated and the run is complete.
    pub test: Option<&'a TestScores>,
}

impl ModelCard<'_> {
    /// The card as Markdown.
    pub fn text(&self) -> String {
        let info = self.info;
        let spec = &info.spec;
        let input = spec.input;
        let mut text = format!(
            "{MARK}# {}\n\nA network of {} parameters that tells {} classes of images of {}×{} pixels and {} apart. \
             It was trained on {}{}.\n",
            escaped(&spec.name),
            grouped(spec.summary().parameters()),
            info.class_names.len(),
            input.height,
            input.width,
            plural(input.channels, "channel"),
            escaped(&info.dataset),
            match info.dataset == crate::data::SAMPLE_NAME {
                true => ", drawn pictures for trying things: **its results are not to be quoted**",
                false => "",
            },
        );
        self.write_results(&mut text);
        self.write_confusion(&mut text);
        self.write_data(&mut text);
        self.write_training(&mut text);
        self.write_use(&mut text);
        text
    }

    /// The epoch that the model is of.
    fn metrics(&self) -> Option<EpochMetrics> {
        serde_json::from_value(self.info.metrics.clone()).ok()
    }

    fn write_results(&self, text: &mut String) {
        let Some(metrics) = self.metrics() else {
            return;
        };
        let images = self
            .confusion
            .map_or(0, |confusion| confusion.total() as usize);
        let _ = writeln!(
            text,
            "\n## Results\n\n| model | images | accuracy, % | loss |\n|---|---|---:|---:|"
        );
        let mut row = |model: &str, of: &str, images: usize, scores: Scores| {
            let accuracy = Accuracy::of(scores.accuracy, images).percent();
            let count = match images {
                0 => String::new(),
                images => format!("{} ", grouped(images as u64)),
            };
            let _ = writeln!(
                text,
                "| {model} | {count}{of} | {accuracy} | {:.4} |",
                scores.loss
            );
        };
        let validation = |metrics: &EpochMetrics| Scores {
            loss: metrics.validation_loss,
            accuracy: metrics.validation_accuracy,
        };
        let is_test = self.info.spec.validation.is_test();
        let validates = if is_test {
            Validation::IS_TEST_IN_SHORT
        } else {
            "validation"
        };
        let this = format!("epoch {}, this one", metrics.epoch);
        row(&this, validates, images, validation(&metrics));
        if let Some(test) = self.test {
            row(&this, "test", test.images, test.best);
        }
        if let Some(last) = self.last {
            let name = format!("epoch {}, the last", last.epoch);
            row(&name, validates, images, validation(last));
            if let Some(test) = self.test {
                row(&name, "test", test.images, test.last);
            }
        }
        text.push_str(
            "\n± is the standard error that so many images leave. An epoch that was picked for its accuracy on the \
             validation images looks better on them than it is.\n",
        );
    }

    fn write_confusion(&self, text: &mut String) {
        let pairs = self
            .confusion
            .map_or_else(Vec::new, |confusion| confusion.most_confused(WORST));
        if pairs.is_empty() {
            return;
        }
        text.push_str(
            "\n## What it takes for what\n\nMost often, of the validation images:\n\n\
             | images | class | taken for |\n|---:|---|---|\n",
        );
        let names = &self.info.class_names;
        let name = |class: usize| names.get(class).map_or(String::new(), |name| escaped(name));
        for pair in pairs {
            let (truth, predicted) = (name(pair.truth), name(pair.predicted));
            let _ = writeln!(text, "| {} | {truth} | {predicted} |", grouped(pair.count));
        }
    }

    fn write_data(&self, text: &mut String) {
        let ModelInfo {
            spec,
            class_names,
            normalization,
            ..
        } = self.info;
        let names: Vec<String> = class_names.iter().map(|name| escaped(name)).collect();
        let how = match spec.normalization {
            InputNormalization::Standardize => "mean and deviation of the training images",
            InputNormalization::Scale => "pixels divided by 255",
            InputNormalization::Given { .. } => "the spec's own numbers",
        };
        let _ = writeln!(
            text,
            "\n## Data\n\nClasses, in the order of the scores: {}.\n\nA pixel from 0 to 255 goes in as \
             (pixel / 255 − {}) / {}: {how}.",
            names.join(", "),
            normalization.mean,
            normalization.std,
        );
        if !spec.validation.is_test() {
            let _ = writeln!(
                text,
                "Of the training images {} are held out to validate with, at most a quarter.",
                grouped(spec.validation.hold_out as u64)
            );
        }
    }

    fn write_training(&self, text: &mut String) {
        let spec = &self.info.spec;
        text.push_str(
            "\n## Network and training\n\n| layer | | output | parameters |\n|---:|---|---|---:|\n",
        );
        for (index, row) in spec.summary().layers.iter().enumerate() {
            let _ = writeln!(
                text,
                "| {} | {} | {} | {} |",
                index + 1,
                escaped(&row.description),
                row.output,
                grouped(row.parameters)
            );
        }
        let _ = writeln!(
            text,
            "\n{}, learning rate {}, {}; batches of {}, up to {}, seed {}; augmentation: {}. All of it:\n\n\
             ```json\n{}```",
            escaped(&spec.optimizer.description()),
            spec.learning_rate,
            spec.schedule.in_words(),
            spec.batch_size,
            plural(spec.epochs, "epoch"),
            spec.seed,
            spec.augmentation,
            spec.to_json(),
        );
    }

    fn write_use(&self, text: &mut String) {
        let file = quoted(self.file);
        let literal = serde_json::Value::from(self.file).to_string();
        let input = self.info.spec.input;
        let _ = writeln!(
            text,
            "\n## How to use it\n\nHere:\n\n```sh\nfmnist-tui eval {file}\nfmnist-tui predict {file} --index 0\n```\n\n\
             In PyTorch, after `fmnist-tui export {file} --python net.py`:\n\n```py\n\
             from net import load, predict, read_images\n\
             network, normalization = load({literal})\n\
             scores = predict(network, read_images(\"t10k-images-idx3-ubyte\"), normalization)\n```\n\n\
             Anywhere else, after `fmnist-tui export {file} --onnx model.onnx`:\n\n```py\n\
             import numpy, onnxruntime\n\
             session = onnxruntime.InferenceSession(\"model.onnx\")\n\
             pixels = numpy.zeros((1, {}, {}, {}), numpy.float32)  # from 0 to 255\n\
             (probabilities,) = session.run([\"probabilities\"], {{\"pixels\": pixels}})\n```",
            input.channels, input.height, input.width
        );
    }
}

/// Writes the card of a model beside its file, `net.md` beside `net.safetensors`. A file that is there and is no
/// card is left as it is.
///
/// # Errors
/// When the system refuses.
pub fn write_card_beside(model: &Path, card: &ModelCard<'_>) -> std::io::Result<Option<PathBuf>> {
    let path = model.with_extension("md");
    if path == model || path.exists() && !is_card(&path) {
        return Ok(None);
    }
    write_atomically(&path, card.text().as_bytes())?;
    Ok(Some(path))
}

fn is_card(path: &Path) -> bool {
    const MAX_BYTES: u64 = 1 << 20;
    read_limited(path, MAX_BYTES).is_ok_and(|text| text.starts_with(MARK.as_bytes()))
}

fn plural(count: usize, word: &str) -> String {
    let ending = if count == 1 { "" } else { "s" };
    format!("{} {word}{ending}", grouped(count as u64))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Normalization;
    use crate::spec::preset;

    fn info() -> ModelInfo {
        let spec = preset("tiny").unwrap();
        ModelInfo {
            spec: spec.changed(|spec| spec.name = "a | <b>".into()).unwrap(),
            dataset: "fashion-mnist".into(),
            class_names: (0..10).map(|class| format!("class*{class}")).collect(),
            normalization: Normalization {
                mean: 0.25,
                std: 0.5,
            },
            metrics: serde_json::json!({
                "epoch": 3, "train_loss": 0.5, "train_accuracy": 0.8, "validation_loss": 0.4,
                "validation_accuracy": 0.91, "learning_rate": 0.1, "seconds": 1.0, "images_per_second": 10.0
            }),
        }
    }

    #[test]
    fn a_card_has_the_results_with_their_errors_and_the_worst_pairs() {
        let mut confusion = ConfusionMatrix::new(10);
        (0..9_100).for_each(|_| confusion.add(1, 1));
        (0..900).for_each(|_| confusion.add(6, 0));
        let card = ModelCard {
            info: &info(),
            file: "my net.safetensors",
            confusion: Some(&confusion),
            last: None,
            test: None,
        };
        let text = card.text();
        for expected in [
            r"# a \| \<b\>",
            "10,000 validation | 91.00 ± 0.29 | 0.4000 |",
            r"| 900 | class\*6 | class\*0 |",
            "fmnist-tui eval 'my net.safetensors'",
            "load(\"my net.safetensors\")",
        ] {
            assert!(text.contains(expected), "{expected}: {text}");
        }
    }

    #[test]
    fn a_file_that_is_no_card_stays() {
        let folder = tempfile::tempdir().unwrap();
        let model = folder.path().join("net.safetensors");
        let info = info();
        let card = ModelCard {
            info: &info,
            file: "net.safetensors",
            confusion: None,
            last: None,
            test: None,
        };
        let notes = folder.path().join("net.md");
        std::fs::write(&notes, "my notes").unwrap();
        assert_eq!(write_card_beside(&model, &card).unwrap(), None);
        assert_eq!(std::fs::read_to_string(&notes).unwrap(), "my notes");
        std::fs::remove_file(&notes).unwrap();
        assert_eq!(
            write_card_beside(&model, &card).unwrap(),
            Some(notes.clone())
        );
        assert_eq!(write_card_beside(&model, &card).unwrap(), Some(notes));
    }
}
