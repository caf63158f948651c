//! Everything that a network could be trained without.

use super::part::{Part, Variant};
use crate::spec::CheckedSpec;

/// A part of a network, and the network without it.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// The part.
    pub part: Part,
    /// What it is, in a few words.
    pub name: String,
    /// The network without it, or why there is none.
    pub variant: Result<Variant, String>,
}

impl Candidate {
    /// Of one part.
    pub fn new(spec: &CheckedSpec, part: Part) -> Self {
        Self {
            name: part.name(spec),
            variant: part.leave_out(spec),
            part,
        }
    }
}

/// All parts of a network. No two of them give the same network: of those that would, the first has it.
pub fn candidates(spec: &CheckedSpec) -> Vec<Candidate> {
    let mut found: Vec<Candidate> = Vec::new();
    for part in Part::of(spec) {
        let mut candidate = Candidate::new(spec, part);
        if let Ok(variant) = &candidate.variant {
            let same = |other: &&Candidate| matches!(&other.variant, Ok(other) if other.spec == variant.spec);
            if let Some(other) = found.iter().find(same) {
                candidate.variant = Err(format!("the same as without {}", other.name));
            }
        }
        found.push(candidate);
    }
    found
}
