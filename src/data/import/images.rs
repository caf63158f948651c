//! Pictures drawn as images of one size, on all cores.

use rayon::prelude::*;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::error::ImportError;
use super::event::ImportEvent;
use super::pictures::Part;
use super::record::Skipped;
use super::work::Work;
use crate::augment::ImageSize;

/// A corner of paper is lighter than this, one of Fashion-MNIST's images black.
const LIGHT: u8 = 192;

/// Images and their labels.
pub struct Images {
    /// Of each.
    pub size: ImageSize,
    /// `[count, channels, height, width]`
    pub pixels: Vec<u8>,
    /// As the pictures had them.
    pub labels: Vec<u32>,
    /// Which of the pictures each is.
    pub places: Vec<usize>,
}

impl Images {
    /// Draws the pictures of a part. Those that cannot be used are left out.
    ///
    /// # Errors
    /// If there is not enough memory, or the work is stopped.
    pub fn draw(
        part: &Part,
        size: ImageSize,
        work: &Work<'_>,
    ) -> Result<(Self, Vec<Skipped>), ImportError> {
        let (all, bytes) = (part.pictures.len(), size.bytes());
        let mut pixels = Vec::new();
        let room = all.checked_mul(bytes).ok_or(ImportError::NoMemory)?;
        pixels
            .try_reserve_exact(room)
            .map_err(|_| ImportError::NoMemory)?;
        pixels.resize(room, 0);
        let done = AtomicUsize::new(0);
        let drawn = pixels
            .par_chunks_exact_mut(bytes)
            .enumerate()
            .map(|(index, image)| {
                if work.is_cancelled() {
                    return None;
                }
                let outcome = part.pictures.draw(index, size, image);
                let done = done.fetch_add(1, Ordering::Relaxed) + 1;
                work.report(ImportEvent::Pictures { done, all });
                let file = || part.pictures.name(index);
                outcome.err().map(|reason| {
                    (
                        index,
                        Skipped {
                            file: file(),
                            reason,
                        },
                    )
                })
            });
        let (bad, skipped): (Vec<usize>, Vec<Skipped>) =
            drawn.collect::<Vec<_>>().into_iter().flatten().unzip();
        work.check()?;
        let mut bad = bad.into_iter().peekable();
        let places = (0..all).filter(|index| bad.next_if_eq(index).is_none());
        let images = Self {
            size,
            pixels,
            labels: part.labels.clone(),
            places: (0..all).collect(),
        };
        let kept: Vec<usize> = places.collect();
        Ok((
            if kept.len() < all {
                images.pick(&kept)
            } else {
                images
            },
            skipped,
        ))
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Copies of some, in their order.
    pub fn pick(&self, indices: &[usize]) -> Self {
        let bytes = self.size.bytes();
        let mut pixels = Vec::with_capacity(indices.len() * bytes);
        for index in indices {
            pixels.extend_from_slice(&self.pixels[index * bytes..(index + 1) * bytes]);
        }
        Self {
            size: self.size,
            pixels,
            labels: indices.iter().map(|index| self.labels[*index]).collect(),
            places: indices.iter().map(|index| self.places[*index]).collect(),
        }
    }

    /// How many have a pixel that is not grey.
    pub fn with_colours(&self) -> usize {
        let plane = self.size.plane();
        let has_colour = |image: &&[u8]| {
            let (red, others) = image.split_at(plane);
            others.chunks_exact(plane).any(|other| other != red)
        };
        self.pixels
            .par_chunks_exact(self.size.bytes())
            .filter(has_colour)
            .count()
    }

    /// Keeps the first channel alone: of images without colours all are equal.
    pub fn make_grey(&mut self) {
        let (plane, bytes) = (self.size.plane(), self.size.bytes());
        let images = self.pixels.chunks_exact(bytes);
        self.pixels = images.flat_map(|image| &image[..plane]).copied().collect();
        self.size.channels = 1;
    }

    /// Of the corner pixels, the share that is light, 0 to 1.
    pub fn light_corners(&self) -> f64 {
        let ImageSize { height, width, .. } = self.size;
        let last = (height - 1) * width;
        let corners = [0, width - 1, last, last + width - 1];
        let light = |image: &[u8]| {
            corners
                .iter()
                .filter(|corner| image[**corner] >= LIGHT)
                .count()
        };
        let sum: usize = self.pixels.chunks_exact(self.size.bytes()).map(light).sum();
        sum as f64 / (4 * self.len().max(1)) as f64
    }

    /// Exchanges dark and light.
    pub fn invert(&mut self) {
        self.pixels
            .par_iter_mut()
            .for_each(|level| *level = 255 - *level);
    }
}
