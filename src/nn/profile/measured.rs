//! What was recorded of some training steps. All times are nanoseconds.

/// What the training thread does in a part of a step. Every moment of a step belongs to one section.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// Images are taken, changed and normalised.
    Data,
    /// Weights are transformed and packed for the passes.
    Prepare,
    /// The layers, first to last.
    Forward,
    /// The layers, last to first.
    Backward,
    /// Loss, accuracy and the loss's gradient.
    Loss,
    /// Clipping, and the optimiser's step.
    Optimizer,
    /// The average of the weights.
    Average,
    /// Everything else.
    Rest,
}

impl Section {
    /// All of them, in the order of a step.
    pub const ALL: [Self; 8] = [
        Self::Data,
        Self::Prepare,
        Self::Forward,
        Self::Backward,
        Self::Loss,
        Self::Optimizer,
        Self::Average,
        Self::Rest,
    ];
}

/// What an op does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// It transforms and packs its weights.
    Prepare,
    /// Outputs from inputs.
    Forward,
    /// Gradients of inputs and weights from those of outputs.
    Backward,
}

impl Direction {
    /// All of them, in the order of a step.
    pub const ALL: [Self; 3] = [Self::Prepare, Self::Forward, Self::Backward];
}

/// The time of a section.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SectionTime {
    /// By the clock.
    pub wall: u64,
    /// By the clock, the part of it in which several threads share the work.
    pub shared: u64,
    /// The work in that part that belongs to no op, summed over the threads.
    pub busy: u64,
}

/// The time of an op in one direction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OpTime {
    /// Work shared by the threads, summed over them.
    pub busy: u64,
    /// Work of the training thread alone.
    pub alone: u64,
}

/// The times of some training steps.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Measured {
    /// Threads that share the work.
    pub threads: usize,
    /// Optimiser steps.
    pub steps: u64,
    /// Images that they trained on.
    pub images: u64,
    /// In the order of [`Section::ALL`].
    pub sections: [SectionTime; Section::ALL.len()],
    /// `[op][direction]`, in the order of [`Direction::ALL`].
    pub ops: Vec<[OpTime; Direction::ALL.len()]>,
}

impl Measured {
    /// Time of the steps by the clock.
    pub fn wall(&self) -> u64 {
        self.sections.iter().map(|section| section.wall).sum()
    }

    /// Time of a section by the clock.
    pub fn section(&self, section: Section) -> SectionTime {
        self.sections[section as usize]
    }

    /// Time by the clock in which only one thread works, within a section.
    pub fn alone(&self, section: Section) -> u64 {
        let time = self.section(section);
        time.wall.saturating_sub(time.shared)
    }

    /// Work of all threads in the parts that they share.
    pub fn busy(&self) -> u64 {
        let ops: u64 = self.ops.iter().flatten().map(|time| time.busy).sum();
        let sections: u64 = self.sections.iter().map(|section| section.busy).sum();
        ops + sections
    }

    /// What the threads could have worked in the parts that they share, but waited for each other.
    pub fn waiting(&self) -> u64 {
        let shared: u64 = self.sections.iter().map(|section| section.shared).sum();
        (self.threads as u64 * shared).saturating_sub(self.busy())
    }

    /// Work of the training thread alone that belongs to no op, within a section.
    pub fn without_op(&self, section: Section) -> u64 {
        let direction = match section {
            Section::Prepare => Direction::Prepare,
            Section::Forward => Direction::Forward,
            Section::Backward => Direction::Backward,
            _ => return self.alone(section),
        };
        let ops = self.ops.iter().map(|times| times[direction as usize].alone);
        self.alone(section).saturating_sub(ops.sum())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_waiting_and_idle_cores_add_up_to_threads_times_wall() {
        let mut measured = Measured {
            threads: 4,
            ops: vec![[OpTime::default(); 3]; 2],
            ..Measured::default()
        };
        measured.sections[Section::Prepare as usize].wall = 30;
        measured.ops[0][Direction::Prepare as usize].alone = 20;
        let forward = &mut measured.sections[Section::Forward as usize];
        (forward.wall, forward.shared, forward.busy) = (100, 80, 8);
        measured.ops[0][Direction::Forward as usize].busy = 100;
        measured.ops[1][Direction::Forward as usize] = OpTime {
            busy: 200,
            alone: 5,
        };
        let optimizer = &mut measured.sections[Section::Optimizer as usize];
        (optimizer.wall, optimizer.shared, optimizer.busy) = (10, 10, 40);
        assert_eq!(measured.wall(), 140);
        assert_eq!(measured.waiting(), 4 * 90 - 348);
        assert_eq!(measured.alone(Section::Prepare), 30);
        assert_eq!(measured.without_op(Section::Prepare), 10);
        assert_eq!(measured.without_op(Section::Forward), 15);
        let alone: u64 = Section::ALL
            .map(|section| measured.alone(section))
            .iter()
            .sum();
        assert_eq!(
            measured.busy() + measured.waiting() + 4 * alone,
            4 * measured.wall()
        );
    }
}
