//! The lesson on the screen: a few lines below it.

use super::player::{Player, Stage};
use crate::explain::lesson::Wait;
use crate::text::{width, wrap};
use crate::tui::shared::Shared;
use crate::tui::theme::Theme;
use crate::tui::widgets::label::{cut_marked, plain};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

/// Lines of text that it takes at most; a third of a small screen is enough.
const MOST: u16 = 7;

impl Player {
    /// Rows that it takes of a screen of this size.
    pub fn height(&self, area: Rect, shared: &Shared) -> u16 {
        let lines = self.lines(area.width, shared).len() as u16 + 1;
        lines.min(MOST).min(area.height / 3)
    }

    /// Draws it.
    pub fn draw(&self, frame: &mut Frame<'_>, area: Rect, shared: &Shared) {
        if area.is_empty() {
            return;
        }
        self.draw_title(frame, Rect { height: 1, ..area }, shared.theme);
        let rows = area.rows().skip(1);
        for (row, line) in rows.zip(self.lines(area.width, shared)) {
            frame.render_widget(line, row);
        }
    }

    fn draw_title(&self, frame: &mut Frame<'_>, row: Rect, theme: Theme) {
        let rule = theme.sign("─", "-");
        let lesson = self.lesson();
        let place = format!("step {} of {}", self.position() + 1, lesson.steps.len());
        let keys = match self.stage() {
            Stage::Press(_) => String::new(),
            Stage::Over => " . closes   , back ".into(),
            Stage::Ask => format!(" {} predict   . skip   Esc leave ", self.letters()),
            _ => " . next   , back   Esc leave ".into(),
        };
        let room = usize::from(row.width).saturating_sub(width(&keys) + width(&place) + 10);
        let title = cut_marked(&plain(&lesson.title, theme), room, theme);
        let left = format!("{rule}{rule} {title}, {place} ");
        let rest = usize::from(row.width).saturating_sub(width(&left) + width(&keys) + 2);
        let line = Line::from(vec![
            Span::styled(left, theme.accent()),
            Span::styled(rule.repeat(rest), theme.dim()),
            Span::styled(keys, theme.accent()),
            Span::styled(rule.repeat(2), theme.dim()),
        ]);
        frame.render_widget(line, row);
    }

    /// The letters of the choices.
    fn letters(&self) -> String {
        let choices = self.step().ask.as_ref().map_or(0, |ask| ask.choices.len());
        let letters: Vec<String> = (0..choices)
            .map(|choice| letter(choice).to_string())
            .collect();
        letters.join(" ")
    }

    /// What there is to read, with a column of margin.
    fn lines(&self, columns: u16, shared: &Shared) -> Vec<Line<'static>> {
        let theme = shared.theme;
        let cells = usize::from(columns.saturating_sub(2)).min(110);
        let mut lines = Vec::new();
        let mut add = |text: &str, style: Style| {
            for line in wrap(&plain(text, theme), cells) {
                lines.push(Line::styled(format!(" {line}"), style));
            }
        };
        let step = self.step();
        match self.stage() {
            Stage::Say => add(&self.filled(&step.say), theme.text()),
            Stage::Ask => {
                if let Some(ask) = &step.ask {
                    add(&ask.text, theme.text());
                    for (index, choice) in ask.choices.iter().enumerate() {
                        add(&format!("{}) {choice}", letter(index)), theme.text());
                    }
                }
            }
            Stage::Press(done) => {
                let keys: Vec<String> = step.press.iter().map(ToString::to_string).collect();
                add(&self.filled(&step.say), theme.dim());
                let pressed = keys[..done.min(keys.len())].join(" ");
                add(&format!("pressed for you: {pressed}"), theme.accent());
            }
            Stage::Wait { is_impatient } => {
                add(&self.filled(&step.say), theme.text());
                let awaited = awaited(step.wait.as_ref(), shared);
                let skips = if is_impatient {
                    "; . again skips it"
                } else {
                    ""
                };
                add(&format!("{awaited}{skips}"), theme.dim());
            }
            Stage::Notice => {
                if let Some(ask) = &step.ask {
                    let right = &ask.choices[ask.answer];
                    let (text, style) = match self.answered() {
                        Some(answer) if answer == ask.answer => {
                            (format!("As you predicted: {right}."), theme.good())
                        }
                        Some(answer) => {
                            let said = &ask.choices[answer];
                            (
                                format!("You predicted: {said}. It is: {right}."),
                                theme.warning(),
                            )
                        }
                        None => (format!("It is: {right}."), theme.text()),
                    };
                    add(&text, style);
                }
                add(&self.filled(&step.notice), theme.text());
                for claim in self.claims() {
                    let (text, style) = match claim.holds {
                        Some(true) => (
                            format!("{} {}", theme.sign("✓", "ok"), claim.text),
                            theme.good(),
                        ),
                        Some(false) => (
                            format!(
                                "{} did not hold in this run: {}",
                                theme.sign("✗", "!"),
                                claim.text
                            ),
                            theme.bad(),
                        ),
                        None => (
                            format!("? cannot be checked: {}", claim.text),
                            theme.warning(),
                        ),
                    };
                    add(&text, style);
                }
            }
            Stage::Over => {
                let count = self.lesson().claims();
                let held = self.all_claims().filter(|claim| claim.holds == Some(true));
                let held = held.count();
                let (text, style) = match held == count {
                    true => (
                        format!("The lesson is over. All {count} claims held."),
                        theme.good(),
                    ),
                    false => (
                        format!("The lesson is over. {held} of {count} claims held."),
                        theme.warning(),
                    ),
                };
                add(&text, style);
                for claim in self.all_claims().filter(|claim| claim.holds != Some(true)) {
                    add(&format!("not held: {}", claim.text), theme.dim());
                }
                add(
                    "Your own network comes back; the runs stay on the Runs screen.",
                    theme.dim(),
                );
            }
        }
        lines
    }
}

/// The letter of a choice.
fn letter(index: usize) -> char {
    ['a', 'b', 'c', 'd'].get(index).copied().unwrap_or('?')
}

/// What is awaited, in words.
fn awaited(wait: Option<&Wait>, shared: &Shared) -> String {
    let run = shared.run.as_ref().filter(|run| run.is_active());
    match (wait, run) {
        (Some(Wait::Trained | Wait::Epoch(_)), Some(run)) => {
            let seed = shared.seeds.place(run);
            let seed = seed.map_or_else(String::new, |(seed, of)| format!(", seed {seed} of {of}"));
            let (done, of) = (run.epochs.len(), run.spec.epochs);
            format!("it trains: {done} of {of} epochs are done{seed}")
        }
        (Some(Wait::Trained | Wait::Epoch(_)), None) => {
            "t on any screen starts the training".into()
        }
        (Some(Wait::Key(key)), _) => format!("waiting for the key {key}"),
        (Some(Wait::Screen(title)), _) => format!("waiting for the screen {title}"),
        (None, _) => String::new(),
    }
}
