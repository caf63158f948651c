//! Letters: how wide they are, how they are cut, and how they become pixels.
//!
//! The font is Ubuntu, from the crate `epaint_default_fonts`, whatever the machine has.

use super::PlotError;
use super::style::Rgb;
use crate::text::is_unseen;
use ab_glyph::{Font as _, FontRef, Glyph, PxScale, ScaleFont as _, point};
use epaint_default_fonts::UBUNTU_LIGHT;
use unicode_width::UnicodeWidthChar as _;

/// Height of a capital, in ems.
pub const CAPITAL: f64 = 0.69;
/// Bold letters are wider.
const BOLD: f64 = 1.06;

/// Where a text is put relative to its point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// It begins there.
    Left,
    /// Its middle is there.
    Center,
    /// It ends there.
    Right,
}

/// How a text looks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lettering {
    /// Its size, in points.
    pub em: f64,
    /// Its colour.
    pub color: Rgb,
    /// Its place relative to its point.
    pub align: Align,
    /// Heavier.
    pub bold: bool,
}

impl Lettering {
    /// Ordinary letters, flush left.
    pub fn new(em: f64, color: Rgb) -> Self {
        Self {
            em,
            color,
            align: Align::Left,
            bold: false,
        }
    }

    /// The same in bold.
    pub fn bold(self) -> Self {
        Self { bold: true, ..self }
    }

    /// The same, ending at its point.
    pub fn right(self) -> Self {
        let align = Align::Right;
        Self { align, ..self }
    }

    /// The same with its middle at its point.
    pub fn center(self) -> Self {
        let align = Align::Center;
        Self { align, ..self }
    }
}

/// A text on a sheet; `at` is on its baseline, in points.
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    /// What it says.
    pub text: String,
    /// Where.
    pub at: (f64, f64),
    /// How it looks.
    pub lettering: Lettering,
}

/// Where the letters are drawn in the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setter {
    /// Here, in our font.
    Program,
    /// In the viewer, in a sans-serif font of its own. DejaVu Sans is the widest of the usual ones.
    Viewer,
}

impl Setter {
    /// How much wider than ours its letters may be, ordinary and bold.
    fn widest(self) -> (f64, f64) {
        match self {
            Self::Program => (1.0, BOLD),
            Self::Viewer => (1.2, 1.4),
        }
    }
}

/// The font.
#[derive(Clone, Debug)]
pub struct Typeface {
    font: FontRef<'static>,
    setter: Setter,
}

impl Typeface {
    /// Opens the font in the program.
    ///
    /// # Errors
    /// When it is damaged.
    pub fn open(setter: Setter) -> Result<Self, PlotError> {
        FontRef::try_from_slice(UBUNTU_LIGHT)
            .map(|font| Self { font, setter })
            .map_err(|error| PlotError(format!("the built-in font: {error}")))
    }

    /// The scale at which an em is this long.
    fn scale(&self, em: f64) -> PxScale {
        let units = self.font.units_per_em().unwrap_or(1000.0);
        PxScale::from(em as f32 * self.font.height_unscaled() / units)
    }

    /// How long a text is, in the unit of `em`.
    fn width(&self, text: &str, em: f64) -> f64 {
        self.glyphs(text, em, (0.0, 0.0)).1
    }

    /// The width to keep free for a text in ordinary letters, in either font.
    pub fn room(&self, text: &str, em: f64) -> f64 {
        self.width(text, em) * self.setter.widest().0
    }

    /// The width to keep free for a text in bold letters, in either font.
    pub fn room_bold(&self, text: &str, em: f64) -> f64 {
        self.width(text, em) * self.setter.widest().1
    }

    /// The text, or as much of it as there is `room` for and an ellipsis.
    pub fn fit(&self, text: &str, em: f64, room: f64) -> String {
        let room = room / self.setter.widest().0;
        self.cut(text, em, room)
    }

    /// The same in bold letters.
    pub fn fit_bold(&self, text: &str, em: f64, room: f64) -> String {
        let room = room / self.setter.widest().1;
        self.cut(text, em, room)
    }

    fn cut(&self, text: &str, em: f64, room: f64) -> String {
        if self.width(text, em) <= room {
            return text.to_owned();
        }
        let mut cut = String::new();
        for letter in text.chars() {
            let longer = format!("{cut}{letter}…");
            if self.width(&longer, em) > room {
                break;
            }
            cut.push(letter);
        }
        let cut = cut.trim_end();
        if cut.is_empty() {
            String::new()
        } else {
            format!("{cut}…")
        }
    }

    /// The glyphs of a text that begins at a point, and its length.
    fn glyphs(&self, text: &str, em: f64, (x, y): (f64, f64)) -> (Vec<Glyph>, f64) {
        let scale = self.scale(em);
        let font = self.font.as_scaled(scale);
        let mut glyphs = Vec::new();
        let (mut pen, mut last) = (0.0, None);
        for letter in text.chars() {
            let id = font.glyph_id(letter);
            if let Some(last) = last {
                pen += font.kern(last, id);
            }
            last = Some(id);
            glyphs.push(id.with_scale_and_position(scale, point(x as f32 + pen, y as f32)));
            // Another font may have what ours lacks; ideographs are as wide as high.
            pen += match (id.0, letter.width()) {
                (0, Some(2)) => em as f32,
                _ => font.h_advance(id),
            };
        }
        (glyphs, f64::from(pen))
    }

    /// Calls back with every pixel that a label touches and how much of it is covered, 0 to 1. `unit` is
    /// the number of pixels in a point.
    pub fn paint(&self, label: &Label, unit: f64, mut put: impl FnMut(i32, i32, f32)) {
        let em = label.lettering.em * unit;
        let width = self.width(&label.text, em);
        let start = match label.lettering.align {
            Align::Left => 0.0,
            Align::Center => width / 2.0,
            Align::Right => width,
        };
        // The font is a light one; drawn again a little to the right it is a regular one.
        let shifts: &[f64] = if label.lettering.bold {
            &[-0.03, 0.0, 0.03]
        } else {
            &[-0.01, 0.01]
        };
        for shift in shifts {
            let x = label.at.0 * unit - start + shift * em;
            let (glyphs, _) = self.glyphs(&label.text, em, (x, label.at.1 * unit));
            for glyph in glyphs {
                if let Some(outline) = self.font.outline_glyph(glyph) {
                    let corner = outline.px_bounds().min;
                    outline.draw(|x, y, covered| {
                        put(
                            corner.x as i32 + x as i32,
                            corner.y as i32 + y as i32,
                            covered,
                        );
                    });
                }
            }
        }
    }
}

/// A text that is safe in any document: control characters are escaped, and so are the two characters
/// that XML cannot hold even escaped.
pub fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for letter in text.chars() {
        if is_unseen(letter) || matches!(letter, '\u{fffe}' | '\u{ffff}') {
            plain.extend(letter.escape_default());
        } else {
            plain.push(letter);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_to_their_room() {
        let face = Typeface::open(Setter::Program).unwrap();
        let whole = "Ankle boot";
        let room = face.room(whole, 12.0);
        assert!((40.0..90.0).contains(&room), "{room}");
        assert_eq!(face.fit(whole, 12.0, room), whole);
        let cut = face.fit(whole, 12.0, room * 0.7);
        assert!(cut.starts_with("Ank") && cut.ends_with('…'), "{cut}");
        assert!(face.room(&cut, 12.0) <= room * 0.7);
        assert_eq!(face.fit(whole, 12.0, 3.0), "");
        // Where the viewer's font is used, more is kept free.
        let viewer = Typeface::open(Setter::Viewer).unwrap();
        assert!(viewer.room(whole, 12.0) > 1.1 * room);
        assert!(viewer.room_bold(whole, 12.0) > viewer.room(whole, 12.0));
        assert!(viewer.fit(whole, 12.0, room).ends_with('…'));
    }

    #[test]
    fn letters_stand_on_their_baseline_and_where_they_are_aligned() {
        let face = Typeface::open(Setter::Program).unwrap();
        let bounds = |align| {
            let label = Label {
                text: "HHH".into(),
                at: (50.0, 40.0),
                lettering: Lettering {
                    align,
                    ..Lettering::new(20.0, super::super::style::INK)
                },
            };
            let (mut x, mut y) = ((i32::MAX, 0), (i32::MAX, 0));
            face.paint(&label, 1.0, |at_x, at_y, covered| {
                if covered > 0.5 {
                    x = (x.0.min(at_x), x.1.max(at_x));
                    y = (y.0.min(at_y), y.1.max(at_y));
                }
            });
            (x, y)
        };
        let ((left, right), (top, bottom)) = bounds(Align::Left);
        assert!((50..54).contains(&left) && right > 80, "{left} {right}");
        assert!((39..=40).contains(&bottom), "{bottom}");
        let height = f64::from(bottom - top);
        assert!((height - CAPITAL * 20.0).abs() < 2.0, "{height}");
        let ((left, right), _) = bounds(Align::Right);
        assert!(left < 20 && (46..=50).contains(&right), "{left} {right}");
        let ((left, right), _) = bounds(Align::Center);
        assert!((50 - left).abs_diff(right - 50) <= 2, "{left} {right}");
    }

    #[test]
    fn no_text_holds_what_xml_cannot() {
        assert_eq!(
            plain("a\u{1b}\u{202e}\u{ffff}\u{0}<&ü"),
            "a\\u{1b}\\u{202e}\\u{ffff}\\u{0}<&ü"
        );
    }
}
