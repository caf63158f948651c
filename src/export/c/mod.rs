//! Small models as one file of C99 that depends on nothing but `math.h` and `stdint.h`.

mod buffers;
mod file;
mod operators;
mod shapes;
#[cfg(test)]
mod tests;

pub use file::to_c;
