//! What this program is: its version, what it was built for, and with what it computes here.

use crate::simd::bf16::Unit;
use crate::simd::{Arch, instruction_set};
use std::sync::LazyLock;

/// The program's version.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
/// The target that it was built for.
pub const BUILT_FOR: &str = env!("BUILT_FOR");

/// The instructions that compute in f32 on this CPU.
pub fn f32_path() -> &'static str {
    instruction_set(Arch::new())
}

/// The bf16 units of this CPU, the fastest first; none where bf16 is not faster than f32.
pub fn bf16_units() -> Vec<&'static str> {
    let name = |unit: Unit| match unit {
        Unit::Amx => Some("AMX"),
        Unit::Avx512Bf16 => Some("AVX512-BF16"),
        Unit::Portable => None,
    };
    Unit::available().into_iter().filter_map(name).collect()
}

/// The bf16 units as text.
pub fn bf16_path() -> String {
    match bf16_units().as_slice() {
        [] => "not faster than f32 on this CPU".into(),
        units => units.join(", "),
    }
}

/// What `--version` prints; `-V` has the number alone.
pub fn long_version() -> &'static str {
    static TEXT: LazyLock<String> = LazyLock::new(|| {
        let checks = match cfg!(debug_assertions) {
            true => ", without optimisation",
            false => "",
        };
        format!(
            "{VERSION}\nbuilt for  {BUILT_FOR}{checks}\nf32 on     {}\nbf16 on    {}\nfeatures   all: nothing is \
             left out of this build",
            f32_path(),
            bf16_path()
        )
    });
    &TEXT
}
