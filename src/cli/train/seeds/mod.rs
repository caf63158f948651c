//! `fmnist-tui train --seeds K`: a sweep over nothing but the seed, shown as the runs it is made of.

mod boards;
mod run;
mod table;
mod text;

pub use run::run;
