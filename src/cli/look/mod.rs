//! `fmnist-tui look`.

mod grad_cam;
mod occlusion;

use super::errors::Usage;
use super::image_index::ImageIndex;
use super::layer_number::layer_at;
use super::model_args::{LoadedModel, ModelArgs};
use super::output::{print, print_json};
use crate::insight::{GradCam, Occlusion};
use crate::nn::Layerwise;
use crate::train::with_threads;
use color_eyre::eyre::{Result, eyre};

/// Options of `look`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    on: ModelArgs,
    #[command(flatten)]
    image: ImageIndex,
    /// How to find out
    #[arg(long, value_enum, default_value_t)]
    method: Method,
    /// The class that is watched, by its number [default: the one the image is taken for]
    #[arg(long, value_name = "N")]
    class: Option<usize>,
    /// With grad-cam: number of the layer whose maps are weighed, counted from 1 [default: the last with
    /// maps larger than a pixel]
    #[arg(long, value_name = "N")]
    layer: Option<usize>,
}

/// How to find out where a model looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
enum Method {
    /// Cover parts of the image and watch the class's probability
    #[default]
    Occlusion,
    /// Weigh a layer's maps by what they do to the class's score
    GradCam,
}

/// Finds out which parts of an image a model needs.
pub fn run(args: &Args) -> Result<()> {
    let loaded = args.on.load()?;
    let LoadedModel {
        model,
        info,
        dataset,
    } = &loaded;
    let split = &dataset.validation;
    let index = args.image.of(split)?;
    if let Some(class) = args.class.filter(|class| *class >= model.classes()) {
        let last = model.classes() - 1;
        let message = format!("--class {class}: the classes are numbered 0 to {last}");
        return Err(Usage(message).into());
    }
    let threads = args.on.threads.get();
    let normalization = info.normalization;
    if args.method == Method::Occlusion {
        if args.layer.is_some() {
            return Err(Usage("--layer belongs to --method grad-cam".into()).into());
        }
        let map = with_threads(threads, || {
            Occlusion::new(model, split, index, normalization, args.class)
        })??;
        return match args.on.json {
            true => print_json(&occlusion::line(index, &loaded, &map)),
            false => print(&occlusion::text(index, &loaded, &map)),
        };
    }
    let layer = args.layer.map(|layer| layer_at(layer, &info.spec));
    let layer = layer.transpose()?;
    let network = Layerwise::new(&info.spec, &model.network().state()).map_err(|why| eyre!(why))?;
    let rows = &info.spec.summary().layers;
    let cam = with_threads(threads, || {
        GradCam::new(
            &network,
            rows,
            split,
            index,
            normalization,
            args.class,
            layer,
        )
    })?;
    let cam = cam.map_err(Usage)?;
    match args.on.json {
        true => print_json(&grad_cam::line(index, &loaded, &cam)),
        false => print(&grad_cam::text(index, &loaded, &cam)),
    }
}
