//! The state of the Design screen.

use super::editor::Editor;
use super::entry::Entry;
use super::epoch_times::EpochTimes;
use super::form::{Edited, Form};
use super::ladder::Ladder;
use super::picker::{Picker, fitted_preset};
use super::rate_finder::RateFinder;
use super::skip_connections::{self, layers_on};
use super::stack::Stack;
use super::sweep::SweepPanel;
use super::table::Table;
use crate::data::Dataset;
use crate::spec::{PRESETS, Problem, Spec};
use crate::text::escape_controls;
use crate::tui::kept_design::KeptDesign;
use std::path::PathBuf;

/// The screen's state.
#[derive(Debug)]
pub struct Design {
    pub(super) stack: Stack,
    /// What is open beside the list or in its place.
    pub(super) editor: Option<Editor>,
    /// What the parts of a network bring, open or not.
    pub(super) ladder: Option<Ladder>,
    /// What settings are best, open or not.
    pub(super) sweep: Option<SweepPanel>,
    /// Which learning rate is best, open or not.
    pub(super) rate_finder: Option<RateFinder>,
    /// The table of the network, with the edit under way.
    pub(super) table: Table,
    /// What the network is called, with its edits, safe to print.
    pub(super) title: String,
    /// How long epochs would take.
    pub(super) epoch_times: EpochTimes,
    /// What was edited before a lesson put its own network in place.
    kept: Option<(Stack, Option<Editor>)>,
}

impl Default for Design {
    fn default() -> Self {
        let preset = PRESETS.iter().find(|entry| entry.name == "bn-dropout");
        let spec = preset.and_then(|entry| serde_json::from_str(entry.json).ok());
        let mut design = Self {
            stack: Stack::new(spec.unwrap_or_else(Spec::smallest)),
            editor: None,
            ladder: None,
            sweep: None,
            rate_finder: None,
            table: Table::default(),
            title: String::new(),
            epoch_times: EpochTimes::default(),
            kept: None,
        };
        design.compute();
        design
    }
}

impl Design {
    /// The network as it is now.
    pub fn spec(&self) -> &Spec {
        self.stack.spec()
    }

    /// Whether there are edits that are in no file; those of a lesson's network do not count.
    pub fn has_unsaved_edits(&self) -> bool {
        match &self.kept {
            Some((stack, editor)) => stack.is_changed() || is_changed_text(editor.as_ref()),
            None => self.stack.is_changed() || self.text_is_changed(),
        }
    }

    /// Whether opening another network would lose edits that are in no file.
    pub(super) fn would_lose_edits(&self) -> bool {
        self.kept.is_none() && self.has_unsaved_edits()
    }

    /// The user's own network, be it shown or kept during a lesson.
    pub fn own(&self) -> KeptDesign {
        match &self.kept {
            Some((stack, _)) => stack.kept(),
            None => self.stack.kept(),
        }
    }

    /// Puts back what was kept of the time before.
    pub fn restore(&mut self, kept: KeptDesign) {
        self.stack = Stack::restored(kept);
        self.compute();
    }

    /// Opens the list of presets and spec files.
    pub fn open_picker(&mut self, dataset: Option<&Dataset>) {
        self.editor = Some(Editor::Picker(Picker::new(dataset)));
        self.compute();
    }

    /// Whether the JSON editor has a text that is not applied.
    pub fn has_open_text(&self) -> bool {
        match &self.kept {
            Some((_, editor)) => is_changed_text(editor.as_ref()),
            None => self.text_is_changed(),
        }
    }

    fn text_is_changed(&self) -> bool {
        is_changed_text(self.editor.as_ref())
    }

    /// Makes a preset that nobody has changed fit the data; one that cannot, and any other network, stays.
    pub fn fit(&mut self, dataset: &Dataset) {
        let preset = PRESETS.iter().find(|it| it.name == self.spec().name);
        let fitted = preset.and_then(|preset| fitted_preset(preset, Some(dataset)).ok());
        let current = self.spec().check().ok();
        let (input, classes) = (dataset.input(), dataset.classes());
        let current = current.and_then(|it| it.adapted(input, classes, &dataset.name).ok());
        // The set that it was made for before may have another name.
        let is_preset = fitted
            .as_ref()
            .zip(current)
            .is_some_and(|(fitted, current)| {
                let dataset = fitted.dataset.clone();
                let current = current.into_spec();
                *fitted == Spec { dataset, ..current }
            });
        if let Some(fitted) = fitted
            && is_preset
            && !self.has_unsaved_edits()
            && self.kept.is_none()
            && fitted != *self.spec()
        {
            self.stack = Stack::new(fitted);
            self.compute();
        }
    }

    /// Puts a lesson's network in place; what was edited before is kept.
    pub fn borrow(&mut self, spec: Spec) {
        let editor = self.editor.take();
        let before = std::mem::replace(&mut self.stack, Stack::new(spec));
        self.kept.get_or_insert((before, editor));
        self.compute();
    }

    /// Puts back what was edited before the lesson.
    pub fn give_back(&mut self) {
        if let Some((stack, editor)) = self.kept.take() {
            (self.stack, self.editor) = (stack, editor);
            self.compute();
        }
    }

    /// Notes that the network as it is now is in a file.
    pub fn saved(&mut self) {
        self.stack.saved();
    }

    /// Puts another network in place; undo brings the one before back.
    pub fn open(&mut self, spec: Spec) {
        // Text that is in no file is not dropped because a model came in meanwhile.
        if !self.text_is_changed() {
            self.editor = None;
        }
        self.stack.open(spec);
        self.stack.go(0);
        self.compute();
    }

    /// Shows what is wrong, at its layer or field.
    pub fn show_problem(&mut self, problem: &Problem) {
        if self.text_is_changed() {
            return;
        }
        self.editor = None;
        match problem.layer_index() {
            Some(index) => {
                if let Some(row) = self.stack.row_of_layer(index) {
                    self.stack.go(row);
                }
            }
            None if problem.path.first().is_none_or(|first| first == "layers") => {
                self.stack.go(0);
            }
            None => {
                self.stack.go(usize::MAX);
                let mut form = Form::new(Edited::Training(Box::new(self.spec().clone())));
                form.mark(problem);
                self.editor = Some(Editor::Form(form));
            }
        }
        self.compute();
    }

    /// Leaves the JSON editor without its text.
    pub fn drop_text(&mut self) {
        self.editor = None;
        self.compute();
    }

    /// Takes the spec files of the working directory for the picker.
    pub fn list_specs(&mut self, specs: Vec<(PathBuf, Result<Spec, String>)>) {
        if let Some(Editor::Picker(picker)) = &mut self.editor {
            picker.list(specs);
        }
    }

    /// Computes the table of the network with the edit under way.
    pub(super) fn compute(&mut self) {
        self.title = escape_controls(&self.spec().title());
        let stack = &self.stack;
        let mut entries = stack.entries().to_vec();
        let mut training = stack.spec();
        match &self.editor {
            Some(Editor::Palette(palette)) => {
                if let Some(layer) = palette.layer() {
                    skip_connections::insert(
                        &mut entries,
                        stack.insertion(),
                        Entry::on(layer.clone()),
                    );
                }
            }
            Some(Editor::Form(form)) => match form.edited() {
                Edited::Layer(layer) => {
                    if let Some(entry) = entries.get_mut(stack.cursor()) {
                        entry.layer = layer.clone();
                    }
                }
                Edited::Training(spec) => training = spec,
            },
            Some(
                Editor::Picker(_)
                | Editor::Text(_)
                | Editor::Ladder
                | Editor::Sweep
                | Editor::RateFinder,
            )
            | None => {}
        }
        let spec = Spec {
            layers: layers_on(&entries),
            ..training.clone()
        };
        self.table = Table::new(&entries, &spec).scrolled_like(&self.table);
    }

    /// The row with the cursor in the table as it is shown.
    pub(super) fn shown_cursor(&self) -> usize {
        match &self.editor {
            Some(Editor::Palette(palette)) if palette.layer().is_some() => self.stack.insertion(),
            _ => self.stack.cursor(),
        }
    }
}

/// Whether this is the JSON editor with a text that is not applied.
fn is_changed_text(editor: Option<&Editor>) -> bool {
    matches!(editor, Some(Editor::Text(text)) if text.is_changed())
}
