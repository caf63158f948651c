//! Draws the picture that the network sees on the terminal, beside the answer.

use super::answer::Seen;
use crate::cli::settings::{is_plain, settings};
use crate::text::{is_ascii_only, width};
use crate::tui::depth;
use crate::tui::theme::{Depth, Palette, Theme};
use crate::tui::widgets::picture::{Picture, Tint, fitted};
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;
use ratatui::style::Color;
use std::io::IsTerminal;

/// Cells that the picture may take: as many columns as pixels for most.
const ROOM: (u16, u16) = (32, 16);

/// What the terminal can show.
pub struct Screen(Theme);

impl Screen {
    /// None where standard output is no terminal, or no pictures are wanted.
    pub fn of_stdout() -> Option<Self> {
        let is_wanted = std::io::stdout().is_terminal() && !is_plain();
        is_wanted.then(|| {
            Self(Theme {
                palette: Palette::Dark,
                depth: settings().depth.unwrap_or_else(depth),
                ascii: is_ascii_only(),
            })
        })
    }

    /// The picture on the left, the text on the right.
    pub fn beside(&self, seen: &Seen<'_>, text: &str) -> String {
        let mut picture = self.lines(seen).into_iter();
        let wide = picture.clone().map(|(_, cells)| cells).max().unwrap_or(0);
        let mut lines = text.lines();
        let mut joined = String::new();
        loop {
            let (left, right) = (picture.next(), lines.next());
            if left.is_none() && right.is_none() {
                return joined;
            }
            let (left, cells) = left.unwrap_or_default();
            let gap = " ".repeat(wide - cells + 2);
            let line = format!("{left}{gap}{}", right.unwrap_or_default());
            joined.push_str(line.trim_end());
            joined.push('\n');
        }
    }

    /// The picture's lines with the cells that each takes.
    fn lines(&self, seen: &Seen<'_>) -> Vec<(String, usize)> {
        let [channels, height, columns] = seen.size;
        let (across, down) = fitted(columns, height, ROOM);
        let area = Rect::new(0, 0, across, down);
        let mut buffer = Buffer::empty(area);
        let picture = Picture {
            levels: seen.pixels,
            width: columns,
            height,
            tint: if channels == 3 {
                Tint::Colour
            } else {
                Tint::Grey
            },
        };
        picture.draw(&mut buffer, area, self.0);
        let line = |y: u16| {
            let cells: Vec<&Cell> = (0..across).map(|x| &buffer[(x, y)]).collect();
            let text: String = cells.iter().map(|cell| self.cell(cell)).collect();
            let wide = cells.iter().map(|cell| width(cell.symbol())).sum();
            let end = if self.0.depth == Depth::None {
                ""
            } else {
                "\x1b[0m"
            };
            (text + end, wide)
        };
        (0..down).map(line).collect()
    }

    fn cell(&self, cell: &Cell) -> String {
        if self.0.depth == Depth::None {
            return cell.symbol().to_owned();
        }
        let (front, back) = (code(cell.fg, 38), code(cell.bg, 48));
        format!("\x1b[0{front}{back}m{}", cell.symbol())
    }
}

/// The parameters of "select graphic rendition" (ECMA-48) for the colours that pictures have.
fn code(color: Color, kind: u8) -> String {
    let basic = |bright: u8, number: u8| format!(";{}", kind - 8 + bright + number);
    match color {
        Color::Rgb(r, g, b) => format!(";{kind};2;{r};{g};{b}"),
        Color::Indexed(index) => format!(";{kind};5;{index}"),
        Color::Black => basic(0, 0),
        Color::Gray => basic(0, 7),
        Color::DarkGray => basic(60, 0),
        Color::White => basic(60, 7),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::picture::Adjustments;

    fn seen(pixels: &[u8], channels: usize) -> Seen<'_> {
        Seen {
            adjustments: Adjustments::default(),
            likeness: None,
            size: [channels, 2, 2],
            pixels,
        }
    }

    #[test]
    fn the_picture_stands_in_half_blocks_left_of_the_text() {
        let screen = Screen(Theme::default());
        let colours = [255, 0, 0, 0, 0, 255, 0, 0, 0, 0, 255, 0];
        // Red and green above, blue and black below, each as large as there is room for.
        let lines = screen.lines(&seen(&colours, 3));
        let (first, last) = (&lines[0].0, &lines[lines.len() - 1].0);
        assert!(first.starts_with("\x1b[0;38;2;255;0;0;48;2;255;0;0m▀"));
        assert!(last.starts_with("\x1b[0;38;2;0;0;255;48;2;0;0;255m▀"));
        let text = screen.beside(&seen(&colours, 3), "a\nb\n");
        let first = text.lines().next().unwrap();
        assert!(first.ends_with("\x1b[0m  a"), "{first:?}");
    }

    #[test]
    fn without_colours_characters_stand_for_levels() {
        let screen = Screen(Theme {
            depth: Depth::None,
            ..Theme::default()
        });
        let text = screen.beside(&seen(&[0, 255, 255, 0], 1), "one\ntwo\n");
        assert!(text.contains('@') && !text.contains('\x1b'), "{text:?}");
    }
}
