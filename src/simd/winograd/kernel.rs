//! The transform of a convolution's kernels, and its transpose.

use super::filtering::Filtering;
use super::lines::{Always, Never, apply, none};
use super::planes::{Planes, PlanesMut};
use crate::simd::dispatch::{Arch, on_vectors};
use pulp::{Simd, WithSimd};
use std::marker::PhantomData;

/// Values of a plane that [`add_kernel_gradient`] takes at once.
const AT_ONCE: usize = 128;

/// Working space of [`add_kernel_gradient`].
pub const KERNEL_WORK: usize = 6 * 5 * AT_ONCE;

/// `G g Gᵀ` of the kernels `[channels, KERNEL, KERNEL]` of one output: `places` `[TILE, TILE, channels]`.
/// In f64, since it is done once a step and all products carry its errors.
///
/// # Panics
/// If `places` is too short.
pub fn transform_kernels<F, const TILE: usize, const OUT: usize, const KERNEL: usize>(
    arch: Arch,
    kernels: &[f32],
    places: &mut [f32],
) where
    F: Filtering<TILE, OUT, KERNEL>,
{
    let channels = kernels.len() / (KERNEL * KERNEL);
    let mut taps = vec![0.0; kernels.len()];
    for (channel, kernel) in kernels.chunks_exact(KERNEL * KERNEL).enumerate() {
        for (tap, value) in kernel.iter().enumerate() {
            taps[tap * channels + channel] = f64::from(*value);
        }
    }
    on_vectors!(arch, transform_taps(&F::G, &taps, channels, places));
}

/// The same of `taps` `[KERNEL, KERNEL, channels]`.
#[inline(always)]
fn transform_taps<const TILE: usize, const KERNEL: usize>(
    g: &[[f64; KERNEL]; TILE],
    taps: &[f64],
    channels: usize,
    places: &mut [f32],
) {
    let (mut half, mut sum) = (vec![0.0; KERNEL * channels], vec![0.0; channels]);
    for (row, places) in g
        .iter()
        .zip(places.chunks_exact_mut((TILE * channels).max(1)))
    {
        half.fill(0.0);
        for (g, taps) in row.iter().zip(taps.chunks_exact(KERNEL * channels)) {
            for (half, tap) in half.iter_mut().zip(taps) {
                *half += g * tap;
            }
        }
        for (column, place) in g.iter().zip(places.chunks_exact_mut(channels)) {
            sum.fill(0.0);
            for (g, half) in column.iter().zip(half.chunks_exact(channels)) {
                for (sum, half) in sum.iter_mut().zip(half) {
                    *sum += g * half;
                }
            }
            for (place, sum) in place.iter_mut().zip(&sum) {
                *place = *sum as f32;
            }
        }
    }
}

/// `taps += Gᵀ du G`, transposed [`transform_kernels`], of `len` kernels at once: planes `du` of `len`
/// values, and `taps[i][j]` `[len]` for tap (i, j). `work` holds [`KERNEL_WORK`] values.
///
/// # Panics
/// If a slice is too short.
pub fn add_kernel_gradient<F, const TILE: usize, const OUT: usize, const KERNEL: usize>(
    arch: Arch,
    du: &Planes<'_, TILE>,
    taps: &mut PlanesMut<'_, KERNEL>,
    work: &mut [f32],
) where
    F: Filtering<TILE, OUT, KERNEL>,
{
    arch.dispatch(AddKernelGradient::<F, TILE, OUT, KERNEL> {
        du,
        taps,
        work,
        filtering: PhantomData,
    });
}

struct AddKernelGradient<'a, 'b, 'c, F, const TILE: usize, const OUT: usize, const KERNEL: usize> {
    du: &'a Planes<'b, TILE>,
    taps: &'a mut PlanesMut<'c, KERNEL>,
    work: &'a mut [f32],
    filtering: PhantomData<F>,
}

impl<F, const TILE: usize, const OUT: usize, const KERNEL: usize> WithSimd
    for AddKernelGradient<'_, '_, '_, F, TILE, OUT, KERNEL>
where
    F: Filtering<TILE, OUT, KERNEL>,
{
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { du, taps, work, .. } = self;
        let len = taps[0][0].len();
        for start in (0..len).step_by(AT_ONCE) {
            let end = len.min(start + AT_ONCE);
            let half = &mut work[..KERNEL * TILE * AT_ONCE];
            for column in 0..TILE {
                let mut from: [&[f32]; TILE] = [&[]; TILE];
                for (from, row) in from.iter_mut().zip(du) {
                    *from = &row[column][start..end];
                }
                let mut to: [&mut [f32]; KERNEL] = none();
                for (to, row) in to.iter_mut().zip(half.chunks_exact_mut(TILE * AT_ONCE)) {
                    *to = &mut row[column * AT_ONCE..][..end - start];
                }
                apply::<S, F::KernelGradient, Never, TILE, KERNEL>(simd, from, None, to);
            }
            for (half, taps) in half.chunks_exact(TILE * AT_ONCE).zip(taps.iter_mut()) {
                let mut from: [&[f32]; TILE] = [&[]; TILE];
                for (from, column) in from.iter_mut().zip(half.chunks_exact(AT_ONCE)) {
                    *from = &column[..end - start];
                }
                let mut to: [&mut [f32]; KERNEL] = none();
                for (to, tap) in to.iter_mut().zip(taps) {
                    *to = &mut tap[start..end];
                }
                apply::<S, F::KernelGradient, Always, TILE, KERNEL>(simd, from, None, to);
            }
        }
    }
}
