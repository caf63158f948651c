//! One image, large, with the model's prediction.

use super::filter::probabilities;
use super::state::Samples;
use crate::data::Split;
use crate::insight::{Look, LookMethod};
use crate::text::wrap;
use crate::tui::shared::Shared;
use crate::tui::theme::{Depth, Theme};
use crate::tui::widgets::area::below;
use crate::tui::widgets::label::{bar, cut, grouped, left, line, plain};
use crate::tui::widgets::picture::{Picture, Tint, fitted, natural};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

/// The text beside the image has at least this many cells, else there is only text.
const TEXT: u16 = 22;

pub fn draw(samples: &Samples, frame: &mut Frame<'_>, area: Rect, shared: &Shared) {
    let (Some(split), Some(image)) = (&samples.split, samples.image()) else {
        return;
    };
    if image >= split.len() {
        return;
    }
    let room = (area.width.saturating_sub(TEXT + 3), area.height);
    let (columns, rows) = fitted(split.width, split.height, room);
    let mut text = area;
    if columns >= 4 && rows >= 2 {
        let place = Rect {
            x: area.x + 1,
            y: area.y + (area.height - rows) / 2,
            width: columns,
            height: rows,
        };
        let map = samples.map_over_image(image);
        let over = map.map(|map| signed_levels(&map.strength()));
        let pixels = split.image(image);
        let (levels, tint) = match &over {
            // Over colours of its own no other colours would be seen.
            Some(over) => (split.grey(pixels), Tint::Under(over)),
            None => natural(split, pixels),
        };
        let picture = Picture {
            levels: &levels,
            width: split.width,
            height: split.height,
            tint,
        };
        picture.draw(frame.buffer_mut(), place.intersection(area), shared.theme);
        let taken = columns + 3;
        text = Rect {
            x: area.x + taken,
            width: area.width.saturating_sub(taken),
            ..area
        };
    }
    let note = note(samples, image, shared);
    let under = note.map_or(0, |(note, style)| {
        last_lines(frame, text, &note, style, shared.theme)
    });
    let rest = Rect {
        height: text.height.saturating_sub(under),
        ..text
    };
    details(samples, frame, rest, split, image, shared);
}

/// What is said below the probabilities: what the map over the image means, or why the image is suspicious.
fn note(samples: &Samples, image: usize, shared: &Shared) -> Option<(String, Style)> {
    let theme = shared.theme;
    if samples.looking.is_on() {
        return Some((about_map(samples, image, shared), theme.dim()));
    }
    let reasons = samples.suspicious.reasons(image);
    let text = format!("suspicious: {}", reasons.join("; "));
    (!reasons.is_empty()).then(|| (text, theme.warning()))
}

/// Draws a text in the last lines of an area, and says how many it takes.
fn last_lines(frame: &mut Frame<'_>, area: Rect, text: &str, style: Style, theme: Theme) -> u16 {
    let lines = wrap(
        &plain(text, theme),
        usize::from(area.width.saturating_sub(2)),
    );
    let taken = (lines.len() as u16).min(area.height);
    let first = below(area, area.height - taken);
    for (index, text) in lines.into_iter().enumerate() {
        let text = Line::from(vec![Span::raw("  "), Span::styled(text, style)]);
        frame.render_widget(text, line(first, index));
    }
    taken
}

/// Over an image: what the model needs is positive.
fn signed_levels(strength: &[f32]) -> Vec<u8> {
    let level = |strength: &f32| (128.0 + 127.0 * strength).round() as u8;
    strength.iter().map(level).collect()
}

/// What the map over the image means.
fn about_map(samples: &Samples, image: usize, shared: &Shared) -> String {
    let theme = shared.theme;
    let sign = if theme.depth == Depth::None || theme.ascii {
        "+"
    } else {
        "orange"
    };
    match samples.map_over_image(image) {
        None if !samples.looking.is_waiting() => "no map of this kind; o leads on".to_owned(),
        None if matches!(samples.looking.method(), Some(LookMethod::GradCam { .. })) => {
            "weighing maps …".into()
        }
        None => "covering its parts …".to_owned(),
        Some(Look::GradCam(map)) => {
            let name = shared.class_name(map.class);
            let layer = map.layer + 1;
            match map.largest() > 0.0 {
                true => format!("{sign} speaks for {name} in the maps of layer {layer} (Grad-CAM)"),
                false => {
                    format!("nothing in the maps of layer {layer} speaks for {name} (Grad-CAM)")
                }
            }
        }
        Some(Look::Occlusion(map)) => {
            let name = shared.class_name(map.class);
            let percent = |share: f32| 100.0 * share;
            let (_, change) = map.most_needed();
            let needed = format!("{sign} is what");
            format!(
                "{needed} it needs: covered, {name} goes from {:.1} to {:.1} % at the most",
                percent(map.probability),
                percent(map.probability + change.min(0.0))
            )
        }
    }
}

/// Number, true class, predicted class, probabilities.
fn details(
    samples: &Samples,
    frame: &mut Frame<'_>,
    area: Rect,
    split: &Split,
    image: usize,
    shared: &Shared,
) {
    let theme = shared.theme;
    let truth = usize::from(split.labels[image]);
    let evaluation = samples.evaluation();
    let predicted = evaluation
        .and_then(|evaluation| evaluation.predictions.get(image))
        .map(|class| usize::from(*class));
    let classes = evaluation.map_or(0, |evaluation| evaluation.confusion.classes());
    let curve = samples.curve_height(area, 3 + classes as u16);
    let place = below(area, area.height - curve);
    samples.draw_curve(frame, place, shared);
    let area = Rect {
        height: area.height - curve,
        ..area
    };
    // The text is centred beside the image.
    let air = u16::from(usize::from(area.height) >= classes + 4);
    let lines = 3 + air + classes as u16;
    let area = below(area, area.height.saturating_sub(lines) / 2);
    let label = |text: &'static str| Span::styled(text, theme.dim());
    let number = grouped(image as u64);
    frame.render_widget(
        Line::from(vec![label("  image      "), Span::raw(number)]),
        line(area, 0),
    );
    let room = usize::from(area.width).saturating_sub(13);
    let true_name = cut(&shared.class_name(truth), room, theme);
    let row = vec![
        Span::styled(format!("{} ", truth_sign(shared)), theme.accent()),
        label("true       "),
        Span::styled(true_name, Style::new().add_modifier(Modifier::BOLD)),
    ];
    frame.render_widget(Line::from(row), line(area, 1));
    let Some((evaluation, predicted)) = evaluation.zip(predicted) else {
        let key = |key: &'static str| Span::styled(key, theme.accent());
        let hints = if shared.is_training() {
            vec![Line::from(label("  the first epoch brings a prediction"))]
        } else {
            vec![
                Line::from(label("  no prediction yet")),
                Line::from(vec![
                    Span::raw("  "),
                    key("t"),
                    label(" trains the network"),
                ]),
                Line::from(vec![
                    Span::raw("  "),
                    key("L"),
                    label(" loads a saved model"),
                ]),
            ]
        };
        for (index, text) in hints.into_iter().enumerate() {
            frame.render_widget(text, line(below(area, 3), index));
        }
        return;
    };
    let (verdict, style) = if predicted == truth {
        ("right", theme.good())
    } else {
        ("wrong", theme.bad())
    };
    let name = shared.class_name(predicted);
    let name = cut(&name, room.saturating_sub(verdict.width() + 2), theme);
    let row = vec![
        Span::styled(format!("{} ", guess_sign(shared)), style),
        label("predicted  "),
        Span::styled(name, style.add_modifier(Modifier::BOLD)),
        Span::styled(format!("  {verdict}"), style),
    ];
    frame.render_widget(Line::from(row), line(area, 2));
    let all = probabilities(evaluation, image);
    if all.is_empty() && samples.then.is_some() {
        let text = cut(
            "  of this epoch only the class is kept",
            usize::from(area.width),
            theme,
        );
        frame.render_widget(Line::styled(text, theme.dim()), line(area, 3));
    }
    bars(frame, below(area, 3 + air), all, (truth, predicted), shared);
}

/// A bar per class; where not all have room, the most probable ones and the true class.
fn bars(
    frame: &mut Frame<'_>,
    area: Rect,
    probabilities: &[f32],
    (truth, predicted): (usize, usize),
    shared: &Shared,
) {
    let theme = shared.theme;
    let width = usize::from(area.width);
    // What is kept of an epoch has no more.
    let digits = usize::from(shared.time.moment().is_none());
    let rows = usize::from(area.height);
    let all = probabilities.len();
    // Where not all have room, the last row says how many are left out.
    let room = if all > rows {
        rows.saturating_sub(1)
    } else {
        rows
    };
    let shown = most_probable(probabilities, truth, room);
    if all > room && rows > 0 {
        let text = format!("  and {} less likely", all - room);
        let text = cut(&text, width, theme);
        frame.render_widget(Line::styled(text, theme.dim()), line(area, room));
    }
    let names = shown
        .iter()
        .map(|(class, _)| shared.class_name(*class).width());
    // Signs, name, bar, number: the bar takes what the others leave, the name gives way to it.
    let longest = names.max().unwrap_or(0);
    let name_width = longest.min(width.saturating_sub(2 + 1 + 4 + 8));
    let bar_width = width.saturating_sub(2 + name_width + 1 + 8).min(30);
    for (index, (class, probability)) in shown.into_iter().enumerate() {
        let style = match (class == predicted, class == truth) {
            (true, true) => theme.good(),
            (true, false) => theme.bad(),
            (false, true) => theme.accent().remove_modifier(Modifier::BOLD),
            (false, false) => theme.dim(),
        };
        let truth_mark = if class == truth {
            truth_sign(shared)
        } else {
            " "
        };
        let guess_mark = if class == predicted {
            guess_sign(shared)
        } else {
            " "
        };
        let bar = left(
            &bar(f64::from(probability), bar_width, theme),
            bar_width,
            theme,
        );
        let row = vec![
            Span::styled(truth_mark, theme.accent()),
            Span::styled(guess_mark, style),
            Span::styled(left(&shared.class_name(class), name_width, theme), style),
            Span::styled(format!(" {bar}"), style),
            Span::styled(format!(" {:>5.*} %", digits, 100.0 * probability), style),
        ];
        frame.render_widget(Line::from(row), line(area, index));
    }
}

/// At most `room` classes with their probabilities, in the order of the classes.
fn most_probable(probabilities: &[f32], truth: usize, room: usize) -> Vec<(usize, f32)> {
    let mut classes: Vec<(usize, f32)> = probabilities.iter().copied().enumerate().collect();
    if classes.len() > room {
        classes.sort_by(|a, b| {
            (b.0 == truth)
                .cmp(&(a.0 == truth))
                .then(b.1.total_cmp(&a.1))
        });
        classes.truncate(room);
        classes.sort_by_key(|(class, _)| *class);
    }
    classes
}

/// Marks the true class.
fn truth_sign(shared: &Shared) -> &'static str {
    shared.theme.sign("●", "*")
}

/// Marks the predicted class.
fn guess_sign(shared: &Shared) -> &'static str {
    shared.theme.sign("▸", ">")
}
