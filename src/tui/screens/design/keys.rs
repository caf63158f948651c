//! The screen's actions and keys.

use crate::tui::action::Action;
use crate::tui::keys::{Binding, Context, Key};
use crossterm::event::KeyCode;

/// What can be done on this screen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum DesignAction {
    /// The entry above.
    Up,
    /// The entry below.
    Down,
    /// Several entries up.
    PageUp,
    /// Several entries down.
    PageDown,
    /// The first entry.
    First,
    /// The last entry.
    Last,
    /// Choose a layer to add below the cursor.
    Add,
    /// Delete the layer.
    Delete,
    /// Copy the layer.
    Copy,
    /// Insert the layer that was copied or deleted last.
    Paste,
    /// Move the layer up.
    MoveUp,
    /// Move the layer down.
    MoveDown,
    /// Switch the layer off or on.
    Toggle,
    /// Edit the fields of the layer, or of the training section.
    Edit,
    /// Edit optimiser, schedule and the rest.
    EditTraining,
    /// Take the last change back.
    Undo,
    /// Take the last undo back.
    Redo,
    /// Choose a preset or a spec file.
    Open,
    /// Write the spec to a file.
    Write,
    /// Edit the spec as JSON.
    EditText,
    /// Take what is chosen or typed.
    Accept,
    /// Leave what is open.
    Cancel,
    /// The field's next value.
    Increase,
    /// The field's value before.
    Decrease,
    /// `+` in a form: a step up, or the character where text is typed.
    Plus,
    /// `-` in a form: a step down, or the character where text is typed.
    Minus,
    /// Empty the line that is typed.
    Clear,
}

const fn row(
    context: Context,
    keys: &'static [Key],
    action: DesignAction,
    hint: &'static str,
    help: &'static str,
) -> Binding {
    Binding::new(context, keys, Action::Design(action), hint, help)
}

/// The screen's keys.
pub const KEYS: &[Binding] = &[
    row(
        Context::Design,
        &[Key::char('a')],
        DesignAction::Add,
        "add",
        "add a layer below the cursor",
    ),
    row(
        Context::Design,
        &[Key::plain(KeyCode::Enter)],
        DesignAction::Edit,
        "edit",
        "edit the fields of the layer, or of the training section",
    ),
    row(
        Context::Design,
        &[Key::char(' ')],
        DesignAction::Toggle,
        "on/off",
        "switch the layer off or on",
    ),
    row(
        Context::Design,
        &[Key::char('o')],
        DesignAction::Open,
        "open",
        "open a preset or a spec file",
    ),
    row(
        Context::Design,
        &[Key::char('u')],
        DesignAction::Undo,
        "undo",
        "take the last change back",
    ),
    row(
        Context::Design,
        &[Key::ctrl('r')],
        DesignAction::Redo,
        "",
        "take the last undo back",
    ),
    row(
        Context::Design,
        &[Key::char('d'), Key::plain(KeyCode::Delete)],
        DesignAction::Delete,
        "",
        "delete the layer; p puts it back",
    ),
    row(
        Context::Design,
        &[Key::char('y')],
        DesignAction::Copy,
        "",
        "copy the layer",
    ),
    row(
        Context::Design,
        &[Key::char('p')],
        DesignAction::Paste,
        "",
        "paste the layer below the cursor",
    ),
    row(
        Context::Design,
        &[Key::char('K'), Key::alt(KeyCode::Up)],
        DesignAction::MoveUp,
        "",
        "move the layer up",
    ),
    row(
        Context::Design,
        &[Key::char('J'), Key::alt(KeyCode::Down)],
        DesignAction::MoveDown,
        "",
        "move the layer down",
    ),
    row(
        Context::Design,
        &[Key::char('h')],
        DesignAction::EditTraining,
        "",
        "edit the hyperparameters: optimiser, schedule, batch size ...",
    ),
    row(
        Context::Design,
        &[Key::char('e')],
        DesignAction::EditText,
        "",
        "edit the spec as JSON",
    ),
    row(
        Context::Design,
        &[Key::char('w')],
        DesignAction::Write,
        "",
        "write the spec to a file",
    ),
    row(
        Context::Design,
        &[Key::plain(KeyCode::Up), Key::char('k')],
        DesignAction::Up,
        "",
        "up",
    ),
    row(
        Context::Design,
        &[Key::plain(KeyCode::Down), Key::char('j')],
        DesignAction::Down,
        "",
        "down",
    ),
    row(
        Context::Design,
        &[Key::plain(KeyCode::PageUp)],
        DesignAction::PageUp,
        "",
        "ten rows up",
    ),
    row(
        Context::Design,
        &[Key::plain(KeyCode::PageDown)],
        DesignAction::PageDown,
        "",
        "ten rows down",
    ),
    row(
        Context::Design,
        &[Key::char('g'), Key::plain(KeyCode::Home)],
        DesignAction::First,
        "",
        "the first layer",
    ),
    row(
        Context::Design,
        &[Key::char('G'), Key::plain(KeyCode::End)],
        DesignAction::Last,
        "",
        "the training section",
    ),
    row(
        Context::DesignPalette,
        &[Key::plain(KeyCode::Enter)],
        DesignAction::Accept,
        "add",
        "add the layer",
    ),
    row(
        Context::DesignPalette,
        &[Key::plain(KeyCode::Up), Key::ctrl('p')],
        DesignAction::Up,
        "",
        "the layer above",
    ),
    row(
        Context::DesignPalette,
        &[Key::plain(KeyCode::Down), Key::ctrl('n')],
        DesignAction::Down,
        "",
        "the layer below",
    ),
    row(
        Context::DesignPalette,
        &[Key::ctrl('u')],
        DesignAction::Clear,
        "",
        "empty the filter",
    ),
    row(
        Context::DesignPalette,
        &[Key::plain(KeyCode::Esc)],
        DesignAction::Cancel,
        "cancel",
        "add nothing",
    ),
    row(
        Context::DesignForm,
        &[Key::plain(KeyCode::Enter)],
        DesignAction::Accept,
        "apply",
        "apply all fields",
    ),
    row(
        Context::DesignForm,
        &[Key::plain(KeyCode::Tab), Key::plain(KeyCode::Down)],
        DesignAction::Down,
        "next",
        "the next field",
    ),
    row(
        Context::DesignForm,
        &[Key::plain(KeyCode::BackTab), Key::plain(KeyCode::Up)],
        DesignAction::Up,
        "",
        "the field before",
    ),
    row(
        Context::DesignForm,
        &[Key::plain(KeyCode::Right)],
        DesignAction::Increase,
        "more",
        "a step up, or the next choice",
    ),
    row(
        Context::DesignForm,
        &[Key::plain(KeyCode::Left)],
        DesignAction::Decrease,
        "less",
        "a step down, or the choice before",
    ),
    row(
        Context::DesignForm,
        &[Key::char('+')],
        DesignAction::Plus,
        "",
        "a step up",
    ),
    row(
        Context::DesignForm,
        &[Key::char('-')],
        DesignAction::Minus,
        "",
        "a step down",
    ),
    row(
        Context::DesignForm,
        &[Key::ctrl('u')],
        DesignAction::Clear,
        "",
        "empty the field",
    ),
    row(
        Context::DesignForm,
        &[Key::plain(KeyCode::Esc)],
        DesignAction::Cancel,
        "cancel",
        "leave without a change",
    ),
    row(
        Context::DesignPicker,
        &[Key::plain(KeyCode::Enter)],
        DesignAction::Accept,
        "open",
        "open it",
    ),
    row(
        Context::DesignPicker,
        &[Key::plain(KeyCode::Up), Key::ctrl('p')],
        DesignAction::Up,
        "",
        "the entry above",
    ),
    row(
        Context::DesignPicker,
        &[Key::plain(KeyCode::Down), Key::ctrl('n')],
        DesignAction::Down,
        "",
        "the entry below",
    ),
    row(
        Context::DesignPicker,
        &[Key::ctrl('u')],
        DesignAction::Clear,
        "",
        "empty the filter",
    ),
    row(
        Context::DesignPicker,
        &[Key::plain(KeyCode::Esc)],
        DesignAction::Cancel,
        "cancel",
        "open nothing",
    ),
    row(
        Context::DesignText,
        &[Key::ctrl('s')],
        DesignAction::Accept,
        "apply",
        "apply the text, if nothing is wrong with it",
    ),
    row(
        Context::DesignText,
        &[Key::ctrl('u')],
        DesignAction::Undo,
        "undo",
        "take the last change of the text back",
    ),
    row(
        Context::DesignText,
        &[Key::ctrl('r')],
        DesignAction::Redo,
        "redo",
        "take the last undo back",
    ),
    row(
        Context::DesignText,
        &[Key::plain(KeyCode::Esc)],
        DesignAction::Cancel,
        "leave",
        "leave the editor; asks if the text was changed",
    ),
];
