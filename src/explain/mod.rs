//! What things mean, in plain English: texts of a few lines filled with today's numbers, and lessons.
//!
//! A topic is one file of `texts/topics`, a lesson one file of `texts/lessons`; both are plain text, and
//! nothing else lists them. What a topic can say of this network and this run are its [`Facts`].

mod blocks;
mod explained;
mod facts;
mod key;
pub mod lesson;
mod subject;
mod texts;
mod topic;
mod topics;

pub use blocks::{Entry, TextError, blocks};
pub use explained::{Explained, Paragraph, Part};
pub use facts::Facts;
pub use subject::Subject;
pub use topic::Topic;
pub use topics::{search, topic, topics};
