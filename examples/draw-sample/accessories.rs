//! Trousers and bags.

use crate::canvas::{Canvas, Ink};
use crate::geometry::{arch, mirror, mirrored};
use crate::texture::{self, Pattern};
use fmnist_tui::random::SplitMix64;

pub fn trousers(canvas: &mut Canvas, random: &mut SplitMix64) {
    let waist = random.range(3.2, 4.8);
    let hip = waist + random.range(0.1, 1.0);
    let crotch = random.range(8.0, 11.5);
    let bottom = if random.chance(0.1) {
        random.range(19.0, 23.0)
    } else {
        random.range(26.0, 27.6)
    };
    let gap = random.range(0.1, 1.1);
    let hem = random.range(1.6, 3.0);
    let spread = random.range(-0.6, 1.0);
    let shade = if random.chance(0.2) {
        random.range(0.28, 0.55)
    } else {
        random.range(0.55, 0.98)
    };
    let ankle = 14.0 - hip - spread;
    let inside = (ankle + hem).min(14.0 - gap);
    let leg = [
        (14.0, 0.6),
        (14.0 - waist, 0.8),
        (14.0 - hip, 6.5),
        (14.0 - hip - spread * 0.4, 16.0),
        (ankle, bottom),
        (inside, bottom + 0.3),
        (14.0 - gap * 0.6, crotch + 6.0),
        (14.0, crotch),
    ];
    canvas.fill(&leg, Ink::Shade(shade));
    canvas.fill(&mirror(&leg), Ink::Shade(shade * random.range(0.85, 1.1)));
    let choices = [
        (Pattern::Plain, 6.0),
        (Pattern::Floral, 1.0),
        (Pattern::UpDown, 0.6),
        (Pattern::Fade, 1.5),
    ];
    texture::apply(texture::pick(&choices, random), canvas, random);
    if random.chance(0.6) {
        canvas.stroke(&[(8.0, 2.4), (20.0, 2.4)], 0.6, Ink::Times(0.65));
    }
    if random.chance(0.6) {
        canvas.stroke(&[(14.0, 2.0), (14.0, crotch)], 0.5, Ink::Times(0.65));
    }
    if random.chance(0.4) {
        let crease = [(14.0 - hip * 0.55, 9.0), (ankle + hem * 0.5, bottom)];
        canvas.stroke(&crease, 0.8, Ink::Times(1.2));
        canvas.stroke(&mirror(&crease), 0.8, Ink::Times(1.2));
    }
}

pub fn bag(canvas: &mut Canvas, random: &mut SplitMix64) {
    let top = random.range(9.0, 14.0);
    let bottom = random.range(21.0, 26.5);
    let upper = random.range(6.5, 12.5);
    let lower = (upper + random.range(-2.5, 2.5)).min(13.0);
    let shade = if random.chance(0.25) {
        random.range(0.28, 0.55)
    } else {
        random.range(0.5, 0.95)
    };
    let strap = Ink::Shade(shade * random.range(0.6, 1.0));
    match random.below(5) {
        0 | 1 => {
            // A handle, or two.
            let (half, rise) = (random.range(2.5, 5.5), random.range(3.5, 9.0));
            let width = random.range(0.7, 1.5);
            canvas.stroke(&arch((14.0, top + 0.5), half, rise), width, strap);
            if random.chance(0.4) {
                canvas.stroke(
                    &arch((14.6, top + 0.5), half * 0.8, rise * 0.75),
                    width,
                    strap,
                );
            }
        }
        2 => {
            // A strap hanging at the sides.
            let drop = random.range(0.5, 0.9) * (bottom - top);
            let side = [
                (14.0 - upper, top + 0.5),
                (14.0 - upper - 1.4, top + drop * 0.5),
                (14.0 - upper - 0.3, top + drop),
            ];
            canvas.stroke(&side, 0.8, strap);
            canvas.stroke(&mirror(&side), 0.8, strap);
        }
        3 => canvas.stroke(
            &arch((14.0, top + 0.5), upper * 0.9, random.range(6.0, 11.0)),
            random.range(0.6, 1.1),
            strap,
        ),
        _ => {}
    }
    let body = mirrored(&[
        (14.0, top),
        (14.0 - upper, top),
        (
            14.0 - (upper + lower) / 2.0 - random.range(-0.3, 0.8),
            (top + bottom) / 2.0,
        ),
        (14.0 - lower, bottom),
        (14.0, bottom),
    ]);
    if random.chance(0.5) {
        canvas.fill_smooth(&body, Ink::Shade(shade));
    } else {
        canvas.fill(&body, Ink::Shade(shade));
    }
    let choices = [
        (Pattern::Plain, 5.0),
        (Pattern::Floral, 1.5),
        (Pattern::Blocks, 1.0),
        (Pattern::Plaid, 0.6),
        (Pattern::UpDown, 0.5),
    ];
    texture::apply(texture::pick(&choices, random), canvas, random);
    let line = Ink::Times(random.range(0.45, 0.8));
    match random.below(4) {
        0 => {
            // A flap with its clasp.
            let edge = top + (bottom - top) * random.range(0.35, 0.65);
            canvas.stroke(
                &[
                    (14.0 - upper, top + 0.6),
                    (14.0 - upper * 0.6, edge),
                    (14.0 + upper * 0.6, edge),
                    (14.0 + upper, top + 0.6),
                ],
                0.7,
                line,
            );
            canvas.ellipse((14.0, edge), 0.9, 0.9, Ink::Times(0.4));
        }
        1 => {
            let y = top + random.range(1.2, 3.0);
            canvas.stroke(&[(14.0 - upper, y), (14.0 + upper, y)], 0.7, line);
        }
        2 => {
            let pocket = mirrored(&[
                (14.0 - upper * 0.55, top + 4.5),
                (14.0 - upper * 0.55, bottom - 1.5),
            ]);
            canvas.fill(&pocket, line);
        }
        _ => {}
    }
}
