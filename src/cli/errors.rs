//! From an error to one line and an exit code.

use crate::text::{escape_controls, is_ascii_only, plain, shown_path};
use color_eyre::eyre::Report;
use std::io::{ErrorKind, Write};
use std::path::PathBuf;
use std::process::ExitCode;

/// A wrong command line; the program exits with 2.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Usage(pub String);

/// Work that was stopped from outside before its end.
#[derive(Debug, thiserror::Error)]
#[error("{cause}; {left}")]
pub struct Interrupted {
    /// What stopped it.
    pub cause: Cause,
    /// What is there now.
    pub left: Left,
}

/// What stops work.
#[derive(Debug, thiserror::Error)]
pub enum Cause {
    /// A signal of this number; the program exits with 128 and the number.
    #[error("interrupted")]
    Signal(u8),
    /// Stdout is a pipe that was closed, as by `head`; the program exits as if SIGPIPE had ended it.
    #[error("nobody reads the output any more")]
    ClosedOutput,
    /// Stdout failed in another way.
    #[error("the output cannot be written: {0}")]
    Output(String),
}

impl Cause {
    /// That an event could not be shown.
    pub fn of_output(report: &Report) -> Self {
        match is_broken_pipe(report) {
            true => Self::ClosedOutput,
            false => Self::Output(one_line(report)),
        }
    }

    fn exit_code(&self) -> ExitCode {
        const SIGPIPE: u8 = 13;
        match self {
            Self::Signal(signal) => ExitCode::from(128 + signal),
            Self::ClosedOutput => ExitCode::from(128 + SIGPIPE),
            Self::Output(_) => ExitCode::FAILURE,
        }
    }
}

/// What work leaves that was stopped.
#[derive(Debug, thiserror::Error)]
pub enum Left {
    /// It can be resumed by this command, quoted for a shell.
    #[error("to go on: {0}")]
    GoesOn(String),
    /// Nothing is saved.
    #[error("the run is not saved")]
    Nothing,
    /// There is no result, and no file was written.
    #[error("nothing is written")]
    NoResult,
    /// It had come to its end; the results are in this folder.
    #[error("all is done: {}", shown_path(.0))]
    All(PathBuf),
}

/// Prints the error on stderr and returns the exit code.
pub fn report(report: &Report) -> ExitCode {
    if is_broken_pipe(report) {
        // The reader closed the pipe, as in `fmnist-tui presets | head -1`.
        return ExitCode::SUCCESS;
    }
    let line = plain(&one_line(report), is_ascii_only());
    if let Some(interrupted) = report.downcast_ref::<Interrupted>() {
        // If stderr is closed there is nowhere to report to.
        let _ = writeln!(std::io::stderr(), "{line}");
        return interrupted.cause.exit_code();
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
        // Many errors already say their cause, at the end or before what to do.
        if line.contains(&text) {
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
    use crate::runs::{StartedWith, resume_command};
    use color_eyre::eyre::{WrapErr, eyre};
    use std::path::Path;

    #[test]
    fn an_interrupted_run_says_how_it_goes_on() {
        let mut started = StartedWith::default();
        let line = |folder: &str, started: &StartedWith| {
            let left = Left::GoesOn(resume_command(Path::new(folder), started));
            let cause = Cause::Signal(2);
            Interrupted { cause, left }.to_string()
        };
        assert_eq!(
            line("runs/my net", &started),
            "interrupted; to go on: fmnist-tui train --resume 'runs/my net'"
        );
        assert!(!line("a\u{1b}b", &started).contains('\u{1b}'));
        started.data = Some("my data".into());
        started.tensorboard = Some("tb".into());
        started.threads = Some(3);
        started.json = true;
        assert!(
            line("r", &started)
                .ends_with("--resume r --data 'my data' --tensorboard tb --threads 3 --json")
        );
        let (cause, left) = (Cause::ClosedOutput, Left::Nothing);
        assert_eq!(
            Interrupted { cause, left }.to_string(),
            "nobody reads the output any more; the run is not saved"
        );
    }

    #[test]
    fn causes_are_joined_once_and_on_one_line() {
        let report = Err::<(), _>(eyre!("no such file")).wrap_err("a.gz: no such file");
        assert_eq!(one_line(&report.unwrap_err()), "a.gz: no such file");
        let report = Err::<(), _>(eyre!("denied")).wrap_err("a: denied; choose another folder");
        assert_eq!(
            one_line(&report.unwrap_err()),
            "a: denied; choose another folder"
        );
        let report = Err::<(), _>(eyre!("two\n  lines\u{1b}")).wrap_err("a.gz");
        assert_eq!(one_line(&report.unwrap_err()), "a.gz: two; lines\\u{1b}");
    }
}
