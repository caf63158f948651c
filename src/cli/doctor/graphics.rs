//! Asks the terminal which protocols for pictures it knows.

use crossterm::terminal::{disable_raw_mode, enable_raw_mode};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use std::io::{IsTerminal, Write, stdin, stdout};
use std::time::{Duration, Instant};

/// Longer no terminal takes, not even over a slow line; one that does not answer is waited for so long.
const PATIENCE: Duration = Duration::from_millis(1000);
/// A longer answer is none.
const MOST_BYTES: usize = 4096;

/// Whether it knows kitty's pictures, and what it is: every terminal answers the second question.
const QUESTION: &[u8] = b"\x1b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\\x1b[c";

/// The protocols that the terminal says it knows; none where it cannot be asked or does not answer.
pub fn ask() -> Option<Vec<&'static str>> {
    if !stdin().is_terminal() || !stdout().is_terminal() {
        return None;
    }
    enable_raw_mode().ok()?;
    let asked = stdout()
        .write_all(QUESTION)
        .and_then(|()| stdout().flush())
        .ok();
    let answer = asked.and_then(|()| answer());
    // An error means that the terminal is gone.
    let _ = disable_raw_mode();
    answer.map(|answer| {
        let program = std::env::var("TERM_PROGRAM").unwrap_or_default();
        protocols(&answer, &program)
    })
}

/// What the terminal answers, up to the end of the answer that every terminal gives.
fn answer() -> Option<Vec<u8>> {
    let end = Instant::now() + PATIENCE;
    let keyboard = stdin();
    let mut answer = Vec::new();
    while answer.len() < MOST_BYTES {
        let left = end.checked_duration_since(Instant::now())?;
        let left = Timespec::try_from(left).ok()?;
        let mut watched = [PollFd::new(&keyboard, PollFlags::IN)];
        if poll(&mut watched, Some(&left)).ok()? == 0 {
            return None;
        }
        let mut bytes = [0; 256];
        let count = rustix::io::read(&keyboard, &mut bytes).ok()?;
        answer.extend(bytes.get(..count).filter(|bytes| !bytes.is_empty())?);
        if attributes(&answer).is_some() {
            return Some(answer);
        }
    }
    None
}

/// The numbers that say what the terminal can do.
fn attributes(answer: &[u8]) -> Option<Vec<u32>> {
    let text = std::str::from_utf8(answer).ok()?;
    let (_, rest) = text.rsplit_once("\u{1b}[?")?;
    let (numbers, _) = rest.split_once('c')?;
    numbers
        .split(';')
        .map(|number| number.parse().ok())
        .collect()
}

fn protocols(answer: &[u8], program: &str) -> Vec<&'static str> {
    const SIXEL: u32 = 4;
    let has_kitty = answer.windows(8).any(|part| part == b"_Gi=31;O");
    let has_sixel = attributes(answer).is_some_and(|numbers| numbers.contains(&SIXEL));
    let has_iterm = ["iTerm.app", "WezTerm", "vscode", "rio"].contains(&program);
    let all = [
        (has_kitty, "kitty"),
        (has_sixel, "sixel"),
        (has_iterm, "iTerm2"),
    ];
    let known = all.into_iter().filter(|(is_known, _)| *is_known);
    known.map(|(_, name)| name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_of_terminals_are_understood() {
        let kitty = b"\x1b_Gi=31;OK\x1b\\\x1b[?62;c";
        assert_eq!(attributes(kitty), None, "an empty number");
        let kitty = b"\x1b_Gi=31;OK\x1b\\\x1b[?62;52c";
        assert_eq!(protocols(kitty, "kitty"), ["kitty"]);
        assert_eq!(protocols(b"\x1b[?62;4;22c", ""), ["sixel"]);
        assert_eq!(protocols(b"\x1b[?1;2c", "iTerm.app"), ["iTerm2"]);
        assert!(attributes(b"\x1b[?62;4").is_none(), "not all is there yet");
    }
}
