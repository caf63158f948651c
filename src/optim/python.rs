//! Optimisers as Python code.

/// An optimiser as PyTorch and Keras have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PythonOptimizer {
    /// Definitions that PyTorch's needs; empty where it comes with PyTorch.
    pub torch_definitions: &'static str,
    /// PyTorch's for the list `parameters` and the rate `lr`: an expression.
    pub torch: String,
    /// Keras's for the rate `lr`: an expression, in which `with_l2` adds an L2 penalty to the gradients.
    pub keras: String,
    /// What is different in Keras; empty where nothing is.
    pub keras_differs: &'static str,
}

impl PythonOptimizer {
    /// An optimiser that comes with both.
    pub fn known(torch: String, keras: String) -> Self {
        Self {
            torch_definitions: "",
            torch,
            keras,
            keras_differs: "",
        }
    }
}
