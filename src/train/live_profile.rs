//! Where the time of a run goes, told while it trains.

use crate::nn::Network;
use crate::nn::profile::Profile;
use crate::spec::LayerSummary;
use std::time::{Duration, Instant};

/// Time until the first figures: somebody waits for them.
const FIRST: Duration = Duration::from_millis(200);
/// Time between two of them: each is the mean of the steps since the one before.
const EVERY: Duration = Duration::from_secs(1);

/// Records the steps of a run while that is wanted.
#[derive(Default)]
pub(super) struct LiveProfile {
    /// Whether somebody wants to know.
    pub is_wanted: bool,
    /// When the next figures are due, while steps are recorded.
    due: Option<Instant>,
}

impl LiveProfile {
    /// Begins or ends recording after a step, as is wanted, and returns the figures when they are due;
    /// `layers` are the network's.
    pub fn after_step(&mut self, network: &Network, layers: &[LayerSummary]) -> Option<Profile> {
        match (self.is_wanted, self.due) {
            (false, None) => None,
            (false, Some(_)) => {
                network.recorder().turn_off();
                self.due = None;
                None
            }
            (true, None) => {
                network.recorder().turn_on();
                self.due = Some(Instant::now() + FIRST);
                None
            }
            (true, Some(due)) => {
                let now = Instant::now();
                if now < due {
                    return None;
                }
                self.due = Some(now + EVERY);
                network.take_profile(layers)
            }
        }
    }
}
