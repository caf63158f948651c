//! How much memory a process holds, over time.

/// Resident memory, a sample at a time.
#[derive(Default)]
pub struct Memory {
    kilobytes: Vec<f64>,
}

impl Memory {
    pub fn sample(&mut self, process: u32) {
        let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let number = line.and_then(|line| line.split_whitespace().next());
        self.kilobytes.push(number.unwrap().parse().unwrap());
    }

    /// The median of a quarter of the samples, from 0.
    fn quarter(&self, quarter: usize) -> f64 {
        let count = self.kilobytes.len();
        let mut samples = self.kilobytes[count * quarter / 4..count * (quarter + 1) / 4].to_vec();
        samples.sort_by(f64::total_cmp);
        samples[samples.len() / 2]
    }

    /// The last quarter over the second; the first is for warming up.
    pub fn growth(&self) -> f64 {
        self.quarter(3) / self.quarter(1) - 1.0
    }

    pub fn summary(&self) -> String {
        let megabytes = |kilobytes: f64| format!("{:.1}", kilobytes / 1024.0);
        let quarters: Vec<String> = (0..4)
            .map(|quarter| megabytes(self.quarter(quarter)))
            .collect();
        format!(
            "first {} MB, medians of the quarters {} MB, last {} MB, growth {:+.2} %",
            megabytes(self.kilobytes[0]),
            quarters.join(", "),
            megabytes(self.kilobytes[self.kilobytes.len() - 1]),
            self.growth() * 100.0
        )
    }
}
