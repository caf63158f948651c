//! One file: tries, waits between them, and mirrors in turn.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use super::attempt::{Progress, Setback, attempt};
use super::client::Client;
use super::part::Part;
use super::{FetchError, FetchEvent, FetchOptions};
use crate::data::catalog::PublishedFile;
use crate::random::SplitMix64;

/// Only a try that brings so many bytes more than any before it counts as getting on: a server that
/// gives a byte at a time must not keep us for ever.
const GETTING_ON: u64 = 64 * 1024;
/// How often a wait looks whether it was told to stop.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// What the fetch of a file needs besides the file.
pub(super) struct Errand<'a> {
    pub client: &'a Client,
    pub mirrors: &'a [String],
    pub options: &'a FetchOptions,
    pub cancel: &'a AtomicBool,
    pub report: &'a (dyn Fn(FetchEvent) + Sync),
}

/// Fetches a file that will be `target`; it is whole and checked, but has not got its name yet.
pub(super) fn fetch_file(
    errand: &Errand<'_>,
    index: usize,
    file: &PublishedFile,
    target: &Path,
) -> Result<Part, FetchError> {
    let mut part = Part::open(target)?;
    match try_mirrors(errand, index, file, &mut part) {
        Ok(()) => Ok(part),
        Err(error) => {
            part.leave();
            Err(error)
        }
    }
}

fn try_mirrors(
    errand: &Errand<'_>,
    index: usize,
    file: &PublishedFile,
    part: &mut Part,
) -> Result<(), FetchError> {
    let mut reasons = Vec::new();
    for mirror in errand.mirrors {
        let url = format!("{mirror}{}", file.name);
        match try_mirror(errand, index, file, part, &url)? {
            None => return Ok(()),
            Some(reason) => {
                if reasons.len() + 1 < errand.mirrors.len() {
                    (errand.report)(FetchEvent::Retrying {
                        file: index,
                        reason: format!("{url}: {reason}; trying the next address"),
                        wait: Duration::ZERO,
                    });
                }
                reasons.push(format!("{url}: {reason}"));
            }
        }
    }
    Err(FetchError::NoMirror {
        name: file.name.clone(),
        reasons,
    })
}

/// Tries one address until it has given the file, or will not: then the answer is why.
fn try_mirror(
    errand: &Errand<'_>,
    index: usize,
    file: &PublishedFile,
    part: &mut Part,
    url: &str,
) -> Result<Option<String>, FetchError> {
    let mut chance = SplitMix64::keyed(&[now(), index as u64]);
    let (mut failed, mut furthest) = (0, part.length());
    loop {
        (errand.report)(FetchEvent::Started {
            file: index,
            url: url.into(),
            resumed_at: part.length(),
        });
        let mut report = |progress: Progress| {
            (errand.report)(FetchEvent::Progress {
                file: index,
                bytes: progress.bytes,
                bytes_per_second: progress.bytes_per_second,
            });
        };
        let outcome = attempt(errand.client, url, file, part, errand.cancel, &mut report);
        // A request that was ended from outside fails in some way; why is known here.
        if outcome.is_err() && errand.cancel.load(Ordering::Relaxed) {
            return Err(FetchError::Cancelled);
        }
        let reason = match outcome {
            Ok(()) => return Ok(None),
            Err(Setback::Fatal(error)) => return Err(error),
            Err(Setback::Lasting(reason)) => return Ok(Some(reason)),
            Err(Setback::Restart(reason)) => {
                part.restart()?;
                reason
            }
            Err(Setback::Passing(reason)) => reason,
        };
        if part.length() >= furthest + GETTING_ON {
            furthest = part.length();
            failed = 0;
        }
        failed += 1;
        if failed >= errand.options.patience.tries {
            return Ok(Some(reason));
        }
        let wait = errand.options.patience.wait(failed, chance.unit());
        (errand.report)(FetchEvent::Retrying {
            file: index,
            reason: format!("{url}: {reason}"),
            wait,
        });
        pause(wait, errand.cancel)?;
    }
}

fn pause(wait: Duration, cancel: &AtomicBool) -> Result<(), FetchError> {
    let end = Instant::now() + wait;
    loop {
        if cancel.load(Ordering::Relaxed) {
            return Err(FetchError::Cancelled);
        }
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ok(());
        }
        std::thread::sleep(left.min(LOOK_EVERY));
    }
}

/// Something that differs between two programs that started together.
fn now() -> u64 {
    let time = SystemTime::now().duration_since(UNIX_EPOCH);
    time.map_or(0, |time| time.as_nanos() as u64) ^ u64::from(std::process::id())
}
