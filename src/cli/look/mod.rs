//! `fmnist-tui look`.

mod grad_cam;
mod occlusion;

use super::errors::Usage;
use super::image_index::ImageIndex;
use super::layer_number::layer_at;
use super::model_args::{LoadedModel, ModelArgs};
use super::output::{print, print_json};
use crate::insight::{Look, LookMethod};
use crate::train::with_threads;
use color_eyre::eyre::Result;
use serde::Serialize;

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
    let index = args.image.of(&dataset.validation)?;
    if let Some(class) = args.class.filter(|class| *class >= model.classes()) {
        let last = model.classes() - 1;
        let message = format!("--class {class}: the classes are numbered 0 to {last}");
        return Err(Usage(message).into());
    }
    let method = match (args.method, args.layer) {
        (Method::Occlusion, Some(_)) => {
            return Err(Usage("--layer belongs to --method grad-cam".into()).into());
        }
        (Method::Occlusion, None) => LookMethod::Occlusion,
        (Method::GradCam, layer) => LookMethod::GradCam {
            layer: layer.map(|layer| layer_at(layer, &info.spec)).transpose()?,
        },
    };
    let look = with_threads(args.on.threads.get(), || {
        let split = &dataset.validation;
        Look::new(method, &loaded.snapshot(), split, index, args.class)
    })?;
    let look = look.map_err(Usage)?;
    match args.on.json {
        true => print_json(&Line::of(index, &loaded, &look)),
        false => print(&match &look {
            Look::Occlusion(map) => occlusion::text(index, &loaded, map),
            Look::GradCam(cam) => grad_cam::text(index, &loaded, cam),
        }),
    }
}

/// The object `--json` prints.
#[derive(Serialize)]
struct Line<'a> {
    index: usize,
    true_class: u8,
    class: usize,
    name: &'a str,
    probability: f32,
    height: usize,
    width: usize,
    #[serde(flatten)]
    found: Found<'a>,
    dataset: &'a str,
    notice: Option<&'static str>,
    model: &'a str,
}

/// What the method found.
#[derive(Serialize)]
#[serde(tag = "method", rename_all = "kebab-case")]
enum Found<'a> {
    Occlusion(occlusion::Fields<'a>),
    GradCam(grad_cam::Fields<'a>),
}

impl<'a> Line<'a> {
    fn of(index: usize, loaded: &'a LoadedModel, look: &'a Look) -> Self {
        let LoadedModel { info, dataset, .. } = loaded;
        let (class, split) = (look.class(), &dataset.validation);
        Self {
            index,
            true_class: split.labels[index],
            class,
            name: dataset.class_names.get(class).map_or("", String::as_str),
            probability: look.probability(),
            height: split.height,
            width: split.width,
            found: match look {
                Look::Occlusion(map) => Found::Occlusion(map.into()),
                Look::GradCam(cam) => Found::GradCam(cam.into()),
            },
            dataset: &dataset.name,
            notice: dataset.notice(),
            model: &info.spec.name,
        }
    }
}
