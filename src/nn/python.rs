//! Layers as Python code. What each kind of layer becomes stands in its own file.

/// A layer as PyTorch and Keras have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PythonLayer {
    /// PyTorch's module: an expression.
    pub torch: String,
    /// What sends the value `x`, images `[batch, height, width, channels]`, through Keras's layers: statements.
    pub keras: Vec<String>,
}

impl PythonLayer {
    /// A layer that is one of Keras's too.
    pub fn new(torch: impl Into<String>, keras: impl AsRef<str>) -> Self {
        Self {
            torch: torch.into(),
            keras: vec![format!("x = {}(x)", keras.as_ref())],
        }
    }

    /// The same after a statement of Keras.
    #[must_use]
    pub fn after(mut self, statement: Option<String>) -> Self {
        self.keras.splice(..0, statement);
        self
    }
}

/// What Keras's layer at `index` of a spec is called.
pub fn keras_name(index: usize) -> String {
    format!("name=\"layer_{index}\"")
}

/// What goes past the layers of the residual layer at `index`, in Keras.
pub fn keras_skip(index: usize) -> String {
    format!("skip_{index}")
}
