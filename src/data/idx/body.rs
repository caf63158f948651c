//! The bytes of an IDX file, unpacked if gzipped, and never more than stated.

use std::io::{self, BufRead, ErrorKind, Read};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;

use super::format::{Kind, MAX_ITEMS};
use crate::data::content::{Content, START_BYTES};
use crate::data::error::DataError;
use crate::data::gzip::GZIP_MAGIC;

/// Deflate cannot expand further than this (zlib's "technical details" page).
const MAX_EXPANSION: u64 = 1_032;
/// Bytes that are unpacked at a time: as many as stay in a core's cache.
const PIECE_BYTES: usize = 512 * 1024;

/// Is shown all items of a file, piece after piece, on another thread while the next one is unpacked.
pub(super) type Watch<'a> = &'a (dyn Fn(&[u8]) + Sync);

/// The unpacked bytes of a file.
pub(super) struct Body<'a> {
    bytes: Box<dyn Read + Send + 'a>,
    gzipped: bool,
    /// The unpacked size is at most this.
    most_bytes: u64,
    path: &'a Path,
}

impl<'a> Body<'a> {
    pub fn open(
        mut input: impl BufRead + Send + 'a,
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
        let (bytes, most_bytes): (Box<dyn Read + Send + 'a>, _) = if gzipped {
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

    /// Reads until `buffer` is full or the file ends; returns the number of bytes.
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, DataError> {
        let mut filled = 0;
        while filled < buffer.len() {
            match self.bytes.read(&mut buffer[filled..]) {
                Ok(0) => break,
                Ok(count) => filled += count,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(self.read_failed(error)),
            }
        }
        Ok(filled)
    }

    fn four_bytes(&mut self) -> Result<[u8; 4], DataError> {
        let mut bytes = [0; 4];
        if self.read(&mut bytes)? < bytes.len() {
            let path = self.path.into();
            return Err(DataError::TruncatedHeader { path });
        }
        Ok(bytes)
    }

    pub fn number(&mut self) -> Result<u32, DataError> {
        self.four_bytes().map(u32::from_be_bytes)
    }

    /// Checks the magic number; returns the kind and the count of items.
    pub fn header(&mut self, accepted: &[Kind]) -> Result<(Kind, usize), DataError> {
        let found = self.four_bytes()?;
        let kind = Kind::from_magic(u32::from_be_bytes(found));
        let Some(kind) = kind.filter(|kind| accepted.contains(kind)) else {
            return Err(self.wrong_magic(accepted, found));
        };
        let count = self.number()?;
        if !(1..=MAX_ITEMS).contains(&count) {
            return Err(DataError::CountOutsideLimits {
                path: self.path.into(),
                count,
            });
        }
        Ok((kind, count as usize))
    }

    /// Looks at more of a file that does not begin as it should.
    fn wrong_magic(&mut self, accepted: &[Kind], found: [u8; 4]) -> DataError {
        let path = self.path.into();
        let mut start = [0; START_BYTES];
        let (magic, rest) = start.split_at_mut(found.len());
        magic.copy_from_slice(&found);
        // A failure leaves what is known already.
        let length = found.len() + self.read(rest).unwrap_or(0);
        let swapped = Kind::from_magic(u32::from_be_bytes(found)).is_some();
        match Content::of(&start[..length]).remark() {
            Some(what) if !swapped => DataError::Mistaken { path, what },
            _ => DataError::WrongMagic {
                path,
                expected: accepted.first().copied().unwrap_or(Kind::Images),
                found,
            },
        }
    }

    /// The rest of the file: exactly `count` items.
    pub fn items(
        mut self,
        count: usize,
        item_bytes: usize,
        watch: Option<Watch<'_>>,
    ) -> Result<Vec<u8>, DataError> {
        let items = self.up_to(count * item_bytes, watch)?;
        if items.len() < count * item_bytes {
            return Err(DataError::Truncated {
                path: self.path.into(),
                stated: count,
                held: items.len() / item_bytes,
            });
        }
        // Try to read one byte more: there must be none, and the gzip checksum is only compared at
        // the end.
        if self.read(&mut [0])? > 0 {
            return Err(DataError::TrailingBytes {
                path: self.path.into(),
                stated: count,
            });
        }
        Ok(items)
    }

    /// The next `bytes` bytes, or those that are left.
    fn up_to(&mut self, bytes: usize, watch: Option<Watch<'_>>) -> Result<Vec<u8>, DataError> {
        // The header may be wrong: never reserve more memory than the file can fill.
        let room = bytes.min(usize::try_from(self.most_bytes).unwrap_or(usize::MAX));
        let path = self.path;
        let no_memory = |bytes| DataError::OutOfMemory {
            path: path.into(),
            bytes,
        };
        let mut items = Vec::new();
        let reserved = items.try_reserve_exact(room);
        reserved.map_err(|_| no_memory(room))?;
        let mut watched = 0;
        while items.len() < bytes {
            let filled = items.len();
            if filled == items.capacity() {
                // A file that grows while it is read.
                items.try_reserve(1).map_err(|_| no_memory(filled + 1))?;
            }
            let piece = PIECE_BYTES.min(bytes.min(items.capacity()) - filled);
            items.resize(filled + piece, 0);
            let (before, next) = items.split_at_mut(filled);
            let read = match watch {
                Some(watch) if watched < filled => {
                    rayon::join(|| self.read(next), || watch(&before[watched..])).0
                }
                _ => self.read(next),
            }?;
            watched = filled;
            items.truncate(filled + read);
            if read < piece {
                break;
            }
        }
        if let Some(watch) = watch {
            watch(&items[watched..]);
        }
        Ok(items)
    }
}
