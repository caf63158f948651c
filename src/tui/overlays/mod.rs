//! What opens on top of the screens: questions, a field for a path, the fetch, the help, explanations,
//! the list of lessons, where the time of a run goes.

mod confirm;
mod explanation;
mod fetch;
mod help;
mod layer_detail;
mod layers;
mod lesson_list;
mod overlay;
mod path_field;
mod popup;
mod profile;
mod question;

pub use confirm::Confirm;
pub use explanation::Explanation;
pub use help::Help;
pub use layers::LayersView;
pub use lesson_list::LessonList;
pub use overlay::{Overlay, keys};
pub use path_field::{PathField, Purpose, common_beginning};
pub use popup::popup;
pub use profile::ProfileTable;
pub use question::Question;
