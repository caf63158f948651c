//! The import pane on the screen.

use super::form::{Form, ROWS, Row};
use super::view::{ImportView, Phase};
use crate::data::import::{Colours, ImportEvent, Invert};
use crate::text::{escape_controls, grouped, last, shown_bytes, shown_path, wrap};
use crate::tui::shared::Shared;
use crate::tui::theme::Theme;
use crate::tui::widgets::gauge;
use crate::tui::widgets::label::{cut_marked, plain};
use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

/// Columns of a label.
const LABEL: usize = 12;
/// Completions that are shown.
const COMPLETIONS: usize = 6;
/// Lines above the form.
const HEAD: u16 = 3;

impl ImportView {
    /// Draws the form, and how far the work is.
    pub fn draw(&self, frame: &mut Frame<'_>, area: Rect, shared: &Shared) {
        let theme = shared.theme;
        let width = usize::from(area.width).saturating_sub(2);
        let words = |text: &str, style| -> Vec<Line<'static>> {
            let lines = wrap(&plain(text, theme), width.max(1)).into_iter();
            lines
                .map(|line| Line::styled(format!(" {line}"), style))
                .collect()
        };
        let mut lines = vec![Line::styled(
            cut_marked(" A data set of your own pictures", width, theme),
            theme.accent(),
        )];
        let what = " a folder for each class, CSV, NumPy, IDX, CIFAR, or a zip or tar of these";
        lines.push(Line::styled(cut_marked(what, width, theme), theme.dim()));
        lines.push(Line::default());
        self.top.set(area.y + HEAD);
        let rows = ROWS.iter().enumerate();
        lines.extend(rows.map(|(index, row)| self.line(*row, index, width, theme)));
        lines.push(Line::default());
        match &self.phase {
            Phase::Working(event) => lines.push(progress(*event, self.is_writing, theme)),
            Phase::Form | Phase::Preview(_) => {
                let shown = self.form.completions.iter().take(COMPLETIONS);
                lines.extend(shown.map(|path| {
                    let path = cut_marked(&escape_controls(path), width, theme);
                    Line::styled(format!(" {path}"), theme.dim())
                }));
                match &self.failed {
                    Some(reason) => lines.extend(words(&escape_controls(reason), theme.bad())),
                    None => lines.extend(words(about(self.form.chosen()), theme.dim())),
                }
            }
        }
        frame.render_widget(Paragraph::new(lines), area);
    }

    /// The line of the form at a place of the screen.
    pub fn row_at(&self, at: Position) -> Option<usize> {
        let row = usize::from(at.y.checked_sub(self.top.get())?);
        (row < ROWS.len()).then_some(row)
    }

    /// Chooses a line; one that was chosen already takes its next value.
    pub fn click(&mut self, row: usize) {
        match self.form.cursor == row {
            true => self.form.step(true),
            false => self.form.go(row),
        }
    }

    fn line(&self, row: Row, index: usize, width: usize, theme: Theme) -> Line<'static> {
        let is_chosen = index == self.form.cursor;
        let mark = if is_chosen {
            theme.sign("▌", ">")
        } else {
            " "
        };
        let (name, value) = (name(row), value(&self.form, row));
        let room = width.saturating_sub(LABEL + 3);
        let style = match row {
            Row::To if self.form.to.text().trim().is_empty() => theme.dim(),
            _ => theme.text(),
        };
        let mut spans = vec![
            Span::styled(mark, theme.accent()),
            Span::styled(format!("{name:<LABEL$} "), theme.dim()),
        ];
        let field = match row {
            Row::Source => Some(&self.form.source),
            Row::To => Some(&self.form.to),
            _ => None,
        };
        // What an empty field would be is shown until something is typed.
        if let Some(field) = field.filter(|_| is_chosen) {
            spans.extend(field.spans(room, theme.text(), theme));
            if field.text().is_empty() && !value.is_empty() {
                spans.push(Span::styled(format!("  {value}"), theme.dim()));
            }
        } else {
            spans.push(Span::styled(
                last(&plain(&value, theme), room).to_owned(),
                style,
            ));
        }
        if is_chosen && field.is_none() {
            let hint = theme.sign("  ← → changes it", "  Left and Right change it");
            spans.push(Span::styled(hint, theme.dim()));
        }
        let line = Line::from(spans);
        match is_chosen {
            true => line.patch_style(theme.selected()),
            false => line,
        }
    }
}

fn name(row: Row) -> &'static str {
    match row {
        Row::Source => "pictures",
        Row::To => "data set",
        Row::Size => "size",
        Row::Colours => "colours",
        Row::Split => "to test with",
        Row::Invert => "invert",
    }
}

fn value(form: &Form, row: Row) -> String {
    match row {
        Row::Source => escape_controls(form.source.text()),
        Row::To if form.to.text().trim().is_empty() => match form.source.text().trim().is_empty() {
            true => String::new(),
            false => shown_path(&form.to()),
        },
        Row::To => escape_controls(form.to.text()),
        Row::Size => match form.size {
            None => "as arrays are, else 28×28".into(),
            Some(size) => format!("{size}×{size}"),
        },
        Row::Colours => match form.colours {
            Colours::AsTheyAre => "as the pictures have it",
            Colours::Grey => "grey",
            Colours::Colour => "colour",
        }
        .into(),
        Row::Split => format!("{} % of each class", form.split),
        Row::Invert => match form.invert {
            Invert::Auto => "where most corners are light, as on paper",
            Invert::Yes => "yes",
            Invert::No => "no",
        }
        .into(),
    }
}

fn about(row: Row) -> &'static str {
    match row {
        Row::Source => {
            "Folder, file or archive with pictures and labels. Tab completes a path; Enter looks at the images before \
             anything is written."
        }
        Row::To => "The folder to make, which must not be there yet. Empty: as it stands there.",
        Row::Size => "Pixels of a side of each image.",
        Row::Colours => "One channel, or three.",
        Row::Split => "Only where the pictures have no test set of their own.",
        Row::Invert => {
            "Fashion-MNIST is light on black. Pictures that are dark on white are better learnt inverted."
        }
    }
}

fn progress(event: Option<ImportEvent>, is_writing: bool, theme: Theme) -> Line<'static> {
    let doing = match (event, is_writing) {
        (Some(ImportEvent::Pictures { done, all }), false) => {
            let share = done as f64 / all.max(1) as f64;
            let text = format!("{} of {}", grouped(done as u64), grouped(all as u64));
            return gauge::line(theme, " pictures", share, 24, &text);
        }
        (Some(ImportEvent::Read(bytes)), false) => format!(" reading: {}", shown_bytes(bytes)),
        (_, true) => " writing".to_owned(),
        (_, false) => " reading".to_owned(),
    };
    Line::styled(
        format!("{doing}  Esc stops; nothing is left then"),
        theme.accent(),
    )
}
