//! The view of suspicious images: what the audit found, and each image beside the one it is compared with.

mod draw;
mod geometry;
mod head;
mod view;

pub use draw::draw;
pub use view::AuditView;
