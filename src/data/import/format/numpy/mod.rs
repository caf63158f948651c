//! NumPy's arrays, which Keras, MedMNIST and KMNIST come as.

mod archive;
mod files;
mod npy;
mod roles;

pub use archive::is_npz;
pub use files::NumPy;
pub use npy::parse;
pub use roles::NAMES;
