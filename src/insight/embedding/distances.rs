//! Distances between points, and the nearest of them.

use crate::simd::{Arch, on_vectors};
use rayon::prelude::*;

/// Sums that are taken side by side; their number is fixed, so every machine adds in the same order.
const LANES: usize = 16;

/// The squared distance of point `from` to every point of `points` `[points, width]`.
pub fn squared_distances(points: &[f32], width: usize, from: usize, out: &mut Vec<f32>) {
    out.clear();
    if width == 0 {
        return;
    }
    let origin = &points[from * width..][..width];
    on_vectors!(Arch::new(), {
        out.extend(points.chunks_exact(width).map(
            #[inline(always)]
            |point| squared_distance(origin, point),
        ));
    });
}

#[inline(always)]
fn squared_distance(one: &[f32], other: &[f32]) -> f32 {
    let mut sums = [0.0_f32; LANES];
    let (ones, others) = (one.chunks_exact(LANES), other.chunks_exact(LANES));
    let rest = ones.remainder().iter().zip(others.remainder());
    let rest: f32 = rest.map(|(a, b)| (a - b) * (a - b)).sum();
    for (one, other) in ones.zip(others) {
        for ((sum, a), b) in sums.iter_mut().zip(one).zip(other) {
            *sum += (a - b) * (a - b);
        }
    }
    sums.iter().sum::<f32>() + rest
}

/// A point's neighbours: their positions and squared distances, the nearest first.
pub type Neighbors = Vec<(u32, f32)>;

/// The `count` nearest points of every point; of equally near ones the first.
pub fn neighbors(points: &[f32], width: usize, count: usize) -> Vec<Neighbors> {
    let nearest = |distances: &mut Vec<f32>, from: usize| {
        squared_distances(points, width, from, distances);
        let mut all: Neighbors = (0..).zip(distances.iter().copied()).collect();
        all.swap_remove(from);
        let by_distance = |a: &(u32, f32), b: &(u32, f32)| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0));
        if count < all.len() {
            all.select_nth_unstable_by(count, by_distance);
            all.truncate(count);
        }
        all.sort_unstable_by(by_distance);
        all
    };
    let points = 0..points.len() / width.max(1);
    points.into_par_iter().map_init(Vec::new, nearest).collect()
}
