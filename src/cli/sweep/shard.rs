//! The part of a sweep that one process trains.

/// A part of the members: those at `index`, `index + count`, `index + 2 count` … of the grid, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    pub index: usize,
    pub count: usize,
}

impl Shard {
    /// All members.
    pub const WHOLE: Self = Self { index: 0, count: 1 };

    /// Reads `I/N`.
    pub fn parse(text: &str) -> Result<Self, String> {
        let parts = text.split_once('/');
        let numbers = parts.and_then(|(index, count)| {
            Some((index.parse::<usize>().ok()?, count.parse::<usize>().ok()?))
        });
        match numbers {
            Some((index, count)) if (1..=count).contains(&index) => Ok(Self {
                index: index - 1,
                count,
            }),
            _ => Err("write it as I/N with I from 1 to N, e.g. 2/4".into()),
        }
    }

    /// The members of this part among `members`.
    pub fn of(self, members: usize) -> Vec<usize> {
        (self.index..members).step_by(self.count).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shards_have_every_member_once() {
        for count in 1..=7 {
            let mut all: Vec<usize> = (1..=count)
                .flat_map(|index| Shard::parse(&format!("{index}/{count}")).unwrap().of(5))
                .collect();
            all.sort_unstable();
            assert_eq!(all, [0, 1, 2, 3, 4]);
        }
        assert_eq!(Shard::parse("2/3").unwrap().of(8), [1, 4, 7]);
        for text in ["", "1", "0/3", "4/3", "1/0", "a/b", "1/2/3", "-1/2"] {
            assert!(Shard::parse(text).is_err(), "{text}");
        }
    }
}
