//! Small images drawn with half blocks: two pixels per cell, the upper as text colour, the lower as
//! background. Where that cannot be shown, a ramp of characters, two cells per pixel.

use crate::data::Split;
use crate::tui::theme::{Depth, Palette, Theme};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::{Color, Modifier, Style};
use std::borrow::Cow;
use std::ops::Range;

/// Dark to bright on a dark terminal.
const RAMP: &[u8; 10] = b" .:-=+*#%@";

/// What the levels mean.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tint<'a> {
    /// 0 is black, 255 is white.
    #[default]
    Grey,
    /// Red, green and blue, one plane after the other.
    Colour,
    /// 128 is zero, below is negative (blue), above is positive (orange).
    Signed,
    /// Grey, and over it these signed levels, one a pixel.
    Under(&'a [u8]),
}

/// An image of one byte per pixel and plane, row by row.
#[derive(Clone, Copy, Debug)]
pub struct Picture<'a> {
    /// `[height, width]`, with [`Tint::Colour`] `[3, height, width]`; what is missing is 0.
    pub levels: &'a [u8],
    /// Pixels.
    pub width: usize,
    /// Pixels.
    pub height: usize,
    /// What the levels mean.
    pub tint: Tint<'a>,
}

/// The levels of `image`, `[channels, height, width]` of `split`, and their tint: colours where it has three channels,
/// else grey.
pub fn natural<'a>(split: &Split, image: &'a [u8]) -> (Cow<'a, [u8]>, Tint<'static>) {
    match split.channels {
        3 => (Cow::Borrowed(image), Tint::Colour),
        _ => (split.grey(image), Tint::Grey),
    }
}

/// Cells `(columns, rows)` that an image of `width` × `height` pixels takes in an area of `room`
/// cells: the largest multiple of a half that fits, else the whole area as far as the aspect lets.
pub fn fitted(width: usize, height: usize, room: (u16, u16)) -> (u16, u16) {
    if width == 0 || height == 0 {
        return (0, 0);
    }
    let scale = (f64::from(room.0) / width as f64).min(2.0 * f64::from(room.1) / height as f64);
    let scale = if scale >= 1.0 {
        (scale * 2.0).floor() / 2.0
    } else {
        scale
    };
    scaled(width, height, scale)
}

/// Cells `(columns, rows)` of an image at `scale` pixels of screen per pixel; none where that is
/// less than a cell.
pub fn scaled(width: usize, height: usize, scale: f64) -> (u16, u16) {
    let columns = (width as f64 * scale).round().min(f64::from(u16::MAX));
    let rows = (height as f64 * scale / 2.0)
        .ceil()
        .min(f64::from(u16::MAX));
    (columns as u16, rows as u16)
}

/// The pixels of the screen that an image is drawn with.
struct Grid {
    /// Characters, two cells a pixel, instead of half blocks.
    ramp: bool,
    across: usize,
    down: usize,
}

impl Grid {
    /// Of an image of `width` × `height` pixels in so many columns and rows of cells.
    fn of((width, height): (usize, usize), (columns, rows): (usize, usize), theme: Theme) -> Self {
        let ramp = theme.ascii || theme.depth == Depth::None;
        // An odd column at the end of a ramp stays empty.
        let (across, down) = if ramp {
            ((columns / 2).max(1), rows)
        } else {
            (columns, pixel_rows((width, height), columns, rows))
        };
        Self { ramp, across, down }
    }
}

/// Rows of pixels in `rows` cells: an image with an odd number of them leaves the last half empty.
fn pixel_rows((width, height): (usize, usize), columns: usize, rows: usize) -> usize {
    let wanted = (height * columns + width / 2) / width;
    wanted.clamp((2 * rows).saturating_sub(1).max(1), (2 * rows).max(1))
}

/// The pixel, column and row, of an image of `size` that is drawn in `area`, at a cell; of two pixels above
/// each other the upper one.
pub fn pixel_at(
    area: Rect,
    at: Position,
    size: (usize, usize),
    theme: Theme,
) -> Option<(usize, usize)> {
    let (width, height) = size;
    if !area.contains(at) || width == 0 || height == 0 {
        return None;
    }
    let cells = (usize::from(area.width), usize::from(area.height));
    let Grid { ramp, across, down } = Grid::of(size, cells, theme);
    let (x, y) = (usize::from(at.x - area.x), usize::from(at.y - area.y));
    let (x, y) = if ramp { (x / 2, y) } else { (x, 2 * y) };
    // The middle of the pixel of the screen.
    let source =
        |at: usize, from: usize, to: usize| (((2 * at + 1) * from) / (2 * to)).min(from - 1);
    Some((source(x, width, across), source(y, height, down)))
}

impl Picture<'_> {
    /// Draws the image over all of `area`, which [`fitted`] or [`scaled`] gave the aspect.
    pub fn draw(&self, buffer: &mut Buffer, area: Rect, theme: Theme) {
        let (columns, rows) = (usize::from(area.width), usize::from(area.height));
        let visible = area.intersection(buffer.area);
        if visible.is_empty() || self.width == 0 || self.height == 0 {
            return;
        }
        let size = (self.width, self.height);
        let Grid { ramp, across, down } = Grid::of(size, (columns, rows), theme);
        let scaled = |levels: &[u8]| resample(levels, size, (across, down));
        let planes: Vec<Vec<u8>> = self.planes().map(scaled).collect();
        let over = match self.tint {
            Tint::Under(levels) => scaled(levels),
            Tint::Grey | Tint::Colour | Tint::Signed => Vec::new(),
        };
        // Red, green and blue, and the signed level over them.
        let pixel = |x: usize, y: usize| {
            let at = (x < across && y < down).then_some(y * across + x)?;
            let colour = match planes.as_slice() {
                [red, green, blue] => [red[at], green[at], blue[at]],
                planes => [*planes.first()?.get(at)?; 3],
            };
            Some((colour, over.get(at).copied()))
        };
        for position in visible.positions() {
            let x = usize::from(position.x - area.x);
            let y = usize::from(position.y - area.y);
            let Some(cell) = buffer.cell_mut(position) else {
                continue;
            };
            if ramp {
                if let Some((colour, over)) = pixel(x / 2, y) {
                    let sign = over.filter(|_| x % 2 == 1).and_then(sign);
                    cell.set_char(sign.unwrap_or_else(|| character(mean(colour), theme)));
                }
                continue;
            }
            let Some(upper) = pixel(x, 2 * y) else {
                continue;
            };
            let mut style = Style::new();
            if let Some(color) = self.color(upper, theme) {
                style = style.fg(color);
            }
            if let Some(color) = pixel(x, 2 * y + 1).and_then(|level| self.color(level, theme)) {
                style = style.bg(color);
            }
            cell.set_char('▀').set_style(style);
        }
    }

    /// Its levels, plane by plane.
    fn planes(&self) -> impl Iterator<Item = &[u8]> {
        let plane = self.width * self.height;
        let count = if self.tint == Tint::Colour { 3 } else { 1 };
        (0..count).map(move |at| {
            let rest = self.levels.get(at * plane..).unwrap_or_default();
            &rest[..plane.min(rest.len())]
        })
    }

    /// Marks some columns and rows of the image's pixels where it was drawn in `area`.
    pub fn mark(
        &self,
        buffer: &mut Buffer,
        area: Rect,
        (columns, rows): (Range<usize>, Range<usize>),
        theme: Theme,
    ) {
        if self.width == 0 || self.height == 0 || columns.is_empty() || rows.is_empty() {
            return;
        }
        let cells = (usize::from(area.width), usize::from(area.height));
        let Grid { ramp, across, down } = Grid::of((self.width, self.height), cells, theme);
        // A pixel that is smaller than one of the screen is marked there all the same.
        let scaled = |pixels: &Range<usize>, from: usize, to: usize| {
            let start = pixels.start * to / from;
            start..(pixels.end * to / from).max(start + 1)
        };
        let columns = scaled(&columns, self.width, across);
        let rows = scaled(&rows, self.height, down);
        let color = theme.accent().fg.unwrap_or_default();
        for position in area.intersection(buffer.area).positions() {
            let x = usize::from(position.x - area.x);
            let y = usize::from(position.y - area.y);
            let Some(cell) = buffer.cell_mut(position) else {
                continue;
            };
            if ramp {
                if columns.contains(&(x / 2)) && rows.contains(&y) {
                    cell.set_style(Style::new().add_modifier(Modifier::REVERSED));
                }
                continue;
            }
            if columns.contains(&x) && rows.contains(&(2 * y)) {
                cell.set_style(Style::new().fg(color));
            }
            if columns.contains(&x) && rows.contains(&(2 * y + 1)) {
                cell.set_style(Style::new().bg(color));
            }
        }
    }

    fn color(&self, (colour, over): ([u8; 3], Option<u8>), theme: Theme) -> Option<Color> {
        let level = colour[0];
        let (zero, negative, positive) = match theme.palette {
            Palette::Light => ((246, 246, 246), (20, 80, 200), (200, 85, 0)),
            Palette::Dark | Palette::ColorBlind => ((30, 31, 40), (95, 155, 255), (255, 180, 85)),
        };
        let (zero, signed) = match (self.tint, over) {
            // The basic 16 have no shades of blue and orange: there zero is the middle grey.
            (Tint::Signed, _) if theme.depth == Depth::Basic => return theme.grey(level),
            (Tint::Signed, _) => (zero, level),
            (Tint::Under(_), Some(over)) if theme.depth == Depth::Basic => {
                return match sign(over) {
                    Some('-') => Some(Color::Blue),
                    Some(_) => Some(Color::Yellow),
                    None => theme.grey(level),
                };
            }
            // Half as bright, so that the colours are seen on white too.
            (Tint::Under(_), Some(over)) => ((level / 2, level / 2, level / 2), over),
            _ => return theme.rgb(colour.into()),
        };
        let value = (f64::from(signed) - 128.0) / 127.0;
        let target: (u8, u8, u8) = if value < 0.0 { negative } else { positive };
        let share = value.abs().min(1.0);
        let mix = |from: u8, to: u8| {
            (f64::from(from) + (f64::from(to) - f64::from(from)) * share).round() as u8
        };
        theme.rgb((
            mix(zero.0, target.0),
            mix(zero.1, target.1),
            mix(zero.2, target.2),
        ))
    }
}

/// As a grey level.
fn mean(colour: [u8; 3]) -> u8 {
    let sum: u16 = colour.map(u16::from).iter().sum();
    ((sum + 1) / 3) as u8
}

/// The character of a signed level over a picture; none where it is little.
fn sign(level: u8) -> Option<char> {
    match level {
        0..64 => Some('-'),
        64..=192 => None,
        193.. => Some('+'),
    }
}

/// The character of a level. Ink is bright on a dark terminal and dark on a light one.
fn character(level: u8, theme: Theme) -> char {
    let level = match theme.palette {
        Palette::Light => 255 - level,
        Palette::Dark | Palette::ColorBlind => level,
    };
    char::from(RAMP[usize::from(level) * RAMP.len() / 256])
}

/// The image in `to` pixels: each is the mean of what it covers, weighted by area, so whole factors
/// repeat pixels exactly.
fn resample(levels: &[u8], from: (usize, usize), to: (usize, usize)) -> Vec<u8> {
    // Both are measured in units of 1/to of a source pixel; the overlaps are whole numbers then.
    let overlaps = |target: usize, from: usize, to: usize| {
        let (start, end) = (target * from, (target + 1) * from);
        (start / to..end.div_ceil(to)).map(move |source| {
            let overlap = end.min((source + 1) * to) - start.max(source * to);
            (source, overlap as u64)
        })
    };
    let whole = (from.0 * from.1) as u64;
    let mut pixels = Vec::with_capacity(to.0 * to.1);
    for y in 0..to.1 {
        for x in 0..to.0 {
            let mut sum = 0;
            for (source_y, high) in overlaps(y, from.1, to.1) {
                for (source_x, wide) in overlaps(x, from.0, to.0) {
                    let level = levels.get(source_y * from.0 + source_x);
                    sum += u64::from(level.copied().unwrap_or(0)) * high * wide;
                }
            }
            pixels.push(((sum + whole / 2) / whole) as u8);
        }
    }
    pixels
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(levels: &[u8], size: (usize, usize), area: Rect, theme: Theme) -> Buffer {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 12, 6));
        let picture = Picture {
            levels,
            width: size.0,
            height: size.1,
            tint: Tint::Grey,
        };
        picture.draw(&mut buffer, area, theme);
        buffer
    }

    #[test]
    fn a_cell_is_its_upper_and_its_lower_pixel() {
        let gradient: Vec<u8> = (0..16).map(|index| index * 17).collect();
        let area = Rect::new(1, 1, 4, 2);
        let buffer = drawn(&gradient, (4, 4), area, Theme::default());
        for (x, y) in [(0, 0), (3, 0), (0, 1), (2, 1)] {
            let cell = &buffer[(1 + x, 1 + y)];
            let grey = |row: u16| {
                let level = gradient[usize::from(4 * row + x)];
                Color::Rgb(level, level, level)
            };
            assert_eq!(cell.symbol(), "▀");
            assert_eq!((cell.fg, cell.bg), (grey(2 * y), grey(2 * y + 1)));
        }
        assert_eq!(buffer[(0, 1)].symbol(), " ");
        assert_eq!(buffer[(5, 1)].symbol(), " ");
    }

    #[test]
    fn an_image_of_three_channels_is_drawn_in_colour() {
        let split = Split {
            // Red above, blue below.
            images: vec![200, 0, 0, 0, 0, 100],
            labels: vec![0],
            channels: 3,
            height: 2,
            width: 1,
        };
        let (levels, tint) = natural(&split, split.image(0));
        let picture = Picture {
            levels: &levels,
            width: 1,
            height: 2,
            tint,
        };
        let area = Rect::new(0, 0, 1, 1);
        let draw = |theme: Theme| {
            let mut buffer = Buffer::empty(area);
            picture.draw(&mut buffer, area, theme);
            buffer[(0, 0)].clone()
        };
        let cell = draw(Theme::default());
        assert_eq!(
            (cell.fg, cell.bg),
            (Color::Rgb(200, 0, 0), Color::Rgb(0, 0, 100))
        );
        let without = draw(Theme {
            depth: Depth::None,
            ..Theme::default()
        });
        assert_eq!((without.fg, without.bg), (Color::Reset, Color::Reset));
    }

    #[test]
    fn whole_factors_repeat_pixels_and_halves_take_their_mean() {
        assert_eq!(resample(&[10, 20], (2, 1), (4, 2))[..4], [10, 10, 20, 20]);
        assert_eq!(resample(&[0, 100, 50, 50], (2, 2), (1, 1)), [50]);
        assert_eq!(resample(&[0, 90], (2, 1), (3, 1)), [0, 45, 90]);
    }

    #[test]
    fn an_odd_row_at_the_end_leaves_the_lower_half_empty() {
        let buffer = drawn(&[200; 9], (3, 3), Rect::new(0, 0, 3, 2), Theme::default());
        assert_eq!(buffer[(2, 1)].fg, Color::Rgb(200, 200, 200));
        assert_eq!(buffer[(2, 1)].bg, Color::Reset);
    }

    #[test]
    fn without_colours_a_ramp_takes_two_cells_per_pixel() {
        let theme = Theme {
            ascii: true,
            ..Theme::default()
        };
        let buffer = drawn(&[0, 255, 128, 30], (2, 2), Rect::new(0, 0, 4, 2), theme);
        let text: String = (0..4).map(|x| buffer[(x, 0)].symbol()).collect();
        assert_eq!(text, "  @@");
        let text: String = (0..4).map(|x| buffer[(x, 1)].symbol()).collect();
        assert_eq!(text, "++..");
    }

    #[test]
    fn images_keep_their_aspect() {
        assert_eq!(fitted(28, 28, (78, 18)), (28, 14));
        assert_eq!(fitted(28, 28, (78, 21)), (42, 21));
        assert_eq!(fitted(28, 28, (20, 18)), (20, 10));
        assert_eq!(fitted(28, 28, (0, 0)), (0, 0));
        assert_eq!(fitted(0, 28, (9, 9)), (0, 0));
    }

    #[test]
    fn any_area_may_be_asked_for() {
        for (x, y, width, height) in [(0, 0, 0, 0), (11, 5, 9, 9), (40, 40, 3, 3), (0, 0, 1, 1)] {
            let area = Rect::new(x, y, width, height);
            drawn(&[7; 3], (28, 28), area, Theme::default());
        }
    }
}
