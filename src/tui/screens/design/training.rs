//! Everything but the layers, in two lines.

use super::form::number;
use super::lines::ascii;
use crate::spec::{Precision, Spec, escape_controls, variant};
use crate::tui::theme::Theme;
use serde::Serialize;

/// Optimiser, learning rate, schedule, batch size, epochs.
pub fn first_line(spec: &Spec, theme: Theme) -> String {
    let mut parts = vec![
        format!("{} {}", spec.optimizer.kind(), number(spec.learning_rate)),
        format!("{} rate", name(&spec.schedule).to_lowercase()),
    ];
    if spec.warmup_epochs > 0.0 {
        parts.push(format!("warm-up {}", number(spec.warmup_epochs)));
    }
    parts.push(format!("batch {}", spec.batch_size));
    parts.push(match spec.epochs {
        1 => "1 epoch".into(),
        epochs => format!("{epochs} epochs"),
    });
    ascii(&parts.join(" · "), theme)
}

/// Seed, precision if it is not the usual one, initialiser, loss, data set.
pub fn second_line(spec: &Spec, theme: Theme) -> String {
    let mut parts = vec![format!("seed {}", spec.seed)];
    if spec.precision != Precision::default() {
        parts.push(spec.precision.name().to_owned());
    }
    parts.extend([
        name(&spec.initializer),
        name(&spec.loss),
        escape_controls(&spec.dataset),
    ]);
    ascii(&parts.join(" · "), theme)
}

/// A variant's name.
fn name(of: &impl Serialize) -> String {
    let value = serde_json::to_value(of).unwrap_or_default();
    variant(&value).map_or_else(String::new, |(name, _)| name.to_owned())
}
