//! The ladder while parts are chosen: what can be left out, from how many seeds, for how many epochs.

use super::state::{FIELDS, Ladder};
use crate::spec::ablation::Candidate;
use crate::text::{count, escape_controls, grouped};
use crate::tui::theme::Theme;
use crate::tui::widgets::label::{cut_marked, left, plain};
use ratatui::text::{Line, Span};

impl Ladder {
    pub(super) fn choosing_head(&self, width: usize, theme: Theme) -> Vec<Line<'static>> {
        let name = escape_controls(&self.spec.name);
        let title =
            format!(" What does each part of {name} bring? It is trained without one at a time.");
        let plural = |count: usize| if count == 1 { "" } else { "s" };
        let (marked, runs) = (self.marked().len(), self.runs());
        let cost = format!(
            " {marked} of {} parts marked, and the whole network: {} runs of {} epoch{}",
            self.candidates.len(),
            grouped(runs as u64),
            self.epochs,
            plural(self.epochs)
        );
        vec![
            Line::styled(
                cut_marked(&plain(&title, theme), width, theme),
                theme.accent(),
            ),
            Line::styled(cut_marked(&plain(&cost, theme), width, theme), theme.dim()),
            Line::default(),
        ]
    }

    pub(super) fn choosing_rows(&self, width: usize, theme: Theme) -> Vec<Line<'static>> {
        let field = |name: &str, value: usize, row: usize| {
            let hint = match self.cursor == row {
                true => theme.sign("  ← → changes it", "  Left and Right change it"),
                false => "",
            };
            Line::from(vec![
                Span::raw(format!("{name:<8}{value:>6}")),
                Span::styled(hint.to_owned(), theme.dim()),
            ])
        };
        let mut rows = vec![
            field("seeds", self.seeds, 0),
            field("epochs", self.epochs, 1),
        ];
        debug_assert_eq!(rows.len(), FIELDS);
        let marks = self.candidates.iter().zip(&self.is_marked);
        rows.extend(marks.map(|(candidate, is_marked)| row(candidate, *is_marked, width, theme)));
        rows
    }

    /// What is said of the chosen row.
    pub(super) fn choosing_foot(&self) -> String {
        match self.chosen() {
            None if self.cursor == 0 => {
                "Every network is trained from these seeds. More seeds make the intervals narrower; one seed \
                 has the error that the validation images leave."
                    .into()
            }
            None => "Fewer epochs are faster, and say less of the network trained to its end.".into(),
            Some(candidate) => self.about(candidate),
        }
    }

    /// What goes, what takes its place, and what the network costs without it; or why it cannot go.
    pub(super) fn about(&self, candidate: &Candidate) -> String {
        match &candidate.variant {
            Err(reason) => format!("{} cannot be left out: {reason}", candidate.name),
            Ok(variant) => {
                let note = variant
                    .note
                    .as_ref()
                    .map_or(String::new(), |note| format!(": {note}"));
                let costs = |spec: &crate::spec::CheckedSpec| {
                    let summary = spec.summary();
                    (count(summary.parameters()), count(summary.multiply_adds()))
                };
                let (parameters, multiply_adds) = costs(&variant.spec);
                let (whole, whole_multiply_adds) = costs(&self.spec);
                format!(
                    "Without {}{note}. {parameters} parameters (whole {whole}), {multiply_adds} \
                     multiply-adds ({whole_multiply_adds}).",
                    candidate.name
                )
            }
        }
    }
}

fn row(candidate: &Candidate, is_marked: bool, width: usize, theme: Theme) -> Line<'static> {
    let room = width.saturating_sub(6);
    match &candidate.variant {
        Err(reason) => {
            let text = format!("    {}: {reason}", candidate.name);
            let text = cut_marked(&plain(&text, theme), room + 4, theme);
            Line::styled(text, theme.dim())
        }
        Ok(variant) => {
            let name_width = 32.min(room);
            let name = left(&plain(&candidate.name, theme), name_width, theme);
            let note = variant.note.clone().unwrap_or_default();
            let note = cut_marked(
                &plain(&note, theme),
                room.saturating_sub(name_width + 1),
                theme,
            );
            Line::from(vec![
                Span::styled(if is_marked { "[x] " } else { "[ ] " }, theme.accent()),
                Span::raw(name),
                Span::styled(format!(" {note}"), theme.dim()),
            ])
        }
    }
}
