//! Shows an ablation: a sweep's lines while it trains, and the ladder at its end.

use super::json::{RungLine, WholeLine};
use super::{list, table};
use crate::cli::output::{print, print_json};
use crate::cli::sweep::{Begin, JsonReport, SweepReport, TextReport, print_table};
use crate::insight::{Ablation, SingleSeed};
use crate::spec::ablation::Candidate;
use crate::sweep::{Standing, Sweep, SweepEvent};
use crate::text::shown_path;
use color_eyre::eyre::{Result, eyre};

/// Prints an ablation for a person to read.
pub struct LadderText {
    inner: TextReport,
    single: SingleSeed,
    /// What is said of parts before the first is trained.
    about: String,
}

impl LadderText {
    pub fn new(candidates: &[Candidate], chosen: &[&Candidate]) -> Self {
        let about = list::replaced(chosen.iter().copied()) + &list::refused(candidates);
        Self {
            inner: TextReport::default(),
            single: SingleSeed::default(),
            about,
        }
    }
}

impl SweepReport for LadderText {
    fn begin(&mut self, begin: &Begin<'_>) -> Result<()> {
        if !self.about.is_empty() {
            print(&self.about)?;
        }
        self.inner.begin(begin)
    }

    fn show(&mut self, sweep: &Sweep, event: &SweepEvent) -> Result<()> {
        self.inner.show(sweep, event)
    }

    fn warn(&self, text: &str) {
        self.inner.warn(text);
    }

    fn end(&mut self, sweep: &Sweep, standings: &[Standing], notice: Option<&str>) -> Result<()> {
        let was_training = self.inner.close();
        let ablation = ablation(sweep, standings, &mut self.single)?;
        let mut text = table::text(sweep, standings, &ablation);
        if let Some(notice) = notice {
            text.push_str(&format!("These are results on the {notice}\n"));
        }
        if was_training {
            text.insert(0, '\n');
            text.push_str(&format!(
                "Folder of the runs: {}\n",
                shown_path(&sweep.folder)
            ));
        }
        print(&text)
    }
}

/// Prints an ablation as JSON.
#[derive(Default)]
pub struct LadderJson {
    inner: JsonReport,
    single: SingleSeed,
}

impl SweepReport for LadderJson {
    fn begin(&mut self, begin: &Begin<'_>) -> Result<()> {
        self.inner.begin(begin)
    }

    fn show(&mut self, sweep: &Sweep, event: &SweepEvent) -> Result<()> {
        self.inner.show(sweep, event)
    }

    fn warn(&self, text: &str) {
        self.inner.warn(text);
    }

    fn end(&mut self, sweep: &Sweep, standings: &[Standing], notice: Option<&str>) -> Result<()> {
        let ablation = ablation(sweep, standings, &mut self.single)?;
        print_json(&WholeLine::new(&ablation))?;
        for (index, rung) in ablation.rungs.iter().enumerate() {
            print_json(&RungLine::new(index, rung, ablation.seeds))?;
        }
        print_table(sweep, standings, "difference", notice)
    }
}

fn ablation(sweep: &Sweep, standings: &[Standing], single: &mut SingleSeed) -> Result<Ablation> {
    Ablation::of(sweep, standings, single).ok_or_else(|| {
        eyre!(
            "{folder}: a sweep is in this folder that is no ablation; fmnist-tui sweep --table {folder} shows it",
            folder = shown_path(&sweep.folder)
        )
    })
}
