//! Reading a lesson.

use super::claim::Claim;
use super::expression::Expression;
use super::figures::FIGURES;
use super::press::Press;
use super::step::{Lesson, Question, Step, Wait};
use crate::explain::blocks::{Entry, MOST_BYTES, TextError, blocks};
use crate::fs::read_limited;
use crate::spec::vary::Settings;
use crate::spec::{Layer, Spec, preset};
use crate::text::{escape_controls, shown_path};
use std::path::{Path, PathBuf};

/// More steps make no lesson of five minutes.
const MOST_STEPS: usize = 60;
/// Letters of a text that has room below the screen.
const MOST_LETTERS: usize = 300;
/// Letters of a choice.
const MOST_CHOICE: usize = 70;
/// Choices that have letters of their own.
const MOST_CHOICES: usize = 4;
/// Keys pressed in a step.
const MOST_KEYS: usize = 60;
const MOST_MINUTES: u32 = 60;

const HEAD_KEYS: &str = "title, minutes, about, images";
const STEP_KEYS: &str =
    "say, open, layers, set, ask, choices, answer, press, wait, keep, expect, notice";

/// Why a lesson cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum LessonError {
    /// The file cannot be read.
    #[error("{path}: cannot read the lesson: {source}")]
    File {
        /// The file.
        path: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// A line is wrong.
    #[error("{path}: {error}")]
    Text {
        /// The file.
        path: String,
        /// Which line, and what is wrong with it.
        error: TextError,
    },
}

/// What a lesson may name besides figures and keys.
#[derive(Clone, Debug)]
pub struct Places<'a> {
    /// The titles of the screens.
    pub screens: &'a [&'a str],
    /// The folder in which the spec files are that it opens; none where it may open presets only.
    pub folder: Option<PathBuf>,
}

impl Lesson {
    /// Reads a lesson's file. `screens` are the titles of the screens it may wait for.
    ///
    /// # Errors
    /// A file that cannot be read, or the line that is wrong.
    pub fn read(path: &Path, screens: &[&str]) -> Result<Self, LessonError> {
        let shown = shown_path(path);
        let failed = |source| LessonError::File {
            path: shown.clone(),
            source,
        };
        let bytes = read_limited(path, MOST_BYTES as u64).map_err(failed)?;
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        let text = String::from_utf8(bytes).map_err(|error| LessonError::Text {
            path: shown.clone(),
            error: TextError {
                line: 1 + error.as_bytes()[..error.utf8_error().valid_up_to()]
                    .iter()
                    .filter(|byte| **byte == b'\n')
                    .count(),
                message: "this is no UTF-8 text".into(),
            },
        })?;
        let places = Places {
            screens,
            folder: path.parent().map(Path::to_owned),
        };
        Self::parse(&escape_controls(&name), &text, &places)
            .map_err(|error| LessonError::Text { path: shown, error })
    }

    /// Reads the lesson `name` from its text.
    ///
    /// # Errors
    /// The line that is wrong.
    pub fn parse(name: &str, text: &str, places: &Places<'_>) -> Result<Self, TextError> {
        let mut blocks = blocks(text)?.into_iter();
        let head = blocks.next().unwrap_or_default();
        let mut lesson = Self {
            name: name.to_owned(),
            title: String::new(),
            about: String::new(),
            minutes: 0,
            images: None,
            steps: Vec::new(),
        };
        let mut end = 1;
        for entry in &head {
            end = entry.line;
            match entry.key.as_str() {
                "title" => lesson.title = short(entry, MOST_CHOICE)?,
                "about" => lesson.about = short(entry, MOST_CHOICE)?,
                "minutes" => lesson.minutes = number(entry, 1, MOST_MINUTES)?,
                "images" => lesson.images = Some(number(entry, 1, 1_000_000_u32)? as usize),
                other => {
                    let message = format!(
                        "{other} is no key of a lesson's head; the keys are {HEAD_KEYS}; steps come after \
                         an empty line"
                    );
                    return Err(entry.error(message));
                }
            }
        }
        let missing = |message: &str| TextError {
            line: end,
            message: message.into(),
        };
        if lesson.title.is_empty() || lesson.minutes == 0 {
            return Err(missing(
                "a lesson begins with a line `title:` and a line `minutes:`, before the first empty line",
            ));
        }
        let mut known: Vec<String> = FIGURES.iter().map(|(name, _)| (*name).to_owned()).collect();
        for block in blocks {
            if lesson.steps.len() == MOST_STEPS {
                let line = block.first().map_or(end, |entry| entry.line);
                let message = format!("a lesson has at most {MOST_STEPS} steps");
                return Err(TextError { line, message });
            }
            lesson.steps.push(step(&block, places, &mut known)?);
        }
        if lesson.steps.is_empty() {
            return Err(missing(
                "a lesson needs at least one step after an empty line",
            ));
        }
        Ok(lesson)
    }
}

/// Reads a step; figures that it keeps are known afterwards.
fn step(block: &[Entry], places: &Places<'_>, known: &mut Vec<String>) -> Result<Step, TextError> {
    let mut step = Step::default();
    let mut choices: Option<(&Entry, Vec<String>)> = None;
    let mut answer: Option<(&Entry, usize)> = None;
    let mut ask: Option<(&Entry, String)> = None;
    for entry in block {
        let wrong = |message: String| entry.error(message);
        let figure = |name: &str| known.iter().any(|figure| figure == name);
        match entry.key.as_str() {
            "say" => step.say = filled(entry, known)?,
            "notice" => step.notice = filled(entry, known)?,
            "ask" => ask = Some((entry, short(entry, MOST_LETTERS)?)),
            "choices" => choices = Some((entry, read_choices(entry)?)),
            "answer" => {
                let text = entry.text();
                let letter = text.chars().next().filter(|_| text.len() == 1);
                let position =
                    letter.and_then(|letter| ('a'..='d').position(|other| other == letter));
                let position =
                    position.ok_or_else(|| wrong("the answer is one letter, a to d".into()))?;
                answer = Some((entry, position));
            }
            "open" => step.open = Some(Box::new(open(entry, places)?)),
            "layers" => {
                let Some(spec) = &mut step.open else {
                    return Err(wrong("layers come after the line `open:`".into()));
                };
                spec.layers = serde_json::from_str::<Vec<Layer>>(&entry.text())
                    .map_err(|error| wrong(format!("no list of layers in JSON: {error}")))?;
                checked(entry, spec)?;
            }
            "set" => {
                let Some(spec) = &mut step.open else {
                    return Err(wrong("settings come after the line `open:`".into()));
                };
                let texts: Vec<String> =
                    entry.text().split_whitespace().map(str::to_owned).collect();
                let settings = Settings::parse(&texts).map_err(|error| wrong(error.to_string()))?;
                let changed = settings
                    .apply(spec)
                    .map_err(|error| wrong(error.to_string()))?;
                // The name stays the network's own.
                let name = std::mem::take(&mut spec.name);
                **spec = Spec {
                    name,
                    ..changed.into_spec()
                };
            }
            "press" => {
                for word in entry.text().split_whitespace() {
                    step.press.extend(Press::parse(word).map_err(&wrong)?);
                }
                if step.press.is_empty() || step.press.len() > MOST_KEYS {
                    return Err(wrong(format!("a step presses 1 to {MOST_KEYS} keys")));
                }
            }
            "wait" => step.wait = Some(wait(entry, places)?),
            "keep" => {
                let text = entry.text();
                let kept = text
                    .split_once('=')
                    .map(|(name, value)| (name.trim(), value.trim()));
                let Some((name, value)) = kept.filter(|(name, _)| is_name(name)) else {
                    return Err(wrong(
                        "a figure is kept as in `keep: plain_gap = gap`".into(),
                    ));
                };
                if FIGURES.iter().any(|(figure, _)| *figure == name) {
                    return Err(wrong(format!(
                        "{name} is a figure already; take another name"
                    )));
                }
                let value = Expression::parse(value, &figure).map_err(&wrong)?;
                step.keep.push((name.to_owned(), value));
                known.push(name.to_owned());
            }
            "expect" => {
                let claim = Claim::parse(&entry.text(), &figure).map_err(&wrong)?;
                step.expect.push(claim);
            }
            other => {
                let message = format!("{other} is no key of a step; the keys are {STEP_KEYS}");
                return Err(wrong(message));
            }
        }
    }
    step.ask = match (ask, choices, answer) {
        (None, None, None) => None,
        (Some((_, text)), Some((_, choices)), Some((_, answer))) if answer < choices.len() => {
            Some(Question {
                text,
                choices,
                answer,
            })
        }
        (_, _, Some((entry, _))) => {
            return Err(entry.error("an answer is a letter of one of the `choices:` of an `ask:`"));
        }
        (Some((entry, _)), ..) | (None, Some((entry, _)), None) => {
            return Err(entry.error("a question needs `ask:`, `choices:` and `answer:`"));
        }
    };
    let first = block.first().map_or(1, |entry| entry.line);
    if step.say.is_empty() && step.ask.is_none() {
        return Err(TextError {
            line: first,
            message: "a step says or asks something: it needs a line `say:` or `ask:`".into(),
        });
    }
    Ok(step)
}

/// The text of an entry, not empty and not too long.
fn short(entry: &Entry, most: usize) -> Result<String, TextError> {
    let text = entry.text();
    match text.chars().count() {
        0 => Err(entry.error(format!("{} has no text", entry.key))),
        count if count > most => Err(entry.error(format!(
            "{} has {count} letters; there is room for {most}",
            entry.key
        ))),
        _ => Ok(text),
    }
}

/// The same for a text with places for figures, all of them known.
fn filled(entry: &Entry, known: &[String]) -> Result<String, TextError> {
    let text = short(entry, MOST_LETTERS)?;
    for part in text.split('{').skip(1) {
        let Some((name, _)) = part.split_once('}') else {
            return Err(entry.error("a { is not closed by a }"));
        };
        if !known.iter().any(|figure| figure == name) {
            return Err(entry.error(format!(
                "{{{name}}} is no figure; docs/lessons.md lists them, and `keep:` makes new ones"
            )));
        }
    }
    Ok(text)
}

fn number(entry: &Entry, least: u32, most: u32) -> Result<u32, TextError> {
    let number = entry.text().parse::<u32>().ok();
    number
        .filter(|number| (least..=most).contains(number))
        .ok_or_else(|| {
            entry.error(format!(
                "{} must be a whole number, {least} to {most}",
                entry.key
            ))
        })
}

fn read_choices(entry: &Entry) -> Result<Vec<String>, TextError> {
    let text = entry.text();
    let choices: Vec<String> = text
        .split('|')
        .map(|choice| choice.trim().to_owned())
        .collect();
    let is_wrong = |choice: &String| choice.is_empty() || choice.chars().count() > MOST_CHOICE;
    if !(2..=MOST_CHOICES).contains(&choices.len()) || choices.iter().any(is_wrong) {
        return Err(entry.error(format!(
            "choices are 2 to {MOST_CHOICES} texts of at most {MOST_CHOICE} letters, with | between them"
        )));
    }
    Ok(choices)
}

/// The network of a preset or of a file beside the lesson.
fn open(entry: &Entry, places: &Places<'_>) -> Result<Spec, TextError> {
    let name = entry.text();
    let spec = match (&places.folder, name.ends_with(".json")) {
        (Some(folder), true) => Spec::read(&folder.join(&name)),
        _ => preset(&name),
    };
    spec.map(|spec| spec.into_spec())
        .map_err(|error| entry.error(error.to_string()))
}

fn checked(entry: &Entry, spec: &Spec) -> Result<(), TextError> {
    match spec.check() {
        Ok(_) => Ok(()),
        Err(problem) => Err(entry.error(problem.to_string())),
    }
}

fn wait(entry: &Entry, places: &Places<'_>) -> Result<Wait, TextError> {
    let text = entry.text();
    let (what, rest) = text.split_once(' ').unwrap_or((&text, ""));
    let rest = rest.trim();
    match (what, rest) {
        ("trained", "") => Ok(Wait::Trained),
        ("epoch", number) => {
            let epoch = number.parse::<usize>().ok().filter(|epoch| *epoch > 0);
            epoch
                .map(Wait::Epoch)
                .ok_or_else(|| entry.error("epoch is followed by its number"))
        }
        ("key", key) => match Press::parse(key).map_err(|message| entry.error(message))?[..] {
            [key] => Ok(Wait::Key(key)),
            _ => Err(entry.error("key is followed by one key")),
        },
        ("screen", name) if places.screens.contains(&name) => Ok(Wait::Screen(name.to_owned())),
        ("screen", name) => Err(entry.error(format!(
            "{name} is no screen; the screens are {}",
            places.screens.join(", ")
        ))),
        _ => Err(entry.error("a step waits for `trained`, `epoch N`, `key KEY` or `screen NAME`")),
    }
}

/// Whether a figure may be called that.
fn is_name(name: &str) -> bool {
    let mut letters = name.chars();
    letters
        .next()
        .is_some_and(|first| first.is_ascii_lowercase())
        && name.len() <= 40
        && letters
            .all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_')
}

#[cfg(test)]
mod tests;
