//! Models that other programs have saved, and the network that they are of.

use super::args::DataArgs;
use super::errors::Usage;
use super::output::{data_line, note};
use crate::data::Normalization;
use crate::nn::{self, ForeignModel, Model, ModelInfo};
use crate::runs::{BEST_FILE, model_of};
use crate::spec::{CheckedSpec, PRESETS, Spec, preset};
use crate::text::shown_path;
use color_eyre::eyre::Result;
use std::path::Path;

/// Which network a model is of that does not say it itself.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct ForeignArgs {
    /// The network of a MODEL that another program has saved, a safetensors state dict as PyTorch's: a spec
    /// file (JSON) or the name of a preset
    #[arg(long, value_name = "FILE|PRESET")]
    spec: Option<String>,
}

impl ForeignArgs {
    /// Reads the model file, or the best model of a run folder: ours, or another program's where its network was
    /// named, and says how its tensors were told.
    pub fn load(&self, path: &Path, data: &DataArgs) -> Result<(Model, ModelInfo)> {
        let path = &model_of(path, BEST_FILE)?;
        let Some(spec) = self.spec()? else {
            return Ok(nn::load_model(path)?);
        };
        let dataset = data.load(&spec.dataset)?;
        let foreign = ForeignModel::load(path, spec, &dataset)?;
        note(&format!("{}: {}", shown_path(path), foreign.how));
        if let Some(Normalization { mean, std }) = foreign.assumed() {
            note(&format!(
                "the spec standardises pixels: by the mean {mean:.4} and deviation {std:.4} of the training images of {}; \
                 if the model has learnt from others, give the spec their normalization",
                data_line(&dataset)
            ));
        }
        Ok((foreign.model, foreign.info))
    }

    /// Whether a network was named.
    pub fn is_given(&self) -> bool {
        self.spec.is_some()
    }

    /// The spec that was named.
    pub fn spec(&self) -> Result<Option<CheckedSpec>> {
        let Some(named) = &self.spec else {
            return Ok(None);
        };
        if let Ok(spec) = preset(named) {
            return Ok(Some(spec));
        }
        let path = Path::new(named);
        // Whatever has an ending or a folder is meant as a file.
        let is_name = path.extension().is_none() && path.components().count() == 1;
        if is_name && !path.exists() {
            let known: Vec<&str> = PRESETS.iter().map(|preset| preset.name).collect();
            return Err(Usage(format!(
                "--spec {}: there is neither such a file nor such a preset; the presets are {}",
                shown_path(path),
                known.join(", ")
            ))
            .into());
        }
        Ok(Some(Spec::read(path)?))
    }
}
