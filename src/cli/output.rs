//! Writing to stdout, and numbers as people read them.

use crate::data::Dataset;
use crate::text::escape_json;
pub use crate::text::{grouped, shown_bytes as bytes};
use color_eyre::eyre::Result;
use serde::Serialize;
use std::io::Write;

/// Writes lines to stdout. Unlike `println!` it returns a closed pipe as an error.
///
/// # Errors
/// When stdout cannot be written.
pub fn print(text: &str) -> Result<()> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes())?;
    if !text.ends_with('\n') {
        out.write_all(b"\n")?;
    }
    out.flush()?;
    Ok(())
}

/// Writes one JSON object as one line.
///
/// # Errors
/// When stdout cannot be written.
pub fn print_json(value: &impl Serialize) -> Result<()> {
    print(&escape_json(&serde_json::to_string(value)?))
}

/// Writes a line to stderr that a person should read and a program reading stdout must not meet.
pub fn note(text: &str) {
    // With stderr gone there is nobody left to tell.
    let _ = writeln!(std::io::stderr(), "note: {text}");
}

/// What must be said of a result, as one text; `None` where there is nothing.
pub fn join_notices<'a>(notices: impl IntoIterator<Item = Option<&'a str>>) -> Option<String> {
    let notices: Vec<&str> = notices.into_iter().flatten().collect();
    (!notices.is_empty()).then(|| notices.join("; "))
}

/// The data set's name, with what must be said wherever its results are shown.
pub fn data_line(dataset: &Dataset) -> String {
    let name = crate::text::escape_controls(&dataset.name);
    match dataset.notice() {
        Some(notice) => format!("{name} ({notice})"),
        None => name,
    }
}

/// What must be said of results on the data set called `name`, where nothing but the name is known.
pub fn notice_of(name: &str) -> Option<&'static str> {
    (name == crate::data::SAMPLE_NAME).then_some("sample set, not Fashion-MNIST")
}

/// `857738` as `857.7 k`: at most four digits and a unit of 1000s.
pub fn short(number: u64) -> String {
    let mut value = number as f64;
    for unit in ["", " k", " M", " G"] {
        if value < 999.95 {
            return if unit.is_empty() {
                number.to_string()
            } else {
                format!("{value:.1}{unit}")
            };
        }
        value /= 1000.0;
    }
    format!("{value:.1} T")
}

/// A time as `30.1 s`, `12 min 05 s` or `3 h 20 min`.
pub fn duration(seconds: f64) -> String {
    if seconds < 99.95 {
        return format!("{seconds:.1} s");
    }
    let whole = seconds.round() as u64;
    if whole < 3600 {
        format!("{} min {:02} s", whole / 60, whole % 60)
    } else {
        format!("{} h {:02} min", whole / 3600, whole % 3600 / 60)
    }
}

/// `text` cut to `width` characters.
pub fn cut(text: &str, width: usize) -> String {
    text.chars().take(width).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_scaled() {
        assert_eq!(short(999), "999");
        assert_eq!(short(999_960), "1.0 M");
        assert_eq!(short(857_738), "857.7 k");
    }

    #[test]
    fn notices_are_joined_where_there_are_any() {
        assert_eq!(join_notices([None, None]), None);
        assert_eq!(join_notices([None, Some("b")]).as_deref(), Some("b"));
        assert_eq!(
            join_notices([Some("a"), Some("b")]).as_deref(),
            Some("a; b")
        );
    }

    #[test]
    fn times_have_sensible_digits() {
        assert_eq!(duration(30.06), "30.1 s");
        assert_eq!(duration(99.96), "1 min 40 s");
        assert_eq!(duration(725.0), "12 min 05 s");
        assert_eq!(duration(12_000.0), "3 h 20 min");
    }
}
