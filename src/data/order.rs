//! The order in which images are visited.

use crate::random::SplitMix64;

/// The order in which to visit `count` images in an epoch: each index once.
///
/// It depends on the arguments alone (not on the platform or on earlier epochs), so a resumed run gets
/// the same batches. `count` must fit `u32`, as every loaded set does.
pub fn shuffled_order(count: usize, seed: u64, epoch: usize) -> Vec<u32> {
    let mut order: Vec<u32> = (0..count).map(|index| index as u32).collect();
    SplitMix64::stream(seed, epoch as u64).shuffle(&mut order);
    order
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_order_never_changes_between_versions() {
        assert_eq!(shuffled_order(8, 42, 0), [7, 1, 0, 5, 2, 3, 4, 6]);
        assert_eq!(shuffled_order(8, 42, 1), [0, 5, 3, 6, 1, 2, 7, 4]);
    }

    #[test]
    fn epochs_and_seeds_differ() {
        assert_ne!(shuffled_order(100, 1, 0), shuffled_order(100, 1, 1));
        assert_ne!(shuffled_order(100, 1, 0), shuffled_order(100, 2, 0));
        assert_ne!(shuffled_order(100, 0, 1), shuffled_order(100, 1, 0));
    }

    #[test]
    fn every_place_is_equally_likely() {
        let mut first = [0; 10];
        for epoch in 0..10_000 {
            first[shuffled_order(10, 3, epoch)[0] as usize] += 1;
        }
        assert!(
            first.iter().all(|count| (850..1150).contains(count)),
            "{first:?}"
        );
    }

    proptest! {
        #[test]
        fn every_image_comes_once(count in 0..500usize, seed: u64, epoch: usize) {
            let mut order = shuffled_order(count, seed, epoch);
            order.sort_unstable();
            prop_assert!(order.into_iter().eq(0..count as u32));
        }
    }
}
