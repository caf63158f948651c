//! Dispatch over instruction sets: the same code compiled for AVX-512, AVX2, NEON and without vectors,
//! and the choice among them at run time.

pub use pulp::Arch;
use pulp::{Simd, WithSimd};

/// Values in one vector register of `arch`.
pub fn lanes(arch: Arch) -> usize {
    struct Lanes;
    impl WithSimd for Lanes {
        type Output = usize;
        fn with_simd<S: Simd>(self, _: S) -> usize {
            S::F32_LANES
        }
    }
    arch.dispatch(Lanes)
}

/// Vector registers of `arch`.
pub fn registers(arch: Arch) -> usize {
    struct Registers;
    impl WithSimd for Registers {
        type Output = usize;
        fn with_simd<S: Simd>(self, _: S) -> usize {
            S::REGISTER_COUNT
        }
    }
    arch.dispatch(Registers)
}

/// What people call the instruction set of `arch`.
pub fn instruction_set(arch: Arch) -> &'static str {
    match arch {
        #[cfg(target_arch = "x86_64")]
        Arch::V3(_) => "AVX2",
        #[cfg(target_arch = "x86_64")]
        Arch::V4(_) => "AVX-512",
        #[cfg(target_arch = "aarch64")]
        Arch::Neon(_) => "NEON",
        _ => "no vector instructions",
    }
}

/// What [`on_vectors!`] makes its closure consume.
pub struct Once;

/// Compiles an expression of plain loops for the instruction set of `arch` and runs it.
///
/// A closure that can be called more than once is called through a shim of the compiler, which is not
/// compiled for the instruction set; so this one consumes a value.
macro_rules! on_vectors {
    ($arch:expr, $body:expr) => {{
        let once = $crate::simd::Once;
        $arch.dispatch(
            #[inline(always)]
            move || {
                let _consumed: $crate::simd::Once = once;
                $body
            },
        )
    }};
}
pub(crate) use on_vectors;

/// Every instruction set that this machine can run, for tests that compare them.
#[cfg(test)]
pub fn available() -> Vec<Arch> {
    let mut all = vec![Arch::Scalar];
    #[cfg(target_arch = "x86_64")]
    all.extend(pulp::x86::V3::try_new().map(Arch::V3));
    if all.iter().all(|arch| lanes(*arch) != lanes(Arch::new())) {
        all.push(Arch::new());
    }
    all
}
