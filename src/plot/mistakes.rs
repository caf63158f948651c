//! The images that a model gets wrong with the most confidence.

use super::Figure;
use super::lettering::Lettering;
use super::sheet::{Drawn, Picture, Sheet};
use super::size::Size;
use super::style::{BODY, DIM, HEADING, INK, MARGIN, WRONG};
use crate::data::Split;
use crate::train::Evaluation;
use plotters::backend::DrawingBackend;

/// The smallest cell: an image with two lines of text.
const CELL: (f64, f64) = (148.0, 186.0);
/// Points of an image's longer side, if it fits.
const IMAGE: f64 = 126.0;
/// More than a sheet has room for.
const MOST: usize = 200;

/// An image in a wrong class.
#[derive(Clone, Debug, PartialEq)]
pub struct Mistake {
    /// Its position among the validation images.
    pub index: usize,
    /// Its true class.
    pub truth: usize,
    /// The class that was predicted.
    pub predicted: usize,
    /// The predicted probability of that class.
    pub confidence: f32,
    /// `[height, width, channels]`: red, green and blue where the images have three channels, else one grey level.
    pub pixels: Vec<u8>,
}

/// The figure.
#[derive(Clone, Debug, PartialEq)]
pub struct Mistakes {
    /// What was evaluated.
    pub title: String,
    /// On which images, and the accuracy.
    pub subtitle: String,
    /// Names of the classes.
    pub class_names: Vec<String>,
    /// Pixels of a row and rows of every image.
    pub image: (usize, usize),
    /// The worst first.
    pub mistakes: Vec<Mistake>,
}

impl Mistake {
    /// The mistakes of an evaluation, the most confident first; of equals the first image's.
    pub fn worst(evaluation: &Evaluation, split: &Split) -> Vec<Self> {
        let classes = evaluation.confusion.classes();
        let mut found: Vec<(f32, usize)> = Vec::new();
        let answers = evaluation.predictions.iter().zip(&split.labels);
        for (index, (predicted, label)) in answers.enumerate() {
            if predicted == label {
                continue;
            }
            let place = index * classes + usize::from(*predicted);
            let confidence = evaluation.probabilities.get(place).copied();
            // A probability that is NaN counts as 0.
            let confidence = confidence.filter(|value| value.is_finite());
            found.push((confidence.unwrap_or(0.0), index));
        }
        found.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
        found.truncate(MOST);
        let mistake = |(confidence, index): (f32, usize)| Self {
            index,
            truth: usize::from(split.labels[index]),
            predicted: usize::from(evaluation.predictions[index]),
            confidence,
            pixels: pixels(split, split.image(index)),
        };
        found.into_iter().map(mistake).collect()
    }
}

/// The values of an image, pixel by pixel.
fn pixels(split: &Split, image: &[u8]) -> Vec<u8> {
    if split.channels != 3 {
        return split.grey(image).into_owned();
    }
    let plane = split.size().plane();
    let pixel = |at: usize| [0, 1, 2].map(|channel| image[channel * plane + at]);
    (0..plane).flat_map(pixel).collect()
}

impl Mistakes {
    fn name(&self, class: usize) -> &str {
        self.class_names.get(class).map_or("", String::as_str)
    }

    /// One image, with its class above and the predicted one below.
    fn cell<B: DrawingBackend>(
        &self,
        sheet: &mut Sheet<B>,
        mistake: &Mistake,
        (left, top): (f64, f64),
    ) {
        let (columns, rows) = self.image;
        let scale = IMAGE / columns.max(rows).max(1) as f64;
        let size = (columns as f64 * scale, rows as f64 * scale);
        let at = (left, top + 4.0);
        sheet.picture(Picture {
            at,
            size,
            pixels: mistake.pixels.clone(),
            channels: mistake.pixels.len() / (columns * rows).max(1),
            width: columns,
            height: rows,
        });
        let truth = sheet.face().fit(self.name(mistake.truth), BODY, IMAGE);
        let y = top + IMAGE + 22.0;
        sheet.text((left, y), &truth, Lettering::new(BODY, INK));
        let certain = format!("{:.1} %", 100.0 * mistake.confidence);
        let wide = sheet.face().room(&certain, BODY) + 6.0;
        let taken = sheet
            .face()
            .fit_bold(self.name(mistake.predicted), BODY, IMAGE - wide);
        let lettering = Lettering::new(BODY, WRONG);
        sheet.text((left, y + 17.0), &taken, lettering.bold());
        sheet.text((left + IMAGE, y + 17.0), &certain, lettering.right());
    }
}

impl Figure for Mistakes {
    fn default_size(&self) -> Size {
        Size::clamped(1000, 880)
    }

    fn draw<B: DrawingBackend>(&self, sheet: &mut Sheet<B>) -> Drawn<B> {
        let top = sheet.head(&self.title, &self.subtitle)?;
        let (width, height) = (sheet.width() - 2.0 * MARGIN, sheet.height());
        if self.mistakes.is_empty() {
            let lettering = Lettering::new(HEADING, DIM).center();
            let middle = (sheet.width() / 2.0, f64::midpoint(top, height));
            sheet.text(middle, "Every image is classified correctly.", lettering);
            return Ok(());
        }
        let columns = ((width / CELL.0) as usize).max(1);
        let rows = (((height - top - MARGIN) / CELL.1) as usize).max(1);
        // The first column begins where the title does, the last ends at the other margin.
        let wide = (width - IMAGE) / (columns - 1).max(1) as f64;
        let high = (height - top - MARGIN + 16.0) / rows as f64;
        let shown = self.mistakes.iter().take(columns * rows);
        for (place, mistake) in shown.enumerate() {
            let left = MARGIN + (place % columns) as f64 * wide;
            let y = top + (place / columns) as f64 * high;
            self.cell(sheet, mistake, (left, y));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::ConfusionMatrix;

    #[test]
    fn the_most_confident_mistake_comes_first_and_hits_are_left_out() {
        let split = Split {
            images: vec![10, 11, 12, 13, 14],
            labels: vec![0, 1, 0, 1, 0],
            channels: 1,
            height: 1,
            width: 1,
        };
        let evaluation = Evaluation {
            loss: 0.0,
            accuracy: 0.2,
            confusion: ConfusionMatrix::new(2),
            predictions: vec![0, 0, 1, 0, 1],
            probabilities: vec![0.9, 0.1, 0.6, 0.4, 0.2, 0.8, 0.6, 0.4, f32::NAN, f32::NAN],
        };
        let worst = Mistake::worst(&evaluation, &split);
        let order: Vec<usize> = worst.iter().map(|mistake| mistake.index).collect();
        assert_eq!(order, [2, 1, 3, 4]);
        let first = &worst[0];
        assert_eq!(
            (first.truth, first.predicted, first.confidence),
            (0, 1, 0.8)
        );
        assert_eq!(first.pixels, [12]);
        assert_eq!(worst[3].confidence, 0.0);
    }
}
