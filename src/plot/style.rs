//! Colours with a meaning, and sizes in points.

use plotters::style::{Color as _, RGBColor, ShapeStyle};

/// Red, green, blue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rgb(pub u8, pub u8, pub u8);

/// Paper.
pub const WHITE: Rgb = Rgb(255, 255, 255);
/// Main text.
pub const INK: Rgb = Rgb(0x1f, 0x23, 0x28);
/// Units and captions.
pub const DIM: Rgb = Rgb(0x5f, 0x67, 0x71);
/// Lines that guide the eye.
pub const GRID: Rgb = Rgb(0xe7, 0xea, 0xee);
/// Where a diagram ends.
pub const AXIS: Rgb = Rgb(0xa9, 0xb0, 0xb9);
/// Right answers.
pub const RIGHT: Rgb = Rgb(0x00, 0x72, 0xb2);
/// Wrong answers.
pub const WRONG: Rgb = Rgb(0xd5, 0x5e, 0x00);

/// One colour a run, told apart by people of every colour vision (Okabe & Ito 2008), without their
/// yellow, which is hard to see on white.
pub const SERIES: [Rgb; 7] = [
    Rgb(0x00, 0x72, 0xb2),
    Rgb(0xd5, 0x5e, 0x00),
    Rgb(0x00, 0x9e, 0x73),
    Rgb(0xe6, 0x9f, 0x00),
    Rgb(0xcc, 0x79, 0xa7),
    Rgb(0x56, 0xb4, 0xe9),
    Rgb(0x33, 0x33, 0x33),
];

/// Around every picture.
pub const MARGIN: f64 = 28.0;
/// Letters of a picture's title.
pub const TITLE: f64 = 20.0;
/// Letters of headings.
pub const HEADING: f64 = 14.0;
/// All other letters.
pub const BODY: f64 = 12.0;

impl Rgb {
    /// The colour `share` of the way to another, 0 to 1.
    pub fn mixed(self, other: Self, share: f64) -> Self {
        let mix = |from: u8, to: u8| {
            let (from, to) = (f64::from(from), f64::from(to));
            (from + (to - from) * share.clamp(0.0, 1.0)).round() as u8
        };
        Self(
            mix(self.0, other.0),
            mix(self.1, other.1),
            mix(self.2, other.2),
        )
    }

    /// Relative luminance, 0 to 1 (Web Content Accessibility Guidelines 2.2).
    fn luminance(self) -> f64 {
        let linear = |channel: u8| {
            let value = f64::from(channel) / 255.0;
            if value <= 0.040_45 {
                value / 12.92
            } else {
                ((value + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * linear(self.0) + 0.7152 * linear(self.1) + 0.0722 * linear(self.2)
    }

    /// Contrast of two colours as letters and background, 1 to 21 (the same guidelines).
    pub fn contrast(self, other: Self) -> f64 {
        let (one, other) = (self.luminance() + 0.05, other.luminance() + 0.05);
        one.max(other) / one.min(other)
    }

    /// As `#rrggbb`.
    pub fn hex(self) -> String {
        format!("#{:02x}{:02x}{:02x}", self.0, self.1, self.2)
    }

    /// For plotters: areas.
    pub fn filled(self) -> ShapeStyle {
        RGBColor(self.0, self.1, self.2).filled()
    }

    /// For plotters: areas through which what is below can be seen, of an opacity from 0 to 1.
    pub fn veil(self, opacity: f64) -> ShapeStyle {
        RGBColor(self.0, self.1, self.2).mix(opacity).filled()
    }

    /// For plotters: lines of this width in units of the sheet.
    pub fn stroke(self, width: u32) -> ShapeStyle {
        RGBColor(self.0, self.1, self.2).stroke_width(width)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mixing_goes_from_one_colour_to_the_other() {
        assert_eq!(WHITE.mixed(RIGHT, 0.0), WHITE);
        assert_eq!(WHITE.mixed(RIGHT, 7.0), RIGHT);
        assert_eq!(WHITE.mixed(Rgb(0, 0, 1), 0.5), Rgb(128, 128, 128));
        assert_eq!(RIGHT.hex(), "#0072b2");
    }

    #[test]
    fn contrast_is_that_of_the_guidelines() {
        assert!((WHITE.contrast(Rgb(0, 0, 0)) - 21.0).abs() < 1e-9);
        assert_eq!(INK.contrast(INK), 1.0);
        // The guidelines' example: grey #767676 on white just passes 4.5.
        assert!((Rgb(0x76, 0x76, 0x76).contrast(WHITE) - 4.54).abs() < 0.01);
        assert!(DIM.contrast(WHITE) > 4.5);
    }
}
