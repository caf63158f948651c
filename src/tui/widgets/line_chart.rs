//! Curves over a horizontal axis of whole numbers.

use super::chart_scale::Scale;
use super::raster::{Pen, Raster};
use crate::stats::{Spread, line};
use crate::text::ticks;
use crate::tui::theme::Theme;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use unicode_width::UnicodeWidthStr;

/// What the lines at the ticks are made of.
const GRID: &str = "┈";

/// One curve.
#[derive(Clone, Debug)]
pub struct Series {
    /// Its points, from left to right.
    pub points: Vec<(f64, f64)>,
    /// Its colour.
    pub style: Style,
    /// The letter at its end, which identifies it without colour.
    pub letter: Option<char>,
    /// Whether it is drawn thicker than the others: the one to look at first.
    pub is_strong: bool,
}

/// The lines a deviation below and above a mean.
pub fn edges(band: &[(usize, Spread)], style: Style) -> [Series; 2] {
    [-1.0, 1.0].map(|side| Series {
        points: line(band, side),
        style,
        letter: None,
        is_strong: false,
    })
}

/// Curves, drawn in their order, the last on top.
#[derive(Clone, Debug)]
pub struct LineChart {
    /// Colours and signs.
    pub theme: Theme,
    /// The curves.
    pub series: Vec<Series>,
    /// First and last value of the horizontal axis.
    pub x: (f64, f64),
    /// The vertical axis is logarithmic.
    pub logarithmic: bool,
    /// Limits of the vertical axis.
    pub limits: (f64, f64),
    /// A point to mark.
    pub mark: Option<(f64, f64)>,
}

/// What the horizontal axis shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Across {
    /// Its values.
    Numbers,
    /// The powers of ten with its values as exponents.
    Exponents,
}

impl Across {
    fn labels(self, ticks: &[f64]) -> Vec<String> {
        match self {
            Self::Numbers => ticks::labels(ticks),
            // Adding zero turns minus zero into zero.
            Self::Exponents => {
                let powers = ticks.iter().map(|tick| format!("1e{}", tick + 0.0));
                powers.collect()
            }
        }
    }
}

/// Where the parts of a chart are.
struct Layout {
    /// What the curves are drawn in.
    plot: Rect,
    scale: Scale,
    /// The vertical axis.
    ticks: Vec<f64>,
    labels: Vec<String>,
}

impl LineChart {
    /// Draws axes and curves.
    pub fn draw(&self, buffer: &mut Buffer, area: Rect) {
        self.draw_over(buffer, area, Across::Numbers);
    }

    /// Draws axes and curves over the common logarithm of something: at the whole numbers of the
    /// horizontal axis stand the powers of ten.
    pub fn draw_decades(&self, buffer: &mut Buffer, area: Rect) {
        self.draw_over(buffer, area, Across::Exponents);
    }

    fn draw_over(&self, buffer: &mut Buffer, area: Rect, across: Across) {
        let area = area.intersection(buffer.area);
        let visible = self.visible();
        let Some(Layout {
            plot,
            scale,
            ticks,
            labels,
        }) = self.layout(area, &visible)
        else {
            return;
        };
        self.draw_vertical_axis(buffer, plot, scale, ticks.iter().copied().zip(&labels));
        self.draw_grid(buffer, plot, scale, &ticks);
        self.draw_horizontal_axis(buffer, plot, scale, across);
        let mut raster = Raster::new(plot, self.theme.ascii);
        for (series, points) in self.series.iter().zip(&visible) {
            self.draw_curve(&mut raster, series, points, scale);
        }
        raster.show(buffer);
        self.draw_signs(buffer, plot, scale, &visible);
    }

    /// Where the parts of the chart are in `area`; none where there is nothing to draw, or no room.
    fn layout(&self, area: Rect, visible: &[Vec<(f64, f64)>]) -> Option<Layout> {
        let y = self.vertical_range(visible)?;
        let rows = area.height.saturating_sub(2);
        let (ticks, scale) = self.vertical_ticks(y, usize::from(rows));
        let labels = ticks::labels(&ticks);
        let gutter = labels.iter().map(|label| label.width()).max().unwrap_or(0) as u16 + 1;
        // The last column is for the letters at the ends.
        let width = area.width.checked_sub(gutter + 1)?;
        let plot = Rect {
            x: area.x + gutter,
            y: area.y,
            width,
            height: rows,
        };
        (width >= 4 && rows > 0).then_some(Layout {
            plot,
            scale,
            ticks,
            labels,
        })
    }

    /// A vertical line at `x` over a chart that was drawn in the same area; the curves stay in front of it.
    pub fn draw_cross(&self, buffer: &mut Buffer, area: Rect, x: f64) {
        let area = area.intersection(buffer.area);
        let Some((column, plot)) = self.column(area, x) else {
            return;
        };
        let theme = self.theme;
        for y in plot.top()..plot.bottom() {
            if let Some(cell) = buffer
                .cell_mut((column, y))
                .filter(|cell| [" ", GRID].contains(&cell.symbol()))
            {
                let line = theme.sign("┊", ":");
                cell.set_symbol(line).set_style(theme.dim());
            }
        }
        buffer.set_string(column, plot.bottom(), theme.sign("▲", "^"), theme.accent());
    }

    /// A tick at `x` at the top of a chart that was drawn in the same area.
    pub fn draw_tick(&self, buffer: &mut Buffer, area: Rect, x: f64) {
        let area = area.intersection(buffer.area);
        if let Some((column, plot)) = self.column(area, x) {
            let theme = self.theme;
            buffer.set_string(column, plot.top(), theme.sign("▾", "v"), theme.warning());
        }
    }

    /// The column of `x`, and the cells of the curves; none where `x` is not in view.
    fn column(&self, area: Rect, x: f64) -> Option<(u16, Rect)> {
        if !(self.x.0..=self.x.1).contains(&x) {
            return None;
        }
        let Layout { plot, scale, .. } = self.layout(area, &self.visible())?;
        let (column, _) = scale.cell((x, scale.y.0), (plot.width, 1));
        Some((plot.x + column, plot))
    }

    /// The cells of the curves of a chart that is drawn in `area`: the horizontal axis goes from the first
    /// column to the last. None where nothing is drawn.
    pub fn plot(&self, area: Rect) -> Option<Rect> {
        let layout = self.layout(area, &self.visible())?;
        Some(layout.plot)
    }

    /// The points within the horizontal axis that can be drawn.
    fn visible(&self) -> Vec<Vec<(f64, f64)>> {
        let inside = |&(x, y): &(f64, f64)| {
            (self.x.0..=self.x.1).contains(&x)
                && ticks::range(std::iter::once(y)).is_some()
                && (!self.logarithmic || y > 0.0)
        };
        let of = |series: &Series| series.points.iter().copied().filter(inside).collect();
        self.series.iter().map(of).collect()
    }

    /// A little more than what is in view.
    fn vertical_range(&self, visible: &[Vec<(f64, f64)>]) -> Option<(f64, f64)> {
        let (low, high) = ticks::range(visible.iter().flatten().map(|point| point.1))?;
        if self.logarithmic {
            let space = if high > low {
                (high / low).powf(0.04)
            } else {
                1.1
            };
            return Some((low / space, high * space));
        }
        let space = if high > low {
            (high - low) * 0.04
        } else {
            (high.abs() * 0.05).max(0.005)
        };
        Some((
            (low - space).max(self.limits.0.min(low)),
            (high + space).min(self.limits.1.max(high)),
        ))
    }

    /// The ticks, and the scale on which they are even.
    fn vertical_ticks(&self, (low, high): (f64, f64), rows: usize) -> (Vec<f64>, Scale) {
        let most = (rows / 2).clamp(2, 7);
        let scale = Scale {
            x: self.x,
            y: (low, high),
            logarithmic: self.logarithmic,
        };
        if self.logarithmic {
            return (ticks::logarithmic(low, high, most), scale);
        }
        let Some((scale, step)) = scale.even(most, rows, self.limits) else {
            return (ticks::linear(low, high, most), scale);
        };
        // An end may lie beyond what there can be, to have whole rows.
        let (first, last) = (scale.y.0.max(self.limits.0.min(low)), scale.y.1);
        let last = last.min(self.limits.1.max(high));
        (ticks::multiples(first, last, step), scale)
    }

    fn draw_vertical_axis<'a>(
        &self,
        buffer: &mut Buffer,
        plot: Rect,
        scale: Scale,
        ticks: impl Iterator<Item = (f64, &'a String)>,
    ) {
        let theme = self.theme;
        let axis = plot.x - 1;
        for y in plot.top()..plot.bottom() {
            buffer.set_string(axis, y, theme.sign("│", "|"), theme.dim());
        }
        for (tick, label) in ticks {
            let (_, row) = scale.cell((scale.x.0, tick), (1, plot.height));
            let y = plot.y + row;
            buffer.set_string(axis, y, theme.sign("┤", "+"), theme.dim());
            let start = axis.saturating_sub(label.width() as u16);
            buffer.set_string(start, y, label, theme.dim());
        }
    }

    /// A faint line at each tick of the vertical axis, where there is room between them.
    fn draw_grid(&self, buffer: &mut Buffer, plot: Rect, scale: Scale, ticks: &[f64]) {
        let rows = |tick: &f64| scale.cell((scale.x.0, *tick), (1, plot.height)).1;
        let rows: Vec<u16> = ticks.iter().map(rows).collect();
        let is_crowded = rows.windows(2).any(|pair| pair[0].abs_diff(pair[1]) < 2);
        if is_crowded || self.theme.ascii {
            return;
        }
        let line = GRID.repeat(usize::from(plot.width));
        for row in rows.into_iter().filter(|row| row + 1 < plot.height) {
            buffer.set_string(plot.x, plot.y + row, &line, self.theme.grid());
        }
    }

    fn draw_horizontal_axis(&self, buffer: &mut Buffer, plot: Rect, scale: Scale, across: Across) {
        let theme = self.theme;
        let line = theme.sign("─", "-").repeat(usize::from(plot.width));
        buffer.set_string(plot.x - 1, plot.bottom(), theme.sign("╰", "+"), theme.dim());
        buffer.set_string(plot.x, plot.bottom(), line, theme.dim());
        let ticks = self.horizontal_ticks(plot.width, across);
        let mut free = plot.x - 1;
        for (tick, label) in ticks.iter().zip(across.labels(&ticks)) {
            let (column, _) = scale.cell((*tick, scale.y.0), (plot.width, 1));
            let x = plot.x + column;
            let width = label.width() as u16;
            // One column more than the plot has: the one for the letters.
            let end = (plot.right() + 1).saturating_sub(width);
            let start = x.saturating_sub(width.saturating_sub(1) / 2).min(end);
            if start < free {
                continue;
            }
            buffer.set_string(x, plot.bottom(), theme.sign("┬", "+"), theme.dim());
            buffer.set_string(start, plot.bottom() + 1, label, theme.dim());
            free = start + width + 1;
        }
    }

    fn horizontal_ticks(&self, width: u16, across: Across) -> Vec<f64> {
        let (low, high) = self.x;
        let widest = match across {
            Across::Numbers => across.labels(&[high]).concat().width(),
            // `1e-6`; the sign is at the lower end.
            Across::Exponents => across.labels(&[low.floor()]).concat().width(),
        } + 3;
        let most = (usize::from(width) / widest).clamp(1, 10);
        let mut ticks = ticks::whole(low, high, most);
        // The first epoch is a tick of its own where the others leave it room.
        if across == Across::Numbers
            && let Some(first) = ticks.first().copied()
            && first > low
            && (first - low) / (high - low) * f64::from(width) >= widest as f64
        {
            ticks.insert(0, low);
        }
        ticks
    }

    fn draw_curve(
        &self,
        raster: &mut Raster,
        series: &Series,
        points: &[(f64, f64)],
        scale: Scale,
    ) {
        let cells = raster.cells();
        let dots = |point: &(f64, f64)| raster.dots(scale.place(*point, cells));
        let columns = raster.size().0.max(1) as usize;
        let thinned = thin(points, columns, |point| dots(&point).0 as i32);
        let places: Vec<(f64, f64)> = thinned.iter().map(dots).collect();
        let letter = series.letter.unwrap_or('.');
        let strokes = if series.is_strong { 2 } else { 1 };
        let pen = Pen {
            letter,
            style: series.style,
            strokes,
        };
        if let [only] = places[..] {
            raster.line(only, only, pen);
        }
        for pair in places.windows(2) {
            raster.line(pair[0], pair[1], pen);
        }
    }

    /// The marked point and the letters at the curves' ends.
    fn draw_signs(
        &self,
        buffer: &mut Buffer,
        plot: Rect,
        scale: Scale,
        visible: &[Vec<(f64, f64)>],
    ) {
        let cells = (plot.width, plot.height);
        let mut taken: Vec<(u16, u16)> = Vec::new();
        let curves = self.series.iter().zip(visible).rev();
        for (series, points) in curves {
            let (Some(letter), Some(last)) = (series.letter, points.last()) else {
                continue;
            };
            let (column, row) = scale.cell(*last, cells);
            // Curves that end at the same height have their letters below each other.
            let free = [0, 1, -1, 2, -2, 3, -3]
                .into_iter()
                .filter_map(|step| row.checked_add_signed(step))
                .map(|row| (plot.x + column + 1, plot.y + row.min(plot.height - 1)))
                .find(|place| !taken.contains(place));
            let Some(place) = free else { continue };
            taken.push(place);
            let style = series.style.add_modifier(Modifier::BOLD);
            buffer.set_string(place.0, place.1, letter.to_string(), style);
        }
        if let Some((x, y)) = self.mark
            && (self.x.0..=self.x.1).contains(&x)
            && ticks::range(std::iter::once(y)).is_some()
        {
            let (column, row) = scale.cell((x, y), cells);
            let place = (plot.x + column, plot.y + row);
            let style = self.theme.good().add_modifier(Modifier::BOLD);
            buffer.set_string(place.0, place.1, self.theme.sign("★", "*"), style);
        }
    }
}

/// At most two points per two columns of dots: the lowest and the highest, in the order they come.
fn thin(
    points: &[(f64, f64)],
    columns: usize,
    column: impl Fn((f64, f64)) -> i32,
) -> Vec<(f64, f64)> {
    if points.len() <= columns {
        return points.to_vec();
    }
    let same = |a: &(f64, f64), b: &(f64, f64)| column(*a) / 2 == column(*b) / 2;
    let mut kept = Vec::with_capacity(columns + 2);
    for bin in points.chunk_by(same) {
        let order = |a: &(usize, f64), b: &(usize, f64)| a.1.total_cmp(&b.1);
        let heights = || bin.iter().map(|point| point.1).enumerate();
        let low = heights().min_by(order).map_or(0, |(index, _)| index);
        let high = heights().max_by(order).map_or(0, |(index, _)| index);
        kept.push(bin[low.min(high)]);
        if low != high {
            kept.push(bin[low.max(high)]);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_run_is_thinned_but_keeps_its_spikes() {
        let mut points: Vec<(f64, f64)> = (0..10_000).map(|x| (f64::from(x), 0.5)).collect();
        points[5_000].1 = 9.0;
        let thinned = thin(&points, 100, |(x, _)| (x / 100.0) as i32);
        assert!(thinned.len() <= 100, "{}", thinned.len());
        assert!(thinned.contains(&(5_000.0, 9.0)));
        assert!(thinned.is_sorted_by(|a, b| a.0 < b.0));
    }

    #[test]
    fn no_size_and_no_value_panics() {
        let theme = Theme::default();
        let wild = [f64::NAN, f64::INFINITY, -1.0, 0.0, 1e300, 1e14, 0.5];
        let points = |values: &[f64]| -> Vec<(f64, f64)> {
            values
                .iter()
                .enumerate()
                .map(|(x, y)| (x as f64, *y))
                .collect()
        };
        for values in [&wild[..], &[0.3], &[]] {
            for (width, height) in [(0, 0), (1, 1), (5, 2), (8, 3), (20, 5), (200, 60)] {
                for (logarithmic, ascii) in [(false, false), (true, false), (false, true)] {
                    for x in [(0.0, 7.0), (1.0, 1.0), (0.0, 1e18)] {
                        let area = Rect::new(0, 0, width, height);
                        let chart = LineChart {
                            theme: Theme { ascii, ..theme },
                            series: vec![Series {
                                points: points(values),
                                style: theme.training(),
                                letter: Some('t'),
                                is_strong: true,
                            }],
                            x,
                            logarithmic,
                            limits: (0.0, 1.0),
                            mark: values.first().map(|y| (0.0, *y)),
                        };
                        chart.draw(&mut Buffer::empty(area), area);
                    }
                }
            }
        }
    }
}
