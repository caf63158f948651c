//! The pad's actions and keys.

use crate::tui::keys::{BACKSPACE, Binding, Context, DOWN, LEFT, RIGHT, UP, char, on, shift};

/// What can be done on the pad.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum PadAction {
    /// The cursor, or the picture, to the left.
    Left,
    /// To the right.
    Right,
    /// Up.
    Up,
    /// Down.
    Down,
    /// The picture to the left.
    ShiftLeft,
    /// The picture to the right.
    ShiftRight,
    /// The picture up.
    ShiftUp,
    /// The picture down.
    ShiftDown,
    /// Draw where the cursor is.
    Draw,
    /// Erase where the cursor is.
    Erase,
    /// Let the arrows draw, then erase, then only move.
    Pen,
    /// Let the arrows move the picture, or the cursor.
    Grab,
    /// A larger brush.
    Larger,
    /// A smaller brush.
    Smaller,
    /// Draw brighter.
    Brighter,
    /// Draw darker.
    Darker,
    /// Draw in the next colour.
    NextColour,
    /// Draw in the colour under the cursor.
    PickColour,
    /// Turn it counterclockwise.
    TurnLeft,
    /// Turn it clockwise.
    TurnRight,
    /// Dark for light.
    Negative,
    /// Take the last change back.
    Undo,
    /// The image as it was.
    Original,
    /// Nothing but black.
    Blank,
    /// Another picture, from a file.
    Photo,
    /// Write it into a file.
    Write,
    /// Back to the images.
    Close,
}

use PadAction as Do;

/// Where keys go while the pad is shown.
pub const PAD: Context = Context::with_global_keys("Drawing pad");

/// The pad's keys.
#[rustfmt::skip]
pub const KEYS: &[Binding<Do>] = &[
    on(PAD, &[char('e')], Do::Close, "back", "back to the images"),
    on(PAD, &[char(' '), char('d')], Do::Draw, "draw", "draw where the cursor is (mouse: left button)"),
    on(PAD, &[char('x'), BACKSPACE], Do::Erase, "erase", "erase where the cursor is (mouse: right button)"),
    on(PAD, &[char('p')], Do::Pen, "pen", "pen: the arrows draw, then erase, then only move"),
    on(PAD, &[char('r')], Do::TurnRight, "turn", "turn the picture clockwise"),
    on(PAD, &[char('u')], Do::Undo, "undo", "take the last change back"),
    on(PAD, &[char('w')], Do::Write, "write", "write it into a PNG file, which predict reads"),
    on(PAD, &[char('R')], Do::TurnLeft, "", "turn the picture counterclockwise"),
    on(PAD, &[char('n')], Do::Negative, "", "the negative: dark for light"),
    on(PAD, &[char('o')], Do::Original, "", "the original image"),
    on(PAD, &[char('b'), char('E')], Do::Blank, "", "a blank picture"),
    on(PAD, &[char('P')], Do::Photo, "", "a photo of yours, from a file"),
    on(PAD, &[char('g')], Do::Grab, "", "grab: the arrows move the picture, or the cursor"),
    on(PAD, &[char('+'), char('=')], Do::Larger, "", "a larger brush"),
    on(PAD, &[char('-')], Do::Smaller, "", "a smaller brush"),
    on(PAD, &[char('.')], Do::Brighter, "", "draw in a brighter grey"),
    on(PAD, &[char(',')], Do::Darker, "", "draw in a darker grey"),
    on(PAD, &[char('c')], Do::NextColour, "", "on colour pictures: draw in the next colour"),
    on(PAD, &[char('v')], Do::PickColour, "", "on colour pictures: draw in the colour under the cursor"),
    on(PAD, &[LEFT, char('h')], Do::Left, "", "the cursor to the left"),
    on(PAD, &[RIGHT, char('l')], Do::Right, "", "the cursor to the right"),
    on(PAD, &[UP, char('k')], Do::Up, "", "the cursor up"),
    on(PAD, &[DOWN, char('j')], Do::Down, "", "the cursor down"),
    on(PAD, &[shift(LEFT)], Do::ShiftLeft, "", "the picture to the left"),
    on(PAD, &[shift(RIGHT)], Do::ShiftRight, "", "the picture to the right"),
    on(PAD, &[shift(UP)], Do::ShiftUp, "", "the picture up"),
    on(PAD, &[shift(DOWN)], Do::ShiftDown, "", "the picture down"),
];
