//! Winograd's minimal filtering F(2×2, 3×3) (Lavin & Gray 2016, <https://arxiv.org/abs/1509.09308>).
//!
//! A 3×3 convolution with stride 1 computes each 2×2 tile of outputs from 4×4 pixels `d` as
//! `Aᵀ[(G g Gᵀ) ⊙ (Bᵀ d B)]A`: 16 products where the definition needs 36. Summed over channels, the
//! products are 16 matrix products, one for each place in the tile.
//!
//! The backward pass is the transpose of the same linear maps: `A dy Aᵀ` takes the output's gradient
//! to the 16 places, `B dv Bᵀ` brings the input's back, `Gᵀ du G` the weights'.
//!
//! Images are `[height, width, channels]` (NHWC); the 16 places are planes `[place, tile, channels]`.

mod kernel;
#[cfg(test)]
mod tests;
mod tile;
mod tiling;
mod transform;

pub use kernel::{transform_kernel, transform_kernel_gradient};
pub use tiling::{PLACES, Tiles, Tiling};
pub use transform::{
    transform_input, transform_input_gradient, transform_output, transform_output_gradient,
};
