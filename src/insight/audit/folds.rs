//! Dividing training images into folds, each of which a network does not see.

use super::part::Part;
use super::twins::Twins;
use crate::data::shuffled_order;

/// Seed of the division; it never changes.
const FOLDS: u64 = 0x666f_6c64;

/// The fold of each training image. The images of each class are spread over all folds, and twins are in the same
/// one: a network that has seen an image with a wrong label would confirm the label of its copy.
pub fn folds_of(labels: &[u8], folds: usize, twins: &Twins) -> Vec<usize> {
    let mut next = [0_usize; 256];
    let mut fold_of = vec![0; labels.len()];
    for image in shuffled_order(labels.len(), FOLDS, 0) {
        let next = &mut next[usize::from(labels[image as usize])];
        fold_of[image as usize] = *next % folds.max(1);
        *next += 1;
    }
    for image in 0..labels.len() {
        if let Some(twin) = twins.earlier(Part::Training, image) {
            fold_of[image] = fold_of[twin.image as usize];
        }
    }
    fold_of
}
