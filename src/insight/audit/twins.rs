//! Images that are there twice, or nearly so, within a split and across the two.
//!
//! All pairs of images are compared, without looking at all: images are sorted by one value of their coarse copies,
//! so each is compared with those of about the same value; most of these differ in their coarse copies; and only what
//! is left is compared value by value.

use super::part::Part;
use super::similarity::{Grid, Sums, correlation, squared_distance};
use super::watch::{Step, Watch};
use crate::data::{Dataset, Split};
use rayon::prelude::*;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, AtomicU64, AtomicUsize, Ordering};

/// Correlation from which two images count as nearly the same. In Fashion-MNIST pairs from here on are the same
/// photograph but for the last steps of its processing; a little below there are different trousers of one cut.
pub const SIMILAR: f64 = 0.995;

/// Values of the coarse copies that are compared first.
const FIRST: usize = 8;
/// Images that a thread takes at a time.
const AT_ONCE: usize = 64;
/// More than the rounding of a coarse copy's distance.
const SLACK: f64 = 1e-4;

/// An image that is nearly the same as another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Twin {
    /// Where it is.
    pub part: Part,
    /// Its number there, from 0.
    pub image: u32,
    /// Pearson's correlation of the two.
    pub correlation: f64,
    /// Whether every value is the same.
    pub is_exact: bool,
}

/// The twins of the images of a data set.
#[derive(Clone, Debug, PartialEq)]
pub struct Twins {
    /// Of each image, training first: the first image of its own split that it repeats, if that comes before it.
    earlier: [Vec<Option<Twin>>; 2],
    /// The most similar image of the other split.
    across: [Vec<Option<Twin>>; 2],
}

/// Stands for no image.
const NONE: u32 = u32::MAX;

impl Twins {
    /// Compares all images of the data with each other; two are twins from a correlation of `similar` on, or where
    /// all their values are the same. None if it was cancelled. Does not depend on the number of threads.
    pub fn find(dataset: &Dataset, similar: f64, watch: &dyn Watch) -> Option<Self> {
        let search = Search::new(dataset);
        search.run(similar, watch)?;
        Some(search.found())
    }

    /// The first image of its own split that an image repeats.
    pub fn earlier(&self, part: Part, image: usize) -> Option<Twin> {
        self.earlier[part as usize].get(image).copied().flatten()
    }

    /// The most similar image of the other split.
    pub fn across(&self, part: Part, image: usize) -> Option<Twin> {
        self.across[part as usize].get(image).copied().flatten()
    }
}

/// The images of both splits in one row, training first, and what is found of them.
struct Search<'a> {
    splits: [&'a Split; 2],
    /// The first image with the same values in the same split.
    same: Vec<u32>,
    sums: Vec<Sums>,
    /// Of each image, the first of its split that is its twin.
    first: Vec<AtomicU32>,
    /// Of each image, the most similar one of the other split: correlation, then the smaller number, so that the
    /// largest is wanted.
    best: Vec<AtomicU64>,
}

impl<'a> Search<'a> {
    fn new(dataset: &'a Dataset) -> Self {
        let splits = [&dataset.train, &*dataset.validation];
        let images = splits.map(Split::len).iter().sum();
        let mut same = Vec::with_capacity(images);
        for split in splits {
            let start = same.len() as u32;
            let mut seen: HashMap<&[u8], u32> = HashMap::with_capacity(split.len());
            for image in 0..split.len() {
                let number = start + image as u32;
                same.push(*seen.entry(split.image(image)).or_insert(number));
            }
        }
        let sums = splits.map(|split| {
            let images = (0..split.len()).into_par_iter();
            images.map(|image| Sums::of(split.image(image)))
        });
        let sums = sums.into_iter().flat_map(|sums| sums.collect::<Vec<_>>());
        Self {
            splits,
            sums: sums.collect(),
            first: same.iter().map(|first| AtomicU32::new(*first)).collect(),
            best: (0..images).map(|_| AtomicU64::new(0)).collect(),
            same,
        }
    }

    fn values(&self) -> usize {
        self.splits[0].size().bytes()
    }

    /// Where the image of a number is.
    fn place(&self, number: u32) -> (Part, usize) {
        let (number, training) = (number as usize, self.splits[0].len());
        match number.checked_sub(training) {
            None => (Part::Training, number),
            Some(image) => (Part::Validation, image),
        }
    }

    fn image(&self, number: u32) -> &'a [u8] {
        let (part, image) = self.place(number);
        self.splits[part as usize].image(image)
    }

    fn correlation(&self, a: u32, b: u32) -> f64 {
        let of = |number: u32| (self.image(number), self.sums[number as usize]);
        correlation(of(a), of(b))
    }

    /// Compares the first images of each value; false if it was cancelled.
    fn run(&self, similar: f64, watch: &dyn Watch) -> Option<()> {
        let (rows, order) = self.coarse();
        let cells = rows.len() / order.len().max(1);
        let limit = (squared_distance(similar) + SLACK) as f32;
        let reach = limit.sqrt();
        let row = |at: usize| &rows[at * cells..(at + 1) * cells];
        let done = AtomicUsize::new(0);
        let starts: Vec<usize> = (0..order.len()).step_by(AT_ONCE).collect();
        let finished = starts.par_iter().try_for_each(|&start| {
            if watch.is_cancelled() {
                return None;
            }
            let end = (start + AT_ONCE).min(order.len());
            for at in start..end {
                let own = row(at);
                let near =
                    (at + 1..order.len()).take_while(|other| row(*other)[0] - own[0] <= reach);
                for other in near.filter(|other| is_near(own, row(*other), limit)) {
                    let r = self.correlation(order[at], order[other]);
                    if r >= similar {
                        self.note(order[at], order[other], r);
                        self.note(order[other], order[at], r);
                    }
                }
            }
            let done = done.fetch_add(end - start, Ordering::Relaxed) + end - start;
            watch.at(Step::Comparing(done as f64 / order.len() as f64));
            Some(())
        });
        finished.map(|()| self.note_same_across())
    }

    /// The coarse copies of the images that are no copies and not flat, `[images, cells]`, in the order of their first
    /// value; and the images' numbers. The values that differ most between images come first.
    fn coarse(&self) -> (Vec<f32>, Vec<u32>) {
        let grid = Grid::of(self.splits[0]);
        let cells = grid.cells();
        let numbers = (0..self.same.len() as u32).filter(|number| {
            let at = *number as usize;
            self.same[at] == *number && !self.sums[at].is_flat(self.values())
        });
        let mut order: Vec<u32> = numbers.collect();
        let mut rows = vec![0.0_f32; order.len() * cells];
        rows.par_chunks_exact_mut(cells)
            .zip(&order)
            .for_each(|(row, number)| {
                grid.coarse(self.image(*number), self.sums[*number as usize], row);
            });
        let mut spread = vec![(0.0_f64, 0.0_f64); cells];
        for row in rows.chunks_exact(cells) {
            for ((sum, squares), value) in spread.iter_mut().zip(row) {
                *sum += f64::from(*value);
                *squares += f64::from(*value).powi(2);
            }
        }
        let images = order.len().max(1) as f64;
        let variance = |cell: usize| {
            let (sum, squares) = spread[cell];
            squares / images - (sum / images).powi(2)
        };
        let mut widest: Vec<usize> = (0..cells).collect();
        widest.sort_by(|a, b| variance(*b).total_cmp(&variance(*a)));
        let key = |at: usize| rows[at * cells + widest[0]];
        let mut places: Vec<usize> = (0..order.len()).collect();
        places.sort_by(|a, b| key(*a).total_cmp(&key(*b)).then(a.cmp(b)));
        let sorted = places.iter().flat_map(|at| {
            let row = &rows[at * cells..(at + 1) * cells];
            widest.iter().map(|cell| row[*cell])
        });
        let sorted = sorted.collect();
        order = places.iter().map(|at| order[*at]).collect();
        (sorted, order)
    }

    /// Takes note of a twin of an image, both the first of their values.
    fn note(&self, of: u32, twin: u32, correlation: f64) {
        let same_part = self.place(of).0 == self.place(twin).0;
        match same_part {
            true => {
                self.first[of as usize].fetch_min(twin, Ordering::Relaxed);
            }
            false => {
                // Correlations of twins are positive: their bits are in their order.
                let bits = u64::from((correlation as f32).to_bits());
                let packed = bits << 32 | u64::from(NONE - twin);
                self.best[of as usize].fetch_max(packed, Ordering::Relaxed);
            }
        }
    }

    /// Flat images were left out, but some may be the same in both splits.
    fn note_same_across(&self) {
        let mut levels: HashMap<&[u8], u32> = HashMap::new();
        let is_flat = |number: &u32| self.sums[*number as usize].is_flat(self.values());
        for number in (0..self.same.len() as u32).filter(is_flat) {
            let first = *levels.entry(self.image(number)).or_insert(number);
            if self.place(first).0 != self.place(number).0 {
                self.note(number, first, 1.0);
                self.note(self.same[first as usize], number, 1.0);
            }
        }
    }

    fn found(self) -> Twins {
        let twin = |of: u32, number: u32| {
            let (part, image) = self.place(number);
            let is_exact = self.image(of) == self.image(number);
            Twin {
                part,
                image: image as u32,
                correlation: if is_exact {
                    1.0
                } else {
                    self.correlation(of, number)
                },
                is_exact,
            }
        };
        let numbers = 0..self.same.len() as u32;
        let twins = numbers.map(|number| {
            let same = self.same[number as usize];
            let first = match same < number {
                true => same,
                false => self.first[number as usize].load(Ordering::Relaxed),
            };
            let best = self.best[same as usize].load(Ordering::Relaxed);
            let earlier = (first < number).then(|| twin(number, first));
            let across = (best > 0).then(|| twin(number, NONE - (best & u64::from(NONE)) as u32));
            (earlier, across)
        });
        let (mut earlier, mut across): (Vec<_>, Vec<_>) = twins.unzip();
        let training = self.splits[0].len();
        let validation = (earlier.split_off(training), across.split_off(training));
        Twins {
            earlier: [earlier, validation.0],
            across: [across, validation.1],
        }
    }
}

/// Whether two coarse copies are within the limit of each other. Most pairs are told apart by their first values.
fn is_near(a: &[f32], b: &[f32], limit: f32) -> bool {
    let mut sum = 0.0;
    for (a, b) in a.chunks(FIRST).zip(b.chunks(FIRST)) {
        let squares = a.iter().zip(b).map(|(a, b)| (a - b) * (a - b));
        sum += squares.sum::<f32>();
        if sum > limit {
            return false;
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::insight::audit::watch::tests::Unwatched;
    use crate::train::with_threads;
    use std::sync::Arc;

    fn pixels(image: u32) -> Vec<u8> {
        let mut random = crate::random::SplitMix64::stream(9, u64::from(image));
        (0..784).map(|_| random.below(200) as u8).collect()
    }

    /// Training and validation images of random pixels, with copies and near-copies among them.
    fn planted() -> Dataset {
        let mut dataset = Dataset::sample().unwrap();
        let put = |split: &mut Split, images: &[Vec<u8>]| {
            split.truncate(images.len());
            split.images = images.concat();
        };
        let mut training: Vec<Vec<u8>> = (0..40).map(pixels).collect();
        training[7] = training[3].clone();
        training[9] = training[3].iter().map(|level| level + 20).collect();
        training[9][5] ^= 8;
        training[20] = vec![7; 784];
        training[21] = vec![7; 784];
        let mut validation: Vec<Vec<u8>> = (100..120).map(pixels).collect();
        validation[2] = training[30].clone();
        validation[4] = training[9].clone();
        validation[6] = vec![7; 784];
        validation[8] = validation[1].clone();
        put(&mut dataset.train, &training);
        put(Arc::make_mut(&mut dataset.validation), &validation);
        dataset
    }

    fn found(dataset: &Dataset) -> Twins {
        Twins::find(dataset, SIMILAR, &Unwatched).unwrap()
    }

    #[test]
    fn copies_and_brighter_copies_are_found_within_and_across_and_nothing_else() {
        let dataset = planted();
        let twins = found(&dataset);
        let of = |found: fn(&Twins, Part, usize) -> Option<Twin>, part, images: usize| {
            let all = (0..images).filter_map(|image| {
                let twin = found(&twins, part, image)?;
                Some((image, twin.image, twin.is_exact))
            });
            all.collect::<Vec<_>>()
        };
        let earlier = of(Twins::earlier, Part::Training, 40);
        assert_eq!(earlier, [(7, 3, true), (9, 3, false), (21, 20, true)]);
        assert_eq!(of(Twins::earlier, Part::Validation, 20), [(8, 1, true)]);
        let across = of(Twins::across, Part::Validation, 20);
        assert_eq!(across, [(2, 30, true), (4, 9, true), (6, 20, true)]);
        let leaked = of(Twins::across, Part::Training, 40);
        let expected = [
            (3, 4, false),
            (7, 4, false),
            (9, 4, true),
            (20, 6, true),
            (21, 6, true),
            (30, 2, true),
        ];
        assert_eq!(leaked, expected);
        let near = twins.earlier(Part::Training, 9).unwrap();
        assert!(near.correlation > 0.999 && near.correlation < 1.0);
    }

    #[test]
    fn sorting_and_coarse_copies_lose_no_pair_and_threads_change_nothing() {
        let mut dataset = Dataset::sample().unwrap();
        dataset.limit_train(600);
        Arc::make_mut(&mut dataset.validation).truncate(200);
        let similar = 0.95;
        let find = || Twins::find(&dataset, similar, &Unwatched).unwrap();
        let twins = with_threads(Some(1), find).unwrap();
        assert_eq!(with_threads(Some(3), find).unwrap(), twins);
        let train = &dataset.train;
        let of = |image: usize| (train.image(image), Sums::of(train.image(image)));
        let mut pairs = 0;
        for image in 0..600 {
            let mut before =
                (0..image).filter(|other| correlation(of(*other), of(image)) >= similar);
            let first = before.next().map(|image| image as u32);
            pairs += usize::from(first.is_some());
            let twin = twins.earlier(Part::Training, image);
            assert_eq!(twin.map(|twin| twin.image), first, "{image}");
        }
        assert!(pairs > 5, "{pairs}");
    }
}
