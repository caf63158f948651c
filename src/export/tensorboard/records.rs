//! TFRecord: length, its checksum, data, their checksum; all numbers little-endian.

/// A record with this content.
pub fn record(data: &[u8]) -> Vec<u8> {
    let length = (data.len() as u64).to_le_bytes();
    let mut bytes = Vec::with_capacity(data.len() + 16);
    bytes.extend(length);
    bytes.extend(masked_crc(&length).to_le_bytes());
    bytes.extend(data);
    bytes.extend(masked_crc(data).to_le_bytes());
    bytes
}

/// The first record of `bytes`, if it is whole and its checksums are right: its content and what comes
/// after it.
pub fn first(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<8>()?;
    let (length_crc, rest) = rest.split_first_chunk::<4>()?;
    if u32::from_le_bytes(*length_crc) != masked_crc(length) {
        return None;
    }
    let size = usize::try_from(u64::from_le_bytes(*length)).ok()?;
    let (data, rest) = rest.split_at_checked(size)?;
    let (crc, rest) = rest.split_first_chunk::<4>()?;
    (u32::from_le_bytes(*crc) == masked_crc(data)).then_some((data, rest))
}

/// CRC-32C, masked (rotated, plus a constant) as TensorFlow does, so that it stays useful for data that
/// holds CRCs itself.
fn masked_crc(data: &[u8]) -> u32 {
    crc32c::crc32c(data)
        .rotate_right(15)
        .wrapping_add(0xa282_ead8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_read_back_and_no_damaged_one() {
        let bytes = [record(b"one"), record(b"")].concat();
        let (data, rest) = first(&bytes).unwrap();
        assert_eq!(data, b"one");
        assert_eq!(first(rest), Some((&b""[..], &b""[..])));
        for at in 0..19 {
            let mut damaged = bytes.clone();
            damaged[at] ^= 1;
            assert_eq!(first(&damaged), None, "byte {at}");
            assert_eq!(first(&bytes[..at]), None, "{at} bytes");
        }
        assert_eq!(first(&record(b"one")[..18]), None);
    }
}
