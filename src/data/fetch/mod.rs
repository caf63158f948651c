//! Fetches a published data set over the network: resumed where it was interrupted, from the next
//! mirror where one fails, and checked before the files get their names.

mod address;
mod attempt;
mod client;
mod error;
mod options;
mod part;
mod retry;

pub use address::{BadAddress, base_address};
pub use error::FetchError;
pub use options::{FetchOptions, Patience, TimeOuts};

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use super::catalog::{DataSetFiles, PublishedFile};
use super::checksum;
use super::files::find_one;
use client::Client;
use part::Part;
use retry::{Errand, fetch_file};

/// How often a fetch looks whether it was told to stop, also while a server is silent.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// What happens during a fetch; `file` is a position in the data set's list.
#[derive(Clone, Debug, PartialEq)]
pub enum FetchEvent {
    /// A try begins.
    Started {
        /// Which.
        file: usize,
        /// From where.
        url: String,
        /// Bytes that were there already.
        resumed_at: u64,
    },
    /// Bytes have arrived.
    Progress {
        /// Which.
        file: usize,
        /// Bytes of the file that are there.
        bytes: u64,
        /// Of this try.
        bytes_per_second: f64,
    },
    /// A try has failed; another one follows.
    Retrying {
        /// Which.
        file: usize,
        /// Address and what went wrong.
        reason: String,
        /// Time until the next try.
        wait: Duration,
    },
    /// The file is complete and has the published checksum.
    Done {
        /// Which.
        file: usize,
        /// It was there before.
        already: bool,
    },
}

/// Fetches all files of `set` that are not in the folder yet; `cancel` stops it. They get their names
/// only when all are complete: the program must not take half a data set for a data set.
///
/// # Errors
/// If a file cannot be had or written, or one is there that differs. What has arrived stays beside
/// the final names, as `.part`, and the next fetch goes on from there.
pub fn fetch(
    set: &DataSetFiles,
    options: &FetchOptions,
    cancel: &AtomicBool,
    report: &(dyn Fn(FetchEvent) + Sync),
) -> Result<(), FetchError> {
    let dir = &options.dir;
    fs::create_dir_all(dir).map_err(|source| FetchError::Folder {
        dir: dir.clone(),
        source,
    })?;
    let missing = missing(set, options, report)?;
    let client = Client::new(options.time_outs);
    let errand = Errand {
        client: &client,
        mirrors: &set.mirrors,
        options,
        cancel,
        report,
    };
    std::thread::scope(|scope| {
        let (running, ended) = channel::<()>();
        let client = &client;
        scope.spawn(move || {
            while ended.recv_timeout(LOOK_EVERY) == Err(RecvTimeoutError::Timeout) {
                if cancel.load(Ordering::Relaxed) {
                    client.shut_down();
                    break;
                }
            }
        });
        let fetched = missing.into_iter().map(|(index, file)| {
            let part = fetch_file(&errand, index, file, &dir.join(&file.name))?;
            let already = false;
            report(FetchEvent::Done {
                file: index,
                already,
            });
            Ok(part)
        });
        let parts: Result<Vec<Part>, FetchError> = fetched.collect();
        drop(running);
        parts?.into_iter().try_for_each(Part::finish)
    })
}

/// The files to fetch. Looks at all before anything is fetched, so that a refusal comes at once.
fn missing<'a>(
    set: &'a DataSetFiles,
    options: &FetchOptions,
    report: &dyn Fn(FetchEvent),
) -> Result<Vec<(usize, &'a PublishedFile)>, FetchError> {
    let (mut missing, mut there, mut different) = (Vec::new(), Vec::new(), Vec::new());
    for (index, file) in set.files.iter().enumerate() {
        let target = options.dir.join(&file.name);
        match held(&options.dir, file)? {
            Held::Nothing => missing.push((index, file)),
            Held::Published => there.push(index),
            Held::Other(path) if path != target => return Err(FetchError::InTheWay { path }),
            Held::Other(_) if options.replace => missing.push((index, file)),
            Held::Other(path) => different.push(path),
        }
    }
    if !different.is_empty() {
        return Err(FetchError::Different { paths: different });
    }
    for file in there {
        let already = true;
        report(FetchEvent::Done { file, already });
    }
    Ok(missing)
}

/// What is in the folder under a file's name.
enum Held {
    Nothing,
    /// The published file, or its content packed in another way.
    Published,
    Other(PathBuf),
}

fn held(dir: &Path, file: &PublishedFile) -> Result<Held, FetchError> {
    let Some(path) = find_one(dir, file.stem()) else {
        return Ok(Held::Nothing);
    };
    match is_published(&path, file) {
        Ok(true) => Ok(Held::Published),
        Ok(false) => Ok(Held::Other(path)),
        Err(source) => Err(FetchError::Disk { path, source }),
    }
}

fn is_published(path: &Path, file: &PublishedFile) -> io::Result<bool> {
    if checksum::of_file(path)? == file.md5 {
        return Ok(true);
    }
    match checksum::of_content(path) {
        Ok(md5) => Ok(md5 == file.content_md5),
        // What cannot be unpacked is damaged, and so another file.
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => Err(error),
        Err(_) => Ok(false),
    }
}
