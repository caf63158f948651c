//! Where the time goes, as a table and as JSON.

use crate::nn::profile::{COLUMNS, Direction, Profile, Row, RowKind, Section};
use crate::text::table::Table;
use crate::text::{escape_controls, wrap};
use serde_json::{Map, Value, json};

/// Cells of the widest name: with it the table is 80 cells wide at most.
const NAME_WIDTH: usize = 28;

/// The table, with what was measured above it and the share of one core below; at most 80 cells wide.
pub fn text(profile: &Profile) -> String {
    let mut header = vec![">", "layer"];
    let columns = COLUMNS.map(|name| format!(">{name}"));
    header.extend(columns.iter().map(String::as_str));
    let mut table = Table::new(&header);
    for row in profile.table() {
        // A name that needs more than a line has its numbers in the first.
        let mut lines = wrap(&escape_controls(&row.name), NAME_WIDTH).into_iter();
        let first = [row.number, lines.next().unwrap_or_default()];
        table.row(first.into_iter().chain(row.cells));
        for line in lines {
            table.row([String::new(), line]);
        }
    }
    let below = wrap(&profile.about_one_core(), 80).join("\n");
    format!("\n{}\n\n{}\n{below}\n", profile.about(), table.text())
}

/// The same, with times in milliseconds of a step and shares from 0 to 1.
pub fn json(profile: &Profile) -> Value {
    let one_core = profile.one_core.iter();
    let one_core: Map<String, Value> = one_core
        .map(|(section, time)| (key(*section).to_owned(), json!(time)))
        .collect();
    json!({
        "threads": profile.threads,
        "steps": profile.steps,
        "batch": profile.batch,
        "milliseconds": profile.milliseconds,
        "one_core_share": profile.one_core_share(),
        "one_core": one_core,
        "rows": profile.rows.iter().map(|each| row(profile, each)).collect::<Vec<_>>(),
    })
}

fn row(profile: &Profile, row: &Row) -> Value {
    let mut fields = match &row.kind {
        RowKind::Layers {
            layers,
            description,
        } => {
            let time = |direction: Direction| row.directions[direction as usize];
            json!({
                "layers": [layers.start + 1, layers.end],
                "name": description,
                "prepare": time(Direction::Prepare),
                "forward": time(Direction::Forward),
                "backward": time(Direction::Backward),
            })
        }
        RowKind::Section(section) => json!({ "name": key(*section) }),
        RowKind::Waiting => json!({ "name": "waiting" }),
    };
    fields["milliseconds"] = json!(row.milliseconds);
    fields["share"] = json!(profile.share(row));
    if let Some(gflops) = row.gflops {
        fields["gflops"] = json!(gflops);
    }
    fields
}

fn key(section: Section) -> &'static str {
    match section {
        Section::Data => "data",
        Section::Prepare => "prepare",
        Section::Forward => "forward",
        Section::Backward => "backward",
        Section::Loss => "loss",
        Section::Optimizer => "optimizer",
        Section::Average => "average",
        Section::Rest => "rest",
    }
}
