//! The numbers of a layer in words and digits.

use crate::nn::probe::{Activations, LayerStatistics, NetworkStatistics};
use crate::text::short_decimal;

/// A layer's row: what stands in it for people, empty where the layer has no such number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LayerCells {
    /// The share of dead units.
    pub dead: String,
    /// The gradient's norm.
    pub gradient: String,
    /// The update in parts of the weights.
    pub update: String,
    /// The median norm of the kernels.
    pub kernels: String,
}

impl LayerCells {
    /// The cells of a layer.
    pub fn of(layer: &LayerStatistics) -> Self {
        let parameters = layer.parameters.as_ref();
        let size =
            |number: Option<f64>| number.map_or(String::new(), |number| format!("{number:.1e}"));
        let dead = layer
            .units
            .map(|units| format!("{:.0} %", 100.0 * units.dead_share()));
        let kernels = parameters.and_then(|one| one.kernels);
        Self {
            dead: dead.unwrap_or_default(),
            gradient: match parameters {
                Some(one) if one.frozen => "frozen".into(),
                Some(one) if one.gradient.is_none() => "NaN".into(),
                _ => size(parameters.and_then(|one| one.gradient)),
            },
            update: size(parameters.and_then(|one| one.update)),
            kernels: kernels.map_or(String::new(), |norms| short_decimal(norms.median)),
        }
    }
}

/// With what the layers were looked at.
pub fn looked_with(statistics: &NetworkStatistics) -> String {
    let NetworkStatistics { images, batch, .. } = statistics;
    match images {
        1 => "one training image".into(),
        images => format!("{images} training images; gradients of a batch of {batch}"),
    }
}

/// The mean of some values and their standard deviation.
pub fn spread(values: &Activations) -> String {
    let (mean, std) = (short_decimal(values.mean), short_decimal(values.std));
    format!("{mean} ± {std}")
}

/// What is known of a layer beside its activations, a line for its units or its weights and one for its steps.
pub fn details(layer: &LayerStatistics) -> Vec<String> {
    let units = layer
        .units
        .map(|units| format!("{} of {} units dead", units.dead, units.all));
    let Some(parameters) = &layer.parameters else {
        return units.into_iter().collect();
    };
    let norm = parameters
        .norm
        .map(|norm| format!("norm of the weights {}", short_decimal(norm)));
    let kernels = parameters.kernels.map(|norms| {
        let [min, median, max] = [norms.min, norms.median, norms.max].map(short_decimal);
        format!("of each kernel {min} to {max}, median {median}")
    });
    let frozen = parameters.frozen.then(|| "frozen".to_owned());
    let gradient = parameters
        .gradient
        .map(|norm| format!("norm of the gradient {norm:.1e}"));
    let update = parameters
        .update
        .map(|update| format!("a step moves the weights by {update:.1e} of their norm"));
    let line = |parts: &[&Option<String>]| {
        let parts = parts.iter().filter_map(|part| part.as_deref());
        parts.collect::<Vec<_>>().join(", ")
    };
    let lines = [
        line(&[&units, &norm, &kernels]),
        line(&[&frozen, &gradient, &update]),
    ];
    lines.into_iter().filter(|line| !line.is_empty()).collect()
}
