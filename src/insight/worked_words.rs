//! A value worked out, as lines of text for a terminal.

use super::made_of::{At, MadeOf, Part, Term};
use super::worked_output::{WorkedOutput, WorkedStep};
use crate::spec::{CheckedSpec, Shape};
use crate::text::wrap;

/// Values of a pooling window that are named one by one.
const MOST_OF_WINDOW: usize = 16;

impl WorkedOutput {
    /// All steps in lines of at most `width` cells. Of a sum the `most` channels or products that bring most are
    /// shown, at least one. `spec` is the network's.
    pub fn lines(&self, spec: &CheckedSpec, width: usize, most: usize) -> Vec<String> {
        let steps = self.steps.iter();
        steps
            .flat_map(|step| step_lines(step, spec, width, most.max(1)))
            .collect()
    }

    /// The pixels that it depends on, in a sentence, for images of `height` and `width` pixels.
    pub fn seen(&self, height: usize, width: usize) -> String {
        let Some(sees) = &self.sees else {
            return "It depends on the whole image.".into();
        };
        let range = |range: &std::ops::Range<i64>, size: usize| {
            let last = (range.end - 1).min(size as i64 - 1);
            format!("{} to {last}", range.start.max(0))
        };
        let mut text = format!(
            "It depends on rows {}, columns {} of the image.",
            range(&sees.rows, height),
            range(&sees.columns, width)
        );
        let outside = |range: &std::ops::Range<i64>, size: usize| {
            [-range.start, range.end - size as i64].map(|pixels| pixels.max(0))
        };
        let [above, below] = outside(&sees.rows, height);
        let [left, right] = outside(&sees.columns, width);
        let sides = [
            (above, "above"),
            (below, "below"),
            (left, "to the left"),
            (right, "to the right"),
        ];
        let sides = sides.iter().filter(|(pixels, _)| *pixels > 0);
        let sides: Vec<String> = sides
            .map(|(pixels, side)| format!("{pixels} {side}"))
            .collect();
        if !sides.is_empty() {
            text += &format!(" Pixels of padding: {}.", sides.join(", "));
        }
        text
    }
}

/// `channel 3, row 4, column 5`; of a flat layer `unit 3`.
pub fn place(at: At, output: Shape) -> String {
    match output {
        Shape::Image { .. } => {
            format!(
                "channel {}, row {}, column {}",
                at.channel, at.row, at.column
            )
        }
        Shape::Flat { .. } => format!("unit {}", at.channel),
    }
}

fn step_lines(step: &WorkedStep, spec: &CheckedSpec, width: usize, most: usize) -> Vec<String> {
    let row = &spec.summary().layers[step.layer];
    let mut lines = wrap(
        &format!(
            "{} {}: {}",
            step.layer + 1,
            row.description,
            place(step.at, row.output)
        ),
        width,
    );
    let room = width.saturating_sub(2);
    let mut body = made_of(&step.made_of, step.value, room, most);
    let (value, network) = (f64::from(step.value), f64::from(step.network));
    // Rounding differs by far less; a muted channel goes on as 0.
    if (value - network).abs() > 1e-3 * value.abs().max(1.0) {
        body.push(format!("it goes on as {}", shown(network)));
    }
    lines.extend(body.into_iter().map(|line| format!("  {line}")));
    lines
}

fn made_of(made_of: &MadeOf, value: f32, width: usize, most: usize) -> Vec<String> {
    let value = shown(value.into());
    let text = match made_of {
        MadeOf::Window {
            kernel_size,
            parts,
            bias,
        } => return window(*kernel_size, parts, *bias, &value, width, most),
        MadeOf::Sum { terms, bias } => return sum(terms, *bias, &value, width, most),
        MadeOf::Largest { window } => format!("the largest of {} = {value}", listed(window)),
        MadeOf::Mean { window } => format!("the mean of {} = {value}", listed(window)),
        MadeOf::MeanOfChannel { sum, values } => {
            format!(
                "the sum of the map {} / {values} values = {value}",
                shown(*sum)
            )
        }
        MadeOf::Normalized {
            input,
            mean,
            variance,
            eps,
            weight,
            bias,
        } => {
            let [input, mean, variance, weight, bias] =
                [input, mean, variance, weight, bias].map(|value| shown(f64::from(*value)));
            format!("({input} − {mean}) / √({variance} + {eps:e}) × {weight} + {bias} = {value}")
        }
        MadeOf::Function { function, input } => {
            format!("{function}({}) = {value}", shown(f64::from(*input)))
        }
        MadeOf::Same { input } => format!("{} as it is", shown(f64::from(*input))),
        MadeOf::WithSkip {
            input,
            skip,
            from,
            terms,
            ..
        } => {
            let way = match terms.len() {
                0 => String::new(),
                channels => format!(", through a 1×1 convolution of {channels} channels"),
            };
            format!(
                "{} + {} = {value}; the second is what went into layer {}{way}",
                shown(f64::from(*input)),
                shown(f64::from(*skip)),
                from + 1
            )
        }
    };
    wrap(&text, width)
}

/// A convolution: the channels that bring most, the others together, the bias.
fn window(
    size: usize,
    parts: &[Part],
    bias: f32,
    value: &str,
    width: usize,
    most: usize,
) -> Vec<String> {
    let mut lines = Vec::new();
    for part in parts.iter().take(most) {
        lines.push(format!(
            "input channel {} × kernel: {}",
            part.channel,
            signed(part.sum)
        ));
        lines.extend(grids(part, size, width));
    }
    let padded = parts.iter().take(most).flat_map(|part| &part.patch);
    if padded.clone().any(Option::is_none) {
        lines.push("· is padding, counted as 0".into());
    }
    let rest = parts.iter().skip(most).map(|part| part.sum);
    lines.extend(the_rest(rest, "channel"));
    let sum: f64 = parts.iter().map(|part| part.sum).sum();
    lines.push(total(sum, bias, value));
    lines
}

/// A dense layer: the largest products, the others together, the bias.
fn sum(terms: &[Term], bias: f32, value: &str, width: usize, most: usize) -> Vec<String> {
    // A line a product, three of them take the room of one patch.
    let most = 4 * most;
    let line = |term: &Term| {
        format!(
            "input {:>5}: {:>8} × {:>8} = {:>8}",
            term.input,
            shown(f64::from(term.value)),
            shown(f64::from(term.weight)),
            signed(term.product())
        )
    };
    let mut lines: Vec<String> = terms.iter().take(most).map(line).collect();
    if lines.iter().any(|line| line.chars().count() > width) {
        lines.clear();
    }
    let shown = lines.len();
    let rest = terms.iter().skip(shown).map(Term::product);
    lines.extend(the_rest(rest, "product"));
    let sum: f64 = terms.iter().map(Term::product).sum();
    lines.push(total(sum, bias, value));
    lines
}

fn the_rest(rest: impl ExactSizeIterator<Item = f64>, what: &str) -> Option<String> {
    let count = rest.len();
    let plural = if count == 1 { "" } else { "s" };
    let sum: f64 = rest.sum();
    (count > 0).then(|| format!("and {count} more {what}{plural}: {}", signed(sum)))
}

fn total(sum: f64, bias: f32, value: &str) -> String {
    let bias = shown(f64::from(bias));
    format!("sum {} + bias {bias} = {value}", shown(sum))
}

/// Patch, kernel and products side by side, as many as fit: all three, else the two factors, else these one
/// below the other.
fn grids(part: &Part, size: usize, width: usize) -> Vec<String> {
    let patch: Vec<Option<f64>> = part
        .patch
        .iter()
        .map(|value| value.map(f64::from))
        .collect();
    let kernel: Vec<Option<f64>> = part
        .kernel
        .iter()
        .map(|one| Some(f64::from(*one)))
        .collect();
    let products = patch.iter().zip(&kernel);
    let products: Vec<Option<f64>> = products
        .map(|(value, weight)| Some((*value)? * (*weight)?))
        .collect();
    // Cells of a value with so many decimals, of a row of them, and of some rows with signs between.
    let cell = |decimals: usize| decimals + 3;
    let row = |decimals: usize| (size * (cell(decimals) + 1)).saturating_sub(1);
    let wide = |grids: usize, decimals: usize| grids * row(decimals) + (grids - 1) * 3;
    let fits = |grids: usize, least: usize| {
        (least..=3)
            .rev()
            .find(|decimals| wide(grids, *decimals) <= width)
    };
    if let Some(decimals) = fits(3, 2) {
        return beside(&[&patch, &kernel, &products], size, cell(decimals));
    }
    if let Some(decimals) = fits(2, 2) {
        return beside(&[&patch, &kernel], size, cell(decimals));
    }
    match fits(1, 1) {
        Some(decimals) => {
            let mut lines = beside(&[&patch], size, cell(decimals));
            lines.push("×".into());
            lines.extend(beside(&[&kernel], size, cell(decimals)));
            lines
        }
        None => vec![format!("({size}×{size} products)")],
    }
}

/// Grids of `size` rows and columns, a `×` and a `=` between them in the middle row.
fn beside(grids: &[&Vec<Option<f64>>], size: usize, cell: usize) -> Vec<String> {
    let line = |row: usize| {
        let mut text = String::new();
        for (grid, values) in grids.iter().enumerate() {
            text += match (grid, row == size / 2) {
                (0, _) => "",
                (1, true) => " × ",
                (_, true) => " = ",
                (_, false) => "   ",
            };
            let row = values.iter().skip(row * size).take(size);
            let row: Vec<String> = row.map(|value| in_cell(*value, cell)).collect();
            text += &row.join(" ");
        }
        text
    };
    (0..size).map(line).collect()
}

fn in_cell(value: Option<f64>, cell: usize) -> String {
    let text = value.map_or_else(|| "·".to_owned(), |value| number(value, cell));
    format!("{text:>cell$}")
}

fn listed(window: &[Option<f32>]) -> String {
    if window.len() > MOST_OF_WINDOW {
        return format!("{} values", window.len());
    }
    let shown = window.iter().map(|value| match value {
        Some(value) => shown(f64::from(*value)),
        None => "padding".into(),
    });
    shown.collect::<Vec<_>>().join(", ")
}

/// A value in a sentence.
fn shown(value: f64) -> String {
    number(value, 8)
}

fn signed(value: f64) -> String {
    let sign = if value < 0.0 { "" } else { "+" };
    format!("{sign}{}", shown(value))
}

/// A value in at most `cells` characters with at most three decimals; very small and very large ones with a
/// power of ten.
pub fn number(value: f64, cells: usize) -> String {
    if value == 0.0 {
        return "0".into();
    }
    if !value.is_finite() {
        return value.to_string();
    }
    let decimals = cells.saturating_sub(3).min(3);
    let tiny = value.abs() < 0.5 * 0.1_f64.powi(decimals as i32);
    let fixed = (0..=decimals)
        .rev()
        .map(|decimals| format!("{value:.decimals$}"));
    match fixed.into_iter().find(|text| text.len() <= cells) {
        Some(text) if !tiny => text,
        _ => format!("{value:.0e}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_fits_its_cell() {
        let shown = [
            0.0,
            1.2345,
            -1.2345,
            -12.345,
            1234.5,
            0.000_02,
            -2e9,
            f64::NAN,
        ];
        let shown = shown.map(|value| number(value, 6));
        let expected = [
            "0", "1.234", "-1.234", "-12.35", "1234.5", "2e-5", "-2e9", "NaN",
        ];
        assert_eq!(shown, expected);
    }
}
