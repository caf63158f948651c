use super::*;
use crate::data::Dataset;
use crate::explain::Facts;
use crate::spec::{Layer, Spec, choices, preset, variant};
use crate::stats::Spread;
use crate::train::{ConfusionMatrix, EpochMetrics, Evaluation};
use serde_json::Value;
use std::collections::BTreeSet;

/// What a screen of 80 columns has room for.
const CELLS: usize = 76;
const LINES: usize = 12;

/// Everything that can be known of anything, with long names and many digits.
fn facts() -> Facts {
    let spec = preset("best").unwrap();
    let mut facts = Facts::of_training(&spec);
    for layer in 0..spec.layers.len() {
        facts.add(Facts::of_layer(&spec, layer));
    }
    for layer in Layer::choices() {
        let mut spec = spec.clone().into_spec();
        spec.layers = vec![layer, Layer::Flatten, Layer::Dense { units: 10 }];
        if let Ok(spec) = spec.check() {
            facts.add(Facts::of_layer(&spec, 0));
        }
    }
    facts.add(Facts::of_layer(&spec, 0));
    let every = [
        choices("optimizer"),
        choices("schedule"),
        choices("initializer"),
    ];
    for value in every.into_iter().flatten().flatten() {
        let place = [
            ("optimizer", "Sgd"),
            ("schedule", "Constant"),
            ("initializer", "HeNormal"),
        ];
        for (place, _) in place {
            let mut json = serde_json::to_value(preset("tiny").unwrap().into_spec()).unwrap();
            json[place] = value.clone();
            if let Ok(spec) = serde_json::from_value::<Spec>(json) {
                let mut others = Facts::of_training(&spec);
                others.add(facts);
                facts = others;
            }
        }
    }
    facts.add(Facts::of_data(&Dataset::sample().unwrap(), &spec));
    let epoch = |epoch: usize| EpochMetrics {
        epoch,
        train_loss: 0.5 - 0.03 * epoch as f64,
        validation_loss: 0.4 + 0.03 * epoch as f64,
        validation_accuracy: 0.86,
        train_accuracy: 0.9,
        train_eval_accuracy: Some(0.99),
        train_eval_loss: Some(0.3 - 0.02 * epoch as f64),
        learning_rate: 0.0123,
        seconds: 12.5,
        ..EpochMetrics::default()
    };
    let epochs: Vec<EpochMetrics> = (1..=12).map(epoch).collect();
    facts.add(Facts::of_epochs(&spec, &epochs, 10_000));
    facts.add(Facts::of_seeds(&Spread::of(&[0.9123, 0.9234]).unwrap()));
    let mut confusion = ConfusionMatrix::new(2);
    for _ in 0..1234 {
        confusion.add(0, 1);
        confusion.add(1, 1);
    }
    let name = |class: usize| format!("T-shirt or top {class}");
    facts.add(Facts::of_cell(&confusion, (0, 1), &name));
    let evaluation = Evaluation {
        loss: 0.4,
        accuracy: 0.5,
        confusion,
        predictions: vec![1],
        probabilities: vec![0.1, 0.9],
    };
    facts.add(Facts::of_answer(&evaluation, 0, 0, &name));
    facts.set("value", "0.00123456");
    facts.set("range", "0.000001 to 1000");
    facts
}

#[test]
fn every_topic_is_well_formed_and_short() {
    let facts = facts();
    let mut names = BTreeSet::new();
    let mut problems = Vec::new();
    for (name, text) in TOPIC_TEXTS {
        let mut wrong = |what: String| problems.push(format!("texts/topics/{name}.txt: {what}"));
        let topic = match Topic::parse(name, text) {
            Ok(topic) => topic,
            Err(error) => {
                wrong(error.to_string());
                continue;
            }
        };
        for name in std::iter::once(&topic.name).chain(&topic.also) {
            if !names.insert(key(name)) {
                wrong(format!("{name} leads to another topic too"));
            }
        }
        for place in topic.places() {
            if facts.get(&place).is_none() {
                wrong(format!("{{{place}}} is never known"));
            }
        }
        for related in &topic.related {
            if super::topic(related).is_none_or(|found| found.name == topic.name) {
                wrong(format!("there is no {related} to read next"));
            }
        }
        let lines = topic.explained(&facts).lines(CELLS);
        let is_wide = |line: &&(_, String)| crate::text::width(&line.1) > CELLS;
        for (_, line) in lines.iter().filter(is_wide) {
            wrong(format!("too wide: {line}"));
        }
        if lines.len() > LINES {
            wrong(format!("{} lines, at most {LINES}", lines.len()));
        }
        // Without any numbers there is still something to read.
        if topic.explained(&Facts::default()).paragraphs.is_empty() {
            wrong("says nothing without numbers".into());
        }
    }
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}

/// The names of everything a spec can say: fields, kinds and variants.
fn spec_names() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    fn walk(value: &Value, names: &mut BTreeSet<String>) {
        if let Value::Object(fields) = value {
            for (name, value) in fields {
                names.insert(name.clone());
                walk(value, names);
            }
        }
    }
    for layer in Layer::choices() {
        names.insert(layer.kind().to_owned());
    }
    let spec = serde_json::to_value(Spec::smallest()).unwrap();
    walk(&spec, &mut names);
    for place in [
        "layers",
        "Activation",
        "optimizer",
        "schedule",
        "initializer",
        "normalization",
        "loss",
    ] {
        for value in choices(place).unwrap() {
            if let Some((name, held)) = variant(&value) {
                names.insert(name.to_owned());
                walk(held.unwrap_or(&Value::Null), &mut names);
            }
        }
    }
    names
}

#[test]
fn everything_in_a_spec_has_a_topic() {
    let missing: Vec<String> = spec_names()
        .into_iter()
        .filter(|name| topic(name).is_none())
        .collect();
    assert!(
        missing.is_empty(),
        "texts/topics has nothing on {missing:?}"
    );
}

#[test]
fn a_topic_is_found_as_people_spell_it() {
    for name in ["MaxPool2d", "max-pool2d", "max_pool2d", "maxpool2d"] {
        assert_eq!(topic(name).unwrap().name, "max-pool2d");
    }
    assert_eq!(topic("nothing of that name"), None);
    let first = |words: &str| search(words).first().map(|topic| topic.name.as_str());
    assert_eq!(first("dropout"), Some("dropout"));
    assert_eq!(first("by heart"), Some("overfitting"));
    assert_eq!(search("").len(), topics().len());
    assert!(search("zzz").is_empty());
}

#[test]
fn what_is_known_is_said_and_what_is_not_is_left_out() {
    let spec = preset("tiny").unwrap();
    let topic = topic("Conv2d").unwrap();
    let with = topic.explained(&Facts::of_layer(&spec, 0));
    let text = with
        .lines(CELLS)
        .iter()
        .map(|(_, line)| line.clone())
        .collect::<Vec<_>>()
        .join(" ");
    assert!(
        text.contains("1×28×28") && text.contains("8×14×14"),
        "{text}"
    );
    let without = topic.explained(&Facts::default());
    assert!(without.paragraphs.len() < with.paragraphs.len());
}
