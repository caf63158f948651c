//! One side of a picture made shorter or longer.

/// What each place of the new side takes from the old one.
pub(super) struct Resampling(Vec<Vec<(usize, f32)>>);

impl Resampling {
    /// From so many pixels to so many, at least one each: means of what a place covers, or for a longer side the line
    /// between the two nearest.
    pub fn new(from: usize, to: usize) -> Self {
        let place = |place: usize| match to <= from {
            true => covered(place, from, to),
            false => between(place, from, to),
        };
        Self((0..to).map(place).collect())
    }

    /// The pixels that one place of the new side takes from, each with its share.
    pub fn parts(&self, place: usize) -> &[(usize, f32)] {
        &self.0[place]
    }

    /// The colour at one place of the new side.
    pub fn sum(&self, place: usize, colour: impl Fn(usize) -> [f32; 3]) -> [f32; 3] {
        let mut sum = [0.0; 3];
        for (from, weight) in self.parts(place) {
            for (sum, value) in sum.iter_mut().zip(colour(*from)) {
                *sum += weight * value;
            }
        }
        sum
    }
}

/// The pixels that a place covers, each with its share.
fn covered(place: usize, from: usize, to: usize) -> Vec<(usize, f32)> {
    // In units of 1/to pixels: whole numbers, so the shares of a place always have the sum 1.
    let (start, end) = (place * from, (place + 1) * from);
    let share = |pixel: usize| {
        let covered = end.min((pixel + 1) * to) - start.max(pixel * to);
        (pixel, covered as f32 / from as f32)
    };
    (start / to..end.div_ceil(to)).map(share).collect()
}

/// The two pixels whose middles a place's middle lies between.
fn between(place: usize, from: usize, to: usize) -> Vec<(usize, f32)> {
    let middle = (place as f64 + 0.5) * from as f64 / to as f64 - 0.5;
    let middle = middle.clamp(0.0, (from - 1) as f64);
    let first = middle as usize;
    let second = (first + 1).min(from - 1);
    let share = (middle - first as f64) as f32;
    vec![(first, 1.0 - share), (second, share)]
}
