//! How far a picture in two dimensions may be trusted: whether points that are near in it are near in
//! truth (Venna and Kaski 2001, <https://doi.org/10.1007/3-540-44668-0_68>; the formula is that of
//! `sklearn.manifold.trustworthiness`).

use super::distances::{neighbors, squared_distances};
use rayon::prelude::*;

/// Neighbours of each point that are looked at.
const NEIGHBORS: usize = 12;

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Trustworthiness {
    /// 1 where all neighbours in the picture are neighbours in truth; about a half where they are any
    /// points.
    pub value: f64,
    /// How many neighbours of each point were looked at.
    pub neighbors: usize,
}

impl Trustworthiness {
    /// Of the picture `points` of the vectors `truth` `[points, width]`; none for fewer than four points.
    pub fn of(truth: &[f32], width: usize, points: &[[f32; 2]]) -> Option<Self> {
        let count = points.len();
        // The formula is for fewer neighbours than half of the points.
        let near = NEIGHBORS.min(count.saturating_sub(1) / 2);
        if near == 0 || count < 4 || width == 0 {
            return None;
        }
        let shown = neighbors(points.as_flattened(), 2, near);
        let too_far = shown.par_iter().enumerate().map_init(Vec::new, {
            |distances: &mut Vec<f32>, (from, shown): (usize, &Vec<(u32, f32)>)| -> u64 {
                squared_distances(truth, width, from, distances);
                let excess = shown.iter().map(|(to, _)| {
                    let rank = rank(distances, from, *to as usize);
                    rank.saturating_sub(near) as u64
                });
                excess.sum()
            }
        });
        let too_far: u64 = too_far.sum();
        let (n, k) = (count as f64, near as f64);
        let most = n * k * (2.0 * n - 3.0 * k - 1.0) / 2.0;
        Some(Self {
            value: 1.0 - too_far as f64 / most,
            neighbors: near,
        })
    }
}

/// The place of `to` among the points by their distance to `from`: 1 for the nearest.
fn rank(distances: &[f32], from: usize, to: usize) -> usize {
    let distance = distances[to];
    let before = |(other, it): &(usize, &f32)| {
        *other != from && (**it < distance || (**it == distance && *other < to))
    };
    1 + distances.iter().enumerate().filter(before).count()
}
