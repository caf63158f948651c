//! Time travel: which epoch of the run in view all screens show.

use crate::data::Split;
use crate::runs::History;
use crate::train::{ConfusionMatrix, Evaluation};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What is known of the epochs of the run in view, and which of them is shown. Without one it is now.
#[derive(Debug, Default)]
pub struct Time {
    known: Option<Known>,
    moment: Option<Moment>,
    /// The folder of the run whose history is being read.
    awaited: Option<PathBuf>,
}

/// The history of a run.
#[derive(Clone, Debug)]
pub struct Known {
    /// What its validation images were taken for.
    pub history: Arc<History>,
    /// These images.
    pub images: Arc<Split>,
    /// The run's folder, if it is not the run of the session.
    pub folder: Option<PathBuf>,
}

/// An epoch as it was.
#[derive(Clone, Debug)]
pub struct Moment {
    /// The epoch.
    pub epoch: usize,
    /// What the images were taken for after it.
    pub evaluation: Arc<Evaluation>,
    /// The epoch that is kept before it, and its matrix.
    pub before: Option<(usize, ConfusionMatrix)>,
}

impl Time {
    /// Takes the history of the run that is in view from now on. An epoch that is shown stays.
    pub fn know(&mut self, known: Known) {
        self.awaited = None;
        self.known = Some(known);
    }

    /// Lets go of the history, so that it can grow without a copy; [`Time::know`] comes next.
    pub fn lend(&mut self) {
        self.known = None;
    }

    /// There is another model in view, of which nothing is known.
    pub fn forget(&mut self) {
        *self = Self::default();
    }

    /// There is a model of the run in `folder` in view, whose history is being read.
    pub fn forget_until_read(&mut self, folder: PathBuf) {
        self.forget();
        self.awaited = Some(folder);
    }

    /// Whether the history of the run in `folder` is still wanted.
    pub fn awaits(&self, folder: &Path) -> bool {
        self.awaited.as_deref() == Some(folder)
    }

    /// What is known of the run in view.
    pub fn known(&self) -> Option<&Known> {
        self.known.as_ref()
    }

    /// Its history.
    pub fn history(&self) -> Option<&History> {
        let known = self.known.as_ref();
        known.map(|known| known.history.as_ref())
    }

    /// The history, if it is of images with these true classes.
    pub fn history_of(&self, labels: &[u8]) -> Option<&History> {
        self.history().filter(|history| history.labels() == labels)
    }

    /// The epoch that is shown, as it was; none for now.
    pub fn moment(&self) -> Option<&Moment> {
        self.moment.as_ref()
    }

    /// The number of the epoch that is shown; none for now.
    pub fn epoch(&self) -> Option<usize> {
        self.moment.as_ref().map(|moment| moment.epoch)
    }

    /// Goes to an epoch, or to the one that is kept before it; false where there is none.
    pub fn go_to(&mut self, epoch: usize) -> bool {
        let Some(history) = self.history() else {
            return false;
        };
        let place = match history.position(epoch) {
            Ok(place) => Some(place),
            Err(place) => place.checked_sub(1),
        };
        place.is_some_and(|place| self.go_to_place(place))
    }

    /// Goes to the epoch at this place among those that are kept; false where there is none.
    pub fn go_to_place(&mut self, place: usize) -> bool {
        let Some(history) = self.history() else {
            return false;
        };
        let Some(answers) = history.epochs().get(place) else {
            return false;
        };
        let epoch = answers.epoch;
        if self.epoch() == Some(epoch) {
            return true;
        }
        let Some(evaluation) = history.evaluation(epoch) else {
            return false;
        };
        let before = place.checked_sub(1).and_then(|place| {
            let before = history.epochs().get(place)?.epoch;
            Some((before, history.evaluation(before)?.confusion))
        });
        self.moment = Some(Moment {
            epoch,
            evaluation: Arc::new(evaluation),
            before,
        });
        true
    }

    /// Goes an epoch on or back, from the one that is shown or from `now`; past the last one is now again.
    ///
    /// # Errors
    /// Why there is no such epoch.
    pub fn step(&mut self, later: bool, now: Option<usize>) -> Result<(), &'static str> {
        let Some(history) = self.history().filter(|it| !it.epochs().is_empty()) else {
            return Err(
                "there is no history: it begins with a run's first epoch, and comes with a run of Runs",
            );
        };
        let count = history.epochs().len();
        // An epoch that was shown may have been dropped meanwhile.
        let from = self.epoch().or(now).unwrap_or(usize::MAX);
        let after = match history.position(from) {
            Ok(place) => place + 1,
            Err(place) => place,
        };
        let before = history.position(from).unwrap_or_else(|place| place);
        if later && after >= count {
            return match self.to_now() {
                true => Ok(()),
                false => Err("this is the newest epoch; < goes back in time"),
            };
        }
        let place = match later {
            true => after,
            false => match before.checked_sub(1) {
                Some(place) => place,
                None if self.moment.is_none() => 0,
                None => return Err("this is the first epoch that is kept"),
            },
        };
        self.go_to_place(place);
        Ok(())
    }

    /// Returns to now; false where it is now already.
    pub fn to_now(&mut self) -> bool {
        self.moment.take().is_some()
    }
}
