//! Thumbnails in rows, a page of them at a time.

use super::plan::Plan;
use super::state::Samples;
use crate::data::Split;
use crate::text::width;
use crate::tui::shared::Shared;
use crate::tui::theme::Theme;
use crate::tui::widgets::area::below;
use crate::tui::widgets::label::{cut, left, line};
use crate::tui::widgets::picture::{Picture, natural};
use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};

/// The position of the thumbnail at `at`, where the screen was drawn in `area`.
pub fn hit(samples: &Samples, area: Rect, at: Position) -> Option<usize> {
    let area = below(area, 1);
    let plan = Plan::of(area, samples.split.as_ref()?)?;
    let first = plan.first(samples.position);
    (0..plan.page())
        .find(|index| plan.place(area, *index).contains(at))
        .map(|index| first + index)
        .filter(|position| *position < samples.images.len())
}

pub fn draw(samples: &Samples, frame: &mut Frame<'_>, area: Rect, shared: &Shared) {
    let Some(split) = &samples.split else {
        return;
    };
    let Some(plan) = Plan::of(area, split) else {
        samples.drawn.set((1, 1));
        return;
    };
    samples.drawn.set((plan.columns, plan.rows));
    let first = plan.first(samples.position);
    let page = samples
        .images
        .iter()
        .enumerate()
        .skip(first)
        .take(plan.page());
    for (index, (position, image)) in page.enumerate() {
        let chosen = position == samples.position;
        let places = (plan.place(area, index), plan.inside(area, index));
        thumbnail(
            samples,
            frame,
            places,
            (*image as usize, chosen),
            split,
            shared,
        );
    }
}

fn thumbnail(
    samples: &Samples,
    frame: &mut Frame<'_>,
    (place, (inner, caption_at)): (Rect, (Rect, Rect)),
    (image, chosen): (usize, bool),
    split: &Split,
    shared: &Shared,
) {
    let theme = shared.theme;
    if image >= split.len() || place.width < 3 || place.height < 2 {
        return;
    }
    let (levels, tint) = natural(split, split.image(image));
    let picture = Picture {
        levels: &levels,
        width: split.width,
        height: split.height,
        tint,
    };
    picture.draw(frame.buffer_mut(), inner, theme);
    let truth = usize::from(split.labels[image]);
    let predicted = samples
        .evaluation()
        .and_then(|evaluation| evaluation.predictions.get(image))
        .map(|class| usize::from(*class));
    let cells = usize::from(inner.width);
    let name = |class| shared.class_name(class);
    // The caption is the true class; of a mistake what it was taken for too.
    let (caption, style) = match predicted {
        None => (name(truth), theme.dim()),
        Some(class) if class == truth => {
            (theme.sign("✓ ", "").to_owned() + &name(truth), theme.good())
        }
        Some(class) => (
            mistake(&name(truth), &name(class), cells, theme),
            theme.bad(),
        ),
    };
    let caption = left(&caption, cells, theme);
    let style = if chosen {
        style.add_modifier(Modifier::REVERSED)
    } else {
        style
    };
    frame.render_widget(Line::styled(caption, style), caption_at);
    if chosen {
        frame_sides(frame, place, shared);
    }
}

/// The true class and what was predicted, both as long as there is room: `Coat→Shirt`.
fn mistake(truth: &str, predicted: &str, cells: usize, theme: Theme) -> String {
    let arrow = theme.sign("→", ">");
    let room = cells.saturating_sub(1);
    // What the shorter name leaves is the longer one's.
    let half = room / 2;
    let first = half.max(room.saturating_sub(width(predicted)));
    let first = cut(truth, first, theme);
    let second = cut(predicted, room.saturating_sub(width(&first)), theme);
    format!("{first}{arrow}{second}")
}

/// The cursor: bars at both sides.
fn frame_sides(frame: &mut Frame<'_>, place: Rect, shared: &Shared) {
    let theme = shared.theme;
    let style: Style = theme.accent();
    for row in 0..usize::from(place.height) {
        let at = line(place, row);
        let right = Rect {
            x: at.right().saturating_sub(1),
            width: 1,
            ..at
        };
        frame.render_widget(
            Span::styled(theme.sign("▐", "["), style),
            Rect { width: 1, ..at },
        );
        frame.render_widget(Span::styled(theme.sign("▌", "]"), style), right);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistake_names_both_classes_however_narrow_the_tile() {
        let caption = |cells| mistake("T-shirt/top", "Coat", cells, Theme::default());
        assert_eq!(caption(28), "T-shirt/top→Coat");
        assert_eq!(caption(14), "T-shirt/…→Coat");
        assert_eq!(caption(8), "T-s→Coat");
    }
}
