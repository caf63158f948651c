//! The PyTorch program.

use super::file::{PythonModel, main};
use super::template::filled;
use crate::nn::layers::layer_python;
use crate::spec::Precision;

const TEMPLATE: &str = include_str!("torch.py");

/// The program: the network as a module, its weights' loader, predictions, and the training of its spec.
pub fn to_torch(model: &PythonModel<'_>) -> String {
    let spec = model.spec;
    let optimizer = spec.optimizer.rule().python();
    let python = |value: bool| if value { "True" } else { "False" };
    filled(TEMPLATE, |name| {
        Some(match name {
            "input" => {
                let input = spec.input;
                format!("[{}, {}, {}]", input.channels, input.height, input.width)
            }
            "layers" => layers(model),
            "spec" => string(&serde_json::to_string(spec).unwrap_or_default()),
            "definitions" => optimizer.torch_definitions.to_owned(),
            "optimizer" => optimizer.torch.clone(),
            "initializer" => spec.initializer.torch(),
            "gradient_clip" => format!("{:?}", spec.gradient_clip),
            "ema_decay" => format!("{:?}", spec.ema_decay),
            "frozen_layers" => spec.frozen_layers.to_string(),
            "early_stopping" => {
                let rule = spec.early_stopping;
                let restores = python(rule.restore_best);
                format!("{}, {:?}, {restores}", rule.patience, rule.min_gain)
            }
            "bf16" => python(spec.precision == Precision::Bf16).into(),
            "main" => main(
                "a model that fmnist-tui or --save has written (.safetensors)",
                ".safetensors",
            ),
            name => return model.value(name),
        })
    })
}

/// A string of Python: those of JSON mean the same.
fn string(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// A line a layer, with the shape that comes out.
fn layers(model: &PythonModel<'_>) -> String {
    let rows = &model.spec.summary().layers;
    let line = |(index, layer)| {
        let torch = layer_python(index, layer, rows).torch;
        format!("            {torch},  # {index}: {}", rows[index].output)
    };
    let lines: Vec<String> = model.spec.layers.iter().enumerate().map(line).collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::fixture::every_layer;
    use crate::spec::{Augmentation, Optimizer};

    #[test]
    fn the_program_has_every_layer_and_every_setting() {
        for optimizer in Optimizer::choices() {
            let mut spec = every_layer();
            spec.optimizer = optimizer;
            spec.name = "a \"\"\" \\ name".into();
            let spec = spec.check().unwrap();
            let classes = vec!["T-shirt \"1\"".to_owned()];
            let model = PythonModel {
                spec: &spec,
                normalization: None,
                class_names: &classes,
                file: "net.py",
            };
            for text in [to_torch(&model), super::super::to_keras(&model)] {
                assert!(!text.contains("@@"), "{text}");
                assert!(text.contains(r#"CLASSES = ["T-shirt \"1\""]"#), "{text}");
                assert!(text.starts_with("\"\"\"a ''' \\\\ name: "), "{text}");
            }
            let text = to_torch(&model);
            for index in 0..spec.layers.len() {
                assert!(text.contains(&format!(",  # {index}: ")), "{index}");
            }
        }
    }

    #[test]
    fn the_program_makes_every_change_to_training_images() {
        let fields = serde_json::to_value(Augmentation::default()).unwrap();
        for field in fields.as_object().unwrap().keys() {
            assert!(TEMPLATE.contains(&format!("[\"{field}\"]")), "{field}");
        }
    }
}
