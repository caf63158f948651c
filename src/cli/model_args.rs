//! What commands that look into a saved model share: the model, the data, the threads, `--json`.

use super::args::{DataArgs, ThreadArgs};
use super::foreign::ForeignArgs;
use super::output::data_line;
use crate::data::Dataset;
use crate::nn::{Model, ModelInfo, Snapshot};
use crate::runs::{BEST_FILE, model_of};
use crate::text::{escape_controls, shown_path};
use crate::train::check_fits_model;
use color_eyre::eyre::{Result, WrapErr};
use std::path::{Path, PathBuf};

/// A saved model and what it is looked at with.
#[derive(Clone, Debug, clap::Args)]
pub struct ModelArgs {
    /// A run folder, whose best model is taken, or a model file
    model: PathBuf,
    #[command(flatten)]
    foreign: ForeignArgs,
    #[command(flatten)]
    data: DataArgs,
    #[command(flatten)]
    pub threads: ThreadArgs,
    /// Print one JSON object instead of text
    #[arg(long)]
    pub json: bool,
}

/// A model with the images it fits.
pub struct LoadedModel {
    /// The network with its weights.
    pub model: Model,
    /// What the model file says of itself.
    pub info: ModelInfo,
    /// The images.
    pub dataset: Dataset,
}

impl ModelArgs {
    /// The run folder, where the model was given as one.
    pub fn run_folder(&self) -> Option<&Path> {
        self.model.is_dir().then_some(&*self.model)
    }

    /// Reads the model and its data.
    pub fn load(&self) -> Result<LoadedModel> {
        let path = model_of(&self.model, BEST_FILE)?;
        let (model, info) = self.foreign.load(&path, &self.data)?;
        let dataset = self.data.load(&info.dataset)?;
        check_fits_model(&info.spec, &dataset).wrap_err(shown_path(&path))?;
        Ok(LoadedModel {
            model,
            info,
            dataset,
        })
    }
}

impl LoadedModel {
    /// The model as plain data.
    pub fn snapshot(&self) -> Snapshot {
        Snapshot {
            info: self.info.clone(),
            state: self.model.network().state(),
        }
    }

    /// Which model and which data, the first two lines of a text.
    pub fn head(&self) -> String {
        format!(
            "Model: {}, trained on {}\nData: {}",
            escape_controls(&self.info.spec.name),
            escape_controls(&self.info.dataset),
            data_line(&self.dataset)
        )
    }

    /// What `class` is called, for a terminal.
    pub fn class_name(&self, class: usize) -> String {
        let name = self.dataset.class_names.get(class);
        name.map_or_else(|| class.to_string(), |name| escape_controls(name))
    }
}
