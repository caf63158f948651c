//! The ladder with results: a line a part, its interval drawn around 0.

use super::found::{Found, State};
use super::state::Ladder;
use crate::insight::{Ablation, Rung, Verdict};
use crate::stats::{Accuracy, Spread};
use crate::text::{Scale, duration, escape_controls, grouped, shown_path};
use crate::tui::theme::Theme;
use crate::tui::widgets::gauge;
use crate::tui::widgets::label::{cut_marked, left, plain, right};
use ratatui::style::Style;
use ratatui::text::{Line, Span};

/// Widths of the columns of results.
#[derive(Clone, Copy)]
struct Columns {
    name: usize,
    points: usize,
    cells: usize,
    verdict: usize,
    seeds: usize,
}

impl Columns {
    fn of(width: usize) -> Self {
        let (points, verdict, seeds) = (14, 6, 6);
        let rest = width.saturating_sub(points + verdict + seeds + 6);
        let name = (rest * 3 / 5).clamp(8, 40).min(rest);
        Self {
            name,
            points,
            cells: rest.saturating_sub(name).min(60),
            verdict,
            seeds,
        }
    }
}

impl Found {
    /// What the rows are, how the whole network does, how far it is, and the names of the columns.
    pub fn head(&self, name: &str, width: usize, theme: Theme) -> Vec<Line<'static>> {
        let title = format!(" What each part of {name} brings: {}", Ablation::MEANING);
        let (whole, scale) = match &self.ablation {
            None => (" reading the folder".to_owned(), Scale::of(&[])),
            Some(ablation) => (whole(ablation), Scale::of(&ablation.intervals())),
        };
        let columns = Columns::of(width);
        let header = format!(
            " {} {} {}  {} {}",
            left("left out", columns.name, theme),
            right(&plain("Δ points", theme), columns.points, theme),
            left(
                &plain(&scale.edges(columns.cells), theme),
                columns.cells,
                theme
            ),
            left("", columns.verdict, theme),
            left("seeds", columns.seeds, theme),
        );
        let cut = |text: &str| cut_marked(&plain(text, theme), width, theme);
        vec![
            Line::styled(cut(&title), theme.accent()),
            Line::styled(cut(&whole), theme.text()),
            self.state_line(width, theme),
            Line::default(),
            Line::styled(cut(&header), theme.dim()),
        ]
    }

    fn state_line(&self, width: usize, theme: Theme) -> Line<'static> {
        let progress = &self.progress;
        let (ended, runs) = (progress.ended, progress.runs);
        let said = |text: String, style: Style| {
            let text = cut_marked(&plain(&text, theme), width, theme);
            Line::styled(text, style)
        };
        match &self.state {
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
                format!(" all {runs} runs are trained, in {}", shown_path(folder)),
                theme.good(),
            ),
            State::Ended(done, folder) => said(
                format!(
                    " {done} of {runs} runs are trained, in {}; e and Enter go on",
                    shown_path(folder)
                ),
                theme.warning(),
            ),
            State::Failed(reason) => said(format!(" {}", escape_controls(reason)), theme.bad()),
        }
    }

    /// A line a part.
    pub fn rows(&self, width: usize, theme: Theme) -> Vec<Line<'static>> {
        let Some(ablation) = &self.ablation else {
            return Vec::new();
        };
        let scale = Scale::of(&ablation.intervals());
        let columns = Columns::of(width);
        let rungs = ablation.rungs.iter();
        rungs
            .map(|rung| row(rung, ablation.seeds, scale, columns, theme))
            .collect()
    }
}

impl Ladder {
    /// What is said of the chosen part.
    pub(super) fn found_foot(&self) -> String {
        let Some(found) = &self.found else {
            return String::new();
        };
        match (self.chosen(), &found.ablation) {
            (Some(candidate), Some(ablation)) => {
                format!("{} {}.", self.about(candidate), ablation.exactness())
            }
            _ => String::new(),
        }
    }
}

fn whole(ablation: &Ablation) -> String {
    match ablation.whole {
        None => " the whole network is not trained yet".into(),
        Some(spread) if spread.count == 1 => format!(
            " whole network: {} % of {} validation images, one seed so far",
            Accuracy::of(spread.mean, ablation.images).percent(),
            grouped(ablation.images as u64)
        ),
        Some(spread) => format!(
            " whole network: {} %, {} seeds, {}",
            spread.percent(),
            spread.count,
            Spread::MEANING
        ),
    }
}

/// Grey where the interval holds 0.
fn row(rung: &Rung, seeds: usize, scale: Scale, columns: Columns, theme: Theme) -> Line<'static> {
    let verdict = rung.verdict();
    let (text, interval) = match verdict {
        Verdict::Helps => (theme.text(), theme.good()),
        Verdict::Harms => (theme.text(), theme.warning()),
        Verdict::Open => (theme.dim(), theme.dim()),
    };
    let (points, drawing) = match rung.difference {
        None => ("-".to_owned(), String::new()),
        Some(found) => {
            let half = found.half_width.map(|half| 100.0 * half);
            let drawing = scale.draw(100.0 * found.mean, half, columns.cells, theme.ascii);
            (found.points(), drawing)
        }
    };
    let name = left(&plain(&rung.name, theme), columns.name, theme);
    let points = right(&plain(&points, theme), columns.points, theme);
    let drawing = left(&drawing, columns.cells, theme);
    let word = left(verdict.word(), columns.verdict, theme);
    Line::from(vec![
        Span::styled(format!("{name} {points} "), text),
        Span::styled(drawing, interval),
        Span::styled(format!("  {word} {}", rung.seeds_in_words(seeds)), text),
    ])
}
