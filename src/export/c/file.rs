//! The C file of a model.

use super::buffers::Buffers;
use super::operators::{definition, literal, plain_literal, statement};
use super::shapes::dimensions;
use crate::export::ExportError;
use crate::nn::onnx::{LOGITS, OnnxGraph, PIXELS, PROBABILITIES, onnx_graph};
use crate::nn::{Snapshot, TensorData};
use crate::text::{escape_controls, grouped};
use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;

/// Most parameters that are written: as text they take four times their memory.
const MAX_PARAMETERS: u64 = 2_000_000;

/// The model as one file of C99, with a function that takes the pixels of one image, 0 to 255,
/// `[channels, height, width]`, and writes the probability of every class.
///
/// # Errors
/// When the model is too large for a file of text.
pub fn to_c(model: &Snapshot) -> Result<String, ExportError> {
    let spec = &model.info.spec;
    let parameters = spec.summary().parameters();
    if parameters > MAX_PARAMETERS {
        return Err(ExportError::C(format!(
            "the network has {} parameters, and more than {} make no C file that a compiler takes; \
             --onnx writes it",
            grouped(parameters),
            grouped(MAX_PARAMETERS)
        )));
    }
    let graph = onnx_graph(spec, model.info.normalization);
    write(model, &graph).map_err(ExportError::C)
}

fn write(model: &Snapshot, graph: &OnnxGraph) -> Result<String, String> {
    let Snapshot { info, state } = model;
    let input = &info.spec.input;
    let pixels = vec![input.channels, input.height, input.width];
    let count: usize = pixels.iter().product();
    let sizes = dimensions(graph, state, pixels)?;
    // The probabilities go straight to where they are wanted.
    let buffers = Buffers::new(graph, &sizes, &[LOGITS, PROBABILITIES]);
    let classes = info.class_names.len();
    let working = 4 * buffers.sizes.iter().sum::<usize>() as u64;
    let mut text = format!(
        "/* {}, trained on {}; written by {} {}.\n   C99, needs math.h alone (link with -lm). {} parameters, {} bytes of working memory. */\n\n\
         #include <math.h>\n#include <stdint.h>\n\n#define CLASSES {classes}\n#define PIXELS {count}\n\n",
        comment(&info.spec.name),
        comment(&info.dataset),
        env!("CARGO_PKG_NAME"),
        env!("CARGO_PKG_VERSION"),
        grouped(info.spec.summary().parameters()),
        grouped(working),
    );
    let names: Vec<String> = info.class_names.iter().map(|name| quoted(name)).collect();
    let _ = writeln!(
        text,
        "const char *const class_names[CLASSES] = {{{}}};\n",
        names.join(", ")
    );
    let mut arguments: HashMap<&str, String> = HashMap::new();
    for (name, value) in &graph.constants {
        arguments.insert(name, literal(*value));
    }
    let taken: HashSet<&str> = graph
        .nodes
        .iter()
        .flat_map(|node| node.inputs.iter().map(String::as_str))
        .collect();
    for tensor in state
        .iter()
        .filter(|tensor| taken.contains(tensor.name.as_str()))
    {
        let TensorData::F32(values) = &tensor.data else {
            continue;
        };
        let name = format!("layer_{}", tensor.name.replace('.', "_"));
        array(&mut text, &name, values);
        arguments.insert(&tensor.name, name);
    }
    for (buffer, size) in buffers.sizes.iter().enumerate() {
        let _ = writeln!(text, "static float buffer_{buffer}[{size}];");
    }
    text.push('\n');
    let mut defined = HashSet::new();
    for node in &graph.nodes {
        if let Some(code) = definition(node.operator).filter(|_| defined.insert(node.operator)) {
            text.push_str(code);
            text.push('\n');
        }
    }
    for (name, buffer) in &buffers.of {
        arguments.insert(name, format!("buffer_{buffer}"));
    }
    arguments.insert(PROBABILITIES, "probabilities".into());
    let _ = writeln!(
        text,
        "/* pixels: 0 to 255, [{}][{}][{}]; probabilities: one for each class. Returns the likeliest class.\n   \
         Not for several threads at once: the buffers are shared. */\n\
         int predict(const uint8_t pixels[PIXELS], float probabilities[CLASSES]) {{\n    \
         for (int i = 0; i < PIXELS; i++) {}[i] = (float)pixels[i];",
        input.channels, input.height, input.width, arguments[PIXELS]
    );
    let of = |name: &String| arguments.get(name.as_str()).cloned().unwrap_or_default();
    for node in &graph.nodes {
        let given: Vec<String> = node.inputs.iter().map(of).collect();
        let first = node.inputs.first().and_then(|name| sizes.get(name));
        let (Some(x), Some(out)) = (first, sizes.get(&node.output)) else {
            return Err(format!("{} has no size", node.output));
        };
        let line = statement(node, &given, &of(&node.output), [x, out])?;
        if !line.is_empty() {
            let _ = writeln!(text, "    {line}");
        }
    }
    text.push_str(
        "    int best = 0;\n    \
         for (int i = 1; i < CLASSES; i++)\n        \
         if (probabilities[i] > probabilities[best]) best = i;\n    return best;\n}\n",
    );
    Ok(text)
}

fn array(text: &mut String, name: &str, values: &[f32]) {
    const A_LINE: usize = 8;
    let _ = write!(text, "static const float {name}[{}] = {{", values.len());
    for line in values.chunks(A_LINE) {
        let numbers: Vec<String> = line.iter().map(|value| plain_literal(*value)).collect();
        let _ = write!(text, "\n    {},", numbers.join(", "));
    }
    text.push_str("\n};\n\n");
}

/// Text that cannot end a comment.
fn comment(text: &str) -> String {
    escape_controls(text).replace("*/", "* /")
}

/// A string of C. Every byte that is not plain is written by its number, three digits of base 8.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for byte in text.bytes() {
        match byte {
            b'"' | b'\\' | b'?' => {
                quoted.push('\\');
                quoted.push(char::from(byte));
            }
            b' '..=b'~' => quoted.push(char::from(byte)),
            _ => {
                let _ = write!(quoted, "\\{byte:03o}");
            }
        }
    }
    quoted.push('"');
    quoted
}
