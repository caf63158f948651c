//! From an error to one line and an exit code.

use crate::text::escape_controls;
use color_eyre::eyre::Report;
use std::io::{ErrorKind, Write};
use std::process::ExitCode;

/// A wrong command line; the program exits with 2.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Usage(pub String);

/// Work that a signal stopped; the program exits with 128 and the signal's number.
#[derive(Debug, thiserror::Error)]
#[error("{}", .command.as_deref().map_or_else(
    || "interrupted; the run is not saved".to_owned(),
    |command| format!("interrupted; to go on: {command}"),
))]
pub struct Interrupted {
    /// The signal's number.
    pub signal: u8,
    /// The command that resumes the work, quoted for a shell; `None` if nothing is saved.
    pub command: Option<String>,
}

/// Prints the error on stderr and returns the exit code.
pub fn report(report: &Report) -> ExitCode {
    if is_broken_pipe(report) {
        // The reader closed the pipe, as in `fmnist-tui presets | head -1`.
        return ExitCode::SUCCESS;
    }
    let line = one_line(report);
    if let Some(interrupted) = report.downcast_ref::<Interrupted>() {
        // If stderr is closed there is nowhere to report to.
        let _ = writeln!(std::io::stderr(), "{line}");
        return ExitCode::from(128 + interrupted.signal);
    }
    tracing::error!("{line}");
    // If stderr is closed there is nowhere to report to.
    let _ = writeln!(std::io::stderr(), "error: {line}");
    if report.downcast_ref::<Usage>().is_some() {
        ExitCode::from(2)
    } else {
        ExitCode::FAILURE
    }
}

/// The error and its causes, joined by `: `, without control characters.
pub fn one_line(report: &Report) -> String {
    let mut line = String::new();
    for cause in report.chain() {
        let text = cause.to_string();
        // Many errors already end with their cause.
        if line.ends_with(&text) {
            continue;
        }
        if !line.is_empty() {
            line.push_str(": ");
        }
        line.push_str(&text);
    }
    let words: Vec<&str> = line
        .lines()
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect();
    escape_controls(&words.join("; "))
}

fn is_broken_pipe(report: &Report) -> bool {
    report.chain().any(|cause| {
        let error = cause.downcast_ref::<std::io::Error>();
        error.is_some_and(|error| error.kind() == ErrorKind::BrokenPipe)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runs::resume_command;
    use color_eyre::eyre::{WrapErr, eyre};
    use std::path::Path;

    #[test]
    fn an_interrupted_run_says_how_it_goes_on() {
        let line = |folder: Option<&str>| {
            let command = folder.map(|folder| resume_command(Path::new(folder)));
            Interrupted { signal: 2, command }.to_string()
        };
        assert_eq!(
            line(Some("runs/my net")),
            "interrupted; to go on: fmnist-tui train --resume 'runs/my net'"
        );
        assert!(!line(Some("a\u{1b}b")).contains('\u{1b}'));
        assert_eq!(line(None), "interrupted; the run is not saved");
    }

    #[test]
    fn causes_are_joined_once_and_on_one_line() {
        let report = Err::<(), _>(eyre!("no such file")).wrap_err("a.gz: no such file");
        assert_eq!(one_line(&report.unwrap_err()), "a.gz: no such file");
        let report = Err::<(), _>(eyre!("two\n  lines\u{1b}")).wrap_err("a.gz");
        assert_eq!(one_line(&report.unwrap_err()), "a.gz: two; lines\\u{1b}");
    }
}
