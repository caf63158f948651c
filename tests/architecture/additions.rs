//! The table of `docs/architecture.md` that says which files of `src/` an addition touches.

use std::collections::BTreeSet;
use std::path::Path;

/// A row: what was added, the words that it brought, and the files they may stand in.
#[derive(Debug)]
pub struct Addition {
    pub what: String,
    pub words: Vec<String>,
    pub files: BTreeSet<String>,
    pub most: usize,
}

/// The rows of the table under the heading `What an addition touches`.
pub fn table(manual: &str) -> Vec<Addition> {
    let (_, section) = manual.split_once("## What an addition touches").unwrap();
    let rows = section.lines().skip_while(|line| !line.starts_with('|'));
    rows.take_while(|line| line.starts_with('|'))
        .skip(2)
        .map(|line| {
            let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
            let quoted = |cell: &str| {
                cell.split('`')
                    .skip(1)
                    .step_by(2)
                    .map(str::to_owned)
                    .collect::<Vec<_>>()
            };
            Addition {
                what: cells[0].to_owned(),
                words: quoted(cells[1]),
                files: quoted(cells[2]).into_iter().collect(),
                most: cells[3].parse().unwrap(),
            }
        })
        .collect()
}

impl Addition {
    /// The files of `src/` that have one of the words in their name or outside their tests, and the
    /// folders of the table that are there.
    pub fn found(&self, root: &Path) -> BTreeSet<String> {
        let files = super::source::files_below(&root.join("src"));
        files
            .iter()
            .filter(|path| !path.ends_with("tests.rs"))
            .filter_map(|path| {
                let name = path
                    .strip_prefix(root)
                    .unwrap()
                    .to_str()
                    .unwrap()
                    .to_owned();
                let text = std::fs::read_to_string(path).unwrap();
                let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
                let folder = self
                    .files
                    .iter()
                    .find(|file| file.ends_with('/') && name.starts_with(*file));
                let stem = path.file_stem().and_then(|stem| stem.to_str());
                let has = |word: &String| code.contains(word.as_str()) || stem == Some(word);
                match folder {
                    Some(folder) => Some(folder.clone()),
                    None => self.words.iter().any(has).then_some(name),
                }
            })
            .collect()
    }
}
