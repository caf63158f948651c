//! Sandals, flat, wedged and heeled, toes to the left.

use crate::canvas::{Canvas, Ink};
use crate::geometry::{Point, arch};
use crate::shoes::shade;
use fmnist_tui::random::SplitMix64;

pub fn sandal(canvas: &mut Canvas, random: &mut SplitMix64) {
    let leather = Ink::Shade(shade(random));
    let width = random.range(0.8, 1.7);
    match random.below(4) {
        0 => heeled_sandal(canvas, leather, width, random),
        1 => wedge_sandal(canvas, leather, width, random),
        _ => flat_sandal(canvas, leather, width, random),
    }
}

fn flat_sandal(canvas: &mut Canvas, leather: Ink, width: f32, random: &mut SplitMix64) {
    let sole = random.range(17.5, 19.5);
    let rise = random.range(0.0, 1.6);
    canvas.stroke(
        &[
            (1.6, sole),
            (9.0, sole + 0.5),
            (18.0, sole - rise * 0.4),
            (26.2, sole - rise),
        ],
        random.range(1.1, 2.4),
        Ink::Shade(shade(random)),
    );
    let height = random.range(3.5, 6.5);
    // The strap over the toes, open below.
    canvas.stroke(
        &arch(
            (random.range(6.5, 8.5), sole),
            random.range(2.5, 4.2),
            height * 0.75,
        ),
        width,
        leather,
    );
    if random.chance(0.88) {
        // Around the heel, and from the instep to it.
        let ankle = (random.range(17.0, 20.0), sole - height);
        canvas.stroke(
            &[
                (10.0, sole - 1.5),
                ankle,
                (25.0, sole - height * 0.8),
                (25.8, sole - rise),
            ],
            width,
            leather,
        );
        if random.chance(0.6) {
            canvas.stroke(
                &[ankle, (ankle.0 + random.range(-2.0, 2.0), sole)],
                width,
                leather,
            );
        }
    }
    if random.chance(0.25) {
        // Nearly closed: close to a low shoe.
        canvas.fill(
            &[
                (3.5, sole),
                (6.0, sole - height * 0.7),
                (12.0, sole - height),
                (14.5, sole),
            ],
            leather,
        );
    }
}

fn wedge_sandal(canvas: &mut Canvas, leather: Ink, width: f32, random: &mut SplitMix64) {
    let floor = random.range(21.0, 24.0);
    let rise = random.range(3.0, 7.0);
    let wedge: [Point; 5] = [
        (1.5, floor - 2.0),
        (10.0, floor - 2.6),
        (26.0, floor - 1.5 - rise),
        (25.5, floor),
        (2.0, floor),
    ];
    canvas.fill(&wedge, Ink::Shade(shade(random)));
    let toe = (7.0, floor - 2.2);
    canvas.stroke(
        &arch(toe, 3.5, random.range(3.0, 5.0)),
        width * 1.3,
        leather,
    );
    let heel = floor - rise - 1.5;
    canvas.stroke(
        &[
            (11.5, floor - 3.2),
            (18.5, heel - 5.0),
            (25.0, heel - 4.5),
            (25.5, heel),
        ],
        width,
        leather,
    );
    if random.chance(0.5) {
        canvas.stroke(&[(18.5, heel - 5.0), (17.0, heel + 1.0)], width, leather);
    }
}

fn heeled_sandal(canvas: &mut Canvas, leather: Ink, width: f32, random: &mut SplitMix64) {
    let floor = random.range(24.5, 26.5);
    let heel = floor - random.range(7.0, 11.0);
    canvas.stroke(
        &[
            (1.8, floor - 0.4),
            (8.5, floor - 0.6),
            (16.0, heel + 4.0),
            (24.5, heel),
        ],
        random.range(1.0, 2.0),
        leather,
    );
    canvas.stroke(
        &[(24.2, heel), (random.range(22.5, 25.0), floor)],
        random.range(0.8, 2.4),
        leather,
    );
    canvas.stroke(
        &arch((6.5, floor - 0.8), 3.2, random.range(3.5, 5.5)),
        width,
        leather,
    );
    let ankle = heel - random.range(4.0, 9.0);
    canvas.stroke(
        &[
            (24.5, heel),
            (25.0, ankle),
            (18.5, ankle + 0.8),
            (24.5, ankle + 1.6),
        ],
        width,
        leather,
    );
    if random.chance(0.5) {
        canvas.stroke(&[(18.5, ankle + 0.8), (10.0, floor - 2.0)], width, leather);
    }
}
