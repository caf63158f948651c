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
    /// Multiplied by `factor` whenever more than `patience` epochs passed without a validation loss that
    /// is lower by a ten-thousandth: PyTorch's `ReduceLROnPlateau` with its defaults.
    ReduceOnPlateau {
        /// What each drop multiplies by.
        #[serde(default = "default_drop")]
        factor: f64,
        /// Epochs without a lower loss before a drop.
        #[serde(default = "default_patience")]
        patience: usize,
    },
}

impl Schedule {
    /// The schedule in a word or two.
    pub fn in_words(&self) -> &'static str {
        match self {
            Self::Constant => "constant rate",
            Self::Step { .. } => "rate in steps",
            Self::Cosine { .. } => "cosine rate",
            Self::OneCycle { .. } => "one-cycle rate",
            Self::ReduceOnPlateau { .. } => "rate by plateaus",
        }
    }

    /// The factor on the learning rate in Python: an expression of `time`, in epochs, `progress`, from 0 to 1
    /// after the warm-up, and the validation `losses`, with the functions `half_cosine` and `drops`.
    pub fn python(&self) -> String {
        match self {
            Self::Constant => "1.0".into(),
            Self::Step {
                every_epochs,
                factor,
            } => format!("{factor:?} ** math.floor(time / {every_epochs})"),
            Self::Cosine { final_factor } => {
                format!("half_cosine(1.0, {final_factor:?}, progress)")
            }
            Self::OneCycle {
                rise,
                initial_factor,
                final_factor,
            } => {
                let (rising, left) = (format!("progress / {rise:?}"), 1.0 - rise);
                format!(
                    "(\n        half_cosine({initial_factor:?}, 1.0, {rising})\n        if progress < {rise:?}\n        \
                     else half_cosine(1.0, {final_factor:?}, (progress - {rise:?}) / {left:?})\n    )"
                )
            }
            Self::ReduceOnPlateau { factor, patience } => {
                format!("{factor:?} ** drops(losses, {patience})")
            }
        }
    }

    /// The factor on the learning rate at `time` epochs into a run of `epochs`, after a linear
    /// warm-up of `warmup_epochs`. `time` counts completed batches as fractions of an epoch;
    /// `validation_losses` are those of the complete epochs.
    pub fn factor(
        &self,
        time: f64,
        epochs: f64,
        warmup_epochs: f64,
        validation_losses: impl IntoIterator<Item = f64>,
    ) -> f64 {
        let warmup = if time < warmup_epochs {
            time / warmup_epochs
        } else {
            1.0
        };
        warmup * self.factor_after_warmup(time, epochs, warmup_epochs, validation_losses)
    }

    fn factor_after_warmup(
        &self,
        time: f64,
        epochs: f64,
        warmup_epochs: f64,
        validation_losses: impl IntoIterator<Item = f64>,
    ) -> f64 {
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
            Self::ReduceOnPlateau { factor, patience } => {
                factor.powi(drops(validation_losses, patience))
            }
        }
    }
}

/// How often the loss has not fallen for more than `patience` epochs, counted anew after each time.
fn drops(losses: impl IntoIterator<Item = f64>, patience: usize) -> i32 {
    let (mut best, mut waited, mut drops) = (f64::INFINITY, 0, 0);
    for loss in losses {
        if loss < best * (1.0 - 1e-4) {
            (best, waited) = (loss, 0);
        } else {
            waited += 1;
        }
        if waited > patience {
            (waited, drops) = (0, drops + 1);
        }
    }
    drops
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
fn default_drop() -> f64 {
    0.5
}
fn default_patience() -> usize {
    3
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
        near(Schedule::Constant.factor(7.0, 10.0, 0.0, []), 1.0);
        near(Schedule::Constant.factor(0.5, 10.0, 2.0, []), 0.25);
        near(Schedule::Constant.factor(2.0, 10.0, 2.0, []), 1.0);
    }

    #[test]
    fn step_drops_after_whole_periods() {
        let step = Schedule::Step {
            every_epochs: 3,
            factor: 0.1,
        };
        near(step.factor(2.99, 10.0, 0.0, []), 1.0);
        near(step.factor(3.0, 10.0, 0.0, []), 0.1);
        near(step.factor(6.5, 10.0, 0.0, []), 0.01);
    }

    #[test]
    fn cosine_is_half_way_in_the_middle_and_ends_at_its_floor() {
        let cosine = Schedule::Cosine { final_factor: 0.2 };
        near(cosine.factor(0.0, 10.0, 0.0, []), 1.0);
        near(cosine.factor(5.0, 10.0, 0.0, []), 0.6);
        near(cosine.factor(10.0, 10.0, 0.0, []), 0.2);
        near(cosine.factor(6.0, 10.0, 2.0, []), 0.6);
    }

    #[test]
    fn one_cycle_peaks_where_the_rise_ends() {
        let cycle = Schedule::OneCycle {
            rise: 0.25,
            initial_factor: 0.1,
            final_factor: 0.01,
        };
        near(cycle.factor(0.0, 20.0, 0.0, []), 0.1);
        near(cycle.factor(5.0, 20.0, 0.0, []), 1.0);
        near(cycle.factor(20.0, 20.0, 0.0, []), 0.01);
        let before = cycle.factor(4.0, 20.0, 0.0, []);
        let after = cycle.factor(8.0, 20.0, 0.0, []);
        assert!(before < 1.0 && after < 1.0);
    }

    #[test]
    fn a_plateau_drops_where_pytorchs_does() {
        // torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, factor=0.5, patience=1), lr 1.0,
        // after .step(loss) of each loss:
        let losses = [
            1.0, 0.9, 0.90001, 0.9, 0.95, 0.8, 0.79999, 0.79998, 0.5, 0.6, 0.7, 0.8, 0.9,
        ];
        let expected = [
            1.0, 1.0, 1.0, 0.5, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25, 0.125, 0.125, 0.0625,
        ];
        let schedule = Schedule::ReduceOnPlateau {
            factor: 0.5,
            patience: 1,
        };
        for (epochs, expected) in (1..).zip(expected) {
            let factor =
                schedule.factor(epochs as f64, 20.0, 0.0, losses[..epochs].iter().copied());
            near(factor, expected);
        }
    }
}
