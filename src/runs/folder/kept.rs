//! Which checkpoints of a run stay: the last two, and as many of earlier epochs as fit in some space,
//! spread over the run, so that another run can be forked from them.

use super::checkpoints::{checkpoint_files, checkpoint_step, remove};
use crate::train::TrainError;
use std::collections::HashSet;
use std::path::Path;

/// Of two checkpoints, one is whole even if the disk damages the other.
const LAST: usize = 2;
/// Bytes that the checkpoints of earlier epochs may take together.
const MOST_BYTES: u64 = 96 << 20;

/// A checkpoint's file.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Size {
    step: u64,
    bytes: u64,
}

/// Removes the checkpoints that need not stay, in the folder of a run with so many steps in an epoch.
///
/// # Errors
/// What the system says, with the file.
pub fn remove_superfluous(folder: &Path, steps_per_epoch: u64) -> Result<(), TrainError> {
    let files = checkpoint_files(folder);
    let size = |path| {
        let bytes = std::fs::metadata(path).map_or(0, |metadata| metadata.len());
        let step = checkpoint_step(path)?;
        Some(Size { step, bytes })
    };
    let newest_first: Vec<Size> = files.iter().filter_map(|path| size(path)).collect();
    let kept = kept(&newest_first, steps_per_epoch, MOST_BYTES);
    let superfluous = files
        .iter()
        .filter(|path| checkpoint_step(path).is_some_and(|step| !kept.contains(&step)));
    superfluous.into_iter().try_for_each(|path| remove(path))
}

/// The steps of the checkpoints that stay, of those from the newest to the oldest.
fn kept(newest_first: &[Size], steps_per_epoch: u64, most_bytes: u64) -> HashSet<u64> {
    let (last, earlier) = newest_first.split_at(LAST.min(newest_first.len()));
    let ends_epoch =
        |size: &&Size| size.step > 0 && size.step.is_multiple_of(steps_per_epoch.max(1));
    let mut epochs: Vec<Size> = earlier.iter().rev().filter(ends_epoch).copied().collect();
    let end = newest_first.first().map_or(0, |size| size.step);
    let too_many = |epochs: &[Size]| {
        let bytes: u64 = epochs.iter().map(|size| size.bytes).sum();
        bytes > most_bytes
    };
    while too_many(&epochs) {
        // The one whose neighbours are nearest to each other is missed least.
        let step = |index: Option<usize>, or: u64| {
            index
                .and_then(|index| epochs.get(index))
                .map_or(or, |size| size.step)
        };
        let gap = |index: &usize| step(Some(index + 1), end) - step(index.checked_sub(1), 0);
        let Some(missed_least) = (0..epochs.len()).min_by_key(gap) else {
            break;
        };
        epochs.remove(missed_least);
    }
    last.iter().chain(&epochs).map(|size| size.step).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The epochs that stay after a run of `epochs`, a checkpoint of 10 bytes after each.
    fn after(epochs: u64, most_bytes: u64) -> Vec<u64> {
        let mut here: Vec<Size> = Vec::new();
        for epoch in 0..=epochs {
            let step = epoch * 5;
            here.insert(0, Size { step, bytes: 10 });
            let kept = kept(&here, 5, most_bytes);
            here.retain(|size| kept.contains(&size.step));
        }
        here.iter().rev().map(|size| size.step / 5).collect()
    }

    #[test]
    fn all_epochs_stay_where_there_is_space() {
        assert_eq!(after(6, 1000), [1, 2, 3, 4, 5, 6]);
        assert_eq!(after(1, 1000), [0, 1]);
        assert_eq!(after(6, 0), [5, 6]);
    }

    #[test]
    fn what_stays_is_spread_over_the_run() {
        let kept = after(100, 60);
        assert_eq!(kept.len(), 8, "{kept:?}");
        assert_eq!(kept[6..], [99, 100]);
        let gaps = kept.windows(2).map(|pair| pair[1] - pair[0]);
        assert!(gaps.max() <= Some(34) && kept[0] <= 34, "{kept:?}");
    }

    #[test]
    fn a_checkpoint_within_an_epoch_goes_when_two_follow() {
        let sizes = [12, 10, 8, 5].map(|step| Size { step, bytes: 1 });
        assert_eq!(kept(&sizes, 5, 100), HashSet::from([12, 10, 5]));
    }
}
