//! State of the map: what was asked for, what has come, and what of it is shown.

use super::keys::MapAction;
use super::placement::{Direction, Dot, Placement, dot_at, nearest, towards};
use crate::insight::Embedding;
use crate::train::Validated;
use crate::tui::effect::{Effect, Job};
use crate::tui::message::MapNews;
use crate::tui::ticket::Ticket;
use ratatui::layout::{Position, Rect};
use std::cell::Cell;
use std::sync::Arc;

/// The map of the set.
#[derive(Debug, Default)]
pub struct MapOfSet {
    is_open: bool,
    question: Option<Question>,
    /// The newest map, also one of an earlier model until there is another.
    found: Option<Arc<Embedding>>,
    /// Where the images are on the way from one map to the next.
    moving: Option<Vec<[f32; 2]>>,
    /// What is being done.
    pub(super) progress: Progress,
    pub(super) wrong_only: bool,
    /// The class that stands out.
    pub(super) class: Option<usize>,
    /// The cursor, among the images of the map.
    chosen: usize,
    /// Where it was drawn last.
    pub(super) drawn: Cell<Rect>,
}

/// What the background was asked.
#[derive(Debug)]
struct Question {
    model: Arc<Validated>,
    ticket: Ticket,
}

/// How far the map is.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Progress {
    /// The share of the images that the network has seen.
    Looking(f64),
    /// The share of t-SNE's steps.
    Moving(f64),
    /// It is there, or none was asked for.
    #[default]
    Done,
    /// There is none, and why.
    Failed(String),
}

impl MapOfSet {
    /// Whether it is shown.
    pub fn is_open(&self) -> bool {
        self.is_open
    }

    /// Shows it, with the cursor on an image if the map has it.
    pub fn open(&mut self, image: Option<usize>) {
        self.is_open = true;
        if let (Some(image), Some(found)) = (image, &self.found) {
            let place = found.images.iter().position(|it| *it as usize == image);
            self.chosen = place.unwrap_or(self.chosen);
        }
    }

    /// Hides it, and calls off the work on it; false where it was hidden.
    pub fn close(&mut self) -> bool {
        if !matches!(self.progress, Progress::Done) {
            self.call_off();
        }
        std::mem::take(&mut self.is_open)
    }

    fn call_off(&mut self) {
        if let Some(question) = self.question.take() {
            question.ticket.call_off();
        }
        (self.moving, self.progress) = (None, Progress::Done);
    }

    /// Requests the map of the model in view, unless it is there or on its way.
    pub fn wanted(&mut self, model: Option<&Arc<Validated>>) -> Vec<Effect> {
        let Some(model) = model else {
            self.close();
            self.call_off();
            self.found = None;
            return Vec::new();
        };
        let of = self.question.as_ref().map(|question| &question.model);
        if !self.is_open || of.is_some_and(|of| Arc::ptr_eq(of, model)) {
            return Vec::new();
        }
        if of.is_some_and(|of| !Arc::ptr_eq(&of.images, &model.images)) {
            self.found = None;
        }
        self.call_off();
        let ticket = Ticket::default();
        self.question = Some(Question {
            model: Arc::clone(model),
            ticket: ticket.clone(),
        });
        self.progress = Progress::Looking(0.0);
        let model = Arc::clone(model);
        vec![Job::MapOfSet { model, ticket }.into()]
    }

    /// Takes news of the map that was asked for.
    pub fn arrived(&mut self, ticket: &Ticket, news: &MapNews) {
        let asked = self.question.as_ref();
        if asked.is_none_or(|question| question.ticket != *ticket) {
            return;
        }
        match news {
            MapNews::Looking(share) => self.progress = Progress::Looking(*share),
            MapNews::Start(map) => {
                self.take(map);
                self.progress = Progress::Moving(0.0);
            }
            MapNews::Moved { points, share } => {
                self.moving = Some(points.clone());
                self.progress = Progress::Moving(*share);
            }
            MapNews::Done(map) => {
                self.take(map);
                self.progress = Progress::Done;
            }
            MapNews::Stopped => self.call_off(),
            MapNews::Failed(problem) => self.failed(problem),
        }
    }

    /// Background work has failed, possibly this.
    pub fn failed(&mut self, problem: &str) {
        if !matches!(self.progress, Progress::Done) {
            self.found = None;
            self.moving = None;
            self.progress = Progress::Failed(problem.to_owned());
        }
    }

    /// Puts a map in the place of the one before; the cursor stays on its image.
    fn take(&mut self, map: &Arc<Embedding>) {
        let image = self.image();
        let places = map.images.iter();
        let place = image.and_then(|image| places.clone().position(|it| *it as usize == image));
        self.chosen = place
            .unwrap_or(self.chosen)
            .min(map.images.len().saturating_sub(1));
        self.moving = None;
        self.found = Some(Arc::clone(map));
    }

    /// The newest map.
    pub fn map(&self) -> Option<&Embedding> {
        self.found.as_deref()
    }

    /// Where its images are now.
    pub(super) fn points(&self) -> &[[f32; 2]] {
        let Some(found) = &self.found else {
            return &[];
        };
        match &self.moving {
            Some(moving) if moving.len() == found.points.len() => moving,
            _ => &found.points,
        }
    }

    /// The chosen image's position among the validation images.
    pub fn image(&self) -> Option<usize> {
        let images = &self.found.as_ref()?.images;
        images.get(self.chosen).map(|image| *image as usize)
    }

    /// Whether an image of the map, at this place of it, is shown.
    pub(super) fn shows(&self, place: usize, model: &Validated) -> bool {
        !self.wrong_only || self.is_wrong(place, model)
    }

    /// Whether the image at this place of the map was taken for another class.
    pub(super) fn is_wrong(&self, place: usize, model: &Validated) -> bool {
        let image = self.found.as_ref().and_then(|map| map.images.get(place));
        image.is_some_and(|image| {
            let image = *image as usize;
            model.evaluation.predictions.get(image) != model.images.labels.get(image)
        })
    }

    /// The places of the images that one can go to, with their dots.
    fn dots(&self, model: &Validated) -> impl Iterator<Item = (usize, Dot)> {
        let points = self.points();
        let placement = Placement::of(points, self.drawn.get());
        let labels = &model.images.labels;
        let stands_out = move |place: usize| {
            let image = self.found.as_ref().and_then(|map| map.images.get(place));
            let label = image.and_then(|image| labels.get(*image as usize));
            self.class
                .is_none_or(|class| label.is_some_and(|label| usize::from(*label) == class))
        };
        let all = points.iter().enumerate();
        all.filter(move |(place, _)| self.shows(*place, model) && stands_out(*place))
            .map(move |(place, point)| (place, placement.dot(*point)))
    }

    /// Whether the images were drawn around a cell.
    pub fn has(&self, at: Position) -> bool {
        self.drawn.get().contains(at)
    }

    /// Puts the cursor on the image nearest to a cell; false where it was there already.
    pub fn choose_at(&mut self, at: Position, model: &Validated) -> bool {
        let dot = dot_at(self.drawn.get(), at);
        let chosen = nearest(self.dots(model), dot).unwrap_or(self.chosen);
        std::mem::replace(&mut self.chosen, chosen) != chosen
    }

    /// Carries out an action; a sentence for the status line where there is something to say.
    pub fn update(&mut self, action: MapAction, model: &Validated) -> Option<String> {
        let go = match action {
            MapAction::Left => Direction::Left,
            MapAction::Right => Direction::Right,
            MapAction::Up => Direction::Up,
            MapAction::Down => Direction::Down,
            MapAction::Wrong => {
                self.wrong_only = !self.wrong_only;
                let places = 0..self.points().len();
                let wrong = places.filter(|place| self.is_wrong(*place, model)).count();
                self.onto_shown(model);
                return Some(match (self.wrong_only, wrong) {
                    (true, 0) => "no image of the map was predicted wrongly".to_owned(),
                    (true, wrong) => format!("the {wrong} that were predicted wrongly"),
                    (false, _) => "all images of the map".to_owned(),
                });
            }
            MapAction::NextClass | MapAction::PreviousClass => {
                let classes = model.evaluation.confusion.classes().max(1);
                let of_image = self
                    .image()
                    .and_then(|image| model.images.labels.get(image));
                let step = match action {
                    MapAction::NextClass => 1,
                    _ => classes - 1,
                };
                self.class = match self.class {
                    Some(class) => Some((class + step) % classes),
                    None => of_image.map(|label| usize::from(*label)),
                };
                self.onto_shown(model);
                return None;
            }
            MapAction::AllClasses => {
                (self.class, self.wrong_only) = (None, false);
                return None;
            }
            MapAction::Enlarge | MapAction::Close => return None,
        };
        let placement = Placement::of(self.points(), self.drawn.get());
        let from = placement.dot(*self.points().get(self.chosen)?);
        self.chosen = towards(self.dots(model), from, go).unwrap_or(self.chosen);
        None
    }

    /// Moves the cursor to the nearest image that it may be on.
    fn onto_shown(&mut self, model: &Validated) {
        let placement = Placement::of(self.points(), self.drawn.get());
        if let Some(point) = self.points().get(self.chosen) {
            let found = nearest(self.dots(model), placement.dot(*point));
            self.chosen = found.unwrap_or(self.chosen);
        }
    }

    /// The cursor's place among the points.
    pub(super) fn chosen(&self) -> usize {
        self.chosen
    }
}
