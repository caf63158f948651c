//! Which images a run saw, read from the beginning of its newest checkpoint.

use super::checkpoints::checkpoint_files;
use crate::train::DataIdentity;
use serde::Deserialize;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

/// A longer description of a checkpoint is not one of ours: 10,000 epochs take 3 MB.
const MAX_BYTES: u64 = 8 << 20;
/// The longest first line.
const MAX_LINE: u64 = 256;

#[derive(Deserialize)]
struct Header {
    #[serde(rename = "__metadata__")]
    metadata: Metadata,
}

#[derive(Deserialize)]
struct Metadata {
    progress: String,
}

#[derive(Deserialize)]
struct Progress {
    data: DataIdentity,
    #[serde(default)]
    excluded: Vec<u32>,
}

/// The images of the run in `folder`; with images held out, those it trained on and those held out. None
/// without a checkpoint. The tensors are not read, so the checkpoint may be damaged behind its beginning.
pub fn read_data(folder: &Path) -> Option<DataIdentity> {
    checkpoint_files(folder)
        .iter()
        .find_map(|path| Some(beginning(path)?.data))
}

/// The training images that the run in `folder` leaves out, in ascending order; none without a checkpoint.
pub fn read_excluded(folder: &Path) -> Vec<u32> {
    let files = checkpoint_files(folder);
    let progress = files.iter().find_map(|path| beginning(path));
    progress.map_or_else(Vec::new, |progress| progress.excluded)
}

fn beginning(path: &Path) -> Option<Progress> {
    let mut file = BufReader::new(File::open(path).ok()?);
    // The line with the checksum; then a safetensors file, which begins with the length of its header.
    let mut line = Vec::new();
    file.by_ref()
        .take(MAX_LINE)
        .read_until(b'\n', &mut line)
        .ok()?;
    let mut length = [0; 8];
    file.read_exact(&mut length).ok()?;
    let length = u64::from_le_bytes(length);
    if length > MAX_BYTES {
        return None;
    }
    let mut header = Vec::new();
    file.take(length).read_to_end(&mut header).ok()?;
    let header: Header = serde_json::from_slice(&header).ok()?;
    serde_json::from_str(&header.metadata.progress).ok()
}

#[cfg(test)]
mod tests {
    use super::super::checkpoints::checkpoint_file;
    use super::*;
    use crate::runs::checkpoint_file::checkpoint_parts;
    use crate::spec::preset;
    use crate::train::Checkpoint;

    #[test]
    fn the_images_are_those_of_the_newest_checkpoint_that_can_be_read() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(read_data(folder.path()), None);
        let data = DataIdentity {
            name: "some".into(),
            train_images: 300,
            validation_images: 100,
            checksum: 7,
        };
        let mut checkpoint = Checkpoint::start(preset("tiny").unwrap(), data.clone());
        checkpoint.progress.excluded = vec![4, 9];
        let (header, payload) = checkpoint_parts(&checkpoint).unwrap();
        let whole = [header.as_bytes(), &payload].concat();
        std::fs::write(checkpoint_file(folder.path(), 3), &whole).unwrap();
        assert_eq!(read_data(folder.path()), Some(data.clone()));
        for damaged in [&b""[..], b"x", &whole[..60], &[0xff; 400]] {
            std::fs::write(checkpoint_file(folder.path(), 9), damaged).unwrap();
            assert_eq!(read_data(folder.path()), Some(data.clone()));
        }
        assert_eq!(read_excluded(folder.path()), [4, 9]);
    }
}
