//! The config file to begin with: every setting with its default, as a comment.

use super::parse::{COLORS, THEMES};
use crate::tui::keys::{Row, standard};

/// The commented file: it changes nothing until a line's `#` is taken away.
pub fn default_text() -> String {
    let names = |names: Vec<&str>| names.join(", ");
    let themes = names(THEMES.iter().map(|(name, _)| *name).collect());
    let colors = names(COLORS.iter().map(|(name, _)| *name).collect());
    let mut text = format!(
        "# The settings of fmnist-tui. Every line that begins with # is a comment: what stands there is so\n\
         # without it. Options on the command line win over this file.\n\
         \n\
         # Colours of the app: {themes}.\n\
         #theme = \"dark\"\n\
         \n\
         # How many colours the terminal shows: {colors}. \"auto\" goes by what it says of itself, and by\n\
         # NO_COLOR.\n\
         #colors = \"auto\"\n\
         \n\
         # Draw the app with ASCII characters only.\n\
         #ascii = false\n\
         \n\
         # Threads for the arithmetic; without this as many as can run at once.\n\
         #threads = 4\n\
         \n\
         # The folder that new runs go into, and in which the app looks for runs. ~ is your own folder; another\n\
         # path that is not absolute is below the folder in which the program is started.\n\
         #runs = \"runs\"\n\
         \n\
         # The folder in which data sets are looked for, each in a folder of its own name, and into which they are\n\
         # fetched; without this in your user data folder. --data and FMNIST_DATA win over it.\n\
         #data = \"~/data\"\n\
         \n\
         # Keys: for each place of the app what can be done there. A key is a letter or sign as it is typed, or enter,\n\
         # esc, tab, space, backspace, delete, insert, up, down, left, right, home, end, page-up, page-down, f1 to f12,\n\
         # and these with ctrl-, alt- or shift- before them. Several keys stand in a list, the one to show first; an\n\
         # empty list leaves an action without a key. Keys of [keys.everywhere] work on every screen too.\n"
    );
    let mut place = String::new();
    for row in standard().rows().iter().filter(|row| !row.is_fixed()) {
        if row.place() != place {
            place = row.place();
            text.push_str(&format!("\n[keys.{place}]\n"));
        }
        let line = format!("#{} = {}", row.name(), keys_of(row));
        text.push_str(&format!("{line:<36} # {}\n", row.help));
    }
    text
}

fn keys_of(row: &Row) -> String {
    let quoted = |name: String| match name.as_str() {
        // A text in which nothing is escaped.
        "\\" | "\"" => format!("'{name}'"),
        _ => format!("\"{name}\""),
    };
    let keys: Vec<String> = row.keys.iter().map(|key| quoted(key.name())).collect();
    match keys.as_slice() {
        [key] => key.clone(),
        keys => format!("[{}]", keys.join(", ")),
    }
}
