//! A history as bytes. All numbers are little-endian.
//!
//! ```text
//! fmnist-tui history 1\n   images: u32   classes: u32   labels: u8 × images   CRC-32 of all before
//! ```
//!
//! Then a record for each epoch that is kept, in ascending order:
//!
//! ```text
//! epoch: u32   what: u8   loss: f64   CRC-32 of these
//! predictions: u8 × images   probabilities in 255ths: u8 × images × classes, if what is 2   CRC-32 of both
//! ```
//!
//! The last record may be half-written, as a process that was killed leaves it; it counts as not there.

use super::answers::{Answers, History};
use super::layout::{HEAD, MAGIC};
use crate::text::grouped;

const PREDICTIONS: u8 = 1;
const ALL: u8 = 2;

/// No spec has more epochs.
const MOST_EPOCHS: usize = 1_000_000;

/// What could be read of a history.
#[derive(Clone, Debug, PartialEq)]
pub struct ReadHistory {
    /// The epochs before the first that is damaged.
    pub history: History,
    /// Where and how it is damaged, if it is.
    pub damage: Option<String>,
}

/// The content of the file.
pub fn history_bytes(history: &History) -> Vec<u8> {
    let labels = history.labels();
    let mut bytes = MAGIC.to_vec();
    push_number(&mut bytes, labels.len());
    push_number(&mut bytes, history.classes());
    bytes.extend(labels);
    push_checksum(&mut bytes, 0);
    for answers in history.epochs() {
        push_record(&mut bytes, answers);
    }
    bytes
}

/// Appends the record of an epoch.
pub(super) fn push_record(bytes: &mut Vec<u8>, answers: &Answers) {
    let start = bytes.len();
    push_number(bytes, answers.epoch);
    bytes.push(match answers.probabilities {
        Some(_) => ALL,
        None => PREDICTIONS,
    });
    bytes.extend(answers.loss.to_le_bytes());
    push_checksum(bytes, start);
    let start = bytes.len();
    bytes.extend(&answers.predictions);
    bytes.extend(answers.probabilities.iter().flatten());
    push_checksum(bytes, start);
}

/// Appends a number that is known to be small.
fn push_number(bytes: &mut Vec<u8>, number: usize) {
    bytes.extend(u32::try_from(number).unwrap_or(u32::MAX).to_le_bytes());
}

/// Appends the checksum of what begins at `start`.
fn push_checksum(bytes: &mut Vec<u8>, start: usize) {
    let sum = crc32fast::hash(&bytes[start..]);
    bytes.extend(sum.to_le_bytes());
}

/// Reads a history from the content of a file.
///
/// # Errors
/// A sentence saying what is wrong, where nothing of it can be used.
pub fn parse_history(bytes: &[u8]) -> Result<ReadHistory, String> {
    let mut reader = Reader { bytes, at: 0 };
    if reader.take(MAGIC.len()) != Some(MAGIC) {
        return Err("it is no history of this program's version".into());
    }
    let short = || "its beginning is cut short".to_owned();
    let images = reader.number().ok_or_else(short)?;
    let classes = reader.number().ok_or_else(short)?;
    let labels = reader.take(images).ok_or_else(short)?;
    if !reader.checksum(0).ok_or_else(short)? {
        return Err("the checksum of its beginning is wrong: it is damaged".into());
    }
    let is_class = |class: &u8| usize::from(*class) < classes;
    if !(1..=256).contains(&classes) || !labels.iter().all(is_class) {
        return Err(format!("it has {classes} classes and images of others"));
    }
    let mut epochs: Vec<Answers> = Vec::new();
    let damage = loop {
        let start = reader.at;
        match record(&mut reader, labels, classes) {
            Ok(Some(answers)) if epochs.last().is_some_and(|it| it.epoch >= answers.epoch) => {
                let problem = format!("epoch {} stands at the wrong place", answers.epoch);
                break Some((start, problem));
            }
            Ok(Some(answers)) => epochs.push(answers),
            Ok(None) => break None,
            Err(problem) => break Some((start, problem)),
        }
    };
    let damage = damage.map(|(start, problem)| {
        let number = epochs.len() + 1;
        format!(
            "record {number}, at byte {}: {problem}",
            grouped(start as u64)
        )
    });
    Ok(ReadHistory {
        history: History::of(classes, labels.to_vec(), epochs),
        damage,
    })
}

/// The next record; none at the end, and where only a part of it is there.
fn record(
    reader: &mut Reader<'_>,
    labels: &[u8],
    classes: usize,
) -> Result<Option<Answers>, String> {
    let start = reader.at;
    let Some(head) = reader.take(HEAD - 4) else {
        return Ok(None);
    };
    match reader.checksum(start) {
        None => return Ok(None),
        Some(false) => return Err("the checksum of its head is wrong: it is damaged".into()),
        Some(true) => {}
    }
    let mut head = Reader { bytes: head, at: 0 };
    let epoch = head.number().unwrap_or_default();
    let what = head.take(1).and_then(<[u8]>::first).copied();
    let loss = head.take(8).and_then(|bytes| bytes.try_into().ok());
    let loss = loss.map_or(f64::NAN, f64::from_le_bytes);
    if !(1..=MOST_EPOCHS).contains(&epoch) {
        return Err(format!("there is no epoch {epoch}"));
    }
    if !loss.is_finite() {
        return Err(format!("the loss of epoch {epoch} is no number"));
    }
    let images = labels.len();
    let probabilities = match what {
        Some(PREDICTIONS) => 0,
        Some(ALL) => images * classes,
        _ => return Err(format!("epoch {epoch} holds something unknown")),
    };
    let start = reader.at;
    let (Some(predictions), Some(levels)) = (reader.take(images), reader.take(probabilities))
    else {
        return Ok(None);
    };
    match reader.checksum(start) {
        None => return Ok(None),
        Some(false) => {
            return Err(format!(
                "the checksum of epoch {epoch} is wrong: it is damaged"
            ));
        }
        Some(true) => {}
    }
    if let Some(class) = predictions.iter().find(|it| usize::from(**it) >= classes) {
        return Err(format!(
            "epoch {epoch} speaks of class {class} of {classes}"
        ));
    }
    let levels = (what == Some(ALL)).then(|| levels.to_vec());
    Ok(Some(Answers::new(
        epoch,
        loss,
        predictions.to_vec(),
        levels,
        labels,
    )))
}

/// Bytes, and how many of them are read.
struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let end = self.at.checked_add(count)?;
        let taken = self.bytes.get(self.at..end)?;
        self.at = end;
        Some(taken)
    }

    fn number(&mut self) -> Option<usize> {
        let bytes = self.take(4)?.try_into().ok()?;
        usize::try_from(u32::from_le_bytes(bytes)).ok()
    }

    /// Whether the checksum that comes next is that of the bytes from `start` on.
    fn checksum(&mut self, start: usize) -> Option<bool> {
        let sum = crc32fast::hash(self.bytes.get(start..self.at)?);
        Some(self.take(4)? == sum.to_le_bytes())
    }
}
