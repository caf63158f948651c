//! An image, and what both runs say of it.

use super::images::{class_name, probabilities};
use super::numbers::letter;
use super::state::Compare;
use crate::insight::Comparison;
use crate::text::{grouped, pad_end};
use crate::tui::theme::Theme;
use crate::tui::widgets::area::below;
use crate::tui::widgets::label::{bar, cut, left};
use crate::tui::widgets::picture::{Picture, fitted, natural};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

/// What is beside the image has at least this many cells, else there is no image.
const TEXT: u16 = 44;
/// Lines above the probabilities.
const ABOVE: usize = 5;

/// Draws the chosen image.
pub fn draw(compare: &Compare, frame: &mut Frame<'_>, area: Rect, theme: Theme) {
    let images = compare.images();
    let (Some(comparison), Some(image)) = (compare.comparison(), images.get(compare.chosen)) else {
        return;
    };
    let split = &comparison.images;
    if *image >= split.len() {
        return;
    }
    let room = (area.width.saturating_sub(TEXT + 2), area.height);
    let (columns, rows) = fitted(split.width, split.height, room);
    let mut text = area;
    if columns >= 4 && rows >= 2 {
        let place = Rect {
            y: area.y + (area.height - rows) / 2,
            width: columns,
            height: rows,
            ..area
        };
        let (levels, tint) = natural(split, split.image(*image));
        let picture = Picture {
            levels: &levels,
            width: split.width,
            height: split.height,
            tint,
        };
        picture.draw(frame.buffer_mut(), place.intersection(area), theme);
        let taken = columns + 2;
        text = Rect {
            x: area.x + taken,
            width: area.width.saturating_sub(taken).min(90),
            ..area
        };
    }
    let place = format!("{} of {}", compare.chosen + 1, images.len());
    let names = compare.runs.each_ref().map(|run| run.called());
    details(comparison, *image, (&place, names), frame, text, theme);
}

fn details(
    comparison: &Comparison,
    image: usize,
    (place, names): (&str, [&str; 2]),
    frame: &mut Frame<'_>,
    area: Rect,
    theme: Theme,
) {
    let truth = usize::from(comparison.images.labels[image]);
    let [first, second] = [0, 1].map(|side| probabilities(comparison, side, image));
    let guesses = comparison.sides.each_ref().map(|side| {
        let guess = side.evaluation.predictions.get(image);
        usize::from(guess.copied().unwrap_or(0))
    });
    // The text is centred beside the image.
    let shown = first
        .len()
        .min(usize::from(area.height).saturating_sub(ABOVE));
    let above = usize::from(area.height).saturating_sub(ABOVE + shown) / 2;
    let area = below(area, above as u16);
    let classes = most_probable(first, second, truth, shown);
    let longest = classes
        .iter()
        .map(|class| crate::text::width(&class_name(comparison, *class)));
    let width = usize::from(area.width);
    // Mark, name, and twice two spaces before what a run says.
    let name = longest.max().unwrap_or(0).min(width / 3);
    let says = width.saturating_sub(2 + name + 4) / 2;
    let bold = theme.text().add_modifier(Modifier::BOLD);
    let indent = Span::raw(" ".repeat(2 + name));
    let mark = |class: usize| match class == truth {
        true => Span::styled(theme.sign("● ", "* "), theme.accent()),
        false => Span::raw("  "),
    };
    let mut lines = vec![
        Line::from(vec![
            Span::styled("  image ", theme.dim()),
            Span::raw(grouped(image as u64)),
            Span::styled(format!("   {place}"), theme.dim()),
        ]),
        Line::from(vec![
            mark(truth),
            Span::styled("true  ", theme.dim()),
            Span::styled(class_name(comparison, truth), bold),
        ]),
        Line::default(),
    ];
    let mut heads = vec![indent.clone()];
    let mut verdicts = vec![indent];
    for side in [0, 1] {
        let run = left(names[side], says.saturating_sub(2), theme);
        heads.extend([
            Span::raw("  "),
            letter(side, theme),
            Span::styled(format!(" {run}"), theme.dim()),
        ]);
        let is_right = guesses[side] == truth;
        let word = if is_right { "right" } else { "wrong" };
        let guess = class_name(comparison, guesses[side]);
        let guess = cut(&guess, says.saturating_sub(word.len() + 2), theme);
        let text = pad_end(&format!("{guess}, {word}"), says);
        verdicts.push(Span::raw("  "));
        verdicts.push(Span::styled(text, verdict_style(is_right, theme)));
    }
    lines.extend([Line::from(heads), Line::from(verdicts)]);
    for class in classes {
        let mut spans = vec![
            mark(class),
            Span::styled(
                left(&class_name(comparison, class), name, theme),
                if class == truth { bold } else { theme.dim() },
            ),
        ];
        for (all, guess) in [first, second].into_iter().zip(guesses) {
            let share = all.get(class).copied().unwrap_or(0.0);
            let style = match (class == guess, class == truth) {
                (true, is_right) => verdict_style(is_right, theme),
                (false, true) => theme.text(),
                (false, false) => theme.dim(),
            };
            let room = says.saturating_sub(9).min(24);
            let bar = left(&bar(f64::from(share), room, theme), room, theme);
            let text = format!("{:>5.1} %  {bar}", 100.0 * share);
            spans.push(Span::raw("  "));
            spans.push(Span::styled(left(&text, says, theme), style));
        }
        lines.push(Line::from(spans));
    }
    frame.render_widget(Paragraph::new(lines), area);
}

/// The style of what a run predicts.
fn verdict_style(is_right: bool, theme: Theme) -> Style {
    let style = if is_right { theme.good() } else { theme.bad() };
    style.add_modifier(Modifier::BOLD)
}

/// At most `room` classes in their order: the true one, and what either run holds most probable.
fn most_probable(first: &[f32], second: &[f32], truth: usize, room: usize) -> Vec<usize> {
    let mut classes: Vec<usize> = (0..first.len()).collect();
    let most = |class: &usize| {
        let of = |all: &[f32]| all.get(*class).copied().unwrap_or(0.0);
        of(first).max(of(second))
    };
    classes.sort_by(|a, b| {
        let is_other = |class: &usize| *class != truth;
        is_other(a)
            .cmp(&is_other(b))
            .then(most(b).total_cmp(&most(a)))
    });
    classes.truncate(room);
    classes.sort_unstable();
    classes
}
