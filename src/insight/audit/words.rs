//! Findings in words, the same in the app, on the command line and in lists.

use super::findings::{Finding, Reason};
use super::twins::Twin;
use crate::data::Dataset;
use crate::text::{escape_controls, grouped};

/// Why an image is suspicious, for a narrow column: `Shirt 1 %, likely Dress 97 %`.
pub fn short_reason(finding: &Finding, dataset: &Dataset) -> String {
    match finding.reason {
        Reason::Label(issue) => format!(
            "{} {}, likely {} {}",
            name(dataset, issue.given),
            percent(issue.of_given),
            name(dataset, issue.suggested),
            percent(issue.of_suggested)
        ),
        _ => reason(finding, dataset),
    }
}

/// Why an image is suspicious: `labelled Shirt (1 %), likely Dress (97 %)`.
pub fn reason(finding: &Finding, dataset: &Dataset) -> String {
    let name = |class: u8| name(dataset, class);
    match finding.reason {
        Reason::Label(issue) => format!(
            "labelled {} ({}), likely {} ({})",
            name(issue.given),
            percent(issue.of_given),
            name(issue.suggested),
            percent(issue.of_suggested)
        ),
        Reason::Across(twin) | Reason::Repeats(twin) => {
            let split = twin.part.split(dataset);
            let own = finding
                .part
                .split(dataset)
                .labels
                .get(finding.image as usize);
            let other = split.labels.get(twin.image as usize);
            let label = match other.filter(|other| own != Some(other)) {
                Some(other) => format!(", labelled {} there", name(*other)),
                None => String::new(),
            };
            format!("{}{label}", like(twin))
        }
        Reason::Constant => "all pixels are the same".into(),
        Reason::Inverted => "its background is that of a negative".into(),
    }
}

fn name(dataset: &Dataset, class: u8) -> String {
    let name = dataset.class_names.get(usize::from(class));
    name.map_or_else(|| class.to_string(), |name| escape_controls(name))
}

/// `same as training image 4,211`, `almost training image 4,211 (0.9987)`.
fn like(twin: Twin) -> String {
    let image = format!(
        "{} image {}",
        twin.part.name(),
        grouped(u64::from(twin.image))
    );
    match twin.is_exact {
        true => format!("same as {image}"),
        // Rounded down: what is not the same is never called 1.
        false => format!(
            "almost {image} ({:.4})",
            (twin.correlation * 1e4).floor() / 1e4
        ),
    }
}

fn percent(share: f64) -> String {
    format!("{:.0} %", 100.0 * share)
}
