//! How far a lesson is. What it sees of the app is a [`Scene`]; what it wants done is a [`Next`].

use crate::explain::lesson::{Checked, Figures, Lesson, Press, Step, Wait};
use crate::spec::Spec;
use crate::tui::run_state::RunState;
use crate::tui::seeds::accuracies_of;
use crate::tui::shared::Shared;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What a lesson sees of the app.
#[derive(Clone, Copy, Debug)]
pub struct Scene<'a> {
    /// What all screens read.
    pub shared: &'a Shared,
    /// Title of the screen that has the keys.
    pub screen: &'a str,
    /// Number of the last run that was started.
    pub last_run: u64,
}

/// Where in a step it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Its text is read.
    Say,
    /// A prediction is asked for.
    Ask,
    /// Keys are pressed; so many are done.
    Press(usize),
    /// Something is awaited; whether the user has tried to go on before it came.
    Wait {
        /// One more key skips it.
        is_impatient: bool,
    },
    /// What came of it is read.
    Notice,
    /// The lesson is over.
    Over,
}

/// What is to be done for it.
#[derive(Clone, Debug, PartialEq)]
pub enum Next {
    /// Nothing.
    Nothing,
    /// A step began: put this network on the Design screen, if there is one.
    Begin(Option<Box<Spec>>),
    /// Press its keys, one after the other.
    Press,
    /// It is over and read: leave it.
    Leave,
}

/// A lesson under way.
#[derive(Debug)]
pub struct Player {
    lesson: Arc<Lesson>,
    step: usize,
    stage: Stage,
    /// Number of the last run when the step began: later ones are its own.
    run_before: u64,
    /// What was predicted.
    answer: Option<usize>,
    /// Figures of the run, and those that were kept.
    figures: Figures,
    kept: Figures,
    /// The claims of each step that were held against figures.
    checked: BTreeMap<usize, Vec<Checked>>,
}

impl Player {
    /// A lesson at its beginning.
    pub fn new(lesson: Arc<Lesson>) -> Self {
        Self {
            lesson,
            step: 0,
            stage: Stage::Say,
            run_before: 0,
            answer: None,
            figures: Figures::default(),
            kept: Figures::default(),
            checked: BTreeMap::new(),
        }
    }

    /// The lesson.
    pub fn lesson(&self) -> &Lesson {
        &self.lesson
    }

    /// Position of the step.
    pub fn position(&self) -> usize {
        self.step
    }

    /// Where in the step it is.
    pub fn stage(&self) -> Stage {
        self.stage
    }

    /// The step. There is at least one, and the position is never past the last.
    pub fn step(&self) -> &Step {
        &self.lesson.steps[self.step]
    }

    /// What was predicted in this step.
    pub fn answered(&self) -> Option<usize> {
        self.answer
    }

    /// The claims of this step with the figures.
    pub fn claims(&self) -> &[Checked] {
        self.checked.get(&self.step).map_or(&[], Vec::as_slice)
    }

    /// All claims that were held against figures.
    pub fn all_claims(&self) -> impl Iterator<Item = &Checked> {
        self.checked.values().flatten()
    }

    /// A text with its figures; one that is not known is a question mark.
    pub fn filled(&self, text: &str) -> String {
        let facts = self.figures.facts();
        let mut parts = text.split('{');
        let mut filled = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let (name, rest) = part.split_once('}').unwrap_or(("", part));
            filled.push_str(facts.get(name).unwrap_or("?"));
            filled.push_str(rest);
        }
        filled
    }

    /// Begins the step at a position.
    pub fn begin(&mut self, step: usize, scene: Scene<'_>) -> Next {
        self.step = step.min(self.lesson.steps.len() - 1);
        self.answer = None;
        self.run_before = scene.last_run;
        let step = self.step();
        // What the user does is awaited while the text is read.
        let is_awaited = step.wait.is_some() && step.press.is_empty() && step.ask.is_none();
        self.stage = match (is_awaited, step.say.is_empty()) {
            (true, _) => Stage::Wait {
                is_impatient: false,
            },
            (false, true) => Stage::Ask,
            (false, false) => Stage::Say,
        };
        Next::Begin(self.step().open.clone())
    }

    /// Goes on.
    pub fn go_on(&mut self, scene: Scene<'_>) -> Next {
        match self.stage {
            Stage::Say if self.step().ask.is_some() => {
                self.stage = Stage::Ask;
                Next::Nothing
            }
            Stage::Say | Stage::Ask => self.press(scene),
            Stage::Press(_) => Next::Nothing,
            Stage::Wait {
                is_impatient: false,
            } => {
                self.stage = Stage::Wait { is_impatient: true };
                Next::Nothing
            }
            Stage::Wait { is_impatient: true } => self.finish(scene),
            Stage::Notice => self.next_step(scene),
            Stage::Over => Next::Leave,
        }
    }

    /// Goes back a step. What was pressed is not taken back.
    pub fn go_back(&mut self, scene: Scene<'_>) -> Next {
        match self.stage {
            Stage::Press(_) => Next::Nothing,
            Stage::Over => self.begin(self.step, scene),
            _ => self.begin(self.step.saturating_sub(1), scene),
        }
    }

    /// Takes a prediction; false where none is asked for.
    pub fn predict(&mut self, choice: usize) -> bool {
        let choices = self.step().ask.as_ref().map_or(0, |ask| ask.choices.len());
        let is_asked = self.stage == Stage::Ask && choice < choices;
        if is_asked {
            self.answer = Some(choice);
        }
        is_asked
    }

    fn press(&mut self, scene: Scene<'_>) -> Next {
        if self.step().press.is_empty() {
            return self.wait(scene);
        }
        self.stage = Stage::Press(0);
        Next::Press
    }

    /// The next key to press; none when all are.
    pub fn next_key(&mut self) -> Option<Press> {
        let Stage::Press(done) = self.stage else {
            return None;
        };
        let key = self.step().press.get(done).copied()?;
        self.stage = Stage::Press(done + 1);
        Some(key)
    }

    /// Whether keys are being pressed.
    pub fn is_pressing(&self) -> bool {
        matches!(self.stage, Stage::Press(_))
    }

    /// All keys are pressed.
    pub fn pressed(&mut self, scene: Scene<'_>) -> Next {
        match self.is_pressing() {
            true => self.wait(scene),
            false => Next::Nothing,
        }
    }

    fn wait(&mut self, scene: Scene<'_>) -> Next {
        self.stage = Stage::Wait {
            is_impatient: false,
        };
        self.follow(scene)
    }

    /// Notes a key that the user pressed.
    pub fn saw(&mut self, key: Press, scene: Scene<'_>) -> Next {
        let is_awaited = self.step().wait == Some(Wait::Key(key));
        match self.stage {
            Stage::Wait { .. } if is_awaited => self.finish(scene),
            _ => Next::Nothing,
        }
    }

    /// Follows what has happened: goes on once what was awaited is there.
    pub fn follow(&mut self, scene: Scene<'_>) -> Next {
        if !matches!(self.stage, Stage::Wait { .. }) {
            return Next::Nothing;
        }
        let run = scene.shared.run.as_ref();
        let own = run.filter(|_| scene.last_run > self.run_before);
        let is_there = match &self.step().wait {
            None => true,
            Some(Wait::Trained) => own.is_some_and(|run| is_over(run, scene.shared)),
            Some(Wait::Epoch(epoch)) => {
                own.is_some_and(|run| run.epochs.len() >= *epoch || !run.is_active())
            }
            Some(Wait::Key(_)) => false,
            Some(Wait::Screen(title)) => scene.screen == title,
        };
        match is_there {
            true => self.finish(scene),
            false => Next::Nothing,
        }
    }

    /// Keeps figures, checks claims, and shows what came of the step.
    fn finish(&mut self, scene: Scene<'_>) -> Next {
        let shared = scene.shared;
        self.figures = Figures::default();
        if let Some(run) = &shared.run {
            let images = run
                .start
                .as_ref()
                .map_or(0, |start| start.validation_images);
            let runs = shared.session_runs.iter().chain(&shared.run);
            let seeds = accuracies_of(&shared.seeds.finished(runs));
            self.figures = Figures::of_run(&run.spec, &run.epochs, images, &seeds);
        }
        self.figures.add(&self.kept);
        let lesson = Arc::clone(&self.lesson);
        let step = &lesson.steps[self.step];
        for (name, expression) in &step.keep {
            if let Some(value) = expression.value(&self.figures) {
                self.kept.set(name, value);
                self.figures.set(name, value);
            }
        }
        if !step.expect.is_empty() {
            let claims = step.expect.iter().map(|claim| claim.check(&self.figures));
            self.checked.insert(self.step, claims.collect());
        }
        if step.notice.is_empty() && step.expect.is_empty() && step.ask.is_none() {
            return self.next_step(scene);
        }
        self.stage = Stage::Notice;
        Next::Nothing
    }

    fn next_step(&mut self, scene: Scene<'_>) -> Next {
        if self.step + 1 < self.lesson.steps.len() {
            return self.begin(self.step + 1, scene);
        }
        self.stage = Stage::Over;
        Next::Nothing
    }
}

/// Whether a run is over, and with it all seeds that were to follow.
fn is_over(run: &RunState, shared: &Shared) -> bool {
    let more = shared.seeds.place(run);
    !run.is_active() && !more.is_some_and(|(number, count)| number < count && run.is_complete())
}
