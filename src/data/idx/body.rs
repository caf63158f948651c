//! The bytes of an IDX file, unpacked if gzipped, and never more than stated.

use std::io::{self, BufRead, ErrorKind, Read};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;

use super::format::{Kind, MAX_ITEMS};
use crate::data::error::DataError;
use crate::data::gzip::GZIP_MAGIC;

/// Deflate cannot expand further than this (zlib's "technical details" page).
const MAX_EXPANSION: u64 = 1_032;

/// The unpacked bytes of a file.
pub(super) struct Body<'a> {
    bytes: Box<dyn Read + 'a>,
    gzipped: bool,
    /// The unpacked size is at most this.
    most_bytes: u64,
    path: &'a Path,
}

impl<'a> Body<'a> {
    pub fn open(
        mut input: impl BufRead + 'a,
        stored_bytes: u64,
        path: &'a Path,
    ) -> Result<Self, DataError> {
        let start = input.fill_buf().map_err(|source| DataError::Read {
            path: path.into(),
            source,
        })?;
        if start.is_empty() {
            return Err(DataError::Empty { path: path.into() });
        }
        let gzipped = start.starts_with(&GZIP_MAGIC);
        let (bytes, most_bytes): (Box<dyn Read + 'a>, _) = if gzipped {
            (
                Box::new(MultiGzDecoder::new(input)),
                stored_bytes.saturating_mul(MAX_EXPANSION),
            )
        } else {
            (Box::new(input), stored_bytes)
        };
        Ok(Self {
            bytes,
            gzipped,
            most_bytes,
            path,
        })
    }

    fn read_failed(&self, source: io::Error) -> DataError {
        let path = self.path.into();
        let damage = matches!(
            source.kind(),
            ErrorKind::UnexpectedEof | ErrorKind::InvalidData | ErrorKind::InvalidInput
        );
        if self.gzipped && damage {
            let reason = source.to_string();
            DataError::CorruptGzip { path, reason }
        } else {
            DataError::Read { path, source }
        }
    }

    /// Reads up to `limit` bytes onto the end of `buffer`.
    fn read_up_to(&mut self, limit: usize, buffer: &mut Vec<u8>) -> Result<(), DataError> {
        let result = self.bytes.by_ref().take(limit as u64).read_to_end(buffer);
        result.map(drop).map_err(|source| self.read_failed(source))
    }

    fn four_bytes(&mut self) -> Result<[u8; 4], DataError> {
        let mut bytes = Vec::with_capacity(4);
        self.read_up_to(4, &mut bytes)?;
        <[u8; 4]>::try_from(bytes).map_err(|_| DataError::TruncatedHeader {
            path: self.path.into(),
        })
    }

    pub fn number(&mut self) -> Result<u32, DataError> {
        self.four_bytes().map(u32::from_be_bytes)
    }

    /// Checks the magic number; returns the count of items.
    pub fn header(&mut self, expected: Kind) -> Result<usize, DataError> {
        let found = self.four_bytes()?;
        if u32::from_be_bytes(found) != expected.magic() {
            return Err(DataError::WrongMagic {
                path: self.path.into(),
                expected,
                found,
            });
        }
        let count = self.number()?;
        if !(1..=MAX_ITEMS).contains(&count) {
            return Err(DataError::CountOutsideLimits {
                path: self.path.into(),
                count,
            });
        }
        Ok(count as usize)
    }

    /// The rest of the file: exactly `count` items.
    pub fn items(mut self, count: usize, item_bytes: usize) -> Result<Vec<u8>, DataError> {
        let bytes = count * item_bytes;
        // The header may be wrong: never reserve more memory than the file can fill.
        let room = bytes.min(usize::try_from(self.most_bytes).unwrap_or(usize::MAX));
        let mut items = Vec::new();
        items
            .try_reserve_exact(room)
            .map_err(|_| DataError::OutOfMemory {
                path: self.path.into(),
                bytes: room,
            })?;
        self.read_up_to(bytes, &mut items)?;
        if items.len() < bytes {
            return Err(DataError::Truncated {
                path: self.path.into(),
                stated: count,
                held: items.len() / item_bytes,
            });
        }
        // Try to read one byte more: there must be none, and the gzip checksum is only compared at
        // the end.
        let mut beyond = Vec::with_capacity(1);
        self.read_up_to(1, &mut beyond)?;
        if !beyond.is_empty() {
            return Err(DataError::TrailingBytes {
                path: self.path.into(),
                stated: count,
            });
        }
        Ok(items)
    }
}
