//! The content of an event file.

use super::messages::{Event, Histogram, Image, Summary, Value, What, value};
use super::records;
use crate::export::ExportError;
use crate::fs::write_atomically;
use crate::nn::probe::Activations;
use crate::runs::{METRICS_FILE, PastRun, read_layers};
use crate::train::{EpochLayers, EpochMetrics};
use prost::Message as _;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

/// A PNG to be shown beside a run's curves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// What it is called in TensorBoard.
    pub tag: &'static str,
    /// The epoch it belongs to.
    pub epoch: usize,
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// The file's content.
    pub png: Vec<u8>,
}

/// Writes a run's event file whole, in place of an earlier one; makes the folders it needs.
///
/// The times of the epochs are not stored: the last is assumed to have ended when `metrics.jsonl` was
/// written, and the others as much earlier as the epochs between took to train.
///
/// # Errors
/// When the folder or the file cannot be written.
pub fn write_run(path: &Path, run: &PastRun, shown: &[Shown]) -> Result<(), ExportError> {
    let written = std::fs::metadata(run.path.join(METRICS_FILE))
        .and_then(|metadata| metadata.modified())
        .unwrap_or_else(|_| SystemTime::now());
    let times = wall_times(&run.epochs, seconds_of(written));
    let mut bytes = beginning(times.first().copied());
    // As far as they can be read: the curves are worth more than to be refused for them.
    let (layers, _) = read_layers(&run.path);
    for (metrics, time) in run.epochs.iter().zip(&times) {
        bytes.extend(records::record(&scalars(metrics, *time).encode_to_vec()));
        for layers in layers.iter().filter(|one| one.epoch == metrics.epoch) {
            bytes.extend(records::record(&histograms(layers, *time).encode_to_vec()));
        }
    }
    for shown in shown {
        let index = run
            .epochs
            .iter()
            .position(|epoch| epoch.epoch == shown.epoch);
        let time = index.and_then(|index| times.get(index)).or(times.last());
        let event = picture(shown, time.copied().unwrap_or(0.0));
        bytes.extend(records::record(&event.encode_to_vec()));
    }
    make_folder_of(path)?;
    write_atomically(path, &bytes).map_err(ExportError::file(path, "write the event file"))
}

pub(super) fn make_folder_of(path: &Path) -> Result<(), ExportError> {
    let Some(folder) = path.parent() else {
        return Ok(());
    };
    std::fs::create_dir_all(folder).map_err(ExportError::file(folder, "create the folder"))
}

pub(super) fn seconds_of(time: SystemTime) -> f64 {
    time.duration_since(UNIX_EPOCH)
        .map_or(0.0, |since| since.as_secs_f64())
}

/// When the epochs ended, if the last ended at `end`, in seconds since 1970.
pub(super) fn wall_times(epochs: &[EpochMetrics], end: f64) -> Vec<f64> {
    let mut times: Vec<f64> = epochs
        .iter()
        .rev()
        .scan(end, |time, metrics| {
            let ended = *time;
            *time -= metrics.seconds;
            Some(ended)
        })
        .collect();
    times.reverse();
    times
}

/// The first record of every event file.
pub(super) fn beginning(time: Option<f64>) -> Vec<u8> {
    let event = Event {
        wall_time: time.unwrap_or(0.0),
        step: 0,
        what: Some(What::FileVersion("brain.Event:2".into())),
    };
    records::record(&event.encode_to_vec())
}

/// An epoch's event; `epoch` is the step.
pub(super) fn scalars(metrics: &EpochMetrics, wall_time: f64) -> Event {
    let values = [
        ("accuracy/train", Some(metrics.train_accuracy)),
        ("accuracy/train_eval", metrics.train_eval_accuracy),
        ("accuracy/validation", Some(metrics.validation_accuracy)),
        ("loss/train", Some(metrics.train_loss)),
        ("loss/train_eval", metrics.train_eval_loss),
        ("loss/validation", Some(metrics.validation_loss)),
        ("learning_rate", Some(metrics.learning_rate)),
        ("images_per_second", Some(metrics.images_per_second)),
    ];
    let values = values.into_iter().filter_map(|(tag, number)| {
        let tag = tag.to_owned();
        // TensorBoard's scalars are single precision.
        let value = Some(value::Value::Scalar(number? as f32));
        Some(Value { tag, value })
    });
    event(metrics.epoch, wall_time, values.collect())
}

/// What came out of the layers after an epoch, while training and in evaluation.
pub(super) fn histograms(layers: &EpochLayers, wall_time: f64) -> Event {
    let all = layers.statistics.layers.iter().enumerate();
    let values = all.flat_map(|(index, layer)| {
        let both = [
            ("training", &layer.training),
            ("evaluation", &layer.evaluation),
        ];
        both.map(|(pass, values)| Value {
            tag: format!("layer_{:02}/{pass}", index + 1),
            value: Some(value::Value::Histogram(histogram(values, layer.range))),
        })
    });
    event(layers.epoch, wall_time, values.collect())
}

fn histogram(values: &Activations, (low, high): (f64, f64)) -> Histogram {
    let count = values.count as f64;
    let mut histogram = Histogram {
        min: values.min,
        max: values.max,
        num: count,
        sum: count * values.mean,
        sum_squares: count * (values.std.powi(2) + values.mean.powi(2)),
        bucket_limit: vec![high],
        bucket: vec![count],
    };
    // Where all values are the same, there is one bucket.
    if high > low {
        let width = (high - low) / values.bins.len().max(1) as f64;
        let limits = (1..=values.bins.len()).map(|bin| low + width * bin as f64);
        histogram.bucket_limit = limits.collect();
        histogram.bucket = values.bins.iter().map(|bin| *bin as f64).collect();
    }
    histogram
}

/// Whether an event is what [`histograms`] makes after `epoch`.
pub(super) fn is_histograms(event: &Event, epoch: usize) -> bool {
    let is_histogram = |value: &Value| matches!(value.value, Some(value::Value::Histogram(_)));
    let of_epoch = usize::try_from(event.step) == Ok(epoch);
    let Some(What::Summary(Summary { values })) = &event.what else {
        return false;
    };
    of_epoch && values.iter().all(is_histogram)
}

fn picture(shown: &Shown, wall_time: f64) -> Event {
    let image = Image {
        height: i32::try_from(shown.height).unwrap_or(i32::MAX),
        width: i32::try_from(shown.width).unwrap_or(i32::MAX),
        // Red, green and blue.
        colorspace: 3,
        encoded: shown.png.clone(),
    };
    let value = Value {
        tag: shown.tag.to_owned(),
        value: Some(value::Value::Image(image)),
    };
    event(shown.epoch, wall_time, vec![value])
}

fn event(epoch: usize, wall_time: f64, values: Vec<Value>) -> Event {
    Event {
        wall_time,
        step: i64::try_from(epoch).unwrap_or(i64::MAX),
        what: Some(What::Summary(Summary { values })),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn epochs_end_one_after_the_other() {
        let metrics = |seconds| EpochMetrics {
            epoch: 1,
            train_loss: 0.0,
            train_accuracy: 0.0,
            validation_loss: 0.0,
            validation_accuracy: 0.0,
            learning_rate: 0.0,
            seconds,
            images_per_second: 0.0,
            train_eval_loss: None,
            train_eval_accuracy: None,
        };
        let epochs = [metrics(9.0), metrics(2.0), metrics(3.0)];
        assert_eq!(wall_times(&epochs, 100.0), [95.0, 97.0, 100.0]);
        assert!(wall_times(&[], 100.0).is_empty());
    }
}
