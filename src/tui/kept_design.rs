//! The edited network as it is kept from one start of the program to the next.

use crate::fs::{read_limited, write_atomically};
use crate::spec::{Spec, limits};
use crate::text::shown_path;
use serde::{Deserialize, Serialize};
use std::io::ErrorKind;
use std::path::Path;

/// The name of the file in the user's state folder.
pub const DESIGN_FILE: &str = "design.json";
/// What a damaged one is called after it was found.
const DAMAGED_FILE: &str = "design-damaged.json";
/// More than any network takes.
const MOST_BYTES: u64 = 4 << 20;

/// The network of the Design screen with the layers that are off.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KeptDesign {
    /// All layers, on and off, and how they are trained.
    pub network: Spec,
    /// Positions of the layers that are off.
    pub off: Vec<usize>,
    /// What was last read from or written to a file.
    pub saved: Spec,
}

impl KeptDesign {
    /// Reads what was kept in a folder; none where nothing was.
    ///
    /// # Errors
    /// What is wrong with the file; it is put aside.
    pub fn read(folder: &Path) -> Result<Option<Self>, String> {
        let path = folder.join(DESIGN_FILE);
        let bytes = match read_limited(&path, MOST_BYTES) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(put_aside(folder, &error.to_string())),
        };
        Self::parse(&bytes)
            .map(Some)
            .map_err(|why| put_aside(folder, &why))
    }

    fn parse(bytes: &[u8]) -> Result<Self, String> {
        let kept: Self = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
        for spec in [&kept.network, &kept.saved] {
            let mut spec = spec.clone();
            // A network without layers is nothing to train, but can be gone on with.
            if spec.layers.is_empty() {
                spec.layers = Spec::smallest().layers;
            }
            limits::check(&spec).map_err(|problem| problem.to_string())?;
        }
        Ok(kept)
    }

    /// Writes it into a folder, which is made where it is missing.
    ///
    /// # Errors
    /// Why it cannot be written.
    pub fn write(&self, folder: &Path) -> Result<(), String> {
        let path = folder.join(DESIGN_FILE);
        let json = serde_json::to_vec_pretty(self).map_err(std::io::Error::from);
        let written = json.and_then(|json| {
            std::fs::create_dir_all(folder)?;
            write_atomically(&path, &json)
        });
        written.map_err(|error| {
            let path = shown_path(&path);
            format!("the network cannot be kept for the next start: {path}: {error}")
        })
    }
}

/// Gives a damaged file another name, so that nothing is written over it, and says so.
fn put_aside(folder: &Path, why: &str) -> String {
    let (path, aside) = (folder.join(DESIGN_FILE), folder.join(DAMAGED_FILE));
    let place = match std::fs::rename(&path, &aside) {
        Ok(()) => format!("it is {} now", shown_path(&aside)),
        Err(_) => format!("it is {}", shown_path(&path)),
    };
    format!("the network of last time cannot be read ({why}); {place}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept() -> KeptDesign {
        KeptDesign {
            network: crate::spec::preset("tiny").unwrap().into_spec(),
            off: vec![1],
            saved: Spec::smallest(),
        }
    }

    #[test]
    fn what_is_kept_comes_back_and_damage_is_a_word() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("state");
        assert_eq!(KeptDesign::read(&place), Ok(None));
        kept().write(&place).unwrap();
        assert_eq!(KeptDesign::read(&place), Ok(Some(kept())));
        let bytes = std::fs::read(place.join(DESIGN_FILE)).unwrap();
        std::fs::write(place.join(DESIGN_FILE), &bytes[..bytes.len() / 2]).unwrap();
        let why = KeptDesign::read(&place).unwrap_err();
        assert!(why.contains("design-damaged.json now"), "{why}");
        assert_eq!(KeptDesign::read(&place), Ok(None));
    }

    #[test]
    fn values_that_no_form_lets_through_are_refused_and_an_empty_network_is_not() {
        let mut wild = kept();
        wild.network.batch_size = usize::MAX;
        let json = serde_json::to_vec(&wild).unwrap();
        assert!(KeptDesign::parse(&json).is_err());
        let mut empty = kept();
        empty.network.layers.clear();
        let json = serde_json::to_vec(&empty).unwrap();
        assert_eq!(KeptDesign::parse(&json), Ok(empty));
    }
}
