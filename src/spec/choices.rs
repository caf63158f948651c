//! Every variant there is to choose from, with values to start from: what an editor offers.

use super::{
    ActivationFunction, Initializer, InputNormalization, Layer, Loss, Optimizer, Precision,
    Schedule,
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

/// The variants that may stand at `place`: a field of the spec (`optimizer`), `layers`, or the
/// variant that wraps them (`Activation`). None where no enum stands.
pub fn choices(place: &str) -> Option<Vec<Value>> {
    Some(match place {
        "layers" => values(&Layer::choices()),
        "Activation" => values(&ActivationFunction::choices()),
        "optimizer" => values(&Optimizer::choices()),
        "schedule" => values(&Schedule::choices()),
        "initializer" => values(&Initializer::choices()),
        "normalization" => values(&InputNormalization::choices()),
        "precision" => values(&Precision::ALL),
        "loss" => defaults::<Loss>(&["SoftmaxCrossEntropy"]),
        _ => return None,
    })
}

/// What a variant at `place` means, where its name alone does not say it.
pub fn meaning(place: &str, name: &str) -> Option<&'static str> {
    match place {
        "precision" => Precision::ALL
            .into_iter()
            .find(|precision| precision.name() == name)
            .map(Precision::meaning),
        _ => None,
    }
}

fn values<T: Serialize>(variants: &[T]) -> Vec<Value> {
    let written = variants.iter().map(serde_json::to_value);
    written.filter_map(Result::ok).collect()
}

/// Variants all of whose fields have defaults.
fn defaults<T: Serialize + DeserializeOwned>(names: &[&str]) -> Vec<Value> {
    let read = |name: &&str| {
        let json = format!("{{\"{name}\": {{}}}}");
        serde_json::from_str::<T>(&json).ok()
    };
    values(&names.iter().filter_map(read).collect::<Vec<_>>())
}

impl Schedule {
    /// Every schedule.
    pub fn choices() -> Vec<Self> {
        vec![
            Self::Constant,
            Self::Step {
                every_epochs: 10,
                factor: 0.5,
            },
            Self::Cosine { final_factor: 0.0 },
            Self::OneCycle {
                rise: 0.3,
                initial_factor: 0.04,
                final_factor: 4e-6,
            },
            Self::ReduceOnPlateau {
                factor: 0.5,
                patience: 3,
            },
        ]
    }
}

impl Initializer {
    /// Every initialiser.
    pub fn choices() -> Vec<Self> {
        let gain = 1.0;
        vec![
            Self::XavierUniform { gain },
            Self::XavierNormal { gain },
            Self::HeUniform { gain },
            Self::HeNormal { gain },
            Self::Normal { std: 0.05 },
        ]
    }
}

/// The name of the variant an enum's JSON stands for, and what the variant holds.
pub fn variant(value: &Value) -> Option<(&str, Option<&Value>)> {
    match value {
        Value::String(name) => Some((name, None)),
        Value::Object(fields) if fields.len() == 1 => {
            let (name, held) = fields.iter().next()?;
            Some((name, Some(held)))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The variants serde knows, read off its error for one that does not exist.
    fn known<T: DeserializeOwned>() -> Vec<String> {
        let error = serde_json::from_str::<T>("\"?\"").err().unwrap();
        let names = error.to_string();
        // `?` is the first name in backquotes.
        names
            .split('`')
            .skip(3)
            .step_by(2)
            .map(str::to_owned)
            .collect()
    }

    fn offered(place: &str) -> Vec<String> {
        let mut names: Vec<String> = choices(place)
            .unwrap()
            .iter()
            .map(|value| variant(value).unwrap().0.to_owned())
            .collect();
        names.dedup();
        names
    }

    fn sorted(mut names: Vec<String>) -> Vec<String> {
        names.sort();
        names
    }

    #[test]
    fn every_variant_can_be_chosen() {
        let pairs = [
            ("layers", known::<Layer>()),
            ("Activation", known::<ActivationFunction>()),
            ("optimizer", known::<Optimizer>()),
            ("schedule", known::<Schedule>()),
            ("initializer", known::<Initializer>()),
            ("normalization", known::<InputNormalization>()),
            ("precision", known::<Precision>()),
            ("loss", known::<Loss>()),
        ];
        for (place, known) in pairs {
            assert!(!known.is_empty());
            assert_eq!(sorted(offered(place)), sorted(known), "{place}");
        }
    }

    #[test]
    fn what_is_offered_is_within_its_limits() {
        let mut spec = super::super::Spec::smallest();
        for schedule in Schedule::choices() {
            for initializer in Initializer::choices() {
                for normalization in InputNormalization::choices() {
                    spec.schedule = schedule;
                    spec.initializer = initializer;
                    spec.normalization = normalization;
                    assert!(spec.check().is_ok());
                }
            }
        }
        spec.layers = Layer::choices();
        assert_eq!(super::super::limits::check(&spec), Ok(()));
    }
}
