//! A row of the table of all screens.

use super::binding::{Binding, Context};
use super::key::Key;
use std::fmt::Debug;

/// What keys do in a context. Of the action it knows only the name.
#[derive(Clone, Debug)]
pub struct Row {
    /// Where it works.
    pub context: Context,
    /// The keys, the one to show first: the user's, where the config file gives some.
    pub keys: Vec<Key>,
    /// The keys that the screens know.
    pub defaults: &'static [Key],
    /// What they do, as its screen's type of actions calls it.
    pub action: String,
    /// One or two words for the hints in the last line; empty for keys that are not hinted.
    pub hint: &'static str,
    /// What they do, in a few words, for the help overlay.
    pub help: &'static str,
    /// Whether the hint is shown however little room there is.
    pub is_pinned: bool,
    /// Where keys go afterwards, if they go elsewhere.
    pub opens: Option<Context>,
}

/// The rows of a screen with the names of their actions.
pub fn rows<A: Debug>(bindings: &[Binding<A>]) -> Vec<Row> {
    let named = |binding: &Binding<A>| Row {
        context: binding.context,
        keys: binding.keys.to_vec(),
        defaults: binding.keys,
        action: format!("{:?}", binding.action),
        hint: binding.hint,
        help: binding.help,
        is_pinned: binding.is_pinned,
        opens: binding.opens,
    };
    bindings.iter().map(named).collect()
}

impl Row {
    /// What the config file calls the action: `StartTraining` is `start_training`, `Move(-1)` is `move_back_1`.
    pub fn name(&self) -> String {
        let (action, value) = self.action.split_once('(').unwrap_or((&self.action, ""));
        let value = value.trim_end_matches(')').trim_start_matches("Some(");
        let value = match value.trim_matches('\'') {
            "" | "None" => String::new(),
            number if number == isize::MIN.to_string() => "_to_first".into(),
            number if number == isize::MAX.to_string() => "_to_last".into(),
            value => match value.strip_prefix('-') {
                Some(number) => format!("_back_{number}"),
                None => format!("_{value}"),
            },
        };
        snake_case(action) + &value
    }

    /// What the config file calls the context: `Editing fields` is `editing_fields`.
    pub fn place(&self) -> String {
        snake_case(self.context.title)
    }

    /// Whether its keys are letters that are typed where text is typed: these cannot be others.
    pub fn is_fixed(&self) -> bool {
        self.context.takes_text && self.defaults.iter().all(|key| key.is_typed())
    }
}

/// Words in small letters with `_` between them.
fn snake_case(words: &str) -> String {
    let mut name = String::new();
    let mut is_inside = false;
    for letter in words.chars() {
        if !letter.is_alphanumeric() {
            is_inside = false;
            continue;
        }
        if !name.is_empty() && (!is_inside || letter.is_uppercase()) {
            name.push('_');
        }
        name.extend(letter.to_lowercase());
        is_inside = true;
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::keys::{char, on};

    #[test]
    fn actions_have_names_that_can_be_typed() {
        #[derive(Clone, Copy, Debug, PartialEq)]
        enum Do {
            StartTraining,
            Move(isize),
            Explain(Option<char>),
        }
        let actions = [
            Do::StartTraining,
            Do::Move(1),
            Do::Move(-10),
            Do::Move(isize::MIN),
            Do::Explain(None),
            Do::Explain(Some('i')),
        ];
        let context = Context::with_global_keys("Two runs");
        const KEY: &[Key] = &[char('x')];
        let table = actions.map(|action| on(context, KEY, action, "", ""));
        let names: Vec<String> = rows(&table).iter().map(Row::name).collect();
        assert_eq!(
            names,
            [
                "start_training",
                "move_1",
                "move_back_10",
                "move_to_first",
                "explain",
                "explain_i"
            ]
        );
        assert_eq!(rows(&table)[0].place(), "two_runs");
    }
}
