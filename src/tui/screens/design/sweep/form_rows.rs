//! The form of a sweep on the screen.

use super::form::{Form, Row};
use super::state::SweepPanel;
use crate::sweep::Halving;
use crate::text::{escape_controls, grouped, last};
use crate::tui::theme::Theme;
use crate::tui::widgets::label::{cut_marked, plain};
use crate::tui::widgets::text_field::TextField;
use ratatui::text::{Line, Span};

/// Columns of a label.
const LABEL: usize = 10;

impl SweepPanel {
    pub(super) fn form_head(&self, width: usize, theme: Theme) -> Vec<Line<'static>> {
        let name = escape_controls(&self.spec.name);
        let title = format!(" A sweep of {name}: which settings are best, and which matter?");
        let plural = |count: usize| if count == 1 { "" } else { "s" };
        let cost = match self.form.counts() {
            None => " something is wrong with the settings".to_owned(),
            Some((combinations, runs)) => format!(
                " {} combination{} × {} seed{}: {} run{} of {} epoch{}",
                grouped(combinations as u64),
                plural(combinations),
                self.form.seeds,
                plural(self.form.seeds),
                grouped(runs as u64),
                plural(runs),
                self.form.epochs,
                plural(self.form.epochs),
            ),
        };
        let cut = |text: &str| cut_marked(&plain(text, theme), width, theme);
        vec![
            Line::styled(cut(&title), theme.accent()),
            Line::styled(cut(&cost), theme.dim()),
            Line::default(),
        ]
    }

    pub(super) fn form_rows(&self, width: usize, theme: Theme) -> Vec<Line<'static>> {
        let rows = self.form.rows().into_iter().enumerate();
        rows.map(|(index, row)| line(&self.form, row, index == self.form.cursor, width, theme))
            .collect()
    }

    /// What is said of the chosen line.
    pub(super) fn form_foot(&self) -> String {
        let form = &self.form;
        if let Some(refused) = &self.refused {
            return refused.clone();
        }
        match form.chosen() {
            Row::Vary(index) => match form.setting(index) {
                Some(Err(reason)) if form.completions().is_empty() => reason,
                Some(Ok(vary)) => match (form.trials, vary.values.len()) {
                    (0, 1) => format!("{}: one value. Commas part values: A,B,C", vary.key),
                    (0, values) => format!("{}: {values} values, each with all others", vary.key),
                    (trials, _) => format!("{}: {trials} trials draw from it", vary.key),
                },
                _ => {
                    let names = form.completions();
                    let shown = names.iter().take(8).copied().collect::<Vec<_>>().join(", ");
                    format!(
                        "A field and its values: dropout=0.1,0.3 or, with trials, a range: \
                         learning_rate=1e-4..1e-1:log. Tab completes: {shown}"
                    )
                }
            },
            Row::Seeds => {
                "Each combination is trained from so many seeds: only with two or more does \
                           a mean have an error."
                    .into()
            }
            Row::Epochs => {
                "Fewer epochs are faster, and say less of networks trained to their end.".into()
            }
            Row::Trials => {
                "0 trains every combination. Else so many are drawn, evenly from ranges and lists \
                            (Sobol's sequence, by the network's seed)."
                    .into()
            }
            Row::Prune => prune_in_words(form),
            Row::Jobs => {
                "Runs at a time, each on its share of the cores; the results are the same.".into()
            }
        }
    }
}

fn prune_in_words(form: &Form) -> String {
    let Some((combinations, _)) = form.counts().filter(|_| form.prune > 0) else {
        return "Successive halving: all are trained for few epochs, the best part of them longer, and so on. \
                Right chooses what part goes on."
            .into();
    };
    let halving = Halving { factor: form.prune };
    let rungs = halving.rungs(form.epochs, combinations);
    let words: Vec<String> = rungs
        .iter()
        .map(|rung| format!("{} to epoch {}", rung.combinations, rung.epochs))
        .collect();
    match words.len() {
        0 | 1 => format!(
            "There is nothing to prune: at least {} combinations and epochs are needed.",
            form.prune
        ),
        _ => format!("One in {} goes on: {}.", form.prune, words.join(", then ")),
    }
}

fn line(form: &Form, row: Row, is_chosen: bool, width: usize, theme: Theme) -> Line<'static> {
    let room = width.saturating_sub(LABEL + 3);
    let label = |name: &str| Span::styled(format!("{name:<LABEL$} "), theme.dim());
    let value = |name: &str, text: String| {
        let hint = match is_chosen {
            true => theme.sign("  ← → changes it", "  Left and Right change it"),
            false => "",
        };
        Line::from(vec![
            label(name),
            Span::raw(plain(&text, theme)),
            Span::styled(hint.to_owned(), theme.dim()),
        ])
    };
    match row {
        Row::Vary(index) => {
            let field = form.settings.get(index);
            let text = escape_controls(field.map_or("", TextField::text));
            let style = match form.setting(index) {
                Some(Err(_)) if !is_chosen => theme.bad(),
                _ => theme.text(),
            };
            let mut spans = vec![label("vary")];
            match field.filter(|_| is_chosen) {
                Some(field) => spans.extend(field.spans(room, style, theme)),
                None if text.is_empty() => {
                    spans.push(Span::styled("another setting", theme.dim()));
                }
                None => spans.push(Span::styled(last(&text, room).to_owned(), style)),
            }
            Line::from(spans)
        }
        Row::Seeds => value("seeds", form.seeds.to_string()),
        Row::Epochs => value("epochs", form.epochs.to_string()),
        Row::Trials => value(
            "trials",
            match form.trials {
                0 => "every combination".into(),
                trials => trials.to_string(),
            },
        ),
        Row::Prune => value(
            "prune",
            match form.prune {
                0 => "no".into(),
                factor => format!("one in {factor} goes on at each rung"),
            },
        ),
        Row::Jobs => value("at a time", form.jobs.to_string()),
    }
}
