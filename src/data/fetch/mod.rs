//! Fetches a published data set over the network: an interrupted fetch is resumed, a mirror that fails
//! is replaced by the next, and files are checked before they get their names.

mod address;
mod all;
mod attempt;
mod client;
mod error;
mod event;
mod options;
mod part;
mod present;
mod retry;
mod setback;

pub use address::{BadAddress, base_address};
pub use all::fetch;
pub use error::FetchError;
pub use event::FetchEvent;
pub use options::{FetchOptions, Patience, TimeOuts};
