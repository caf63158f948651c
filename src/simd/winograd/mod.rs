//! Winograd's minimal filtering F(m×m, r×r) (Lavin & Gray 2016, <https://arxiv.org/abs/1509.09308>).
//!
//! An r×r convolution with stride 1 computes each m×m tile of outputs from t×t pixels `d`, t = m + r − 1,
//! as `Aᵀ[(G g Gᵀ) ⊙ (Bᵀ d B)]A`: t² products where the definition needs m²·r². Summed over channels,
//! the products are t² matrix products, one for each place in the tile.
//!
//! | algorithm | products an output | definition's |
//! |---|---:|---:|
//! | F(2×2, 3×3), [`F2x3`] | 4 | 9 |
//! | F(4×4, 3×3), [`F4x3`] | 2.25 | 9 |
//! | F(2×2, 5×5), [`F2x5`] | 9 | 25 |
//!
//! The backward pass is the transpose of the same linear maps: `A dy Aᵀ` takes the output's gradient
//! to the places, `B dv Bᵀ` brings the input's back, `Gᵀ du G` the weights'.
//!
//! Every map is one of lines ([`Lines`]), applied to the columns of a tile and then to the rows of what
//! comes out. Images are `[height, width, channels]` (NHWC); each place has a plane `[tile, channels]`
//! ([`Planes`]). The pass over columns runs along several tiles of a row of tiles at once, over all their
//! pixels and channels: tiles overlap, and what they share is computed once.

mod filtering;
mod four_points;
mod from_planes;
mod grid;
mod kernel;
mod lines;
mod planes;
mod six_points;
#[cfg(test)]
mod tests;
mod to_planes;

pub use filtering::Filtering;
pub use four_points::F2x3;
pub use from_planes::{transform_input_gradient, transform_output};
pub use grid::{Grid, Tiles};
pub use kernel::{KERNEL_WORK, add_kernel_gradient, transform_kernels};
pub use lines::Lines;
pub use planes::{Planes, PlanesMut, plane_stride, planes, planes_mut, split_planes};
pub use six_points::{F2x5, F4x3};
pub use to_planes::{transform_input, transform_output_gradient};
