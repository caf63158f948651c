//! What opens on top of the screens: the start screen, the list of actions, questions, a field for a path, the fetch,
//! the help, explanations, the list of lessons, the name of a run, where the time of a run goes.

mod commands;
mod confirm;
mod explanation;
mod faces;
mod fetch;
mod help;
mod home;
mod layer_detail;
mod layers;
mod lesson_list;
mod overlay;
mod path_field;
mod popup;
mod profile;
mod question;
mod run_label;

pub use commands::Commands;
pub use confirm::Confirm;
pub use explanation::{CONTEXT as EXPLANATION, Explanation};
pub use fetch::CONTEXT as FETCH;
pub use help::{CONTEXT as HELP, Help};
pub use home::{Home, last_run};
pub use layers::{CONTEXT as LAYERS, LayersView};
pub use lesson_list::{CONTEXT as LESSONS, LessonList};
pub use overlay::{Overlay, keys};
pub use path_field::{PathField, Purpose};
pub use popup::popup;
pub use profile::{CONTEXT as TIMES, ProfileTable};
pub use question::Question;
pub use run_label::RunLabel;
