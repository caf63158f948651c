//! The screen's actions and keys.

use crate::tui::keys::{
    BACK_TAB, BACKSPACE, Binding, Context, DOWN, END, ENTER, ESC, HOME, LEFT, PAGE_DOWN, PAGE_UP,
    RIGHT, TAB, UP, char, ctrl, on,
};

/// What can be done on this screen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum DataAction {
    /// The class above.
    Up,
    /// The class below.
    Down,
    /// The first class.
    First,
    /// The last class.
    Last,
    /// The examples before those that are shown.
    PreviousPage,
    /// The examples after those that are shown.
    NextPage,
    /// Validation images instead of training images, or back.
    SwitchSplit,
    /// Show suspicious images; audits the data, if that was not begun.
    Suspicious,
    /// Suspicious images of the next kind.
    NextReason,
    /// Begin the audit, or stop it.
    Audit,
    /// Write the list of suspicious training images.
    WriteList,
    /// Back to the classes; leaves an import.
    Back,
    /// Import pictures.
    Import,
    /// Look at what would be imported, or import it.
    Accept,
    /// Complete a path, or go to the next line.
    Complete,
}

use DataAction as Do;

/// Where keys go while this screen has them.
pub const CONTEXT: Context = Context::with_global_keys("Data");

/// Where keys go while suspicious images are shown.
pub const AUDIT: Context = Context::with_global_keys("Suspicious images");

/// Where keys go while an import is set up.
pub const IMPORT: Context = Context::without_global_keys("Importing pictures");
/// Where keys go while what would be imported is looked at.
pub const PREVIEW: Context = Context::without_global_keys("Preview of an import");

/// The screen's keys.
#[rustfmt::skip]
pub const KEYS: &[Binding<Do>] = &[
    on(CONTEXT, &[DOWN, char('j')], Do::Down, "next class", "the class below"),
    on(CONTEXT, &[RIGHT, PAGE_DOWN, char('l')], Do::NextPage, "more images", "more images of the class"),
    on(CONTEXT, &[char('v')], Do::SwitchSplit, "train/val.", "training images, or validation images"),
    on(CONTEXT, &[char('A')], Do::Suspicious, "suspicious", "suspicious images: wrong labels, copies; audits the data").opens(AUDIT),
    on(CONTEXT, &[char('O')], Do::Import, "import", "import pictures of your own: folders, CSV, NumPy, archives").opens(IMPORT),
    on(CONTEXT, &[UP, char('k')], Do::Up, "", "the class above"),
    on(CONTEXT, &[LEFT, PAGE_UP, char('h')], Do::PreviousPage, "", "the images of the class before these"),
    on(CONTEXT, &[HOME, char('g')], Do::First, "", "the first class"),
    on(CONTEXT, &[END, char('G')], Do::Last, "", "the last class"),
    on(IMPORT, &[ENTER], Do::Accept, "look", "look at the images before anything is written").opens(PREVIEW),
    on(IMPORT, &[TAB], Do::Complete, "complete", "complete the path, or the next line"),
    on(IMPORT, &[RIGHT], Do::NextPage, "more", "the next value; in a path the next letter"),
    on(IMPORT, &[LEFT], Do::PreviousPage, "less", "the value before; in a path the letter before"),
    on(IMPORT, &[DOWN], Do::Down, "", "the line below"),
    on(IMPORT, &[UP, BACK_TAB], Do::Up, "", "the line above"),
    on(IMPORT, &[ESC, ctrl('c')], Do::Back, "stop/close", "stop what is under way, or close; nothing is left of it"),
    on(PREVIEW, &[ENTER], Do::Accept, "import", "write the data set, and use it"),
    on(PREVIEW, &[DOWN, char('j')], Do::Down, "next class", "the class below"),
    on(PREVIEW, &[RIGHT, PAGE_DOWN, char('l')], Do::NextPage, "more images", "more images of the class"),
    on(PREVIEW, &[char('v')], Do::SwitchSplit, "train/val.", "training images, or validation images"),
    on(PREVIEW, &[UP, char('k')], Do::Up, "", "the class above"),
    on(PREVIEW, &[LEFT, PAGE_UP, char('h')], Do::PreviousPage, "", "the images before these"),
    on(PREVIEW, &[HOME, char('g')], Do::First, "", "the first class"),
    on(PREVIEW, &[END, char('G')], Do::Last, "", "the last class"),
    on(PREVIEW, &[ESC, ctrl('c')], Do::Back, "back", "back to the options; nothing is written"),
    on(AUDIT, &[BACKSPACE], Do::Back, "back", "back to the classes"),
    on(AUDIT, &[DOWN, char('j')], Do::Down, "next", "the next image"),
    on(AUDIT, &[char('f')], Do::NextReason, "kind", "all, labels, copies, or unusual images"),
    on(AUDIT, &[char('v')], Do::SwitchSplit, "train/val.", "training images, or validation images"),
    on(AUDIT, &[char('A')], Do::Audit, "stop/go", "stop the audit, or begin it anew"),
    on(AUDIT, &[char('w')], Do::WriteList, "write list", "write the training images to suspicious.txt, to be left out"),
    on(AUDIT, &[UP, char('k')], Do::Up, "", "the image before"),
    on(AUDIT, &[PAGE_DOWN], Do::NextPage, "", "a page on"),
    on(AUDIT, &[PAGE_UP], Do::PreviousPage, "", "a page back"),
    on(AUDIT, &[HOME, char('g')], Do::First, "", "the first image"),
    on(AUDIT, &[END, char('G')], Do::Last, "", "the last image"),
];
