//! The screen's actions and keys.

use crate::tui::keys::{
    BACK_TAB, Binding, Context, DELETE, DOWN, END, ENTER, ESC, F1, HOME, LEFT, PAGE_DOWN, PAGE_UP,
    RIGHT, TAB, UP, alt, char, ctrl, on,
};

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
    /// Choose from how many seeds the network is trained.
    NextSeeds,
    /// Show what each part of the network brings.
    Ladder,
    /// Show which settings are best.
    Sweep,
    /// Look for a learning rate.
    FindRate,
    /// Show the next part of what is known of a sweep.
    SwitchView,
    /// Complete a name, or go to the next line.
    Complete,
    /// Mark all parts, or none.
    MarkAll,
    /// Stop training without parts, or with other settings.
    StopLadder,
    /// Choose parts or settings again.
    ChooseAgain,
    /// Explain the field or the layer; where text is typed, the letter is typed.
    Explain(Option<char>),
}

use DesignAction as Do;

/// Where keys go while the list of layers has them.
pub const LIST: Context = Context::with_global_keys("Design");
/// Where keys go while a layer to add is chosen.
pub const PALETTE: Context = Context::with_text("Adding a layer");
/// Where keys go while a form is open.
pub const FORM: Context = Context::with_text("Editing fields");
/// Where keys go while the JSON editor is open.
pub const TEXT: Context = Context::with_text("JSON editor");
/// Where keys go while a preset or spec file is chosen.
pub const PICKER: Context = Context::with_text("Opening a spec");

/// Where keys go while the ladder is open.
pub const LADDER: Context = Context::with_global_keys("What each part brings");

/// Where keys go while a learning rate is looked for.
pub const RATES: Context = Context::with_global_keys("Learning rate finder");
/// Where keys go while a sweep is set up.
pub const SWEEP_FORM: Context = Context::without_global_keys("Setting up a sweep");
/// Where keys go while a sweep is shown.
pub const SWEEP: Context = Context::with_global_keys("Sweep");

/// The screen's keys.
#[rustfmt::skip]
pub const KEYS: &[Binding<Do>] = &[
    on(LIST, &[char('a')], Do::Add, "add", "add a layer below the cursor").opens(PALETTE),
    on(LIST, &[ENTER], Do::Edit, "edit", "edit the fields of the layer, or of the training section").opens(FORM),
    on(LIST, &[char('h')], Do::EditTraining, "lr, epochs", "edit the hyperparameters: learning rate, optimiser, epochs, batch size, seed, schedule ...").opens(FORM),
    on(LIST, &[char('o')], Do::Open, "open", "open a preset or a spec file").opens(PICKER),
    on(LIST, &[char(' ')], Do::Toggle, "on/off", "switch the layer off or on"),
    on(LIST, &[char('u')], Do::Undo, "", "take the last change back"),
    on(LIST, &[ctrl('r')], Do::Redo, "", "take the last undo back"),
    on(LIST, &[char('d'), DELETE], Do::Delete, "", "delete the layer; p puts it back"),
    on(LIST, &[char('y')], Do::Copy, "", "copy the layer"),
    on(LIST, &[char('p')], Do::Paste, "", "paste the layer below the cursor"),
    on(LIST, &[char('K'), alt(UP)], Do::MoveUp, "", "move the layer up"),
    on(LIST, &[char('J'), alt(DOWN)], Do::MoveDown, "", "move the layer down"),
    on(LIST, &[char('#')], Do::NextSeeds, "", "from how many seeds t trains: 1, 2, 3, 5, 10"),
    on(LIST, &[char('A')], Do::Ladder, "", "what each part brings: train the network without one at a time").opens(LADDER),
    on(LIST, &[char('W')], Do::Sweep, "", "which settings are best: train the network with other values").opens(SWEEP_FORM),
    on(LIST, &[char('R')], Do::FindRate, "", "look for a learning rate: train a little while it rises").opens(RATES),
    on(LIST, &[char('e')], Do::EditText, "", "edit the spec as JSON").opens(TEXT),
    on(LIST, &[char('w')], Do::Write, "", "write the spec to a file"),
    on(LIST, &[UP, char('k')], Do::Up, "", "up"),
    on(LIST, &[DOWN, char('j')], Do::Down, "", "down"),
    on(LIST, &[PAGE_UP], Do::PageUp, "", "ten rows up"),
    on(LIST, &[PAGE_DOWN], Do::PageDown, "", "ten rows down"),
    on(LIST, &[char('g'), HOME], Do::First, "", "the first layer"),
    on(LIST, &[char('G'), END], Do::Last, "", "the training section"),
    on(PALETTE, &[ENTER], Do::Accept, "add", "add the layer"),
    on(PALETTE, &[UP, ctrl('p')], Do::Up, "", "the layer above"),
    on(PALETTE, &[DOWN, ctrl('n')], Do::Down, "", "the layer below"),
    on(PALETTE, &[F1], Do::Explain(None), "", "explain the layer"),
    on(PALETTE, &[ESC], Do::Cancel, "cancel", "add nothing"),
    on(FORM, &[ENTER], Do::Accept, "apply", "apply all fields"),
    on(FORM, &[TAB, DOWN], Do::Down, "next", "the next field"),
    on(FORM, &[BACK_TAB, UP], Do::Up, "", "the field before"),
    on(FORM, &[RIGHT], Do::Increase, "more", "a step up, or the next choice; in a text the cursor to the right"),
    on(FORM, &[LEFT], Do::Decrease, "less", "a step down, or the choice before; in a text the cursor to the left"),
    on(FORM, &[char('+')], Do::Plus, "", "a step up"),
    on(FORM, &[char('-')], Do::Minus, "", "a step down"),
    on(FORM, &[char('i')], Do::Explain(Some('i')), "explain", "explain the field"),
    on(FORM, &[F1], Do::Explain(None), "", "explain the field, also one with text"),
    on(FORM, &[ESC], Do::Cancel, "cancel", "leave without a change"),
    on(PICKER, &[ENTER], Do::Accept, "open", "open it"),
    on(PICKER, &[UP, ctrl('p')], Do::Up, "", "the entry above"),
    on(PICKER, &[DOWN, ctrl('n')], Do::Down, "", "the entry below"),
    on(PICKER, &[ESC], Do::Cancel, "cancel", "open nothing"),
    on(TEXT, &[ctrl('s')], Do::Accept, "apply", "apply the text, if nothing is wrong with it"),
    on(TEXT, &[ctrl('u'), ctrl('z')], Do::Undo, "undo", "take the last change of the text back"),
    on(TEXT, &[ctrl('r'), ctrl('y')], Do::Redo, "redo", "take the last undo back"),
    on(TEXT, &[ESC], Do::Cancel, "leave", "leave the editor; asks if the text was changed"),
    on(LADDER, &[ENTER], Do::Accept, "start/open", "start; with results, open the network without the part"),
    on(LADDER, &[char(' ')], Do::Toggle, "mark", "mark the part to be left out, or not"),
    on(LADDER, &[char('m')], Do::MarkAll, "all/none", "mark all parts, or none"),
    on(LADDER, &[char('x')], Do::StopLadder, "stop", "stop; what is trained is kept and it can go on"),
    on(LADDER, &[char('e')], Do::ChooseAgain, "choose", "choose parts again; Enter then goes on where it was"),
    on(LADDER, &[char('A')], Do::Cancel, "close", "back to the layers; training goes on in the background"),
    on(LADDER, &[RIGHT], Do::Increase, "", "more seeds or epochs"),
    on(LADDER, &[LEFT], Do::Decrease, "", "fewer seeds or epochs"),
    on(LADDER, &[UP, char('k')], Do::Up, "", "up"),
    on(LADDER, &[DOWN, char('j')], Do::Down, "", "down"),
    on(LADDER, &[PAGE_UP], Do::PageUp, "", "ten rows up"),
    on(LADDER, &[PAGE_DOWN], Do::PageDown, "", "ten rows down"),
    on(LADDER, &[char('g'), HOME], Do::First, "", "the first row"),
    on(LADDER, &[char('G'), END], Do::Last, "", "the last row"),
    on(RATES, &[ENTER], Do::Accept, "take", "give the network the chosen rate"),
    on(RATES, &[DOWN, char('j')], Do::Down, "other", "the other suggestion"),
    on(RATES, &[UP, char('k')], Do::Up, "", "the first suggestion"),
    on(RATES, &[char('r')], Do::ChooseAgain, "again", "run it again, with the network on the screen"),
    on(RATES, &[char('x')], Do::StopLadder, "stop", "stop it"),
    on(RATES, &[char('R')], Do::Cancel, "close", "back to the layers"),
    on(SWEEP_FORM, &[ENTER], Do::Accept, "start", "start, or go on with what was begun").opens(SWEEP),
    on(SWEEP_FORM, &[TAB], Do::Complete, "complete", "complete a name, or the next line"),
    on(SWEEP_FORM, &[RIGHT], Do::Increase, "more", "more in this line"),
    on(SWEEP_FORM, &[LEFT], Do::Decrease, "less", "less in this line"),
    on(SWEEP_FORM, &[DOWN], Do::Down, "", "the line below"),
    on(SWEEP_FORM, &[UP, BACK_TAB], Do::Up, "", "the line above"),
    on(SWEEP_FORM, &[F1], Do::Explain(None), "", "explain what a sweep is"),
    on(SWEEP_FORM, &[ESC], Do::Cancel, "cancel", "back to the layers"),
    on(SWEEP, &[ENTER], Do::Accept, "open", "open the network with these values"),
    on(SWEEP, &[char('v')], Do::SwitchView, "view", "table, curves, or what mattered"),
    on(SWEEP, &[char('x')], Do::StopLadder, "stop", "stop; what is trained is kept and it can go on"),
    on(SWEEP, &[char('e')], Do::ChooseAgain, "choose", "choose settings again; Enter then goes on where it was"),
    on(SWEEP, &[char('W')], Do::Cancel, "close", "back to the layers; training goes on in the background"),
    on(SWEEP, &[UP, char('k')], Do::Up, "", "up"),
    on(SWEEP, &[DOWN, char('j')], Do::Down, "", "down"),
    on(SWEEP, &[PAGE_UP], Do::PageUp, "", "ten rows up"),
    on(SWEEP, &[PAGE_DOWN], Do::PageDown, "", "ten rows down"),
    on(SWEEP, &[char('g'), HOME], Do::First, "", "the best"),
    on(SWEEP, &[char('G'), END], Do::Last, "", "the last row"),
];
