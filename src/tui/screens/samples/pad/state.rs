//! State of the pad: the picture, the brush, and what the model says.

use super::canvas::{Canvas, Pixel, covered};
use super::keys::PadAction;
use super::paint::{PAINTS, Paint};
use crate::augment::ImageSize;
use crate::data::Split;
use crate::insight::Prediction;
use crate::text::escape_controls;
use crate::train::Validated;
use crate::tui::effect::{Effect, Job};
use crate::tui::theme::Theme;
use crate::tui::widgets::picture::pixel_at;
use crossterm::event::{MouseButton, MouseEventKind};
use ratatui::layout::{Position, Rect};
use std::cell::Cell;
use std::path::Path;
use std::sync::Arc;

/// The widest brush, in pixels.
const WIDEST: usize = 9;
/// A step of the brush's grey.
const STEP: u8 = 51;
/// A turn, in degrees.
const TURN: f32 = 15.0;

/// The pad.
#[derive(Debug, Default)]
pub struct Pad {
    open: Option<Open>,
    /// Counts what was drawn, on any picture.
    version: u64,
    asked: Asked,
    /// What the model said last.
    said: Option<Said>,
    /// Where the picture was drawn last.
    pub(super) drawn: Cell<Rect>,
}

/// A picture on the pad.
#[derive(Debug)]
pub(super) struct Open {
    pub from: CameFrom,
    /// The number of what was drawn when it came on the pad.
    since: u64,
    pub canvas: Canvas,
    pub cursor: Pixel,
    pub brush: usize,
    pub paint: Paint,
    /// How bright it is.
    pub level: u8,
    pub pen: Pen,
    /// Whether the arrows move the picture.
    pub grabs: bool,
    /// Where the mouse draws or erases, while a button is down.
    stroke: Option<(Pixel, Pen)>,
}

/// Where a picture comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum CameFrom {
    /// It began blank.
    Nothing,
    /// The validation image at this position.
    Image(usize),
    /// A file of this name.
    File(String),
}

/// What the brush does while it moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pen {
    Up,
    Draws,
    Erases,
}

/// The last question; a new one is asked when its answer is there, about what is drawn by then.
#[derive(Debug, Default)]
struct Asked {
    version: u64,
    model: Option<Arc<Validated>>,
    is_waiting: bool,
}

/// What a model said.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Said {
    /// Of the picture as it was in the beginning.
    pub original: Prediction,
    /// Of the picture now.
    pub now: Prediction,
}

impl Pad {
    /// Whether it is shown.
    pub fn is_open(&self) -> bool {
        self.open.is_some()
    }

    /// Shows it, with image `image` of `split`, or with a blank picture of that size.
    pub fn open(&mut self, split: &Split, image: Option<usize>) {
        let size = split.size();
        match image {
            Some(image) => {
                let canvas = Canvas::new(split.image(image).to_vec(), size);
                self.show(canvas, CameFrom::Image(image));
            }
            None => self.show(Canvas::blank(size), CameFrom::Nothing),
        }
    }

    /// Shows it, with the first image of `split`, which was read from a file.
    pub fn open_file(&mut self, path: &Path, split: &Split) {
        if split.is_empty() {
            return;
        }
        let canvas = Canvas::new(split.image(0).to_vec(), split.size());
        let name = path.file_name().unwrap_or(path.as_os_str());
        let name = escape_controls(&name.to_string_lossy());
        self.show(canvas, CameFrom::File(name));
    }

    fn show(&mut self, canvas: Canvas, from: CameFrom) {
        let size = canvas.size();
        self.version += 1;
        self.open = Some(Open {
            from,
            since: self.version,
            canvas,
            cursor: (size.width / 2, size.height / 2),
            brush: (size.width.min(size.height) / 14).clamp(1, WIDEST),
            paint: PAINTS[0],
            level: 255,
            pen: Pen::Up,
            grabs: false,
            stroke: None,
        });
        self.said = None;
    }

    /// Hides it; false where it was hidden.
    pub fn close(&mut self) -> bool {
        self.open.take().is_some()
    }

    /// The picture on it.
    pub(super) fn shown(&self) -> Option<&Open> {
        self.open.as_ref()
    }

    /// What the model said last.
    pub(super) fn said(&self) -> Option<&Said> {
        self.said.as_ref()
    }

    /// Whether the model has seen the picture as it is.
    pub(super) fn is_current(&self) -> bool {
        !self.asked.is_waiting && self.asked.version == self.version
    }

    /// Asks what the model says of the newest picture, unless it was asked and has not answered yet.
    pub fn wanted(&mut self, model: Option<&Arc<Validated>>) -> Vec<Effect> {
        let (Some(open), Some(model)) = (&self.open, model) else {
            if model.is_none() {
                self.said = None;
            }
            return Vec::new();
        };
        let size = open.canvas.size();
        if size != model.images.size() {
            self.close();
            return Vec::new();
        }
        let of = self.asked.model.as_ref();
        let is_same = of.is_some_and(|of| Arc::ptr_eq(of, model));
        if self.asked.is_waiting || (is_same && self.asked.version == self.version) {
            return Vec::new();
        }
        self.asked = Asked {
            version: self.version,
            model: Some(Arc::clone(model)),
            is_waiting: true,
        };
        let pictures = [open.canvas.original(), open.canvas.pixels()].concat();
        let job = Job::Predict {
            model: Arc::clone(model),
            pictures: Arc::new(split_of(pictures, size)),
            version: self.version,
        };
        vec![job.into()]
    }

    /// Takes what the model says of the original and of the picture with this number.
    pub fn answered(&mut self, version: u64, predictions: &[Prediction]) {
        if self.asked.version != version {
            return;
        }
        self.asked.is_waiting = false;
        // Not what it says of the picture that was on the pad before.
        let is_of_this = self.open.as_ref().is_some_and(|open| open.since <= version);
        if let ([original, now], true) = (predictions, is_of_this) {
            self.said = Some(Said {
                original: original.clone(),
                now: now.clone(),
            });
        }
    }

    /// The question failed; the same one is not repeated.
    pub fn failed(&mut self) {
        self.asked.is_waiting = false;
    }

    /// Carries out an action; a sentence for the status line where there is something to say, and what is to
    /// be done outside.
    pub fn update(&mut self, action: PadAction) -> (Option<String>, Vec<Effect>) {
        let Some(open) = &mut self.open else {
            return (None, Vec::new());
        };
        let before = open.canvas.pixels().to_vec();
        let (mut said, mut effects) = (None, Vec::new());
        match action {
            PadAction::Left => open.go(-1, 0),
            PadAction::Right => open.go(1, 0),
            PadAction::Up => open.go(0, -1),
            PadAction::Down => open.go(0, 1),
            PadAction::ShiftLeft => open.canvas.shift(-1, 0),
            PadAction::ShiftRight => open.canvas.shift(1, 0),
            PadAction::ShiftUp => open.canvas.shift(0, -1),
            PadAction::ShiftDown => open.canvas.shift(0, 1),
            PadAction::Draw => open.dab(Pen::Draws),
            PadAction::Erase => open.dab(Pen::Erases),
            PadAction::Pen => {
                let (pen, text) = match open.pen {
                    Pen::Up => (Pen::Draws, "the pen is down: the arrows draw"),
                    Pen::Draws => (Pen::Erases, "the arrows erase"),
                    Pen::Erases => (Pen::Up, "the pen is up: the arrows only move"),
                };
                (open.pen, open.grabs) = (pen, false);
                said = Some(text.to_owned());
                open.dab(pen);
            }
            PadAction::Grab => {
                (open.grabs, open.pen) = (!open.grabs, Pen::Up);
                let text = match open.grabs {
                    true => "the arrows move the picture",
                    false => "the arrows move the cursor",
                };
                said = Some(text.to_owned());
            }
            PadAction::Larger => open.brush = (open.brush + 1).min(WIDEST),
            PadAction::Smaller => open.brush = (open.brush - 1).max(1),
            PadAction::Brighter => open.level = open.level.saturating_add(STEP),
            PadAction::Darker => open.level = open.level.saturating_sub(STEP),
            PadAction::NextColour | PadAction::PickColour => {
                said = Some(open.choose(action == PadAction::PickColour));
            }
            PadAction::TurnLeft => open.canvas.turn(TURN),
            PadAction::TurnRight => open.canvas.turn(-TURN),
            PadAction::Negative => open.canvas.negative(),
            PadAction::Original => open.canvas.reset(),
            PadAction::Blank => open.canvas.clear(),
            PadAction::Undo => {
                if !open.canvas.undo() {
                    said = Some("there is nothing to take back".to_owned());
                }
            }
            // The screen asks for the file.
            PadAction::Photo => {}
            PadAction::Write => match open.file() {
                Ok(job) => effects.push(job.into()),
                Err(problem) => said = Some(problem),
            },
            PadAction::Close => {
                self.close();
                return (None, Vec::new());
            }
        }
        self.changed(&before);
        (said, effects)
    }

    /// The mouse is at a pixel: it begins to draw or to erase there, or goes on.
    fn drag(&mut self, at: Pixel, pen: Option<Pen>) {
        let Some(open) = &mut self.open else {
            return;
        };
        let before = open.canvas.pixels().to_vec();
        open.cursor = at;
        match (pen, open.stroke) {
            (Some(pen), _) => {
                open.dab(pen);
                open.stroke = Some((at, pen));
            }
            (None, Some((from, pen))) => {
                let colour = open.colour_of(pen);
                open.canvas.stroke(from, at, open.brush, colour);
                open.stroke = Some((at, pen));
            }
            (None, None) => {}
        }
        self.changed(&before);
    }

    /// Takes what the mouse does at a cell.
    pub fn mouse(&mut self, kind: MouseEventKind, at: Position, theme: Theme) {
        let Some(open) = &mut self.open else {
            return;
        };
        let pen = match kind {
            MouseEventKind::Down(MouseButton::Right) => Some(Pen::Erases),
            MouseEventKind::Down(_) => Some(Pen::Draws),
            MouseEventKind::Drag(_) => None,
            MouseEventKind::Up(_) => {
                open.stroke = None;
                return;
            }
            _ => return,
        };
        let size = open.canvas.size();
        if let Some(at) = pixel_at(self.drawn.get(), at, (size.width, size.height), theme) {
            self.drag(at, pen);
        }
    }

    fn changed(&mut self, before: &[u8]) {
        let open = self.open.as_ref();
        if open.is_some_and(|open| open.canvas.pixels() != before) {
            self.version += 1;
        }
    }
}

impl Open {
    /// Moves the cursor, which may draw, or the picture.
    fn go(&mut self, right: isize, down: isize) {
        if self.grabs {
            return self.canvas.shift(right, down);
        }
        let ImageSize { height, width, .. } = self.canvas.size();
        let step = |at: usize, by: isize, end: usize| {
            at.saturating_add_signed(by).min(end.saturating_sub(1))
        };
        self.cursor = (
            step(self.cursor.0, right, width),
            step(self.cursor.1, down, height),
        );
        self.dab(self.pen);
    }

    /// Draws or erases where the cursor is.
    fn dab(&mut self, pen: Pen) {
        if pen != Pen::Up {
            let colour = self.colour_of(pen);
            self.canvas.begin();
            self.canvas.stamp(self.cursor, self.brush, colour);
        }
    }

    fn colour_of(&self, pen: Pen) -> [u8; 3] {
        match pen {
            Pen::Erases => [0; 3],
            Pen::Up | Pen::Draws => self.paint.at(self.level),
        }
    }

    /// Takes the next paint, or the colour under the cursor; what to say of it.
    fn choose(&mut self, picks: bool) -> String {
        let Some(under_cursor) = self.canvas.colour_at(self.cursor) else {
            return "these pictures have no colours: , and . choose the grey".to_owned();
        };
        self.paint = match picks {
            true => Paint::picked(under_cursor),
            false => self.paint.next(),
        };
        self.level = 255;
        format!("the brush paints in {}", self.paint_words())
    }

    /// The paint and its brightness.
    pub fn paint_words(&self) -> String {
        match self.paint.name {
            "picked" => {
                let [red, green, blue] = self.paint.at(self.level);
                format!("colour {red},{green},{blue}")
            }
            name => format!("{name} {}", self.level),
        }
    }

    /// The columns and rows under the brush.
    pub fn under_brush(&self) -> (std::ops::Range<usize>, std::ops::Range<usize>) {
        covered(self.cursor, self.brush, self.canvas.size())
    }

    /// What writes it into a file.
    fn file(&self) -> Result<Job, String> {
        let size = self.canvas.size();
        if !matches!(size.channels, 1 | 3) {
            return Err(format!(
                "a PNG has 1 or 3 channels, this has {}",
                size.channels
            ));
        }
        let stem = match self.from {
            CameFrom::Image(image) => format!("edited-{image}"),
            CameFrom::File(_) => "edited".to_owned(),
            CameFrom::Nothing => "drawn".to_owned(),
        };
        let picture = Arc::new(split_of(self.canvas.pixels().to_vec(), size));
        Ok(Job::WritePicture { stem, picture })
    }
}

/// Pictures of one size; they have no true class.
fn split_of(images: Vec<u8>, size: ImageSize) -> Split {
    let ImageSize {
        channels,
        height,
        width,
    } = size;
    Split {
        labels: vec![0; images.len() / size.bytes().max(1)],
        images,
        channels,
        height,
        width,
    }
}
