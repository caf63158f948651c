//! What is inside the layers, of the run under way or of a model: a row a layer, and below all of the chosen one.

use super::layer_detail;
use super::popup::popup;
use crate::insight::{Finding, Inside, LayerCells, findings, looked_with};
use crate::nn::Snapshot;
use crate::spec::{CheckedSpec, LayerSummary};
use crate::text::{escape_controls, histogram, pad_start};
use crate::tui::action::Action;
use crate::tui::keys::{Binding, Context, DOWN, ESC, PAGE_DOWN, PAGE_UP, UP, char, on};
use crate::tui::run_state::{Phase, RunState};
use crate::tui::shared::Shared;
use crate::tui::theme::Theme;
use crate::tui::widgets::label::{left, plain};
use crate::tui::widgets::window::window;
use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Margin, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Paragraph, Wrap};
use std::cell::Cell;
use std::sync::Arc;

/// Where keys go while the layers are shown.
pub const CONTEXT: Context = Context::without_global_keys("Inside the layers");

/// The keys of the view.
#[rustfmt::skip]
pub const KEYS: &[Binding<Action>] = &[
    on(CONTEXT, &[ESC, char('I'), char('q')], Action::Dismiss, "close", "close the view"),
    on(CONTEXT, &[DOWN, char('j')], Action::Down, "layer", "the next layer"),
    on(CONTEXT, &[UP, char('k')], Action::Up, "", "the layer before"),
    on(CONTEXT, &[PAGE_DOWN], Action::PageDown, "", "five layers on"),
    on(CONTEXT, &[PAGE_UP], Action::PageUp, "", "five layers back"),
];

/// Layers that a page goes.
const PAGE: usize = 5;
/// Cells of the layers' numbers with a mark and a space, of the share of dead units, and of the three numbers
/// behind it.
const NUMBER: usize = 5;
const DEAD: usize = 7;
const SIZE: usize = 9;
/// Fewest and most cells of a histogram, and fewest of a name.
const HISTOGRAM: (usize, usize) = (8, 24);
const NAME: usize = 16;

/// The open view.
#[derive(Debug)]
pub struct LayersView {
    of: Of,
    /// The chosen layer. What is past the last one is corrected where their number is known.
    chosen: Cell<usize>,
}

/// Whose layers are shown.
#[derive(Debug)]
enum Of {
    /// Those of the run in view, as it tells of them.
    Run,
    /// Those of a model, once they have been looked into.
    Model {
        snapshot: Arc<Snapshot>,
        origin: String,
        found: Option<Result<Arc<Inside>, String>>,
    },
}

impl LayersView {
    /// The layers of the run in view.
    pub fn of_run() -> Self {
        Self {
            of: Of::Run,
            chosen: Cell::new(0),
        }
    }

    /// The layers of a model that is being looked into; `origin` says where it comes from.
    pub fn of_model(snapshot: Arc<Snapshot>, origin: String) -> Self {
        Self {
            of: Of::Model {
                snapshot,
                origin,
                found: None,
            },
            chosen: Cell::new(0),
        }
    }

    /// Takes what was found in a model, if it is this one.
    pub fn arrived(&mut self, of: &Arc<Snapshot>, outcome: Result<Arc<Inside>, String>) {
        if let Of::Model {
            snapshot, found, ..
        } = &mut self.of
            && Arc::ptr_eq(snapshot, of)
        {
            *found = Some(outcome);
        }
    }

    /// Chooses another layer.
    pub fn choose(&mut self, action: Action) {
        let chosen = self.chosen.get();
        self.chosen.set(match action {
            Action::Up => chosen.saturating_sub(1),
            Action::Down => chosen + 1,
            Action::PageUp => chosen.saturating_sub(PAGE),
            Action::PageDown => chosen + PAGE,
            _ => chosen,
        });
    }

    /// Draws the layers, or why there are none.
    pub fn draw(&self, frame: &mut Frame<'_>, area: Rect, shared: &Shared) {
        match &self.of {
            Of::Run => match &shared.run {
                Some(run) => match &run.layers {
                    Some(layers) => {
                        let rate = run.spec.learning_rate;
                        let inside = Inside::of_epoch(layers, &run.epochs, rate);
                        let title = format!("{}, epoch {}", run.title, layers.epoch);
                        let inner =
                            self.draw_layers(frame, area, shared, (&title, &run.spec, &inside));
                        draw_state(frame, inner, run, shared.theme);
                    }
                    None if run.is_active() => {
                        let text = "The layers are looked into at the end of an epoch, the first time after \
                                    the first one.";
                        draw_text(frame, area, shared, "Not yet", text);
                    }
                    None => {
                        let text = "The run ended before it looked into its layers. On Confusion, I looks into \
                                    a model.";
                        draw_text(frame, area, shared, "Nothing was seen", text);
                    }
                },
                None => {
                    let name = escape_controls(&shared.designed.spec.name);
                    let text = format!(
                        "Esc, then t trains {name}. Or L loads a model, and I on Confusion looks into it."
                    );
                    draw_text(frame, area, shared, "No run yet", &text);
                }
            },
            Of::Model {
                snapshot,
                origin,
                found,
            } => match found {
                Some(Ok(inside)) => {
                    self.draw_layers(frame, area, shared, (origin, &snapshot.info.spec, inside));
                }
                Some(Err(problem)) => draw_text(frame, area, shared, "That did not work", problem),
                None => draw_text(
                    frame,
                    area,
                    shared,
                    "Looking ...",
                    "Some hundred images go through the layers.",
                ),
            },
        }
    }

    /// Returns the inside of the frame.
    fn draw_layers(
        &self,
        frame: &mut Frame<'_>,
        area: Rect,
        shared: &Shared,
        (title, spec, inside): (&str, &CheckedSpec, &Inside),
    ) -> Rect {
        let theme = shared.theme;
        let title = format!("Inside the layers: {}", escape_controls(title));
        let title = plain(&title, theme);
        let framed = popup(frame, area, (area.width, area.height), &title, shared);
        let inner = framed.inner(Margin::new(1, 0));
        let rows = &spec.summary().layers;
        let layers = &inside.statistics.layers;
        let count = rows.len().min(layers.len());
        let chosen = self.chosen.get().min(count.saturating_sub(1));
        self.chosen.set(chosen);
        let found = findings(&inside.statistics, inside.rate);
        let of_chosen = found.iter().filter(|one| one.layer == chosen).collect();
        let detail = layer_detail::height(inner.height);
        let [about, header, list, below] = Layout::vertical([
            Constraint::Length(1),
            Constraint::Length(1),
            Constraint::Min(1),
            Constraint::Length(detail),
        ])
        .areas(inner);
        let about_text = format!("On {}", looked_with(&inside.statistics));
        frame.render_widget(Line::styled(plain(&about_text, theme), theme.dim()), about);
        let columns = Columns::of(usize::from(inner.width));
        frame.render_widget(Line::styled(columns.header(theme), theme.dim()), header);
        let shown = window(chosen, usize::from(list.height), count);
        let lines = shown.map(|layer| {
            let is_ill = found.iter().any(|one: &Finding| one.layer == layer);
            let line = columns.line((layer, &rows[layer]), inside, is_ill, theme);
            match layer == chosen {
                true => line.style(theme.selected()),
                false => line,
            }
        });
        let lines: Vec<Line<'_>> = lines.collect();
        frame.render_widget(Paragraph::new(lines), list);
        if let (Some(row), Some(layer)) = (rows.get(chosen), layers.get(chosen)) {
            let name = format!(
                "Layer {}, {}",
                chosen + 1,
                escape_controls(&row.description)
            );
            layer_detail::draw(frame, below, theme, (&name, layer), of_chosen);
        }
        framed
    }
}

/// How wide the columns are.
struct Columns {
    name: usize,
    histogram: usize,
}

impl Columns {
    fn of(width: usize) -> Self {
        let fixed = NUMBER + DEAD + 3 * SIZE + 2;
        let room = width.saturating_sub(fixed);
        let histogram = (room.saturating_sub(NAME) / 2).clamp(HISTOGRAM.0, HISTOGRAM.1);
        Self {
            name: room.saturating_sub(2 * histogram).min(2 * NAME),
            histogram,
        }
    }

    fn header(&self, theme: Theme) -> String {
        let Self { name, histogram } = *self;
        format!(
            "{}{}{} {} {}{}{}{}",
            pad_start("#  ", NUMBER),
            left("layer", name, theme),
            left("training", histogram, theme),
            left("evaluation", histogram, theme),
            pad_start("dead", DEAD),
            pad_start("gradient", SIZE),
            pad_start("update", SIZE),
            pad_start("kernels", SIZE),
        )
    }

    fn line(
        &self,
        (layer, row): (usize, &LayerSummary),
        inside: &Inside,
        is_ill: bool,
        theme: Theme,
    ) -> Line<'static> {
        let Self {
            name,
            histogram: cells_of_one,
        } = *self;
        let inside = &inside.statistics.layers[layer];
        let cells = LayerCells::of(inside);
        let bars = |bins: &[u64]| histogram(bins, cells_of_one, 1, theme.ascii).concat();
        let mark = if is_ill { "!" } else { " " };
        let numbers = format!(
            "{}{}{}{}",
            pad_start(&cells.dead, DEAD),
            pad_start(&cells.gradient, SIZE),
            pad_start(&cells.update, SIZE),
            pad_start(&cells.kernels, SIZE),
        );
        Line::from(vec![
            Span::raw(pad_start(&(layer + 1).to_string(), NUMBER - 2)),
            Span::styled(format!("{mark} "), theme.warning()),
            Span::raw(left(&escape_controls(&row.description), name, theme)),
            Span::styled(bars(&inside.training.bins), theme.training()),
            Span::raw(" "),
            Span::styled(bars(&inside.evaluation.bins), theme.validation()),
            Span::raw(" "),
            Span::raw(numbers),
        ])
    }
}

/// At the upper edge: whether the figures follow the run.
fn draw_state(frame: &mut Frame<'_>, inner: Rect, run: &RunState, theme: Theme) {
    let (text, style) = match run.phase {
        Phase::Paused => ("paused", theme.warning()),
        _ if run.is_active() => (theme.sign("● live", "* live"), theme.good()),
        _ => ("the run is over", theme.dim()),
    };
    let edge = Rect {
        y: inner.y.saturating_sub(1),
        height: 1,
        ..inner
    };
    let line = Line::styled(format!(" {text} "), style).right_aligned();
    frame.render_widget(line, edge.intersection(frame.area()));
}

fn draw_text(frame: &mut Frame<'_>, area: Rect, shared: &Shared, title: &str, text: &str) {
    let theme = shared.theme;
    let inner = popup(frame, area, (62, 9), "Inside the layers", shared);
    let explained = "This view then shows what comes out of each layer, units that are dead, gradients, and \
                     how far a step moves the weights.";
    let text = vec![
        Line::raw(""),
        Line::raw(title.to_owned()),
        Line::raw(plain(text, theme)),
        Line::styled(explained, theme.dim()),
    ];
    let text = Paragraph::new(text).centered().wrap(Wrap { trim: true });
    frame.render_widget(text.style(Style::new()), inner.inner(Margin::new(1, 0)));
}
