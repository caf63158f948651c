//! Opens saved models.

use super::current_data::CurrentData;
use crate::nn::{self, ForeignModel, ModelFileError};
use crate::runs::{BEST_FILE, model_of};
use crate::spec::Spec;
use crate::text::shown_path;
use crate::train::{Validated, check_fits_model, evaluate};
use crate::tui::message::Answer;
use std::path::PathBuf;
use std::sync::Arc;

/// Loads a model file, or the best model of a run folder; a file of another program as `network`.
pub fn open_model(
    path: PathBuf,
    network: Option<Box<Spec>>,
    dataset: &CurrentData,
) -> Result<Answer, String> {
    let path = model_of(&path, BEST_FILE).map_err(|error| error.to_string())?;
    let of_file = |error: ModelFileError| error.to_string();
    let dataset = dataset.get()?;
    let (model, info, how) = match network {
        Some(network) if nn::is_foreign(&path).map_err(of_file)? => {
            let spec = network.check().map_err(|problem| {
                format!(
                    "{} was saved by another program, so its network is taken to be the designed one, which cannot \
                     be built: {problem}",
                    shown_path(&path)
                )
            })?;
            let foreign = ForeignModel::load(&path, spec, &dataset).map_err(|error| {
                format!("as the designed network: {error}; design its network first (screen 1)")
            })?;
            (foreign.model, foreign.info, Some(foreign.how))
        }
        _ => {
            let (model, info) = nn::load_model(&path).map_err(of_file)?;
            (model, info, None)
        }
    };
    check_fits_model(&info.spec, &dataset)
        .map_err(|error| format!("{}: {error}", shown_path(&path)))?;
    let evaluation = evaluate(&model, &dataset.validation, info.normalization)
        .map_err(|error| format!("{}: {error}", shown_path(&path)))?;
    let snapshot = model.snapshot(info);
    Ok(Answer::ModelLoaded {
        path,
        how,
        validated: Arc::new(Validated {
            evaluation,
            snapshot,
            images: Arc::clone(&dataset.validation),
        }),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Dataset;
    use std::path::Path;

    fn open(network: &str, file: &str) -> Result<Answer, String> {
        let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
        let current = CurrentData::default();
        current.set(Arc::new(Dataset::sample().unwrap()));
        let network = Spec::read(&fixtures.join(network)).unwrap();
        let network = Some(Box::new(network.into_spec()));
        open_model(fixtures.join(file), network, &current)
    }

    #[test]
    fn a_file_of_another_program_is_taken_for_the_designed_network() {
        let answer = open("state_dict.json", "state_dict.safetensors").unwrap();
        let Answer::ModelLoaded { validated, how, .. } = answer else {
            panic!("{answer:?}");
        };
        assert!(how.unwrap().contains("conv1 → layer 1"));
        assert_eq!(validated.snapshot.info.class_names.len(), 10);
        assert_eq!(validated.snapshot.info.normalization.mean, 0.25);
    }

    #[test]
    fn the_layer_that_does_not_fit_is_named() {
        let error = open("../../presets/tiny.json", "state_dict.safetensors").unwrap_err();
        assert!(error.starts_with("as the designed network: "), "{error}");
        assert!(error.contains("layer "), "{error}");
    }
}
