//! A network as a graph of ONNX operators (<https://onnx.ai/onnx/operators/>), as plain data.

/// An operator of a graph.
#[derive(Clone, Debug, PartialEq)]
pub struct OnnxNode {
    /// The operator, in the words of ONNX.
    pub operator: &'static str,
    /// Names of the values that it takes.
    pub inputs: Vec<String>,
    /// Name of the value that it makes, and of the node.
    pub output: String,
    /// Its settings.
    pub attributes: Vec<(&'static str, OnnxAttribute)>,
}

/// A setting of an operator.
#[derive(Clone, Debug, PartialEq)]
pub enum OnnxAttribute {
    /// A whole number.
    Int(i64),
    /// A real number.
    Float(f32),
    /// Whole numbers, of each dimension.
    Ints(Vec<i64>),
}

/// A graph that grows layer by layer. The parameters of layer `i` are named as in the model file,
/// `i.weight`; what a node of that layer makes is `i/Conv`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OnnxGraph {
    /// In the order of the computation.
    pub nodes: Vec<OnnxNode>,
    /// Single numbers that nodes take, by name.
    pub constants: Vec<(String, f32)>,
    /// Names of what goes into each layer.
    pub layer_inputs: Vec<String>,
    /// What stands before the names of new values: the layer's position.
    scope: String,
}

impl OnnxGraph {
    /// From here on names begin with `scope`.
    pub fn enter(&mut self, scope: impl ToString) {
        self.scope = scope.to_string();
    }

    /// The name of a parameter of the layer.
    pub fn parameter(&self, name: &str) -> String {
        format!("{}.{name}", self.scope)
    }

    /// A number that a node takes; returns its name.
    pub fn constant(&mut self, name: &str, value: f32) -> String {
        let name = format!("{}/{name}", self.scope);
        self.constants.push((name.clone(), value));
        name
    }

    /// Adds a node; returns the name of what it makes.
    pub fn node(
        &mut self,
        operator: &'static str,
        inputs: &[&str],
        attributes: Vec<(&'static str, OnnxAttribute)>,
    ) -> String {
        let name = format!("{}/{operator}", self.scope);
        let taken = |name: &String| self.nodes.iter().any(|node| node.output == *name);
        let output = match taken(&name) {
            true => (2..)
                .map(|number| format!("{name}_{number}"))
                .find(|name| !taken(name))
                .unwrap_or(name),
            false => name,
        };
        self.nodes.push(OnnxNode {
            operator,
            inputs: inputs.iter().map(ToString::to_string).collect(),
            output: output.clone(),
            attributes,
        });
        output
    }
}
