//! The screen's state and what changes it.

use super::chosen::Chosen;
use super::filter::Filter;
use super::inside::Inside;
use super::keys::SamplesAction;
use super::looking::Looking;
use super::map_of_set::{MapAction, MapOfSet};
use super::muted::Muted;
use super::pad::{Pad, PadAction};
use super::preview::Preview;
use super::suspicious::{Suspicious, same};
use crate::data::{Dataset, Split};
use crate::insight::{ImageTrace, Look, Muting, Story};
use crate::spec::Spec;
use crate::train::{Evaluation, Validated};
use crate::tui::effect::Effect;
use crate::tui::request::Request;
use crate::tui::shared::Shared;
use std::cell::Cell;
use std::sync::Arc;

/// Images a page key steps over where one is shown large.
const PAGE: usize = 10;

/// The screen's state.
#[derive(Debug, Default)]
pub struct Samples {
    pub(super) filter: Filter,
    /// Positions of the filter's images in `split`. Computed when filter, data or view change, never
    /// while drawing.
    pub(super) images: Vec<u32>,
    /// What `images` was computed from.
    pub(super) data: Option<Arc<Dataset>>,
    pub(super) view: Option<Arc<Validated>>,
    /// What the images were taken for after the epoch that is shown; none for now.
    pub(super) then: Option<Arc<Evaluation>>,
    /// Epochs of the history that `images` was computed from.
    kept: usize,
    /// The story of the image, where its history is known.
    pub(super) story: Option<Story>,
    /// The images that the model in view was evaluated on, without one the data's validation images; the run's own
    /// ones while one of its epochs is shown.
    pub(super) split: Option<Arc<Split>>,
    /// The cursor, in `images`.
    pub(super) position: usize,
    /// Thumbnails instead of one large image.
    pub(super) grid: bool,
    /// Kernels and feature maps.
    pub(super) inside: Inside,
    /// The map that is chosen there, and the value that is worked out.
    pub(super) chosen: Chosen,
    /// What is muted there.
    pub(super) muted: Muted,
    /// Where the model looks, over the large image.
    pub(super) looking: Looking,
    /// The images as the network sees them.
    pub(super) set: MapOfSet,
    /// An image that is being changed.
    pub(super) pad: Pad,
    /// Augmented training images.
    pub(super) preview: Preview,
    /// What the audit says of the images.
    pub(super) suspicious: Suspicious,
    /// Columns and rows of the grid where it was drawn last.
    pub(super) drawn: Cell<(usize, usize)>,
}

impl Samples {
    /// Follows a change of data, model or time: the filter stays, and so does the image if the filter still has
    /// it. Costs nothing when none has changed.
    pub fn view_changed(&mut self, shared: &Shared) -> Vec<Effect> {
        let view = shared.view.as_ref().map(|view| &view.validated);
        if !same(self.data.as_ref(), shared.dataset()) {
            // What is on it is an image of the data before.
            self.pad.close();
        }
        let layers = |view: &Arc<Validated>| view.snapshot.info.spec.layers.clone();
        if !same(self.view.as_ref(), view) && self.view.as_ref().map(layers) != view.map(layers) {
            self.chosen = Chosen::default();
            self.muted.clear();
        }
        let then = shared.time.moment().map(|moment| &moment.evaluation);
        let kept = shared.time.history().map_or(0, |it| it.epochs().len());
        let has_grown = kept != self.kept && matches!(self.filter, Filter::Story(_));
        let is_other = !same(self.view.as_ref(), view)
            || !same(self.data.as_ref(), shared.dataset())
            || !same(self.then.as_ref(), then)
            || has_grown;
        if is_other {
            self.view = view.cloned();
            self.data = shared.dataset().cloned();
            self.then = then.cloned();
            self.kept = kept;
            let of_then = shared.time.known().filter(|_| then.is_some());
            self.split = match (of_then, view, &self.data) {
                (Some(known), ..) => Some(Arc::clone(&known.images)),
                (None, Some(view), _) => Some(Arc::clone(&view.images)),
                (None, None, Some(data)) => Some(Arc::clone(&data.validation)),
                (None, None, None) => None,
            };
        }
        if self.suspicious.follow(self.split.as_ref(), shared) || is_other {
            self.select(self.filter, shared);
            self.work_out();
        }
        if self.then.is_some() {
            // These are of the weights as they are now.
            self.inside.close();
            self.chosen.end();
            self.looking.close();
            self.set.close();
        }
        self.tell_story(shared);
        self.wanted()
    }

    /// What the images are taken for: by the model in view, or after the epoch that is shown.
    pub(super) fn evaluation(&self) -> Option<&Evaluation> {
        let view = self.view.as_ref().map(|view| &view.evaluation);
        self.then.as_deref().or(view)
    }

    /// The map of where the model looks on an image, if it is to be shown and is there.
    pub(super) fn map_over_image(&self, image: usize) -> Option<&Look> {
        let view = self.view.as_ref()?;
        self.looking.map(image, view)
    }

    /// What is shown and has still to be computed.
    pub(super) fn wanted(&mut self) -> Vec<Effect> {
        let (image, view) = (self.image(), self.view.as_ref());
        let mut effects = self.inside.wanted(image, view, self.muted.units());
        effects.extend(self.looking.wanted(image, view));
        if self.inside.is_open() {
            effects.extend(self.muted.wanted(view));
        }
        effects.extend(self.set.wanted(view));
        effects.extend(self.pad.wanted(view));
        effects
    }

    /// Shows just the images of class `truth` that were predicted as `predicted`.
    pub fn show_cell(&mut self, truth: usize, predicted: usize, shared: &mut Shared) {
        self.close_inside();
        self.view_changed(shared);
        self.select(Filter::Cell { truth, predicted }, shared);
        self.position = 0;
        self.tell_story(shared);
        self.tell(shared);
    }

    /// Takes every layer's output for an image.
    pub fn look_inside(&mut self, image: usize, trace: &Arc<ImageTrace>) {
        self.inside.arrived(image, Arc::clone(trace));
        self.work_out();
    }

    /// Takes where the model looks.
    pub(super) fn looked(&mut self, image: usize, map: &Arc<Look>) {
        self.looking.arrived(image, map);
    }

    /// Takes what the network loses without what is muted.
    pub(super) fn muting_known(&mut self, effect: &Arc<Muting>) {
        self.muted.arrived(effect);
    }

    /// Notes that background work has failed, possibly what is awaited here.
    pub fn background_failed(&mut self) {
        self.inside.failed();
        self.looking.failed();
        self.muted.failed();
        self.pad.failed();
    }

    /// Leaves kernels and feature maps, or augmented images; false where none are open.
    pub fn close_inside(&mut self) -> bool {
        self.chosen.end();
        self.inside.close()
            | self.preview.close()
            | self.looking.close()
            | self.set.close()
            | self.pad.close()
    }

    /// Takes the spec that would be trained: the preview shows its augmentation.
    pub fn follow_design(&mut self, designed: &Spec) {
        self.preview.follow(designed);
    }

    /// Position of the chosen image among the validation images.
    pub(super) fn image(&self) -> Option<usize> {
        self.images.get(self.position).map(|image| *image as usize)
    }

    /// Takes a filter; the cursor stays on its image, or goes to the next one there is.
    pub(super) fn select(&mut self, filter: Filter, shared: &Shared) {
        let image = self.images.get(self.position).copied();
        self.filter = filter;
        self.images = match &self.split {
            Some(split) => filter.select(
                split,
                self.evaluation(),
                self.history(shared),
                self.suspicious.images(),
            ),
            None => Vec::new(),
        };
        let kept = image.and_then(|image| {
            let images = &self.images;
            match images.iter().position(|other| *other == image) {
                None if !filter.is_sorted() => images.iter().position(|other| *other > image),
                found => found,
            }
        });
        let last = self.images.len().saturating_sub(1);
        self.position = kept.unwrap_or(self.position).min(last);
    }

    /// Says what the filter holds.
    fn tell(&self, shared: &mut Shared) {
        let text = self.filter.count(self.images.len(), self.total(), shared);
        shared.say(text);
    }

    /// All validation images.
    pub(super) fn total(&self) -> usize {
        self.split.as_ref().map_or(0, |split| split.len())
    }

    /// Takes a filter that a key has chosen, and says what it holds.
    fn choose(&mut self, filter: Filter, shared: &mut Shared) {
        if filter.needs_predictions() && self.view.is_none() {
            shared.say("no predictions yet: t trains the network, L loads a model");
            return;
        }
        if matches!(filter, Filter::Story(_)) && !self.has_history(shared) {
            shared.say("no history yet: it begins with a run's first epoch");
            return;
        }
        let before = self.image();
        self.select(filter, shared);
        // In a sorted list the first images matter.
        if filter.is_sorted() || self.image() != before {
            self.position = 0;
        }
        self.tell(shared);
    }

    /// The filter `f` leads to, or `F`.
    fn neighbour(&self, forward: bool, shared: &Shared) -> Filter {
        let class = Filter::Class(self.class_of_image());
        let with_model = [
            Filter::All,
            Filter::Wrong,
            Filter::ConfidentMistakes,
            Filter::LeastConfident,
        ];
        let mut filters = match self.view.is_some() {
            true => with_model.to_vec(),
            false => vec![Filter::All],
        };
        filters.extend(self.suspicious.is_known().then_some(Filter::Suspicious));
        filters.push(class);
        if shared.time.history().is_some() {
            filters.extend(Filter::STORIES);
        }
        let at = filters
            .iter()
            .position(|filter| match (filter, self.filter) {
                (Filter::Class(_), Filter::Class(_)) => true,
                (filter, current) => *filter == current,
            });
        match at {
            Some(at) => {
                let step = if forward { 1 } else { filters.len() - 1 };
                filters[(at + step) % filters.len()]
            }
            None => Filter::All,
        }
    }

    pub(super) fn class_of_image(&self) -> usize {
        let label = self.split.as_ref().zip(self.image());
        label
            .and_then(|(split, image)| split.labels.get(image))
            .map_or(0, |label| usize::from(*label))
    }

    /// The class that `c` leads to, or `C`.
    fn next_class(&self, forward: bool) -> usize {
        let classes = self.data.as_ref().map_or(1, |data| data.classes()).max(1);
        match self.filter {
            Filter::Class(class) if forward => (class + 1) % classes,
            Filter::Class(class) => (class + classes - 1) % classes,
            _ => self.class_of_image(),
        }
    }

    /// Carries out an action.
    pub fn update(&mut self, action: SamplesAction, shared: &mut Shared) -> Vec<Effect> {
        self.view_changed(shared);
        let before = self.position;
        let (columns, rows) = self.drawn.get();
        let (row, page) = if self.grid && !self.inside.is_open() && !self.preview.is_open() {
            (columns.max(1), (columns * rows).max(1))
        } else {
            (1, PAGE)
        };
        let last = self.images.len().saturating_sub(1);
        match action {
            SamplesAction::Left => self.position = self.position.saturating_sub(1),
            SamplesAction::Right => self.position = (self.position + 1).min(last),
            // Where there is no row above or below, the cursor stays in its column.
            SamplesAction::Up if self.position >= row => self.position -= row,
            SamplesAction::Up => {}
            SamplesAction::Down if self.position + row <= last => self.position += row,
            SamplesAction::Down if self.position / row < last / row => self.position = last,
            SamplesAction::Down => {}
            SamplesAction::PageUp => self.position = self.position.saturating_sub(page),
            SamplesAction::PageDown => self.position = (self.position + page).min(last),
            SamplesAction::First => self.position = 0,
            SamplesAction::Last => self.position = last,
            SamplesAction::Grid => self.grid = !self.grid,
            SamplesAction::Enlarge if self.grid => self.grid = false,
            SamplesAction::Enlarge => {
                shared.say("g goes back to the grid, v shows what the network sees");
            }
            SamplesAction::NextFilter => self.choose(self.neighbour(true, shared), shared),
            SamplesAction::PreviousFilter => self.choose(self.neighbour(false, shared), shared),
            SamplesAction::NextClass => self.choose(Filter::Class(self.next_class(true)), shared),
            SamplesAction::PreviousClass => {
                self.choose(Filter::Class(self.next_class(false)), shared);
            }
            SamplesAction::All => self.choose(Filter::All, shared),
            SamplesAction::Wrong => self.choose(Filter::Wrong, shared),
            SamplesAction::ConfidentMistakes => self.choose(Filter::ConfidentMistakes, shared),
            SamplesAction::LeastConfident => self.choose(Filter::LeastConfident, shared),
            SamplesAction::NextStory => self.choose(self.next_story(), shared),
            SamplesAction::Layers => shared.requests.push(Request::ShowLayersOfModel),
            SamplesAction::Suspicious => return self.suspect(shared),
            SamplesAction::Preview => self.preview.toggle(),
            SamplesAction::LaterEpochs => self.preview.turn(true),
            SamplesAction::EarlierEpochs => self.preview.turn(false),
            SamplesAction::Maps | SamplesAction::Look | SamplesAction::MapOfSet
                if self.then.is_some() =>
            {
                shared.say("the weights are those of now alone; Esc returns to them");
            }
            SamplesAction::Maps => {
                if !self.inside.close() {
                    if self.view.is_some() {
                        self.inside.open();
                    } else {
                        shared.say("no model to look into yet: t trains the network, L loads one");
                    }
                }
            }
            SamplesAction::MapOfSet if self.view.is_none() => {
                shared.say("no model to see them yet: t trains the network, L loads one");
            }
            SamplesAction::MapOfSet => self.set.open(self.image()),
            SamplesAction::Edit | SamplesAction::Blank => {
                let image = self.image().filter(|_| action == SamplesAction::Edit);
                if let Some(split) = self.split.as_ref().filter(|split| !split.is_empty()) {
                    self.pad.open(split, image);
                } else {
                    shared.say("there are no images yet");
                }
            }
            SamplesAction::Photo => shared.requests.push(Request::AskForPicture),
            SamplesAction::Look
            | SamplesAction::NextWatched
            | SamplesAction::PreviousWatched
            | SamplesAction::DeeperLook
            | SamplesAction::ShallowerLook
                if self.view.is_none() =>
            {
                shared.say("no model to watch yet: t trains the network, L loads one");
            }
            SamplesAction::Look => self.look(shared),
            SamplesAction::NextWatched => self.watch(true, shared),
            SamplesAction::PreviousWatched => self.watch(false, shared),
            SamplesAction::DeeperLook => self.look_through(true, shared),
            SamplesAction::ShallowerLook => self.look_through(false, shared),
            other => {
                self.update_inside(other, shared);
            }
        }
        if self.position != before {
            self.preview.restart();
        }
        self.tell_story(shared);
        let effects = self.wanted();
        self.work_out();
        effects
    }

    /// Shows an image large: among those of the filter, if it has it, else among all.
    fn enlarge(&mut self, image: usize, shared: &Shared) {
        let place = |images: &[u32]| images.iter().position(|it| *it as usize == image);
        if place(&self.images).is_none() {
            self.select(Filter::All, shared);
        }
        self.position = place(&self.images).unwrap_or(self.position);
        self.grid = false;
    }

    /// Carries out an action on the map of the set.
    pub(super) fn update_map(&mut self, action: MapAction, shared: &mut Shared) -> Vec<Effect> {
        self.view_changed(shared);
        match (action, self.set.image()) {
            (MapAction::Close, _) => {
                self.set.close();
            }
            (MapAction::Enlarge, Some(image)) => {
                self.set.close();
                self.enlarge(image, shared);
            }
            (action, _) => {
                let view = self.view.as_deref();
                if let Some(text) = view.and_then(|view| self.set.update(action, view)) {
                    shared.say(text);
                }
            }
        }
        self.wanted()
    }

    /// Carries out an action on the drawing pad.
    pub(super) fn update_pad(&mut self, action: PadAction, shared: &mut Shared) -> Vec<Effect> {
        if action == PadAction::Photo {
            shared.requests.push(Request::AskForPicture);
        }
        let (text, mut effects) = self.pad.update(action);
        if let Some(text) = text {
            shared.say(text);
        }
        effects.extend(self.wanted());
        effects
    }

    /// Shows the suspicious images and audits the data, if that is not done; shown already, stops the audit, or goes
    /// on with one that is not complete.
    fn suspect(&mut self, shared: &mut Shared) -> Vec<Effect> {
        let effects = match self.filter {
            Filter::Suspicious if !shared.audit.is_complete() => shared.toggle_audit(),
            _ => shared.begin_audit(),
        };
        self.suspicious.follow(self.split.as_ref(), shared);
        if self.filter != Filter::Suspicious {
            self.select(Filter::Suspicious, shared);
            self.position = 0;
        }
        if effects.is_empty() {
            self.tell(shared);
        }
        self.tell_story(shared);
        effects.into_iter().chain(self.wanted()).collect()
    }
}
