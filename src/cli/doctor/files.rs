//! Data, the config file, and the folders that are written to.

use super::report::Section;
use crate::cli::args::DataArgs;
use crate::cli::data::FASHION_MNIST;
use crate::cli::settings::read_settings;
use crate::config::{Place, place};
use crate::data::{self, FileReport, Located, Verdict};
use crate::fs::TEMPORARY_PREFIX;
use crate::runs::runs_folder;
use color_eyre::eyre::Report;
use serde_json::Value;
use std::path::Path;

/// Which data would be used, why, and whether each file is the published one.
pub fn data(args: &DataArgs) -> Section {
    let mut section = Section::new("Data");
    match data::locate(args.data.as_deref(), FASHION_MNIST) {
        Located::Sample { looked_in } => {
            section.add("folder", "none: the built-in sample set");
            let folders: Vec<String> = looked_in
                .iter()
                .map(|folder| folder.display().to_string())
                .collect();
            section.add("looked in", folders);
        }
        Located::Folder { dir, chosen_by } => {
            section.add("folder", dir.display().to_string());
            section.add("found by", chosen_by.to_string());
            match data::verify(&dir) {
                Ok(reports) => {
                    for report in reports {
                        let value = file_line(&report);
                        section.add(report.name, value);
                    }
                }
                Err(error) => section.add("files", error.to_string()),
            }
        }
    }
    section
}

fn file_line(report: &FileReport) -> String {
    let verdict = match &report.verdict {
        Verdict::Official { set } => format!("official {set}"),
        Verdict::KnownCopy { set, .. } => format!("known copy of {set}"),
        Verdict::Unknown => "readable, not a published file".into(),
        Verdict::Missing => return "missing".into(),
        Verdict::Unusable(error) => format!("damaged: {error}"),
    };
    let md5 = report.md5.as_deref().unwrap_or("unknown");
    format!("MD5 {md5}, {verdict}")
}

/// Where the config file is and what is wrong with it. Its settings count for what follows.
pub fn config(explicit: Option<&Path>) -> Section {
    let mut section = Section::new("Config");
    let place = place(explicit);
    section.add("file", place.path().map(|path| path.display().to_string()));
    let is_there = place.path().is_some_and(Path::exists);
    let state = match (read_settings(explicit), &place) {
        (Ok(()), Place::Usual(_) | Place::Nowhere) if !is_there => {
            "not there, it need not be".into()
        }
        (Ok(()), _) => "read, nothing is wrong with it".into(),
        (Err(error), _) => wrong(&error),
    };
    section.add("state", state);
    section
}

fn wrong(error: &Report) -> Value {
    format!("wrong: {error}").into()
}

/// Which folders are written to, and whether that works.
pub fn folders() -> Section {
    let mut section = Section::new("Folders");
    section.add("runs", folder(Some(runs_folder())));
    section.add("data", folder(data::user_folder(FASHION_MNIST).as_deref()));
    section.add("log", folder(crate::fs::user_state_folder().as_deref()));
    section.add("temporary", folder(Some(&std::env::temp_dir())));
    section
}

/// The folder and whether it can be written; that of one that is not there yet is told by the nearest one above.
fn folder(folder: Option<&Path>) -> Value {
    let Some(folder) = folder else {
        return Value::Null;
    };
    let shown = folder.display();
    let mut above = folder
        .ancestors()
        .map(|path| match path.as_os_str().is_empty() {
            true => Path::new("."),
            false => path,
        });
    let is_there = folder.exists();
    let Some(existing) = above.find(|path| path.exists()) else {
        return format!("{shown}: not there").into();
    };
    let tried = tempfile::Builder::new()
        .prefix(TEMPORARY_PREFIX)
        .tempfile_in(existing);
    let state = match (tried, is_there) {
        (Ok(_), true) => "can be written".into(),
        (Ok(_), false) => "not there yet, can be made".into(),
        (Err(error), _) => format!("cannot be written: {}", error.kind()),
    };
    format!("{shown}: {state}").into()
}
