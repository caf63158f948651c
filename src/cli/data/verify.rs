//! `fmnist-tui data verify`.

use super::default_set::FASHION_MNIST;
use crate::cli::args::DataArgs;
use crate::cli::output::{bytes, print};
use crate::data::{self, FileReport, Located, Verdict};
use crate::text::table::Table;
use crate::text::{escape_controls, shown_path};
use color_eyre::eyre::{Result, bail};

/// Fails if a file is missing or damaged, or if the four are not of one set. An unknown file is no
/// error: people train on their own data.
pub fn run(args: &DataArgs) -> Result<()> {
    let dir = match data::locate(args.data.as_deref(), FASHION_MNIST) {
        Located::Folder { dir, .. } => dir,
        Located::Sample { .. } => bail!(
            "there is no data but the built-in sample set; `fmnist-tui data fetch` gets Fashion-MNIST, \
             --data DIR names another folder"
        ),
    };
    let reports = data::verify(&dir)?;
    print(&format!(
        "{}\n\n{}{}",
        shown_path(&dir),
        table(&reports),
        notes(&reports)
    ))?;
    let bad =
        |report: &&FileReport| matches!(report.verdict, Verdict::Missing | Verdict::Unusable(_));
    let bad = reports.iter().filter(bad).count();
    if bad > 0 {
        bail!(
            "{}: {bad} of {} files missing or damaged; `fmnist-tui data fetch --to DIR` gets the published \
             ones",
            shown_path(&dir),
            reports.len()
        );
    }
    let mut sets: Vec<&str> = reports.iter().filter_map(FileReport::set).collect();
    sets.sort_unstable();
    sets.dedup();
    if sets.len() > 1 {
        bail!(
            "{}: files of different data sets ({}); get all four from the same one",
            shown_path(&dir),
            sets.join(", ")
        );
    }
    Ok(())
}

fn table(reports: &[FileReport]) -> String {
    let mut table = Table::new(&["file", ">size", "MD5", "verdict"]);
    for report in reports {
        let verdict = match &report.verdict {
            Verdict::Official { set } => format!("official {set}"),
            Verdict::KnownCopy { set, .. } => format!("known copy of {set}"),
            Verdict::Unknown => "unknown".into(),
            Verdict::Missing => "missing".into(),
            Verdict::Unusable(_) => "damaged".into(),
        };
        table.row([
            escape_controls(&report.name),
            report.bytes.map_or("-".into(), bytes),
            report.md5.clone().unwrap_or("-".into()),
            verdict,
        ]);
    }
    table.text()
}

/// One line for each verdict that needs an explanation.
fn notes(reports: &[FileReport]) -> String {
    let mut text = String::new();
    for report in reports {
        let name = escape_controls(&report.name);
        let note = match &report.verdict {
            Verdict::KnownCopy { note, .. } => format!("{name}: {note}"),
            Verdict::Unknown => {
                format!("{name}: can be read, but is no file of a published set")
            }
            Verdict::Unusable(error) => escape_controls(&error.to_string()),
            Verdict::Official { .. } | Verdict::Missing => continue,
        };
        text.push_str(if text.is_empty() { "\n" } else { "" });
        text.push_str(&note);
        text.push('\n');
    }
    text
}
