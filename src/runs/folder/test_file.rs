//! `test.json`: the scores of the test images, where others validated.

use super::file_names::TEST_FILE;
use crate::fs::read_limited;
use crate::train::{Scores, TestScores};
use std::path::Path;

/// The scores of the test images at the end of the run in this folder, if it held images out and is
/// complete; a damaged file, or one with impossible numbers, counts as none.
pub fn read_test(folder: &Path) -> Option<TestScores> {
    const MAX_BYTES: u64 = 4096;
    let bytes = read_limited(&folder.join(TEST_FILE), MAX_BYTES).ok()?;
    let test: TestScores = serde_json::from_slice(&bytes).ok()?;
    let is_possible = |scores: Scores| (0.0..=1.0).contains(&scores.accuracy);
    (is_possible(test.best) && is_possible(test.last)).then_some(test)
}
