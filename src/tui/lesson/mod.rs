//! A lesson under way: a strip below the screens, which stay usable.

mod keys;
mod lecture;
mod player;
mod strip;

pub use keys::{CONTEXT, KEYS, LessonAction};
pub use lecture::Lecture;
pub use player::{Next, Player, Scene};
