//! Data and a model's predictions for the tests of Confusion and Samples.

use crate::data::Dataset;
use crate::nn::{Model, ModelInfo};
use crate::train::{ConfusionMatrix, Evaluation, Validated};
use crate::tui::shared::{DataState, ModelView, Shared};
use crate::tui::theme::Theme;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::layout::Rect;
use std::sync::Arc;

/// What a screen needs before any training: the sample set.
pub fn with_data(theme: Theme) -> Shared {
    let mut shared = Shared::new(theme);
    shared.data = DataState::Ready {
        dataset: Arc::new(Dataset::sample().unwrap()),
        looked_in: Vec::new(),
    };
    shared
}

/// The sample set and a model whose predictions depend only on `salt`.
pub fn with_view(theme: Theme, salt: usize) -> Shared {
    let mut shared = with_data(theme);
    let labels = shared.dataset().unwrap().validation.labels.clone();
    let predict = |image: usize, label: u8| {
        let hash = (image * 31 + salt * 17) % 100;
        let probability = 0.4 + 0.59 * (hash as f32 / 100.0);
        let other = match (label, hash) {
            (6, 0..30) => 0,
            (6, 30..40) | (2, 0..15) => 4,
            (0 | 4, 0..12) => 6,
            (_, 97..) => (label + 2) % 10,
            _ => label,
        };
        (other, probability)
    };
    shared.view = Some(view(&labels, 10, predict, "tiny, epoch 3"));
    shared
}

/// A view of the class and probability that `predict` returns for an image and its label.
pub fn view(
    labels: &[u8],
    classes: usize,
    predict: impl Fn(usize, u8) -> (u8, f32),
    origin: &str,
) -> ModelView {
    let mut confusion = ConfusionMatrix::new(classes);
    let (mut predictions, mut probabilities) = (Vec::new(), Vec::new());
    for (image, label) in labels.iter().enumerate() {
        let (predicted, probability) = predict(image, *label);
        confusion.add(usize::from(*label), usize::from(predicted));
        predictions.push(predicted);
        let rest = (1.0 - probability) / (classes - 1) as f32;
        probabilities.extend((0..classes).map(|class| {
            if class == usize::from(predicted) {
                probability
            } else {
                rest
            }
        }));
    }
    let spec = crate::spec::preset("tiny").unwrap();
    let info = ModelInfo {
        spec: spec.clone(),
        dataset: "sample".into(),
        class_names: Dataset::sample().unwrap().class_names,
        normalization: Dataset::sample().unwrap().normalization,
        metrics: serde_json::Value::Null,
    };
    ModelView {
        validated: Arc::new(Validated {
            evaluation: Evaluation {
                loss: 0.4,
                accuracy: confusion.accuracy(),
                confusion,
                predictions,
                probabilities,
            },
            snapshot: Model::new(&spec).unwrap().snapshot(info),
            images: Dataset::sample().unwrap().validation,
        }),
        origin: origin.into(),
    }
}

/// What `draw` draws in an area of this size, as text.
pub fn text((width, height): (u16, u16), draw: impl Fn(&mut ratatui::Frame<'_>, Rect)) -> String {
    let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
    terminal.draw(|frame| draw(frame, frame.area())).unwrap();
    let buffer = terminal.backend().buffer();
    let rows = buffer.content.chunks(usize::from(width).max(1));
    rows.map(|row| {
        let line: String = row.iter().map(|cell| cell.symbol()).collect();
        line.trim_end().to_owned() + "\n"
    })
    .collect()
}

/// Sizes at which screens must not panic.
pub const SIZES: [(u16, u16); 9] = [
    (78, 19),
    (54, 14),
    (90, 27),
    (20, 5),
    (58, 11),
    (3, 40),
    (200, 2),
    (1, 1),
    (198, 56),
];
