//! How a number is stored.

/// The type of the numbers of an array.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Element {
    /// A byte.
    U8,
    /// A signed byte.
    I8,
    /// 16 bits.
    U16,
    /// 16 bits with a sign.
    I16,
    /// 32 bits.
    U32,
    /// 32 bits with a sign.
    I32,
    /// 64 bits.
    U64,
    /// 64 bits with a sign.
    I64,
    /// 32-bit floating point.
    F32,
    /// 64-bit floating point.
    F64,
}

impl Element {
    /// Bytes of a number.
    pub fn bytes(self) -> usize {
        match self {
            Self::U8 | Self::I8 => 1,
            Self::U16 | Self::I16 => 2,
            Self::U32 | Self::I32 | Self::F32 => 4,
            Self::U64 | Self::I64 | Self::F64 => 8,
        }
    }

    /// The type of an IDX file with this code, one of those that there are.
    pub fn of_idx(code: u8) -> Self {
        match code {
            0x08 => Self::U8,
            0x09 => Self::I8,
            0x0b => Self::I16,
            0x0c => Self::I32,
            0x0d => Self::F32,
            _ => Self::F64,
        }
    }

    /// The numbers stored in `bytes`; a remainder that is no whole number is left out.
    pub fn decode(self, bytes: &[u8], big_endian: bool, each: &mut dyn FnMut(f64)) {
        macro_rules! of {
            ($type:ty) => {
                for number in bytes.as_chunks().0 {
                    let number = if big_endian {
                        <$type>::from_be_bytes(*number)
                    } else {
                        <$type>::from_le_bytes(*number)
                    };
                    each(number as f64);
                }
            };
        }
        match self {
            Self::U8 => of!(u8),
            Self::I8 => of!(i8),
            Self::U16 => of!(u16),
            Self::I16 => of!(i16),
            Self::U32 => of!(u32),
            Self::I32 => of!(i32),
            Self::U64 => of!(u64),
            Self::I64 => of!(i64),
            Self::F32 => of!(f32),
            Self::F64 => of!(f64),
        }
    }
}
