//! Input that is damaged, hostile or absurd. Every reader answers with an error or a good value, takes
//! no more memory than the input may ask for, and no name from a file drives the terminal.

#![allow(
    clippy::unwrap_used,
    reason = "a test may panic; the configured exception covers only functions marked as tests"
)]

mod allocation;
mod bounds;
mod checkpoint;
mod damage;
mod exclusions;
mod history;
mod idx;
mod layers;
mod lesson;
mod metrics;
mod model;
mod names;
mod picture;
mod places;
#[path = "../program/mod.rs"]
mod program;
#[cfg(unix)]
#[path = "../pty/mod.rs"]
mod pty;
#[cfg(unix)]
mod screen;
mod spec;

use program::{program, run};
