//! Draws the panel of a sweep: the form, or table, curves and what mattered, side by side where there is room.

use super::found::{Found, State};
use super::state::{SweepPanel, View};
use crate::spec::Spec;
use crate::text::{duration, escape_controls, grouped, shown_path, wrap};
use crate::tui::theme::Theme;
use crate::tui::widgets::gauge;
use crate::tui::widgets::label::{cut_marked, plain};
use crate::tui::widgets::scroll::scroll_to;
use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

/// From this size on, everything is shown at once.
const ROOMY: (u16, u16) = (100, 26);
/// Lines above the parts, and below them.
const HEAD: u16 = 3;
const FOOT: u16 = 4;

/// Where the parts are; those that are not shown are empty.
#[derive(Clone, Copy, Debug, Default)]
pub struct Places {
    head: Rect,
    /// The lines that can be chosen, with the names of the columns above them.
    pub list: Rect,
    header: Rect,
    curves: Rect,
    effects: Rect,
    foot: Rect,
}

impl SweepPanel {
    /// Where the parts are in `area`.
    pub fn places(&self, area: Rect) -> Places {
        let head = if area.height >= HEAD + 4 { HEAD } else { 0 };
        let foot = if area.height >= head + FOOT + 5 {
            FOOT
        } else {
            0
        };
        let [head, body, foot] = Layout::vertical([
            Constraint::Length(head),
            Constraint::Min(0),
            Constraint::Length(foot),
        ])
        .areas(area);
        let mut places = Places {
            head,
            foot,
            ..Places::default()
        };
        if self.found.is_none() {
            places.list = body;
            return places;
        }
        let mut table = Rect::default();
        if area.width >= ROOMY.0 && area.height >= ROOMY.1 {
            let rows = self.groups().len() as u16 + 2;
            let [above, below] = Layout::vertical([
                Constraint::Length(rows.min(body.height / 2)),
                Constraint::Fill(1),
            ])
            .areas(body);
            table = above;
            [places.curves, places.effects] =
                Layout::horizontal([Constraint::Percentage(46), Constraint::Fill(1)])
                    .spacing(2)
                    .areas(below);
        } else {
            match self.view {
                View::Table => table = body,
                View::Curves => places.curves = body,
                View::Effects => places.effects = body,
            }
        }
        [places.header, places.list] =
            Layout::vertical([Constraint::Length(1), Constraint::Min(0)]).areas(table);
        places
    }

    /// Draws it, while the network `shown` is on the screen.
    pub fn draw(&self, frame: &mut Frame<'_>, area: Rect, shown: &Spec, theme: Theme) {
        let area = area.intersection(frame.area());
        if area.is_empty() {
            return;
        }
        let places = self.places(area);
        let width = usize::from(area.width);
        let foot = match &self.found {
            None => {
                let head = self.form_head(width, theme);
                frame.render_widget(Paragraph::new(head), places.head);
                self.draw_list(frame, places.list, self.form_rows(width, theme), theme);
                self.form_foot()
            }
            Some(found) => {
                let head = self.found_head(found, shown, width, theme);
                frame.render_widget(Paragraph::new(head), places.head);
                self.draw_table(frame, places.header, places.list, theme);
                self.draw_curves(frame, places.curves, theme);
                self.draw_effects(frame, places.effects, theme);
                self.found_foot(&places)
            }
        };
        let style = match self.refused {
            Some(_) => theme.bad(),
            None => theme.dim(),
        };
        draw_foot(frame, places.foot, &foot, style, theme);
    }

    /// Draws rows with the cursor among them, and signs where there are more.
    pub(super) fn draw_list(
        &self,
        frame: &mut Frame<'_>,
        area: Rect,
        rows: Vec<Line<'_>>,
        theme: Theme,
    ) {
        let (height, count) = (usize::from(area.height), rows.len());
        if height == 0 || count == 0 {
            return;
        }
        let cursor = (0..count).find(|row| self.is_chosen(*row)).unwrap_or(0);
        let first = scroll_to(&self.scroll, cursor..cursor + 1, count, height);
        let shown = rows.into_iter().enumerate().skip(first).take(height);
        let lines: Vec<Line<'_>> = shown
            .map(|(row, mut line)| {
                let mark = match row == cursor {
                    true => theme.sign("▌", ">"),
                    false => " ",
                };
                line.spans.insert(0, Span::styled(mark, theme.accent()));
                match row == cursor {
                    true => line.patch_style(theme.selected()),
                    false => line,
                }
            })
            .collect();
        frame.render_widget(Paragraph::new(lines), area);
        let edge = |y: u16| Rect::new(area.right().saturating_sub(1), y, 1, 1);
        if first > 0 {
            let sign = Span::styled(theme.sign("↑", "^"), theme.dim());
            frame.render_widget(sign, edge(area.y));
        }
        if first + height < count {
            let sign = Span::styled(theme.sign("↓", "v"), theme.dim());
            frame.render_widget(sign, edge(area.bottom() - 1));
        }
    }

    /// What the sweep is of, how far it is, and where members are compared.
    fn found_head(
        &self,
        found: &Found,
        shown: &Spec,
        width: usize,
        theme: Theme,
    ) -> Vec<Line<'static>> {
        let before = match self.is_of(shown) {
            true => "",
            false => " (before its last edits)",
        };
        let name = escape_controls(&self.spec.name);
        let what = match &found.overview {
            None => "reading the folder".to_owned(),
            Some(overview) => format!(
                "{} combinations of {}, {} seed{} each",
                grouped(overview.groups.len() as u64),
                overview.keys.join(", "),
                overview.seeds,
                if overview.seeds == 1 { "" } else { "s" }
            ),
        };
        let title = format!(" Sweep of {name}{before}: {what}");
        let rungs = found
            .overview
            .as_ref()
            .map_or(&[][..], |it| it.rungs.as_slice());
        let rungs: Vec<String> = rungs
            .iter()
            .map(|rung| format!("{} to epoch {}", rung.combinations, rung.epochs))
            .collect();
        let rungs = match rungs.len() {
            0 | 1 => String::new(),
            _ => format!(" successive halving: {}", rungs.join(", then ")),
        };
        let cut = |text: &str| cut_marked(&plain(text, theme), width, theme);
        vec![
            Line::styled(cut(&title), theme.accent()),
            state_line(found, width, theme),
            Line::styled(cut(&rungs), theme.dim()),
        ]
    }

    /// What is to be known of what is shown.
    fn found_foot(&self, places: &Places) -> String {
        let Some(overview) = self.found.as_ref().and_then(|it| it.overview.as_ref()) else {
            return String::new();
        };
        let effects = || format!("Δ is the {}.", overview.effects.meaning());
        match (places.list.is_empty(), places.effects.is_empty()) {
            (false, false) => effects(),
            (true, false) => format!("{} v: the table", effects()),
            (true, true) => "Validation accuracy over the epochs: mean, and a sample standard deviation to each \
                             side, of the chosen and the best. v: what mattered"
                .into(),
            (false, true) => format!(
                "Validation accuracy ± {}, ranked by the last epoch; a letter marks those with curves. \
                 v: curves",
                match overview.seeds {
                    1 => "the error that the images leave to one seed",
                    _ => "the sample standard deviation over the seeds",
                }
            ),
        }
    }
}

fn state_line(found: &Found, width: usize, theme: Theme) -> Line<'static> {
    let progress = &found.progress;
    let (ended, runs) = (progress.ended, progress.runs);
    let said = |text: String, style: Style| {
        let text = cut_marked(&plain(&text, theme), width, theme);
        Line::styled(text, style)
    };
    match &found.state {
        State::UnderWay => {
            let left = progress.seconds_left.map_or(String::new(), |seconds| {
                format!(", {} left", duration(seconds))
            });
            let text = format!("{ended} of {runs} runs{left}  {}", progress.label);
            let text = cut_marked(&text, width.saturating_sub(24), theme);
            gauge::line(theme, " training", progress.share, 12, &text)
        }
        State::Stopping => said(
            format!(" stopping after {ended} of {runs} runs"),
            theme.warning(),
        ),
        State::Ended(done, folder) if *done == runs => said(
            format!(" all {runs} runs have ended, in {}", shown_path(folder)),
            theme.good(),
        ),
        State::Ended(done, folder) => said(
            format!(
                " {done} of {runs} runs have ended, in {}; e and Enter go on",
                shown_path(folder)
            ),
            theme.warning(),
        ),
    }
}

fn draw_foot(frame: &mut Frame<'_>, area: Rect, text: &str, style: Style, theme: Theme) {
    let text = plain(text, theme);
    let lines = wrap(&text, usize::from(area.width).saturating_sub(2).max(1));
    let lines: Vec<Line<'_>> = lines
        .into_iter()
        .map(|line| Line::styled(format!(" {line}"), style))
        .collect();
    // An empty line stands above it.
    let area = Rect {
        y: area.y + area.height.min(1),
        height: area.height.saturating_sub(1),
        ..area
    };
    frame.render_widget(Paragraph::new(lines), area);
}
