//! Reads IDX files, plain or gzipped.

use std::fs::File;
use std::io::{self, BufRead, BufReader, ErrorKind};
use std::path::Path;

use rayon::prelude::*;

use super::body::{Body, Watch};
use super::format::{Kind, MAX_SIDE};
use crate::data::error::DataError;

const BUFFER_BYTES: usize = 256 * 1024;

/// The content of a file of images.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Images {
    /// `[count, channels, height, width]`, one byte each.
    pub pixels: Vec<u8>,
    /// The number of images.
    pub count: usize,
    /// Colour planes; 1 for grey images, 3 for red, green and blue.
    pub channels: usize,
    /// Pixels.
    pub height: usize,
    /// Pixels.
    pub width: usize,
}

/// Reads a file of images, `[count, height, width]`, or `[count, height, width, 3]` for colours.
///
/// # Errors
/// If the file cannot be read, is not such a file, or breaks a limit.
pub fn read_images(path: &Path) -> Result<Images, DataError> {
    let (file, bytes) = open(path)?;
    parse_images(file, bytes, path)
}

/// The same; `watch` is shown all pixels of a file that can be read.
pub(super) fn read_images_watched(path: &Path, watch: Watch<'_>) -> Result<Images, DataError> {
    let (file, bytes) = open(path)?;
    images(file, bytes, path, Some(watch))
}

/// Reads a file of labels, `[count]`.
///
/// # Errors
/// If the file cannot be read, is not such a file, or breaks a limit.
pub fn read_labels(path: &Path) -> Result<Vec<u8>, DataError> {
    let (file, bytes) = open(path)?;
    parse_labels(file, bytes, path)
}

fn open(path: &Path) -> Result<(BufReader<File>, u64), DataError> {
    let failed = |source: io::Error| match source.kind() {
        ErrorKind::NotFound => DataError::NotFound { path: path.into() },
        _ => DataError::Read {
            path: path.into(),
            source,
        },
    };
    let file = File::open(path).map_err(failed)?;
    let bytes = file.metadata().map_err(failed)?.len();
    Ok((BufReader::with_capacity(BUFFER_BYTES, file), bytes))
}

/// Reads images, as [`read_images`] does, from the content of a file. `stored_bytes` is the length of
/// `input` as stored; `path` is for errors.
///
/// # Errors
/// If `input` cannot be read, is not such a file, or breaks a limit.
pub fn parse_images(
    input: impl BufRead + Send,
    stored_bytes: u64,
    path: &Path,
) -> Result<Images, DataError> {
    images(input, stored_bytes, path, None)
}

fn images(
    input: impl BufRead + Send,
    stored_bytes: u64,
    path: &Path,
    watch: Option<Watch<'_>>,
) -> Result<Images, DataError> {
    let mut body = Body::open(input, stored_bytes, path)?;
    let (kind, count) = body.header(&[Kind::Images, Kind::ColourImages])?;
    let (height, width) = (body.number()?, body.number()?);
    if !(1..=MAX_SIDE).contains(&height) || !(1..=MAX_SIDE).contains(&width) {
        return Err(DataError::SizeOutsideLimits {
            path: path.into(),
            height,
            width,
        });
    }
    let (height, width) = (height as usize, width as usize);
    let channels = if kind == Kind::ColourImages { 3 } else { 1 };
    if channels == 3 {
        let channels = body.number()?;
        if channels != 3 {
            let path = path.into();
            return Err(DataError::WrongChannels { path, channels });
        }
    }
    let mut pixels = body.items(count, height * width * channels, watch)?;
    if channels == 3 {
        to_planes(&mut pixels, height * width);
    }
    Ok(Images {
        pixels,
        count,
        channels,
        height,
        width,
    })
}

/// Turns images `[height, width, 3]` of `plane` pixels each into `[3, height, width]`.
fn to_planes(pixels: &mut [u8], plane: usize) {
    let images = pixels.par_chunks_exact_mut(3 * plane);
    images.for_each_init(Vec::new, |copy: &mut Vec<u8>, image| {
        copy.clear();
        copy.extend_from_slice(image);
        for (channel, levels) in image.chunks_exact_mut(plane).enumerate() {
            let colours = copy.iter().skip(channel).step_by(3);
            levels
                .iter_mut()
                .zip(colours)
                .for_each(|(level, colour)| *level = *colour);
        }
    });
}

/// Reads labels, `[count]`, as [`parse_images`] reads images.
///
/// # Errors
/// If `input` cannot be read, is not such a file, or breaks a limit.
pub fn parse_labels(
    input: impl BufRead + Send,
    stored_bytes: u64,
    path: &Path,
) -> Result<Vec<u8>, DataError> {
    let mut body = Body::open(input, stored_bytes, path)?;
    let (_, count) = body.header(&[Kind::Labels])?;
    body.items(count, 1, None)
}
