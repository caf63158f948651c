//! How gzipped files are told from plain ones: by their content, whatever their name.

/// The first two bytes of every gzip file (RFC 1952, section 2.3.1).
pub(super) const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];
