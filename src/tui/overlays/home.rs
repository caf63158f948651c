//! What a person sees first: where to go on, and where to begin.

use super::faces;
use crate::runs::PastRun;
use crate::spec::PRESETS;
use crate::text::{escape_controls, pad_end};
use crate::tui::action::{Action, Start};
use crate::tui::keys::{Binding, Context, DOWN, ENTER, ESC, UP, char, on};
use crate::tui::shared::Shared;
use crate::tui::widgets::label::{cut_marked, plain};
use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Position, Rect};
use ratatui::style::Modifier;
use ratatui::text::{Line, Span};
use ratatui::widgets::Clear;
use std::cell::RefCell;
use std::sync::Arc;

/// Where keys go on the start screen. Any other key closes it and does what it does on Design.
pub const CONTEXT: Context = Context::without_global_keys("Start");

/// The keys of the start screen. Those of the app that are here mean the same as there.
#[rustfmt::skip]
pub const KEYS: &[Binding<Action>] = &[
    on(CONTEXT, &[ENTER], Action::Open, "go", "begin with what is chosen"),
    on(CONTEXT, &[DOWN], Action::Next, "", "choose what is below"),
    on(CONTEXT, &[UP], Action::Previous, "", "choose what is above"),
    on(CONTEXT, &[ESC], Action::Dismiss, "design", "to the Design screen; an error goes, too"),
    on(CONTEXT, &[char('1')], Action::Begin(Start::Design), "", "go on with your network as you left it"),
    on(CONTEXT, &[char('r')], Action::Begin(Start::LastRun), "last run", "go on with the last run, or look at it if it is complete"),
    on(CONTEXT, &[char('H')], Action::Begin(Start::Lesson), "lessons", "learn by doing"),
    on(CONTEXT, &[char('o')], Action::Begin(Start::Preset), "presets", "open a preset or a spec file"),
    on(CONTEXT, &[char('m')], Action::Begin(Start::Data), "my data", "open a folder with images of your own"),
    on(CONTEXT, &[char('q')], Action::Begin(Start::Quit), "quit", "leave").pinned(),
];

/// What there is to begin with, and what it is called.
const ENTRIES: [(Start, &str); 6] = [
    (Start::Design, "Your network"),
    (Start::LastRun, "Your last run"),
    (Start::Lesson, "A lesson"),
    (Start::Preset, "A preset"),
    (Start::Data, "My own data"),
    (Start::Quit, "Leave"),
];

/// Cells of the text.
const TEXT: u16 = 76;
/// Cells of a name.
const NAME: usize = 16;

/// The open start screen.
#[derive(Debug, Default)]
pub struct Home {
    /// Position among the entries.
    chosen: usize,
    /// Where the entries were drawn last.
    places: RefCell<Vec<Rect>>,
}

impl Home {
    /// What is chosen.
    pub fn chosen(&self) -> Start {
        let entry = ENTRIES.get(self.chosen);
        entry.map_or(Start::Design, |(start, _)| *start)
    }

    /// Chooses the next entry, or the one before.
    pub fn step(&mut self, forward: bool) {
        self.chosen = match forward {
            true => (self.chosen + 1).min(ENTRIES.len() - 1),
            false => self.chosen.saturating_sub(1),
        };
    }

    /// Begins with what is clicked.
    pub fn click(&mut self, at: Position) -> Option<Action> {
        let places = self.places.borrow();
        let clicked = places.iter().position(|place| place.contains(at))?;
        self.chosen = clicked;
        Some(Action::Begin(self.chosen()))
    }

    /// Draws it in place of the screens.
    pub fn draw(&self, frame: &mut Frame<'_>, area: Rect, shared: &Shared) {
        let theme = shared.theme;
        frame.render_widget(Clear, area);
        let words = 3 + ENTRIES.len() as u16 + 2;
        let faces = faces::height(area, area.height.saturating_sub(words + 2), theme);
        let air = u16::from(area.height >= words + faces + 3);
        let column = area.centered_horizontally(Constraint::Length(TEXT.min(area.width)));
        let free = area.height.saturating_sub(faces + words + 2 * air) / 2;
        let [_, pictures, _, title, about, _, list, _, last] = Layout::vertical([
            Constraint::Length(free),
            Constraint::Length(faces),
            Constraint::Length(air),
            Constraint::Length(1),
            Constraint::Length(1),
            Constraint::Length(1),
            Constraint::Length(ENTRIES.len() as u16),
            Constraint::Length(1),
            Constraint::Length(1),
        ])
        .areas(column);
        let wide = Rect {
            x: area.x,
            width: area.width,
            ..pictures
        };
        if let Some(dataset) = shared.dataset() {
            faces::draw(frame, wide, &dataset.train, dataset.classes(), theme);
        }
        let style = theme.accent().add_modifier(Modifier::BOLD);
        frame.render_widget(Line::styled("fmnist-tui", style).centered(), title);
        let text = match about.width >= TEXT {
            true => "Design a small network, watch it learn, see what it gets wrong and why.",
            false => "Design a small network and watch it learn.",
        };
        frame.render_widget(Line::styled(text, theme.dim()).centered(), about);
        let mut places = self.places.borrow_mut();
        places.clear();
        for ((index, (start, name)), place) in ENTRIES.iter().enumerate().zip(list.rows()) {
            let line = self.entry(index, *start, name, place, shared);
            frame.render_widget(line, place);
            places.push(place);
        }
        let hint = "all other keys work here, too; : finds any action";
        frame.render_widget(Line::styled(hint, theme.dim()).centered(), last);
    }

    fn entry(
        &self,
        index: usize,
        start: Start,
        name: &str,
        place: Rect,
        shared: &Shared,
    ) -> Line<'static> {
        let theme = shared.theme;
        let chosen = index == self.chosen;
        let sign = if chosen { theme.sign("▌", ">") } else { " " };
        let keys = KEYS.iter().find(|row| row.action == Action::Begin(start));
        let key = keys.and_then(|row| row.keys.last());
        let key = key.map_or(String::new(), ToString::to_string);
        let room = usize::from(place.width).saturating_sub(NAME + 8);
        let about = cut_marked(&plain(&about(start, shared), theme), room, theme);
        let line = Line::from(vec![
            Span::styled(format!(" {sign} "), theme.accent()),
            Span::styled(format!("{key}  "), theme.accent()),
            Span::styled(pad_end(name, NAME), theme.text()),
            Span::styled(pad_end(&about, room + 2), theme.dim()),
        ]);
        match chosen {
            true => line.style(theme.selected()),
            false => line,
        }
    }
}

/// The newest run on disk; none before they are read, and where there are none.
pub fn last_run(shared: &Shared) -> Option<&Arc<PastRun>> {
    shared.past_runs.as_ref()?.first()
}

/// What an entry leads to today.
fn about(start: Start, shared: &Shared) -> String {
    match start {
        Start::Design => {
            let spec = &shared.designed.spec;
            let layers = match spec.layers.len() {
                1 => "1 layer".to_owned(),
                layers => format!("{layers} layers"),
            };
            let edited = if shared.designed.has_unsaved_edits {
                ", edited"
            } else {
                ""
            };
            format!("{}, {layers}{edited}", escape_controls(&spec.name))
        }
        Start::LastRun => match (&shared.past_runs, last_run(shared)) {
            (None, _) => "reading runs/ ...".to_owned(),
            (_, None) => "none in this folder yet; t trains your network".to_owned(),
            (_, Some(run)) => run_in_words(run),
        },
        Start::Lesson => "learn by doing, in three to four minutes each".to_owned(),
        Start::Preset => format!("{} networks to begin with; your spec files", PRESETS.len()),
        Start::Data => match shared.dataset() {
            Some(dataset) => {
                let name = escape_controls(&dataset.name);
                format!("open a folder of images; now: {name}")
            }
            None => "open a folder of images".to_owned(),
        },
        Start::Quit => String::new(),
    }
}

fn run_in_words(run: &PastRun) -> String {
    let Ok(spec) = &run.spec else {
        return format!("{} cannot be read; 5 lists all runs", run.name);
    };
    let (name, done) = (escape_controls(&spec.name), run.epochs.len());
    let best = run.epochs.iter().map(|epoch| epoch.validation_accuracy);
    let best = best.fold(None, |best: Option<f64>, next| {
        Some(best.map_or(next, |best| best.max(next)))
    });
    let accuracy = best.map_or(String::new(), |best| {
        format!(", best {:.1} %", 100.0 * best)
    });
    match () {
        () if run.in_use => format!("{name} is training in another window"),
        () if run.can_go_on() => {
            format!(
                "{name}: go on after {done} of {} epochs{accuracy}",
                spec.epochs
            )
        }
        () => format!("{name}: look at its {done} epochs{accuracy}"),
    }
}
