//! `fmnist-tui presets`.

use super::output::print;
use crate::spec::{PRESETS, preset};
use crate::text::short;
use crate::text::table::Table;
use color_eyre::eyre::Result;

/// Prints the table of presets.
pub fn run() -> Result<()> {
    let mut table = Table::new(&["name", ">params", ">mult-adds", ">epochs", "about"]);
    for entry in PRESETS {
        let spec = preset(entry.name)?;
        let summary = spec.summary();
        table.row([
            entry.name.to_owned(),
            short(summary.parameters()),
            short(summary.multiply_adds()),
            spec.epochs.to_string(),
            entry.about.to_owned(),
        ]);
    }
    print(&table.text())
}
