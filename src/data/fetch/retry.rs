//! One file: tries, waits between them, and mirrors in turn.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use super::attempt::{Progress, attempt};
use super::client::Client;
use super::error::FetchError;
use super::event::FetchEvent;
use super::options::FetchOptions;
use super::part::Part;
use super::setback::Setback;
use crate::data::catalog::PublishedFile;
use crate::random::SplitMix64;

/// A try counts as progress only if it gets this many bytes further than any before it: a server that
/// sends a byte per connection must not keep the fetch going for ever.
const PROGRESS_BYTES: u64 = 64 * 1024;
/// How often a wait checks whether the fetch was cancelled.
const CHECK_EVERY: Duration = Duration::from_millis(50);

/// What fetching needs besides the file.
pub(super) struct Context<'a> {
    pub client: &'a Client,
    pub mirrors: &'a [String],
    pub options: &'a FetchOptions,
    pub cancel: &'a AtomicBool,
    pub report: &'a (dyn Fn(FetchEvent) + Sync),
}

/// Fetches a file that will be `target`; the part returned is whole and checked, but still has its
/// own name.
pub(super) fn fetch_file(
    context: &Context<'_>,
    index: usize,
    file: &PublishedFile,
    target: &Path,
) -> Result<Part, FetchError> {
    let mut part = Part::open(target)?;
    match try_mirrors(context, index, file, &mut part) {
        Ok(()) => Ok(part),
        Err(error) => {
            part.leave();
            Err(error)
        }
    }
}

fn try_mirrors(
    context: &Context<'_>,
    index: usize,
    file: &PublishedFile,
    part: &mut Part,
) -> Result<(), FetchError> {
    let mut reasons = Vec::new();
    for mirror in context.mirrors {
        let url = format!("{mirror}{}", file.name);
        match try_mirror(context, index, file, part, &url)? {
            None => return Ok(()),
            Some(reason) => {
                if reasons.len() + 1 < context.mirrors.len() {
                    (context.report)(FetchEvent::Retrying {
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

/// Tries one address until the file is complete (`None`) or the address is given up: then the reason
/// is returned.
fn try_mirror(
    context: &Context<'_>,
    index: usize,
    file: &PublishedFile,
    part: &mut Part,
    url: &str,
) -> Result<Option<String>, FetchError> {
    let mut chance = SplitMix64::keyed(&[now(), index as u64]);
    let (mut failed, mut furthest) = (0, part.length());
    loop {
        (context.report)(FetchEvent::Started {
            file: index,
            url: url.into(),
            resumed_at: part.length(),
        });
        let mut report = |progress: Progress| {
            (context.report)(FetchEvent::Progress {
                file: index,
                bytes: progress.bytes,
                bytes_per_second: progress.bytes_per_second,
            });
        };
        let outcome = attempt(context.client, url, file, part, context.cancel, &mut report);
        // A cancelled request fails with some error of its own.
        if outcome.is_err() && context.cancel.load(Ordering::Relaxed) {
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
        if part.length() >= furthest + PROGRESS_BYTES {
            furthest = part.length();
            failed = 0;
        }
        failed += 1;
        if failed >= context.options.patience.tries {
            return Ok(Some(reason));
        }
        let wait = context.options.patience.wait(failed, chance.unit());
        (context.report)(FetchEvent::Retrying {
            file: index,
            reason: format!("{url}: {reason}"),
            wait,
        });
        pause(wait, context.cancel)?;
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
        std::thread::sleep(left.min(CHECK_EVERY));
    }
}

/// A number that differs between two programs started at the same time.
fn now() -> u64 {
    let time = SystemTime::now().duration_since(UNIX_EPOCH);
    time.map_or(0, |time| time.as_nanos() as u64) ^ u64::from(std::process::id())
}
