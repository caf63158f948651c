//! Characters that are drawn as shapes, so that they join and look the same with every font.

use std::fmt::Write;

/// Pixels of a cell.
pub const WIDTH: f64 = 8.0;
/// Pixels of a cell.
pub const HEIGHT: f64 = 17.0;
/// How thick lines are, light and heavy.
const LIGHT: f64 = 1.0;
const HEAVY: f64 = 2.0;
/// Pixels across of a dot of braille.
const DOT: f64 = 1.9;

/// Adds the shape of a character in the cell at `(x, y)` to the path `to`; false for one that is drawn as text.
pub fn add(character: char, (x, y): (f64, f64), to: &mut String) -> bool {
    let mut rect = |left: f64, top: f64, width: f64, height: f64| {
        let (left, top) = (x + left * WIDTH, y + top * HEIGHT);
        box_of(left, top, width * WIDTH, height * HEIGHT, to);
    };
    match character {
        '▀' => rect(0.0, 0.0, 1.0, 0.5),
        // From one eighth to the full block, from below.
        '▁'..='█' => {
            let eighths = f64::from(character as u32 - '▁' as u32 + 1) / 8.0;
            rect(0.0, 1.0 - eighths, 1.0, eighths);
        }
        // From seven eighths to one, from the left.
        '▉'..='▏' => {
            let eighths = f64::from('▏' as u32 - character as u32 + 1) / 8.0;
            rect(0.0, 0.0, eighths, 1.0);
        }
        '▐' => rect(0.5, 0.0, 0.5, 1.0),
        '\u{2801}'..='\u{28ff}' => braille(character as u32 - 0x2800, (x, y), to),
        _ => return lines(character, (x, y), to),
    }
    true
}

fn box_of(left: f64, top: f64, width: f64, height: f64, to: &mut String) {
    // Writing to a string cannot fail.
    let _ = write!(
        to,
        "M{} {}h{}v{}h-{}z",
        short(left),
        short(top),
        short(width),
        short(height),
        short(width)
    );
}

/// At most two decimals, and none where there are none.
pub fn short(value: f64) -> String {
    let text = format!("{value:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn braille(dots: u32, (x, y): (f64, f64), to: &mut String) {
    const BITS: [[u32; 2]; 4] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]];
    for (row, bits) in BITS.iter().enumerate() {
        for (column, bit) in bits.iter().enumerate() {
            if dots & bit != 0 {
                let left = x + (column as f64 + 0.5) * WIDTH / 2.0 - DOT / 2.0;
                let top = y + (row as f64 + 0.5) * HEIGHT / 4.0 - DOT / 2.0;
                box_of(left, top, DOT, DOT, to);
            }
        }
    }
}

/// Lines of boxes: from the middle of the cell to its left, right, upper and lower edge.
fn lines(character: char, (x, y): (f64, f64), to: &mut String) -> bool {
    let (arms, thick) = match character {
        '─' => ([true, true, false, false], LIGHT),
        '━' => ([true, true, false, false], HEAVY),
        '│' => ([false, false, true, true], LIGHT),
        '╭' | '┌' => ([false, true, false, true], LIGHT),
        '╮' | '┐' => ([true, false, false, true], LIGHT),
        '╰' | '└' => ([false, true, true, false], LIGHT),
        '╯' | '┘' => ([true, false, true, false], LIGHT),
        '┬' => ([true, true, false, true], LIGHT),
        '┴' => ([true, true, true, false], LIGHT),
        '├' => ([false, true, true, true], LIGHT),
        '┤' => ([true, false, true, true], LIGHT),
        '┼' => ([true, true, true, true], LIGHT),
        '┈' => {
            for part in 0..4 {
                let left = x + (f64::from(part) + 0.25) * WIDTH / 4.0;
                box_of(left, y + HEIGHT / 2.0 - 0.5, WIDTH / 8.0, LIGHT, to);
            }
            return true;
        }
        '┊' => {
            for part in 0..4 {
                let top = y + (f64::from(part) + 0.25) * HEIGHT / 4.0;
                box_of(x + WIDTH / 2.0 - 0.5, top, LIGHT, HEIGHT / 8.0, to);
            }
            return true;
        }
        _ => return false,
    };
    let (middle, centre) = (x + WIDTH / 2.0, y + HEIGHT / 2.0);
    let half = thick / 2.0;
    let [left, right, up, down] = arms;
    if left || right {
        let from = if left { x } else { middle - half };
        let end = if right { x + WIDTH } else { middle + half };
        box_of(from, centre - half, end - from, thick, to);
    }
    if up || down {
        let from = if up { y } else { centre - half };
        let end = if down { y + HEIGHT } else { centre + half };
        box_of(middle - half, from, thick, end - from, to);
    }
    true
}
