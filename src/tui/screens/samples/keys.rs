//! The screen's actions and keys.

use super::map_of_set::SET;
use super::pad::PAD;
use crate::tui::keys::{
    BACKSPACE, Binding, Context, DOWN, END, ENTER, HOME, LEFT, PAGE_DOWN, PAGE_UP, RIGHT, UP, char,
    on,
};

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
    /// Images with the next kind of story.
    NextStory,
    /// Suspicious ones only, the worst first; audits the data, or stops that.
    Suspicious,
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
    /// Show what is inside the model's layers.
    Layers,
    /// Show where the model looks, over the image, by the next method; then the image alone.
    Look,
    /// Where it looks for the next class.
    NextWatched,
    /// Where it looks for the class before.
    PreviousWatched,
    /// Where it looks through the maps of the next layer.
    DeeperLook,
    /// Where it looks through the maps of the layer before.
    ShallowerLook,
    /// Choose the next map, or unit.
    NextMap,
    /// Choose the map before.
    PreviousMap,
    /// Work out a value of the chosen map, or go back to the maps.
    WorkOut,
    /// The value above.
    ValueUp,
    /// The value below.
    ValueDown,
    /// The value on the left.
    ValueLeft,
    /// The value on the right.
    ValueRight,
    /// Mute the chosen map, or no longer.
    Mute,
    /// Mute nothing.
    Unmute,
    /// Open the map of the set.
    MapOfSet,
    /// Open the drawing pad with the image.
    Edit,
    /// Open the drawing pad with a blank picture.
    Blank,
    /// Open the drawing pad with a picture from a file.
    Photo,
}

use SamplesAction as Do;

/// Where keys go while images are shown.
pub const IMAGES: Context = Context::with_global_keys("Samples");
/// Where keys go while kernels and feature maps are shown.
pub const MAPS: Context = Context::with_global_keys("Kernels and feature maps");
/// Where keys go while a value of a map is worked out.
pub const VALUE: Context = Context::with_global_keys("One value worked out");
/// Where keys go while augmented training images are shown.
pub const PREVIEW: Context = Context::with_global_keys("Augmented images");

/// The screen's keys.
#[rustfmt::skip]
pub const KEYS: &[Binding<Do>] = &[
    on(IMAGES, &[char('f')], Do::NextFilter, "filter", "the next filter"),
    on(IMAGES, &[char('F')], Do::PreviousFilter, "", "the filter before"),
    on(IMAGES, &[char('w')], Do::Wrong, "wrong", "only what was predicted wrongly"),
    on(IMAGES, &[char('c')], Do::NextClass, "", "only one class: the image's, then the next"),
    on(IMAGES, &[char('g')], Do::Grid, "grid", "a grid of thumbnails, or one large image"),
    on(IMAGES, &[char('v')], Do::Maps, "inside", "kernels, and feature maps of the image").opens(MAPS),
    on(IMAGES, &[char('o')], Do::Look, "where", "where the model looks: by covering parts, by Grad-CAM, off"),
    on(IMAGES, &[char(']')], Do::NextWatched, "", "where it looks for the next class"),
    on(IMAGES, &[char('[')], Do::PreviousWatched, "", "where it looks for the class before"),
    on(IMAGES, &[char('}')], Do::DeeperLook, "", "where it looks through the maps of the next layer (Grad-CAM)"),
    on(IMAGES, &[char('{')], Do::ShallowerLook, "", "where it looks through the maps of the layer before (Grad-CAM)"),
    on(IMAGES, &[char('I')], Do::Layers, "", "inside the model's layers: activations, dead units, gradients"),
    on(IMAGES, &[char('M')], Do::MapOfSet, "map", "the map of the set: which images the network finds alike").opens(SET),
    on(IMAGES, &[char('e')], Do::Edit, "edit", "the drawing pad: change the image, the probabilities follow").opens(PAD),
    on(IMAGES, &[char('E')], Do::Blank, "", "the drawing pad with a blank picture"),
    on(IMAGES, &[char('P')], Do::Photo, "", "a photo of yours, from a file, on the drawing pad"),
    on(IMAGES, &[char('V')], Do::Preview, "vary", "the image as augmentation varies it in training").opens(PREVIEW),
    on(IMAGES, &[char('C')], Do::PreviousClass, "", "only one class: the one before"),
    on(IMAGES, &[char('m')], Do::ConfidentMistakes, "", "mistakes, the most confident first"),
    on(IMAGES, &[char('u')], Do::LeastConfident, "", "the least confident (unsure) first"),
    on(IMAGES, &[char('S')], Do::NextStory, "", "learnt late; learnt, then forgotten; never right; always right"),
    on(IMAGES, &[char('A')], Do::Suspicious, "", "suspicious images: wrong labels, copies; audits the data"),
    on(IMAGES, &[char('a'), BACKSPACE], Do::All, "", "all images"),
    on(IMAGES, &[ENTER], Do::Enlarge, "", "show the image large"),
    on(IMAGES, &[LEFT, char('h')], Do::Left, "", "the image before"),
    on(IMAGES, &[RIGHT, char('l')], Do::Right, "", "the next image"),
    on(IMAGES, &[UP, char('k')], Do::Up, "", "the image above (in the grid) or before"),
    on(IMAGES, &[DOWN, char('j')], Do::Down, "", "the image below (in the grid) or next"),
    on(IMAGES, &[PAGE_UP], Do::PageUp, "", "a page back, or ten images"),
    on(IMAGES, &[PAGE_DOWN], Do::PageDown, "", "a page on, or ten images"),
    on(IMAGES, &[HOME], Do::First, "", "the first image"),
    on(IMAGES, &[END], Do::Last, "", "the last image"),
    on(MAPS, &[char('v'), BACKSPACE], Do::Maps, "back", "back to the images"),
    on(MAPS, &[RIGHT, char('l')], Do::NextLayer, "next layer", "the maps of the next layer"),
    on(MAPS, &[LEFT, char('h')], Do::PreviousLayer, "", "the layer before; first of all the kernels"),
    on(MAPS, &[char(']')], Do::NextMap, "next map", "choose the next map or unit"),
    on(MAPS, &[ENTER], Do::WorkOut, "work out", "work out a value of the chosen map").opens(VALUE),
    on(MAPS, &[char(' ')], Do::Mute, "mute", "mute the chosen map or unit: what is it good for?"),
    on(MAPS, &[char('[')], Do::PreviousMap, "", "choose the map or unit before"),
    on(MAPS, &[DOWN, char('j')], Do::ScrollDown, "more", "scroll down"),
    on(MAPS, &[UP, char('k')], Do::ScrollUp, "", "scroll up"),
    on(MAPS, &[char('u')], Do::Unmute, "", "mute nothing"),
    on(MAPS, &[char('n'), PAGE_DOWN], Do::Right, "next image", "the next image"),
    on(MAPS, &[char('N'), PAGE_UP], Do::Left, "", "the image before"),
    on(VALUE, &[ENTER, char('v'), BACKSPACE], Do::WorkOut, "back", "back to the maps"),
    on(VALUE, &[RIGHT, char('l')], Do::ValueRight, "", "the value on the right"),
    on(VALUE, &[LEFT, char('h')], Do::ValueLeft, "", "the value on the left"),
    on(VALUE, &[DOWN, char('j')], Do::ValueDown, "", "the value below; in a list the next unit"),
    on(VALUE, &[UP, char('k')], Do::ValueUp, "", "the value above; in a list the unit before"),
    on(VALUE, &[char(']')], Do::NextMap, "next map", "the same place of the next map"),
    on(VALUE, &[char('[')], Do::PreviousMap, "", "the same place of the map before"),
    on(VALUE, &[char(' ')], Do::Mute, "mute", "mute the map, or no longer"),
    on(VALUE, &[char('n'), PAGE_DOWN], Do::Right, "next image", "the next image"),
    on(VALUE, &[char('N'), PAGE_UP], Do::Left, "", "the image before"),
    on(PREVIEW, &[char('V'), BACKSPACE], Do::Preview, "back", "back to the images"),
    on(PREVIEW, &[RIGHT, char('l')], Do::Right, "next image", "the next image"),
    on(PREVIEW, &[LEFT, char('h')], Do::Left, "", "the image before"),
    on(PREVIEW, &[DOWN, char('j')], Do::LaterEpochs, "later epochs", "the image in later epochs"),
    on(PREVIEW, &[UP, char('k')], Do::EarlierEpochs, "", "the image in earlier epochs"),
    on(PREVIEW, &[PAGE_DOWN], Do::PageDown, "", "ten images on"),
    on(PREVIEW, &[PAGE_UP], Do::PageUp, "", "ten images back"),
    on(PREVIEW, &[HOME], Do::First, "", "the first image"),
    on(PREVIEW, &[END], Do::Last, "", "the last image"),
];
