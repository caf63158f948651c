//! How large a picture is.

use std::str::FromStr;

/// Points; on a smaller side nothing could be read.
pub const MIN_SIDE: u32 = 400;
/// Points; while a PNG is drawn every point takes 48 bytes.
pub const MAX_SIDE: u32 = 2000;

/// Width and height of a picture in points, each from [`MIN_SIDE`] to [`MAX_SIDE`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    width: u32,
    height: u32,
}

impl Size {
    /// A size, its sides clamped to their limits.
    pub fn clamped(width: u32, height: u32) -> Self {
        Self {
            width: width.clamp(MIN_SIDE, MAX_SIDE),
            height: height.clamp(MIN_SIDE, MAX_SIDE),
        }
    }

    /// Points.
    pub fn width(self) -> u32 {
        self.width
    }

    /// Points.
    pub fn height(self) -> u32 {
        self.height
    }
}

impl FromStr for Size {
    type Err = String;

    /// Reads `1200x600`.
    fn from_str(text: &str) -> Result<Self, String> {
        let sides = text.split_once(['x', '×']);
        let sides = sides.and_then(|(width, height)| {
            Some((width.trim().parse().ok()?, height.trim().parse().ok()?))
        });
        let Some((width, height)) = sides else {
            return Err("give width and height, such as 1200x600".into());
        };
        let size = Self::clamped(width, height);
        if (size.width, size.height) == (width, height) {
            Ok(size)
        } else {
            Err(format!(
                "both sides must be from {MIN_SIDE} to {MAX_SIDE}, such as 1200x600"
            ))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_and_bounded() {
        let size: Size = "1200x600".parse().unwrap();
        assert_eq!((size.width(), size.height()), (1200, 600));
        for wrong in [
            "",
            "1200",
            "x",
            "1200x",
            "-5x600",
            "1e9x600",
            "99999999999x600",
            "399x600",
            "600x2001",
        ] {
            assert!(wrong.parse::<Size>().is_err(), "{wrong}");
        }
    }
}
