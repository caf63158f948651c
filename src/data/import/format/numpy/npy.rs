//! One NumPy array.

use std::io::Read;
use std::path::Path;

use npyz::{DType, Endianness, NpyHeader, Order, TypeChar};

use crate::data::import::array::{Array, Element, Numbers, count_of};
use crate::data::import::error::ImportError;

/// Magic, version, and the length of the header.
const PREFIX_BYTES: usize = 10;
/// A longer header is none of an array of numbers.
const MAX_HEADER_BYTES: u32 = 1 << 16;
/// More digits in a header are not a shape with a product that fits a number.
const MAX_DIGITS: usize = 18;
/// More brackets are not a header of an array of numbers either.
const MAX_BRACKETS: usize = 8;

/// Reads an array from the content of a `.npy` file.
///
/// # Errors
/// If it is no array of numbers, is cut short, or does not fit in memory. Pickled objects are never read.
pub fn parse(input: &mut dyn Read, path: &Path) -> Result<Array, ImportError> {
    let wrong = |reason: &str| ImportError::wrong(path, reason);
    let header = header(input, path)?;
    if header.uses_pickled_array() {
        return Err(wrong(
            "has an array of Python objects (a pickle), which is never read, as it can run any code; save \
             numbers: array.astype(\"uint8\")",
        ));
    }
    let (element, big_endian) = element(&header.dtype()).ok_or_else(|| {
        let of = header.dtype().descr();
        wrong(&format!(
            "has an array of {of}; save numbers: array.astype(\"uint8\")"
        ))
    })?;
    let shape: Vec<usize> = header.shape().iter().map(|size| *size as usize).collect();
    let count = count_of(&shape).map_err(|reason| wrong(&reason))?;
    let numbers = Numbers::read(input, element, big_endian, count, path)?;
    let array = Array { shape, numbers };
    match header.order() {
        Order::C => Ok(array),
        Order::Fortran => reordered(&array).ok_or(ImportError::NoMemory),
    }
}

/// The header, if it is one that a parser of Python's literals may be given.
fn header(input: &mut dyn Read, path: &Path) -> Result<NpyHeader, ImportError> {
    let failed = |source| ImportError::read(path, source);
    let mut bytes = vec![0; PREFIX_BYTES];
    input.read_exact(&mut bytes).map_err(failed)?;
    let length = match bytes[6] {
        1 => u32::from(u16::from_le_bytes([bytes[8], bytes[9]])),
        _ => {
            bytes.extend([0; 2]);
            input
                .read_exact(&mut bytes[PREFIX_BYTES..])
                .map_err(failed)?;
            u32::from_le_bytes([bytes[8], bytes[9], bytes[10], bytes[11]])
        }
    };
    let strange = "has a header that no array of numbers has; save it again with numpy.save";
    if length > MAX_HEADER_BYTES {
        return Err(ImportError::wrong(path, strange));
    }
    let start = bytes.len();
    bytes.resize(start + length as usize, 0);
    input.read_exact(&mut bytes[start..]).map_err(failed)?;
    let count = |is_one: fn(&u8) -> bool| bytes[start..].iter().filter(|byte| is_one(byte)).count();
    let digits = count(u8::is_ascii_digit);
    let brackets = count(|byte| matches!(byte, b'(' | b'[' | b'{'));
    if digits > MAX_DIGITS || brackets > MAX_BRACKETS {
        return Err(ImportError::wrong(path, strange));
    }
    NpyHeader::from_reader(&bytes[..]).map_err(failed)
}

fn element(dtype: &DType) -> Option<(Element, bool)> {
    let DType::Plain(kind) = dtype else {
        return None;
    };
    let element = match (kind.type_char(), kind.num_bytes()?) {
        (TypeChar::Bool | TypeChar::Uint, 1) => Element::U8,
        (TypeChar::Uint, 2) => Element::U16,
        (TypeChar::Uint, 4) => Element::U32,
        (TypeChar::Uint, 8) => Element::U64,
        (TypeChar::Int, 1) => Element::I8,
        (TypeChar::Int, 2) => Element::I16,
        (TypeChar::Int, 4) => Element::I32,
        (TypeChar::Int, 8) => Element::I64,
        (TypeChar::Float, 4) => Element::F32,
        (TypeChar::Float, 8) => Element::F64,
        _ => return None,
    };
    Some((element, kind.endianness() == Endianness::Big))
}

/// An array whose first dimension changes fastest, with the last one doing so.
fn reordered(array: &Array) -> Option<Array> {
    let mut numbers = Numbers::default();
    for place in 0..array.numbers.len() {
        let (mut rest, mut from, mut inner) = (place, 0, array.numbers.len());
        // The index of each dimension, the last one first: its stride is the product of those before it.
        for size in array.shape.iter().rev() {
            inner /= size;
            from += rest % size * inner;
            rest /= size;
        }
        numbers.push(f64::from(array.numbers.get(from))).ok()?;
    }
    let shape = array.shape.clone();
    Some(Array { shape, numbers })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(header: &str, data: &[u8]) -> Vec<u8> {
        let mut bytes = b"\x93NUMPY\x01\0".to_vec();
        bytes.extend((header.len() as u16).to_le_bytes());
        [&bytes, header.as_bytes(), data].concat()
    }

    fn read(header: &str, data: &[u8]) -> Result<Array, String> {
        let bytes = file(header, data);
        parse(&mut &bytes[..], Path::new("a.npy")).map_err(|error| error.to_string())
    }

    #[test]
    fn arrays_of_either_order_and_byte_order_are_read() {
        let header = |kind: &str, fortran: &str| {
            format!("{{'descr': '{kind}', 'fortran_order': {fortran}, 'shape': (2, 3), }}\n")
        };
        let expected = Numbers::Bytes(vec![1, 2, 3, 4, 5, 6]);
        let array = read(&header("|u1", "False"), &[1, 2, 3, 4, 5, 6]).unwrap();
        assert_eq!((array.shape, array.numbers), (vec![2, 3], expected.clone()));
        let columns = [1_u16, 4, 2, 5, 3, 6].map(u16::to_be_bytes).concat();
        assert_eq!(
            read(&header(">u2", "True"), &columns).unwrap().numbers,
            expected
        );
        assert!(
            read(&header("|u1", "False"), &[1, 2])
                .unwrap_err()
                .contains("cut short")
        );
        assert!(
            read(&header("|O", "False"), &[])
                .unwrap_err()
                .contains("pickle")
        );
        assert!(
            read(&header("<U3", "False"), &[])
                .unwrap_err()
                .contains("astype")
        );
    }

    #[test]
    fn headers_made_up_are_refused() {
        for header in [
            "{'descr': '|u1', 'fortran_order': False, 'shape': (99999999999, 99999999999)}",
            "{'descr': '|u1', 'fortran_order': False, 'shape': (9999999, 9999999)}",
            "{'descr': '|u1', 'fortran_order': False, 'shape': (0, 5)}",
            &"(".repeat(60_000),
            "",
        ] {
            assert!(read(header, &[0; 9]).is_err());
        }
        let huge = [&b"\x93NUMPY\x02\0"[..], &[255; 4]].concat();
        assert!(parse(&mut &huge[..], Path::new("a.npy")).is_err());
    }
}
