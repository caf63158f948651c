//! The 4×4 tile of F(2×2, 3×3), by the points 0, 1, −1 and ∞, with the signs of Lavin & Gray.

use super::filtering::Filtering;
use super::lines::Lines;
use pulp::Simd;

/// F(2×2, 3×3).
pub struct F2x3;

impl Filtering<4, 2, 3> for F2x3 {
    type Input = Input;
    type InputGradient = InputGradient;
    type Output = Output;
    type OutputGradient = OutputGradient;
    type KernelGradient = KernelGradient;
    const G: [[f64; 3]; 4] = [
        [1.0, 0.0, 0.0],
        [0.5, 0.5, 0.5],
        [0.5, -0.5, 0.5],
        [0.0, 0.0, 1.0],
    ];
}

/// `Bᵀ d`.
pub struct Input;

impl Lines<4, 4> for Input {
    #[inline(always)]
    fn map<S: Simd>(simd: S, d: [S::f32s; 4]) -> [S::f32s; 4] {
        [
            simd.sub_f32s(d[0], d[2]),
            simd.add_f32s(d[1], d[2]),
            simd.sub_f32s(d[2], d[1]),
            simd.sub_f32s(d[1], d[3]),
        ]
    }
}

/// `B dv`.
pub struct InputGradient;

impl Lines<4, 4> for InputGradient {
    #[inline(always)]
    fn map<S: Simd>(simd: S, v: [S::f32s; 4]) -> [S::f32s; 4] {
        let difference = simd.sub_f32s(v[1], v[2]);
        [
            v[0],
            simd.add_f32s(difference, v[3]),
            simd.sub_f32s(simd.add_f32s(v[1], v[2]), v[0]),
            simd.neg_f32s(v[3]),
        ]
    }
}

/// `Aᵀ m`.
pub struct Output;

impl Lines<4, 2> for Output {
    #[inline(always)]
    fn map<S: Simd>(simd: S, m: [S::f32s; 4]) -> [S::f32s; 2] {
        [
            simd.add_f32s(simd.add_f32s(m[0], m[1]), m[2]),
            simd.sub_f32s(simd.sub_f32s(m[1], m[2]), m[3]),
        ]
    }
}

/// `A dy`.
pub struct OutputGradient;

impl Lines<2, 4> for OutputGradient {
    #[inline(always)]
    fn map<S: Simd>(simd: S, y: [S::f32s; 2]) -> [S::f32s; 4] {
        [
            y[0],
            simd.add_f32s(y[0], y[1]),
            simd.sub_f32s(y[0], y[1]),
            simd.neg_f32s(y[1]),
        ]
    }
}

/// `Gᵀ du`.
pub struct KernelGradient;

impl Lines<4, 3> for KernelGradient {
    #[inline(always)]
    fn map<S: Simd>(simd: S, u: [S::f32s; 4]) -> [S::f32s; 3] {
        let half = simd.splat_f32s(0.5);
        let sum = simd.add_f32s(u[1], u[2]);
        [
            simd.mul_add_e_f32s(half, sum, u[0]),
            simd.mul_f32s(half, simd.sub_f32s(u[1], u[2])),
            simd.mul_add_e_f32s(half, sum, u[3]),
        ]
    }
}
