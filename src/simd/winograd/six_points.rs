//! The 6×6 tile of F(4×4, 3×3) and F(2×2, 5×5), by the points 0, ±a, ±b and ∞. The transform of the
//! input depends on the points alone, so that both share it.
//!
//! a = 3/4 and b = 3/2 are exact in f32, as are the products of them that occur. Of eleven pairs they
//! are among the most exact: with 1 and 2, the points of Lavin & Gray, errors are two to three times as
//! large. The largest errors found, in units of the root mean square of the results, for values drawn
//! evenly from −1 to 1 (the weight's gradient: over 1,568 tiles):
//!
//! | | channels | output | input's gradient | weight's gradient |
//! |---|---:|---:|---:|---:|
//! | F(4×4, 3×3) | 8 | 2.8e-6 | 2.7e-6 | 4.1e-6 |
//! | | 64 | 4.6e-6 | 5.1e-6 | |
//! | | 192 | 6.8e-6 | 7.5e-6 | |
//! | F(2×2, 5×5) | 8 | 1.3e-6 | 2.7e-6 | 5.0e-6 |
//! | | 64 | 3.2e-6 | 4.4e-6 | |
//! | | 192 | 4.3e-6 | 7.9e-6 | |
//!
//! With operands rounded to bf16 they are 3 to 8 %: too much, see `nn::layers::conv2d`.

use super::filtering::Filtering;
use super::lines::Lines;
use pulp::Simd;

const A: f64 = 0.75;
const B: f64 = 1.5;
const A2: f64 = A * A;
const B2: f64 = B * B;

/// What the rows of G are divided by: for 0, for ±a, for ±b.
const N: [f64; 3] = [A2 * B2, 2.0 * A2 * (A2 - B2), 2.0 * B2 * (B2 - A2)];

/// F(4×4, 3×3).
pub struct F4x3;

impl Filtering<6, 4, 3> for F4x3 {
    type Input = Input;
    type InputGradient = InputGradient;
    type Output = Output;
    type OutputGradient = OutputGradient;
    type KernelGradient = KernelGradient;
    const G: [[f64; 3]; 6] = [
        [1.0 / N[0], 0.0, 0.0],
        [1.0 / N[1], A / N[1], A2 / N[1]],
        [1.0 / N[1], -A / N[1], A2 / N[1]],
        [1.0 / N[2], B / N[2], B2 / N[2]],
        [1.0 / N[2], -B / N[2], B2 / N[2]],
        [0.0, 0.0, 1.0],
    ];
}

/// F(2×2, 5×5).
pub struct F2x5;

impl Filtering<6, 2, 5> for F2x5 {
    type Input = Input;
    type InputGradient = InputGradient;
    type Output = Output;
    type OutputGradient = OutputGradient;
    type KernelGradient = KernelGradient;
    const G: [[f64; 5]; 6] = [
        [1.0 / N[0], 0.0, 0.0, 0.0, 0.0],
        [
            1.0 / N[1],
            A / N[1],
            A2 / N[1],
            A * A2 / N[1],
            A2 * A2 / N[1],
        ],
        [
            1.0 / N[1],
            -A / N[1],
            A2 / N[1],
            -A * A2 / N[1],
            A2 * A2 / N[1],
        ],
        [
            1.0 / N[2],
            B / N[2],
            B2 / N[2],
            B * B2 / N[2],
            B2 * B2 / N[2],
        ],
        [
            1.0 / N[2],
            -B / N[2],
            B2 / N[2],
            -B * B2 / N[2],
            B2 * B2 / N[2],
        ],
        [0.0, 0.0, 0.0, 0.0, 1.0],
    ];
}

#[inline(always)]
fn splat<S: Simd>(simd: S, value: f64) -> S::f32s {
    simd.splat_f32s(value as f32)
}

/// What the points ±p share: the sum and the difference of two places.
#[inline(always)]
fn pair<S: Simd>(simd: S, plus: S::f32s, minus: S::f32s) -> (S::f32s, S::f32s) {
    (simd.add_f32s(plus, minus), simd.sub_f32s(plus, minus))
}

/// `even + p·odd` and `even − p·odd`.
#[inline(always)]
fn both<S: Simd>(simd: S, p: f64, even: S::f32s, odd: S::f32s) -> [S::f32s; 2] {
    [
        simd.mul_add_e_f32s(splat(simd, p), odd, even),
        simd.mul_add_e_f32s(splat(simd, -p), odd, even),
    ]
}

/// `Bᵀ d`.
pub struct Input;

impl Lines<6, 6> for Input {
    #[inline(always)]
    fn map<S: Simd>(simd: S, d: [S::f32s; 6]) -> [S::f32s; 6] {
        let minus_sum = splat(simd, -A2 - B2);
        let (minus_a2, minus_b2) = (splat(simd, -A2), splat(simd, -B2));
        let product = splat(simd, A2 * B2);
        // d[k + 4] − (a² + b²)·d[k + 2] + a²b²·d[k]
        let first = simd.mul_add_e_f32s(minus_sum, d[2], d[4]);
        let last = simd.mul_add_e_f32s(minus_sum, d[3], d[5]);
        let even = simd.mul_add_e_f32s(minus_b2, d[2], d[4]);
        let odd = simd.mul_add_e_f32s(minus_b2, d[1], d[3]);
        let [v1, v2] = both(simd, A, even, odd);
        let even = simd.mul_add_e_f32s(minus_a2, d[2], d[4]);
        let odd = simd.mul_add_e_f32s(minus_a2, d[1], d[3]);
        let [v3, v4] = both(simd, B, even, odd);
        [
            simd.mul_add_e_f32s(product, d[0], first),
            v1,
            v2,
            v3,
            v4,
            simd.mul_add_e_f32s(product, d[1], last),
        ]
    }
}

/// `B dv`.
pub struct InputGradient;

impl Lines<6, 6> for InputGradient {
    #[inline(always)]
    fn map<S: Simd>(simd: S, v: [S::f32s; 6]) -> [S::f32s; 6] {
        let (even_a, odd_a) = pair(simd, v[1], v[2]);
        let (even_b, odd_b) = pair(simd, v[3], v[4]);
        let minus_sum = splat(simd, -A2 - B2);
        let product = splat(simd, A2 * B2);
        let even = simd.add_f32s(even_a, even_b);
        let odd_b = simd.mul_f32s(splat(simd, B), odd_b);
        let a = splat(simd, A);
        let odd = simd.mul_add_e_f32s(a, odd_a, odd_b);
        // −a·b²·(v1 − v2) − b·a²·(v3 − v4) + a²b²·v5
        let d1 = simd.mul_f32s(splat(simd, -A2), odd_b);
        let d1 = simd.mul_add_e_f32s(splat(simd, -A * B2), odd_a, d1);
        // −b²·(v1 + v2) − a²·(v3 + v4) − (a² + b²)·v0
        let d2 = simd.mul_f32s(splat(simd, -A2), even_b);
        let d2 = simd.mul_add_e_f32s(splat(simd, -B2), even_a, d2);
        [
            simd.mul_f32s(product, v[0]),
            simd.mul_add_e_f32s(product, v[5], d1),
            simd.mul_add_e_f32s(minus_sum, v[0], d2),
            simd.mul_add_e_f32s(minus_sum, v[5], odd),
            simd.add_f32s(v[0], even),
            v[5],
        ]
    }
}

/// `Aᵀ m`.
pub struct Output;

impl Lines<6, 4> for Output {
    #[inline(always)]
    fn map<S: Simd>(simd: S, m: [S::f32s; 6]) -> [S::f32s; 4] {
        let (even_a, odd_a) = pair(simd, m[1], m[2]);
        let (even_b, odd_b) = pair(simd, m[3], m[4]);
        let odd_b = simd.mul_f32s(splat(simd, B), odd_b);
        let y2 = simd.mul_f32s(splat(simd, B2), even_b);
        let y3 = simd.mul_add_e_f32s(splat(simd, B2), odd_b, m[5]);
        [
            simd.add_f32s(m[0], simd.add_f32s(even_a, even_b)),
            simd.mul_add_e_f32s(splat(simd, A), odd_a, odd_b),
            simd.mul_add_e_f32s(splat(simd, A2), even_a, y2),
            simd.mul_add_e_f32s(splat(simd, A * A2), odd_a, y3),
        ]
    }
}

impl Lines<6, 2> for Output {
    #[inline(always)]
    fn map<S: Simd>(simd: S, m: [S::f32s; 6]) -> [S::f32s; 2] {
        let (even_a, odd_a) = pair(simd, m[1], m[2]);
        let (even_b, odd_b) = pair(simd, m[3], m[4]);
        let y1 = simd.mul_add_e_f32s(splat(simd, B), odd_b, m[5]);
        [
            simd.add_f32s(m[0], simd.add_f32s(even_a, even_b)),
            simd.mul_add_e_f32s(splat(simd, A), odd_a, y1),
        ]
    }
}

/// `A dy`.
pub struct OutputGradient;

impl Lines<4, 6> for OutputGradient {
    #[inline(always)]
    fn map<S: Simd>(simd: S, y: [S::f32s; 4]) -> [S::f32s; 6] {
        let (a2, b2) = (splat(simd, A2), splat(simd, B2));
        let even = simd.mul_add_e_f32s(a2, y[2], y[0]);
        let odd = simd.mul_add_e_f32s(a2, y[3], y[1]);
        let [v1, v2] = both(simd, A, even, odd);
        let even = simd.mul_add_e_f32s(b2, y[2], y[0]);
        let odd = simd.mul_add_e_f32s(b2, y[3], y[1]);
        let [v3, v4] = both(simd, B, even, odd);
        [y[0], v1, v2, v3, v4, y[3]]
    }
}

impl Lines<2, 6> for OutputGradient {
    #[inline(always)]
    fn map<S: Simd>(simd: S, y: [S::f32s; 2]) -> [S::f32s; 6] {
        let [v1, v2] = both(simd, A, y[0], y[1]);
        let [v3, v4] = both(simd, B, y[0], y[1]);
        [y[0], v1, v2, v3, v4, y[1]]
    }
}

/// `Gᵀ du`.
pub struct KernelGradient;

impl KernelGradient {
    /// Sums and differences of the places of ±a and ±b, divided by the points' N; the differences also
    /// times a and b.
    #[inline(always)]
    fn pairs<S: Simd>(simd: S, u: [S::f32s; 6]) -> [S::f32s; 4] {
        let (even_a, odd_a) = pair(simd, u[1], u[2]);
        let (even_b, odd_b) = pair(simd, u[3], u[4]);
        [
            simd.mul_f32s(splat(simd, 1.0 / N[1]), even_a),
            simd.mul_f32s(splat(simd, A / N[1]), odd_a),
            simd.mul_f32s(splat(simd, 1.0 / N[2]), even_b),
            simd.mul_f32s(splat(simd, B / N[2]), odd_b),
        ]
    }
}

impl Lines<6, 3> for KernelGradient {
    #[inline(always)]
    fn map<S: Simd>(simd: S, u: [S::f32s; 6]) -> [S::f32s; 3] {
        let [even_a, odd_a, even_b, odd_b] = Self::pairs(simd, u);
        let g2 = simd.mul_add_e_f32s(splat(simd, B2), even_b, u[5]);
        let even = simd.add_f32s(even_a, even_b);
        [
            simd.mul_add_e_f32s(splat(simd, 1.0 / N[0]), u[0], even),
            simd.add_f32s(odd_a, odd_b),
            simd.mul_add_e_f32s(splat(simd, A2), even_a, g2),
        ]
    }
}

impl Lines<6, 5> for KernelGradient {
    #[inline(always)]
    fn map<S: Simd>(simd: S, u: [S::f32s; 6]) -> [S::f32s; 5] {
        let [even_a, odd_a, even_b, odd_b] = Self::pairs(simd, u);
        let even = simd.add_f32s(even_a, even_b);
        let (a2, b2) = (splat(simd, A2), splat(simd, B2));
        let g4 = simd.mul_add_e_f32s(splat(simd, B2 * B2), even_b, u[5]);
        [
            simd.mul_add_e_f32s(splat(simd, 1.0 / N[0]), u[0], even),
            simd.add_f32s(odd_a, odd_b),
            simd.mul_add_e_f32s(a2, even_a, simd.mul_f32s(b2, even_b)),
            simd.mul_add_e_f32s(a2, odd_a, simd.mul_f32s(b2, odd_b)),
            simd.mul_add_e_f32s(splat(simd, A2 * A2), even_a, g4),
        ]
    }
}
