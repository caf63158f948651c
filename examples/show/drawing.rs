//! A row of the screen as a piece of SVG.

use super::glyph::{self, HEIGHT, WIDTH, short};
use std::collections::BTreeMap;
use std::fmt::Write;
use vt100::{Cell, Color, Screen};

/// The colours of a terminal that says nothing else.
pub const BACKGROUND: &str = "#101418";
const FOREGROUND: &str = "#d0d0d0";
/// The baseline of text below the upper edge of its row.
const BASELINE: f64 = 13.0;

/// What is drawn of a row: backgrounds, shapes and texts.
pub fn row(screen: &Screen, row: u16) -> String {
    let (_, columns) = screen.size();
    let mut backgrounds: BTreeMap<String, String> = BTreeMap::new();
    let mut shapes: BTreeMap<String, String> = BTreeMap::new();
    let mut texts = Texts::default();
    for column in 0..columns {
        let Some(cell) = screen.cell(row, column) else {
            continue;
        };
        let at = (f64::from(column) * WIDTH, 0.0);
        let (foreground, background) = colours(cell);
        if background != BACKGROUND {
            let path = backgrounds.entry(background).or_default();
            glyph::add('█', at, path);
        }
        let contents = cell.contents();
        let mut characters = contents.chars();
        let only = characters.next().filter(|_| characters.next().is_none());
        let shape = only
            .is_some_and(|it| glyph::add(it, at, shapes.entry(foreground.clone()).or_default()));
        if !shape && !contents.trim().is_empty() {
            texts.add(column, contents, &foreground, cell.bold(), cell.dim());
        }
    }
    let mut drawn = String::new();
    for (colour, path) in backgrounds.into_iter().chain(shapes) {
        if !path.is_empty() {
            // Writing to a string cannot fail.
            let _ = write!(drawn, "<path fill=\"{colour}\" d=\"{path}\"/>");
        }
    }
    drawn + &texts.end()
}

/// Texts next to each other that look alike are one.
#[derive(Default)]
struct Texts {
    drawn: String,
    under_way: Option<Text>,
}

struct Text {
    first: u16,
    next: u16,
    text: String,
    colour: String,
    bold: bool,
    dim: bool,
}

impl Texts {
    fn add(&mut self, column: u16, contents: &str, colour: &str, bold: bool, dim: bool) {
        let fits = |text: &Text| {
            let near = column - text.next <= 1;
            near && text.colour == colour && text.bold == bold && text.dim == dim
        };
        if !self.under_way.as_ref().is_some_and(fits) {
            self.flush();
        }
        let text = self.under_way.get_or_insert_with(|| Text {
            first: column,
            next: column,
            text: String::new(),
            colour: colour.to_owned(),
            bold,
            dim,
        });
        // A blank between two words.
        text.text.extend((text.next..column).map(|_| ' '));
        text.text.push_str(contents);
        text.next = column + 1;
    }

    fn flush(&mut self) {
        let Some(text) = self.under_way.take() else {
            return;
        };
        let escaped = text.text.replace('&', "&amp;").replace('<', "&lt;");
        let weight = if text.bold {
            " font-weight=\"bold\""
        } else {
            ""
        };
        let faint = if text.dim { " opacity=\"0.6\"" } else { "" };
        let length = f64::from(text.next - text.first) * WIDTH;
        let _ = write!(
            self.drawn,
            "<text x=\"{}\" y=\"{}\" textLength=\"{}\" fill=\"{}\"{weight}{faint}>{escaped}</text>",
            short(f64::from(text.first) * WIDTH),
            short(BASELINE),
            short(length),
            text.colour,
        );
    }

    fn end(mut self) -> String {
        self.flush();
        self.drawn
    }
}

fn colours(cell: &Cell) -> (String, String) {
    let foreground = colour(cell.fgcolor(), FOREGROUND);
    let background = colour(cell.bgcolor(), BACKGROUND);
    match cell.inverse() {
        true => (background, foreground),
        false => (foreground, background),
    }
}

fn colour(colour: Color, otherwise: &str) -> String {
    match colour {
        Color::Rgb(red, green, blue) => format!("#{red:02x}{green:02x}{blue:02x}"),
        // The app names colours by their parts where the terminal has so many.
        Color::Default | Color::Idx(_) => otherwise.to_owned(),
    }
}

/// The size of a screen in pixels.
pub fn size(screen: &Screen) -> (f64, f64) {
    let (rows, columns) = screen.size();
    (f64::from(columns) * WIDTH, f64::from(rows) * HEIGHT)
}
