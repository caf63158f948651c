use super::*;
use crate::config::default_text;
use crate::tui::keys::{Context, Row, char, ctrl, standard};

fn wrong(text: &str) -> String {
    parse(text).unwrap_err().to_string()
}

fn rows(keymap: &Keymap) -> Vec<String> {
    let line = |row: &Row| format!("{}.{} {:?}", row.place(), row.name(), row.keys);
    keymap.rows().iter().map(line).collect()
}

#[test]
fn the_default_file_says_what_is_so_without_it() {
    let text = default_text();
    let config = parse(&text).unwrap();
    assert_eq!(rows(&config.keymap.unwrap()), rows(standard()));
    // The same with every setting and every key said.
    let is_prose = |line: &&str| !line.starts_with("# ");
    let said: Vec<&str> = text
        .lines()
        .filter(is_prose)
        .map(|line| line.trim_start_matches('#'))
        .collect();
    let config = parse(&said.join("\n")).unwrap();
    assert_eq!(rows(&config.keymap.unwrap()), rows(standard()));
    assert_eq!((config.palette, config.depth), (Some(Palette::Dark), None));
    assert_eq!(config.runs, Some("runs".into()));
    assert_eq!(config.threads, Some(4));
}

#[test]
fn settings_are_read() {
    let config = parse(
        "theme = \"color-blind\"\ncolors = \"256\"\nascii = true\nthreads = 3\nruns = \"/r\"\n\
         keys.everywhere.quit = [\"ctrl-q\", \"ctrl-c\"]\n",
    )
    .unwrap();
    assert_eq!(config.palette, Some(Palette::ColorBlind));
    assert_eq!(config.depth, Some(Depth::Indexed));
    assert!(config.ascii);
    assert_eq!(config.threads, Some(3));
    assert_eq!(config.runs, Some("/r".into()));
    let keymap = config.keymap.unwrap();
    assert_eq!(keymap.meant(Context::GLOBAL, ctrl('q')), Some(char('q')));
}

#[test]
fn what_is_wrong_is_said_with_its_place_and_the_nearest_name() {
    let cases = [
        (
            "theme = \"drak\"",
            "line 1, column 9: \"drak\" must be one of dark, light, color-blind; is \"dark\" meant?",
        ),
        (
            "\n  thme = 1",
            "line 2, column 3: there is no setting \"thme\"; is \"theme\" meant?",
        ),
        (
            "threads = 0",
            "line 1, column 11: must be a whole number from 1 to 1024",
        ),
        ("ascii = 1", "line 1, column 9: must be true or false"),
        ("runs = \"\"", "line 1, column 8: must name a folder"),
        (
            "keys = 3",
            "line 1, column 8: must be a table, as in [keys.design]",
        ),
        (
            "[keys.desing]\nadd = \"b\"",
            "line 1, column 7: there is no place called \"desing\"; is \"design\" meant?; \
             `fmnist-tui config --print` lists all",
        ),
        (
            "[keys.design]\n\nad = \"b\"",
            "line 3, column 1: there is no action of keys.design called \"ad\"; is \"add\" meant?; \
             `fmnist-tui config --print` lists all",
        ),
        (
            "[keys.design]\nadd = \"ctrl-i\"",
            "line 2, column 7: \"ctrl-i\" cannot be told from tab by a terminal",
        ),
        (
            "[keys.everywhere]\nstart_training = \"a\"",
            "line 2, column 1: \"a\" is both keys.design.add and keys.everywhere.start_training; give one of \
             them another key",
        ),
        (
            "[keys.path]\naccept = \"y\"",
            "line 2, column 10: accept: letters are typed here; take one with Ctrl or \
         Alt, or a key without a letter",
        ),
        (
            "[keys.everywhere]\nquit = []",
            "line 2, column 8: quit: it must keep a key",
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(wrong(text), expected, "{text}");
    }
    assert!(wrong("theme = \"dark").starts_with("line 1, column "));
    assert!(wrong("a = 1\na = 2").starts_with("line 2, column 1: duplicate key"));
}

#[test]
fn every_action_has_a_name_of_its_own_in_its_place() {
    let names: Vec<String> = standard()
        .rows()
        .iter()
        .map(|row| format!("{}.{}", row.place(), row.name()))
        .collect();
    let mut sorted = names.clone();
    sorted.sort();
    sorted.dedup();
    let twice: Vec<&String> = names
        .iter()
        .filter(|name| names.iter().filter(|other| other == name).count() > 1)
        .collect();
    assert_eq!(sorted.len(), names.len(), "{twice:?}");
}
