//! Which images a walk over the batch visits first.

/// The order of a walk. Successive walks alternate: what the last one touched at its end is still in
/// the cache.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Traversal {
    FirstToLast,
    LastToFirst,
}

impl Traversal {
    /// The other way round.
    pub(super) fn reverse(&mut self) {
        *self = match self {
            Self::FirstToLast => Self::LastToFirst,
            Self::LastToFirst => Self::FirstToLast,
        };
    }

    /// The items in this order, each with its index.
    pub(super) fn visit<I: DoubleEndedIterator + ExactSizeIterator>(
        self,
        items: I,
    ) -> impl Iterator<Item = (usize, I::Item)> {
        let mut items = items.enumerate();
        std::iter::from_fn(move || match self {
            Self::FirstToLast => items.next(),
            Self::LastToFirst => items.next_back(),
        })
    }
}
