//! A row of a screen's key table, and the look-up of a key in such rows.

use super::key::Key;
/// Where keys go: a screen, one of its editors, or something open on top of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Context {
    /// What the help overlay calls it; no two contexts share a title.
    pub title: &'static str,
    /// Whether the global keys work too.
    pub has_global_keys: bool,
    /// Whether text is typed there: letters without an action are.
    pub takes_text: bool,
}

impl Context {
    /// The keys that work in every context with global keys.
    pub const GLOBAL: Self = Self::without_global_keys("Everywhere");

    /// A context in which the global keys work too.
    pub const fn with_global_keys(title: &'static str) -> Self {
        Self {
            title,
            has_global_keys: true,
            takes_text: false,
        }
    }

    /// A context that takes all keys.
    pub const fn without_global_keys(title: &'static str) -> Self {
        Self {
            title,
            has_global_keys: false,
            takes_text: false,
        }
    }

    /// A context that takes all keys, as text is typed there.
    pub const fn with_text(title: &'static str) -> Self {
        Self {
            title,
            has_global_keys: false,
            takes_text: true,
        }
    }
}

/// A row of a key table whose actions are of type `A`.
#[derive(Clone, Copy, Debug)]
pub struct Binding<A> {
    /// Where it works.
    pub context: Context,
    /// The keys, the one to show first.
    pub keys: &'static [Key],
    /// What they do.
    pub action: A,
    /// One or two words for the hints in the last line; empty for keys that are not hinted.
    pub hint: &'static str,
    /// What they do, in a few words, for the help overlay.
    pub help: &'static str,
    /// Whether the hint is shown however little room there is.
    pub is_pinned: bool,
    /// Where keys go afterwards, if they go elsewhere.
    pub opens: Option<Context>,
}

/// A row: in `context` these keys do `action`.
pub const fn on<A: Copy>(
    context: Context,
    keys: &'static [Key],
    action: A,
    hint: &'static str,
    help: &'static str,
) -> Binding<A> {
    Binding {
        context,
        keys,
        action,
        hint,
        help,
        is_pinned: false,
        opens: None,
    }
}

impl<A: Copy> Binding<A> {
    /// The same, with a hint that is shown however little room there is.
    pub const fn pinned(mut self) -> Self {
        self.is_pinned = true;
        self
    }

    /// The same, after which keys go to `context`: the way there.
    pub const fn opens(mut self, context: Context) -> Self {
        self.opens = Some(context);
        self
    }
}

/// The action of a key in a context, if one of the rows has it.
pub fn find<A: Clone>(rows: &[Binding<A>], context: Context, key: Key) -> Option<A> {
    rows.iter()
        .find(|row| row.context == context && row.keys.contains(&key))
        .map(|row| row.action.clone())
}
