//! Design, train and understand small convolutional networks on Fashion-MNIST, in the terminal.
//!
//! A run is a [`spec`]; a spec becomes a model; a model trained becomes events; events become the
//! screen and the run folder. The map with the way of an image, a key and a metric through the rooms
//! is `docs/architecture.md`; `tests/architecture` holds the list below to the code.
//!
//! - [`text`]: words and numbers for people. Knows none.
//! - [`fs`]: files written whole or not at all, and read up to a size. Knows none.
//! - [`random`]: streams of random numbers that depend on what they are for. Knows none.
//! - [`parallel`]: what threads do together: staying awake between loops, and how busy they are. Knows none.
//! - [`simd`]: matrix products, Winograd transforms and elementwise functions on vector registers.
//!   Knows `parallel`.
//! - [`augment`]: random changes to training images, one file each. Knows `random`, `simd`, `text`.
//! - [`optim`]: optimisers as arithmetic on slices, one file each. Knows `parallel`, `simd`, `text`.
//! - [`spec`]: what to train, as plain data, checked once. Knows `augment`, `fs`, `optim`, `text`.
//! - [`data`]: image sets: finding, fetching, reading, batching. Knows `augment`, `fs`, `random`,
//!   `spec`, `text`.
//! - [`nn`]: layers and networks on dfdx's tensors and tape. Knows `data`, `fs`, `optim`, `parallel`,
//!   `random`, `simd`, `spec`, `text`.
//! - [`train`]: the epoch loop, its commands and events, evaluation, and the checks before it. Knows
//!   `data`, `nn`, `parallel`, `simd`, `spec`, `text`.
//! - [`stats`]: how exact accuracies are, of one run and over several seeds. Knows nothing else.
//! - [`runs`]: run folders: saving a run, going on with it, reading it afterwards. Knows `data`, `fs`,
//!   `nn`, `spec`, `stats`, `text`, `train`.
//! - [`explain`]: what things mean, in texts filled with today's numbers, and lessons. Knows `data`, `fs`,
//!   `insight`, `spec`, `stats`, `text`, `train`.
//! - [`sweep`]: many runs over a grid of values. Knows `data`, `fs`, `runs`, `spec`, `stats`, `text`,
//!   `train`.
//! - [`insight`]: what models do and how they differ, as plain data. Knows `data`, `nn`, `random`, `runs`,
//!   `simd`, `spec`, `stats`, `sweep`, `text`, `train`.
//! - [`plot`]: pictures of runs and of what they got wrong. Knows `data`, `runs`, `stats`, `text`, `train`.
//! - [`export`]: runs for spreadsheets and for TensorBoard, models for other programs. Knows `data`, `fs`,
//!   `nn`, `runs`, `spec`, `text`, `train`.
//! - [`tui`]: the full-screen app. Knows `augment`, `data`, `explain`, `export`, `fs`, `insight`, `nn`, `plot`,
//!   `runs`, `spec`, `stats`, `sweep`, `text`, `train`.
//! - [`config`]: the user's config file: colours, threads, folders, keys. Knows `fs`, `text`, `tui`.
//! - [`cli`]: the command line. Knows `augment`, `config`, `data`, `explain`, `export`, `fs`, `insight`, `nn`, `plot`, `runs`,
//!   `simd`, `spec`, `stats`, `sweep`, `text`, `train`, `tui`.

pub mod augment;
pub mod cli;
pub mod config;
pub mod data;
pub mod explain;
pub mod export;
pub mod fs;
pub mod insight;
pub mod nn;
pub mod optim;
pub mod parallel;
pub mod plot;
pub mod random;
pub mod runs;
pub mod simd;
pub mod spec;
pub mod stats;
pub mod sweep;
pub mod text;
pub mod train;
pub mod tui;
