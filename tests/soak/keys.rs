//! What a restless person types: keys of the program's own table, letters, clicks and pastes.

use fmnist_tui::tui::action::Action;
use fmnist_tui::tui::keys::{Key, ctrl, global, table};
use fmnist_tui::tui::screens::data::{self, DataAction};
use fmnist_tui::tui::screens::design::{self, DesignAction};
use fmnist_tui::tui::screens::runs::{self, RunsAction};
use fmnist_tui::tui::screens::train::{self, TrainAction};
use rand::Rng;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha8Rng;

/// Letters that open, start and end nothing by themselves, for fields that are typed into.
const LETTERS: &[u8] = b"abcdeghijklmopsuvwxyz0123456789-_";
/// Keys that are in no table.
const OTHERS: [&str; 6] = ["\x7f", "\x1bOQ", "é", "漢", "\x1b[2~", "\x04"];
/// Without a separator: nothing is to be written outside the test's folder.
const PASTES: [&str; 3] = ["tiny", "two words and 漢字", "0.01"];

pub const ESCAPE: &str = "\x1b";

/// Draws input, each piece one event of the terminal.
pub struct Keys {
    table: Vec<String>,
    random: ChaCha8Rng,
}

impl Keys {
    /// All keys of the table but those that leave, and those that start another run: what is trained
    /// is for the test to say.
    pub fn new(random: ChaCha8Rng) -> Self {
        let leave_or_start = global().iter().filter(|row| {
            let leave_or_start = [Action::Quit, Action::StartTraining, Action::Learn];
            leave_or_start.contains(&row.action)
        });
        let restart = train::KEYS
            .iter()
            .filter(|row| row.action == TrainAction::Restart);
        let fork = runs::KEYS
            .iter()
            .filter(|row| row.action == RunsAction::OpenForks);
        let seeds = design::KEYS
            .iter()
            .filter(|row| [DesignAction::NextSeeds, DesignAction::Ladder].contains(&row.action));
        let audit = data::KEYS
            .iter()
            .filter(|row| row.action == DataAction::Suspicious);
        let left_out: Vec<Key> = leave_or_start
            .map(|row| row.keys)
            .chain(restart.map(|row| row.keys))
            .chain(fork.map(|row| row.keys))
            .chain(seeds.map(|row| row.keys))
            .chain(audit.map(|row| row.keys))
            .flatten()
            .copied()
            // It takes a change of a text back, and suspends the program everywhere else.
            .chain([ctrl('z')])
            .collect();
        let table = table()
            .flat_map(|row| &row.keys)
            .filter(|key| !left_out.contains(key))
            .map(|key| bytes(&key.to_string()))
            .collect();
        Self { table, random }
    }

    pub fn below(&mut self, bound: u16) -> u16 {
        self.random.random_range(0..bound)
    }

    /// One event.
    pub fn draw(&mut self) -> String {
        let random = &mut self.random;
        let one_of = |texts: &[&str], random: &mut ChaCha8Rng| {
            (*texts.choose(random).unwrap_or(&ESCAPE)).to_owned()
        };
        match random.random_range(0..100) {
            0..70 => self.table.choose(random).cloned().unwrap_or_default(),
            70..80 => {
                let letter = LETTERS.choose(random).copied().unwrap_or(b'a');
                char::from(letter).to_string()
            }
            80..93 => {
                let button = [0, 0, 64, 65].choose(random).copied().unwrap_or(0);
                let (column, row) = (random.random_range(1..=80), random.random_range(1..=24));
                format!("\x1b[<{button};{column};{row}M")
            }
            93..96 => format!("\x1b[200~{}\x1b[201~", one_of(&PASTES, random)),
            _ => one_of(&OTHERS, random),
        }
    }
}

/// What a terminal sends for a key of this name.
fn bytes(name: &str) -> String {
    let sequence = match name {
        "Space" => " ",
        "Enter" => "\r",
        "Esc" => ESCAPE,
        "Tab" => "\t",
        "Shift-Tab" => "\x1b[Z",
        "Backspace" => "\x7f",
        "Del" => "\x1b[3~",
        "Up" => "\x1b[A",
        "Down" => "\x1b[B",
        "Right" => "\x1b[C",
        "Left" => "\x1b[D",
        "Alt-Up" => "\x1b[1;3A",
        "Alt-Down" => "\x1b[1;3B",
        "Alt-Right" => "\x1b[1;3C",
        "Alt-Left" => "\x1b[1;3D",
        "Ctrl-Right" => "\x1b[1;5C",
        "Ctrl-Left" => "\x1b[1;5D",
        "Ctrl-Del" => "\x1b[3;5~",
        "Alt-Backspace" => "\x1b\x7f",
        "Home" => "\x1b[H",
        "End" => "\x1b[F",
        "PgUp" => "\x1b[5~",
        "PgDn" => "\x1b[6~",
        "F1" => "\x1bOP",
        "Shift-Up" => "\x1b[1;2A",
        "Shift-Down" => "\x1b[1;2B",
        "Shift-Right" => "\x1b[1;2C",
        "Shift-Left" => "\x1b[1;2D",
        letter if letter.chars().count() == 1 => letter,
        name if name.starts_with("Alt-") => return format!("\x1b{}", &name["Alt-".len()..]),
        name => {
            let letter = name
                .strip_prefix("Ctrl-")
                .and_then(|rest| rest.bytes().next());
            let letter = letter.unwrap_or_else(|| panic!("what does a terminal send for {name}?"));
            return char::from(letter & 0x1f).to_string();
        }
    };
    sequence.to_owned()
}
