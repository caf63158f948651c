//! Epochs as a table.

use super::ExportError;
use crate::runs::RunRecord;
use crate::text::harmless;
use ::csv::{Reader, WriterBuilder};

/// The epochs of the runs as CSV (RFC 4180, lines end with `\n`): a header with the names of
/// `metrics.jsonl`, then a line an epoch. With several runs the first column, `run`, holds their labels.
///
/// # Errors
/// When a value cannot be written, which no value of a record can cause.
pub fn to_csv(runs: &[RunRecord]) -> Result<String, ExportError> {
    let failed = |error: &dyn std::fmt::Display| ExportError::Csv(error.to_string());
    let several = runs.len() > 1;
    let mut writer = WriterBuilder::new()
        .has_headers(false)
        .from_writer(Vec::new());
    let mut header = header(runs).map_err(|error| failed(&error))?;
    if several {
        header.insert(0, "run".into());
    }
    writer
        .write_record(&header)
        .map_err(|error| failed(&error))?;
    for run in runs {
        let label = harmless(&run.label);
        for metrics in &run.run.epochs {
            let written = if several {
                writer.serialize((&label, metrics))
            } else {
                writer.serialize(metrics)
            };
            written.map_err(|error| failed(&error))?;
        }
    }
    let bytes = writer.into_inner().map_err(|error| failed(&error))?;
    String::from_utf8(bytes).map_err(|error| failed(&error))
}

/// The names of the metrics as they are serialised, so that no second list of them is needed.
fn header(runs: &[RunRecord]) -> Result<Vec<String>, ::csv::Error> {
    let mut writer = ::csv::Writer::from_writer(Vec::new());
    if let Some(metrics) = runs.first().and_then(|run| run.run.epochs.first()) {
        writer.serialize(metrics)?;
    }
    let table = writer.into_inner().map_err(|error| error.into_error())?;
    let mut reader = Reader::from_reader(table.as_slice());
    Ok(reader.headers()?.iter().map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runs::PastRun;
    use crate::train::EpochMetrics;
    use std::sync::Arc;

    fn run(label: &str) -> RunRecord {
        let metrics = |epoch| EpochMetrics {
            epoch,
            train_loss: 0.1 + 0.2,
            train_accuracy: 0.5,
            validation_loss: 1e-9,
            validation_accuracy: 0.25,
            learning_rate: 1e-3,
            seconds: 1.0,
            images_per_second: 60_000.0,
            train_eval_loss: None,
            train_eval_accuracy: None,
        };
        let epochs = vec![metrics(1), metrics(2)];
        RunRecord {
            run: Arc::new(PastRun::in_test("a", Err(String::new()), epochs)),
            name: label.into(),
            label: label.into(),
        }
    }

    #[test]
    fn numbers_come_back_as_they_were() {
        let table = to_csv(&[run("a")]).unwrap();
        assert!(
            table.starts_with("epoch,train_loss,train_accuracy,validation_loss,"),
            "{table}"
        );
        let mut reader = Reader::from_reader(table.as_bytes());
        let found: Vec<EpochMetrics> = reader.deserialize().map(Result::unwrap).collect();
        assert_eq!(found, run("a").run.epochs);
    }

    #[test]
    fn names_are_quoted_and_never_formulas() {
        let names = ["=1+1", "@x", "a \"b\", c", "-2", "plain"];
        let table = to_csv(&names.map(run)).unwrap();
        let mut reader = Reader::from_reader(table.as_bytes());
        assert_eq!(reader.headers().unwrap().get(0), Some("run"));
        let found: Vec<String> = reader
            .records()
            .map(|record| record.unwrap()[0].to_owned())
            .collect();
        assert_eq!(found.len(), 10);
        let expected = ["'=1+1", "'@x", "a \"b\", c", "'-2", "plain"];
        let firsts: Vec<&str> = found.iter().step_by(2).map(String::as_str).collect();
        assert_eq!(firsts, expected);
    }
}
