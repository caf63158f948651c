use super::{match_some, match_whole};
use crate::nn::io::state::{TensorData, TensorState};
use crate::nn::{Model, NnError};
use crate::spec::{CheckedSpec, Layer, Spec, preset};

/// Two convolutions of one shape and one of another, with batch norm, and two dense layers.
fn spec() -> CheckedSpec {
    let mut spec: Spec = preset("tiny").unwrap().into_spec();
    let conv = |out_channels, kernel_size| Layer::Conv2d {
        out_channels,
        kernel_size,
        stride: 1,
        padding: 1,
    };
    let norm = Layer::BatchNorm {
        eps: 1e-5,
        momentum: 0.1,
    };
    spec.layers = vec![
        conv(4, 3),
        norm,
        conv(4, 3),
        conv(4, 3),
        Layer::GlobalAvgPool,
        Layer::Dense { units: 6 },
        Layer::Dense { units: 10 },
    ];
    spec.check().unwrap()
}

/// The tensors of a trained network of the spec.
fn trained() -> Vec<TensorState> {
    let mut state = Model::new(&spec()).unwrap().network().state();
    for (index, tensor) in state.iter_mut().enumerate() {
        if let TensorData::F32(values) = &mut tensor.data {
            values.iter_mut().for_each(|value| *value += index as f32);
        }
    }
    state
}

/// Those tensors in the order of their names, which are others: as safetensors files of PyTorch have them.
fn renamed(names: [&str; 6]) -> Vec<TensorState> {
    let own = ["0", "1", "2", "3", "5", "6"];
    let mut state = trained();
    for tensor in &mut state {
        let (layer, leaf) = tensor.name.split_once('.').unwrap();
        let place = own.iter().position(|own| *own == layer).unwrap();
        tensor.name = format!("{}.{leaf}", names[place]);
    }
    state.sort_by(|a, b| a.name.cmp(&b.name));
    state
}

fn fresh() -> Vec<TensorState> {
    Model::new(&spec()).unwrap().network().state()
}

fn matched(found: Vec<TensorState>) -> Result<(Vec<TensorState>, String), String> {
    let matched = match_whole(found, fresh(), &spec().layers)?;
    let mut model = Model::new(&spec()).unwrap();
    model
        .load_state(&matched.state)
        .map_err(|error: NnError| error.to_string())?;
    Ok((model.network().state(), matched.how))
}

const USUAL: [&str; 6] = ["conv1", "bn1", "conv2", "conv10", "fc1", "fc2"];

#[test]
fn attributes_are_told_by_kinds_shapes_and_the_order_of_their_numbers() {
    let (state, how) = matched(renamed(USUAL)).unwrap();
    assert_eq!(state, trained());
    assert!(how.contains("conv2 → layer 3, conv10 → layer 4"), "{how}");
}

#[test]
fn names_of_a_sequential_are_taken_as_they_are_below_any_wrapper() {
    for prefix in [
        "",
        "module.",
        "model.",
        "_orig_mod.net.",
        "net._orig_mod.module.",
    ] {
        let mut state = trained();
        for tensor in &mut state {
            tensor.name = format!("{prefix}{}", tensor.name);
        }
        let (found, how) = matched(state).unwrap();
        assert_eq!(found, trained());
        assert_eq!(how, "tensors matched by their names");
    }
}

#[test]
fn what_computes_the_same_without_a_tensor_is_filled_in() {
    let mut state = renamed(USUAL);
    state.retain(|tensor| {
        !["conv1.bias", "bn1.num_batches_tracked"].contains(&tensor.name.as_str())
    });
    let (found, how) = matched(state).unwrap();
    let bias = found.iter().find(|tensor| tensor.name == "0.bias").unwrap();
    assert_eq!(bias.data, TensorData::F32(vec![0.0; 4]));
    assert!(how.contains("conv1.bias not in the file: zeros"), "{how}");
}

#[test]
fn names_that_do_not_tell_the_order_are_refused() {
    // By name `block…` is before `stem`, but only `stem` fits the first layer.
    let names = ["stem", "bn1", "block1", "block2", "fc1", "fc2"];
    let problem = matched(renamed(names)).unwrap_err();
    assert!(problem.contains("\"block1\", \"block2\""), "{problem}");
    assert!(problem.contains("0.weight"), "{problem}");
}

#[test]
fn a_layer_that_does_not_fit_is_named_with_both_shapes_and_what_to_do() {
    let shaped = |name: &str, shape: &[usize]| {
        let mut state = renamed(USUAL);
        let tensor = state.iter_mut().find(|tensor| tensor.name == name).unwrap();
        tensor.shape = shape.to_vec();
        tensor.data = TensorData::F32(vec![0.0; shape.iter().product()]);
        matched(state).unwrap_err()
    };
    let cases: [(&str, &[usize], &str); 5] = [
        ("conv1.weight", &[4, 1, 5, 5], "kernel_size of 5"),
        ("conv1.weight", &[3, 3, 1, 4], "TensorFlow's order"),
        ("fc1.weight", &[4, 6], "transposed"),
        ("fc2.weight", &[12, 6], "12 units"),
        (
            "fc1.weight",
            &[6, 64],
            "4 values come into the layer where the file's takes 64",
        ),
    ];
    for (name, shape, advice) in cases {
        let problem = shaped(name, shape);
        assert!(problem.contains(advice), "{problem}");
        assert!(
            problem.contains(&format!("{name:?} has the shape {shape:?}")),
            "{problem}"
        );
        assert!(problem.starts_with("layer "), "{problem}");
    }
}

#[test]
fn another_network_is_told_by_the_numbers_of_its_layers() {
    let mut state = renamed(USUAL);
    state.retain(|tensor| !tensor.name.starts_with("conv10"));
    let problem = matched(state).unwrap_err();
    let expected = "the spec has 3 convolutions (layer 1 (Conv2d), layer 3 (Conv2d), layer 4 (Conv2d)) and the file \
                    2 convolutions (\"conv1\", \"conv2\")";
    assert!(problem.starts_with(expected), "{problem}");
    let mut state = renamed(USUAL);
    state[0].name = "lstm.weight_ih_l0".into();
    let problem = matched(state).unwrap_err();
    assert!(
        problem.contains("\"lstm.weight_ih_l0\" is of a layer that is not known"),
        "{problem}"
    );
}

#[test]
fn a_run_begins_with_what_fits() {
    let mut state = renamed(USUAL);
    state.retain(|tensor| !tensor.name.starts_with("fc2"));
    let found = match_some(state, fresh(), &spec().layers).unwrap().state;
    let expected: Vec<TensorState> = trained();
    for tensor in &found {
        assert!(expected.contains(tensor), "{}", tensor.name);
    }
    assert_eq!(found.len(), expected.len() - 2);
}
