//! In which steps the ops of a block visit a batch.

use super::block::Block;
use std::ops::Range;

/// A step of a pass.
pub(super) enum Stage {
    /// Every image goes through these ops, those of a micro-batch while they are in the cache. Then the
    /// `observer`, if there is one, looks at what came out, before any image goes on.
    Images {
        ops: Range<usize>,
        observer: Option<usize>,
    },
    /// One op takes the whole batch.
    WholeBatch(usize),
}

impl Block {
    /// The steps of the forward pass. In evaluation nobody `observes`.
    pub(super) fn forward_stages(&self, observes: bool) -> Vec<Stage> {
        let mut stages = Stages::default();
        let mut start = 0;
        for k in 0..self.ops.len() {
            if self.takes_whole_batch(k) {
                stages.images(start..k, None);
                stages.0.push(Stage::WholeBatch(k));
                start = k + 1;
            } else if observes && self.is_barrier(k) {
                stages.images(start..k, Some(k));
                start = k;
            }
        }
        stages.images(start..self.ops.len(), None);
        stages.0
    }

    /// The steps of the backward pass, down to the first op that needs it. An observer looks at the
    /// gradients of its output.
    pub(super) fn backward_stages(&self) -> Vec<Stage> {
        let mut stages = Stages::default();
        let mut end = self.ops.len();
        for k in (self.first..self.ops.len()).rev() {
            if self.takes_whole_batch(k) {
                stages.images(k + 1..end, None);
                stages.0.push(Stage::WholeBatch(k));
                end = k;
            } else if self.is_barrier(k) {
                stages.images(k + 1..end, Some(k));
                end = k + 1;
            }
        }
        stages.images(self.first..end, None);
        stages.0
    }
}

#[derive(Default)]
struct Stages(Vec<Stage>);

impl Stages {
    /// Adds a step, unless there is nothing to do in it.
    fn images(&mut self, ops: Range<usize>, observer: Option<usize>) {
        if !ops.is_empty() || observer.is_some() {
            self.0.push(Stage::Images { ops, observer });
        }
    }
}
