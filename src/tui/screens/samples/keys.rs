//! The screen's actions and their keys.

use crate::tui::action::Action;
use crate::tui::keys::{Binding, Context, Key};
use crossterm::event::KeyCode;

/// What can be done on this screen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum SamplesAction {
    /// The image above in the grid, else the one before.
    Up,
    /// The image below in the grid, else the next one.
    Down,
    /// The image before.
    Left,
    /// The next image.
    Right,
    /// A page back.
    PageUp,
    /// A page on.
    PageDown,
    /// The first image.
    First,
    /// The last image.
    Last,
    /// Thumbnails, or one large image.
    Grid,
    /// The image of the cursor, large.
    Enlarge,
    /// The next filter.
    NextFilter,
    /// The filter before.
    PreviousFilter,
    /// Images of the next class only.
    NextClass,
    /// Images of the class before only.
    PreviousClass,
    /// No filter.
    All,
    /// Mistakes only.
    Wrong,
    /// Mistakes, the most confident first.
    ConfidentMistakes,
    /// The least confident first.
    LeastConfident,
    /// Open or close kernels and feature maps.
    Maps,
    /// Open or close the augmented training images.
    Preview,
    /// The image in later epochs.
    LaterEpochs,
    /// The image in earlier epochs.
    EarlierEpochs,
    /// The next layer.
    NextLayer,
    /// The layer before.
    PreviousLayer,
    /// Maps further down.
    ScrollDown,
    /// Maps further up.
    ScrollUp,
}

const fn row(
    context: Context,
    keys: &'static [Key],
    action: SamplesAction,
    hint: &'static str,
    help: &'static str,
) -> Binding {
    Binding::new(context, keys, Action::Samples(action), hint, help)
}

use SamplesAction as Do;

/// The screen's keys.
pub const KEYS: &[Binding] = &[
    row(
        Context::Samples,
        &[Key::char('f')],
        Do::NextFilter,
        "filter",
        "the next filter",
    ),
    row(
        Context::Samples,
        &[Key::char('F')],
        Do::PreviousFilter,
        "",
        "the filter before",
    ),
    row(
        Context::Samples,
        &[Key::char('w')],
        Do::Wrong,
        "wrong",
        "only what was predicted wrongly",
    ),
    row(
        Context::Samples,
        &[Key::char('c')],
        Do::NextClass,
        "",
        "only one class: the image's, then the next",
    ),
    row(
        Context::Samples,
        &[Key::char('g')],
        Do::Grid,
        "grid",
        "a grid of thumbnails, or one large image",
    ),
    row(
        Context::Samples,
        &[Key::char('v')],
        Do::Maps,
        "inside",
        "kernels, and feature maps of the image",
    ),
    row(
        Context::Samples,
        &[Key::char('p')],
        Do::Preview,
        "vary",
        "training images as augmentation changes them",
    ),
    row(
        Context::Samples,
        &[Key::char('C')],
        Do::PreviousClass,
        "",
        "only one class: the one before",
    ),
    row(
        Context::Samples,
        &[Key::char('m')],
        Do::ConfidentMistakes,
        "",
        "mistakes, the most confident first",
    ),
    row(
        Context::Samples,
        &[Key::char('u')],
        Do::LeastConfident,
        "",
        "the least confident (unsure) first",
    ),
    row(
        Context::Samples,
        &[Key::char('a'), Key::plain(KeyCode::Backspace)],
        Do::All,
        "",
        "all images",
    ),
    row(
        Context::Samples,
        &[Key::plain(KeyCode::Enter)],
        Do::Enlarge,
        "",
        "show the image large",
    ),
    row(
        Context::Samples,
        &[Key::plain(KeyCode::Left), Key::char('h')],
        Do::Left,
        "",
        "the image before",
    ),
    row(
        Context::Samples,
        &[Key::plain(KeyCode::Right), Key::char('l')],
        Do::Right,
        "",
        "the next image",
    ),
    row(
        Context::Samples,
        &[Key::plain(KeyCode::Up), Key::char('k')],
        Do::Up,
        "",
        "the image above (in the grid) or before",
    ),
    row(
        Context::Samples,
        &[Key::plain(KeyCode::Down), Key::char('j')],
        Do::Down,
        "",
        "the image below (in the grid) or next",
    ),
    row(
        Context::Samples,
        &[Key::plain(KeyCode::PageUp)],
        Do::PageUp,
        "",
        "a page back, or ten images",
    ),
    row(
        Context::Samples,
        &[Key::plain(KeyCode::PageDown)],
        Do::PageDown,
        "",
        "a page on, or ten images",
    ),
    row(
        Context::Samples,
        &[Key::plain(KeyCode::Home)],
        Do::First,
        "",
        "the first image",
    ),
    row(
        Context::Samples,
        &[Key::plain(KeyCode::End)],
        Do::Last,
        "",
        "the last image",
    ),
    row(
        Context::SamplesMaps,
        &[Key::char('v'), Key::plain(KeyCode::Backspace)],
        Do::Maps,
        "back",
        "back to the images",
    ),
    row(
        Context::SamplesMaps,
        &[Key::plain(KeyCode::Right), Key::char('l')],
        Do::NextLayer,
        "next layer",
        "the maps of the next layer",
    ),
    row(
        Context::SamplesMaps,
        &[Key::plain(KeyCode::Left), Key::char('h')],
        Do::PreviousLayer,
        "",
        "the layer before; first of all the kernels",
    ),
    row(
        Context::SamplesMaps,
        &[Key::plain(KeyCode::Down), Key::char('j')],
        Do::ScrollDown,
        "more",
        "scroll down",
    ),
    row(
        Context::SamplesMaps,
        &[Key::plain(KeyCode::Up), Key::char('k')],
        Do::ScrollUp,
        "",
        "scroll up",
    ),
    row(
        Context::SamplesMaps,
        &[Key::char('n'), Key::plain(KeyCode::PageDown)],
        Do::Right,
        "next image",
        "the next image",
    ),
    row(
        Context::SamplesMaps,
        &[Key::char('p'), Key::plain(KeyCode::PageUp)],
        Do::Left,
        "",
        "the image before",
    ),
    row(
        Context::SamplesPreview,
        &[Key::char('p'), Key::plain(KeyCode::Backspace)],
        Do::Preview,
        "back",
        "back to the images",
    ),
    row(
        Context::SamplesPreview,
        &[Key::plain(KeyCode::Right), Key::char('l')],
        Do::Right,
        "next image",
        "the next training image",
    ),
    row(
        Context::SamplesPreview,
        &[Key::plain(KeyCode::Left), Key::char('h')],
        Do::Left,
        "",
        "the training image before",
    ),
    row(
        Context::SamplesPreview,
        &[Key::plain(KeyCode::Down), Key::char('j')],
        Do::LaterEpochs,
        "later epochs",
        "the image in later epochs",
    ),
    row(
        Context::SamplesPreview,
        &[Key::plain(KeyCode::Up), Key::char('k')],
        Do::EarlierEpochs,
        "",
        "the image in earlier epochs",
    ),
    row(
        Context::SamplesPreview,
        &[Key::plain(KeyCode::PageDown)],
        Do::PageDown,
        "",
        "ten training images on",
    ),
    row(
        Context::SamplesPreview,
        &[Key::plain(KeyCode::PageUp)],
        Do::PageUp,
        "",
        "ten training images back",
    ),
    row(
        Context::SamplesPreview,
        &[Key::plain(KeyCode::Home)],
        Do::First,
        "",
        "the first training image",
    ),
    row(
        Context::SamplesPreview,
        &[Key::plain(KeyCode::End)],
        Do::Last,
        "",
        "the last training image",
    ),
];
