//! Where the time goes, as the rows of a table.

use super::measured::{Direction, Measured, OpTime, Section};
use crate::spec::LayerSummary;
use std::ops::Range;

/// What an op stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpLayers {
    /// The layers of the spec.
    pub layers: Range<usize>,
    /// How often a training step does their multiply-adds: for the outputs, and for the gradients of
    /// weights and inputs, where they are wanted.
    pub products: u64,
}

/// Where the time of a training step goes: the mean of some steps, in milliseconds.
///
/// The rows' times add up to the step's. What the threads share counts as if it were shared evenly; what
/// they wait for each other then is a row of its own.
#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    /// Threads that share the work.
    pub threads: usize,
    /// Steps that were measured.
    pub steps: u64,
    /// Images of a step.
    pub batch: f64,
    /// The time of a step.
    pub milliseconds: f64,
    /// The layers first, first to last, then what else a step does.
    pub rows: Vec<Row>,
    /// In each section that has it, time in which only one thread works.
    pub one_core: Vec<(Section, f64)>,
}

/// What a row of a [`Profile`] is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowKind {
    /// These layers of the spec, which are one operation.
    Layers {
        /// Their positions, counted from 0.
        layers: Range<usize>,
        /// What they are, in a few words.
        description: String,
    },
    /// What a section does beside the layers.
    Section(Section),
    /// Threads that have nothing left to do wait for the others.
    Waiting,
}

/// A row: milliseconds of a step.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// What takes the time.
    pub kind: RowKind,
    /// Of a layer's time: its weights are prepared, it goes forward, backward.
    pub directions: [f64; Direction::ALL.len()],
    /// All of the row's time.
    pub milliseconds: f64,
    /// Billions of multiplications and additions per second, as the layers' textbook formulas
    /// count them, forward and backward.
    pub gflops: Option<f64>,
}

impl Profile {
    /// The profile of what was measured of a network with the layers `rows`, whose ops stand for
    /// `ops`; none where no step was measured.
    pub fn of(measured: &Measured, ops: &[OpLayers], rows: &[LayerSummary]) -> Option<Self> {
        if measured.steps == 0 || measured.threads == 0 {
            return None;
        }
        let milliseconds = |nanoseconds: u64| nanoseconds as f64 / 1e6 / measured.steps as f64;
        let threads = measured.threads as f64;
        let of_section = |section: Section| {
            let busy = measured.section(section).busy;
            milliseconds(measured.without_op(section)) + milliseconds(busy) / threads
        };
        let of_op = |time: OpTime| milliseconds(time.busy) / threads + milliseconds(time.alone);
        let batch = measured.images as f64 / measured.steps as f64;
        let mut table: Vec<Row> = Vec::new();
        for group in groups(ops) {
            let mut directions = [0.0; Direction::ALL.len()];
            for times in &measured.ops[group.clone()] {
                for (sum, time) in directions.iter_mut().zip(times) {
                    *sum += of_op(*time);
                }
            }
            let ops = &ops[group];
            let layers = ops[0].layers.start..ops[ops.len() - 1].layers.end;
            let covered = &rows[layers.clone()];
            let multiply_adds: u64 = covered.iter().map(|row| row.multiply_adds).sum();
            let products = ops.iter().map(|op| op.products).max().unwrap_or(0);
            let total: f64 = directions.iter().sum();
            let operations = 2.0 * (multiply_adds * products) as f64 * batch;
            let descriptions = covered.iter().map(|row| row.description.as_str());
            table.push(Row {
                kind: RowKind::Layers {
                    layers,
                    description: descriptions.collect::<Vec<_>>().join(" + "),
                },
                directions,
                milliseconds: total,
                gflops: (operations > 0.0 && total > 0.0).then(|| operations / total / 1e6),
            });
        }
        let mut other = |kind: RowKind, milliseconds: f64| {
            table.push(Row {
                kind,
                directions: [0.0; Direction::ALL.len()],
                milliseconds,
                gflops: None,
            });
        };
        let [passes, named]: [Vec<Section>; 2] = [true, false].map(|is_rest| {
            let all = Section::ALL.into_iter();
            all.filter(|section| is_within_rest(*section) == is_rest)
                .collect()
        });
        for section in named {
            // A run without an average of its weights needs no row for it.
            if section != Section::Average || measured.section(section).wall > measured.steps * 1000
            {
                other(RowKind::Section(section), of_section(section));
            }
        }
        let rest = passes.into_iter().map(of_section).sum();
        other(RowKind::Section(Section::Rest), rest);
        other(RowKind::Waiting, milliseconds(measured.waiting()) / threads);
        let one_core = Section::ALL.map(|section| (section, milliseconds(measured.alone(section))));
        Some(Self {
            threads: measured.threads,
            steps: measured.steps,
            batch,
            milliseconds: milliseconds(measured.wall()),
            rows: table,
            one_core: one_core
                .into_iter()
                .filter(|(_, time)| *time > 0.0)
                .collect(),
        })
    }

    /// The part of a step in which only one thread works, 0 to 1. More cores do not shorten it.
    pub fn one_core_share(&self) -> f64 {
        let alone: f64 = self.one_core.iter().map(|(_, time)| time).sum();
        alone / self.milliseconds.max(f64::MIN_POSITIVE)
    }

    /// A row's part of a step, 0 to 1.
    pub fn share(&self, row: &Row) -> f64 {
        row.milliseconds / self.milliseconds.max(f64::MIN_POSITIVE)
    }
}

/// Whether what no layer does in a section is told together with the rest of a step.
fn is_within_rest(section: Section) -> bool {
    match section {
        Section::Prepare | Section::Forward | Section::Backward | Section::Rest => true,
        Section::Data | Section::Loss | Section::Optimizer | Section::Average => false,
    }
}

/// The ops of each row: those of one layer are together.
fn groups(ops: &[OpLayers]) -> Vec<Range<usize>> {
    let mut groups: Vec<Range<usize>> = Vec::new();
    for (index, op) in ops.iter().enumerate() {
        match groups.last_mut() {
            Some(group) if op.layers.start < ops[group.end - 1].layers.end => group.end = index + 1,
            _ => groups.push(index..index + 1),
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::preset;

    /// The ops of `lenet5`, were all its layers ops but a fused pair.
    fn ops(layers: usize) -> Vec<OpLayers> {
        let mut ops = vec![OpLayers {
            layers: 0..1,
            products: 2,
        }];
        ops.push(OpLayers {
            layers: 1..3,
            products: 3,
        });
        ops.extend((3..layers).map(|layer| OpLayers {
            layers: layer..layer + 1,
            products: 3,
        }));
        ops
    }

    fn measured(ops: usize) -> Measured {
        let mut measured = Measured {
            threads: 2,
            steps: 2,
            images: 20,
            ops: vec![[OpTime::default(); 3]; ops],
            ..Measured::default()
        };
        for (index, time) in measured.sections.iter_mut().enumerate() {
            time.wall = 1_000_000 * (index as u64 + 1);
        }
        measured.sections[Section::Forward as usize].shared = 2_000_000;
        for (index, times) in measured.ops.iter_mut().enumerate() {
            times[Direction::Forward as usize].busy = 10_000 * index as u64;
            times[Direction::Prepare as usize].alone = 1_000;
        }
        measured
    }

    #[test]
    fn the_rows_add_up_to_the_step_and_name_every_layer_once() {
        let spec = preset("lenet5").unwrap();
        let rows = &spec.summary().layers;
        let ops = ops(rows.len());
        let profile = Profile::of(&measured(ops.len()), &ops, rows).unwrap();
        assert_eq!((profile.milliseconds, profile.batch), (18.0, 10.0));
        let sum: f64 = profile.rows.iter().map(|row| row.milliseconds).sum();
        assert!((sum - profile.milliseconds).abs() < 1e-9, "{sum}");
        let shares: f64 = profile.rows.iter().map(|row| profile.share(row)).sum();
        assert!((shares - 1.0).abs() < 1e-9);
        let mut next = 0;
        for row in &profile.rows {
            if let RowKind::Layers { layers, .. } = &row.kind {
                assert_eq!(layers.start, next);
                next = layers.end;
            }
        }
        assert_eq!(next, rows.len());
        // 36 ms in all, of which 2 ms of the forward passes are shared.
        assert!((profile.one_core_share() - 34.0 / 36.0).abs() < 1e-9);
    }

    #[test]
    fn the_rate_counts_the_forward_and_the_backward_pass() {
        let spec = preset("lenet5").unwrap();
        let rows = &spec.summary().layers;
        let ops = ops(rows.len());
        let profile = Profile::of(&measured(ops.len()), &ops, rows).unwrap();
        let first = &profile.rows[0];
        let operations = 2.0 * 2.0 * rows[0].multiply_adds as f64 * 10.0;
        let expected = operations / (first.milliseconds / 1e3) / 1e9;
        assert!((first.gflops.unwrap() - expected).abs() < 1e-6 * expected);
        assert_eq!(profile.rows[1].gflops, None);
    }

    #[test]
    fn nothing_measured_is_no_profile() {
        assert_eq!(Profile::of(&Measured::default(), &[], &[]), None);
    }
}
