//! An audit as one JSON object.

use super::audited::Audited;
use crate::insight::audit::{Balance, Part, Reason};
use crate::stats::standard_error;
use serde::Serialize;
use serde_json::{Value, json};

/// The object `--json` prints.
#[derive(Serialize)]
pub struct Object {
    dataset: String,
    notice: Option<&'static str>,
    classes: Vec<Value>,
    /// How many times as many training images the largest class has as the smallest that has any.
    class_ratio: f64,
    /// Correlation from which images count as nearly the same.
    similarity: f64,
    /// Who judged the labels; null where they were not checked.
    labels: Option<Value>,
    training: Split,
    validation: Split,
}

/// What was found in a split, the worst first.
#[derive(Serialize)]
struct Split {
    images: usize,
    label_issues: Vec<Value>,
    in_other_split: Vec<Value>,
    repeated: Vec<Value>,
    constant: Vec<u32>,
    inverted: Vec<u32>,
}

/// The object for an audit.
pub fn object(audited: &Audited) -> Object {
    let Audited {
        dataset,
        checked,
        labels,
        ..
    } = audited;
    let balance = &checked.balance;
    let classes = dataset.class_names.iter().enumerate();
    let class = |(class, name): (usize, &String)| {
        json!({
            "name": name,
            "training": balance.training[class],
            "validation": balance.validation[class],
        })
    };
    Object {
        dataset: dataset.name.clone(),
        notice: dataset.notice(),
        classes: classes.map(class).collect(),
        class_ratio: Balance::ratio(&balance.training),
        similarity: checked.similar,
        labels: labels.as_ref().map(|labels| {
            let (accuracy, images) = labels.accuracy;
            json!({
                "network": labels.network,
                "folds": labels.folds,
                "epochs": labels.epochs,
                "accuracy": accuracy,
                "accuracy_error": standard_error(accuracy, images),
            })
        }),
        training: split(audited, Part::Training),
        validation: split(audited, Part::Validation),
    }
}

fn split(audited: &Audited, part: Part) -> Split {
    let mut split = Split {
        images: part.split(&audited.dataset).len(),
        label_issues: Vec::new(),
        in_other_split: Vec::new(),
        repeated: Vec::new(),
        constant: Vec::new(),
        inverted: Vec::new(),
    };
    for finding in audited.findings.those(part, |_| true) {
        let image = finding.image;
        let twin = finding.reason.twin().map(|twin| {
            json!({
                "image": image,
                "other": twin.image,
                "correlation": twin.correlation,
                "exact": twin.is_exact,
            })
        });
        match finding.reason {
            Reason::Label(issue) => split.label_issues.push(json!({
                "image": image,
                "given": issue.given,
                "suggested": issue.suggested,
                "given_probability": issue.of_given,
                "suggested_probability": issue.of_suggested,
            })),
            Reason::Across(_) => split.in_other_split.extend(twin),
            Reason::Repeats(_) => split.repeated.extend(twin),
            Reason::Constant => split.constant.push(image),
            Reason::Inverted => split.inverted.push(image),
        }
    }
    split
}
