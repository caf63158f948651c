//! One table, or one for each part.

use std::io::{BufRead, Read};
use std::path::{Path, PathBuf};

use super::label::{LabelColumn, label_of};
use super::table::{Table, number, parse};
use crate::data::content::Content;
use crate::data::import::array::{Array, ArrayPart, Numbers, parts};
use crate::data::import::bytes::{content_of, open};
use crate::data::import::class_labels::ClassLabels;
use crate::data::import::entries::{Entries, name_of};
use crate::data::import::error::ImportError;
use crate::data::import::format::Format;
use crate::data::import::part::PartName;
use crate::data::import::pictures::Found;
use crate::data::import::work::Work;

/// The smallest pictures are 4×4.
const LEAST_COLUMNS: usize = 17;
/// The first line is looked at so far.
const MAX_LINE_BYTES: u64 = 4 << 20;

/// Tables of pixels.
pub struct Csv;

/// A file that is a table.
struct TableFile {
    part: PartName,
    path: PathBuf,
    delimiter: u8,
}

impl Format for Csv {
    fn description(&self) -> &'static str {
        "CSV with a label and the pixels of a picture on each line, one file or a train and a test file"
    }

    fn find(&self, place: &Path, work: &Work<'_>) -> Result<Option<Found>, ImportError> {
        let mut files = Vec::new();
        for path in Entries::of(place)?.files {
            let is_text = matches!(content_of(&path), Ok(Content::Text));
            if is_text && let Some(delimiter) = delimiter_of(&path, work)? {
                let part = PartName::in_name(&name_of(&path)).unwrap_or(PartName::Train);
                files.push(TableFile {
                    part,
                    path,
                    delimiter,
                });
            }
        }
        files.sort_by_key(|file| file.part);
        if let Some(pair) = files.windows(2).find(|pair| pair[0].part == pair[1].part) {
            let names = [&pair[0].path, &pair[1].path].map(|path| name_of(path));
            let reason = format!(
                "holds several tables ({}); give one of them",
                names.join(", ")
            );
            return Err(ImportError::wrong(place, reason));
        }
        if files.is_empty() {
            return Ok(None);
        }
        found(files, work).map(Some)
    }
}

/// What stands between the columns, if the first line is one of a table of pictures.
fn delimiter_of(path: &Path, work: &Work<'_>) -> Result<Option<u8>, ImportError> {
    let mut line = Vec::new();
    let mut start = open(path, work)?.take(MAX_LINE_BYTES);
    let read = start.read_until(b'\n', &mut line);
    read.map_err(|source| ImportError::read(path, source))?;
    let count = |delimiter: &u8| line.iter().filter(|byte| *byte == delimiter).count();
    let delimiter = *b",;\t"
        .iter()
        .max_by_key(|delimiter| count(delimiter))
        .unwrap_or(&b',');
    Ok((count(&delimiter) + 1 >= LEAST_COLUMNS).then_some(delimiter))
}

fn found(files: Vec<TableFile>, work: &Work<'_>) -> Result<Found, ImportError> {
    let mut labels = ClassLabels::default();
    let mut arrays = Vec::new();
    let mut notes = Vec::new();
    let mut known: Option<(LabelColumn, usize)> = None;
    for TableFile {
        part,
        path,
        delimiter,
    } in files
    {
        let table = parse(open(&path, work)?, delimiter, &path)?;
        let wrong = |reason| ImportError::wrong(&path, reason);
        let (column, columns) = match known {
            Some(known) => known,
            None => (LabelColumn::of(&table).map_err(wrong)?, table.columns),
        };
        known = Some((column, columns));
        if table.columns + 1 == columns {
            notes.push(format!("{} has no labels and is left out", name_of(&path)));
            continue;
        }
        let (values, images) = divided(table, column).map_err(wrong)?;
        let numbers = values.iter().map(|value| labels.number(&label_of(value)));
        arrays.push(ArrayPart {
            name: part,
            images,
            labels: numbers.collect::<Result<_, _>>().map_err(wrong)?,
            path: path.clone(),
        });
    }
    let (parts, note) = parts(arrays)?;
    notes.extend(note);
    let column = known.map_or("", |(column, _)| column.description());
    Ok(Found {
        format: format!("CSV, {column}"),
        parts,
        labels,
        notes,
    })
}

/// The labels of a table and its pictures, `[rows, columns - 1]`.
fn divided(table: Table, column: LabelColumn) -> Result<(Vec<String>, Array), String> {
    let rows = table.first.len();
    let between = table.columns - 2;
    let (values, others) = match column {
        LabelColumn::First => (table.first, table.last),
        LabelColumn::Last => (table.last, table.first),
    };
    let mut numbers = Numbers::default();
    for (row, other) in others.iter().enumerate() {
        let other = number(other.as_bytes()).ok_or_else(|| {
            format!(
                "has {:?} in picture {row}, where a pixel belongs",
                crate::text::first(other, 30)
            )
        })?;
        let mut add = |number: f64| {
            let pushed = numbers.push(number);
            pushed.map_err(|_| "does not fit in memory; import fewer pictures".to_owned())
        };
        if column == LabelColumn::Last {
            add(other)?;
        }
        for place in row * between..(row + 1) * between {
            add(f64::from(table.middle.get(place)))?;
        }
        if column == LabelColumn::First {
            add(other)?;
        }
    }
    let shape = vec![rows, between + 1];
    Ok((values, Array { shape, numbers }))
}
