//! The content of a file, unpacked if it is gzipped.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;

use super::error::ImportError;
use super::work::Work;
use crate::data::content::{Content, START_BYTES};

/// Most bytes that a gzipped file or an archive may hold.
pub const MAX_UNPACKED: u64 = 1 << 34;
const BUFFER_BYTES: usize = 256 * 1024;

/// What a file holds, inside gzip if it is gzipped.
pub fn content_of(path: &Path) -> Result<Content, ImportError> {
    let outside = Content::of(&start(File::open(path), path)?);
    if outside != Content::Gzip {
        return Ok(outside);
    }
    let file = File::open(path).map(|file| MultiGzDecoder::new(BufReader::new(file)));
    Ok(Content::of(&start(file, path)?))
}

/// The first bytes of a file.
fn start<R: Read>(input: std::io::Result<R>, path: &Path) -> Result<Vec<u8>, ImportError> {
    let mut start = Vec::new();
    let read = input.and_then(|input| input.take(START_BYTES as u64).read_to_end(&mut start));
    match read {
        Ok(_) => Ok(start),
        Err(source) => Err(ImportError::read(path, source)),
    }
}

/// Opens a file; one that is gzipped is unpacked while it is read.
pub fn open<'w>(
    path: &Path,
    work: &'w Work<'_>,
) -> Result<Box<dyn BufRead + Send + 'w>, ImportError> {
    let outside = Content::of(&start(File::open(path), path)?);
    let file = File::open(path).map_err(|source| ImportError::read(path, source))?;
    let stored = BufReader::with_capacity(BUFFER_BYTES, work.watch(file));
    Ok(if outside == Content::Gzip {
        let unpacked = MultiGzDecoder::new(stored).take(MAX_UNPACKED);
        Box::new(BufReader::with_capacity(BUFFER_BYTES, unpacked))
    } else {
        Box::new(stored)
    })
}
