//! What the brush paints with.

/// A colour with a name, at its brightest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paint {
    pub name: &'static str,
    rgb: [u8; 3],
}

/// White, which is grey where it is darker, and the colours that screens mix.
pub const PAINTS: [Paint; 7] = [
    Paint::new("grey", [255, 255, 255]),
    Paint::new("red", [255, 0, 0]),
    Paint::new("yellow", [255, 255, 0]),
    Paint::new("green", [0, 255, 0]),
    Paint::new("cyan", [0, 255, 255]),
    Paint::new("blue", [0, 0, 255]),
    Paint::new("magenta", [255, 0, 255]),
];

impl Paint {
    const fn new(name: &'static str, rgb: [u8; 3]) -> Self {
        Self { name, rgb }
    }

    /// The colour of a pixel of the picture.
    pub fn picked(rgb: [u8; 3]) -> Self {
        Self::new("picked", rgb)
    }

    /// The one after this.
    pub fn next(self) -> Self {
        let place = PAINTS.iter().position(|paint| *paint == self);
        PAINTS[place.map_or(0, |place| (place + 1) % PAINTS.len())]
    }

    /// Red, green and blue at a brightness from 0 to 255.
    pub fn at(self, level: u8) -> [u8; 3] {
        let dimmed = |value: u8| (u16::from(value) * u16::from(level) / 255) as u8;
        self.rgb.map(dimmed)
    }
}
