//! A reader of TensorBoard's event files that shares nothing with the writer: TFRecord, CRC-32C bit by
//! bit, and protocol buffers by hand.

use std::collections::BTreeMap;
use std::path::Path;

/// A value of a summary.
#[derive(Clone, Debug, PartialEq)]
pub enum Shown {
    Scalar(f32),
    /// How many values it is of.
    Histogram(f64),
    Image {
        width: u64,
        height: u64,
        png: Vec<u8>,
    },
}

/// An event file's content: by tag, `(step, wall time, value)` in the order of the file.
pub type Events = BTreeMap<String, Vec<(u64, f64, Shown)>>;

/// Reads a file; every byte of it must belong to a whole and right record.
pub fn read(path: &Path) -> Events {
    let bytes = std::fs::read(path).unwrap();
    let mut rest = bytes.as_slice();
    let mut events = Events::new();
    let mut first = true;
    while !rest.is_empty() {
        let length = u64::from_le_bytes(rest[..8].try_into().unwrap()) as usize;
        assert_eq!(rest[8..12], masked(&rest[..8]).to_le_bytes());
        let data = &rest[12..12 + length];
        assert_eq!(rest[12 + length..16 + length], masked(data).to_le_bytes());
        rest = &rest[16 + length..];
        let event = fields(data);
        let time = f64::from_bits(fixed(&event, 1));
        let step = number(&event, 2);
        if first {
            // TensorBoard takes only this version.
            assert_eq!(bytes_of(&event, 3), b"brain.Event:2");
            first = false;
            continue;
        }
        for (key, value) in fields(bytes_of(&event, 5)) {
            let Field::Bytes(value) = value else { panic!() };
            assert_eq!(key, 1);
            let value = fields(value);
            let tag = String::from_utf8(bytes_of(&value, 1).to_vec()).unwrap();
            let shown = match value.iter().find(|(key, _)| [4, 5].contains(key)) {
                Some((4, Field::Bytes(image))) => image_of(&fields(image)),
                // `tensorflow.HistogramProto.num`.
                Some((_, Field::Bytes(histogram))) => {
                    Shown::Histogram(f64::from_bits(fixed(&fields(histogram), 3)))
                }
                _ => Shown::Scalar(f32::from_bits(fixed(&value, 2) as u32)),
            };
            events.entry(tag).or_default().push((step, time, shown));
        }
    }
    assert!(!first, "an empty file");
    events
}

fn image_of(image: &[(u64, Field<'_>)]) -> Shown {
    assert_eq!(number(image, 3), 3, "channels");
    Shown::Image {
        height: number(image, 1),
        width: number(image, 2),
        png: bytes_of(image, 4).to_vec(),
    }
}

fn masked(data: &[u8]) -> u32 {
    let mut crc = !0u32;
    for byte in data {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = (crc >> 1) ^ (0x82f6_3b78 * (crc & 1));
        }
    }
    let crc = !crc;
    crc.rotate_right(15).wrapping_add(0xa282_ead8)
}

enum Field<'a> {
    Number(u64),
    Fixed(u64),
    Bytes(&'a [u8]),
}

fn fields(mut bytes: &[u8]) -> Vec<(u64, Field<'_>)> {
    let mut found = Vec::new();
    while !bytes.is_empty() {
        let key = varint(&mut bytes);
        let value = match key & 7 {
            0 => Field::Number(varint(&mut bytes)),
            1 => Field::Fixed(u64::from_le_bytes(take(&mut bytes, 8).try_into().unwrap())),
            2 => {
                let length = varint(&mut bytes) as usize;
                Field::Bytes(take(&mut bytes, length))
            }
            5 => {
                let word = take(&mut bytes, 4).try_into().unwrap();
                Field::Fixed(u64::from(u32::from_le_bytes(word)))
            }
            other => panic!("wire type {other}"),
        };
        found.push((key >> 3, value));
    }
    found
}

fn take<'a>(bytes: &mut &'a [u8], length: usize) -> &'a [u8] {
    let (head, rest) = bytes.split_at(length);
    *bytes = rest;
    head
}

fn varint(bytes: &mut &[u8]) -> u64 {
    let mut value = 0;
    for shift in (0..).step_by(7) {
        let byte = take(bytes, 1)[0];
        value |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            break;
        }
    }
    value
}

/// A field that is left out is 0.
fn number(fields: &[(u64, Field<'_>)], key: u64) -> u64 {
    match fields.iter().find(|(found, _)| *found == key) {
        Some((_, Field::Number(value))) => *value,
        None => 0,
        _ => panic!("field {key} is no number"),
    }
}

fn fixed(fields: &[(u64, Field<'_>)], key: u64) -> u64 {
    match fields.iter().find(|(found, _)| *found == key) {
        Some((_, Field::Fixed(value))) => *value,
        None => 0,
        _ => panic!("field {key} has no fixed size"),
    }
}

fn bytes_of<'a>(fields: &[(u64, Field<'a>)], key: u64) -> &'a [u8] {
    match fields.iter().find(|(found, _)| *found == key) {
        Some((_, Field::Bytes(value))) => value,
        _ => panic!("field {key} is missing"),
    }
}
