use super::super::{ActivationFunction, CheckedSpec, Layer, Loss, Optimizer, Spec, preset};
use super::*;
use crate::optim::{Adam, AdamW, Sgd};

fn members(network: &str, varies: &[&str], seeds: usize) -> Result<Vec<Member>, VaryError> {
    let varies: Result<Vec<Vary>, VaryError> =
        varies.iter().map(|text| Vary::parse(text)).collect();
    grid(&preset(network).unwrap(), &varies?, seeds)
}

fn specs(network: &str, vary: &str) -> Vec<CheckedSpec> {
    let members = members(network, &[vary], 1).unwrap();
    members.into_iter().map(|member| member.spec).collect()
}

fn error(network: &str, varies: &[&str]) -> String {
    members(network, varies, 1).unwrap_err().to_string()
}

#[test]
fn a_list_is_split_at_its_own_commas_and_written_in_one_way() {
    let vary = Vary::parse(" learning_rate = 1e-3, 0.010 ,64.0").unwrap();
    assert_eq!(vary.key, "learning_rate");
    assert_eq!(vary.values, ["0.001", "0.01", "64"]);
    let vary = Vary::parse(r#"schedule=Constant,{"Step": {"every_epochs": 5, "factor": 0.5}}"#);
    assert_eq!(
        vary.unwrap().values,
        ["Constant", r#"{"Step":{"every_epochs":5,"factor":0.5}}"#]
    );
}

#[test]
fn what_is_no_list_of_different_values_is_refused() {
    let refused = |text: &str| Vary::parse(text).unwrap_err().to_string();
    for text in ["learning_rate", "=1,2", ""] {
        assert!(refused(text).contains("is no field with values"), "{text}");
    }
    for (text, position) in [("epochs=", 1), ("epochs=1,,2", 2), ("epochs=1,2,", 3)] {
        let expected = format!("epochs: value {position} is empty");
        assert!(refused(text).starts_with(&expected), "{text}");
    }
    for text in [
        "dropout=0.1,0.10",
        "epochs=2,2.0",
        "optimizer=Adam,Sgd,Adam",
    ] {
        assert!(refused(text).contains("stands there twice"), "{text}");
    }
    assert!(!refused("a\u{1b}[2J").contains('\u{1b}'));
}

#[test]
fn the_last_field_changes_faster_and_the_seed_fastest() {
    let found = members("tiny", &["learning_rate=0.1,0.2", "batch_size=32,64"], 2).unwrap();
    let all: Vec<(f64, usize, u64)> = found
        .iter()
        .map(|member| {
            let spec = &member.spec;
            (spec.learning_rate, spec.batch_size, spec.seed)
        })
        .collect();
    assert_eq!(
        all,
        [
            (0.1, 32, 1),
            (0.1, 32, 2),
            (0.1, 64, 1),
            (0.1, 64, 2),
            (0.2, 32, 1),
            (0.2, 32, 2),
            (0.2, 64, 1),
            (0.2, 64, 2),
        ]
    );
    assert_eq!(found[5].values, ["0.2", "32"]);
}

#[test]
fn a_variant_comes_with_the_values_that_the_form_offers() {
    let found = specs("tiny", "optimizer=Sgd,AdamW");
    let kinds: Vec<&str> = found.iter().map(|spec| spec.optimizer.kind()).collect();
    assert_eq!(kinds, ["Sgd", "AdamW"]);
    assert!(matches!(
        found[1].optimizer,
        Optimizer::AdamW(AdamW { weight_decay, .. }) if weight_decay == 0.01
    ));
    let found = specs("tiny", r#"optimizer={"Sgd":{"momentum":0.9}}"#);
    assert!(matches!(found[0].optimizer, Optimizer::Sgd(Sgd { momentum, .. }) if momentum == 0.9));
    let found = specs("tiny", "precision=bf16");
    assert_eq!(found[0].precision, crate::spec::Precision::Bf16);
}

#[test]
fn a_field_is_found_by_its_way_or_by_a_name_of_its_own() {
    for key in [
        "weight_decay",
        "optimizer.weight_decay",
        "optimizer.Adam.weight_decay",
    ] {
        let found = specs("tiny", &format!("{key}=0.5"));
        assert!(
            matches!(found[0].optimizer, Optimizer::Adam(Adam { weight_decay, .. }) if weight_decay == 0.5)
        );
    }
    for key in ["label_smoothing", "loss.label_smoothing"] {
        let found = specs("tiny", &format!("{key}=0.25"));
        let Loss::SoftmaxCrossEntropy { label_smoothing } = found[0].loss;
        assert_eq!(label_smoothing, 0.25);
    }
    // Layers are counted from 1.
    let found = specs("tiny", "layers.1.out_channels=4,6");
    assert!(matches!(
        found[1].layers[0],
        Layer::Conv2d {
            out_channels: 6,
            ..
        }
    ));
}

#[test]
fn dropout_and_activation_stand_for_all_layers_of_their_kind() {
    let found = specs("bn-dropout", "dropout=0.1,0.5");
    let probabilities: Vec<f64> = found[1]
        .layers
        .iter()
        .filter_map(|layer| match layer {
            Layer::Dropout { p } => Some(*p),
            _ => None,
        })
        .collect();
    assert!(probabilities.len() > 2, "{probabilities:?}");
    assert!(probabilities.iter().all(|p| *p == 0.5));
    let found = specs("tiny", "activation=GELU,LeakyReLU");
    let functions = |spec: &Spec| -> Vec<ActivationFunction> {
        let layers = spec.layers.iter();
        layers
            .filter_map(|layer| match layer {
                Layer::Activation(function) => Some(*function),
                _ => None,
            })
            .collect()
    };
    assert_eq!(functions(&found[0]), [ActivationFunction::GELU; 2]);
    let leaky = ActivationFunction::LeakyReLU { slope: 0.01 };
    assert_eq!(functions(&found[1]), [leaky; 2]);
    let none = error("tiny", &["dropout=0.1"]);
    assert!(none.contains("the network has no Dropout layer"), "{none}");
}

#[test]
fn what_holds_a_field_is_set_before_it() {
    for varies in [
        ["optimizer=Sgd,AdamW", "weight_decay=0,0.5"],
        ["weight_decay=0,0.5", "optimizer=Sgd,AdamW"],
    ] {
        let found = members("tiny", &varies, 1).unwrap();
        let decays: Vec<f64> = found
            .iter()
            .map(|member| match member.spec.optimizer {
                Optimizer::Sgd(Sgd { weight_decay, .. })
                | Optimizer::AdamW(AdamW { weight_decay, .. }) => weight_decay,
                _ => f64::NAN,
            })
            .collect();
        assert!(decays.iter().all(|decay| *decay == 0.0 || *decay == 0.5));
        assert_eq!(decays.iter().filter(|decay| **decay == 0.5).count(), 2);
    }
    // Sgd has no beta1: the member that asks for it is named.
    let refused = error("tiny", &["optimizer=Adam,Sgd", "beta1=0.8"]);
    assert!(
        refused.starts_with("optimizer=Sgd beta1=0.8: "),
        "{refused}"
    );
    // The schedule that has the field is only there once it is chosen.
    let found = members("bn", &["final_factor=0.1,0.2", "schedule=Cosine"], 1).unwrap();
    assert_eq!(found.len(), 2);
}

#[test]
fn an_unknown_or_ambiguous_name_says_what_there_is() {
    for key in [
        "lerning_rate",
        "optimizer.bta1",
        "layers.99.units",
        "layers.7.units",
        "3",
    ] {
        let refused = error("tiny", &[&format!("{key}=1")]);
        assert!(
            refused.starts_with(&format!("{key}: there is no such field")),
            "{refused}"
        );
        for known in [
            "learning_rate",
            "optimizer.beta1",
            "loss.label_smoothing",
            "activation",
            "layers.1.out_channels",
        ] {
            assert!(refused.contains(known), "{known} is missing in {refused}");
        }
        assert!(!refused.contains("dropout"), "tiny has none: {refused}");
    }
    let refused = error("tiny", &["eps=0.1"]);
    for known in ["layers.2.eps", "layers.5.eps", "optimizer.eps"] {
        assert!(refused.contains(known), "{refused}");
    }
    let refused = error("tiny", &["optimizer=Adam,Adma"]);
    assert!(
        refused.contains("there is no \"Adma\"; there are Sgd, Adam"),
        "{refused}"
    );
    for (key, hint) in [
        ("seed", "--seeds"),
        ("name", "values"),
        ("layers", "layers.1"),
        ("input.height", "same images"),
    ] {
        let refused = error("tiny", &[&format!("{key}=1")]);
        assert!(
            refused.contains("cannot be varied") && refused.contains(hint),
            "{refused}"
        );
    }
}

#[test]
fn the_first_bad_member_is_named_with_its_values() {
    let refused = error("tiny", &["learning_rate=0.1,0.2", "batch_size=32,0"]);
    assert!(
        refused.starts_with("learning_rate=0.1 batch_size=0: batch_size: is 0; it must be"),
        "{refused}"
    );
    let refused = error("tiny", &["learning_rate=0.1,nan"]);
    assert!(
        refused.contains("learning_rate=nan: ") && refused.contains("a number from"),
        "{refused}"
    );
    let refused = error("tiny", &["layers.1.kernel_size=3,64"]);
    assert!(
        refused.contains("kernel_size=64: layer 1 (Conv2d): kernel 64 is larger"),
        "{refused}"
    );
}

#[test]
fn the_same_field_or_the_same_member_twice_is_refused() {
    let refused = error("tiny", &["epochs=1", "epochs=2"]);
    assert!(refused.starts_with("epochs is varied twice"), "{refused}");
    let refused = error("tiny", &["beta1=0.1", "optimizer.beta1=0.2"]);
    assert!(refused.contains("set the same field"), "{refused}");
    let refused = error("tiny", &[r#"optimizer=Adam,{"Adam":{}}"#]);
    assert!(refused.contains("are the same spec"), "{refused}");
}

#[test]
fn a_grid_of_a_slip_of_the_keyboard_is_refused_before_it_is_made() {
    let many: Vec<String> = (1..=1000).map(|number| number.to_string()).collect();
    let list = format!("epochs={}", many.join(","));
    assert_eq!(members("tiny", &[&list], 10).unwrap().len(), MAX_MEMBERS);
    let refused = members("tiny", &[&list], 11).unwrap_err();
    assert_eq!(refused, VaryError::TooMany { members: 11_000 });
    let mut spec = preset("tiny").unwrap().into_spec();
    spec.seed = u64::MAX;
    assert!(grid(&spec, &[], 1).is_ok());
    assert!(matches!(grid(&spec, &[], 2), Err(VaryError::Seeds { .. })));
}
