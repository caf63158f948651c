//! MD5, the checksum that the authors of the data sets publish. Two files with the same MD5 can be
//! made, but nobody can make a second file that has the MD5 of a given one (RFC 6151, section 2.2).

use flate2::bufread::MultiGzDecoder;
use md5::{Digest, Md5};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use super::gzip::GZIP_MAGIC;

const BUFFER_BYTES: usize = 256 * 1024;

/// The MD5 of bytes that arrive in parts.
#[derive(Debug, Default)]
pub(super) struct Checksum(Md5);

impl Checksum {
    /// Adds the next bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The MD5 of all so far, in hexadecimal.
    pub fn text(&self) -> String {
        let digest = self.0.clone().finalize();
        digest.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// Adds all of `input`; returns its number of bytes.
pub(super) fn read_all(checksum: &mut Checksum, mut input: impl Read) -> io::Result<u64> {
    let mut buffer = vec![0; BUFFER_BYTES];
    let mut total = 0;
    loop {
        match input.read(&mut buffer) {
            Ok(0) => return Ok(total),
            Ok(count) => {
                checksum.update(&buffer[..count]);
                total += count as u64;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// MD5 of a file.
pub(super) fn of_file(path: &Path) -> io::Result<String> {
    let mut checksum = Checksum::default();
    read_all(&mut checksum, File::open(path)?)?;
    Ok(checksum.text())
}

/// MD5 of a file's content, unpacked if it is gzipped.
pub(super) fn of_content(path: &Path) -> io::Result<String> {
    let mut input = BufReader::with_capacity(BUFFER_BYTES, File::open(path)?);
    let mut checksum = Checksum::default();
    if input.fill_buf()?.starts_with(&GZIP_MAGIC) {
        read_all(&mut checksum, MultiGzDecoder::new(input))?;
    } else {
        read_all(&mut checksum, input)?;
    }
    Ok(checksum.text())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_md5_is_the_published_one() {
        // RFC 1321, appendix A.5.
        let of = |text: &str| {
            let mut checksum = Checksum::default();
            read_all(&mut checksum, text.as_bytes()).unwrap();
            checksum.text()
        };
        assert_eq!(of(""), "d41d8cd98f00b204e9800998ecf8427e");
        assert_eq!(of("message digest"), "f96b697d7cb7938d525a2f31aaf161d0");
    }

    #[test]
    fn packing_changes_the_file_but_not_the_content() {
        let folder = tempfile::tempdir().unwrap();
        let (plain, packed) = (folder.path().join("plain"), folder.path().join("packed"));
        std::fs::write(&plain, "message digest").unwrap();
        let file = File::create(&packed).unwrap();
        let mut encoder = flate2::write::GzEncoder::new(file, flate2::Compression::best());
        std::io::Write::write_all(&mut encoder, b"message digest").unwrap();
        encoder.finish().unwrap();
        assert_ne!(of_file(&plain).unwrap(), of_file(&packed).unwrap());
        assert_eq!(of_content(&plain).unwrap(), of_content(&packed).unwrap());
    }
}
