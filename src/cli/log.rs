//! The log file: `fmnist-tui.log` in the user's state folder. Never a reason to fail.

use std::fs::File;
use std::sync::Arc;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// A longer log is truncated at the start.
const MAX_BYTES: u64 = 1 << 20;

/// Starts logging at the level `FMNIST_LOG` names (`info` without it; `ureq=debug,info` for one part of the program),
/// and sends panics there: the terminal gets one line instead.
pub fn start() {
    if let Some(file) = open() {
        let wanted = std::env::var("FMNIST_LOG").ok();
        let wanted = wanted.filter(|levels| !levels.is_empty());
        let filter: Option<Targets> = wanted.and_then(|levels| levels.parse().ok());
        let lines = tracing_subscriber::fmt::layer()
            .with_ansi(false)
            .with_writer(Arc::new(file))
            .with_filter(filter.unwrap_or(Targets::new().with_default(LevelFilter::INFO)));
        // Fails only if a subscriber is set already.
        let _ = tracing_subscriber::registry().with(lines).try_init();
    }
    std::panic::set_hook(Box::new(|panic| tracing::error!("{panic}")));
}

fn open() -> Option<File> {
    let folder = crate::fs::user_state_folder()?;
    std::fs::create_dir_all(&folder).ok()?;
    let path = folder.join("fmnist-tui.log");
    if std::fs::metadata(&path).is_ok_and(|metadata| metadata.len() > MAX_BYTES) {
        File::create(&path).ok()?;
    }
    File::options().create(true).append(true).open(&path).ok()
}
