//! An array.

use super::numbers::Numbers;

/// Numbers and their shape.
#[derive(Clone, Debug, PartialEq)]
pub struct Array {
    /// The size of each dimension; the last one changes fastest.
    pub shape: Vec<usize>,
    /// As many as the shape says.
    pub numbers: Numbers,
}

/// Most numbers in an array, so that a shape that lies is not believed.
const MAX_NUMBERS: usize = 1 << 34;

/// How many numbers an array of this shape has.
///
/// # Errors
/// More than any array of pictures has, or none.
pub fn count_of(shape: &[usize]) -> Result<usize, String> {
    let product = |count: usize, size: &usize| count.checked_mul(*size);
    match shape.iter().try_fold(1, product) {
        Some(0) => Err("has no pictures".into()),
        Some(count) if count <= MAX_NUMBERS => Ok(count),
        _ => Err(format!(
            "states a shape of {shape:?}, more than is read; is it damaged?"
        )),
    }
}
