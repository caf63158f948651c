//! `--list`: what can be left out, what takes its place, and what cannot be left out and why.

use crate::cli::output::{print, print_json};
use crate::spec::CheckedSpec;
use crate::spec::ablation::Candidate;
use crate::text::table::Table;
use crate::text::{count, escape_controls, wrap};
use color_eyre::eyre::Result;
use serde::Serialize;

/// Cells of a line.
const WIDTH: usize = 80;

#[derive(Serialize)]
struct Line<'a> {
    event: &'static str,
    key: String,
    part: &'a str,
    possible: bool,
    /// What takes its place or goes with it, or why it cannot be left out.
    note: Option<&'a str>,
    parameters: Option<u64>,
    multiply_adds: Option<u64>,
}

/// Prints the parts of a network.
///
/// # Errors
/// When the output cannot be written.
pub fn print_list(spec: &CheckedSpec, candidates: &[Candidate], json: bool) -> Result<()> {
    if json {
        return candidates
            .iter()
            .try_for_each(|candidate| print_json(&line(candidate)));
    }
    let mut table = Table::new(&["key", "left out", ">parameters", ">multiply-adds"]);
    let costs = |spec: &CheckedSpec| {
        let summary = spec.summary();
        [count(summary.parameters()), count(summary.multiply_adds())]
    };
    let mut row = |key: String, name: String, [parameters, multiply_adds]: [String; 2]| {
        table.row([key, name, parameters, multiply_adds]);
    };
    row("nothing".into(), "the whole network".into(), costs(spec));
    for candidate in candidates {
        if let Ok(variant) = &candidate.variant {
            row(
                candidate.part.key(),
                candidate.name.clone(),
                costs(&variant.spec),
            );
        }
    }
    let mut text = format!(
        "Parts of {} that it can be trained without\n{}",
        escape_controls(&spec.name),
        table.text()
    );
    text.push_str(&replaced(candidates.iter()));
    text.push_str(&refused(candidates));
    print(&text)
}

fn line(candidate: &Candidate) -> Line<'_> {
    let summary = candidate
        .variant
        .as_ref()
        .ok()
        .map(|variant| variant.spec.summary());
    Line {
        event: "part",
        key: candidate.part.key(),
        part: &candidate.name,
        possible: candidate.variant.is_ok(),
        note: match &candidate.variant {
            Ok(variant) => variant.note.as_deref(),
            Err(reason) => Some(reason),
        },
        parameters: summary.map(|summary| summary.parameters()),
        multiply_adds: summary.map(|summary| summary.multiply_adds()),
    }
}

/// What stands in whose place; nothing where all parts simply go.
pub fn replaced<'a>(candidates: impl IntoIterator<Item = &'a Candidate>) -> String {
    let lines = candidates.into_iter().filter_map(|candidate| {
        let note = candidate.variant.as_ref().ok()?.note.as_ref()?;
        Some(format!("{}: {note}", candidate.name))
    });
    block("Not simply left out:", lines)
}

/// What cannot be left out, and why.
pub fn refused(candidates: &[Candidate]) -> String {
    let lines = candidates.iter().filter_map(|candidate| {
        let reason = candidate.variant.as_ref().err()?;
        Some(format!("{}: {reason}", candidate.name))
    });
    block("Cannot be left out:", lines)
}

fn block(title: &str, lines: impl Iterator<Item = String>) -> String {
    let mut text = String::new();
    for line in lines {
        for (index, part) in wrap(&line, WIDTH - 4).into_iter().enumerate() {
            let indent = if index == 0 { "  " } else { "    " };
            text.push_str(&format!("{indent}{part}\n"));
        }
    }
    match text.is_empty() {
        true => text,
        false => format!("{title}\n{text}"),
    }
}
