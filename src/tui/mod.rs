//! The full-screen app: design a network, train it, watch it learn, look at its mistakes.
//!
//! [`app::App`] is state plus `update`: no I/O. The keys of a screen and what they do are in its folder
//! below [`screens`]; [`keys`] puts the tables together. An action changes the state and may return
//! [`effect::Effect`]s; the [`services`] carry them out on other threads and answer with
//! [`message::Message`]s.

pub mod action;
pub mod app;
pub mod audit_state;
pub mod effect;
mod event_loop;
mod facts;
pub mod fetch_state;
pub mod kept_design;
pub mod keys;
pub mod lesson;
pub mod message;
mod output;
pub mod overlays;
pub mod request;
pub mod run_state;
pub mod screens;
pub mod seeds;
pub mod services;
pub mod shared;
mod terminal;
pub mod theme;
pub mod ticket;
pub mod time;
pub(crate) mod widgets;

pub use event_loop::{LoopOptions, run_loop};
pub use terminal::{Options, TuiError, depth, run};
