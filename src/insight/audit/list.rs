//! The list of training images to leave out that follows from an audit.

use super::findings::Findings;
use super::part::Part;
use super::words::reason;
use crate::data::{Dataset, Exclusions};
use std::collections::BTreeMap;

/// The list that leaves all suspicious training images out of training, with the reasons, in the order of the images.
pub fn exclusions(findings: &Findings, dataset: &Dataset) -> String {
    let mut reasons: BTreeMap<u32, Vec<String>> = BTreeMap::new();
    for finding in findings.those(Part::Training, |_| true) {
        let words = reason(finding, dataset);
        reasons.entry(finding.image).or_default().push(words);
    }
    let lines = reasons.iter();
    let lines = lines.map(|(image, reasons)| Exclusions::line(*image, &reasons.join("; ")));
    let head = "# Training images to leave out, counted from 0: \"exclude\" of a spec, or train --exclude.\n\
         # Remove the lines of images to keep.\n";
    head.to_owned() + &lines.collect::<String>()
}
