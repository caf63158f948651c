//! Which precision a run really uses on this CPU.

use crate::simd::Engine;
use crate::simd::bf16::Unit;
use crate::spec::Precision;

/// The notice of a run that should train in bf16 on a CPU that cannot.
const NO_BF16: &str = "this CPU has neither AMX nor AVX512-BF16: training in f32";

/// The precision to train in, where the spec says `asked` and the CPU has `unit`, and a notice where the
/// two differ.
pub fn used_precision(asked: Precision, unit: Option<Unit>) -> (Precision, Option<&'static str>) {
    match (asked, unit) {
        (Precision::Bf16, None) => (Precision::F32, Some(NO_BF16)),
        (asked, _) => (asked, None),
    }
}

/// The matrix products of the precision that [`used_precision`] returned.
pub(super) fn engine(used: Precision, unit: Option<Unit>) -> Engine {
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
}
