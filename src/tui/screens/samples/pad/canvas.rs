//! A picture that is being drawn on, with what can be done to it.

use crate::augment::{ImageSize, rotate, shift};

/// Changes that can be taken back.
const MOST_UNDONE: usize = 100;

/// A place on the picture: column and row.
pub type Pixel = (usize, usize);

/// The picture.
#[derive(Clone, Debug)]
pub struct Canvas {
    size: ImageSize,
    /// As it was in the beginning, `[channels, height, width]`.
    original: Vec<u8>,
    pixels: Vec<u8>,
    /// What it was before each of the last changes, the latest last.
    before: Vec<Vec<u8>>,
    /// What is being turned, and by how many degrees: turning step by step would blur it.
    turned: Option<(Vec<u8>, f32)>,
}

impl Canvas {
    /// A picture to begin with.
    pub fn new(pixels: Vec<u8>, size: ImageSize) -> Self {
        Self {
            size,
            original: pixels.clone(),
            pixels,
            before: Vec::new(),
            turned: None,
        }
    }

    /// All black.
    pub fn blank(size: ImageSize) -> Self {
        Self::new(vec![0; size.bytes()], size)
    }

    /// Its size.
    pub fn size(&self) -> ImageSize {
        self.size
    }

    /// `[channels, height, width]`.
    pub fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    /// What it was in the beginning.
    pub fn original(&self) -> &[u8] {
        &self.original
    }

    /// Whether it is not as in the beginning.
    pub fn is_changed(&self) -> bool {
        self.pixels != self.original
    }

    /// Begins a change, which is taken back as a whole.
    pub fn begin(&mut self) {
        self.turned = None;
        self.keep();
    }

    fn keep(&mut self) {
        if self.before.last() == Some(&self.pixels) {
            return;
        }
        if self.before.len() == MOST_UNDONE {
            self.before.remove(0);
        }
        self.before.push(self.pixels.clone());
    }

    /// Takes the last change back; false where there is none.
    pub fn undo(&mut self) -> bool {
        self.turned = None;
        while let Some(before) = self.before.pop() {
            if before != self.pixels {
                self.pixels = before;
                return true;
            }
        }
        false
    }

    /// Gives the pixels of a square `brush` pixels wide this colour; the first of its levels where there is one channel
    /// alone. It is around `at`, a pixel further right and below where it has no middle.
    pub fn stamp(&mut self, at: Pixel, brush: usize, colour: [u8; 3]) {
        let ImageSize { height, width, .. } = self.size;
        let (columns, rows) = covered(at, brush, self.size);
        let planes = self.pixels.chunks_exact_mut((height * width).max(1));
        for (plane, level) in planes.zip(colour.into_iter().cycle()) {
            for row in rows.clone() {
                plane[row * width..][columns.clone()].fill(level);
            }
        }
    }

    /// [`stamp`](Self::stamp) on the straight way between two pixels.
    pub fn stroke(&mut self, from: Pixel, to: Pixel, brush: usize, colour: [u8; 3]) {
        let steps = from.0.abs_diff(to.0).max(from.1.abs_diff(to.1)).max(1);
        let along = |from: usize, to: usize, step: usize| {
            (from * (steps - step) + to * step + steps / 2) / steps
        };
        for step in 0..=steps {
            let at = (along(from.0, to.0, step), along(from.1, to.1, step));
            self.stamp(at, brush, colour);
        }
    }

    /// The colour of a pixel, of a picture that has colours.
    pub fn colour_at(&self, (x, y): Pixel) -> Option<[u8; 3]> {
        let ImageSize { height, width, .. } = self.size;
        let mut levels = self.pixels.chunks_exact((height * width).max(1));
        let mut level = || levels.next()?.get(y * width + x).copied();
        match self.size.channels {
            3 => Some([level()?, level()?, level()?]),
            _ => None,
        }
    }

    /// Moves it by pixels; what comes in is black.
    pub fn shift(&mut self, right: isize, down: isize) {
        self.begin();
        shift(&mut self.pixels, self.size, right, down);
    }

    /// Turns it about its middle, counterclockwise for positive degrees.
    pub fn turn(&mut self, degrees: f32) {
        let (source, before) = match self.turned.take() {
            Some(turned) => turned,
            None => (self.pixels.clone(), 0.0),
        };
        self.keep();
        let degrees = (before + degrees) % 360.0;
        self.pixels.clone_from(&source);
        rotate(&mut self.pixels, self.size, degrees);
        self.turned = Some((source, degrees));
    }

    /// Dark for light.
    pub fn negative(&mut self) {
        self.begin();
        self.pixels
            .iter_mut()
            .for_each(|level| *level = 255 - *level);
    }

    /// As it was in the beginning.
    pub fn reset(&mut self) {
        self.begin();
        self.pixels.clone_from(&self.original);
    }

    /// All black.
    pub fn clear(&mut self) {
        self.begin();
        self.pixels.fill(0);
    }
}

/// The columns and rows that a brush at a pixel covers.
pub fn covered(
    (x, y): Pixel,
    brush: usize,
    size: ImageSize,
) -> (std::ops::Range<usize>, std::ops::Range<usize>) {
    let before = brush.saturating_sub(1) / 2;
    let range = |at: usize, end: usize| {
        let start = at.saturating_sub(before).min(end);
        start..(at + brush.max(1) - before).min(end)
    };
    (range(x, size.width), range(y, size.height))
}
