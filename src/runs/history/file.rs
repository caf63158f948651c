//! `history.bin` of a run folder.

use super::answers::{Answers, History};
use super::bytes::{ReadHistory, history_bytes, parse_history, push_record};
use super::kept::MOST_BYTES;
use crate::fs::{read_limited, write_atomically};
use crate::text::shown_path;
use std::fs::OpenOptions;
use std::io::{self, ErrorKind, Write};
use std::path::Path;

/// What the validation images were taken for after each epoch.
pub const HISTORY_FILE: &str = "history.bin";

/// The file of a run under way. An epoch is appended; only where earlier ones change is the file written anew, whole
/// or not at all.
#[derive(Debug, Default)]
pub struct HistoryFile {
    /// What it holds, if that is known.
    written: Option<Written>,
}

#[derive(Debug, Default)]
struct Written {
    /// The epochs, each with whether its probabilities are there.
    epochs: Vec<(usize, bool)>,
    bytes: u64,
}

impl HistoryFile {
    /// Makes the file of the run in `folder` hold `history`. There is none without epochs.
    ///
    /// # Errors
    /// The system's error; the file then holds what it held before.
    pub fn write(&mut self, folder: &Path, history: &History) -> io::Result<()> {
        let path = folder.join(HISTORY_FILE);
        let epochs: Vec<(usize, bool)> = history.epochs().iter().map(content).collect();
        let length = std::fs::metadata(&path).map_or(0, |metadata| metadata.len());
        let before = self.written.take().filter(|it| it.bytes == length);
        if let Some(before) = before
            && !before.epochs.is_empty()
            && epochs.starts_with(&before.epochs)
        {
            let mut new = Vec::new();
            for answers in &history.epochs()[before.epochs.len()..] {
                push_record(&mut new, answers);
            }
            if !new.is_empty() {
                append(&path, before.bytes, &new)?;
            }
            let bytes = before.bytes + new.len() as u64;
            self.written = Some(Written { epochs, bytes });
            return Ok(());
        }
        if epochs.is_empty() {
            return match std::fs::remove_file(&path) {
                Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
                _ => Ok(()),
            };
        }
        let all = history_bytes(history);
        write_atomically(&path, &all)?;
        let bytes = all.len() as u64;
        self.written = Some(Written { epochs, bytes });
        Ok(())
    }
}

fn content(answers: &Answers) -> (usize, bool) {
    (answers.epoch, answers.probabilities.is_some())
}

/// Appends `new` to the file, which has so many bytes, or leaves it as it was.
fn append(path: &Path, length: u64, new: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().append(true).open(path)?;
    let written = file.write_all(new).and_then(|()| file.sync_data());
    if written.is_err() {
        // Half a record would count as none, but the next one could not stand behind it.
        let _ = file.set_len(length);
    }
    written
}

/// The history of the run in `folder`; none where it has none.
///
/// # Errors
/// A sentence with the file, the place and what is wrong with it.
pub fn read_history(folder: &Path) -> Result<Option<History>, String> {
    let shown = shown_path(&folder.join(HISTORY_FILE));
    let advice = "the run and its models do without it: move it away to have its other results";
    match read(folder) {
        Ok(None) => Ok(None),
        Ok(Some(ReadHistory {
            history,
            damage: None,
        })) => Ok(Some(history)),
        Ok(Some(ReadHistory {
            damage: Some(problem),
            ..
        }))
        | Err(problem) => Err(format!("{shown}: {problem}; {advice}")),
    }
}

/// The records of the run in `folder` that are whole, and a sentence where others are damaged.
pub fn read_whole_records(folder: &Path) -> (Option<History>, Option<String>) {
    let shown = shown_path(&folder.join(HISTORY_FILE));
    match read(folder) {
        Ok(None) => (None, None),
        Ok(Some(ReadHistory { history, damage })) => {
            let epochs = history.epochs().len();
            let notice = damage.map(|problem| {
                format!("{shown}: {problem}; the history goes on with the {epochs} epochs before")
            });
            (Some(history), notice)
        }
        Err(problem) => (
            None,
            Some(format!("{shown}: {problem}; the history begins anew")),
        ),
    }
}

fn read(folder: &Path) -> Result<Option<ReadHistory>, String> {
    let path = folder.join(HISTORY_FILE);
    // Opening a pipe of this name would never end.
    if !path.is_file() {
        return Ok(None);
    }
    let bytes = read_limited(&path, MOST_BYTES as u64)
        .map_err(|error| format!("cannot read the file: {error}"))?;
    parse_history(&bytes).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::{ConfusionMatrix, Evaluation};

    const LABELS: [u8; 3] = [0, 1, 1];

    fn history(epochs: usize) -> History {
        let mut history = History::new(2, &LABELS);
        for epoch in 1..=epochs {
            let mut confusion = ConfusionMatrix::new(2);
            LABELS
                .iter()
                .for_each(|label| confusion.add(usize::from(*label), 0));
            let evaluation = Evaluation {
                loss: 0.5 / epoch as f64,
                accuracy: confusion.accuracy(),
                confusion,
                predictions: vec![0; 3],
                probabilities: vec![0.7, 0.3, 0.8, 0.2, 1.0, 0.0],
            };
            history.add(epoch, &evaluation);
        }
        history
    }

    #[test]
    fn a_file_that_grows_is_the_one_that_is_written_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(HISTORY_FILE);
        let mut file = HistoryFile::default();
        file.write(folder.path(), &history(0)).unwrap();
        assert!(!path.exists());
        for epochs in 1..=4 {
            file.write(folder.path(), &history(epochs)).unwrap();
            assert_eq!(
                std::fs::read(&path).unwrap(),
                history_bytes(&history(epochs))
            );
        }
        let read = read_history(folder.path()).unwrap().unwrap();
        assert_eq!(read, history(4));
        // What was removed or cut from outside is there again with the next epoch.
        let whole = std::fs::read(&path).unwrap();
        std::fs::write(&path, &whole[..whole.len() - 3]).unwrap();
        file.write(folder.path(), &history(5)).unwrap();
        assert_eq!(read_history(folder.path()).unwrap().unwrap(), history(5));
        std::fs::remove_file(&path).unwrap();
        file.write(folder.path(), &history(6)).unwrap();
        assert_eq!(read_history(folder.path()).unwrap().unwrap(), history(6));
        // A run that goes on from its start has none.
        HistoryFile::default()
            .write(folder.path(), &history(0))
            .unwrap();
        assert_eq!(read_history(folder.path()), Ok(None));
    }

    #[test]
    fn half_a_record_counts_as_none_and_damage_is_named_with_its_place() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(HISTORY_FILE);
        let two = history_bytes(&history(2));
        let three = history_bytes(&history(3));
        for length in two.len()..three.len() {
            std::fs::write(&path, &three[..length]).unwrap();
            assert_eq!(read_history(folder.path()), Ok(Some(history(2))));
        }
        let mut damaged = three;
        damaged[two.len() + 20] ^= 1;
        std::fs::write(&path, &damaged).unwrap();
        let error = read_history(folder.path()).unwrap_err();
        let place = format!("history.bin: record 3, at byte {}", two.len());
        assert!(
            error.contains(&place) && error.contains("epoch 3"),
            "{error}"
        );
        let (read, notice) = read_whole_records(folder.path());
        assert_eq!(read, Some(history(2)));
        assert!(notice.unwrap().contains("goes on with the 2 epochs before"));
    }
}
