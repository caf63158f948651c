//! What is open beside the list of layers or in its place.

use super::form::Form;
use super::keys::{DesignAction, FORM, LADDER, PALETTE, PICKER, RATES, SWEEP, TEXT};
use super::palette::Palette;
use super::picker::Picker;
use super::text::TextEditor;
use crate::tui::keys::Context;
use crossterm::event::KeyEvent;

/// Letters that a field of one line takes of a pasted text.
const MOST_LETTERS: usize = 200;

/// What can be open.
#[derive(Debug)]
pub enum Editor {
    /// The list of layers to add.
    Palette(Palette),
    /// The fields of a layer, or of the training section.
    Form(Form),
    /// Presets and spec files to open.
    Picker(Picker),
    /// The spec as JSON.
    Text(Box<TextEditor>),
    /// What each part of the network brings.
    Ladder,
    /// What settings are best.
    Sweep,
    /// Which learning rate is best.
    RateFinder,
}

impl Editor {
    /// Where keys go.
    pub fn context(&self) -> Context {
        match self {
            Self::Palette(_) => PALETTE,
            Self::Form(_) => FORM,
            Self::Picker(_) => PICKER,
            Self::Text(_) => TEXT,
            Self::Ladder => LADDER,
            Self::Sweep => SWEEP,
            Self::RateFinder => RATES,
        }
    }

    /// Carries out an action that changes nothing but the editor.
    pub fn update(&mut self, action: DesignAction) {
        let down = action == DesignAction::Down;
        match (self, action) {
            (Self::Palette(palette), DesignAction::Up | DesignAction::Down) => {
                palette.filter.step(down);
            }
            (Self::Picker(picker), DesignAction::Up | DesignAction::Down) => {
                picker.filter.step(down);
            }
            (Self::Form(form), DesignAction::Up | DesignAction::Down) => form.step_field(down),
            (Self::Form(form), DesignAction::Increase) => form.arrow(true),
            (Self::Form(form), DesignAction::Decrease) => form.arrow(false),
            (Self::Form(form), DesignAction::Plus) => form.sign(true),
            (Self::Form(form), DesignAction::Minus) => form.sign(false),
            (Self::Text(text), DesignAction::Undo) => text.undo(false),
            (Self::Text(text), DesignAction::Redo) => text.undo(true),
            _ => {}
        }
    }

    /// Takes a key of the text, where text is typed.
    pub fn type_key(&mut self, key: KeyEvent) {
        match self {
            Self::Palette(palette) => palette.type_key(key),
            Self::Picker(picker) => picker.type_key(key),
            Self::Form(form) => form.type_key(key),
            Self::Text(text) => text.type_key(key),
            // Their text is their own.
            Self::Ladder | Self::Sweep | Self::RateFinder => {}
        }
    }

    /// Takes pasted text: one change, however long it is.
    pub fn paste(&mut self, text: &str) {
        // No name is longer.
        let name: String = text.chars().take(MOST_LETTERS).collect();
        match self {
            Self::Text(editor) => editor.paste(text),
            Self::Palette(palette) => palette.paste(&name),
            Self::Picker(picker) => picker.paste(&name),
            Self::Form(form) => form.paste(&name),
            // Their text is their own.
            Self::Ladder | Self::Sweep | Self::RateFinder => {}
        }
    }
}
