//! Asks for memory some time before it is read or written.
//!
//! A walk over more values than the caches hold waits for each line longer than it computes with it. The
//! machine sees such walks and reads ahead, but not past the next page and not far enough: passes over a
//! batch's activations are up to twice as fast if they ask for themselves.

/// Asks for the cache line of `values[at]`; `at` may be beyond the end. Does nothing where stable Rust
/// has no such instruction.
#[inline(always)]
pub fn prefetch<T>(values: &[T], at: usize) {
    #[cfg(target_arch = "x86_64")]
    {
        use std::arch::x86_64::{_MM_HINT_T1, _mm_prefetch};
        let line = values.as_ptr().wrapping_add(at);
        // SAFETY: every x86-64 CPU has the instruction; it takes any address, and neither reads nor
        // writes as far as a program can tell. `_MM_HINT_T1`: into the second level, which has room for
        // lines that are needed late.
        unsafe { _mm_prefetch::<_MM_HINT_T1>(line.cast()) };
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = (values, at);
}
