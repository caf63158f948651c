//! What is worn on the upper body: T-shirts, pullovers, dresses, coats, shirts.
//!
//! One body plan with five sets of measures. The sets overlap on purpose, and
//! each tell-tale part (collar, buttons, front opening, ribbing) is sometimes
//! absent: as in Fashion-MNIST, some of these garments cannot be told apart.

use crate::body::Top;
use crate::canvas::{Canvas, Ink};
use crate::geometry::mirror;
use crate::texture::{self, Pattern};
use fmnist_tui::random::SplitMix64;

fn shade(random: &mut SplitMix64) -> f32 {
    if random.chance(0.2) {
        random.range(0.22, 0.48)
    } else {
        random.range(0.5, 0.98)
    }
}

pub fn t_shirt(canvas: &mut Canvas, random: &mut SplitMix64) {
    let sleeveless = random.chance(0.12);
    let shoulder = if sleeveless {
        random.range(5.0, 7.0)
    } else {
        random.range(6.8, 8.8)
    };
    let hem = random.range(6.0, 8.2);
    let top = Top {
        shoulder,
        waist: hem - random.range(-0.2, 1.2),
        hem,
        top: random.range(0.8, 2.5),
        bottom: random.range(24.0, 27.4),
        sleeve: if sleeveless {
            0.0
        } else {
            random.range(4.0, 9.0)
        },
        cuff: random.range(2.8, 4.2),
        neck: (random.range(2.2, 4.0), random.range(1.4, 4.2)),
        shade: shade(random),
    };
    top.draw(canvas, random);
    let choices = [
        (Pattern::Plain, 6.0),
        (Pattern::Across, 1.5),
        (Pattern::Floral, 1.0),
        (Pattern::Fade, 1.0),
        (Pattern::Plaid, 0.2),
    ];
    texture::apply(texture::pick(&choices, random), canvas, random);
    if random.chance(0.4) {
        texture::print(canvas, random);
    }
    if random.chance(0.06) {
        top.collar(canvas, random);
    }
}

pub fn pullover(canvas: &mut Canvas, random: &mut SplitMix64) {
    let hem = random.range(6.0, 8.2);
    let top = Top {
        shoulder: random.range(6.4, 8.4),
        waist: hem - random.range(-0.4, 1.0),
        hem,
        top: random.range(0.8, 3.0),
        bottom: random.range(22.5, 27.4),
        sleeve: random.range(17.0, 24.0),
        cuff: random.range(2.2, 3.6),
        neck: (random.range(2.2, 3.8), random.range(1.0, 3.0)),
        shade: shade(random),
    };
    top.draw(canvas, random);
    let choices = [
        (Pattern::Plain, 6.0),
        (Pattern::Across, 1.8),
        (Pattern::Blocks, 1.0),
        (Pattern::Floral, 0.8),
        (Pattern::Fade, 0.8),
    ];
    texture::apply(texture::pick(&choices, random), canvas, random);
    if random.chance(0.3) {
        texture::print(canvas, random);
    }
    if random.chance(0.5) {
        top.ribbing(canvas, random);
    }
    if random.chance(0.1) {
        top.hood(canvas, random);
    }
    if random.chance(0.06) {
        top.front(0.5, Ink::Times(0.7), canvas);
    }
}

pub fn dress(canvas: &mut Canvas, random: &mut SplitMix64) {
    let waist = random.range(2.8, 5.0);
    let kind = random.unit();
    let sleeve = if kind < 0.45 {
        0.0
    } else if kind < 0.8 {
        random.range(3.0, 7.0)
    } else {
        random.range(13.0, 18.0)
    };
    let top = Top {
        shoulder: random.range(3.8, 6.2),
        waist,
        hem: waist + random.range(0.3, 4.2),
        top: random.range(0.4, 1.6),
        bottom: random.range(26.0, 27.6),
        sleeve,
        cuff: random.range(1.7, 2.8),
        neck: (random.range(1.6, 3.0), random.range(1.2, 4.5)),
        shade: shade(random),
    };
    top.draw(canvas, random);
    let choices = [
        (Pattern::Plain, 6.0),
        (Pattern::Floral, 1.5),
        (Pattern::Blocks, 0.8),
        (Pattern::Across, 0.8),
        (Pattern::Fade, 1.2),
    ];
    texture::apply(texture::pick(&choices, random), canvas, random);
    if random.chance(0.4) {
        let y = random.range(9.0, 13.0);
        canvas.stroke(
            &[(7.0, y), (21.0, y)],
            random.range(0.6, 1.2),
            Ink::Times(random.range(0.4, 0.8)),
        );
    }
    if random.chance(0.4) {
        for x in [11.5, 14.0, 16.5] {
            canvas.stroke(
                &[(x, 15.0), (14.0 + (x - 14.0) * 1.6, 27.0)],
                0.7,
                Ink::Times(0.8),
            );
        }
    }
}

pub fn coat(canvas: &mut Canvas, random: &mut SplitMix64) {
    let hem = random.range(6.2, 8.4);
    let top = Top {
        shoulder: random.range(6.6, 8.6),
        waist: hem - random.range(-0.2, 1.2),
        hem,
        top: random.range(0.8, 2.2),
        bottom: random.range(25.0, 27.6),
        sleeve: random.range(19.0, 25.0),
        cuff: random.range(2.6, 4.0),
        neck: (random.range(2.0, 3.2), random.range(1.0, 3.0)),
        shade: shade(random),
    };
    top.draw(canvas, random);
    let choices = [
        (Pattern::Plain, 7.0),
        (Pattern::Blocks, 0.8),
        (Pattern::Floral, 0.6),
        (Pattern::Plaid, 0.4),
        (Pattern::Fade, 0.8),
    ];
    texture::apply(texture::pick(&choices, random), canvas, random);
    if random.chance(0.8) {
        top.front(
            random.range(0.5, 1.4),
            Ink::Times(random.range(0.25, 0.6)),
            canvas,
        );
    }
    if random.chance(0.45) {
        let left = [
            (14.0 - top.neck.0, top.top + 0.4),
            (11.0, top.top + 5.0),
            (14.0, top.top + random.range(8.0, 12.0)),
        ];
        canvas.stroke(&left, 0.6, Ink::Times(0.6));
        canvas.stroke(&mirror(&left), 0.6, Ink::Times(0.6));
    }
    if random.chance(0.4) {
        top.buttons(random.range(0.6, 1.6), canvas, random);
    }
    if random.chance(0.4) {
        let pocket = [(9.0, 18.5), (11.5, 18.0)];
        canvas.stroke(&pocket, 0.7, Ink::Times(0.55));
        canvas.stroke(&mirror(&pocket), 0.7, Ink::Times(0.55));
    }
    match random.below(8) {
        0 => top.hood(canvas, random),
        1..=3 => top.collar(canvas, random),
        _ => {}
    }
}

pub fn shirt(canvas: &mut Canvas, random: &mut SplitMix64) {
    let hem = random.range(6.0, 8.2);
    let long = random.chance(0.6);
    let top = Top {
        shoulder: random.range(6.6, 8.6),
        waist: hem - random.range(-0.2, 1.4),
        hem,
        top: random.range(0.8, 2.4),
        bottom: random.range(24.0, 27.4),
        sleeve: if long {
            random.range(16.0, 23.0)
        } else {
            random.range(4.5, 9.5)
        },
        cuff: random.range(2.2, 3.8),
        neck: (random.range(1.8, 3.4), random.range(1.2, 3.6)),
        shade: shade(random),
    };
    top.draw(canvas, random);
    let choices = [
        (Pattern::Plain, 4.0),
        (Pattern::Plaid, 2.0),
        (Pattern::Floral, 1.6),
        (Pattern::UpDown, 1.2),
        (Pattern::Across, 0.6),
    ];
    texture::apply(texture::pick(&choices, random), canvas, random);
    if random.chance(0.7) {
        top.collar(canvas, random);
    }
    if random.chance(0.65) {
        top.front(
            random.range(0.4, 0.9),
            Ink::Times(random.range(0.6, 0.85)),
            canvas,
        );
    }
    if random.chance(0.55) {
        top.buttons(0.0, canvas, random);
    }
    if random.chance(0.3) {
        canvas.fill(
            &[(15.5, 9.5), (18.5, 9.5), (18.5, 12.5), (15.5, 12.5)],
            Ink::Times(0.8),
        );
    }
}
