//! Lessons: a text file of steps each. What the reader accepts is described in `docs/lessons.md`.

mod claim;
mod expression;
mod figures;
mod press;
mod read;
mod shipped;
mod step;

pub use claim::{Checked, Claim};
pub use figures::{FIGURES, Figures};
pub use press::Press;
pub use read::{LessonError, Places};
pub use shipped::lessons;
pub use step::{Lesson, Question, Step, Wait};
