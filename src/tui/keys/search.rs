//! Finds actions by their names, their help texts, and words that people use for them.

use super::binding::Context;
use super::row::Row;
use nucleo_matcher::pattern::{AtomKind, CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};
use std::cmp::Reverse;

/// Words that people look for, by a piece of the name or the help text of the action that they mean.
const SYNONYMS: &[(&str, &str)] = &[
    (
        "edit training",
        "learning rate lr optimiser sgd adam muon schedule warm-up epochs batch size momentum weight decay \
         loss label smoothing augmentation precision bf16 seed initialiser early stopping ema hyperparameters",
    ),
    ("start training", "run fit learn begin"),
    (
        "add a layer",
        "insert new dropout convolution conv pooling dense linear batch norm activation relu residual skip",
    ),
    (
        "save the trained model",
        "store keep write export pytorch safetensors file",
    ),
    (
        "load a saved model",
        "open read import pytorch safetensors file",
    ),
    (
        "write the spec",
        "save store keep network design file export",
    ),
    ("preset", "network architecture template example new load"),
    ("delete", "remove"),
    ("take the last change back", "undo revert"),
    ("take the last undo back", "redo"),
    ("json", "text source"),
    ("theme", "colours dark light blind contrast appearance"),
    ("leave", "exit close end quit"),
    ("lesson", "tutorial course teach introduction"),
    ("fetch fashion", "download data dataset"),
    ("all keys", "shortcuts bindings manual"),
    ("back in time", "history travel undo"),
    ("epoch on", "history travel future"),
    ("finish this epoch", "end stop early"),
    ("raise the learning rate", "lr steer increase optimiser"),
    ("what + and - change", "lr steer"),
    ("where the time goes", "profile speed slow performance"),
    ("smooth", "average noise"),
    ("logarithmic", "log scale"),
    ("earlier runs", "overlay history other"),
    ("interrupted", "resume continue longer more epochs"),
    ("fork", "branch"),
    ("baseline", "reference compare"),
    ("seed", "repeat random error bars"),
    ("what each part brings", "ablation ablate leave out"),
    ("how sure", "calibration confidence certainty threshold"),
    ("confused", "mistakes errors matrix"),
    ("predicted wrongly", "mistakes errors misclassified"),
    (
        "where the model looks",
        "grad-cam occlusion saliency attention heat map",
    ),
    ("feature maps", "filters kernels activations inside"),
    ("map of the set", "embedding t-sne pca clusters"),
    ("drawing pad", "draw sketch paint"),
    ("photo", "picture image file own predict"),
    ("augmentation changes", "flip shift rotate vary"),
    ("suspicious", "audit label errors duplicates clean exclude"),
];

/// Stems that are spelled in two ways, the British one first.
const SPELLINGS: &[(&str, &str)] = &[
    ("optimis", "optimiz"),
    ("normalis", "normaliz"),
    ("initialis", "initializ"),
    ("regularis", "regulariz"),
    ("standardis", "standardiz"),
    ("visualis", "visualiz"),
    ("colour", "color"),
    ("behaviour", "behavior"),
    ("neighbour", "neighbor"),
    ("grey", "gray"),
    ("centre", "center"),
    ("analys", "analyz"),
];

/// How well two words agree.
const SAME: u32 = 6;
const BEGINS: u32 = 5;
const WITHIN: u32 = 3;
const ALIKE: u32 = 2;

/// All actions, with the words that they are found by.
pub struct Index {
    entries: Vec<Entry>,
}

/// An action with the words it is found by.
struct Entry {
    row: &'static Row,
    /// Of its name and its help text, and what people call it.
    own: Vec<String>,
    /// Of where it works.
    place: Vec<String>,
    /// Whether something must be opened first.
    is_inner: bool,
}

impl Index {
    /// Of these rows of the key table.
    pub fn new(rows: impl Iterator<Item = &'static Row>) -> Self {
        let rows: Vec<&'static Row> = rows.collect();
        let is_opened = |context| rows.iter().any(|row| row.opens == Some(context));
        let entry = |row: &&'static Row| Entry::of(row, is_opened(row.context));
        Self {
            entries: rows.iter().map(entry).collect(),
        }
    }

    /// The actions that all of these words say something about, the best match first, then those of `here`.
    /// Without words all of them.
    pub fn search(&self, words: &str, here: Context) -> Vec<&'static Row> {
        let wanted: Vec<String> = words_of(words);
        let entries = self.entries.iter();
        let mut found: Vec<(u32, u32, &'static Row)> = entries
            .filter_map(|entry| Some((entry.score(&wanted)?, entry.rank(here), entry.row)))
            .collect();
        found.sort_by_key(|(score, rank, _)| (Reverse(*score), *rank));
        found.into_iter().map(|(_, _, row)| row).collect()
    }
}

impl std::fmt::Debug for Index {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Index of {} actions", self.entries.len())
    }
}

impl Entry {
    fn of(row: &'static Row, is_inner: bool) -> Self {
        let text = format!("{} {} {}", in_words(&row.action), row.hint, row.help);
        let mut own = both_spellings(&text);
        for (piece, words) in SYNONYMS {
            if text.to_lowercase().contains(piece) {
                own.extend(both_spellings(words));
            }
        }
        own.extend(row.keys.iter().map(|key| key.to_string().to_lowercase()));
        Self {
            row,
            own,
            place: both_spellings(row.context.title),
            is_inner,
        }
    }

    /// What is near comes first.
    fn rank(&self, here: Context) -> u32 {
        match self.row.context {
            context if context == here => 0,
            Context::GLOBAL => 1,
            _ if self.is_inner => 3,
            _ => 2,
        }
    }

    /// How well all the words agree with this action; none where one does not.
    fn score(&self, wanted: &[String]) -> Option<u32> {
        let best = |words: &[String], wanted: &str| {
            let scores = words.iter().filter_map(|word| agreement(wanted, word));
            scores.max()
        };
        let score = |wanted: &String| {
            // What an action is called counts more than where it works.
            let own = best(&self.own, wanted).map(|score| 2 * score + 1);
            own.max(best(&self.place, wanted).map(|score| 2 * score))
        };
        wanted.iter().map(score).sum()
    }
}

/// How well a typed word agrees with one of a text.
fn agreement(wanted: &str, word: &str) -> Option<u32> {
    let is_long = wanted.chars().count() >= 3;
    Some(match () {
        () if wanted == word => SAME,
        () if word.starts_with(wanted) => BEGINS,
        () if is_long && word.contains(wanted) => WITHIN,
        () if is_long && is_alike(wanted, word) => ALIKE,
        () => return None,
    })
}

/// Whether the letters of `wanted` come in this order in the word, which begins with the first of them.
fn is_alike(wanted: &str, word: &str) -> bool {
    if wanted.chars().next() != word.chars().next() {
        return false;
    }
    let pattern = Pattern::new(
        wanted,
        CaseMatching::Ignore,
        Normalization::Smart,
        AtomKind::Fuzzy,
    );
    let mut buffer = Vec::new();
    let text = Utf32Str::new(word, &mut buffer);
    pattern
        .score(text, &mut Matcher::new(Config::DEFAULT))
        .is_some()
}

/// `StartTraining` as `start training`; what an action holds is left out.
fn in_words(name: &str) -> String {
    let name = name.split('(').next().unwrap_or_default();
    let mut words = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() {
            words.push(' ');
        }
        words.extend(letter.to_lowercase());
    }
    words.trim_start().to_owned()
}

/// The words of a text in small letters.
fn words_of(text: &str) -> Vec<String> {
    let is_between = |letter: char| letter.is_whitespace() || ",;:()/".contains(letter);
    let words = text.split(is_between).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}

/// The words of a text, and those of them that are spelled in another way.
fn both_spellings(text: &str) -> Vec<String> {
    let mut words = words_of(text);
    let others: Vec<String> = words
        .iter()
        .filter_map(|word| other_spelling(word))
        .collect();
    words.extend(others);
    words
}

fn other_spelling(word: &str) -> Option<String> {
    SPELLINGS.iter().find_map(|(british, american)| {
        let end = |stem| word.strip_prefix(stem);
        let to_american = end(british).map(|end| format!("{american}{end}"));
        to_american.or_else(|| end(american).map(|end| format!("{british}{end}")))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::keys::{screen_of, standard};
    use crate::tui::screens::SCREENS;

    fn search(words: &str, here: Context) -> Vec<&'static Row> {
        standard().index().search(words, here)
    }

    fn first(words: &str) -> String {
        let found = search(words, Context::GLOBAL);
        found.first().map_or(String::new(), |row| {
            format!("{} {}", row.context.title, row.keys[0])
        })
    }

    #[test]
    fn actions_of_all_screens_are_found_by_what_people_call_them() {
        for (words, expected) in [
            ("learning rate", "Design h"),
            ("steer", "Train +"),
            ("epochs", "Design h"),
            ("dropout", "Design a"),
            ("batch size", "Design h"),
            ("save", "Everywhere s"),
            ("theme", "Everywhere T"),
            ("color", "Everywhere T"),
            ("grad-cam", "Samples o"),
            ("ablation", "Design A"),
            ("continue", "Runs r"),
            ("start training", "Everywhere t"),
            ("tutorial", "Everywhere H"),
        ] {
            assert_eq!(first(words), expected, "{words}");
        }
    }

    #[test]
    fn both_spellings_and_words_half_typed_or_mistyped_find_the_same() {
        let all = |words: &str| -> Vec<&str> {
            let found = search(words, Context::GLOBAL);
            found.iter().map(|row| row.help).collect()
        };
        assert_eq!(all("optimiser"), all("optimizer"));
        assert_eq!(all("colour"), all("color"));
        let hyperparameters = |words: &str| {
            let found = search(words, Context::GLOBAL);
            found.iter().any(|row| row.action == "EditTraining")
        };
        for words in ["optimi", "optimis", "opt", "lerning rate", "lr"] {
            assert!(hyperparameters(words), "{words}: {:?}", all(words));
        }
        assert!(all("no such thing").is_empty());
    }

    #[test]
    fn every_context_of_a_screen_can_be_reached() {
        for row in standard().actions() {
            let context = row.context;
            let screen = screen_of(context);
            let is_main = screen.is_some_and(|screen| SCREENS[screen].title == context.title);
            assert!(
                is_main || context == Context::GLOBAL || standard().way_to(context).is_some(),
                "nothing opens {}",
                context.title
            );
        }
    }
}
