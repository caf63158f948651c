//! Which precision a run really uses on this CPU.

use super::TrainError;
use crate::nn::{Model, Optimizer};
use crate::simd::Engine;
use crate::simd::bf16::Unit;
use crate::spec::{CheckedSpec, Precision};
use std::time::Instant;

/// The notice of a run that should train in bf16 on a CPU that cannot.
const NO_BF16: &str = "this CPU has neither AMX nor AVX512-BF16: training in f32";
/// `auto` takes bf16 only where it is so many times as fast as f32: less may be chance, and f32 is more
/// exact.
const MARGIN: f64 = 1.1;
/// Steps that are timed in each precision, after one that warms up. The fastest counts.
const TIMED_STEPS: u64 = 3;
/// Images in such a step, at most.
const TIMED_IMAGES: usize = 256;

/// The precision of a run on this machine.
#[derive(Clone, Debug, PartialEq)]
pub struct PrecisionChoice {
    /// What products are made of.
    pub used: Precision,
    /// What `auto` chose when the run began. It is saved with the run, so that it goes on with the same
    /// bits; none where the spec names a precision.
    pub auto: Option<Precision>,
    /// Why it is not the spec's, or what `auto` chose and why.
    pub notice: Option<String>,
}

impl PrecisionChoice {
    /// The choice for a run of `spec`, on the current thread pool. Where the spec says `auto`, a few steps
    /// on made-up images are timed in either precision, unless the run has its choice `saved`.
    ///
    /// # Errors
    /// A failure of the arithmetic.
    pub fn of(spec: &CheckedSpec, saved: Option<Precision>) -> Result<Self, TrainError> {
        let unit = Unit::detect();
        choose(spec.precision, saved, unit, |precision| {
            seconds_of_step(spec, engine(precision, unit))
        })
    }

    /// The arithmetic of its products.
    pub fn engine(&self) -> Engine {
        engine(self.used, Unit::detect())
    }
}

/// The choice where the spec says `asked` and the CPU has `unit`; `time` measures the seconds of a step.
fn choose(
    asked: Precision,
    saved: Option<Precision>,
    unit: Option<Unit>,
    mut time: impl FnMut(Precision) -> Result<f64, TrainError>,
) -> Result<PrecisionChoice, TrainError> {
    if asked != Precision::Auto {
        let (used, notice) = used_precision(asked, unit);
        return Ok(PrecisionChoice {
            used,
            auto: None,
            notice: notice.map(str::to_owned),
        });
    }
    let (auto, why) = match (saved, unit) {
        (Some(saved), _) => (saved, "as when the run began".to_owned()),
        (None, None) => {
            let why = "this CPU has neither AMX nor AVX512-BF16";
            (Precision::F32, why.to_owned())
        }
        (None, Some(_)) => {
            let gain = time(Precision::F32)? / time(Precision::Bf16)?;
            match gain >= MARGIN {
                true => (Precision::Bf16, format!("{gain:.2} times as fast as f32")),
                false => (Precision::F32, format!("bf16 is {gain:.2} times as fast")),
            }
        }
    };
    let (used, missing) = used_precision(auto, unit);
    let chosen = format!("precision auto: {}, {why}", auto.name());
    Ok(PrecisionChoice {
        used,
        auto: Some(auto),
        notice: Some(match missing {
            Some(missing) => format!("{chosen}; {missing}"),
            None => chosen,
        }),
    })
}

/// The shortest time of a training step of a new network.
fn seconds_of_step(spec: &CheckedSpec, engine: Engine) -> Result<f64, TrainError> {
    let mut model = Model::with_engine(spec, engine)?;
    let mut optimizer = Optimizer::new(spec.optimizer);
    let images = spec.batch_size.min(TIMED_IMAGES);
    let values = images * spec.input.channels * spec.input.height * spec.input.width;
    let level = |index: usize| (index * 37 % 101) as f32 / 50.0 - 1.0;
    let pixels: Vec<f32> = (0..values).map(level).collect();
    let labels = vec![0; images];
    let mut best = f64::INFINITY;
    for step in 0..=TIMED_STEPS {
        let begun = Instant::now();
        model.train_step(&pixels, &labels, &mut optimizer, 0.0, step)?;
        if step > 0 {
            best = best.min(begun.elapsed().as_secs_f64());
        }
    }
    Ok(best)
}

/// The precision to train in, where the spec says `asked` and the CPU has `unit`, and a notice where the
/// two differ. `auto` is f32 where nothing was measured.
pub fn used_precision(asked: Precision, unit: Option<Unit>) -> (Precision, Option<&'static str>) {
    match (asked, unit) {
        (Precision::Bf16, None) => (Precision::F32, Some(NO_BF16)),
        (Precision::Bf16, Some(_)) => (Precision::Bf16, None),
        (Precision::F32 | Precision::Auto, _) => (Precision::F32, None),
    }
}

/// The matrix products of the precision that [`used_precision`] returned.
fn engine(used: Precision, unit: Option<Unit>) -> Engine {
    match (used, unit) {
        (Precision::Bf16, Some(unit)) => Engine::bf16(unit),
        _ => Engine::f32(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bf16_is_used_where_the_cpu_has_a_unit_for_it() {
        for unit in [Unit::Amx, Unit::Avx512Bf16] {
            let used = used_precision(Precision::Bf16, Some(unit));
            assert_eq!(used, (Precision::Bf16, None));
        }
    }

    #[test]
    fn without_a_unit_f32_is_used_and_the_missing_is_named() {
        let (used, notice) = used_precision(Precision::Bf16, None);
        assert_eq!(used, Precision::F32);
        assert_eq!(
            notice,
            Some("this CPU has neither AMX nor AVX512-BF16: training in f32")
        );
    }

    #[test]
    fn f32_needs_nothing_and_says_nothing() {
        for unit in [None, Some(Unit::Amx)] {
            let used = used_precision(Precision::F32, unit);
            assert_eq!(used, (Precision::F32, None));
        }
    }

    /// The choice of `auto` where a step takes so many seconds in f32 and in bf16.
    fn auto(saved: Option<Precision>, unit: Option<Unit>, f32: f64, bf16: f64) -> PrecisionChoice {
        let time = |precision| match precision {
            Precision::Bf16 => Ok(bf16),
            _ => Ok(f32),
        };
        choose(Precision::Auto, saved, unit, time).unwrap()
    }

    #[test]
    fn auto_takes_bf16_where_it_is_clearly_faster_and_says_so() {
        let unit = Some(Unit::Avx512Bf16);
        let choice = auto(None, unit, 3.0, 2.0);
        assert_eq!(choice.used, Precision::Bf16);
        assert_eq!(choice.auto, Some(Precision::Bf16));
        let notice = "precision auto: bf16, 1.50 times as fast as f32";
        assert_eq!(choice.notice.as_deref(), Some(notice));
        for (bf16, notice) in [
            (1.95, "precision auto: f32, bf16 is 1.03 times as fast"),
            (4.0, "precision auto: f32, bf16 is 0.50 times as fast"),
        ] {
            let choice = auto(None, unit, 2.0, bf16);
            assert_eq!(choice.used, Precision::F32);
            assert_eq!(choice.notice.as_deref(), Some(notice));
        }
    }

    #[test]
    fn auto_measures_nothing_where_there_is_no_choice() {
        let never = |_| -> Result<f64, TrainError> { unreachable!("nothing is to be measured") };
        let choice = choose(Precision::Auto, None, None, never).unwrap();
        assert_eq!(choice.used, Precision::F32);
        let notice = "precision auto: f32, this CPU has neither AMX nor AVX512-BF16";
        assert_eq!(choice.notice.as_deref(), Some(notice));
        for asked in [Precision::F32, Precision::Bf16] {
            let choice = choose(asked, None, Some(Unit::Amx), never).unwrap();
            let used = (choice.used, choice.auto, choice.notice);
            assert_eq!(used, (asked, None, None));
        }
    }

    #[test]
    fn a_run_goes_on_with_what_auto_chose_at_its_start() {
        // Whatever would be faster now.
        let choice = auto(Some(Precision::F32), Some(Unit::Amx), 9.0, 1.0);
        assert_eq!(choice.used, Precision::F32);
        let notice = "precision auto: f32, as when the run began";
        assert_eq!(choice.notice.as_deref(), Some(notice));
        let choice = auto(Some(Precision::Bf16), Some(Unit::Amx), 1.0, 9.0);
        assert_eq!(choice.used, Precision::Bf16);
        // A machine that cannot.
        let choice = auto(Some(Precision::Bf16), None, 1.0, 9.0);
        assert_eq!(choice.used, Precision::F32);
        assert_eq!(choice.auto, Some(Precision::Bf16));
        assert!(choice.notice.unwrap().ends_with(NO_BF16));
    }

    #[test]
    fn a_step_can_be_timed() {
        let spec = crate::spec::preset("tiny").unwrap();
        let seconds = seconds_of_step(&spec, Engine::f32()).unwrap();
        assert!(seconds > 0.0 && seconds.is_finite());
    }
}
