//! Reads a file up to a size limit.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// The content of a file of at most `most` bytes.
///
/// The size in a file's metadata is not reliable: a pipe or a device has none, and a file may grow. So
/// reading stops after `most` bytes in any case.
///
/// # Errors
/// The system's error; a file that is longer, refused before reading if its size is known; not enough
/// memory for the content.
pub fn read_limited(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let too_long = || {
        io::Error::other(format!(
            "it has more than the {most} bytes that such a file may have"
        ))
    };
    let file = File::open(path)?;
    let size = file.metadata()?.len();
    if size > most {
        return Err(too_long());
    }
    let mut bytes = Vec::new();
    let room = usize::try_from(size).unwrap_or(usize::MAX);
    bytes.try_reserve_exact(room)?;
    file.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most {
        return Err(too_long());
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_up_to_its_limit_and_not_beyond() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        std::fs::write(&path, [7; 10]).unwrap();
        assert_eq!(read_limited(&path, 10).unwrap(), [7; 10]);
        let error = read_limited(&path, 9).unwrap_err().to_string();
        assert!(error.contains("more than the 9 bytes"), "{error}");
    }

    #[test]
    #[cfg(unix)]
    fn a_device_without_end_is_refused() {
        let error = read_limited(Path::new("/dev/zero"), 1 << 20).unwrap_err();
        assert!(error.to_string().contains("1048576 bytes"), "{error}");
    }
}
