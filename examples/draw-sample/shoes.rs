//! Closed shoes, and the sneaker, toes to the left.

use crate::canvas::{Canvas, Ink};
use crate::texture::{self, Pattern};
use fmnist_tui::random::SplitMix64;

pub(super) fn shade(random: &mut SplitMix64) -> f32 {
    if random.chance(0.25) {
        random.range(0.3, 0.55)
    } else {
        random.range(0.6, 0.98)
    }
}

/// The measures of a closed shoe, pixels.
pub(super) struct Shoe {
    /// y of the underside of the upper.
    pub floor: f32,
    /// Height of the toe.
    pub toe: f32,
    /// Height of the opening.
    pub collar: f32,
    /// x at which the opening begins; it ends at the heel.
    pub tongue: f32,
    pub shade: f32,
}

impl Shoe {
    pub fn upper(&self, canvas: &mut Canvas, random: &mut SplitMix64) {
        let Self {
            floor,
            toe,
            collar,
            tongue,
            ..
        } = *self;
        let dip = random.range(0.0, 1.4);
        let outline = [
            (1.2, floor),
            (1.4, floor - toe * 0.7),
            (4.0, floor - toe),
            (9.0, floor - toe - (collar - toe) * 0.25),
            (tongue, floor - collar),
            (tongue + 1.2, floor - collar - 0.4),
            ((tongue + 26.0) / 2.0, floor - collar + dip),
            (25.6, floor - collar),
            (26.4, floor - collar * 0.5),
            (26.6, floor),
        ];
        canvas.fill_smooth(&outline, Ink::Shade(self.shade));
        // Rounding draws the base in; make it whole again.
        canvas.fill(
            &[
                (1.6, floor),
                (1.8, floor - 1.5),
                (26.2, floor - 1.5),
                (26.4, floor),
            ],
            Ink::Shade(self.shade),
        );
    }

    pub fn laces(&self, canvas: &mut Canvas, random: &mut SplitMix64) {
        let count = 2 + random.below(4);
        let ink = Ink::Times(if random.chance(0.5) { 0.55 } else { 1.4 });
        for lace in 0..count {
            let along = (lace as f32 + 0.5) / count as f32;
            let x = 8.0 + (self.tongue - 8.0) * along;
            let y = self.floor - self.toe - (self.collar - self.toe) * along;
            canvas.stroke(&[(x - 0.3, y), (x + 1.6, y + 1.4)], 0.6, ink);
        }
    }
}

pub fn sneaker(canvas: &mut Canvas, random: &mut SplitMix64) {
    let high = random.chance(0.15);
    let floor = if high {
        random.range(20.5, 23.0)
    } else {
        random.range(17.5, 19.5)
    };
    let shoe = Shoe {
        floor,
        toe: random.range(2.8, 4.5),
        collar: if high {
            random.range(9.0, 13.0)
        } else {
            random.range(5.5, 8.5)
        },
        tongue: random.range(14.0, 18.5),
        shade: shade(random),
    };
    shoe.upper(canvas, random);
    let choices = [
        (Pattern::Plain, 5.0),
        (Pattern::Floral, 1.5),
        (Pattern::Fade, 0.5),
        (Pattern::Plaid, 0.4),
    ];
    texture::apply(texture::pick(&choices, random), canvas, random);
    if random.chance(0.65) {
        shoe.laces(canvas, random);
    }
    let mark = Ink::Times(if random.chance(0.5) { 0.5 } else { 1.4 });
    match random.below(4) {
        0 => {
            for stripe in 0..3 {
                let x = 12.5 + 1.9 * stripe as f32;
                canvas.stroke(&[(x + 1.2, floor - 4.5), (x, floor - 1.0)], 0.7, mark);
            }
        }
        1 => canvas.stroke(
            &[
                (10.5, floor - 2.5),
                (13.0, floor - 1.2),
                (22.0, floor - 4.5),
            ],
            0.9,
            mark,
        ),
        2 => canvas.fill(
            &[
                (21.5, floor),
                (22.5, floor - shoe.collar),
                (28.0, floor - shoe.collar),
                (28.0, floor),
            ],
            mark,
        ),
        _ => {}
    }
    // The sole.
    let thick = random.range(1.0, 2.2);
    let sole = floor + thick * 0.4;
    canvas.stroke(
        &[(1.6, sole), (26.4, sole)],
        thick,
        Ink::Shade(if random.chance(0.6) {
            random.range(0.75, 1.0)
        } else {
            random.range(0.1, 0.4)
        }),
    );
    if random.chance(0.6) {
        canvas.stroke(
            &[(1.0, floor - 0.5), (27.0, floor - 0.5)],
            0.5,
            Ink::Times(0.4),
        );
    }
}
