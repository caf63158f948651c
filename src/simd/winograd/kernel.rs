//! The transform of a convolution's kernel, and its transpose.

use super::tiling::PLACES;

/// `G g Gᵀ` of a kernel, row after row.
pub fn transform_kernel(kernel: &[f32; 9]) -> [f32; PLACES] {
    let line = |a: f32, b: f32, c: f32| {
        let (even, odd) = (0.5 * (a + c), 0.5 * b);
        [a, even + odd, even - odd, c]
    };
    let k = kernel;
    let columns = [
        line(k[0], k[3], k[6]),
        line(k[1], k[4], k[7]),
        line(k[2], k[5], k[8]),
    ];
    let mut out = [0.0; PLACES];
    for row in 0..4 {
        out[4 * row..4 * row + 4].copy_from_slice(&line(
            columns[0][row],
            columns[1][row],
            columns[2][row],
        ));
    }
    out
}

/// `Gᵀ du G`: transposed [`transform_kernel`].
pub fn transform_kernel_gradient(places: &[f32; PLACES]) -> [f32; 9] {
    let line = |a: f32, b: f32, c: f32, d: f32| {
        let (sum, difference) = (0.5 * (b + c), 0.5 * (b - c));
        [a + sum, difference, d + sum]
    };
    let p = places;
    let columns: [[f32; 3]; 4] =
        std::array::from_fn(|column| line(p[column], p[4 + column], p[8 + column], p[12 + column]));
    let mut out = [0.0; 9];
    for row in 0..3 {
        out[3 * row..3 * row + 3].copy_from_slice(&line(
            columns[0][row],
            columns[1][row],
            columns[2][row],
            columns[3][row],
        ));
    }
    out
}
