//! Ways to spoil a good file.

use proptest::collection::vec;
use proptest::prelude::*;

/// `good` cut short, with flipped bits, with bytes replaced, or longer than it was.
pub fn damaged(good: Vec<u8>) -> impl Strategy<Value = Vec<u8>> {
    let size = good.len();
    let cut = {
        let good = good.clone();
        (0..size).prop_map(move |length| good[..length].to_vec())
    };
    let flipped = {
        let good = good.clone();
        vec(0..8 * size, 1..9).prop_map(move |bits| {
            bits.into_iter().fold(good.clone(), |mut bytes, bit| {
                bytes[bit / 8] ^= 1 << (bit % 8);
                bytes
            })
        })
    };
    let replaced = {
        let good = good.clone();
        (0..size, vec(any::<u8>(), 1..40)).prop_map(move |(at, new)| {
            let end = size.min(at + new.len());
            [&good[..at], &new, &good[end..]].concat()
        })
    };
    let longer = vec(any::<u8>(), 1..40).prop_map(move |tail| [&good[..], &tail].concat());
    prop_oneof![cut, flipped, replaced, longer]
}

/// Every single flipped bit.
pub fn flips(good: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    (0..8 * good.len()).map(|bit| {
        let mut bytes = good.to_vec();
        bytes[bit / 8] ^= 1 << (bit % 8);
        bytes
    })
}
