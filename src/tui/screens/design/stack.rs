//! The stack of layers being edited, on and off, with its history.

use super::entry::Entry;
use super::skip_connections::{self, layers_on};
use crate::spec::{Layer, Spec};
use crate::tui::kept_design::KeptDesign;
use std::sync::Arc;

/// At most this many changes can be undone, which bounds the memory of a long session.
const MOST_UNDOS: usize = 200;

/// What undo restores.
#[derive(Clone, Debug, PartialEq)]
struct State {
    /// Everything but the layers.
    training: Spec,
    entries: Vec<Entry>,
    cursor: usize,
    /// What was last read from or written to a file of it.
    saved: Arc<Spec>,
}

/// The list of layers, how it is trained, the cursor, and the history of all three.
#[derive(Debug)]
pub struct Stack {
    now: State,
    /// The network of the layers that are on; follows from `now`.
    spec: Spec,
    undo: Vec<State>,
    redo: Vec<State>,
    /// The layer that was copied or cut last.
    clipboard: Option<Entry>,
}

impl Stack {
    /// The layers of a spec, without history.
    pub fn new(spec: Spec) -> Self {
        Self {
            now: State::of(spec.clone(), Arc::new(spec.clone())),
            spec,
            undo: Vec::new(),
            redo: Vec::new(),
            clipboard: None,
        }
    }

    /// What was kept of the time before, without history.
    pub fn restored(kept: KeptDesign) -> Self {
        let mut stack = Self::new(kept.network);
        for row in kept.off {
            if let Some(entry) = stack.now.entries.get_mut(row) {
                entry.enabled = false;
            }
        }
        stack.spec = stack.now.spec();
        stack.now.saved = Arc::new(kept.saved);
        stack
    }

    /// What is to be kept of it.
    pub fn kept(&self) -> KeptDesign {
        let entries = self.now.entries.iter();
        let rows = self.now.entries.iter().enumerate();
        KeptDesign {
            network: Spec {
                layers: entries.map(|entry| entry.layer.clone()).collect(),
                ..self.now.training.clone()
            },
            off: rows
                .filter(|(_, entry)| !entry.enabled)
                .map(|(row, _)| row)
                .collect(),
            saved: Spec::clone(&self.now.saved),
        }
    }

    /// The layers that are on and how they are trained.
    pub fn spec(&self) -> &Spec {
        &self.spec
    }

    /// All layers.
    pub fn entries(&self) -> &[Entry] {
        &self.now.entries
    }

    /// The chosen layer; one past the last is the training section.
    pub fn cursor(&self) -> usize {
        self.now.cursor
    }

    /// Whether the training section is chosen.
    pub fn is_at_training(&self) -> bool {
        self.now.cursor == self.now.entries.len()
    }

    /// The chosen layer, unless the training section is.
    pub fn chosen(&self) -> Option<&Entry> {
        self.now.entries.get(self.now.cursor)
    }

    /// Chooses a row, or the nearest there is.
    pub fn go(&mut self, row: usize) {
        self.now.cursor = row.min(self.now.entries.len());
    }

    /// Whether there is something that is in no file.
    pub fn is_changed(&self) -> bool {
        self.spec != *self.now.saved
    }

    /// Notes that the network is in a file, in the place of what was in it before.
    pub fn saved(&mut self) {
        let saved = Arc::new(self.spec.clone());
        let before = std::mem::replace(&mut self.now.saved, Arc::clone(&saved));
        for state in self.undo.iter_mut().chain(&mut self.redo) {
            if state.saved == before {
                state.saved = Arc::clone(&saved);
            }
        }
    }

    /// Puts another network in place, which is in a file.
    pub fn open(&mut self, spec: Spec) {
        let saved = Arc::new(spec.clone());
        self.put(spec, saved);
    }

    /// Puts an edited network in place. If the layers that are on are the same as before, those that are
    /// off are kept too.
    pub fn replace(&mut self, spec: Spec) {
        self.put(spec, Arc::clone(&self.now.saved));
    }

    fn put(&mut self, spec: Spec, saved: Arc<Spec>) {
        let mut state = State::of(spec, saved);
        if layers_on(&state.entries) == layers_on(&self.now.entries) {
            state.entries.clone_from(&self.now.entries);
        }
        state.cursor = self.now.cursor.min(state.entries.len());
        self.change(state);
    }

    /// Row of the `index`-th layer that is on.
    pub fn row_of_layer(&self, index: usize) -> Option<usize> {
        let on = self.now.entries.iter().enumerate();
        let mut on = on.filter(|(_, entry)| entry.enabled);
        on.nth(index).map(|(row, _)| row)
    }

    /// Where a new layer goes: below the cursor.
    pub fn insertion(&self) -> usize {
        (self.now.cursor + 1).min(self.now.entries.len())
    }

    /// Inserts a layer below the cursor and chooses it.
    pub fn insert(&mut self, entry: Entry) {
        let mut state = self.now.clone();
        state.cursor = self.insertion();
        skip_connections::insert(&mut state.entries, state.cursor, entry);
        self.change(state);
    }

    /// Takes the chosen layer out; paste puts it back.
    pub fn delete(&mut self) -> Option<Layer> {
        let entry = self.chosen()?.clone();
        let mut state = self.now.clone();
        skip_connections::remove(&mut state.entries, state.cursor);
        // The cursor stays among the layers while there are any.
        state.cursor = state.cursor.min(state.entries.len().saturating_sub(1));
        self.change(state);
        let layer = entry.layer.clone();
        self.clipboard = Some(entry);
        Some(layer)
    }

    /// Copies the chosen layer.
    pub fn copy(&mut self) -> Option<&Layer> {
        self.clipboard = Some(self.chosen()?.clone());
        self.clipboard.as_ref().map(|entry| &entry.layer)
    }

    /// Inserts what was copied or deleted last below the cursor.
    pub fn paste(&mut self) -> bool {
        let Some(entry) = self.clipboard.clone() else {
            return false;
        };
        self.insert(entry);
        true
    }

    /// Moves the chosen layer one row up or down.
    pub fn shift(&mut self, down: bool) -> bool {
        let from = self.now.cursor;
        let to = if down { from + 1 } else { from.wrapping_sub(1) };
        if from.max(to) >= self.now.entries.len() {
            return false;
        }
        let mut state = self.now.clone();
        skip_connections::swap(&mut state.entries, from.min(to));
        state.cursor = to;
        self.change(state);
        true
    }

    /// Switches the chosen layer off or on; returns whether it is on now.
    pub fn toggle(&mut self) -> Option<bool> {
        let mut state = self.now.clone();
        let entry = state.entries.get_mut(state.cursor)?;
        entry.enabled = !entry.enabled;
        let enabled = entry.enabled;
        self.change(state);
        Some(enabled)
    }

    /// Puts a layer in the chosen one's place.
    pub fn set_layer(&mut self, layer: Layer) {
        let mut state = self.now.clone();
        if let Some(entry) = state.entries.get_mut(state.cursor) {
            entry.layer = layer;
            self.change(state);
        }
    }

    /// Changes everything but the layers.
    pub fn set_training(&mut self, training: Spec) {
        let mut state = self.now.clone();
        state.training = Spec {
            layers: Vec::new(),
            ..training
        };
        self.change(state);
    }

    /// Undoes the last change.
    pub fn undo(&mut self) -> bool {
        let before = self.undo.pop();
        before.is_some_and(|state| {
            let after = std::mem::replace(&mut self.now, state);
            self.redo.push(after);
            self.spec = self.now.spec();
            true
        })
    }

    /// Redoes the change that was undone last.
    pub fn redo(&mut self) -> bool {
        let after = self.redo.pop();
        after.is_some_and(|state| {
            let before = std::mem::replace(&mut self.now, state);
            self.undo.push(before);
            self.spec = self.now.spec();
            true
        })
    }

    fn change(&mut self, state: State) {
        let same = state.entries == self.now.entries && state.training == self.now.training;
        let before = std::mem::replace(&mut self.now, state);
        if !same {
            if self.undo.len() == MOST_UNDOS {
                self.undo.remove(0);
            }
            self.undo.push(before);
            self.redo.clear();
            self.spec = self.now.spec();
        }
    }
}

impl State {
    fn of(mut spec: Spec, saved: Arc<Spec>) -> Self {
        let layers = std::mem::take(&mut spec.layers);
        Self {
            training: spec,
            entries: layers.into_iter().map(Entry::on).collect(),
            cursor: 0,
            saved,
        }
    }

    fn spec(&self) -> Spec {
        Spec {
            layers: layers_on(&self.entries),
            ..self.training.clone()
        }
    }
}
