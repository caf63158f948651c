//! A table of pixels and labels, as text.

use std::io::{self, Read};
use std::path::Path;

use csv::{ByteRecord, ReaderBuilder};

use crate::data::idx::MAX_ITEMS;
use crate::data::import::array::Numbers;
use crate::data::import::error::ImportError;

/// A longer line is none of a table of pictures.
const MAX_LINE_BYTES: usize = 4 << 20;

/// A table. Its first or its last column has the labels; which one is not decided yet.
#[derive(Debug, Default)]
pub struct Table {
    /// Columns, at least three.
    pub columns: usize,
    /// The names of the first and the last column, if the first line has them.
    pub header: Option<[String; 2]>,
    /// The first column, `[rows]`.
    pub first: Vec<String>,
    /// The columns between, `[rows, columns - 2]`.
    pub middle: Numbers,
    /// The last column, `[rows]`.
    pub last: Vec<String>,
}

/// Reads a table of as many columns as its first line has.
///
/// # Errors
/// If a line has another number of columns, a pixel is no number, or it does not fit in memory.
pub fn parse(input: impl Read, delimiter: u8, path: &Path) -> Result<Table, ImportError> {
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(Metered { input, left: 0 });
    let mut record = ByteRecord::new();
    let mut table = Table::default();
    loop {
        reader.get_mut().left = MAX_LINE_BYTES;
        let read = reader.read_byte_record(&mut record);
        let line = record.position().map_or(0, csv::Position::line);
        let wrong = |reason: String| ImportError::wrong(path, format!("line {line} {reason}"));
        if !read.map_err(|error| error_of(error, path))? {
            break;
        }
        if table.columns == 0 {
            table.columns = record.len();
            if table.columns < 3 {
                return Err(wrong(
                    "has no pixels; a line is a label and the pixels of a picture".into(),
                ));
            }
            if !is_row(&record) {
                table.header = Some([text(&record, 0), text(&record, table.columns - 1)]);
                continue;
            }
        }
        if record.len() != table.columns {
            return Err(wrong(format!(
                "has {} columns, the first line {}; is the file damaged?",
                record.len(),
                table.columns
            )));
        }
        if table.first.len() == MAX_ITEMS as usize {
            return Err(wrong(format!(
                "is one more than the {MAX_ITEMS} pictures there may be"
            )));
        }
        for column in 1..table.columns - 1 {
            let pixel = number(&record[column]).ok_or_else(|| {
                let found = String::from_utf8_lossy(&record[column]).into_owned();
                let found = crate::text::first(&found, 30).to_owned();
                wrong(format!(
                    "has {found:?} in column {}, where a pixel belongs",
                    column + 1
                ))
            })?;
            table
                .middle
                .push(pixel)
                .map_err(|_| ImportError::NoMemory)?;
        }
        table.first.push(text(&record, 0));
        table.last.push(text(&record, table.columns - 1));
    }
    if table.first.is_empty() {
        return Err(ImportError::wrong(path, "has no line with a picture"));
    }
    Ok(table)
}

/// Whether the line has numbers where pixels are: a header has names.
fn is_row(record: &ByteRecord) -> bool {
    (1..record.len() - 1).all(|column| number(&record[column]).is_some())
}

fn text(record: &ByteRecord, column: usize) -> String {
    String::from_utf8_lossy(record.get(column).unwrap_or_default())
        .trim()
        .to_owned()
}

/// The number that a field says.
pub fn number(field: &[u8]) -> Option<f64> {
    if (1..=3).contains(&field.len()) && field.iter().all(u8::is_ascii_digit) {
        // Most pixels.
        let digits = field.iter().map(|digit| u32::from(digit - b'0'));
        return Some(digits.fold(0, |number, digit| number * 10 + digit).into());
    }
    std::str::from_utf8(field).ok()?.trim().parse().ok()
}

fn error_of(error: csv::Error, path: &Path) -> ImportError {
    match error.into_kind() {
        csv::ErrorKind::Io(source) => ImportError::read(path, source),
        _ => ImportError::wrong(path, "is no table; get it again"),
    }
}

/// Stops within a line that does not end.
struct Metered<R> {
    input: R,
    /// Bytes that the line at hand may still have.
    left: usize,
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.input.read(buffer)?;
        self.left = self.left.checked_sub(count).ok_or_else(|| {
            io::Error::new(
                io::ErrorKind::InvalidData,
                "a line is longer than any picture's",
            )
        })?;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(text: &str) -> Result<Table, String> {
        parse(text.as_bytes(), b',', Path::new("t.csv")).map_err(|error| error.to_string())
    }

    #[test]
    fn a_header_is_told_from_pictures() {
        let with = table("label,p1,p2,p3\n3,0,255,7\n\"a, b\",1,2,3\n").unwrap();
        assert_eq!(with.header, Some(["label".into(), "p3".into()]));
        assert_eq!(
            (&with.first[1], &with.last[0]),
            (&"a, b".to_owned(), &"7".to_owned())
        );
        assert_eq!(with.middle, Numbers::Bytes(vec![0, 255, 1, 2]));
        let without = table("3,0,0.5,7\n").unwrap();
        assert_eq!(
            (without.header, without.middle),
            (None, Numbers::Reals(vec![0.0, 0.5]))
        );
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        assert!(
            table("1,2,3,4\n1,2,3\n")
                .unwrap_err()
                .contains("line 2 has 3 columns")
        );
        assert!(
            table("1,2,3,4\n1,x,3,4\n")
                .unwrap_err()
                .contains("line 2 has \"x\" in column 2")
        );
        assert!(table("a,b,c\n").is_err() && table("").is_err() && table("1,2\n").is_err());
        let endless = "1".repeat(MAX_LINE_BYTES + 10_000);
        assert!(table(&endless).unwrap_err().contains("longer"));
    }
}
