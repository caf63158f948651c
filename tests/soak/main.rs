//! Hours of use in minutes: `tiny` is trained again and again under random keys, clicks, pastes and
//! sizes. Every event must be shown, every epoch written and counted, and the memory stay flat.

#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    reason = "a test may panic; the configured exception covers only functions marked as tests"
)]

mod keys;
mod latency;
mod memory;
mod models;
#[path = "../pty/mod.rs"]
mod pty;
mod runs;
mod session;

use keys::Keys;
use memory::Memory;
use pty::comes_true_within;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use runs::Runs;
use session::Session;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// What came together.
#[derive(Default)]
struct Tally {
    runs: usize,
    /// Runs that the keys ended early.
    stopped: usize,
    /// Runs that the keys have deleted before they could be looked at.
    deleted: usize,
    epochs: usize,
    memory: Memory,
}

/// Trains and types until enough is done, and prints what was seen.
fn soak(seed: u64, is_enough: impl Fn(usize) -> bool) -> Tally {
    let folder = tempfile::tempdir().unwrap();
    let started = Instant::now();
    let mut session = Session::start(folder.path());
    let mut keys = Keys::new(ChaCha8Rng::seed_from_u64(seed));
    let mut runs = Runs::of(folder.path());
    let mut tally = Tally::default();
    while !is_enough(tally.runs) {
        one_run(
            folder.path(),
            &mut session,
            &mut keys,
            &mut runs,
            &mut tally,
        );
        if tally.runs.is_multiple_of(100) {
            report(seed, started, &session, &tally);
        }
    }
    report(seed, started, &session, &tally);
    session.settle();
    // The network may have edits, and then there is a question.
    session.screen.press("qy");
    assert_eq!(session.screen.ended(), 0);
    session.screen.wait_until_restored();
    tally
}

/// Starts `tiny`, types while it trains, and compares the screen with what the run has written.
fn one_run(
    folder: &Path,
    session: &mut Session,
    keys: &mut Keys,
    runs: &mut Runs,
    tally: &mut Tally,
) {
    let run = start_tiny(folder, session, runs);
    for _ in 0..1 + keys.below(6) {
        if keys.below(4) == 0 {
            resize(session, keys);
        }
        for _ in 0..1 + keys.below(40) {
            session.send(&keys.draw());
        }
        session.all_shown();
        session.probe();
    }
    let ended = session.run_ended();
    match runs::epochs(&run) {
        Some(written) => assert_eq!(ended.epochs, written, "\n{}", session.screen.text()),
        None => tally.deleted += 1,
    }
    // The keys may have made it longer.
    assert!(ended.stopped || ended.epochs >= 10, "{ended:?}");
    // Always in the same state: a run takes memory and gives it back.
    tally.memory.sample(session.screen.process());
    tally.runs += 1;
    tally.stopped += usize::from(ended.stopped);
    tally.epochs += ended.epochs;
    runs.tidy();
}

/// Opens `tiny` and starts it. What the random keys have asked for may be answered only now, with a
/// question that takes the next keys: then once more from the start.
fn start_tiny(folder: &Path, session: &mut Session, runs: &mut Runs) -> PathBuf {
    let patience = Duration::from_secs(10);
    for _ in 0..6 {
        session.settle();
        remove_specs(folder);
        session.type_keys("1otiny\r");
        let screen = &session.screen;
        comes_true_within(patience, || {
            let text = screen.text();
            text.contains("opened tiny") || text.contains(" Sure? ")
        });
        if session.screen.text().contains(" Sure? ") {
            session.type_keys("y");
        }
        let screen = &session.screen;
        if !comes_true_within(patience, || screen.text().contains("opened tiny")) {
            continue;
        }
        session.type_keys("t");
        let mut run = None;
        comes_true_within(patience, || {
            run = runs.new_one();
            run.is_some()
        });
        if let Some(run) = run {
            return run;
        }
    }
    panic!("no run begins\n{}", session.screen.text());
}

/// Types at another size, mostly a usable one, and goes back to 80×24.
fn resize(session: &mut Session, keys: &mut Keys) {
    let (cols, rows) = match keys.below(4) {
        0 => (1 + keys.below(59), 1 + keys.below(15)),
        1 => (120 + keys.below(100), 36 + keys.below(30)),
        _ => (60 + keys.below(19), 16 + keys.below(40)),
    };
    session.resize(cols, rows);
    for _ in 0..keys.below(10) {
        session.send(&keys.draw());
    }
    session.all_shown();
    session.resize(80, 24);
}

/// What the keys have written must not come up in the list of networks to open.
fn remove_specs(folder: &Path) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|ending| ending == "json") {
            std::fs::remove_file(path).unwrap();
        }
    }
}

fn report(seed: u64, started: Instant, session: &Session, tally: &Tally) {
    println!(
        "seed {seed}: {:.0} s; {} runs ({} ended early by keys, {} deleted by keys), {} epochs; \
         {} events, none lost; {} resizes; {} probes\n  memory: {}\n  key to frame: {}",
        started.elapsed().as_secs_f64(),
        tally.runs,
        tally.stopped,
        tally.deleted,
        tally.epochs,
        session.sent,
        session.resizes,
        session.probes,
        tally.memory.summary(),
        session.log.summary()
    );
}

/// A number from the environment.
fn variable(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |text| text.parse().unwrap())
}

#[test]
fn a_few_runs_under_random_keys() {
    let tally = soak(1, |runs| runs == 4);
    assert!(tally.epochs > 0);
}

#[test]
#[ignore = "half an hour: cargo test --release --test soak -- --ignored --nocapture"]
fn half_an_hour_of_runs_under_random_keys() {
    let length = Duration::from_secs(60 * variable("SOAK_MINUTES", 30));
    let started = Instant::now();
    // A quarter of the samples needs at least one run.
    let is_enough = |runs| runs >= 4 && started.elapsed() > length;
    let tally = soak(variable("SOAK_SEED", 1), is_enough);
    assert!(
        tally.memory.growth() < 0.05,
        "the memory has grown: {}",
        tally.memory.summary()
    );
}
