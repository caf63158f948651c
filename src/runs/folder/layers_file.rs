//! `layers.jsonl`: what was inside the layers, a line an epoch, but not every one.

use super::file_names::LAYERS_FILE;
use crate::fs::read_limited;
use crate::text::{escape_controls, shown_path};
use crate::train::EpochLayers;
use std::path::Path;

/// A longer file is not one of ours: a hundred looks at a hundred layers take less.
const MAX_BYTES: u64 = 32 << 20;

/// The lines of a run under way.
#[derive(Debug, Default)]
pub struct LayersLog(Vec<(usize, String)>);

impl LayersLog {
    /// Those in `folder`, up to the first that cannot be read.
    pub fn read(folder: &Path) -> Self {
        let mut log = Self::default();
        for layers in read_layers(folder).0 {
            if log.add(&layers).is_err() {
                break;
            }
        }
        log
    }

    /// Adds a line. Those of the same epoch and later ones are of a run that was interrupted, and go.
    ///
    /// # Errors
    /// When a number cannot be written.
    pub fn add(&mut self, layers: &EpochLayers) -> std::io::Result<()> {
        let line = serde_json::to_string(layers)?;
        self.0.retain(|(epoch, _)| *epoch < layers.epoch);
        self.0.push((layers.epoch, line));
        Ok(())
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The content of the file.
    pub fn text(&self) -> String {
        let lines = self.0.iter().map(|(_, line)| line.as_str());
        lines.flat_map(|line| [line, "\n"]).collect()
    }
}

/// What was inside the layers of the run in `folder`, as far as it can be read, and a sentence that names the
/// file and the line where that is not all of it. A run may have none.
pub fn read_layers(folder: &Path) -> (Vec<EpochLayers>, Result<(), String>) {
    let path = folder.join(LAYERS_FILE);
    let shown = shown_path(&path);
    // Opening a pipe of this name would never end.
    if !path.is_file() {
        return (Vec::new(), Ok(()));
    }
    match read_limited(&path, MAX_BYTES) {
        Ok(bytes) => {
            let (layers, whole) = parse_layers(&bytes);
            (
                layers,
                whole.map_err(|problem| format!("{shown}: {problem}")),
            )
        }
        Err(error) => {
            let problem = format!("{shown}: cannot read the file: {error}");
            (Vec::new(), Err(problem))
        }
    }
}

/// The lines of a file's content up to the first that cannot be read, and what is wrong with that one.
pub fn parse_layers(bytes: &[u8]) -> (Vec<EpochLayers>, Result<(), String>) {
    let mut all = Vec::new();
    let lines = bytes.split(|byte| *byte == b'\n').enumerate();
    for (index, line) in lines.filter(|(_, line)| !line.trim_ascii().is_empty()) {
        match serde_json::from_slice(line) {
            Ok(layers) => all.push(layers),
            Err(error) => {
                let error = escape_controls(&error.to_string());
                let problem = format!("line {} cannot be read ({error})", index + 1);
                return (all, Err(problem));
            }
        }
    }
    (all, Ok(()))
}
