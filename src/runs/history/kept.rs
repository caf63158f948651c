//! What a history keeps of long runs, so that it never takes more than some space.
//!
//! The newest epochs stay whole. Of those before them, predictions and probabilities each stay after the first epoch
//! and every 2nd, 4th, 8th … from it on, as many as fit in their part of the space. The best of them stays whole.

use super::layout::{HEADER, RECORD};

/// Bytes that a history takes at most, in memory and on the disk.
pub const MOST_BYTES: usize = 32 << 20;
/// So many of the newest epochs stay whole, fewer where they are large. What is kept changes only when so many
/// have come.
const NEWEST: usize = 16;
/// The newest epochs take no more than this part of the space.
const PART_OF_NEWEST: usize = MOST_BYTES / 8;

/// What is kept after some epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The epochs after this one are kept whole.
    thinned_to: usize,
    /// Of the others the predictions of every such epoch are kept, from the first on.
    predictions_every: usize,
    /// The same for the probabilities; 0 where they are too large for any epoch.
    probabilities_every: usize,
}

/// How much is kept of an epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Share {
    /// Nothing.
    Nothing,
    /// The predicted classes.
    Predictions,
    /// These and the probabilities.
    All,
}

impl Kept {
    /// What is kept once epoch `last` is the newest; none where not even an epoch's predictions fit.
    pub fn after(last: usize, images: usize, classes: usize) -> Option<Self> {
        let predictions = RECORD + images;
        let probabilities = images.saturating_mul(classes);
        let fit = |bytes: usize| bytes <= PART_OF_NEWEST;
        if !fit(predictions) {
            return None;
        }
        let has_probabilities = fit(predictions.saturating_add(probabilities));
        let whole = predictions + if has_probabilities { probabilities } else { 0 };
        let newest = (PART_OF_NEWEST / whole).clamp(1, NEWEST);
        let thinned_to = last.saturating_sub(1) / newest * newest;
        // The best epoch may be one more.
        let room = MOST_BYTES - HEADER - images - (newest + 1) * whole;
        let every = |bytes: usize, room: usize| {
            let mut every = 1;
            while thinned_to.div_ceil(every).saturating_mul(bytes) > room {
                every *= 2;
            }
            every
        };
        let predictions_every = every(predictions, room / 8 * 3);
        let probabilities_every = match has_probabilities {
            // Never without the predictions.
            true => every(probabilities, room / 8 * 5).max(predictions_every),
            false => 0,
        };
        Some(Self {
            thinned_to,
            predictions_every,
            probabilities_every,
        })
    }

    /// Whether an epoch is one of those of which only some stay.
    pub fn is_thinned(&self, epoch: usize) -> bool {
        epoch <= self.thinned_to
    }

    /// What is kept of an epoch, which may be the best of those of which only some stay.
    pub fn of(&self, epoch: usize, is_best: bool) -> Share {
        let stays = |every: usize| epoch.saturating_sub(1).is_multiple_of(every);
        if self.probabilities_every == 0 {
            return match !self.is_thinned(epoch) || is_best || stays(self.predictions_every) {
                true => Share::Predictions,
                false => Share::Nothing,
            };
        }
        if !self.is_thinned(epoch) || is_best || stays(self.probabilities_every) {
            Share::All
        } else if stays(self.predictions_every) {
            Share::Predictions
        } else {
            Share::Nothing
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn size(images: usize, classes: usize, last: usize) -> (usize, [usize; 3]) {
        let kept = Kept::after(last, images, classes).unwrap();
        let mut counts = [0; 3];
        for epoch in 1..=last {
            counts[kept.of(epoch, epoch == 2) as usize] += 1;
        }
        let bytes = HEADER
            + images
            + (counts[1] + counts[2]) * (RECORD + images)
            + counts[2] * images * classes;
        (bytes, counts)
    }

    #[test]
    fn the_usual_run_is_kept_whole_and_a_long_one_takes_no_more_than_its_space() {
        for last in [1, 30, 100, 190] {
            assert_eq!(size(10_000, 10, last).1, [0, 0, last], "{last}");
        }
        // Every prediction, and the probabilities of more than a hundred epochs.
        let (bytes, [none, _, whole]) = size(10_000, 10, 1000);
        assert!(
            bytes <= MOST_BYTES && none == 0 && whole > 125,
            "{bytes} {whole}"
        );
        for (images, classes) in [
            (10_000, 10),
            (1, 1),
            (60_000, 256),
            (1_000_000, 10),
            (200, 256),
        ] {
            for last in [1, 16, 17, 999, 10_000] {
                let (bytes, [.., predictions, whole]) = size(images, classes, last);
                assert!(bytes <= MOST_BYTES, "{images} {classes} {last}: {bytes}");
                assert!(predictions + whole > 0);
            }
        }
        assert_eq!(Kept::after(1, 5_000_000, 10), None);
    }

    #[test]
    fn what_is_gone_never_has_to_come_back() {
        for (images, classes) in [(10_000, 10), (60_000, 100), (3_000, 256)] {
            let mut before: Option<Kept> = None;
            for last in 1..3000 {
                let kept = Kept::after(last, images, classes).unwrap();
                if let Some(before) = before {
                    let mut epochs = 1..last;
                    assert!(epochs.all(|epoch| kept.of(epoch, false) <= before.of(epoch, false)));
                }
                before = Some(kept);
            }
        }
    }
}
