//! How the learning rate changes over the run.

use serde::{Deserialize, Serialize};
use std::f64::consts::PI;

/// A factor on the learning rate as a function of the time in epochs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum Schedule {
    /// Always 1.
    #[default]
    Constant,
    /// Multiplied by `factor` after every `every_epochs` epochs.
    Step {
        /// Epochs between drops.
        every_epochs: usize,
        /// What each drop multiplies by.
        factor: f64,
    },
    /// Half a cosine from 1 down to `final_factor` (<https://arxiv.org/abs/1608.03983>, no restarts).
    Cosine {
        /// The factor at the end of the run.
        #[serde(default)]
        final_factor: f64,
    },
    /// Cosine up to the learning rate, then down to almost nothing
    /// (Smith & Topin 2018, <https://arxiv.org/abs/1708.07120>).
    OneCycle {
        /// Share of the run spent rising.
        #[serde(default = "default_rise")]
        rise: f64,
        /// The factor at the start.
        #[serde(default = "default_initial_factor")]
        initial_factor: f64,
        /// The factor at the end.
        #[serde(default = "default_cycle_end")]
        final_factor: f64,
    },
}

impl Schedule {
    /// The factor on the learning rate at `time` epochs into a run of `epochs`, after a linear
    /// warm-up of `warmup_epochs`. `time` counts completed batches as fractions of an epoch.
    pub fn factor(&self, time: f64, epochs: f64, warmup_epochs: f64) -> f64 {
        let warmup = if time < warmup_epochs {
            time / warmup_epochs
        } else {
            1.0
        };
        warmup * self.factor_after_warmup(time, epochs, warmup_epochs)
    }

    fn factor_after_warmup(&self, time: f64, epochs: f64, warmup_epochs: f64) -> f64 {
        // Cosine and one-cycle run over what the warm-up leaves; steps count epochs from the start.
        let left = (epochs - warmup_epochs).max(f64::MIN_POSITIVE);
        let progress = ((time - warmup_epochs) / left).clamp(0.0, 1.0);
        match *self {
            Self::Constant => 1.0,
            Self::Step {
                every_epochs,
                factor,
            } => factor.powi((time / every_epochs as f64).floor() as i32),
            Self::Cosine { final_factor } => half_cosine(1.0, final_factor, progress),
            Self::OneCycle {
                rise,
                initial_factor,
                final_factor,
            } => {
                if progress < rise {
                    half_cosine(initial_factor, 1.0, progress / rise)
                } else {
                    half_cosine(1.0, final_factor, (progress - rise) / (1.0 - rise))
                }
            }
        }
    }
}

/// From `start` to `end` along half a cosine as `progress` goes from 0 to 1.
fn half_cosine(start: f64, end: f64, progress: f64) -> f64 {
    end + (start - end) * 0.5 * (1.0 + (PI * progress).cos())
}

fn default_rise() -> f64 {
    0.3
}
fn default_initial_factor() -> f64 {
    0.04
}
fn default_cycle_end() -> f64 {
    4e-6
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(actual: f64, expected: f64) {
        assert!(
            (actual - expected).abs() < 1e-9,
            "{actual} is not {expected}"
        );
    }

    #[test]
    fn constant_stays_and_warms_up() {
        near(Schedule::Constant.factor(7.0, 10.0, 0.0), 1.0);
        near(Schedule::Constant.factor(0.5, 10.0, 2.0), 0.25);
        near(Schedule::Constant.factor(2.0, 10.0, 2.0), 1.0);
    }

    #[test]
    fn step_drops_after_whole_periods() {
        let step = Schedule::Step {
            every_epochs: 3,
            factor: 0.1,
        };
        near(step.factor(2.99, 10.0, 0.0), 1.0);
        near(step.factor(3.0, 10.0, 0.0), 0.1);
        near(step.factor(6.5, 10.0, 0.0), 0.01);
    }

    #[test]
    fn cosine_is_half_way_in_the_middle_and_ends_at_its_floor() {
        let cosine = Schedule::Cosine { final_factor: 0.2 };
        near(cosine.factor(0.0, 10.0, 0.0), 1.0);
        near(cosine.factor(5.0, 10.0, 0.0), 0.6);
        near(cosine.factor(10.0, 10.0, 0.0), 0.2);
        near(cosine.factor(6.0, 10.0, 2.0), 0.6);
    }

    #[test]
    fn one_cycle_peaks_where_the_rise_ends() {
        let cycle = Schedule::OneCycle {
            rise: 0.25,
            initial_factor: 0.1,
            final_factor: 0.01,
        };
        near(cycle.factor(0.0, 20.0, 0.0), 0.1);
        near(cycle.factor(5.0, 20.0, 0.0), 1.0);
        near(cycle.factor(20.0, 20.0, 0.0), 0.01);
        let before = cycle.factor(4.0, 20.0, 0.0);
        let after = cycle.factor(8.0, 20.0, 0.0);
        assert!(before < 1.0 && after < 1.0);
    }
}
