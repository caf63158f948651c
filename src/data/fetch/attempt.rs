//! One try to get a file from one address.

use std::io::Read;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::client::Client;
use super::error::FetchError;
use super::part::Part;
use super::setback::Setback;
use crate::data::catalog::PublishedFile;

const BUFFER_BYTES: usize = 64 * 1024;
/// Time between two reports.
const REPORT_EVERY: Duration = Duration::from_millis(100);
/// Seconds that a try counts at least when its speed is computed: the first bytes arrive at once.
const SHORTEST: f64 = 0.2;

/// How far a file is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Progress {
    pub bytes: u64,
    /// Of this try.
    pub bytes_per_second: f64,
}

/// Downloads the missing bytes of the file and checks the whole. What has arrived stays in `part`,
/// unless it is known to be wrong.
pub(super) fn attempt(
    client: &Client,
    url: &str,
    file: &PublishedFile,
    part: &mut Part,
    cancel: &AtomicBool,
    report: &mut dyn FnMut(Progress),
) -> Result<(), Setback> {
    if part.length() > file.bytes {
        part.restart()?;
    }
    let resumed = part.length() > 0;
    if part.length() < file.bytes {
        receive(client, url, file, part, cancel, report)?;
    }
    let md5 = part.md5();
    if md5 == file.md5 {
        return Ok(());
    }
    part.restart()?;
    let text = format!(
        "wrong checksum: MD5 {md5}, published is {}; what had arrived is deleted",
        file.md5
    );
    Err(if resumed {
        Setback::Restart(text)
    } else {
        Setback::Lasting(text)
    })
}

fn receive(
    client: &Client,
    url: &str,
    file: &PublishedFile,
    part: &mut Part,
    cancel: &AtomicBool,
    report: &mut dyn FnMut(Progress),
) -> Result<(), Setback> {
    let mut reply = client.get(url, part.length())?;
    if let Some(length) = reply.length
        && reply.start.saturating_add(length) != file.bytes
    {
        return Err(Setback::Lasting(format!(
            "offers {} bytes where {} are published",
            reply.start.saturating_add(length),
            file.bytes
        )));
    }
    if reply.start < part.length() {
        // The server does not support ranges and sends the file from its beginning.
        part.restart()?;
    }
    let (start, began) = (part.length(), Instant::now());
    let mut reported: Option<Instant> = None;
    let mut buffer = vec![0; BUFFER_BYTES];
    // Read up to one byte more than published: enough to see that the file is another one.
    let mut body = reply.body.by_ref().take(file.bytes - start + 1);
    loop {
        let outcome = client.read(&mut body, &mut buffer);
        if cancel.load(Ordering::Relaxed) {
            return Err(FetchError::Cancelled.into());
        }
        let count = outcome?;
        if part.length() + count as u64 > file.bytes {
            part.restart()?;
            return Err(Setback::Lasting(format!(
                "sends more than the {} published bytes; what had arrived is deleted",
                file.bytes
            )));
        }
        part.append(&buffer[..count])?;
        let ended = count == 0;
        if ended || reported.is_none_or(|last| last.elapsed() >= REPORT_EVERY) {
            reported = Some(Instant::now());
            let seconds = began.elapsed().as_secs_f64().max(SHORTEST);
            report(Progress {
                bytes: part.length(),
                bytes_per_second: (part.length() - start) as f64 / seconds,
            });
        }
        if ended {
            break;
        }
    }
    if part.length() < file.bytes {
        return Err(Setback::Passing(format!(
            "the connection ended after {} of {} bytes",
            part.length(),
            file.bytes
        )));
    }
    Ok(())
}
