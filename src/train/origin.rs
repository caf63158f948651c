//! What a run began with, where that is not a spec alone.

use serde::{Deserialize, Serialize};

/// Where a run comes from; the content of `origin.json` in its folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Origin {
    /// It goes on from another run, which stays as it is.
    Fork {
        /// The other run's folder.
        run: String,
        /// The complete epochs that they share.
        epochs: usize,
        /// Whether the other run's test images had been looked at.
        #[serde(default)]
        test_seen: bool,
    },
    /// It began with another model's weights.
    Weights {
        /// The model's file.
        model: String,
        /// CRC-32 of the tensors that were taken over.
        checksum: u32,
        /// The tensors that were taken over.
        taken: Vec<String>,
        /// The tensors that began as in any new run: the model has none of that name and shape.
        fresh: Vec<String>,
    },
}

impl Origin {
    /// In a few words.
    pub fn in_words(&self) -> String {
        match self {
            Self::Fork { run, epochs, .. } => format!("forked from {run} after epoch {epochs}"),
            Self::Weights {
                model,
                taken,
                fresh,
                ..
            } => {
                let rest = match fresh.is_empty() {
                    true => String::new(),
                    false => format!("; new are {}", fresh.join(", ")),
                };
                format!("{} tensors begin as in {model}{rest}", taken.len())
            }
        }
    }
}
