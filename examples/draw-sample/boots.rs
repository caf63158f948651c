//! Ankle boots, flat and heeled, toes to the left.

use crate::canvas::{Canvas, Ink};
use crate::shoes::{Shoe, shade};
use crate::texture::{self, Pattern};
use fmnist_tui::random::SplitMix64;

pub fn ankle_boot(canvas: &mut Canvas, random: &mut SplitMix64) {
    let heeled = random.chance(0.4);
    let low = random.chance(0.12);
    let heel = if heeled {
        random.range(3.0, 7.5)
    } else {
        random.range(0.8, 1.8)
    };
    let floor = if heeled {
        26.6 - heel
    } else {
        random.range(22.0, 25.0)
    };
    let height = if low {
        random.range(9.0, 12.0)
    } else {
        random.range(13.0, 19.0)
    }
    .min(floor - 0.8);
    let shoe = Shoe {
        floor,
        toe: random.range(3.5, 5.5),
        collar: height,
        tongue: random.range(12.5, 17.0),
        shade: shade(random),
    };
    if heeled {
        // The sole slopes down to the toe; a heel stands under the back.
        let toe_floor = (floor + heel).min(27.0);
        canvas.fill(
            &[
                (0.8, toe_floor),
                (1.6, toe_floor - 3.4),
                (8.0, floor - 3.5),
                (18.0, floor - 3.0),
                (18.0, floor),
                (11.0, toe_floor),
            ],
            Ink::Shade(shoe.shade),
        );
        let thickness = random.range(1.5, 6.0);
        canvas.fill(
            &[
                (26.0 - thickness, floor - 1.0),
                (26.4, floor - 1.0),
                (26.0, toe_floor),
                (26.0 - thickness * 0.7, toe_floor),
            ],
            Ink::Shade(shoe.shade * 0.9),
        );
        let shaft = [
            (7.0, floor - 1.5),
            (8.0, floor - 4.5),
            (shoe.tongue - 1.0, floor - 8.0),
            (shoe.tongue, floor - height),
            (25.4, floor - height),
            (26.4, floor - height * 0.4),
            (26.4, floor),
            (17.0, floor),
        ];
        canvas.fill(&shaft, Ink::Shade(shoe.shade));
    } else {
        shoe.upper(canvas, random);
        canvas.stroke(
            &[(1.6, floor + heel * 0.4), (26.2, floor + heel * 0.4)],
            heel,
            Ink::Shade(random.range(0.15, 0.95)),
        );
        if random.chance(0.6) {
            canvas.fill(
                &[
                    (19.0, floor),
                    (26.6, floor),
                    (26.4, floor + 2.2),
                    (19.0, floor + 2.2),
                ],
                Ink::Shade(random.range(0.15, 0.9)),
            );
        }
    }
    let choices = [
        (Pattern::Plain, 7.0),
        (Pattern::Fade, 1.0),
        (Pattern::Floral, 0.6),
    ];
    texture::apply(texture::pick(&choices, random), canvas, random);
    let line = Ink::Times(random.range(0.45, 0.8));
    match random.below(5) {
        0 => canvas.stroke(&[(20.5, floor - height), (19.5, floor - 3.0)], 0.7, line),
        1 => canvas.fill(
            &[
                (18.5, floor - height),
                (22.0, floor - height),
                (20.8, floor - height * 0.4),
            ],
            line,
        ),
        2 => shoe.laces(canvas, random),
        3 => canvas.stroke(
            &[(11.0, floor - height * 0.55), (27.0, floor - height * 0.5)],
            0.9,
            line,
        ),
        _ => {}
    }
    if random.chance(0.4) {
        canvas.stroke(
            &[(1.0, floor - 0.6), (27.0, floor - 0.6)],
            0.5,
            Ink::Times(0.5),
        );
    }
}
