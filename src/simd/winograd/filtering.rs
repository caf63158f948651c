//! What tells one algorithm from another: its linear maps.

use super::lines::Lines;

/// F(`OUT`×`OUT`, `KERNEL`×`KERNEL`) on tiles of `TILE`×`TILE` pixels, `TILE = OUT + KERNEL − 1`.
pub trait Filtering<const TILE: usize, const OUT: usize, const KERNEL: usize> {
    /// `Bᵀ d`: input pixels to places.
    type Input: Lines<TILE, TILE>;
    /// `B dv`: its transpose.
    type InputGradient: Lines<TILE, TILE>;
    /// `Aᵀ m`: places to output pixels.
    type Output: Lines<TILE, OUT>;
    /// `A dy`: its transpose.
    type OutputGradient: Lines<OUT, TILE>;
    /// `Gᵀ du`: the transpose of the kernel's transform.
    type KernelGradient: Lines<TILE, KERNEL>;
    /// `G`, the transform of the kernel.
    const G: [[f64; KERNEL]; TILE];
}
