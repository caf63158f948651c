//! Hyperparameters that several optimisers have: their limits, and words for them.

use crate::text::Limit;

/// The limits of hyperparameters that mean the same in every optimiser.
pub fn common_limit(field: &str) -> Option<Limit> {
    match field {
        "momentum" | "beta1" | "beta2" | "rho" | "alpha" => Some(Limit::Real(0.0, 0.999_999)),
        "eps" => Some(Limit::Real(1e-16, 1.0)),
        "weight_decay" => Some(Limit::Real(0.0, 10.0)),
        _ => None,
    }
}

/// What hyperparameters that mean the same in every optimiser do.
pub fn common_about(field: &str) -> Option<&'static str> {
    match field {
        "weight_decay" => Some("pull towards 0"),
        _ => None,
    }
}

/// Nesterov's look ahead, after a momentum.
pub fn nesterov_words(nesterov: bool) -> &'static str {
    if nesterov { ", Nesterov" } else { "" }
}

/// The weight decay, after other hyperparameters; nothing if there is none.
pub fn weight_decay_words(weight_decay: f64) -> String {
    if weight_decay == 0.0 {
        String::new()
    } else {
        format!(", weight decay {weight_decay}")
    }
}
