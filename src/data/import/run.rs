//! An import from its source to its folder.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::class_labels::Classes;
use super::error::ImportError;
use super::event::ImportEvent;
use super::find::find;
use super::images::Images;
use super::options::{Colours, ImportOptions, Invert};
use super::pictures::{Found, Part, Parts};
use super::record::Imported;
use super::share::taken;
use super::unpack::unpacked;
use super::work::Work;
use super::write::{NewFolder, WrittenPart};
use crate::augment::ImageSize;
use crate::data::classes::identify;
use crate::data::dataset::{Dataset, Origin};
use crate::data::folder::folder_name;
use crate::data::idx::{MAX_ITEMS, MAX_SIDE};
use crate::data::normalization::Normalization;
use crate::data::split::Split;

/// A side of Fashion-MNIST's images.
const USUAL_SIDE: usize = 28;

/// Makes a folder of IDX files at `to` of the pictures in `source`, a folder or a file; `cancel` stops it and
/// `report` is told, from any thread, how far it is. The folder is there when it is complete, and not before.
///
/// # Errors
/// If the source is not recognised or is damaged, none of its pictures can be used, the folder is there already
/// and not empty, or cannot be written.
pub fn import(
    source: &Path,
    to: &Path,
    options: &ImportOptions,
    cancel: &AtomicBool,
    report: &(dyn Fn(ImportEvent) + Sync),
) -> Result<Imported, ImportError> {
    let work = Work::new(cancel, report);
    let imported = prepared(source, to, options, &work).and_then(|it| it.finish(&work));
    imported.map_err(|error| work.or_stopped(error))
}

/// Pictures as the images that they become, of which nothing is written yet. Dropped, it leaves nothing.
pub struct Prepared {
    folder: NewFolder,
    parts: [Set; 2],
    imported: Imported,
}

/// Makes images of the pictures in `source` as [`import`] does, to be looked at before they are written.
///
/// # Errors
/// As [`import`], except that nothing is written but what an archive holds.
pub fn prepare(
    source: &Path,
    to: &Path,
    options: &ImportOptions,
    cancel: &AtomicBool,
    report: &(dyn Fn(ImportEvent) + Sync),
) -> Result<Prepared, ImportError> {
    let work = Work::new(cancel, report);
    prepared(source, to, options, &work).map_err(|error| work.or_stopped(error))
}

fn prepared(
    source: &Path,
    to: &Path,
    options: &ImportOptions,
    work: &Work<'_>,
) -> Result<Prepared, ImportError> {
    if !source.exists() {
        return Err(ImportError::NotFound(source.into()));
    }
    let folder = NewFolder::at(to)?;
    let inside = folder.unpacked();
    let found = unpacked(source, &inside, work).and_then(|place| find(&place, work));
    let found = found.map_err(|error| error.in_archive(&inside, source))?;
    let (parts, imported) = images_of(found, source, options, work)?;
    Ok(Prepared {
        folder,
        parts,
        imported,
    })
}

impl Prepared {
    /// What the import would do.
    pub fn imported(&self) -> &Imported {
        &self.imported
    }

    /// The images as they would be trained on, once they are at `to`.
    pub fn dataset(&self, to: &Path) -> Dataset {
        let [train, validation] = self.parts.each_ref().map(Set::split);
        Dataset {
            name: folder_name(to),
            origin: Origin::Folder(to.into()),
            class_names: self.imported.classes.clone(),
            normalization: Normalization::of(&train.images),
            source_images: train.len(),
            validation: Arc::new(validation),
            train,
        }
    }

    /// Writes the folder; it is there when it is complete, and not before.
    ///
    /// # Errors
    /// If it cannot be written, or the work is stopped.
    pub fn write(
        self,
        cancel: &AtomicBool,
        report: &(dyn Fn(ImportEvent) + Sync),
    ) -> Result<Imported, ImportError> {
        let work = Work::new(cancel, report);
        self.finish(&work).map_err(|error| work.or_stopped(error))
    }

    fn finish(self, work: &Work<'_>) -> Result<Imported, ImportError> {
        work.check()?;
        work.report(ImportEvent::Writing);
        let [train, test] = &self.parts;
        let written = [train.written(), test.written()];
        self.folder.finish(&written, &self.imported, work)?;
        Ok(self.imported)
    }
}

/// Images, their classes, and where they are from.
struct Set {
    images: Images,
    classes: Vec<u8>,
    files: Option<Vec<String>>,
}

impl Set {
    fn of(images: Images, part: &Part, classes: &Classes) -> Self {
        let class_of = |label: &u32| classes.class_of.get(*label as usize).copied();
        let name = |place: &usize| part.pictures.name(*place);
        let are_files = part.pictures.are_files();
        Self {
            classes: images.labels.iter().filter_map(class_of).collect(),
            files: are_files.then(|| images.places.iter().map(name).collect()),
            images,
        }
    }

    fn split(&self) -> Split {
        let size = self.images.size;
        Split {
            images: self.images.pixels.clone(),
            labels: self.classes.clone(),
            channels: size.channels,
            height: size.height,
            width: size.width,
        }
    }

    fn written(&self) -> WrittenPart<'_> {
        WrittenPart {
            images: &self.images,
            classes: self.classes.clone(),
            files: self.files.clone(),
        }
    }
}

fn images_of(
    found: Found,
    source: &Path,
    options: &ImportOptions,
    work: &Work<'_>,
) -> Result<([Set; 2], Imported), ImportError> {
    let wrong = |reason: String| ImportError::wrong(source, reason);
    let mut notes = found.notes;
    let parts = Parts::of(found.parts, &mut notes).map_err(wrong)?;
    let size = size(&parts, options);
    let (mut train, mut skipped) = Images::draw(&parts.train, size, work)?;
    let mut test = None;
    if let Some(part) = &parts.test {
        let (images, bad) = Images::draw(part, size, work)?;
        skipped.extend(bad);
        test = Some(images);
    }
    if let Some(empty) = [Some(&train), test.as_ref()]
        .into_iter()
        .flatten()
        .find(|images| images.len() == 0)
    {
        let of = if std::ptr::eq(empty, &raw const train) {
            ""
        } else {
            "test "
        };
        let first = skipped
            .first()
            .map_or_else(String::new, |bad| format!("; {}: {}", bad.file, bad.reason));
        return Err(wrong(format!(
            "none of its {of}pictures can be used{first}"
        )));
    }
    let mut all: Vec<&mut Images> = std::iter::once(&mut train).chain(test.as_mut()).collect();
    notes.extend(settle_colours(&mut all, &parts, options));
    let inverted = invert(&mut all, options);
    let classes = found.labels.classes();
    let split = test.is_none().then_some(options.split);
    let (train, test) = match test {
        Some(test) => {
            let part = parts.test.as_ref().unwrap_or(&parts.train);
            (
                Set::of(train, &parts.train, &classes),
                Set::of(test, part, &classes),
            )
        }
        None => divided(train, &parts.train, &classes, options.split).map_err(wrong)?,
    };
    if train.images.len().max(test.images.len()) > MAX_ITEMS as usize {
        return Err(wrong(format!(
            "has more than {MAX_ITEMS} pictures in one part; import fewer"
        )));
    }
    notes.extend(check_classes(&train, &classes).map_err(wrong)?);
    let imported = Imported {
        source: folder_name(source),
        format: found.format,
        train_images: train.images.len(),
        test_images: test.images.len(),
        classes: names(classes.names, &train),
        channels: train.images.size.channels,
        height: size.height,
        width: size.width,
        inverted,
        split,
        notes,
        skipped: skipped.len(),
        skipped_pictures: skipped,
    };
    Ok(([train, test], imported))
}

/// The size of the images; three channels where it is not known yet whether there are colours.
fn size(parts: &Parts, options: &ImportOptions) -> ImageSize {
    let all = [Some(&parts.train), parts.test.as_ref()];
    let sizes: Vec<Option<ImageSize>> = all
        .into_iter()
        .flatten()
        .map(|part| part.pictures.size())
        .collect();
    let largest = MAX_SIDE as usize;
    let own = sizes.first().copied().flatten();
    let own = own.filter(|size| size.height <= largest && size.width <= largest);
    let (height, width) = match (options.size, own) {
        (Some(side), _) => (side, side),
        (None, Some(own)) => (own.height, own.width),
        (None, None) => (USUAL_SIDE, USUAL_SIDE),
    };
    let is_grey = |size: &Option<ImageSize>| size.is_some_and(|size| size.channels == 1);
    let channels = match options.colours {
        Colours::Grey => 1,
        Colours::AsTheyAre if sizes.iter().all(is_grey) => 1,
        Colours::AsTheyAre | Colours::Colour => 3,
    };
    ImageSize {
        channels,
        height,
        width,
    }
}

/// Makes images grey that have no colours, and says how many have some.
fn settle_colours(
    all: &mut [&mut Images],
    parts: &Parts,
    options: &ImportOptions,
) -> Option<String> {
    let is_open = options.colours == Colours::AsTheyAre && parts.train.pictures.size().is_none();
    if !is_open {
        return None;
    }
    let count: usize = all.iter().map(|images| images.len()).sum();
    let with_colours: usize = all.iter().map(|images| images.with_colours()).sum();
    if with_colours == 0 {
        all.iter_mut().for_each(|images| images.make_grey());
        return None;
    }
    (with_colours < count).then(|| {
        format!("{with_colours} of {count} pictures have colours, so all have three channels; --grey makes all grey")
    })
}

/// Exchanges dark and light if that is wanted.
fn invert(all: &mut [&mut Images], options: &ImportOptions) -> bool {
    let inverted = match options.invert {
        Invert::Yes => true,
        Invert::No => false,
        Invert::Auto => all
            .first()
            .is_some_and(|train| train.size.channels == 1 && train.light_corners() > 0.5),
    };
    if inverted {
        all.iter_mut().for_each(|images| images.invert());
    }
    inverted
}

/// The pictures without a test set as one with it.
fn divided(
    images: Images,
    part: &Part,
    classes: &Classes,
    share: f64,
) -> Result<(Set, Set), String> {
    let whole = Set::of(images, part, classes);
    let taken = taken(&whole.classes, classes.names.len(), share);
    let (test, train): (Vec<usize>, Vec<usize>) = (0..taken.len()).partition(|index| taken[*index]);
    if test.is_empty() {
        return Err(
            "has one picture of each class, so none can be held out to test with; add some".into(),
        );
    }
    let set = |indices: &[usize]| Set::of(whole.images.pick(indices), part, classes);
    Ok((set(&train), set(&test)))
}

/// Whether there is something to learn; names the classes that have no images to learn from.
fn check_classes(train: &Set, classes: &Classes) -> Result<Option<String>, String> {
    let mut counts = vec![0_usize; classes.names.len()];
    train
        .classes
        .iter()
        .for_each(|class| counts[usize::from(*class)] += 1);
    let named = |is_wanted: fn(usize) -> bool| {
        let classes = classes.names.iter().zip(&counts);
        let names = classes
            .filter(|(_, count)| is_wanted(**count))
            .map(|(name, _)| name.as_str());
        names.collect::<Vec<_>>()
    };
    let present = named(|count| count > 0);
    if let [only] = present[..] {
        return Err(format!(
            "has training pictures of one class only, {only}; a network tells classes apart, so give it two or more"
        ));
    }
    let missing = named(|count| count == 0);
    Ok((!missing.is_empty()).then(|| format!("no training pictures: {}", missing.join(", "))))
}

/// The names of the classes; of a known set, recognised by its labels, the right ones.
fn names(names: Vec<String>, train: &Set) -> Vec<String> {
    let are_numbers = names
        .iter()
        .enumerate()
        .all(|(class, name)| *name == class.to_string());
    let (_, known) = identify(&train.classes, "");
    if are_numbers && known.len() == names.len() {
        known
    } else {
        names
    }
}
