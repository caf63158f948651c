//! The screen's parts around each other.

use super::editor::Editor;
use super::form::Edited;
use super::ladder::Ladder;
use super::state::Design;
use super::sweep::SweepPanel;
use super::table::Table;
use super::training;
use crate::spec::CheckedSpec;
use crate::text::{escape_controls, width};
use crate::tui::shared::Shared;
use crate::tui::theme::Theme;
use crate::tui::widgets::label::{cut_marked, plain};
use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span};

/// Columns of the palette, and of the table that stays readable beside it.
const PALETTE: u16 = 28;

/// Where the parts of the screen are.
#[derive(Clone, Copy, Debug, Default)]
pub struct Places {
    pub title: Rect,
    pub header: Rect,
    pub rows: Rect,
    pub totals: Rect,
    pub training: Rect,
    /// The line above a form.
    pub tool_title: Rect,
    /// Palette, form, picker or JSON editor.
    pub tool: Rect,
}

impl Design {
    /// Where the parts are in `area`.
    pub(super) fn places(&self, area: Rect) -> Places {
        let mut places = Places::default();
        let list = match &self.editor {
            None => area,
            Some(
                Editor::Picker(_)
                | Editor::Text(_)
                | Editor::Ladder
                | Editor::Sweep
                | Editor::RateFinder,
            ) => {
                places.tool = area;
                return places;
            }
            Some(Editor::Form(form)) => {
                let fields = u16::try_from(form.len()).unwrap_or(u16::MAX).max(1);
                let all = matches!(form.edited(), Edited::Training(_));
                let height = if all {
                    area.height
                } else {
                    fields.saturating_add(1).min(area.height)
                };
                let [list, title, tool] = Layout::vertical([
                    Constraint::Fill(1),
                    Constraint::Length(height.min(1)),
                    Constraint::Length(height.saturating_sub(1)),
                ])
                .areas(area);
                (places.tool_title, places.tool) = (title, tool);
                list
            }
            Some(Editor::Palette(_)) => {
                let narrow = area.width < PALETTE + 20;
                let width = if narrow { area.width } else { PALETTE };
                let [list, _, tool] = Layout::horizontal([
                    Constraint::Fill(1),
                    Constraint::Length(u16::from(!narrow)),
                    Constraint::Length(width),
                ])
                .areas(area);
                places.tool = tool;
                list
            }
        };
        // What matters least goes first where the list would get too short.
        let height = list.height;
        let line = |needed: u16| Constraint::Length(u16::from(height >= needed));
        let second = u16::from(height >= 12);
        [
            places.title,
            places.header,
            places.rows,
            places.totals,
            places.training,
        ] = Layout::vertical([
            line(10),
            line(5),
            Constraint::Min(0),
            line(6),
            Constraint::Length(u16::from(height >= 4) + second),
        ])
        .areas(list);
        places
    }

    /// Draws the screen.
    pub(super) fn draw_parts(&self, frame: &mut Frame<'_>, area: Rect, shared: &Shared) {
        let area = area.intersection(frame.area());
        if area.is_empty() {
            return;
        }
        let theme = shared.theme;
        let places = self.places(area);
        if !places.rows.is_empty() {
            self.draw_title(frame, places.title, theme);
            Table::draw_header(frame, places.header, theme);
            self.draw_rows(frame, places.rows, theme);
            let times = self.epoch_times.texts(self.table.spec(), shared);
            self.table.draw_totals(frame, places.totals, &times, theme);
            self.draw_training(frame, places.training, shared);
        }
        match &self.editor {
            None => {}
            Some(Editor::Palette(palette)) => palette.draw(frame, places.tool, theme),
            Some(Editor::Picker(picker)) => picker.draw(frame, places.tool, theme),
            Some(Editor::Text(text)) => text.draw(frame, places.tool, theme),
            Some(Editor::Ladder) => {
                if let Some(ladder) = &self.ladder {
                    ladder.draw(frame, places.tool, self.spec(), theme);
                }
            }
            Some(Editor::Sweep) => {
                if let Some(sweep) = &self.sweep {
                    sweep.draw(frame, places.tool, self.spec(), theme);
                }
            }
            Some(Editor::RateFinder) => {
                if let Some(finder) = &self.rate_finder {
                    finder.draw(frame, places.tool, self.spec(), theme);
                }
            }
            Some(Editor::Form(form)) => {
                let title = match form.edited() {
                    Edited::Layer(_) => {
                        format!("{} {} ", theme.sign("──", "--"), form.title())
                    }
                    Edited::Training(spec) => format!(
                        "{} Training of {} ",
                        theme.sign("──", "--"),
                        escape_controls(&spec.name)
                    ),
                };
                let rest = usize::from(places.tool_title.width).saturating_sub(width(&title));
                let line = theme.sign("─", "-").repeat(rest);
                let text = Span::styled(title + &line, theme.accent());
                frame.render_widget(text, places.tool_title);
                form.draw(frame, places.tool, theme);
            }
        }
    }

    fn draw_title(&self, frame: &mut Frame<'_>, area: Rect, theme: Theme) {
        let spec = self.spec();
        let input = spec.input;
        let input = plain(
            &format!("input {}×{}×{} ", input.channels, input.height, input.width),
            theme,
        );
        let mark = match (self.stack.is_changed(), area.width >= 40) {
            (false, _) => "",
            (true, true) => theme.sign("  ● edited", "  * edited"),
            (true, false) => theme.sign(" ●", " *"),
        };
        let ladder = self.ladder.as_ref().and_then(Ladder::under_way);
        let sweep = self.sweep.as_ref().and_then(SweepPanel::under_way);
        let ladder = match (ladder, sweep) {
            (Some((ended, runs)), _) => format!("  ablation {ended}/{runs}"),
            (None, Some((ended, runs))) => format!("  sweep {ended}/{runs}"),
            (None, None) => String::new(),
        };
        let taken = width(&input) + width(mark) + width(&ladder) + 2;
        let left = usize::from(area.width).saturating_sub(taken);
        let name = format!(" {}", cut_marked(&plain(&self.title, theme), left, theme));
        let line = Line::from(vec![
            Span::styled(name, theme.accent()),
            Span::styled(mark, theme.warning()),
            Span::styled(ladder, theme.training()),
        ]);
        frame.render_widget(line, area);
        let input = Line::styled(input, theme.dim()).right_aligned();
        frame.render_widget(input, area);
    }

    fn draw_rows(&self, frame: &mut Frame<'_>, area: Rect, theme: Theme) {
        let empty = self.stack.entries().is_empty();
        if empty && !matches!(self.editor, Some(Editor::Palette(_))) {
            let text = Line::from(vec![
                Span::styled("     no layers yet: ", theme.dim()),
                Span::styled("a", theme.accent()),
                Span::styled(" adds one, ", theme.dim()),
                Span::styled("o", theme.accent()),
                Span::styled(" opens a preset", theme.dim()),
            ]);
            frame.render_widget(text, area);
            return;
        }
        self.table
            .draw(frame, area, Some(self.shown_cursor()), theme);
    }

    fn draw_training(&self, frame: &mut Frame<'_>, area: Rect, shared: &Shared) {
        let theme = shared.theme;
        let chosen = self.stack.is_at_training() && self.editor.is_none();
        let mark = if chosen { theme.sign("▌", ">") } else { " " };
        let width = usize::from(area.width);
        let spec = self.spec();
        let usual = if chosen { theme.text() } else { theme.dim() };
        let doubts = self.table.spec().map_or_else(Vec::new, CheckedSpec::doubts);
        let doubt = doubts.iter().find(|doubt| doubt.layer_index().is_none());
        let lines = [
            (training::first_line(spec, theme), usual),
            match doubt {
                Some(doubt) => (plain(&doubt.message, theme), theme.warning()),
                None => (
                    training::second_line(spec, shared.seeds.count(), theme),
                    usual,
                ),
            },
        ];
        for (row, (text, style)) in area.rows().zip(lines) {
            let text = cut_marked(&text, width.saturating_sub(6), theme);
            let line = Line::from(vec![
                Span::styled(mark, theme.accent()),
                Span::styled(format!("    {text}"), style),
            ]);
            let line = if chosen {
                line.style(theme.selected())
            } else {
                line
            };
            frame.render_widget(line, row);
        }
    }
}
