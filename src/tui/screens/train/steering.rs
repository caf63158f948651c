//! Steering a run under way: which setting `+` and `-` turn, and by how much.

use crate::spec::vary::Settings;
use crate::spec::{Layer, Spec};
use crate::text::short_decimal;
use crate::train::Command;
use crate::tui::effect::Effect;
use crate::tui::shared::Shared;

/// A setting that can be turned while the run goes on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dial {
    /// The learning rate, doubled or halved.
    #[default]
    LearningRate,
    /// The weight decay, doubled or halved.
    WeightDecay,
    /// The share of past steps that is repeated.
    Momentum,
    /// The probability of a zero, of all dropout layers.
    Dropout,
}

/// Steps of a share of past steps: each about halves what is new.
const MOMENTA: [f64; 7] = [0.0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99];
/// The first weight decay above none.
const LEAST_DECAY: f64 = 1e-6;
/// By how much a probability changes.
const STEP_OF_P: f64 = 0.05;

impl Dial {
    const ALL: [Self; 4] = [
        Self::LearningRate,
        Self::WeightDecay,
        Self::Momentum,
        Self::Dropout,
    ];

    /// The next setting that the run of `spec` has.
    pub fn next(self, spec: &Spec) -> Self {
        let at = Self::ALL.iter().position(|dial| *dial == self).unwrap_or(0);
        let mut after = Self::ALL.iter().cycle().skip(at + 1).take(Self::ALL.len());
        after
            .find(|dial| dial.value(spec).is_some())
            .copied()
            .unwrap_or_default()
    }

    /// What it is called.
    pub fn title(self) -> &'static str {
        match self {
            Self::LearningRate => "learning rate",
            Self::WeightDecay => "weight decay",
            Self::Momentum => "momentum",
            Self::Dropout => "dropout",
        }
    }

    /// Its value in words, if the run of `spec` has it.
    pub fn value(self, spec: &Spec) -> Option<String> {
        match self {
            Self::LearningRate => Some(short_decimal(spec.learning_rate)),
            Self::WeightDecay => of_optimizer(spec, "weight_decay").map(short_decimal),
            Self::Momentum => of_optimizer(spec, momentum(spec)).map(short_decimal),
            Self::Dropout => {
                let mut values: Vec<String> = rates(spec).map(|(_, p)| short_decimal(p)).collect();
                values.dedup();
                (!values.is_empty()).then(|| values.join(", "))
            }
        }
    }

    /// The settings after a turn up or down; nothing where it has come to its end.
    pub fn turned(self, spec: &Spec, up: bool) -> Option<Settings> {
        let twice = |value: f64| if up { 2.0 * value } else { value / 2.0 };
        match self {
            Self::LearningRate => Some(number("learning_rate", twice(spec.learning_rate))),
            Self::WeightDecay => {
                let old = of_optimizer(spec, "weight_decay")?;
                let new = match (up, old) {
                    (true, 0.0) => LEAST_DECAY,
                    (false, old) if old <= LEAST_DECAY => 0.0,
                    (_, old) => twice(old),
                };
                (new != old).then(|| number("optimizer.weight_decay", new))
            }
            Self::Momentum => {
                let field = momentum(spec);
                let old = of_optimizer(spec, field)?;
                let mut steps = MOMENTA.iter().copied();
                let new = match up {
                    true => steps.find(|step| *step > old + 1e-9),
                    false => steps.rev().find(|step| *step < old - 1e-9),
                };
                new.map(|new| number(&format!("optimizer.{field}"), new))
            }
            Self::Dropout => {
                let mut settings = Settings::default();
                for (number, old) in rates(spec) {
                    let new = if up { old + STEP_OF_P } else { old - STEP_OF_P };
                    let new = (new.clamp(0.0, 0.9) * 100.0).round() / 100.0;
                    if new != old {
                        settings.set(&format!("layers.{number}.p"), new);
                    }
                }
                (!settings.is_empty()).then_some(settings)
            }
        }
    }
}

fn number(key: &str, value: f64) -> Settings {
    // What is written in a run's folder shall be readable: 0.001, not 0.0010000000000000002.
    let digits: f64 = format!("{value:.6e}").parse().unwrap_or(value);
    Settings::of(key, digits)
}

/// What the optimiser calls the share of past steps: Adam and its kin have a mean of gradients.
fn momentum(spec: &Spec) -> &'static str {
    match of_optimizer(spec, "momentum") {
        Some(_) => "momentum",
        None => "beta1",
    }
}

/// A number of the optimiser.
fn of_optimizer(spec: &Spec, field: &str) -> Option<f64> {
    let value = serde_json::to_value(spec.optimizer).ok()?;
    value.get(spec.optimizer.kind())?.get(field)?.as_f64()
}

/// The dropout layers, numbered from 1 among all, each with its probability.
fn rates(spec: &Spec) -> impl Iterator<Item = (usize, f64)> {
    let layers = spec.layers.iter().enumerate();
    layers.filter_map(|(index, layer)| match layer {
        Layer::Dropout { p } => Some((index + 1, *p)),
        _ => None,
    })
}

/// Turns a setting of the run under way.
pub fn turn(dial: Dial, up: bool, shared: &mut Shared) -> Vec<Effect> {
    let Some(run) = shared.run.as_ref().filter(|run| run.is_active()) else {
        shared.say("nothing is training; t trains the network");
        return Vec::new();
    };
    let Some(settings) = dial.turned(&run.spec, up) else {
        let title = dial.title();
        let end = if up { "higher" } else { "lower" };
        shared.say(format!("{title} goes no {end}; v chooses another setting"));
        return Vec::new();
    };
    vec![Effect::Command(Command::Steer(settings))]
}

/// Chooses the next setting.
pub fn choose(dial: &mut Dial, shared: &mut Shared) {
    let Some(run) = &shared.run else {
        shared.say("nothing is training; t trains the network");
        return;
    };
    *dial = dial.next(&run.spec);
    let value = dial.value(&run.spec).unwrap_or_default();
    shared.say(format!("+ and - now change the {}: {value}", dial.title()));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::preset;
    use crate::train::steer;

    #[test]
    fn every_dial_turns_there_and_back_in_readable_numbers() {
        for name in ["bn-dropout", "best", "basic-cnn"] {
            let spec = preset(name).unwrap();
            let has = |dial: &Dial| dial.value(&spec).is_some();
            for dial in Dial::ALL.into_iter().filter(has) {
                let up = steer(&spec, &dial.turned(&spec, true).unwrap()).unwrap();
                let back = steer(&up, &dial.turned(&up, false).unwrap()).unwrap();
                assert_eq!(dial.value(&back), dial.value(&spec), "{name} {dial:?}");
                assert_ne!(dial.value(&up), dial.value(&spec), "{name} {dial:?}");
            }
        }
        let spec = preset("basic-cnn").unwrap();
        assert_eq!(Dial::Dropout.value(&spec), None);
        assert_eq!(Dial::LearningRate.next(&spec), Dial::WeightDecay);
        assert_eq!(Dial::Momentum.next(&spec), Dial::LearningRate);
    }

    #[test]
    fn a_dial_ends_where_its_setting_ends() {
        let mut spec = preset("bn-dropout").unwrap().into_spec();
        for layer in &mut spec.layers {
            if let Layer::Dropout { p } = layer {
                *p = 0.0;
            }
        }
        assert_eq!(Dial::Dropout.turned(&spec, false), None);
        assert!(Dial::Dropout.turned(&spec, true).is_some());
    }
}
