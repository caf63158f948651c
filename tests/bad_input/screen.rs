//! Names from files in the full-screen app, in a real terminal.

use crate::names::HOSTILE;
use crate::pty::Screen;
use fmnist_tui::spec::preset;
use fmnist_tui::text::is_unseen;

#[test]
fn no_screen_obeys_a_name_from_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let hostile = HOSTILE.replace('/', "");
    let mut spec = preset("tiny").unwrap().into_spec();
    spec.name = HOSTILE.into();
    spec.dataset = HOSTILE.into();
    spec.epochs = 1;
    std::fs::write(folder.join(format!("{hostile}.json")), spec.to_json()).unwrap();
    // A run with that name, and one whose spec cannot be read for such a field.
    for (name, text) in [
        ("1", spec.to_json()),
        ("2", format!("{{\"{}\": 1}}", "\u{202e}\u{200b}")),
    ] {
        let run = folder.join(format!("runs/{name}{hostile}"));
        std::fs::create_dir_all(&run).unwrap();
        std::fs::write(run.join("spec.json"), text).unwrap();
    }

    let record = folder.join("record");
    let file = std::fs::File::create(&record).unwrap();
    let mut screen = Screen::run_recorded(folder, "exec $APP", file);
    screen.resize(140, 40);
    screen.wait_for("ready to train on");
    // The runs, then the spec: found by its name, opened, shown as JSON, trained, looked into.
    screen.press("5");
    screen.wait_for("pwned");
    screen.press("1opwned");
    screen.wait_until("the spec in the list", |text| {
        text.contains("open pwned") && text.contains("]0;pwned")
    });
    screen.press("\r");
    screen.wait_for("opened a");
    screen.press("e");
    screen.wait_for("\"name\"");
    screen.press("\u{1b}");
    screen.wait_for("parameters");
    screen.press("t");
    screen.wait_for("is done");
    screen.press("3");
    screen.wait_for("Ankle boot");
    screen.press("4");
    screen.wait_for("predicted");
    screen.press("5");
    screen.wait_for("pwned");
    screen.press("qy");
    assert_eq!(screen.ended(), 0);
    screen.wait_until_restored();

    let sent = std::fs::read(record).unwrap();
    let text = String::from_utf8_lossy(&sent);
    assert!(!text.contains("\u{1b}]0;pwned"), "the title was set");
    let mut sent = text.chars();
    let bad = sent.find(|c| is_unseen(*c) && !matches!(c, '\u{1b}' | '\n' | '\r' | '\u{8}'));
    assert_eq!(bad, None);
}
