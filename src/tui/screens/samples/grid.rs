//! Thumbnails in rows, a page of them at a time.

use super::{Samples, top};
use crate::data::Split;
use crate::tui::shared::Shared;
use crate::tui::widgets::label::{class_name, left, line};
use crate::tui::widgets::picture::{Picture, Tint, scaled};
use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};

/// The longer side of a thumbnail in pixels of the screen: the first with which there are enough.
const SIDES: [usize; 5] = [28, 20, 14, 10, 8];
const ENOUGH: usize = 8;

/// How the thumbnails stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    pub columns: usize,
    pub rows: usize,
    /// Cells of an image; a frame at both sides and a caption below come on top.
    image: (u16, u16),
}

impl Plan {
    /// The plan for `area`; none where not even one thumbnail fits.
    pub fn of(area: Rect, split: &Split) -> Option<Self> {
        let (width, height) = (split.width, split.height);
        let longest = width.max(height).max(1);
        let plans = SIDES.into_iter().filter_map(|side| {
            let image = scaled(width, height, side as f64 / longest as f64);
            let columns = usize::from(area.width / (image.0 + 2));
            let rows = usize::from(area.height / (image.1 + 1));
            let some = image.0 > 0 && columns > 0 && rows > 0;
            some.then_some(Self {
                columns,
                rows,
                image,
            })
        });
        let plans: Vec<Self> = plans.collect();
        plans
            .iter()
            .find(|plan| plan.rows >= 2 && plan.page() >= ENOUGH)
            .or(plans.last())
            .copied()
    }

    fn page(self) -> usize {
        self.columns * self.rows
    }

    /// The first position of the page that `position` is on.
    fn first(self, position: usize) -> usize {
        position / self.page() * self.page()
    }

    /// The place of the `index`-th thumbnail of the page, frame and caption included.
    fn place(self, area: Rect, index: usize) -> Rect {
        let (width, height) = (self.image.0 + 2, self.image.1 + 1);
        // What the thumbnails leave free is shared out at the sides.
        let spare = area.width.saturating_sub(width * self.columns as u16) / 2;
        Rect {
            x: area.x + spare + (index % self.columns) as u16 * width,
            y: area.y + (index / self.columns) as u16 * height,
            width,
            height,
        }
        .intersection(area)
    }
}

impl Plan {
    /// Of the `index`-th thumbnail of the page, the places of the image and of the caption.
    pub fn inside(self, area: Rect, index: usize) -> (Rect, Rect) {
        let place = self.place(area, index);
        let image = Rect {
            x: place.x + 1,
            width: place.width.saturating_sub(2),
            height: place.height.saturating_sub(1),
            ..place
        };
        let below = line(place, usize::from(place.height).saturating_sub(1));
        let caption = Rect {
            x: image.x,
            width: image.width,
            ..below
        };
        (image, caption)
    }
}

/// The position of the thumbnail at `at`, where the screen was drawn in `area`.
pub fn hit(samples: &Samples, area: Rect, at: Position) -> Option<usize> {
    let area = top::below(area, 1);
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
    let picture = Picture {
        levels: &split.grey(split.image(image)),
        width: split.width,
        height: split.height,
        tint: Tint::Grey,
    };
    picture.draw(frame.buffer_mut(), inner, theme);
    let truth = usize::from(split.labels[image]);
    let predicted = samples
        .view
        .as_ref()
        .and_then(|view| view.evaluation.predictions.get(image))
        .map(|class| usize::from(*class));
    // What the model says is the news; without a model it is what the image is.
    let (sign, class, style) = match predicted {
        None => ("", truth, theme.dim()),
        Some(class) if class == truth => (theme.sign("✓ ", ""), class, theme.good()),
        Some(class) => (theme.sign("✗ ", "x "), class, theme.bad()),
    };
    let width = usize::from(inner.width);
    let caption = left(
        &format!("{sign}{}", class_name(class, shared)),
        width,
        theme,
    );
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
