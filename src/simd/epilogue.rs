//! What a matrix product does with its sums when they are stored.

/// How the product is combined with the output.
#[derive(Clone, Copy, Debug)]
pub enum Epilogue<'a> {
    /// The product replaces the output.
    Overwrite,
    /// The product is added to the output.
    Accumulate,
    /// The product plus this bias, `[columns]`, in every row replaces the output.
    Bias(&'a [f32]),
}
