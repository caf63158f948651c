//! An event file that grows with a run.

use super::events::{
    beginning, histograms, is_histograms, make_folder_of, scalars, seconds_of, wall_times,
};
use super::messages::Event;
use super::records;
use crate::export::ExportError;
use crate::fs::read_limited;
use crate::train::{EpochLayers, EpochMetrics};
use prost::Message as _;
use std::fs::File;
use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// A longer file is begun anew: 10,000 epochs take 3 MB, pictures and histograms a few more.
const MAX_BYTES: u64 = 256 << 20;

/// The event file of a run under way.
///
/// It is written in place, not replaced: TensorBoard keeps a file open and reads on where it was. A
/// record that a killed process left half written is cut off the next time.
#[derive(Debug)]
pub struct LiveLog {
    path: PathBuf,
    epochs: Vec<EpochMetrics>,
    /// What was inside the layers after some of them, as far as this process has seen it.
    layers: Vec<EpochLayers>,
}

impl LiveLog {
    /// The log at `path` of a run that has these epochs already. Writes what the file lacks, and cuts
    /// off what is not of this run: epochs that a resumed run goes through again, or another run's.
    ///
    /// # Errors
    /// When the folder or the file cannot be written.
    pub fn open(path: PathBuf, epochs: &[EpochMetrics]) -> Result<Self, ExportError> {
        let log = Self {
            path,
            epochs: epochs.to_vec(),
            layers: Vec::new(),
        };
        log.catch_up()?;
        Ok(log)
    }

    /// Adds an epoch that has just ended, and all that could not be written before.
    ///
    /// # Errors
    /// When the file cannot be written; the epoch is not forgotten.
    pub fn add(&mut self, metrics: &EpochMetrics) -> Result<(), ExportError> {
        self.epochs.push(*metrics);
        self.catch_up()
    }

    /// Adds what is inside the layers after the epoch that was added last.
    ///
    /// # Errors
    /// When the file cannot be written; the numbers are not forgotten.
    pub fn add_layers(&mut self, layers: &EpochLayers) -> Result<(), ExportError> {
        self.layers.push(layers.clone());
        self.catch_up()
    }

    fn catch_up(&self) -> Result<(), ExportError> {
        let path = &self.path;
        make_folder_of(path)?;
        // Opening a pipe of this name would never end.
        if path.exists() && !path.is_file() {
            let problem = std::io::Error::other("there is something else of this name");
            return Err(ExportError::file(path, "write the event file")(problem));
        }
        let times = wall_times(&self.epochs, seconds_of(SystemTime::now()));
        let there = self.matching(path);
        let mut missing = Vec::new();
        if there.bytes == 0 {
            missing = beginning(times.first().copied());
        }
        for (index, (metrics, time)) in self.epochs.iter().zip(&times).enumerate() {
            if index >= there.epochs {
                missing.extend(records::record(&scalars(metrics, *time).encode_to_vec()));
            }
            // Only those of the last epoch can still follow: the file is not written anew.
            if index >= there.epochs || index + 1 == there.epochs && !there.ends_with_layers {
                for layers in self.layers.iter().filter(|one| one.epoch == metrics.epoch) {
                    missing.extend(records::record(&histograms(layers, *time).encode_to_vec()));
                }
            }
        }
        let append = || {
            let mut file = File::options()
                .write(true)
                .create(true)
                .truncate(false)
                .open(path)?;
            file.set_len(there.bytes)?;
            file.seek(SeekFrom::Start(there.bytes))?;
            file.write_all(&missing)
        };
        append().map_err(ExportError::file(path, "write the event file"))
    }

    /// How much of the file belongs to this run.
    fn matching(&self, path: &Path) -> Matching {
        let nothing = Matching {
            bytes: 0,
            epochs: 0,
            ends_with_layers: false,
        };
        let Ok(bytes) = read_limited(path, MAX_BYTES) else {
            return nothing;
        };
        let Some((head, mut rest)) = records::first(&bytes) else {
            return nothing;
        };
        // Only the time of writing may differ.
        let same = |data: &[u8], expected: Event| {
            let found = Event::decode(data);
            found.is_ok_and(|found| found.step == expected.step && found.what == expected.what)
        };
        let version = beginning(None);
        let version = records::first(&version).and_then(|(data, _)| Event::decode(data).ok());
        if !version.is_some_and(|version| same(head, version)) {
            return nothing;
        }
        let (mut epochs, mut ends_with_layers) = (0, false);
        for metrics in &self.epochs {
            match records::first(rest) {
                Some((data, after)) if same(data, scalars(metrics, 0.0)) => {
                    rest = after;
                    epochs += 1;
                }
                _ => break,
            }
            ends_with_layers = false;
            // An earlier process may have seen these, so they cannot be compared.
            if let Some((data, after)) = records::first(rest)
                && Event::decode(data).is_ok_and(|event| is_histograms(&event, metrics.epoch))
            {
                rest = after;
                ends_with_layers = true;
            }
        }
        Matching {
            bytes: (bytes.len() - rest.len()) as u64,
            epochs,
            ends_with_layers,
        }
    }
}

/// A beginning of a file.
struct Matching {
    bytes: u64,
    epochs: usize,
    /// Whether what was inside the layers follows on the last epoch.
    ends_with_layers: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::probe::{Activations, LayerStatistics, NetworkStatistics};

    fn metrics(epoch: usize, accuracy: f64) -> EpochMetrics {
        EpochMetrics {
            epoch,
            train_loss: 0.5,
            train_accuracy: accuracy,
            validation_loss: 0.4,
            validation_accuracy: accuracy,
            learning_rate: 0.1,
            seconds: 1.0,
            images_per_second: 10.0,
            train_eval_loss: None,
            train_eval_accuracy: None,
        }
    }

    /// Steps and training accuracies in the file.
    fn content(path: &Path) -> Vec<i64> {
        let bytes = std::fs::read(path).unwrap();
        let mut rest = bytes.as_slice();
        let mut steps = Vec::new();
        while let Some((data, after)) = records::first(rest) {
            steps.push(Event::decode(data).unwrap().step);
            rest = after;
        }
        assert!(rest.is_empty(), "{} bytes are no record", rest.len());
        steps
    }

    #[test]
    fn a_run_that_goes_on_doubles_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/run/events");
        let mut log = LiveLog::open(path.clone(), &[]).unwrap();
        for epoch in 1..=3 {
            log.add(&metrics(epoch, 0.5)).unwrap();
        }
        assert_eq!(content(&path), [0, 1, 2, 3]);
        let before = std::fs::read(&path).unwrap();
        // Killed in epoch 3's record, and resumed after epoch 2.
        let file = File::options().write(true).open(&path).unwrap();
        file.set_len(before.len() as u64 - 5).unwrap();
        let done = [metrics(1, 0.5), metrics(2, 0.5)];
        let mut log = LiveLog::open(path.clone(), &done).unwrap();
        assert_eq!(content(&path), [0, 1, 2]);
        // What TensorBoard has read already is as it was.
        let after = std::fs::read(&path).unwrap();
        assert_eq!(before[..after.len()], after);
        log.add(&metrics(3, 0.6)).unwrap();
        assert_eq!(content(&path), [0, 1, 2, 3]);
    }

    #[test]
    fn histograms_follow_their_epoch_and_survive_a_resumed_run() {
        let layer = |epoch| EpochLayers {
            epoch,
            statistics: NetworkStatistics {
                images: 1,
                batch: 1,
                loss: None,
                layers: vec![LayerStatistics {
                    range: (0.0, 1.0),
                    training: Activations::default(),
                    evaluation: Activations::default(),
                    units: None,
                    parameters: None,
                }],
            },
        };
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("events");
        let mut log = LiveLog::open(path.clone(), &[]).unwrap();
        for epoch in 1..=3 {
            log.add(&metrics(epoch, 0.5)).unwrap();
            if epoch != 2 {
                log.add_layers(&layer(epoch)).unwrap();
            }
        }
        assert_eq!(content(&path), [0, 1, 1, 2, 3, 3]);
        // Resumed after epoch 2: what is of epoch 3 goes, what is of epoch 1 stays.
        let done = [metrics(1, 0.5), metrics(2, 0.5)];
        let mut log = LiveLog::open(path.clone(), &done).unwrap();
        assert_eq!(content(&path), [0, 1, 1, 2]);
        log.add(&metrics(3, 0.6)).unwrap();
        log.add_layers(&layer(3)).unwrap();
        assert_eq!(content(&path), [0, 1, 1, 2, 3, 3]);
    }

    #[test]
    fn another_runs_file_and_a_lost_one_are_written_anew() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("events");
        let mut log = LiveLog::open(path.clone(), &[metrics(1, 0.5)]).unwrap();
        let other = [metrics(1, 0.7), metrics(2, 0.8)];
        LiveLog::open(path.clone(), &other).unwrap();
        assert_eq!(content(&path), [0, 1, 2]);
        std::fs::write(&path, "something else").unwrap();
        LiveLog::open(path.clone(), &other).unwrap();
        assert_eq!(content(&path), [0, 1, 2]);
        std::fs::remove_file(&path).unwrap();
        log.add(&metrics(2, 0.5)).unwrap();
        assert_eq!(content(&path), [0, 1, 2]);
    }

    #[test]
    fn what_cannot_be_written_is_named_and_made_up_for() {
        let folder = tempfile::tempdir().unwrap();
        let blocked = folder.path().join("run");
        let path = blocked.join("events");
        let mut log = LiveLog::open(path.clone(), &[]).unwrap();
        std::fs::remove_dir_all(&blocked).unwrap();
        std::fs::write(&blocked, "a file").unwrap();
        let error = log.add(&metrics(1, 0.5)).unwrap_err().to_string();
        assert!(error.contains("run"), "{error}");
        std::fs::remove_file(&blocked).unwrap();
        log.add(&metrics(2, 0.5)).unwrap();
        assert_eq!(content(&path), [0, 1, 2]);
    }
}
