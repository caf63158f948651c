//! The program's log of how long keys took to show: a line for every event it has read and drawn.

use std::fs::File;
use std::io::Read;
use std::path::Path;

/// The log, read as it grows.
pub struct LatencyLog {
    file: File,
    /// The beginning of a line whose end is not written yet.
    open: String,
    milliseconds: Vec<f64>,
}

impl LatencyLog {
    pub fn open(path: &Path) -> Self {
        Self {
            file: File::open(path).unwrap(),
            open: String::new(),
            milliseconds: Vec::new(),
        }
    }

    /// Events shown so far.
    pub fn count(&mut self) -> usize {
        self.file.read_to_string(&mut self.open).unwrap();
        if let Some(end) = self.open.rfind('\n') {
            let rest = self.open.split_off(end + 1);
            let lines = std::mem::replace(&mut self.open, rest);
            let numbers = lines.lines().map(|line| line.parse::<f64>().unwrap());
            self.milliseconds.extend(numbers);
        }
        self.milliseconds.len()
    }

    /// Median, 99th percentile, largest.
    pub fn summary(&self) -> String {
        let mut sorted = self.milliseconds.clone();
        sorted.sort_by(f64::total_cmp);
        let at = |share: f64| sorted[((sorted.len() - 1) as f64 * share).round() as usize];
        format!(
            "median {:.1} ms, 99th percentile {:.1} ms, largest {:.1} ms",
            at(0.5),
            at(0.99),
            at(1.0)
        )
    }
}
