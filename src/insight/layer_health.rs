//! What in a network's layers is not as it should be, what that means and what to try.

use crate::nn::probe::{LayerStatistics, NetworkStatistics, ParameterStatistics};
use crate::text::grouped;

/// More dead units than this share are too many.
const DEAD: f64 = 0.5;
/// A layer whose gradient is smaller than this part of the largest layer's gets almost none.
const VANISHING: f64 = 1e-3;
/// A gradient with a larger norm throws weights about.
const EXPLODING: f64 = 100.0;
/// Where updates lie, in parts of the weights, when training goes well: about a thousandth. Far from it is this
/// factor up or down.
const UPDATE: f64 = 1e-3;
const FAR: f64 = 50.0;

/// What is wrong with a layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Symptom {
    /// Values, weights or gradients are NaN or infinite.
    NotFinite,
    /// More than half of an activation's units are 0 for every image.
    Dead,
    /// The gradient is almost 0 beside that of other layers.
    Vanishing,
    /// The gradient is huge.
    Exploding,
    /// Steps hardly change the weights.
    Slow,
    /// Steps change the weights by a large part.
    Fast,
}

/// A symptom of one layer.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// Position of the layer.
    pub layer: usize,
    /// What is wrong.
    pub symptom: Symptom,
    /// The number that says so, in a few words.
    pub fact: String,
}

impl Symptom {
    /// All of them, the worst first.
    pub const ALL: [Self; 6] = [
        Self::NotFinite,
        Self::Exploding,
        Self::Dead,
        Self::Vanishing,
        Self::Fast,
        Self::Slow,
    ];

    /// What it means, and what to try.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::NotFinite => {
                "The arithmetic has overflowed, and nothing behind it can be right. Try a lower learning rate, \
                 gradient_clip 1, or a batch norm."
            }
            Self::Dead => {
                "A unit that is 0 for every image passes nothing on and gets no gradient, so it stays dead. Try a \
                 lower learning rate, LeakyReLU, or a batch norm before the activation."
            }
            Self::Vanishing => {
                "The gradient gets lost on its way back, so the layer learns almost nothing. Try ReLU instead of \
                 Sigmoid or Tanh, batch norms, a residual around the layers behind it, or the initialiser He."
            }
            Self::Exploding => {
                "Such a step can undo what was learnt. Try gradient_clip 1, a lower learning rate, or a warm-up."
            }
            Self::Slow => {
                "Steps hardly move the weights; about 1e-3 of their norm is usual. Try a higher learning rate, or \
                 let the schedule fall later."
            }
            Self::Fast => {
                "Steps move the weights too far to settle; about 1e-3 of their norm is usual. Try a lower learning \
                 rate, or a warm-up."
            }
        }
    }

    /// Its name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::NotFinite => "not_finite",
            Self::Dead => "dead",
            Self::Vanishing => "vanishing_gradient",
            Self::Exploding => "exploding_gradient",
            Self::Slow => "small_update",
            Self::Fast => "large_update",
        }
    }
}

/// What is wrong with the layers, in their order. `rate` is the learning rate of the updates in parts of the
/// spec's: where a schedule has lowered it, updates are smaller, and that is as it should be.
pub fn findings(statistics: &NetworkStatistics, rate: f64) -> Vec<Finding> {
    let layers = statistics.layers.iter();
    let gradients = layers.filter_map(|layer| layer.parameters.as_ref()?.gradient);
    let largest = gradients.fold(0.0, f64::max);
    let layers = statistics.layers.iter().enumerate();
    let found = layers.flat_map(|(layer, inside)| {
        let mut found = of_activations(inside);
        if let Some(parameters) = &inside.parameters {
            found.extend(of_parameters(parameters, largest, rate));
        }
        let finding = move |(symptom, fact)| Finding {
            layer,
            symptom,
            fact,
        };
        found.into_iter().map(finding)
    });
    found.collect()
}

fn of_activations(inside: &LayerStatistics) -> Vec<(Symptom, String)> {
    let mut found = Vec::new();
    let all = [&inside.training, &inside.evaluation];
    if let Some(values) = all.into_iter().find(|values| values.not_finite > 0) {
        let count = grouped(values.not_finite);
        let of = grouped(values.count.saturating_add(values.not_finite));
        let fact = format!("{count} of {of} values are NaN or infinite");
        found.push((Symptom::NotFinite, fact));
    }
    if let Some(units) = inside.units.filter(|units| units.dead_share() > DEAD) {
        let fact = format!("{} of {} units are dead", units.dead, units.all);
        found.push((Symptom::Dead, fact));
    }
    found
}

fn of_parameters(
    parameters: &ParameterStatistics,
    largest: f64,
    rate: f64,
) -> Vec<(Symptom, String)> {
    let mut found = Vec::new();
    if parameters.norm.is_none() {
        found.push((Symptom::NotFinite, "weights are NaN or infinite".into()));
    }
    if parameters.frozen {
        return found;
    }
    match parameters.gradient {
        None => found.push((Symptom::NotFinite, "the gradient is NaN or infinite".into())),
        Some(norm) if norm > EXPLODING => {
            found.push((
                Symptom::Exploding,
                format!("the gradient's norm is {norm:.1e}"),
            ));
        }
        Some(norm) if norm <= VANISHING * largest => {
            let fact =
                format!("the gradient's norm is {norm:.1e}, the largest layer's {largest:.1e}");
            found.push((Symptom::Vanishing, fact));
        }
        Some(_) => {}
    }
    if let Some(update) = parameters.update {
        let fact = || format!("a step moves the weights by {update:.1e} of their norm");
        if update > UPDATE * FAR {
            found.push((Symptom::Fast, fact()));
        } else if update < UPDATE / FAR * rate.clamp(0.0, 1.0) {
            found.push((Symptom::Slow, fact()));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::probe::{Activations, Units};

    fn layer(units: Option<Units>, gradient: f64, update: Option<f64>) -> LayerStatistics {
        LayerStatistics {
            range: (0.0, 1.0),
            training: Activations::default(),
            evaluation: Activations::default(),
            units,
            parameters: Some(ParameterStatistics {
                norm: Some(1.0),
                gradient: Some(gradient),
                update,
                frozen: false,
                kernels: None,
            }),
        }
    }

    fn symptoms(layers: &[LayerStatistics], rate: f64) -> Vec<(usize, Symptom)> {
        let statistics = NetworkStatistics {
            images: 10,
            batch: 10,
            loss: Some(1.0),
            layers: layers.to_vec(),
        };
        let found = findings(&statistics, rate);
        found.iter().map(|one| (one.layer, one.symptom)).collect()
    }

    #[test]
    fn numbers_far_from_usual_are_found_at_their_layer() {
        let units = |dead| Some(Units { all: 10, dead });
        let healthy = layer(units(5), 0.5, Some(1e-3));
        assert!(symptoms(&[healthy.clone(), healthy.clone()], 1.0).is_empty());
        let ill = [
            layer(units(6), 0.5, Some(0.1)),
            layer(None, 1e-4, Some(1e-5)),
            healthy,
        ];
        let expected = [
            (0, Symptom::Dead),
            (0, Symptom::Fast),
            (1, Symptom::Vanishing),
            (1, Symptom::Slow),
        ];
        assert_eq!(symptoms(&ill, 1.0), expected);
        // The schedule has lowered the rate to a tenth: so small an update is right.
        assert_eq!(symptoms(&ill, 0.1), expected[..3]);
    }

    #[test]
    fn what_is_no_number_is_found_and_a_frozen_layer_has_no_gradient_to_miss() {
        let mut broken = layer(None, 200.0, None);
        broken.evaluation.not_finite = 3;
        let mut frozen = layer(None, 0.0, None);
        let mut without = layer(None, 0.0, None);
        if let (Some(frozen), Some(without)) = (&mut frozen.parameters, &mut without.parameters) {
            (frozen.gradient, frozen.frozen) = (None, true);
            (without.gradient, without.norm) = (None, None);
        }
        let expected = [
            (0, Symptom::NotFinite),
            (0, Symptom::Exploding),
            (2, Symptom::NotFinite),
            (2, Symptom::NotFinite),
        ];
        assert_eq!(symptoms(&[broken, frozen, without], 1.0), expected);
        // A network that is all frozen, or whose gradient is 0 everywhere.
        assert_eq!(
            symptoms(&[layer(None, 0.0, None)], 1.0),
            [(0, Symptom::Vanishing)]
        );
    }
}
