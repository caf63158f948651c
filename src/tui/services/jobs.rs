//! The queue of background work: one thing after another, on one thread.

use super::caught::caught;
use super::current_data::CurrentData;
use super::files;
use super::map_of_set::lay_out;
use super::open_model::open_model;
use super::pictures;
use crate::data::{self, Dataset, Located, Split};
use crate::insight::audit::{Findings, exclusions};
use crate::insight::{
    Baseline, Candidate, Comparison, ImageTrace, Inside, Look, Muting, Unit, check_units,
};
use crate::nn::{self, Layerwise, Snapshot};
use crate::runs::{
    History, ModelCard, PastRun, delete_run, read_excluded, runs_folder, write_card_beside,
    write_label,
};
use crate::text::shown_path;
use crate::train::{BeganWith, TrainingData, Validated};
use crate::tui::effect::{Job, Leave};
use crate::tui::message::{Answer, FoundHistory, Message};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender};

/// Does jobs one after the other until all senders are gone. One that takes many seconds has a thread of its own,
/// so that none waits for it.
pub fn work(queue: &Receiver<Job>, answers: &Sender<Message>, dataset: &CurrentData) {
    for job in queue {
        if matches!(job, Job::MapOfSet { .. }) {
            let (answers, dataset) = (answers.clone(), dataset.clone());
            std::thread::spawn(move || answer(job, &answers, &dataset));
        } else if !answer(job, answers, dataset) {
            break;
        }
    }
}

/// Does a job and sends its answer; false where nobody receives it.
fn answer(job: Job, answers: &Sender<Message>, dataset: &CurrentData) -> bool {
    let send = |answer| {
        // An error means that the loop has ended: the message has no reader.
        let _ = answers.send(Message::Answer(answer));
    };
    let answer = caught("in the background", || carry_out(job, dataset, &send))
        .unwrap_or_else(Answer::Failed);
    answers.send(Message::Answer(answer)).is_ok()
}

fn carry_out(job: Job, dataset: &CurrentData, send: &(dyn Fn(Answer) + Sync)) -> Answer {
    let outcome = match job {
        Job::LoadData(folder) => load_data(folder.as_deref(), dataset, &|share| {
            send(Answer::DataProgress(share));
        }),
        Job::OpenData(folder) => open_data(&folder, dataset, &|share| {
            send(Answer::DataProgress(share));
        }),
        Job::SaveModel {
            path,
            validated,
            leave,
        } => match before_writing(&path, leave) {
            Ok(Free) => save_model(path, &validated),
            Ok(Taken) => Ok(Answer::ModelExists { path, validated }),
            Ok(NoFolder) => Ok(Answer::FolderMissing {
                path,
                validated: Some(validated),
            }),
            Err(error) => Err(error),
        },
        Job::LoadModel { path, network } => open_model(path, network, dataset),
        Job::WriteSpec { path, spec, leave } => match before_writing(&path, leave) {
            Ok(Free) => crate::fs::write_atomically(&path, spec.to_json().as_bytes())
                .map_err(|error| format!("cannot write {}: {error}", shown_path(&path)))
                .map(|()| Answer::SpecWritten(path)),
            Ok(Taken) => Ok(Answer::SpecExists(path)),
            Ok(NoFolder) => Ok(Answer::FolderMissing {
                path,
                validated: None,
            }),
            Err(error) => Err(error),
        },
        Job::ListSpecs => Ok(Answer::Specs(files::specs(Path::new(".")))),
        Job::LookInside {
            snapshot,
            images,
            image,
            muted,
        } => {
            let trace = ImageTrace::new(&snapshot, &images, image, &muted).map(Arc::new);
            trace.map(|trace| Answer::Inside { image, trace })
        }
        Job::Mute { model, units } => mute(&model, &units),
        Job::Look {
            method,
            class,
            snapshot,
            images,
            image,
        } => {
            let map = Look::new(method, &snapshot, &images, image, class).map(Arc::new);
            map.map(|map| Answer::Looked { image, map })
        }
        Job::ReadHistory {
            folder,
            epochs,
            run,
        } => Ok(Answer::History {
            outcome: read_history(&folder, epochs, dataset),
            folder,
            run,
        }),
        Job::LookIntoLayers(snapshot) => {
            // The view waits for this answer: a panic is one too.
            let looked = caught("while looking into the layers", || {
                look_into_layers(&snapshot, dataset)
            });
            Ok(Answer::Layers {
                outcome: looked.and_then(|outcome| outcome).map(Arc::new),
                snapshot,
            })
        }
        Job::MapOfSet { model, ticket } => Ok(lay_out(&model, ticket, send)),
        Job::Predict {
            model,
            pictures,
            version,
        } => pictures::judge(&model, &pictures).map(|predictions| Answer::Predicted {
            version,
            predictions,
        }),
        Job::LoadPicture(path) => dataset
            .get()
            .and_then(|dataset| pictures::load(path, &dataset)),
        Job::WritePicture { stem, picture } => {
            pictures::write(&stem, &picture).map(Answer::PictureWritten)
        }
        Job::ScanRuns => Ok(Answer::Runs(files::runs(runs_folder()))),
        Job::Compare { folders, best } => {
            // The screen waits for this answer: a panic is one too.
            let compared = caught("while comparing", || compare(&folders, best, dataset));
            Ok(Answer::Compared {
                outcome: compared.and_then(|outcome| outcome).map(Arc::new),
                folders,
                best,
            })
        }
        Job::Export { run, path } => {
            super::export::export(&run, &path).map(|()| Answer::Exported(path))
        }
        Job::DeleteRun(path) => delete_run(&path).map(|()| Answer::RunDeleted(path)),
        Job::WriteLabel { folder, label } => {
            write_label(&folder, &label).map(|()| Answer::LabelWritten(folder))
        }
        Job::WriteList {
            path,
            findings,
            dataset,
        } => write_list(path, &findings, &dataset),
        Job::CompletePath(typed) => Ok(Answer::Completions {
            paths: files::completions(&typed),
            typed,
        }),
    };
    outcome.unwrap_or_else(Answer::Failed)
}

/// What there is where a file is to be written.
enum Before {
    /// Nothing: it can be written.
    Free,
    /// A file that it would replace.
    Taken,
    /// Not even the folder.
    NoFolder,
}

use Before::{Free, NoFolder, Taken};

/// Looks before a file is written, and makes its folder where that is allowed.
fn before_writing(path: &Path, leave: Leave) -> Result<Before, String> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    if let Some(folder) = folder.filter(|folder| !folder.exists()) {
        if !leave.make_folder {
            return Ok(NoFolder);
        }
        std::fs::create_dir_all(folder)
            .map_err(|error| format!("cannot make the folder {}: {error}", shown_path(folder)))?;
    }
    Ok(match path.exists() && !leave.overwrite {
        true => Taken,
        false => Free,
    })
}

/// Loads the images of a folder that the user chose; what is in use stays if that fails.
fn open_data(
    folder: &Path,
    current: &CurrentData,
    progress: &(dyn Fn(f64) + Sync),
) -> Result<Answer, String> {
    match load_data(Some(folder), current, progress)? {
        Answer::DataFailed(message) => Ok(Answer::DataRefused(format!(
            "{message}; fmnist-tui data import makes such a folder of pictures, CSV, NumPy and CIFAR files"
        ))),
        answer => Ok(answer),
    }
}

fn load_data(
    folder: Option<&Path>,
    current: &CurrentData,
    progress: &(dyn Fn(f64) + Sync),
) -> Result<Answer, String> {
    let located = data::locate(folder, "fashion-mnist");
    let dataset = match located.load_reporting(progress) {
        Ok(dataset) => Arc::new(dataset),
        Err(error) => return Ok(Answer::DataFailed(error.to_string())),
    };
    let looked_in = match located {
        Located::Folder { .. } => Vec::new(),
        Located::Sample { looked_in } => looked_in,
    };
    current.set(Arc::clone(&dataset));
    Ok(Answer::DataReady { dataset, looked_in })
}

/// Writes a model file, and its card beside it.
fn save_model(path: PathBuf, validated: &Validated) -> Result<Answer, String> {
    let Validated {
        snapshot,
        evaluation,
        ..
    } = validated;
    nn::save_model(&path, snapshot).map_err(|error| error.to_string())?;
    let card = ModelCard {
        info: &snapshot.info,
        file: &path.file_name().unwrap_or_default().to_string_lossy(),
        confusion: Some(&evaluation.confusion),
        last: None,
        test: None,
    };
    let written = write_card_beside(&path, &card);
    written
        .map_err(|error| format!("{} is saved, but not its card: {error}", shown_path(&path)))?;
    Ok(Answer::ModelSaved(path))
}

/// The history of the run in `folder`, up to an epoch, with the images it is of; none where there is none, or where
/// it is of other images than those that are loaded.
fn read_history(
    folder: &Path,
    epochs: Option<usize>,
    dataset: &CurrentData,
) -> Result<Option<FoundHistory>, String> {
    let Some(mut history) = crate::runs::read_history(folder)? else {
        return Ok(None);
    };
    history.truncate(epochs.unwrap_or(usize::MAX));
    if history.epochs().is_empty() {
        return Ok(None);
    }
    let images = validated_by(&history, folder, &*dataset.get()?);
    Ok(images.map(|images| FoundHistory { history, images }))
}

/// The images that the run in `folder` was validated with, if they are those of its history.
fn validated_by(history: &History, folder: &Path, dataset: &Dataset) -> Option<Arc<Split>> {
    let is_of = |images: &Split| history.is_of(dataset.classes(), &images.labels);
    if is_of(&dataset.validation) {
        return Some(Arc::clone(&dataset.validation));
    }
    // Images that were held out of those to train on.
    let run = PastRun::read(folder);
    let excluded = read_excluded(folder);
    let began_with = run.data.as_ref().map(|data| BeganWith {
        data,
        excluded: &excluded,
    });
    let data = TrainingData::prepare(run.spec.as_ref().ok()?, dataset, began_with).ok()?;
    let images = &data.dataset.validation;
    is_of(images).then(|| Arc::clone(images))
}

fn compare(
    [first, second]: &[PathBuf; 2],
    best: bool,
    dataset: &CurrentData,
) -> Result<Comparison, String> {
    let dataset = dataset.get()?;
    let read = |folder| Candidate::read(folder, best);
    let candidates = read(first).and_then(|first| Ok([first, read(second)?]));
    let comparison = candidates.and_then(|both| Comparison::new(both, &dataset, None));
    comparison.map_err(|error| error.to_string())
}

fn look_into_layers(snapshot: &Snapshot, dataset: &CurrentData) -> Result<Inside, String> {
    let (model, dataset) = (snapshot.restore()?, dataset.get()?);
    let inside = Inside::of_model(&model, &snapshot.info, &dataset.train);
    inside.map_err(|error| error.to_string())
}

fn write_list(path: PathBuf, findings: &Findings, dataset: &Dataset) -> Result<Answer, String> {
    let shown = shown_path(&path);
    if path.exists() {
        return Err(format!(
            "{shown} is there already; move it away to write a new list"
        ));
    }
    let list = exclusions(findings, dataset);
    crate::fs::write_atomically(&path, list.as_bytes())
        .map_err(|error| format!("cannot write {shown}: {error}"))?;
    Ok(Answer::ListWritten(path))
}

fn mute(model: &Validated, units: &[Unit]) -> Result<Answer, String> {
    let info = &model.snapshot.info;
    check_units(&info.spec, units)?;
    let network = Layerwise::new(&info.spec, &model.snapshot.state)?;
    let on = Baseline {
        split: &model.images,
        normalization: info.normalization,
        predictions: &model.evaluation.predictions,
        classes: model.evaluation.confusion.classes(),
    };
    let effects = Muting::each(&network, &info.spec, on, &[units.to_vec()]);
    let effect = effects.into_iter().next().ok_or("nothing is muted")?;
    Ok(Answer::Muted(Arc::new(effect)))
}
