//! A run's history with the words that belong to it.

use crate::nn;
use crate::runs::{BEST_FILE, History, RunRecord, read_history};
use crate::text::{escape_controls, first, quoted, shown_path};
use color_eyre::eyre::{Result, bail, eyre};
use std::path::Path;

/// Cells of a name.
const NAME: usize = 22;

/// A run's history and what its classes are called.
pub struct Told {
    /// The run.
    pub run: RunRecord,
    /// What its validation images were taken for.
    pub history: History,
    /// What its classes are called, where that is known.
    pub class_names: Vec<String>,
    /// What its data is called.
    pub dataset: String,
}

impl Told {
    /// Reads the run in `folder`.
    pub fn read(folder: &Path) -> Result<Self> {
        let run = RunRecord::read(folder)?;
        let history = read_history(folder).map_err(|problem| eyre!(problem))?;
        let Some(history) = history.filter(|history| !history.epochs().is_empty()) else {
            bail!(
                "{}: it has no history.bin: it was trained by an older version, or its images are too many; \
                 `fmnist-tui train --resume {} --more 1` begins one",
                shown_path(folder),
                quoted(&folder.display().to_string())
            );
        };
        let model = nn::load_model(&folder.join(BEST_FILE)).ok();
        let (class_names, dataset) = match model {
            Some((_, info)) => (info.class_names, info.dataset),
            None => (Vec::new(), "unknown".into()),
        };
        Ok(Self {
            run,
            history,
            class_names,
            dataset,
        })
    }

    /// What `class` is called, for a terminal.
    pub fn class_name(&self, class: usize) -> String {
        let name = self.class_names.get(class);
        let name = name.map_or_else(|| class.to_string(), |name| escape_controls(name));
        first(&name, NAME).to_owned()
    }
}
