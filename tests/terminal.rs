//! The real program in a real terminal: from the first key to a saved model, and the terminal as it was.

#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    reason = "a test may panic; the configured exception covers only functions marked as tests"
)]

mod pty;

use fmnist_tui::nn::load_model;
use fmnist_tui::spec::preset;
use pty::Screen;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

const SCRIPT: &str = "stty -a > before; $APP; echo ended $?; stty -a > after";

fn modes_are_as_before(folder: &Path) {
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
    assert_eq!(read("before"), read("after"));
}

#[test]
fn a_network_is_changed_trained_watched_and_saved() {
    let folder = tempfile::tempdir().unwrap();
    let mut screen = Screen::run(folder.path(), SCRIPT);
    screen.wait_for("ready to train on");
    screen.wait_for("bn-dropout");
    screen.press("otiny");
    screen.wait_for("quick, for trying things");
    screen.press("\r");
    screen.wait_for("opened tiny");
    screen.wait_for("Conv2d 8, 3×3");
    // More kernels in the first layer: its form, and a step of the first field.
    screen.press("\r");
    screen.wait_for("out channels");
    screen.press("+\r");
    screen.wait_for("Conv2d 12, 3×3");
    screen.press("t");
    screen.wait_for("is done: best");
    screen.wait_for("best");
    let curves = screen.text();
    assert!(
        curves.contains("validation") || curves.contains("Validation"),
        "{curves}"
    );
    screen.press("3");
    screen.wait_for("Ankle boot");
    screen.press("4");
    screen.wait_for("predicted");
    screen.press("s");
    screen.wait_for("tiny.safetensors");
    screen.press("\r");
    screen.wait_for("saved tiny.safetensors");
    // The network is in no file of the user's, but it is kept: nothing is asked.
    screen.press("q");
    screen.ended();
    screen.wait_until_restored();
    screen.wait_for("ended 0");
    modes_are_as_before(folder.path());

    let (model, info) = load_model(&folder.path().join("tiny.safetensors")).unwrap();
    assert_eq!(model.classes(), 10);
    assert!(info.metrics["validation_accuracy"].as_f64().unwrap() > 0.85);
    let runs = std::fs::read_dir(folder.path().join("runs")).unwrap();
    assert_eq!(runs.count(), 1);
}

#[test]
fn the_network_comes_back_after_a_restart_and_a_damaged_one_is_a_word() {
    let folder = tempfile::tempdir().unwrap();
    let mut screen = Screen::run(folder.path(), "exec $APP");
    screen.wait_for("ready to train on");
    screen.press("otiny\r");
    screen.wait_for("opened tiny");
    screen.press("\r");
    screen.wait_for("out channels");
    screen.press("+\r");
    screen.wait_for("Conv2d 12, 3×3");
    screen.press(" ");
    screen.wait_for("is off");
    screen.press("q");
    assert_eq!(screen.ended(), 0);

    let mut screen = Screen::run(folder.path(), "exec $APP");
    screen.wait_for("tiny, 7 layers, edited");
    screen.press("\u{1b}");
    screen.wait_for("Conv2d 12, 3×3");
    screen.press("q");
    assert_eq!(screen.ended(), 0);

    let file = folder.path().join("fmnist-tui/design.json");
    let bytes = std::fs::read(&file).unwrap();
    std::fs::write(&file, &bytes[..100]).unwrap();
    let mut screen = Screen::run(folder.path(), "exec $APP");
    screen.wait_for("the network of last time cannot be read");
    screen.wait_for("bn-dropout, 20 layers");
    screen.press("q");
    assert_eq!(screen.ended(), 0);
}

#[test]
fn a_signal_gives_the_terminal_back() {
    let folder = tempfile::tempdir().unwrap();
    for signal in ["TERM", "INT", "HUP"] {
        let script = format!(
            "stty -a > before; $APP < /dev/tty & APP_PID=$!; while [ ! -e go ]; do sleep 0.05; done; \
             kill -{signal} $APP_PID; wait $APP_PID; echo ended; stty -a > after; rm go"
        );
        // Without job control a program in the background may read the keyboard.
        let mut screen = Screen::run(folder.path(), &format!("set +m; {script}"));
        screen.wait_for("ready to train on");
        std::fs::write(folder.path().join("go"), "").unwrap();
        screen.ended();
        screen.wait_until_restored();
        screen.wait_for("ended");
        modes_are_as_before(folder.path());
    }
}

/// Leaves a network in the folder that trains for as long as a test may take, and opens it.
fn open_a_long_run(screen: &mut Screen, folder: &Path) {
    let mut spec = preset("tiny").unwrap().into_spec();
    spec.name = "endless".into();
    spec.epochs = 10_000;
    std::fs::write(folder.join("endless.json"), spec.to_json()).unwrap();
    screen.press("o");
    screen.wait_for("endless.json");
    screen.press("endless\r");
    screen.wait_for("opened endless");
}

#[test]
fn a_thousand_sizes_while_training_leave_a_clean_screen() {
    let folder = tempfile::tempdir().unwrap();
    let mut screen = Screen::run(folder.path(), SCRIPT);
    screen.wait_for("ready to train on");
    open_a_long_run(&mut screen, folder.path());
    screen.train();
    screen.wait_for("● running");
    let mut random = ChaCha8Rng::seed_from_u64(1);
    for number in 0..1000 {
        // One of ten is tiny, as when a window is dragged to nothing.
        let (cols, rows) = match number % 10 {
            0 => (random.random_range(1..=12), random.random_range(1..=5)),
            _ => (random.random_range(1..=300), random.random_range(1..=100)),
        };
        screen.resize(cols, rows);
        // Sometimes faster than frames are drawn, sometimes slower.
        std::thread::sleep(Duration::from_millis(random.random_range(0..12)));
    }
    screen.resize(80, 24);
    screen.wait_for("● running");
    // Stopped, nothing moves any more: what is there now is compared with a screen drawn afresh.
    screen.press("xy");
    screen.wait_for("endless is stopped");
    screen.wait_for("● stopped");
    let after = screen.settled();
    screen.resize(60, 16);
    screen.wait_until("another size", |screen| screen != after);
    screen.resize(80, 24);
    screen.wait_until("the same screen again", |screen| screen == after);
    screen.press("?");
    screen.wait_for("Keys: Train");
    screen.press("\u{1b}");
    screen.wait_until("the same screen again", |screen| screen == after);
    screen.press("q");
    screen.ended();
    screen.wait_until_restored();
    screen.wait_for("ended 0");
    modes_are_as_before(folder.path());
}

#[test]
fn suspending_gives_the_terminal_back_and_continuing_draws_again() {
    let folder = tempfile::tempdir().unwrap();
    let mut screen = Screen::run(folder.path(), "exec sh -i");
    screen.press("$APP\r");
    screen.wait_for("ready to train on");
    screen.press("\u{1a}");
    screen.wait_for("Stopped");
    screen.wait_until_restored();
    screen.press("fg\r");
    screen.wait_for("20 layers");
    screen.press("q");
    screen.wait_for("fg");
    screen.press("exit\r");
    screen.ended();
    screen.wait_until_restored();
}

fn signal(screen: &Screen, name: &str) {
    let process = screen.process().to_string();
    let sent = Command::new("kill")
        .args([name, &process])
        .status()
        .unwrap();
    assert!(sent.success());
}

#[test]
fn stopped_and_continued_from_outside_the_terminal_is_given_back_and_set_up_again() {
    let folder = tempfile::tempdir().unwrap();
    let mut screen = Screen::run(folder.path(), "exec $APP");
    screen.wait_for("ready to train on");
    signal(&screen, "-TSTP");
    screen.wait_until_restored();
    signal(&screen, "-CONT");
    screen.wait_for("20 layers");
    // Whoever stops it without a word may leave the terminal in any state.
    signal(&screen, "-STOP");
    signal(&screen, "-CONT");
    screen.wait_for("20 layers");
    screen.press("?");
    screen.wait_for("Keys: Design");
    screen.press("\u{1b}");
    screen.wait_until("the help is closed", |text| !text.contains("Keys: Design"));
    screen.press("q");
    screen.ended();
    screen.wait_until_restored();
}

#[test]
fn a_dumb_terminal_is_refused_in_one_line_and_one_without_unicode_gets_ascii() {
    let folder = tempfile::tempdir().unwrap();
    let mut screen = Screen::run(folder.path(), "TERM=dumb $APP; echo ended $?");
    screen.ended();
    screen.wait_for("TERM=dumb");
    screen.wait_for("ended 1");
    for script in ["LC_ALL=C exec $APP", "exec $APP --ascii"] {
        let mut screen = Screen::run(folder.path(), script);
        screen.wait_for("ready to train on");
        let text = screen.settled();
        assert!(text.is_ascii(), "{text}");
        screen.press("q");
        screen.ended();
    }
    let listed = "LC_ALL=de_DE.ISO-8859-1 $APP summary --preset tiny; echo ended $?";
    let mut screen = Screen::run(folder.path(), listed);
    screen.ended();
    screen.wait_for("ended 0");
    let text = screen.text();
    assert!(text.contains("3x3") && text.is_ascii(), "{text}");
}

/// Takes so many bytes a second.
struct Slowly(f64);

impl Write for Slowly {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        // In small steps, as a line does.
        let bytes = &bytes[..bytes.len().min(60)];
        std::thread::sleep(Duration::from_secs_f64(bytes.len() as f64 / self.0));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn on_a_slow_line_frames_are_skipped_and_ctrl_c_acts_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let mut screen = Screen::run_recorded(folder.path(), "exec $APP", Slowly(1200.0));
    screen.wait_for("ready to train on");
    // A screen each, together more than this line takes in two minutes.
    for _ in 0..60 {
        screen.press("\t");
        std::thread::sleep(Duration::from_millis(20));
    }
    let pressed = Instant::now();
    screen.press("?");
    screen.wait_for("Keys: Design");
    assert!(
        pressed.elapsed() < Duration::from_secs(40),
        "{:?}",
        pressed.elapsed()
    );
    screen.press("\u{1b}");
    screen.wait_until("the help is closed", |text| !text.contains("Keys: "));
    screen.press("\t\t\t");
    std::thread::sleep(Duration::from_millis(500));
    let pressed = Instant::now();
    screen.press("\u{3}");
    screen.ended();
    assert!(
        pressed.elapsed() < Duration::from_secs(2),
        "{:?}",
        pressed.elapsed()
    );
}
