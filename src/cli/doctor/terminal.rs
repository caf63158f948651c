//! The terminal, as the environment describes it, and what it answers where it is asked.

#[cfg(unix)]
use super::graphics;
use super::report::Section;
use crate::tui::depth;
use crate::tui::theme::Depth;
use serde_json::Value;
use std::io::{IsTerminal, stderr, stdin, stdout};

/// Size, colours, characters and, where it is asked, pictures.
pub fn terminal(asks_for_graphics: bool) -> Section {
    let mut section = Section::new("Terminal");
    let streams = [
        ("stdin", stdin().is_terminal()),
        ("stdout", stdout().is_terminal()),
        ("stderr", stderr().is_terminal()),
    ];
    let terminals = streams.iter().filter(|(_, is)| *is);
    let terminals: Vec<&str> = terminals.map(|(name, _)| *name).collect();
    section.add("is a terminal", terminals);
    let size = crossterm::terminal::size().ok();
    let size = size.map(|(width, height)| format!("{width}×{height}"));
    section.add("size", size);
    for variable in [
        "TERM",
        "COLORTERM",
        "TERM_PROGRAM",
        "TERM_PROGRAM_VERSION",
        "NO_COLOR",
    ] {
        section.add(
            variable,
            set(variable).map_or("not set".into(), Value::from),
        );
    }
    section.add(
        "colours",
        match depth() {
            Depth::True => "24-bit",
            Depth::Indexed => "256",
            Depth::Basic => "16",
            Depth::None => "none",
        },
    );
    section.add("characters", characters());
    section.add("inside", multiplexer());
    section.add(
        "over the network",
        set("SSH_CONNECTION").is_some() || set("SSH_TTY").is_some(),
    );
    let graphics = match asks_for_graphics {
        true => protocols().map_or(Value::Null, Value::from),
        false => "not asked, --graphics does".into(),
    };
    section.add("graphics", graphics);
    section
}

/// The protocols for pictures that the terminal says it knows.
#[cfg(unix)]
fn protocols() -> Option<Vec<&'static str>> {
    graphics::ask()
}

/// There is no way to ask.
#[cfg(not(unix))]
fn protocols() -> Option<Vec<&'static str>> {
    None
}

fn set(variable: &str) -> Option<String> {
    std::env::var(variable)
        .ok()
        .filter(|value| !value.is_empty())
}

/// What the first of the variables that say it says of the characters.
fn characters() -> Value {
    let variables = ["LC_ALL", "LC_CTYPE", "LANG"];
    let found = variables
        .into_iter()
        .find_map(|name| Some((name, set(name)?)));
    match found {
        Some((name, locale)) => {
            let is_utf8 = locale.to_lowercase().replace('-', "").contains("utf8");
            let kind = if is_utf8 { "UTF-8" } else { "not UTF-8" };
            format!("{kind} ({name}={locale})").into()
        }
        None => Value::Null,
    }
}

/// What stands between the program and the terminal.
fn multiplexer() -> Vec<&'static str> {
    let known = [("TMUX", "tmux"), ("STY", "screen"), ("ZELLIJ", "zellij")];
    let found = known.into_iter().filter(|(name, _)| set(name).is_some());
    found.map(|(_, name)| name).collect()
}
