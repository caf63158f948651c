//! The content of an ONNX file.

use super::int8::{Int8Network, int8_graph};
use super::messages::{
    Attribute, AttributeType, Dimension, Entry, FLOAT, Graph, Model, Node, OperatorSet, Size,
    TensorShape, TensorType, Type, ValueInfo,
};
use super::tensor::{self, Tensor};
use crate::nn::onnx::{
    LOGITS, OnnxAttribute, OnnxGraph, OnnxNode, PIXELS, PROBABILITIES, onnx_graph,
};
use crate::nn::{ModelInfo, Snapshot, TensorData, TensorState};
use prost::Message as _;
use std::collections::HashSet;

/// The version of ONNX's operators that files ask for; of 2021, so that older programs read them too.
pub const OPSET: i64 = 17;
/// The version of the format that came with it.
const IR_VERSION: i64 = 8;

/// The ONNX file of a model: pixels from 0 to 255, `[batch, channels, height, width]`, go in; logits and
/// probabilities, `[batch, classes]`, come out. The names of the classes are in its metadata.
pub fn to_onnx(model: &Snapshot) -> Vec<u8> {
    let Snapshot { info, state } = model;
    let graph = onnx_graph(&info.spec, info.normalization);
    file(info, &graph, state, Vec::new(), Vec::new())
}

/// The same of a network in whole numbers, with `about` it in the metadata. What goes in and what comes out are numbers in
/// f32 as before.
pub fn to_int8_onnx(info: &ModelInfo, network: &Int8Network, about: &serde_json::Value) -> Vec<u8> {
    let (graph, constants) = int8_graph(network);
    let metadata = vec![entry("int8", about.to_string())];
    file(info, &graph, &network.folded.state, constants, metadata)
}

/// The file of a graph whose parameters are `constants` or else those of `state`.
fn file(
    info: &ModelInfo,
    graph: &OnnxGraph,
    state: &[TensorState],
    mut constants: Vec<Tensor>,
    metadata: Vec<Entry>,
) -> Vec<u8> {
    let spec = &info.spec;
    let taken: HashSet<&String> = graph.nodes.iter().flat_map(|node| &node.inputs).collect();
    let given: HashSet<String> = constants.iter().map(|tensor| tensor.name.clone()).collect();
    let state = state.iter();
    let parameters =
        state.filter(|tensor| taken.contains(&tensor.name) && !given.contains(&tensor.name));
    constants.extend(parameters.filter_map(parameter));
    let numbers = graph.constants.iter();
    constants.extend(numbers.map(|(name, value)| tensor::float(name, &[], &[*value])));
    let input = &spec.input;
    let scores = [info.class_names.len()];
    let json = |names: &[String]| serde_json::Value::from(names.to_vec()).to_string();
    let file = Model {
        ir_version: IR_VERSION,
        producer_name: env!("CARGO_PKG_NAME").into(),
        producer_version: env!("CARGO_PKG_VERSION").into(),
        doc_string: format!("{}, trained on {}", spec.name, info.dataset),
        opset_import: vec![OperatorSet { version: OPSET }],
        metadata_props: [
            entry("classes", json(&info.class_names)),
            entry("dataset", info.dataset.clone()),
            entry("spec", spec.to_json()),
        ]
        .into_iter()
        .chain(metadata)
        .collect(),
        graph: Some(Graph {
            name: spec.name.clone(),
            inputs: vec![value(
                PIXELS,
                &[input.channels, input.height, input.width],
                "grey levels or colours from 0 to 255",
            )],
            outputs: vec![
                value(LOGITS, &scores, "one score a class"),
                value(PROBABILITIES, &scores, "the softmax of the logits"),
            ],
            initializers: constants,
            nodes: graph.nodes.iter().map(node).collect(),
        }),
    };
    file.encode_to_vec()
}

fn entry(key: &str, value: String) -> Entry {
    Entry {
        key: key.into(),
        value,
    }
}

/// A parameter; counts of batches are none.
fn parameter(state: &TensorState) -> Option<Tensor> {
    match &state.data {
        TensorData::F32(values) => Some(tensor::float(&state.name, &state.shape, values)),
        TensorData::I64(_) => None,
    }
}

/// A value `[batch, shape…]`, the size of the batch left open.
fn value(name: &str, shape: &[usize], about: &str) -> ValueInfo {
    let batch = Size::Named("batch".into());
    let sizes = shape.iter().map(|size| Size::Value(*size as i64));
    let dims = std::iter::once(batch).chain(sizes);
    let dims = dims.map(|size| Dimension { size: Some(size) });
    ValueInfo {
        name: name.into(),
        r#type: Some(Type {
            tensor_type: Some(TensorType {
                elem_type: FLOAT,
                shape: Some(TensorShape {
                    dims: dims.collect(),
                }),
            }),
        }),
        doc_string: about.into(),
    }
}

fn node(node: &OnnxNode) -> Node {
    let attribute = |(name, attribute): &(&'static str, OnnxAttribute)| {
        let name = (*name).to_owned();
        match attribute {
            OnnxAttribute::Int(i) => Attribute {
                name,
                i: *i,
                r#type: AttributeType::Int.into(),
                ..Attribute::default()
            },
            OnnxAttribute::Float(f) => Attribute {
                name,
                f: *f,
                r#type: AttributeType::Float.into(),
                ..Attribute::default()
            },
            OnnxAttribute::Ints(ints) => Attribute {
                name,
                ints: ints.clone(),
                r#type: AttributeType::Ints.into(),
                ..Attribute::default()
            },
        }
    };
    Node {
        inputs: node.inputs.clone(),
        outputs: vec![node.output.clone()],
        name: node.output.clone(),
        op_type: node.operator.into(),
        attributes: node.attributes.iter().map(attribute).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::messages::INT8;
    use super::*;
    use crate::export::fixture::{every_layer, snapshot};
    use crate::spec::{Layer, Spec, preset};
    use std::collections::HashSet;

    fn exported(spec: Spec) -> super::super::messages::Model {
        super::super::messages::Model::decode(&to_onnx(&snapshot(spec).1)[..]).unwrap()
    }

    /// Every value must be made before it is taken, once, and all must be taken.
    fn check_order(graph: &Graph) {
        let given = graph.initializers.iter().map(|tensor| tensor.name.clone());
        let mut known: HashSet<String> = given.chain([PIXELS.to_owned()]).collect();
        let mut taken = HashSet::new();
        for node in &graph.nodes {
            for input in &node.inputs {
                assert!(known.contains(input), "{} takes {input}", node.name);
                taken.insert(input.clone());
            }
            assert!(known.insert(node.outputs[0].clone()), "{} twice", node.name);
        }
        taken.insert(PROBABILITIES.to_owned());
        assert_eq!(known, taken);
    }

    /// Pixels of a few images, normalised.
    fn some_images(spec: &Spec) -> Vec<f32> {
        let input = spec.input;
        let count = 8 * input.channels * input.height * input.width;
        let numbers = (0..count).map(|at| ((at * 7919) % 2003) as f32 / 800.0 - 1.0);
        numbers.collect()
    }

    #[test]
    fn products_are_of_whole_numbers_and_say_nearly_the_same() {
        for spec in [every_layer(), preset("lenet5").unwrap().into_spec()] {
            let images = some_images(&spec);
            let (model, snapshot) = snapshot(spec);
            let network = Int8Network::calibrated(&snapshot, &images).unwrap();
            let about = serde_json::json!({ "calibration_images": 8 });
            let file = to_int8_onnx(&snapshot.info, &network, &about);
            let file = super::super::messages::Model::decode(&file[..]).unwrap();
            let graph = file.graph.unwrap();
            check_order(&graph);
            let is_product = |node: &&Node| ["Conv", "Gemm"].contains(&&*node.op_type);
            let products: Vec<&Node> = graph.nodes.iter().filter(is_product).collect();
            assert!(products.len() >= 3);
            for node in products {
                for input in &node.inputs {
                    assert!(
                        input.ends_with("/DequantizeLinear"),
                        "{}: {input}",
                        node.name
                    );
                }
            }
            for tensor in &graph.initializers {
                let is_weight = tensor.name.ends_with(".weight") && tensor.dims.len() > 1;
                assert!(!is_weight || tensor.data_type == INT8, "{}", tensor.name);
            }
            let (found, expected) = (network.scores(&images), model.logits(&images).unwrap());
            let largest = expected.iter().fold(0.0_f32, |most, it| most.max(it.abs()));
            for (found, expected) in found.iter().zip(&expected) {
                let off = (found - expected).abs();
                assert!(off < 0.1 * largest, "{found} {expected}");
            }
        }
    }

    #[test]
    fn every_value_is_made_before_it_is_taken_and_none_is_left_over() {
        let flat = preset("lenet5").unwrap().into_spec();
        for spec in [every_layer(), flat] {
            let layers = spec.layers.clone();
            let graph = exported(spec).graph.unwrap();
            check_order(&graph);
            // Every layer but dropout has a node of its own.
            for (index, layer) in layers.iter().enumerate() {
                let own = |node: &Node| node.name.starts_with(&format!("{index}/"));
                let expected = !matches!(layer, Layer::Dropout { .. });
                let last = index + 1 == layers.len();
                assert_eq!(graph.nodes.iter().any(own) || last, expected, "{layer:?}");
            }
        }
    }

    #[test]
    fn weights_and_shapes_are_those_of_the_model() {
        let spec = preset("tiny").unwrap().into_spec();
        let input = spec.input;
        let model = exported(spec);
        let graph = model.graph.unwrap();
        for tensor in &graph.initializers {
            let elements: i64 = tensor.dims.iter().product();
            assert_eq!(
                tensor.raw_data.len() as i64,
                4 * elements,
                "{}",
                tensor.name
            );
        }
        let sizes = |value: &ValueInfo| -> Vec<Option<Size>> {
            let tensor = value.r#type.clone().unwrap().tensor_type.unwrap();
            let dims = tensor.shape.unwrap().dims;
            dims.into_iter().map(|dimension| dimension.size).collect()
        };
        let fixed = |size: usize| Some(Size::Value(size as i64));
        let batch = Some(Size::Named("batch".into()));
        let image = [input.channels, input.height, input.width].map(fixed);
        let expected: Vec<_> = std::iter::once(batch.clone()).chain(image).collect();
        assert_eq!(sizes(&graph.inputs[0]), expected);
        for output in &graph.outputs {
            assert_eq!(sizes(output), [batch.clone(), fixed(10)]);
        }
        let classes = &model.metadata_props[0];
        assert_eq!(classes.key, "classes");
        assert!(
            classes.value.starts_with(r#"["class \"0\"","#),
            "{}",
            classes.value
        );
    }
}
