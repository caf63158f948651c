//! Where a model looks, by whichever method.

use super::grad_cam::GradCam;
use super::occlusion::Occlusion;
use crate::data::Split;
use crate::nn::{Layerwise, Snapshot};

/// How to find out where a model looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LookMethod {
    /// Parts of the image are covered.
    #[default]
    Occlusion,
    /// The maps of a layer are weighed by what they do to the score.
    GradCam {
        /// Position of the layer; the last one with maps larger than a pixel where it is not given.
        layer: Option<usize>,
    },
}

/// The map of an image.
#[derive(Clone, Debug, PartialEq)]
pub enum Look {
    /// What covering does.
    Occlusion(Occlusion),
    /// What the maps say.
    GradCam(GradCam),
}

impl Look {
    /// Looks at image `image` of `split`, for `class` or the class it is taken for.
    ///
    /// # Errors
    /// A sentence: there is no such image or class, or the method is not for this network.
    pub fn new(
        method: LookMethod,
        snapshot: &Snapshot,
        split: &Split,
        image: usize,
        class: Option<usize>,
    ) -> Result<Self, String> {
        if image >= split.len() {
            return Err(format!("there is no validation image {image}"));
        }
        let info = &snapshot.info;
        let summary = info.spec.summary();
        let class = class.filter(|class| *class < summary.classes);
        match method {
            LookMethod::Occlusion => {
                let model = snapshot.restore()?;
                let map = Occlusion::new(&model, split, image, info.normalization, class);
                map.map(Self::Occlusion).map_err(|error| error.to_string())
            }
            LookMethod::GradCam { layer } => {
                let network = Layerwise::new(&info.spec, &snapshot.state)?;
                let rows = &summary.layers;
                let map = GradCam::new(
                    &network,
                    rows,
                    split,
                    image,
                    info.normalization,
                    class,
                    layer,
                );
                map.map(Self::GradCam)
            }
        }
    }

    /// The class that is watched.
    pub fn class(&self) -> usize {
        match self {
            Self::Occlusion(map) => map.class,
            Self::GradCam(map) => map.class,
        }
    }

    /// The probability of that class.
    pub fn probability(&self) -> f32 {
        match self {
            Self::Occlusion(map) => map.probability,
            Self::GradCam(map) => map.probability,
        }
    }

    /// How much each pixel speaks for the class, from -1 to 1. Changes of a few percent do not fill the scale.
    pub fn strength(&self) -> Vec<f32> {
        match self {
            Self::Occlusion(map) => {
                let scale = map.largest().max(0.1);
                map.change.iter().map(|change| -change / scale).collect()
            }
            Self::GradCam(map) => {
                let scale = map.largest().max(f32::MIN_POSITIVE);
                map.over_image.iter().map(|value| value / scale).collect()
            }
        }
    }
}
