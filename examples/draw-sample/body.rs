//! The body plan of what is worn on the upper body, and the parts that can be
//! sewn to it.

use crate::canvas::{Canvas, Ink};
use crate::geometry::{Point, mirror, mirrored};
use fmnist_tui::random::SplitMix64;

/// Measures of a garment, pixels; widths are from the centre line.
pub struct Top {
    pub shoulder: f32,
    pub waist: f32,
    pub hem: f32,
    pub top: f32,
    pub bottom: f32,
    /// Length from shoulder to cuff; none below 1.
    pub sleeve: f32,
    pub cuff: f32,
    pub neck: (f32, f32),
    pub shade: f32,
}

impl Top {
    pub fn draw(&self, canvas: &mut Canvas, random: &mut SplitMix64) {
        let chest = self.shoulder - random.range(0.4, 1.4);
        let armpit = self.top + random.range(6.5, 8.5);
        let middle = armpit + (self.bottom - armpit) * random.range(0.3, 0.5);
        let cloth = Ink::Shade(self.shade);
        let cuff = (self.sleeve >= 1.0).then(|| self.draw_sleeves(canvas, chest, armpit, random));
        let body: [Point; 8] = [
            (14.0, self.top),
            (14.0 - self.neck.0, self.top),
            (14.0 - self.shoulder, self.top + random.range(1.2, 2.6)),
            (14.0 - chest, armpit),
            (14.0 - self.waist, middle),
            (14.0 - self.hem, self.bottom),
            (14.0 - self.hem * 0.9, self.bottom + 0.3),
            (14.0, self.bottom + random.range(-0.6, 0.6)),
        ];
        canvas.fill(&mirrored(&body), cloth);
        if let Some(cuff) = cuff.filter(|_| self.hangs()) {
            self.seams(canvas, (14.0 - chest, armpit), cuff, random);
        }
        if random.chance(0.6) {
            // The inside of the back shows behind the neckline.
            canvas.ellipse(
                (14.0, self.top + 0.3),
                self.neck.0,
                self.neck.1,
                Ink::Times(random.range(0.4, 0.75)),
            );
            canvas.ellipse(
                (14.0, self.top - 0.6),
                self.neck.0,
                self.neck.1 * 0.6,
                Ink::Erase,
            );
        } else {
            canvas.ellipse((14.0, self.top), self.neck.0, self.neck.1, Ink::Erase);
        }
    }

    /// Long sleeves hang, short ones stand off.
    fn hangs(&self) -> bool {
        self.sleeve > 12.0
    }

    /// Draws both; returns the inner end of the left cuff.
    fn draw_sleeves(
        &self,
        canvas: &mut Canvas,
        chest: f32,
        armpit: f32,
        random: &mut SplitMix64,
    ) -> Point {
        let start = (14.0 - self.shoulder, self.top + 1.6);
        let out = if self.hangs() {
            random.range(1.2, 3.6)
        } else {
            self.sleeve * random.range(0.3, 0.5)
        };
        let cuff_y = (start.1 + self.sleeve).min(27.5);
        let outer = (start.0 - out, cuff_y);
        let rise = if self.hangs() {
            0.0
        } else {
            random.range(0.5, 1.6)
        };
        let inner = (outer.0 + self.cuff, cuff_y + rise);
        let elbow = (start.0 - out * 0.75 - 0.5, start.1 + self.sleeve * 0.5);
        let left = [
            (14.0 - self.neck.0, self.top),
            start,
            elbow,
            outer,
            inner,
            (14.0 - chest + 1.0, armpit),
        ];
        let ink = Ink::Shade((self.shade * random.range(0.88, 1.15)).min(1.0));
        canvas.fill(&left, ink);
        if !random.chance(0.03) {
            canvas.fill(&mirror(&left), ink);
        }
        inner
    }

    /// The gap, or the shadow, between a hanging sleeve and the body.
    fn seams(&self, canvas: &mut Canvas, armpit: Point, cuff: Point, random: &mut SplitMix64) {
        let width = random.range(0.3, 1.5);
        let seam = [
            (armpit.0, armpit.1 + 0.5),
            (cuff.0 + width * 0.4, cuff.1 + 0.8),
            (cuff.0 - width * 0.6, cuff.1 + 0.8),
        ];
        let ink = if random.chance(0.6) {
            Ink::Erase
        } else {
            Ink::Times(0.6)
        };
        canvas.fill(&seam, ink);
        canvas.fill(&mirror(&seam), ink);
        if random.chance(0.7) {
            canvas.stroke(&seam[..2], 0.5, Ink::Times(0.6));
            canvas.stroke(&mirror(&seam[..2]), 0.5, Ink::Times(0.6));
        }
    }

    pub fn collar(&self, canvas: &mut Canvas, random: &mut SplitMix64) {
        let tip = (
            14.0 - random.range(0.3, 1.2),
            self.top + random.range(2.8, 4.2),
        );
        let left = [
            (14.0 - self.neck.0 - 0.9, self.top + 0.6),
            (14.0 - self.neck.0 + 0.3, self.top - 0.8),
            tip,
        ];
        let ink = Ink::Shade((self.shade * random.range(0.65, 1.3)).min(1.0));
        canvas.fill(&left, ink);
        canvas.fill(&mirror(&left), ink);
    }

    /// A line down the front: a placket, a zip, an open coat.
    pub fn front(&self, width: f32, ink: Ink, canvas: &mut Canvas) {
        canvas.stroke(
            &[(14.0, self.top + self.neck.1), (14.0, self.bottom + 0.5)],
            width,
            ink,
        );
    }

    pub fn buttons(&self, offset: f32, canvas: &mut Canvas, random: &mut SplitMix64) {
        let gap = random.range(2.6, 4.2);
        let mut y = self.top + self.neck.1 + 2.0;
        while y < self.bottom - 1.5 {
            canvas.ellipse((14.0 + offset, y), 0.55, 0.55, Ink::Times(0.45));
            y += gap;
        }
    }

    pub fn ribbing(&self, canvas: &mut Canvas, random: &mut SplitMix64) {
        let y = self.bottom - random.range(1.2, 2.2);
        let ink = Ink::Times(random.range(0.6, 0.85));
        canvas.stroke(&[(14.0 - self.hem, y), (14.0 + self.hem, y)], 0.6, ink);
        let cuff = (self.top + self.sleeve).min(27.0);
        canvas.stroke(&[(0.0, cuff), (14.0 - self.hem - 0.4, cuff)], 0.6, ink);
        canvas.stroke(&[(14.0 + self.hem + 0.4, cuff), (28.0, cuff)], 0.6, ink);
    }

    pub fn hood(&self, canvas: &mut Canvas, random: &mut SplitMix64) {
        let width = random.range(3.0, 4.5);
        canvas.ellipse(
            (14.0, self.top + 0.8),
            width,
            2.6,
            Ink::Shade(self.shade * 0.85),
        );
        canvas.ellipse((14.0, self.top + 0.9), width - 1.4, 1.6, Ink::Times(0.45));
    }
}
