//! Fetching a data set from servers that behave, and from servers that do not.

#![allow(
    clippy::unwrap_used,
    reason = "a test may panic; the configured exception covers only functions marked as tests"
)]

#[cfg(unix)]
mod app;
mod command;
mod disk;
mod network;
#[path = "../program/mod.rs"]
mod program;
#[cfg(unix)]
#[path = "../pty/mod.rs"]
mod pty;
mod server;
mod tls;

use fmnist_tui::data::catalog::{DataSetFiles, PublishedFile};
use fmnist_tui::data::fetch::{FetchError, FetchEvent, FetchOptions, Patience, TimeOuts, fetch};
use md5::{Digest, Md5};
use server::Server;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::AtomicBool;
use std::time::Duration;
use tempfile::TempDir;

const NAME: &str = "train-labels-idx1-ubyte.gz";

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

/// Bytes without repeated stretches.
fn content() -> Vec<u8> {
    (0..50_000_u32).flat_map(u32::to_le_bytes).collect()
}

fn md5(bytes: &[u8]) -> String {
    let digest = Md5::digest(bytes);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A data set of one file with this content, on these servers.
fn set(content: &[u8], servers: &[&Server]) -> DataSetFiles {
    DataSetFiles {
        name: "test".into(),
        mirrors: servers.iter().map(|server| server.url()).collect(),
        files: vec![PublishedFile {
            name: NAME.into(),
            bytes: content.len() as u64,
            md5: md5(content),
            content_md5: md5(content),
        }],
    }
}

/// Into `dir`, with little patience.
fn options(dir: &Path) -> FetchOptions {
    FetchOptions {
        time_outs: TimeOuts {
            connect: Duration::from_secs(5),
            idle: Duration::from_millis(500),
            total: Duration::from_secs(60),
        },
        patience: Patience {
            tries: 3,
            first_wait: Duration::from_millis(10),
            longest_wait: Duration::from_millis(20),
        },
        ..FetchOptions::new(dir)
    }
}

/// Fetches; returns the outcome and the events.
fn run(set: &DataSetFiles, options: &FetchOptions) -> (Result<(), FetchError>, Vec<FetchEvent>) {
    let events = Mutex::new(Vec::new());
    let report = |event| events.lock().unwrap().push(event);
    let outcome = fetch(set, options, &AtomicBool::new(false), &report);
    (outcome, events.into_inner().unwrap())
}

/// Fetches from one server; it must work. Gives what was reported.
fn succeed(server: &Server, content: &[u8], dir: &Path) -> Vec<FetchEvent> {
    let (outcome, events) = run(&set(content, &[server]), &options(dir));
    outcome.unwrap();
    assert_eq!(std::fs::read(dir.join(NAME)).unwrap(), content);
    assert_eq!(names(dir), [NAME]);
    events
}

/// Fetches from one server; it must fail, and no file may get its final name. Gives the message.
fn fail(server: &Server, content: &[u8], dir: &Path) -> String {
    let (outcome, _) = run(&set(content, &[server]), &options(dir));
    assert!(!dir.join(NAME).exists());
    outcome.unwrap_err().to_string()
}

/// Why tries failed.
fn reasons(events: &[FetchEvent]) -> Vec<&str> {
    fn reason(event: &FetchEvent) -> Option<&str> {
        match event {
            FetchEvent::Retrying { reason, .. } => Some(reason),
            _ => None,
        }
    }
    events.iter().filter_map(reason).collect()
}

fn names(dir: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(dir).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn part(dir: &Path) -> PathBuf {
    dir.join(format!("{NAME}.part"))
}
