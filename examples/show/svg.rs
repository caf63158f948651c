//! Screens as pictures: one as a still, several as a moving one.

use super::drawing::{self, BACKGROUND};
use super::glyph::{HEIGHT, short};
use std::collections::HashMap;
use std::fmt::Write;
use vt100::Screen;

/// Room around the screen, in pixels.
const MARGIN: f64 = 10.0;
/// Height of the line below a moving picture that says what is pressed.
const CAPTION: f64 = 34.0;

/// A screen and how long it is seen.
pub struct Frame {
    /// What is seen.
    pub screen: Screen,
    /// What is said below it.
    pub caption: String,
    /// How long, in seconds.
    pub seconds: f64,
}

/// One screen.
pub fn still(screen: &Screen) -> String {
    let (width, height) = drawing::size(screen);
    let mut svg = head(width, height);
    let (rows, _) = screen.size();
    for row in 0..rows {
        let drawn = drawing::row(screen, row);
        if !drawn.is_empty() {
            let _ = write!(
                svg,
                "<g transform=\"translate({} {})\">{drawn}</g>",
                short(MARGIN),
                short(MARGIN + f64::from(row) * HEIGHT)
            );
        }
    }
    svg + "</svg>\n"
}

/// Screens one after the other, for ever. A row that is the same in several of them is written once.
pub fn moving(frames: &[Frame]) -> String {
    let Some(first) = frames.first() else {
        return String::new();
    };
    let (width, height) = drawing::size(&first.screen);
    let mut svg = head(width, height + CAPTION);
    let total: f64 = frames.iter().map(|frame| frame.seconds).sum();
    let mut names: HashMap<String, usize> = HashMap::new();
    let (mut definitions, mut styles, mut shown) = (String::new(), String::new(), String::new());
    let mut start = 0.0;
    for (index, frame) in frames.iter().enumerate() {
        let percent = |seconds: f64| short(100.0 * seconds / total);
        let (from, end) = (percent(start), percent(start + frame.seconds));
        start += frame.seconds;
        let hidden_before = match index {
            0 => String::new(),
            _ => format!("0%{{visibility:hidden}}{from}%{{visibility:visible}}"),
        };
        let _ = write!(
            styles,
            "@keyframes k{index}{{{hidden_before}{end}%{{visibility:hidden}}100%{{visibility:hidden}}}}\
             #f{index}{{visibility:{};animation:k{index} {}s step-end infinite}}",
            if index == 0 { "visible" } else { "hidden" },
            short(total)
        );
        let _ = write!(shown, "<g id=\"f{index}\">");
        let (rows, _) = frame.screen.size();
        for row in 0..rows {
            let drawn = drawing::row(&frame.screen, row);
            if drawn.is_empty() {
                continue;
            }
            let next = names.len();
            let name = *names.entry(drawn).or_insert_with_key(|drawn| {
                let _ = write!(definitions, "<g id=\"r{next}\">{drawn}</g>");
                next
            });
            let _ = write!(
                shown,
                "<use href=\"#r{name}\" x=\"{}\" y=\"{}\"/>",
                short(MARGIN),
                short(MARGIN + f64::from(row) * HEIGHT)
            );
        }
        let caption = frame.caption.replace('&', "&amp;").replace('<', "&lt;");
        let _ = write!(
            shown,
            "<text class=\"c\" x=\"{}\" y=\"{}\">{caption}</text></g>",
            short(MARGIN + width / 2.0),
            short(MARGIN + height + CAPTION / 2.0 + 8.0)
        );
    }
    let _ = writeln!(
        svg,
        "<style>{styles}.c{{font:bold 17px sans-serif;fill:#7aa2f7;text-anchor:middle}}</style>\
         <defs>{definitions}</defs>{shown}</svg>"
    );
    svg
}

fn head(width: f64, height: f64) -> String {
    let (width, height) = (width + 2.0 * MARGIN, height + 2.0 * MARGIN);
    let (width, height) = (short(width), short(height));
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" \
         height=\"{height}\" font-family=\"'DejaVu Sans Mono','Cascadia Mono',Menlo,Consolas,monospace\" \
         font-size=\"13\" shape-rendering=\"crispEdges\" xml:space=\"preserve\"><rect width=\"100%\" height=\"100%\" rx=\"8\" \
         fill=\"{BACKGROUND}\"/>"
    )
}
