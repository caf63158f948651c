//! What mattered in a sweep: a line a value, its interval drawn around 0.

use super::state::SweepPanel;
use crate::insight::{Effects, Level, Matters, Setting};
use crate::text::Scale;
use crate::tui::theme::Theme;
use crate::tui::widgets::label::{cut_marked, left, plain, right};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

/// Cells of the differences.
const POINTS: usize = 14;
/// Fewest cells that an interval is drawn in.
const DRAWING: usize = 12;

impl SweepPanel {
    pub(super) fn draw_effects(&self, frame: &mut Frame<'_>, area: Rect, theme: Theme) {
        let overview = self.found.as_ref().and_then(|it| it.overview.as_ref());
        let Some(overview) = overview.filter(|_| !area.is_empty()) else {
            return;
        };
        let effects = &overview.effects;
        let settings: Vec<&Setting> = effects
            .settings
            .iter()
            .filter(|it| it.levels.len() > 1)
            .collect();
        if settings.is_empty() {
            let text = match effects.epoch {
                Some(epoch) => {
                    format!(" what mattered shows when runs of two values are past epoch {epoch}")
                }
                None => " what mattered shows when runs of two values are done".into(),
            };
            let text = cut_marked(&text, usize::from(area.width), theme);
            frame.render_widget(Line::styled(text, theme.dim()), area);
            return;
        }
        let lines = lines(effects, &settings, usize::from(area.width), theme);
        frame.render_widget(Paragraph::new(lines), area);
    }
}

fn lines(
    effects: &Effects,
    settings: &[&Setting],
    width: usize,
    theme: Theme,
) -> Vec<Line<'static>> {
    let levels = || settings.iter().flat_map(|setting| &setting.levels);
    let intervals: Vec<(f64, f64)> = levels()
        .filter_map(|level| level.difference)
        .map(|it| (100.0 * it.mean, 100.0 * it.half_width.unwrap_or(0.0)))
        .collect();
    let scale = Scale::of(&intervals);
    let name = width.saturating_sub(POINTS + DRAWING + 4).clamp(8, 30);
    let cells = width.saturating_sub(name + POINTS + 4).min(40);
    let runs = effects.runs;
    let title = format!(" What mattered, by {runs} runs");
    let header = format!(
        " {} {}  {}",
        left("", name, theme),
        right(&plain("Δ points", theme), POINTS, theme),
        left(&plain(&scale.edges(cells), theme), cells, theme)
    );
    let mut lines = vec![
        Line::styled(cut_marked(&title, width, theme), theme.accent()),
        Line::styled(cut_marked(&header, width, theme), theme.dim()),
    ];
    for setting in settings {
        let (word, style) = match setting.matters() {
            Matters::Yes => (Matters::Yes.word(), theme.good()),
            Matters::Open => (Matters::Open.word(), theme.dim()),
        };
        let span = setting.span.map_or_else(String::new, |span| {
            format!(", best minus worst {}", span.points())
        });
        lines.push(Line::from(vec![
            Span::styled(format!(" {}", plain(&setting.key, theme)), theme.text()),
            Span::styled(format!(" {word}"), style),
            Span::styled(plain(&span, theme), theme.dim()),
        ]));
        let rows = setting.levels.iter();
        lines.extend(rows.map(|level| row(level, name, cells, scale, theme)));
    }
    lines
}

fn row(level: &Level, name: usize, cells: usize, scale: Scale, theme: Theme) -> Line<'static> {
    let (points, drawing) = match level.difference {
        None => ("-".to_owned(), String::new()),
        Some(found) => {
            let half = found.half_width.map(|half| 100.0 * half);
            let drawing = scale.draw(100.0 * found.mean, half, cells, theme.ascii);
            (found.points(), drawing)
        }
    };
    let is_open = level
        .difference
        .is_none_or(|it| it.side() == crate::stats::Side::Open);
    let style = if is_open { theme.dim() } else { theme.good() };
    let value = plain(&level.value, theme);
    Line::from(vec![
        Span::styled(
            format!("   {}", left(&value, name.saturating_sub(2), theme)),
            theme.text(),
        ),
        Span::raw(format!(
            " {}  ",
            right(&plain(&points, theme), POINTS, theme)
        )),
        Span::styled(drawing, style),
    ])
}
