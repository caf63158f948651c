//! Columns aligned by terminal cells.

use super::cells::{pad_end, pad_start, width};
use super::charset::is_ascii_only;
use super::plain::plain;

/// A table under construction; every cell is one line of text.
#[derive(Debug)]
pub struct Table {
    /// Which columns are flush right: the ones with numbers.
    right: Vec<bool>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table with a header; a name that begins with `>` makes a column flush right.
    pub fn new(header: &[&str]) -> Self {
        let names = header
            .iter()
            .map(|name| plain(name.trim_start_matches('>'), is_ascii_only()));
        Self {
            right: header.iter().map(|name| name.starts_with('>')).collect(),
            rows: vec![names.collect()],
        }
    }

    /// Adds a row.
    pub fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        // Before they are measured: some signs are longer in ASCII.
        let ascii = is_ascii_only();
        let cells = cells.into_iter().map(|cell| plain(&cell, ascii));
        self.rows.push(cells.collect());
    }

    /// The lines, two spaces between columns.
    pub fn text(&self) -> String {
        let widest = |column: usize| {
            let cells = self.rows.iter().filter_map(|row| row.get(column));
            cells.map(|cell| width(cell)).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..self.right.len()).map(widest).collect();
        let mut text = String::new();
        for row in &self.rows {
            let mut line = String::new();
            for ((cell, width), right) in row.iter().zip(&widths).zip(&self.right) {
                if !line.is_empty() {
                    line.push_str("  ");
                }
                line.push_str(&if *right {
                    pad_start(cell, *width)
                } else {
                    pad_end(cell, *width)
                });
            }
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up() {
        let mut table = Table::new(&["name", ">count", "about"]);
        table.row(["3×3".into(), "1,000".into(), "x".into()]);
        table.row(["longer".into(), "7".into(), String::new()]);
        assert_eq!(
            table.text(),
            "name    count  about\n3×3     1,000  x\nlonger      7\n"
        );
    }

    #[test]
    fn columns_line_up_by_cells() {
        let mut table = Table::new(&["class", ">靴", "about"]);
        table.row(["靴".into(), "1".into(), "x".into()]);
        table.row(["Bag".into(), "10".into(), "👍".into()]);
        table.row(["e\u{301}".into(), "100".into(), "y".into()]);
        assert_eq!(
            table.text(),
            "class   靴  about\n靴       1  x\nBag     10  👍\ne\u{301}      100  y\n"
        );
    }
}
