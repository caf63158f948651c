//! Patterns of cloth: what varies inside a silhouette.

use crate::canvas::{Canvas, Ink};
use crate::geometry::SIDE;
use fmnist_tui::random::SplitMix64;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pattern {
    Plain,
    Across,
    UpDown,
    Plaid,
    Floral,
    Blocks,
    Fade,
}

/// Draws a pattern from a weighted list.
pub fn pick(choices: &[(Pattern, f32)], random: &mut SplitMix64) -> Pattern {
    let total: f32 = choices.iter().map(|&(_, weight)| weight).sum();
    let mut left = random.unit() * total;
    for &(pattern, weight) in choices {
        left -= weight;
        if left < 0.0 {
            return pattern;
        }
    }
    Pattern::Plain
}

pub fn apply(pattern: Pattern, canvas: &mut Canvas, random: &mut SplitMix64) {
    let dark = random.range(0.35, 0.8);
    let period = random.range(2.2, 5.5);
    let phase = random.range(0.0, period);
    // Position within the period, 0…1; positions on the canvas are positive.
    let band = move |position: f32| {
        let turns = (position + phase) / period;
        turns - turns as u32 as f32
    };
    match pattern {
        Pattern::Plain => {}
        Pattern::Across => {
            let thickness = random.range(0.25, 0.6);
            canvas.texture(|_, y| if band(y) < thickness { dark } else { 1.0 });
        }
        Pattern::UpDown => {
            let thickness = random.range(0.25, 0.6);
            canvas.texture(|x, _| if band(x) < thickness { dark } else { 1.0 });
        }
        Pattern::Plaid => {
            let one = 0.5 + dark / 2.0;
            let stripe = move |position| if band(position) < 0.45 { one } else { 1.0 };
            canvas.texture(|x, y| stripe(x) * stripe(y));
        }
        Pattern::Floral => {
            // Blotches of one or two pixels.
            let cell = if random.chance(0.5) { 1.0 } else { 1.7 };
            let spots: Vec<f32> = (0..SIDE * SIDE).map(|_| random.range(dark, 1.25)).collect();
            canvas.texture(|x, y| spots[(y / cell) as usize * SIDE + (x / cell) as usize]);
        }
        Pattern::Blocks => {
            let edge = random.range(8.0, 20.0);
            let (above, below) = if random.chance(0.5) {
                (dark, 1.0)
            } else {
                (1.0, dark)
            };
            canvas.texture(|_, y| if y < edge { above } else { below });
        }
        Pattern::Fade => {
            let (top, bottom) = (random.range(0.55, 1.3), random.range(0.55, 1.3));
            canvas.texture(|_, y| top + (bottom - top) * y / SIDE as f32);
        }
    }
}

/// Soft creases and the darker sides of a body.
pub fn folds(canvas: &mut Canvas, random: &mut SplitMix64) {
    let (roundness, lit_side) = (random.range(0.0, 0.25), random.range(-0.12, 0.12));
    canvas.texture(|x, _| {
        let across = (x - 14.0) / 12.0;
        1.0 + lit_side * across - roundness * across * across
    });
    for _ in 0..random.below(4) {
        let (x, y) = (random.range(8.0, 20.0), random.range(8.0, 22.0));
        let end = (x + random.range(-2.5, 2.5), y + random.range(3.0, 8.0));
        canvas.stroke(
            &[(x, y), end],
            random.range(0.6, 1.4),
            Ink::Times(random.range(0.78, 1.15)),
        );
    }
}

/// A print on the chest: a badge, a line of lettering, a picture.
pub fn print(canvas: &mut Canvas, random: &mut SplitMix64) {
    let ink = Ink::Times(if random.chance(0.7) {
        random.range(0.25, 0.7)
    } else {
        1.45
    });
    let y = random.range(9.0, 13.5);
    match random.below(3) {
        0 => canvas.ellipse(
            (14.0, y + 1.5),
            random.range(1.5, 3.4),
            random.range(1.5, 3.4),
            ink,
        ),
        1 => {
            let half = random.range(2.0, 4.5);
            for line in 0..1 + random.below(3) {
                let y = y + 1.8 * line as f32;
                canvas.stroke(&[(14.0 - half, y), (14.0 + half, y)], 1.1, ink);
            }
        }
        _ => {
            let (half, height) = (random.range(2.0, 3.8), random.range(3.0, 6.5));
            canvas.fill(
                &[
                    (14.0 - half, y),
                    (14.0 + half, y),
                    (14.0 + half, y + height),
                    (14.0 - half, y + height),
                ],
                ink,
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::canvas::Placement;

    #[test]
    fn a_pattern_stays_on_the_cloth() {
        use Pattern::{Across, Blocks, Fade, Floral, Plaid, Plain, UpDown};
        for pattern in [Plain, Across, UpDown, Plaid, Floral, Blocks, Fade] {
            let mut canvas = Canvas::new(Placement {
                scale: (1.0, 1.0),
                slant: (0.0, 0.0),
                shift: (0.0, 0.0),
            });
            let mut random = SplitMix64::new(5);
            canvas.fill(
                &[(4.0, 4.0), (24.0, 4.0), (24.0, 24.0), (4.0, 24.0)],
                Ink::Shade(0.8),
            );
            apply(pattern, &mut canvas, &mut random);
            folds(&mut canvas, &mut random);
            print(&mut canvas, &mut random);
            let image = canvas.finish(0.0, &mut random);
            assert_eq!(
                image.iter().filter(|&&pixel| pixel > 0).count(),
                400,
                "{pattern:?}"
            );
        }
    }

    #[test]
    fn a_pattern_of_no_weight_is_never_picked() {
        let mut random = SplitMix64::new(1);
        let choices = [(Pattern::Plaid, 0.0), (Pattern::Fade, 2.0)];
        assert!((0..100).all(|_| pick(&choices, &mut random) == Pattern::Fade));
    }
}
