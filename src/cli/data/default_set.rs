//! Which data set the commands look for.

/// There is no spec that names another.
pub const FASHION_MNIST: &str = "fashion-mnist";
