//! What the screen shows and does.

use super::Design;
use super::keys::{FORM, LIST, TEXT};
use crate::spec::{Layer, Problem, Spec};
use crate::tui::effect::{Effect, Job};
use crate::tui::overlays::Question;
use crate::tui::request::Request;
use crate::tui::screens::Screen;
use crate::tui::shared::Shared;
use crate::tui::theme::Theme;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::Terminal;
use ratatui::backend::TestBackend;

/// The screen with what is around it, driven by keys.
struct Bench {
    design: Design,
    shared: Shared,
}

impl Bench {
    fn new() -> Self {
        Self {
            design: Design::default(),
            shared: Shared::new(Theme::default()),
        }
    }

    fn press(&mut self, code: KeyCode, modifiers: KeyModifiers) -> Vec<Effect> {
        let event = KeyEvent::new(code, modifiers);
        self.design.key(event, &mut self.shared).unwrap_or_default()
    }

    fn key(&mut self, code: KeyCode) -> Vec<Effect> {
        self.press(code, KeyModifiers::NONE)
    }

    fn keys(&mut self, letters: &str) {
        for letter in letters.chars() {
            match letter {
                '\n' => self.key(KeyCode::Enter),
                letter => self.key(KeyCode::Char(letter)),
            };
        }
    }

    fn text(&self, width: u16, height: u16) -> String {
        let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
        let draw = |frame: &mut ratatui::Frame<'_>| {
            self.design.draw(frame, frame.area(), &self.shared);
        };
        terminal.draw(draw).unwrap();
        let buffer = terminal.backend().buffer().clone();
        let row = |y: u16| {
            let cells = (0..width).map(|x| buffer[(x, y)].symbol().to_owned());
            cells.collect::<String>().trim_end().to_owned()
        };
        (0..height).map(row).collect::<Vec<_>>().join("\n")
    }
}

const SIZES: [(u16, u16); 7] = [
    (78, 19),
    (54, 14),
    (90, 27),
    (20, 5),
    (3, 2),
    (1, 1),
    (1, 40),
];

#[test]
fn the_start_network_is_shown_with_its_costs() {
    let bench = Bench::new();
    assert!(!bench.design.has_unsaved_edits());
    insta::assert_snapshot!(bench.text(78, 19));
}

#[test]
fn a_misfit_is_explained_at_its_layer() {
    let mut bench = Bench::new();
    // The Flatten is switched off: what follows works on flat values.
    bench.keys("jjjjjjjjjj ");
    assert!(bench.design.has_unsaved_edits());
    let problem = bench.design.spec().check().unwrap_err();
    bench.keys("g");
    bench.design.show_problem(&problem);
    insta::assert_snapshot!(bench.text(54, 14));
    bench.keys("u");
    assert!(!bench.design.has_unsaved_edits());
    assert!(bench.design.spec().check().is_ok());
}

#[test]
fn a_residual_layer_shows_what_it_spans_and_keeps_it() {
    let mut bench = Bench::new();
    let residual = |bench: &Bench| {
        let layers = &bench.design.spec().layers;
        let found = layers
            .iter()
            .enumerate()
            .find_map(|(at, layer)| match layer {
                Layer::Residual { span } => Some((at, *span)),
                _ => None,
            });
        found.unwrap()
    };
    // What goes past the layers must be of the size that comes out of them.
    let mut spec = bench.design.spec().clone();
    if let Layer::Conv2d { padding, .. } = &mut spec.layers[5] {
        *padding = 1;
    }
    bench.design.open(spec);
    bench.keys("jjjjjjjaresid\n");
    insta::assert_snapshot!(bench.text(78, 19));
    assert!(bench.design.spec().check().is_ok());
    assert_eq!(residual(&bench), (8, 5));
    // A layer of the stack goes off and on, another one is put in, taken out, and moved past the end.
    bench.keys("k ");
    assert_eq!(residual(&bench), (7, 4));
    bench.keys(" ");
    assert_eq!(residual(&bench), (8, 5));
    bench.keys("yp");
    assert_eq!(residual(&bench), (9, 6));
    bench.keys("d");
    assert_eq!(residual(&bench), (8, 5));
    bench.keys("kJ");
    assert_eq!(residual(&bench), (7, 4));
    bench.keys("K");
    assert_eq!(residual(&bench), (8, 5));
    let ascii = Theme {
        ascii: true,
        ..Theme::default()
    };
    bench.shared = Shared::new(ascii);
    assert!(bench.text(78, 19).is_ascii());
}

#[test]
fn a_preset_is_opened_with_a_few_letters() {
    let mut bench = Bench::new();
    assert_eq!(
        bench.key(KeyCode::Char('o')),
        vec![Effect::Work(Job::ListSpecs)]
    );
    bench.design.list_specs(vec![
        ("my-net.json".into(), Ok(Spec::smallest())),
        ("bad\u{1b}.json".into(), Err("bad.json:1:2: no".into())),
    ]);
    bench.keys("bnd");
    insta::assert_snapshot!(bench.text(78, 19));
    bench.keys("\n");
    let Some(Request::OpenSpec(spec)) = bench.shared.requests.pop() else {
        panic!("it is opened");
    };
    assert_eq!(spec.name, "bn-dropout");
    assert_eq!(bench.design.context(), LIST);
}

#[test]
fn layers_are_added_moved_copied_and_brought_back() {
    let mut bench = Bench::new();
    let start = bench.design.spec().clone();
    bench.keys("agelu\n");
    assert_eq!(bench.design.spec().layers[1].to_string(), "GELU");
    bench.keys("K");
    assert_eq!(bench.design.spec().layers[0].to_string(), "GELU");
    bench.keys("yp");
    assert_eq!(bench.design.spec().layers.len(), start.layers.len() + 2);
    bench.keys("dd p");
    let end = bench.design.spec().clone();
    bench.keys("uuuuuuuuuu");
    assert_eq!(bench.design.spec(), &start);
    for _ in 0..10 {
        bench.press(KeyCode::Char('r'), KeyModifiers::CONTROL);
    }
    assert_eq!(bench.design.spec(), &end);
}

#[test]
fn forms_change_layers_and_training() {
    let mut bench = Bench::new();
    bench.keys("\n32");
    assert!(bench.text(78, 19).contains("32×28×28"), "shown as typed");
    assert!(!bench.design.has_unsaved_edits(), "not applied yet");
    insta::assert_snapshot!(bench.text(78, 19));
    bench.key(KeyCode::Down);
    bench.keys("99\n");
    assert_eq!(bench.design.context(), FORM);
    bench.key(KeyCode::Backspace);
    bench.key(KeyCode::Backspace);
    bench.keys("5\n");
    assert_eq!(
        bench.design.spec().layers[0].to_string(),
        "Conv2d 32, 5×5, padding 1"
    );
    bench.keys("h");
    // The name is among the last.
    while !bench.text(78, 19).contains("▌ name ") {
        bench.key(KeyCode::Up);
    }
    bench.keys("-x");
    bench.keys("\n");
    assert_eq!(bench.design.spec().name, "bn-dropout-x");
    bench.keys("h");
    let far = Problem::field(&["warmup_epochs"], "is longer than the run");
    bench.design.show_problem(&far);
    assert!(bench.text(90, 27).contains("is longer than the run"));
    bench.key(KeyCode::Esc);
    bench.design.saved();
    assert!(!bench.design.has_unsaved_edits());
}

/// Goes to the precision's row of the training form.
fn to_precision(bench: &mut Bench) {
    for _ in 0..60 {
        if bench.text(78, 19).contains("1 of 3: 32-bit")
            || bench.text(78, 19).contains("2 of 3: bf16")
        {
            return;
        }
        bench.key(KeyCode::Up);
    }
    panic!("{}", bench.text(78, 19));
}

#[test]
fn the_precision_is_a_row_of_the_training_form() {
    use crate::spec::Precision;
    let mut bench = Bench::new();
    assert_eq!(bench.design.spec().precision, Precision::F32);
    bench.keys("h");
    // Far down: after it come augmentation and the rest.
    to_precision(&mut bench);
    let text = bench.text(78, 19);
    assert!(text.contains("1 of 3: 32-bit floats"), "{text}");
    bench.key(KeyCode::Right);
    insta::assert_snapshot!(bench.text(78, 19));
    bench.keys("\n");
    assert_eq!(bench.design.spec().precision, Precision::Bf16);
    assert!(bench.text(78, 19).contains("seed 1 · bf16 · XavierUniform"));
    bench.keys("h");
    to_precision(&mut bench);
    bench.keys(" \n");
    assert_eq!(bench.design.spec().precision, Precision::Auto);
    assert!(bench.text(78, 19).contains("seed 1 · auto · XavierUniform"));
}

#[test]
fn json_is_checked_while_it_is_typed() {
    let mut bench = Bench::new();
    bench.keys("e");
    bench.key(KeyCode::Esc);
    assert_eq!(bench.design.context(), LIST);
    bench.keys("ex");
    assert!(bench.text(78, 19).contains("line 1, column 1"));
    bench.press(KeyCode::Char('s'), KeyModifiers::CONTROL);
    assert_eq!(bench.design.context(), TEXT);
    bench.key(KeyCode::Esc);
    assert!(matches!(
        bench.shared.requests.pop(),
        Some(Request::Ask(Question::DropText, _))
    ));
    bench.key(KeyCode::Backspace);
    bench.key(KeyCode::Down);
    bench.key(KeyCode::End);
    bench.key(KeyCode::Left);
    bench.key(KeyCode::Left);
    bench.keys("-2");
    bench.press(KeyCode::Char('s'), KeyModifiers::CONTROL);
    assert_eq!(bench.design.spec().name, "bn-dropout-2");
    bench.keys("ex");
    bench.design.drop_text();
    assert_eq!(bench.design.spec().name, "bn-dropout-2");
}

#[test]
fn no_size_and_no_state_breaks_the_drawing() {
    for keys in [
        "", "a", "aconv", "azzz", "\n", "\n99", "h", "h\n", "o", "ozzz", "e", "ex", "G",
    ] {
        for mut bench in [Bench::new(), Bench::new()] {
            bench.shared.theme.ascii = keys.len() % 2 == 0;
            bench.keys(keys);
            for (width, height) in SIZES {
                let text = bench.text(width, height);
                assert!(!bench.shared.theme.ascii || text.is_ascii(), "{text}");
            }
        }
    }
    let mut bench = Bench::new();
    bench.keys(&"d".repeat(30));
    assert!(bench.text(78, 19).contains("no layers yet"));
    for (width, height) in SIZES {
        bench.text(width, height);
    }
    bench.keys("y pKJG\n");
    bench.key(KeyCode::Esc);
    bench.keys("aflat\n");
    assert_eq!(bench.design.spec().layers.len(), 2);
}

#[test]
fn a_click_chooses_and_another_opens() {
    use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
    let mut bench = Bench::new();
    bench.text(78, 19);
    let area = ratatui::layout::Rect::new(0, 0, 78, 19);
    let mouse = |kind, row| MouseEvent {
        kind,
        column: 10,
        row,
        modifiers: KeyModifiers::NONE,
    };
    let click = mouse(MouseEventKind::Down(MouseButton::Left), 5);
    bench.design.mouse(click, area, &mut bench.shared);
    assert_eq!(bench.design.stack.cursor(), 3);
    let wheel = mouse(MouseEventKind::ScrollDown, 5);
    bench.design.mouse(wheel, area, &mut bench.shared);
    assert_eq!(bench.design.stack.cursor(), 4);
    bench.design.mouse(click, area, &mut bench.shared);
    bench.design.mouse(click, area, &mut bench.shared);
    assert_eq!(bench.design.context(), FORM);
}
