//! Where to fetch to, and when to give up.

use std::path::PathBuf;
use std::time::Duration;

/// How to fetch.
#[derive(Clone, Debug, PartialEq)]
pub struct FetchOptions {
    /// Folder for the files; made if it is not there.
    pub dir: PathBuf,
    /// Replace a file that differs by the published one.
    pub replace: bool,
    /// When a server counts as silent.
    pub time_outs: TimeOuts,
    /// How often to try.
    pub patience: Patience,
}

impl FetchOptions {
    /// Into this folder, with nothing replaced.
    pub fn new(dir: impl Into<PathBuf>) -> Self {
        Self {
            dir: dir.into(),
            replace: false,
            time_outs: TimeOuts::default(),
            patience: Patience::default(),
        }
    }
}

/// When a request is given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeOuts {
    /// For finding the host, and then for connecting to it.
    pub connect: Duration,
    /// Without a single byte.
    pub idle: Duration,
    /// For one whole request.
    pub total: Duration,
}

impl Default for TimeOuts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            idle: Duration::from_secs(20),
            total: Duration::from_secs(1800),
        }
    }
}

/// How often an address is tried before the next one is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// Tries in a row without progress.
    pub tries: u32,
    /// The longest wait before the second try; every further one may be twice as long.
    pub first_wait: Duration,
    /// No wait is longer.
    pub longest_wait: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            tries: 3,
            first_wait: Duration::from_secs(1),
            longest_wait: Duration::from_secs(15),
        }
    }
}

impl Patience {
    /// How long to wait after `failed` tries in a row: a random time from half to all of a wait that
    /// doubles with every try, so that many clients do not return at the same moment. `chance` is 0
    /// to 1.
    pub(super) fn wait(&self, failed: u32, chance: f32) -> Duration {
        let doubled = 2_u32.saturating_pow(failed.saturating_sub(1));
        let most = self.first_wait.saturating_mul(doubled);
        most.min(self.longest_wait).mul_f32(0.5 + 0.5 * chance)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_a_limit() {
        let patience = Patience::default();
        let seconds = [1, 2, 3, 4, 5, 6, 99].map(|failed| patience.wait(failed, 1.0).as_secs());
        assert_eq!(seconds, [1, 2, 4, 8, 15, 15, 15]);
        assert_eq!(patience.wait(1, 0.0), Duration::from_millis(500));
    }
}
