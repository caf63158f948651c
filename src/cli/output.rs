//! Writing to stdout and stderr, and the notices that go with results.

use crate::data::Dataset;
use crate::fs::write_atomically;
use crate::text::{escape_controls, escape_json, is_ascii_only, plain, shown_path};
use color_eyre::eyre::{Result, WrapErr, eyre};
use serde::Serialize;
use std::io::Write;
use std::path::Path;

/// Writes lines to stdout, in ASCII where the terminal shows nothing else. Unlike `println!` it returns a closed
/// pipe as an error.
///
/// # Errors
/// When stdout cannot be written.
pub fn print(text: &str) -> Result<()> {
    write_lines(&plain(text, is_ascii_only()))
}

fn write_lines(text: &str) -> Result<()> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes())?;
    if !text.ends_with('\n') {
        out.write_all(b"\n")?;
    }
    out.flush()?;
    Ok(())
}

/// The path that stands for stdout.
pub const STDOUT: &str = "-";

/// Where something was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// To a file.
    File,
    /// To stdout, which must hold nothing else.
    Stdout,
}

/// Writes `bytes` to the file at `path` whole or not at all, or to stdout for [`STDOUT`].
///
/// # Errors
/// When it cannot be written, also when a program that reads stdout has closed it: it has not got
/// `what` it wanted.
pub fn write_to(path: &Path, bytes: &[u8], what: &str) -> Result<Written> {
    if path != Path::new(STDOUT) {
        let shown = shown_path(path);
        write_atomically(path, bytes).wrap_err_with(|| format!("{shown}: cannot write {what}"))?;
        return Ok(Written::File);
    }
    let mut out = std::io::stdout().lock();
    let written = out.write_all(bytes).and_then(|()| out.flush());
    // As text: an error of this kind would be taken for a listing that is no longer read.
    written.map_err(|error| eyre!("stdout: cannot write {what}: {error}"))?;
    Ok(Written::Stdout)
}

/// Writes one JSON object as one line.
///
/// # Errors
/// When stdout cannot be written.
pub fn print_json(value: &impl Serialize) -> Result<()> {
    write_lines(&escape_json(&serde_json::to_string(value)?))
}

/// Writes a line to stderr: for a person, not for a program that reads stdout.
pub fn note(text: &str) {
    let text = plain(text, is_ascii_only());
    // If stderr is closed, the note is lost; that is no reason to fail.
    let _ = writeln!(std::io::stderr(), "note: {text}");
}

/// The notices of a result as one text; `None` if there are none.
pub fn join_notices<'a>(notices: impl IntoIterator<Item = Option<&'a str>>) -> Option<String> {
    let notices: Vec<&str> = notices.into_iter().flatten().collect();
    (!notices.is_empty()).then(|| notices.join("; "))
}

/// The data set's name with its notice, as shown beside its results.
pub fn data_line(dataset: &Dataset) -> String {
    let name = escape_controls(&dataset.name);
    match dataset.notice() {
        Some(notice) => format!("{name} ({notice})"),
        None => name,
    }
}

/// The notice for results on the data set called `name`, if only the name is known.
pub fn notice_of(name: &str) -> Option<&'static str> {
    (name == crate::data::SAMPLE_NAME).then_some("sample set, not Fashion-MNIST")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notices_are_joined_where_there_are_any() {
        assert_eq!(join_notices([None, None]), None);
        assert_eq!(join_notices([None, Some("b")]).as_deref(), Some("b"));
        assert_eq!(
            join_notices([Some("a"), Some("b")]).as_deref(),
            Some("a; b")
        );
    }
}
