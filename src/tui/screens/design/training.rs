//! Everything but the layers, in two lines.

use super::form::number;
use crate::spec::{InputNormalization, Precision, Spec, variant};
use crate::text::escape_controls;
use crate::tui::theme::Theme;
use crate::tui::widgets::label::plain;
use serde::Serialize;

/// Optimiser, learning rate, schedule, batch size, epochs.
pub fn first_line(spec: &Spec, theme: Theme) -> String {
    let mut parts = vec![
        format!("{} {}", spec.optimizer.kind(), number(spec.learning_rate)),
        spec.schedule.in_words().into(),
    ];
    if spec.warmup_epochs > 0.0 {
        parts.push(format!("warm-up {}", number(spec.warmup_epochs)));
    }
    parts.push(format!("batch {}", spec.batch_size));
    parts.push(match spec.epochs {
        1 => "1 epoch".into(),
        epochs => format!("{epochs} epochs"),
    });
    plain(&parts.join(" · "), theme)
}

/// Seed, or how many `seeds` are trained, precision if it is not the usual one, initialiser, loss, data set and what is done to it,
/// weight averages.
pub fn second_line(spec: &Spec, seeds: usize, theme: Theme) -> String {
    let mut parts = vec![match seeds {
        1 => format!("seed {}", spec.seed),
        seeds => format!("{seeds} seeds from {}", spec.seed),
    }];
    if spec.precision != Precision::default() {
        parts.push(spec.precision.name().to_owned());
    }
    let mut data = escape_controls(&spec.dataset);
    data.push_str(match spec.normalization {
        InputNormalization::Standardize => "",
        InputNormalization::Scale => ", pixels/255",
        InputNormalization::Given { .. } => ", own mean and std",
    });
    if spec.augmentation.changes_anything() {
        data.push_str(", augmented");
    }
    if !spec.exclude.is_empty() {
        data.push_str(", some left out");
    }
    parts.extend([name(&spec.initializer), name(&spec.loss), data]);
    if spec.ema_decay > 0.0 {
        parts.push("EMA".into());
    }
    plain(&parts.join(" · "), theme)
}

/// A variant's name.
fn name(of: &impl Serialize) -> String {
    let value = serde_json::to_value(of).unwrap_or_default();
    variant(&value).map_or_else(String::new, |(name, _)| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::preset;

    #[test]
    fn what_is_unusual_about_the_training_is_told() {
        let theme = Theme::default();
        let spec = preset("five-minutes").unwrap();
        let first = first_line(&spec, theme);
        assert!(first.contains("one-cycle rate"), "{first}");
        let second = second_line(&spec, 3, theme);
        assert!(
            second.starts_with("3 seeds from 1 ·")
                && second.ends_with("fashion-mnist, augmented · EMA"),
            "{second}"
        );
        let second = second_line(&preset("bn").unwrap(), 1, theme);
        assert!(second.ends_with("fashion-mnist, pixels/255"), "{second}");
        let second = second_line(&preset("lenet5").unwrap(), 1, theme);
        assert!(second.ends_with("fashion-mnist"), "{second}");
    }
}
