//! Fetches all files of a data set.

use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use super::client::Client;
use super::error::FetchError;
use super::event::FetchEvent;
use super::options::FetchOptions;
use super::part::Part;
use super::present::missing;
use super::retry::{Context, fetch_file};
use crate::data::catalog::DataSetFiles;

/// How often a fetch checks whether it was cancelled, also while a server is silent.
const CHECK_EVERY: Duration = Duration::from_millis(100);

/// Fetches all files of `set` that are not in the folder yet; `cancel` stops it. They get their final
/// names only when all are complete, so that half a data set is never taken for a data set.
///
/// # Errors
/// If a file cannot be fetched or written, or the folder has one that differs. What has arrived stays
/// there as `.part`, and the next fetch continues it.
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
    let context = Context {
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
            while ended.recv_timeout(CHECK_EVERY) == Err(RecvTimeoutError::Timeout) {
                if cancel.load(Ordering::Relaxed) {
                    client.shut_down();
                    break;
                }
            }
        });
        let fetched = missing.into_iter().map(|(index, file)| {
            let part = fetch_file(&context, index, file, &dir.join(&file.name))?;
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
