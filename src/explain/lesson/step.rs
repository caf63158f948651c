//! A lesson as it is read.

use super::claim::Claim;
use super::expression::Expression;
use super::press::Press;
use crate::spec::Spec;

/// A lesson.
#[derive(Clone, Debug, PartialEq)]
pub struct Lesson {
    /// The file's name without its ending.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// What it is about, in a line.
    pub about: String,
    /// About how many minutes it takes.
    pub minutes: u32,
    /// The number of training images it works on, the first ones; all where there is none.
    pub images: Option<usize>,
    /// Its steps, at least one.
    pub steps: Vec<Step>,
}

impl Lesson {
    /// How many claims it makes.
    pub fn claims(&self) -> usize {
        self.steps.iter().map(|step| step.expect.len()).sum()
    }
}

/// A step: what is said, what to predict, what is pressed, what to wait for, what to notice.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Step {
    /// What is said first.
    pub say: String,
    /// The network that is put on the Design screen.
    pub open: Option<Box<Spec>>,
    /// What to predict.
    pub ask: Option<Question>,
    /// The keys that are pressed.
    pub press: Vec<Press>,
    /// What must have happened before the step goes on.
    pub wait: Option<Wait>,
    /// Figures kept under names of their own.
    pub keep: Vec<(String, Expression)>,
    /// What the figures must show.
    pub expect: Vec<Claim>,
    /// What to notice, with places for figures.
    pub notice: String,
}

/// A prediction to make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The question.
    pub text: String,
    /// What can be answered, at least two.
    pub choices: Vec<String>,
    /// Which of them is right.
    pub answer: usize,
}

/// What a step waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wait {
    /// The run that was started is over, with all its seeds.
    Trained,
    /// The run that was started has so many epochs.
    Epoch(usize),
    /// The key was pressed.
    Key(Press),
    /// This screen has the keys.
    Screen(String),
}
