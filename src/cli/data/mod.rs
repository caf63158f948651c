//! `fmnist-tui data …`: one file for each command.

mod audit;
mod command;
mod default_set;
mod fetch;
mod import;
mod info;
mod make_sample;
mod path;
mod verify;

pub use command::{Command, run};
pub use default_set::FASHION_MNIST;
