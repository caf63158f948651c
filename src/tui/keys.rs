//! The one key table: dispatch, the hints in the last line and the `?` overlay all read it.

use super::action::Action;
use super::screens::{Screen, confusion, design, runs, samples, train};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// Where keys go: a screen, or something open on top of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Context {
    /// Every screen, unless something open takes all keys.
    Global,
    /// The layer list.
    Design,
    /// The palette that adds a layer.
    DesignPalette,
    /// A form with fields.
    DesignForm,
    /// The JSON editor.
    DesignText,
    /// The picker of presets and spec files.
    DesignPicker,
    /// The curves.
    Train,
    /// The list of runs to compare with.
    TrainPicker,
    /// The confusion matrix.
    Confusion,
    /// The sample viewer.
    Samples,
    /// Kernels and feature maps.
    SamplesMaps,
    /// Augmented training images.
    SamplesPreview,
    /// The list of runs.
    Runs,
    /// The help overlay.
    Help,
    /// A question.
    Confirm,
    /// A field for a path.
    PathField,
    /// The fetch of the real data.
    Fetch,
}

impl Context {
    /// Whether the global keys work too.
    pub fn has_global_keys(self) -> bool {
        matches!(
            self,
            Self::Design
                | Self::Train
                | Self::Confusion
                | Self::Samples
                | Self::SamplesMaps
                | Self::SamplesPreview
                | Self::Runs
        )
    }

    /// What the help overlay calls it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Global => "Everywhere",
            Self::Design => "Design",
            Self::DesignPalette => "Adding a layer",
            Self::DesignForm => "Editing fields",
            Self::DesignText => "JSON editor",
            Self::DesignPicker => "Opening a spec",
            Self::Train => "Train",
            Self::TrainPicker => "Comparing runs",
            Self::Confusion => "Confusion",
            Self::Samples => "Samples",
            Self::SamplesMaps => "Kernels and feature maps",
            Self::SamplesPreview => "Augmented images",
            Self::Runs => "Runs",
            Self::Help => "Help",
            Self::Confirm => "Question",
            Self::PathField => "Path",
            Self::Fetch => "Fetching data",
        }
    }
}

/// A key with its modifiers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    code: KeyCode,
    modifiers: KeyModifiers,
}

impl Key {
    /// A key without modifiers.
    pub const fn plain(code: KeyCode) -> Self {
        Self {
            code,
            modifiers: KeyModifiers::NONE,
        }
    }

    /// A letter, digit or sign.
    pub const fn char(letter: char) -> Self {
        Self::plain(KeyCode::Char(letter))
    }

    /// A letter with Ctrl.
    pub const fn ctrl(letter: char) -> Self {
        Self {
            code: KeyCode::Char(letter),
            modifiers: KeyModifiers::CONTROL,
        }
    }

    /// A key with Alt.
    pub const fn alt(code: KeyCode) -> Self {
        Self {
            code,
            modifiers: KeyModifiers::ALT,
        }
    }

    /// What the terminal reported, with Shift dropped where the character already tells it.
    pub fn of(event: KeyEvent) -> Self {
        let mut modifiers = event.modifiers & (KeyModifiers::CONTROL | KeyModifiers::ALT);
        if !matches!(event.code, KeyCode::Char(_) | KeyCode::BackTab) {
            modifiers |= event.modifiers & KeyModifiers::SHIFT;
        }
        Self {
            code: event.code,
            modifiers,
        }
    }
}

impl std::fmt::Display for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.modifiers.contains(KeyModifiers::CONTROL) {
            f.write_str("Ctrl-")?;
        }
        if self.modifiers.contains(KeyModifiers::ALT) {
            f.write_str("Alt-")?;
        }
        if self.modifiers.contains(KeyModifiers::SHIFT) {
            f.write_str("Shift-")?;
        }
        match self.code {
            KeyCode::Char(' ') => f.write_str("Space"),
            KeyCode::Char(letter) if self.modifiers.contains(KeyModifiers::CONTROL) => {
                write!(f, "{}", letter.to_ascii_uppercase())
            }
            KeyCode::Char(letter) => write!(f, "{letter}"),
            KeyCode::BackTab => f.write_str("Shift-Tab"),
            KeyCode::PageUp => f.write_str("PgUp"),
            KeyCode::PageDown => f.write_str("PgDn"),
            other => write!(f, "{other}"),
        }
    }
}

/// A row of the key table.
#[derive(Clone, Copy, Debug)]
pub struct Binding {
    /// Where it works.
    pub context: Context,
    /// The keys, the one to show first.
    pub keys: &'static [Key],
    /// What they do.
    pub action: Action,
    /// What they do, in a few words, for the help overlay.
    pub help: &'static str,
    /// One or two words for the hints in the last line; empty for keys that are not hinted.
    pub hint: &'static str,
}

impl Binding {
    /// A row of the table.
    pub const fn new(
        context: Context,
        keys: &'static [Key],
        action: Action,
        hint: &'static str,
        help: &'static str,
    ) -> Self {
        Self {
            context,
            keys,
            action,
            help,
            hint,
        }
    }
}

/// All rows.
pub fn table() -> impl Iterator<Item = &'static Binding> {
    [
        design::KEYS,
        train::KEYS,
        confusion::KEYS,
        samples::KEYS,
        runs::KEYS,
        GLOBAL,
        OVERLAYS,
    ]
    .into_iter()
    .flatten()
}

/// The action of a key, if it has one there.
pub fn lookup(context: Context, key: Key) -> Option<Action> {
    let within = |wanted: Context| {
        table()
            .find(|row| row.context == wanted && row.keys.contains(&key))
            .map(|row| row.action)
    };
    within(context).or_else(|| {
        context
            .has_global_keys()
            .then(|| within(Context::Global))
            .flatten()
    })
}

const GLOBAL: &[Binding] = &[
    Binding::new(
        Context::Global,
        &[Key::char('t')],
        Action::StartTraining,
        "train",
        "train the network of the Design screen",
    ),
    Binding::new(
        Context::Global,
        &[Key::char('s')],
        Action::SaveModel,
        "save",
        "save the trained model (last or best)",
    ),
    Binding::new(
        Context::Global,
        &[Key::char('L')],
        Action::LoadModel,
        "load",
        "load a saved model",
    ),
    Binding::new(
        Context::Global,
        &[Key::char('D')],
        Action::ShowFetch,
        "",
        "fetch Fashion-MNIST over the network",
    ),
    Binding::new(
        Context::Global,
        &[Key::char('?')],
        Action::Help,
        "help",
        "all keys of this screen",
    ),
    Binding::new(
        Context::Global,
        &[Key::char('q'), Key::ctrl('c')],
        Action::Quit,
        "quit",
        "leave",
    ),
    Binding::new(
        Context::Global,
        &[Key::plain(KeyCode::Tab)],
        Action::NextScreen,
        "",
        "the next screen",
    ),
    Binding::new(
        Context::Global,
        &[Key::plain(KeyCode::BackTab)],
        Action::PreviousScreen,
        "",
        "the screen before",
    ),
    Binding::new(
        Context::Global,
        &[Key::char('1')],
        Action::Go(Screen::Design),
        "",
        "Design",
    ),
    Binding::new(
        Context::Global,
        &[Key::char('2')],
        Action::Go(Screen::Train),
        "",
        "Train",
    ),
    Binding::new(
        Context::Global,
        &[Key::char('3')],
        Action::Go(Screen::Confusion),
        "",
        "Confusion",
    ),
    Binding::new(
        Context::Global,
        &[Key::char('4')],
        Action::Go(Screen::Samples),
        "",
        "Samples",
    ),
    Binding::new(
        Context::Global,
        &[Key::char('5')],
        Action::Go(Screen::Runs),
        "",
        "Runs",
    ),
    Binding::new(
        Context::Global,
        &[Key::char('T')],
        Action::NextTheme,
        "",
        "the next colour theme",
    ),
    Binding::new(
        Context::Global,
        &[Key::plain(KeyCode::Esc)],
        Action::Dismiss,
        "",
        "dismiss an error",
    ),
];

const OVERLAYS: &[Binding] = &[
    Binding::new(
        Context::Help,
        &[Key::plain(KeyCode::Esc)],
        Action::Dismiss,
        "close",
        "close the help",
    ),
    Binding::new(
        Context::Help,
        &[Key::plain(KeyCode::Down)],
        Action::Down,
        "",
        "scroll down",
    ),
    Binding::new(
        Context::Help,
        &[Key::plain(KeyCode::Up)],
        Action::Up,
        "",
        "scroll up",
    ),
    Binding::new(
        Context::Confirm,
        // Not Enter: a question that slow work asks late could meet one meant for something else.
        &[Key::char('y')],
        Action::Yes,
        "yes",
        "yes",
    ),
    Binding::new(
        Context::Confirm,
        &[Key::char('n'), Key::plain(KeyCode::Esc)],
        Action::No,
        "no",
        "no",
    ),
    Binding::new(
        Context::PathField,
        &[Key::plain(KeyCode::Enter)],
        Action::Accept,
        "accept",
        "use the path",
    ),
    Binding::new(
        Context::PathField,
        &[Key::plain(KeyCode::Tab)],
        Action::Complete,
        "complete",
        "complete the path",
    ),
    Binding::new(
        Context::PathField,
        &[Key::ctrl('b')],
        Action::ToggleBest,
        "",
        "save the best epoch's model instead of the last one's, or back",
    ),
    Binding::new(
        Context::PathField,
        &[Key::plain(KeyCode::Esc)],
        Action::Dismiss,
        "cancel",
        "leave the field",
    ),
    Binding::new(
        Context::Fetch,
        &[Key::plain(KeyCode::Enter)],
        Action::StartFetch,
        "fetch",
        "fetch what is missing",
    ),
    Binding::new(
        Context::Fetch,
        &[Key::char('x')],
        Action::StopFetch,
        "stop",
        "stop; the next fetch goes on from there",
    ),
    Binding::new(
        Context::Fetch,
        &[Key::plain(KeyCode::Esc), Key::char('D')],
        Action::Dismiss,
        "close",
        "close; the fetch goes on",
    ),
];
