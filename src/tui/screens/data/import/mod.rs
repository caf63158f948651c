//! Importing pictures: where from and how, a look at what the network will see, and then the data set.

mod draw;
mod form;
mod view;

pub use view::ImportView;
