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

/// `G g Gᵀ` of `kernels` `[outputs, channels, KERNEL, KERNEL]`: planes `[outputs, channels]`. In f64, since
/// it is done once a step and all products carry its errors.
///
/// # Panics
/// If a plane is too short.
pub fn transform_kernels<F, const TILE: usize, const OUT: usize, const KERNEL: usize>(
    arch: Arch,
    kernels: &[f32],
    channels: usize,
    planes: &mut PlanesMut<'_, TILE>,
) where
    F: Filtering<TILE, OUT, KERNEL>,
{
    on_vectors!(arch, transform_all(&F::G, kernels, channels, planes));
}

#[inline(always)]
fn transform_all<const TILE: usize, const KERNEL: usize>(
    g: &[[f64; KERNEL]; TILE],
    kernels: &[f32],
    channels: usize,
    planes: &mut PlanesMut<'_, TILE>,
) {
    let len = channels * KERNEL * KERNEL;
    let (mut taps, mut half) = (vec![0.0; len], vec![0.0; KERNEL * channels]);
    let mut sum = vec![0.0; channels];
    for (output, kernels) in kernels.chunks_exact(len).enumerate() {
        for (channel, kernel) in kernels.chunks_exact(KERNEL * KERNEL).enumerate() {
            for (tap, value) in kernel.iter().enumerate() {
                taps[tap * channels + channel] = f64::from(*value);
            }
        }
        for (row, planes) in g.iter().zip(planes.iter_mut()) {
            combine(row, &taps, &mut half);
            for (column, plane) in g.iter().zip(planes) {
                combine(column, &half, &mut sum);
                let values = &mut plane[output * channels..][..channels];
                for (value, sum) in values.iter_mut().zip(&sum) {
                    *value = *sum as f32;
                }
            }
        }
    }
}

/// Overwrites `sum` by the rows of `values`, as many as `g` has, times the values of `g`.
#[inline(always)]
fn combine(g: &[f64], values: &[f64], sum: &mut [f64]) {
    sum.fill(0.0);
    for (g, values) in g.iter().zip(values.chunks_exact(sum.len())) {
        for (sum, value) in sum.iter_mut().zip(values) {
            *sum += g * value;
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
