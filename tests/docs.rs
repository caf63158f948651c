//! README and the pages of docs/ say what is: their links lead somewhere, the commands that they print
//! parse, the tables of options and fields are the program's, and the tests they name exist.

#![allow(
    clippy::unwrap_used,
    reason = "a test may panic; the configured exception covers only functions marked as tests"
)]

mod program;

use fmnist_tui::spec::limits::{Limit, limit};
use fmnist_tui::spec::{PRESETS, Spec, choices, variant};
use program::{program, run, succeed};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    let text = std::fs::read_to_string(root().join(path));
    text.unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// README, every page of docs/, and the two pages they link to.
fn pages() -> Vec<String> {
    let mut pages: Vec<String> = ["README.md", "data/README.md", "results/README.md"]
        .map(str::to_owned)
        .into();
    for entry in std::fs::read_dir(root().join("docs")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if name.ends_with(".md") {
            pages.push(format!("docs/{name}"));
        }
    }
    pages.sort();
    pages
}

/// The lines of a page, each with the language of the code block that it stands in.
fn lines(text: &str) -> Vec<(Option<&str>, &str)> {
    let mut block = None;
    let mut found = Vec::new();
    for line in text.lines() {
        match line.trim_start().strip_prefix("```") {
            Some(language) => {
                block = if block.is_some() {
                    None
                } else {
                    Some(language)
                }
            }
            None => found.push((block, line)),
        }
    }
    found
}

/// The text between backticks, outside code blocks.
fn code_words(text: &str) -> Vec<&str> {
    lines(text)
        .into_iter()
        .filter(|(block, _)| block.is_none())
        .flat_map(|(_, line)| line.split('`').skip(1).step_by(2))
        .collect()
}

/// What comes after a heading, up to the next one of the same rank or a higher one.
fn section<'a>(text: &'a str, heading: &str) -> &'a str {
    let start = format!("\n{heading}\n");
    let from = text
        .find(&start)
        .unwrap_or_else(|| panic!("no heading {heading:?}"))
        + start.len();
    let rank = heading.chars().take_while(|letter| *letter == '#').count();
    let mut end = text.len();
    for rank in 1..=rank {
        let next = format!("\n{} ", "#".repeat(rank));
        if let Some(at) = text[from..].find(&next) {
            end = end.min(from + at);
        }
    }
    &text[from..end]
}

/// A heading as links name it.
fn anchor(heading: &str) -> String {
    let title = heading.trim_start_matches('#').trim().to_lowercase();
    let kept = title.chars().filter_map(|letter| match letter {
        ' ' => Some('-'),
        '-' | '_' => Some(letter),
        _ => letter.is_alphanumeric().then_some(letter),
    });
    kept.collect()
}

#[test]
fn readme_is_short() {
    let lines = read("README.md").lines().count();
    assert!(lines <= 200, "README has {lines} lines");
}

#[test]
fn every_link_leads_somewhere() {
    let mut seen = 0;
    for page in pages() {
        let text = read(&page);
        let prose = lines(&text)
            .into_iter()
            .filter(|(block, _)| block.is_none());
        for (_, line) in prose {
            for link in line.split("](").skip(1) {
                let target = link.split(')').next().unwrap();
                if target.starts_with("https://") || target.starts_with("http://") {
                    continue;
                }
                seen += 1;
                let (file, place) = target.split_once('#').unwrap_or((target, ""));
                let path = match file {
                    "" => root().join(&page),
                    file => root().join(&page).parent().unwrap().join(file),
                };
                assert!(path.exists(), "{page}: {target}: there is no such file");
                if !place.is_empty() {
                    let text = std::fs::read_to_string(&path).unwrap();
                    let found = lines(&text).into_iter().any(|(block, line)| {
                        block.is_none() && line.starts_with('#') && anchor(line) == place
                    });
                    assert!(found, "{page}: {target}: there is no such heading");
                }
            }
        }
    }
    assert!(seen > 20, "only {seen} links found");
}

#[test]
fn every_page_is_linked_from_readme() {
    let readme = read("README.md");
    for page in pages().iter().filter(|page| *page != "README.md") {
        assert!(
            readme.contains(&format!("]({page})")),
            "{page} is not linked"
        );
    }
}

/// The command lines of the program that stand in the page's shell blocks, without its name.
fn commands(text: &str) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    for (block, line) in lines(text) {
        if block != Some("sh") {
            continue;
        }
        let call = ["fmnist-tui ", "cargo run --release -- "]
            .iter()
            .find_map(|name| Some((line.find(name)?, name)));
        let Some((at, name)) = call else {
            continue;
        };
        let mut rest = &line[at + name.len()..];
        // Inside a quoted command the quote ends it.
        if line[..at].matches('\'').count() % 2 == 1 {
            rest = rest.split('\'').next().unwrap();
        }
        for end in [" > ", " | ", " && ", " ::: "] {
            rest = rest.split(end).next().unwrap();
        }
        let rest = rest.replace("{}", "1").replace("$SLURM_ARRAY_TASK_ID", "1");
        let words = shlex::split(&rest);
        found.push(words.unwrap_or_else(|| panic!("{line}: not a shell's line")));
    }
    found
}

#[test]
fn every_printed_command_parses() {
    let folder = tempfile::tempdir().unwrap();
    let mut seen = 0;
    for page in pages() {
        for mut words in commands(&read(&page)) {
            seen += 1;
            // Options and their values …
            words.push("--help".into());
            let args: Vec<&str> = words.iter().map(String::as_str).collect();
            let (code, _, error) = run(folder.path(), &args);
            assert_eq!(code, 0, "{page}: {words:?}: {error}");
            words.pop();
            if words.starts_with(&["data".into(), "fetch".into()]) {
                continue;
            }
            // … and whether they go together: without data nothing is trained, but only a wrong
            // command line ends with 2.
            let mut command = program(folder.path());
            command.env("FMNIST_DATA", folder.path().join("nowhere"));
            let output = command.args(&words).output().unwrap();
            let error = String::from_utf8_lossy(&output.stderr);
            assert_ne!(output.status.code(), Some(2), "{page}: {words:?}: {error}");
        }
    }
    assert!(seen > 40, "only {seen} commands found");
}

/// The subcommands that the program's help lists, those of `data` too.
fn subcommands(folder: &Path) -> Vec<String> {
    let listed = |args: &[&str]| -> Vec<String> {
        let help = succeed(folder, args);
        let list = help.split("Commands:\n").nth(1).unwrap();
        list.lines()
            .take_while(|line| !line.is_empty())
            .filter_map(|line| line.split_whitespace().next())
            .filter(|name| *name != "help")
            .map(str::to_owned)
            .collect()
    };
    let mut names = listed(&["--help"]);
    names.retain(|name| name != "data");
    let inner = listed(&["data", "--help"]);
    names.extend(inner.iter().map(|name| format!("data {name}")));
    names
}

/// The long options in a help text.
fn options(help: &str) -> BTreeSet<&str> {
    let starts = help
        .lines()
        .map(str::trim_start)
        .map(|line| line.split_once(", --").map_or(line, |(_, long)| long))
        .filter_map(|line| line.strip_prefix("--"));
    starts
        .filter_map(|line| line.split([' ', '=', '[']).next())
        .filter(|name| !name.is_empty())
        .collect()
}

#[test]
fn every_subcommand_and_option_is_in_the_manual() {
    let folder = tempfile::tempdir().unwrap();
    let manual = read("docs/commands.md");
    let names = subcommands(folder.path());
    assert!(names.len() >= 15, "{names:?}");
    let mut sections = vec![("## The app".to_owned(), vec!["--help".to_owned()])];
    for name in names {
        let mut args: Vec<String> = name.split(' ').map(str::to_owned).collect();
        args.push("--help".into());
        sections.push((format!("## {name}"), args));
    }
    for (heading, args) in sections {
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        let help = succeed(folder.path(), &args);
        let text = section(&manual, &heading);
        let table: Vec<&str> = text.lines().filter(|line| line.starts_with("| ")).collect();
        let table = table.join("\n");
        let words = code_words(&table);
        let documented: BTreeSet<&str> = words
            .iter()
            .filter_map(|word| word.strip_prefix("--"))
            .filter_map(|word| word.split([' ', '[', '=']).next())
            .collect();
        // One of every command is explained once, of the app.
        let of_all = |option: &str| option == "ascii" && heading != "## The app";
        for option in options(&help).into_iter().filter(|option| !of_all(option)) {
            assert!(
                documented.contains(option)
                    || ["help", "version", "config", "plain"].contains(&option),
                "{heading} does not explain --{option}"
            );
        }
    }
}

/// A row of a table of fields: `| of | field | what it is | default | allowed |`.
struct Row {
    owner: String,
    field: String,
    default: String,
    allowed: String,
}

fn rows(text: &str) -> Vec<Row> {
    let mut found = Vec::new();
    for (block, line) in lines(text) {
        let cells: Vec<&str> = line.split('|').map(|cell| cell.trim()).collect();
        if let (None, ["", owner, field, _, default, allowed, ""]) = (block, &cells[..])
            && field.starts_with('`')
        {
            let plain = |cell: &str| cell.trim_matches('`').to_owned();
            found.push(Row {
                owner: match *owner {
                    "spec" => String::new(),
                    owner => plain(owner),
                },
                field: plain(field),
                default: plain(default),
                allowed: allowed.replace(',', ""),
            });
        }
    }
    found
}

/// A spec with one of everything that has no default.
fn smallest() -> Value {
    json!({
        "name": "x",
        "layers": ["Flatten", { "Dense": { "units": 10 } }],
        "optimizer": { "Adam": {} },
        "learning_rate": 0.1,
        "batch_size": 8,
        "epochs": 1
    })
}

/// What the spec means when the object that `pointer` leads to lacks `field`; none if it must not.
fn without(spec: &Value, pointer: &str, field: &str) -> Option<Value> {
    let mut spec = spec.clone();
    let object = spec.pointer_mut(pointer).unwrap();
    object.as_object_mut().unwrap().remove(field);
    let read: Spec = serde_json::from_value(spec).ok()?;
    let all = serde_json::to_value(read).unwrap();
    all.pointer(&format!("{pointer}/{field}")).cloned()
}

/// Every field of the spec: whose it is, where it stands, and a spec in which it stands there.
fn fields() -> Vec<(String, String, String, Value)> {
    let full = |spec: Value| -> Value {
        let read: Spec = serde_json::from_value(spec).unwrap();
        serde_json::to_value(read).unwrap()
    };
    let base = full(smallest());
    let mut found = Vec::new();
    let mut add = |owner: &str, pointer: &str, spec: &Value| {
        for field in spec.pointer(pointer).unwrap().as_object().unwrap().keys() {
            found.push((owner.into(), field.clone(), pointer.into(), spec.clone()));
        }
    };
    add("", "", &base);
    for owner in ["input", "augmentation", "early_stopping", "validation"] {
        add(owner, &format!("/{owner}"), &base);
    }
    let places = [
        ("loss", "/loss"),
        ("optimizer", "/optimizer"),
        ("schedule", "/schedule"),
        ("initializer", "/initializer"),
        ("normalization", "/normalization"),
        ("layers", "/layers/0"),
        ("Activation", "/layers/0/Activation"),
    ];
    for (place, pointer) in places {
        for choice in choices(place).unwrap() {
            if let Some((name, Some(held))) = variant(&choice)
                && held.is_object()
            {
                let name = name.to_owned();
                // The variant is put there first: what is within a layer needs that layer.
                let mut spec = base.clone();
                spec["layers"][0] = json!({ "Activation": "ReLU" });
                *spec.pointer_mut(pointer).unwrap() = choice;
                add(&name, &format!("{pointer}/{name}"), &full(spec));
            }
        }
    }
    found
}

#[test]
fn every_field_of_a_spec_is_in_the_manual_with_its_default_and_its_limit() {
    let manual = read("docs/files.md");
    let rows = rows(&manual);
    let fields = fields();
    assert!(fields.len() > 70, "only {} fields found", fields.len());
    for (owner, field, pointer, spec) in fields {
        // A variant's own name, inside of which its fields stand.
        let what = format!("docs/files.md: {owner} {field}");
        if owner == "Activation" {
            continue;
        }
        let row = rows
            .iter()
            .find(|row| row.owner == owner && row.field == field)
            .unwrap_or_else(|| panic!("{what} has no row"));
        if let Some(limit) = limit(&owner, &field) {
            let (low, high) = match limit {
                Limit::Whole(low, high) => (low as f64, high as f64),
                Limit::Real(low, high) => (low, high),
            };
            let said = row.allowed.split_once(" to ").map(|(low, high)| {
                let number = |text: &str| text.parse::<f64>().unwrap();
                (number(low), number(high))
            });
            assert_eq!(said, Some((low, high)), "{what}: what is allowed");
        }
        match without(&spec, &pointer, &field) {
            None => assert_eq!(row.default, "required", "{what}"),
            Some(Value::Object(_)) => assert_ne!(row.default, "required", "{what}"),
            Some(Value::String(text)) => assert_eq!(row.default, text, "{what}"),
            Some(Value::Bool(value)) => assert_eq!(row.default, value.to_string(), "{what}"),
            Some(value) => assert_eq!(row.default.parse().ok(), value.as_f64(), "{what}"),
        }
    }
}

#[test]
fn every_layer_optimiser_schedule_and_preset_is_named() {
    let manual = read("docs/files.md");
    let words: BTreeSet<&str> = code_words(&manual)
        .into_iter()
        .map(|word| word.trim_matches('"'))
        .collect();
    for place in [
        "layers",
        "Activation",
        "optimizer",
        "schedule",
        "initializer",
        "precision",
        "loss",
    ] {
        for choice in choices(place).unwrap() {
            let (name, _) = variant(&choice).unwrap();
            assert!(words.contains(name), "docs/files.md does not name {name}");
        }
    }
    let readme = read("README.md");
    for preset in PRESETS {
        let row = format!("\n| `{}` | ", preset.name);
        assert!(
            section(&readme, "## Presets").contains(&row),
            "README lacks {}",
            preset.name
        );
    }
}

#[test]
fn the_spec_in_the_manual_is_one() {
    let manual = read("docs/files.md");
    let json: Vec<&str> = lines(&manual)
        .into_iter()
        .filter(|(block, _)| *block == Some("json"))
        .map(|(_, line)| line)
        .collect();
    Spec::parse(&json.join("\n"), Path::new("docs/files.md")).unwrap();
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn every_test_and_file_that_is_named_exists() {
    let mut files = Vec::new();
    sources(&root().join("src"), &mut files);
    sources(&root().join("tests"), &mut files);
    let code: String = files
        .iter()
        .map(|path| std::fs::read_to_string(path).unwrap())
        .collect();
    let mut seen = 0;
    for page in pages() {
        let text = read(&page);
        for word in code_words(&text) {
            let is_path = ["tests/", "fuzz/", "src/", "licenses/"]
                .iter()
                .any(|folder| word.starts_with(folder));
            if is_path {
                seen += 1;
                assert!(root().join(word).exists(), "{page}: there is no {word}");
            }
            let is_name = |word: &str| {
                let plain =
                    |letter: char| letter.is_ascii_lowercase() || "_0123456789".contains(letter);
                word.matches('_').count() >= 4 && word.chars().all(plain)
            };
            if is_name(word) {
                seen += 1;
                assert!(
                    code.contains(&format!("fn {word}(")),
                    "{page}: there is no test {word}"
                );
            }
        }
    }
    assert!(seen > 30, "only {seen} found");
}
