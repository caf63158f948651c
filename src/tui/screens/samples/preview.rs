//! The chosen image augmented: as it is, and as training would see it in each epoch.

use super::plan::Plan;
use crate::augment::{augment, mixture};
use crate::data::{Dataset, Split};
use crate::spec::{Augmentation, InputNormalization, Spec};
use crate::tui::shared::Shared;
use crate::tui::widgets::area::below;
use crate::tui::widgets::label::{cut, grouped, left, line, plain};
use crate::tui::widgets::picture::{Picture, natural};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use std::cell::Cell;
use unicode_width::UnicodeWidthStr;

/// The page of augmented images.
#[derive(Debug, Default)]
pub struct Preview {
    open: bool,
    /// Epochs before the first one shown.
    passed: usize,
    /// Epochs shown where it was drawn last.
    page: Cell<usize>,
    augmentation: Augmentation,
    normalization: InputNormalization,
    seed: u64,
}

/// The images of the screen, and the chosen one of them.
#[derive(Clone, Copy, Debug)]
pub struct Images<'a> {
    /// The data in use.
    pub data: &'a Dataset,
    /// The images.
    pub split: &'a Split,
    /// The chosen one.
    pub image: usize,
}

impl Preview {
    /// Whether it is shown.
    pub fn is_open(&self) -> bool {
        self.open
    }

    /// Shows or hides it.
    pub fn toggle(&mut self) {
        self.open = !self.open;
    }

    /// Hides it; false where it was hidden.
    pub fn close(&mut self) -> bool {
        std::mem::take(&mut self.open)
    }

    /// Takes what changes an image from the spec on the Design screen.
    pub fn follow(&mut self, spec: &Spec) {
        self.augmentation = spec.augmentation;
        self.normalization = spec.normalization;
        self.seed = spec.seed;
    }

    /// Goes back to the first epoch, as another image is chosen.
    pub fn restart(&mut self) {
        self.passed = 0;
    }

    /// Goes to later epochs, or to earlier ones.
    pub fn turn(&mut self, later: bool) {
        let page = self.page.get().max(1);
        self.passed = match later {
            true => self.passed.saturating_add(page),
            false => self.passed.saturating_sub(page),
        };
    }

    /// The image in the epoch of this number, and what is mixed into it: its position and share.
    fn seen(&self, images: Images<'_>, epoch: usize) -> (Vec<u8>, Option<(usize, f32)>) {
        let Images { split, image, .. } = images;
        let mut levels = self.changed(images, image, epoch);
        if self.augmentation.mixup == 0.0 || split.len() < 2 {
            return (levels, None);
        }
        // In training the batch decides which image is mixed in; here it is the one `epoch` places on.
        let partner = (image + epoch) % split.len();
        let share = mixture(1, self.augmentation.mixup, self.seed, epoch as u64).share;
        for (level, other) in levels.iter_mut().zip(self.changed(images, partner, epoch)) {
            let mixed = share * f32::from(*level) + (1.0 - share) * f32::from(other);
            *level = mixed.round() as u8;
        }
        (levels, Some((partner, 1.0 - share)))
    }

    fn changed(
        &self,
        Images { data, split, .. }: Images<'_>,
        image: usize,
        epoch: usize,
    ) -> Vec<u8> {
        let mut levels = split.image(image).to_vec();
        let mean = data.normalization_for(self.normalization).mean_level();
        let key = (self.seed, epoch, image as u32);
        augment(&mut levels, split.size(), &self.augmentation, mean, key);
        levels
    }

    /// Draws the original image and its augmented versions in the next epochs.
    pub fn draw(&self, frame: &mut Frame<'_>, area: Rect, images: Images<'_>, shared: &Shared) {
        let theme = shared.theme;
        let Images { split, image, .. } = images;
        let Some(class) = split.labels.get(image) else {
            return;
        };
        let class = shared.class_name(usize::from(*class));
        let title = format!("image {}, {class}", grouped(image as u64));
        let title = cut(&title, usize::from(area.width), theme);
        let note = match self.augmentation == Augmentation::default() {
            true => "no augmentation: Design's h sets it, under Training".to_owned(),
            false => self.augmentation.to_string(),
        };
        let room = usize::from(area.width).saturating_sub(title.width() + 2);
        let spans = vec![
            Span::styled(title, theme.accent()),
            Span::styled(
                format!("  {}", cut(&plain(&note, theme), room, theme)),
                theme.dim(),
            ),
        ];
        frame.render_widget(Line::from(spans), line(area, 0));
        let body = below(area, 1);
        let Some(plan) = Plan::of(body, split) else {
            self.page.set(1);
            return;
        };
        let epochs = (plan.columns * plan.rows).saturating_sub(1);
        self.page.set(epochs);
        for place in 0..=epochs {
            let epoch = self.passed.saturating_add(place);
            let (levels, caption) = if place == 0 {
                (split.image(image).to_vec(), "as it is".to_owned())
            } else {
                let (levels, mixed) = self.seen(images, epoch);
                let mixed = mixed.map_or(String::new(), |(partner, share)| {
                    let class = shared.class_name(usize::from(split.labels[partner]));
                    format!(", {:.0} % {class}", 100.0 * share)
                });
                (levels, format!("epoch {epoch}{mixed}"))
            };
            let (inner, caption_at) = plan.inside(body, place);
            let (levels, tint) = natural(split, &levels);
            let picture = Picture {
                levels: &levels,
                width: split.width,
                height: split.height,
                tint,
            };
            picture.draw(frame.buffer_mut(), inner, theme);
            let style = if place == 0 {
                theme.text()
            } else {
                theme.dim()
            };
            let caption = left(&caption, usize::from(caption_at.width), theme);
            frame.render_widget(Line::styled(caption, style), caption_at);
        }
    }
}
