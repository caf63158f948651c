//! The map of `look` by Grad-CAM.

use crate::cli::model_args::LoadedModel;
use crate::insight::GradCam;
use crate::text::wrap;
use serde::Serialize;

pub fn text(index: usize, loaded: &LoadedModel, cam: &GradCam) -> String {
    let name = loaded.class_name(cam.class);
    let row = &loaded.info.spec.summary().layers[cam.layer];
    let mut text = format!(
        "{}\nImage {index}, {}: {name} with {:.1} %\n\n",
        loaded.head(),
        loaded.class_name(usize::from(loaded.dataset.validation.labels[index])),
        100.0 * cam.probability,
    );
    let about = format!(
        "The maps of layer {}, {} ({}), each weighed by what it does to the score of {name} (Grad-CAM), spread \
         over the image: ++ a third of the largest value or more, ## two thirds.",
        cam.layer + 1,
        row.description,
        row.output
    );
    for line in wrap(&about, 80) {
        text.push_str(&line);
        text.push('\n');
    }
    let largest = cam.largest();
    if largest <= 0.0 {
        let nothing = format!(
            "Nothing in these maps speaks for {name}. Before a Flatten layer a channel can speak for a class at \
             one place and against it at another, which the mean hides: try another --layer, or occlusion."
        );
        text.push_str(&format!("\n{}\n", wrap(&nothing, 80).join("\n")));
        return text;
    }
    text.push('\n');
    for row in cam.over_image.chunks(cam.size.1.max(1)) {
        let sign = |value: &f32| match value / largest {
            share if share >= 2.0 / 3.0 => "##",
            share if share >= 1.0 / 3.0 => "++",
            _ => " .",
        };
        let line: String = row.iter().map(sign).collect();
        text.push_str(line.trim_end());
        text.push('\n');
    }
    let (row, column) = cam.strongest();
    text.push_str(&format!("\nMost around row {row}, column {column}.\n"));
    text
}

/// What Grad-CAM adds to the object that `--json` prints.
#[derive(Serialize)]
pub struct Fields<'a> {
    /// Counted from 1.
    layer: usize,
    /// Rows and columns of the layer's maps.
    maps: [usize; 2],
    /// One a map.
    weights: &'a [f32],
    /// `maps` values, row by row.
    coarse: &'a [f32],
    /// `[height, width]`, row by row.
    map: &'a [f32],
}

impl<'a> From<&'a GradCam> for Fields<'a> {
    fn from(cam: &'a GradCam) -> Self {
        Self {
            layer: cam.layer + 1,
            maps: [cam.maps.0, cam.maps.1],
            weights: &cam.weights,
            coarse: &cam.coarse,
            map: &cam.over_image,
        }
    }
}
