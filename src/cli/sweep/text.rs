//! A sweep as text: a line when a member begins and one when it ends, and the table.

use super::above_the_bar::AboveTheBar;
use super::effects;
use super::progress::SweepProgress;
use super::report::{Begin, SweepReport};
use super::table;
use crate::cli::output::{data_line, print};
use crate::insight::Effects;
use crate::spec::Validation;
use crate::stats::Accuracy;
use crate::sweep::{MemberEnd, MemberState, Rung, Standing, Sweep, SweepEvent};
use crate::text::{duration, escape_controls, grouped, shown_path};
use crate::train::RunStart;
use color_eyre::eyre::Result;

/// Prints a sweep for a person to read.
#[derive(Default)]
pub struct TextReport {
    output: AboveTheBar,
}

impl TextReport {
    /// Clears the progress bar; returns whether there was one, as there is while members train.
    pub fn close(&mut self) -> bool {
        self.output.end()
    }

    fn started(&mut self, sweep: &Sweep, index: usize, start: &RunStart) -> Result<()> {
        self.output.notice(start);
        let how = match &start.resumed {
            None => "begins".to_owned(),
            Some(resumed) if resumed.epochs.len() >= start.epochs => return Ok(()),
            Some(resumed) => format!("goes on after epoch {}", resumed.epochs.len()),
        };
        self.output.line(&format!("{}: {how}", head(sweep, index)))
    }
}

/// Which member a line is about: `[ 3/18] learning_rate=0.003 seed=2`.
fn head(sweep: &Sweep, index: usize) -> String {
    let all = sweep.members.len();
    let width = all.to_string().len();
    let member = &sweep.members[index];
    format!("[{:>width$}/{all}] {}", member.number, member.label)
}

/// How a member ended, whom `images` validated; `None` for one that was done before this process began.
fn ending(end: &MemberEnd, images: usize) -> Option<String> {
    Some(match end {
        MemberEnd::Before(standing) => match &standing.state {
            MemberState::Diverged(message) => message.clone(),
            _ => return None,
        },
        MemberEnd::Done(summary) => match (&summary.last, &summary.best) {
            (Some(last), Some(best)) => format!(
                "last {}, best {} in epoch {}, picked, {}",
                Accuracy::of(last.validation_accuracy, images),
                Accuracy::of(best.validation_accuracy, images),
                best.epoch,
                duration(summary.seconds)
            ),
            _ => "ended before its first epoch".into(),
        },
        MemberEnd::Pruned(standing) => match standing.epochs.last() {
            Some(last) => format!(
                "pruned after epoch {}: {}",
                last.epoch,
                Accuracy::of(last.validation_accuracy, images)
            ),
            None => "pruned".into(),
        },
        MemberEnd::Diverged(message) => message.clone(),
        MemberEnd::Failed(message) => format!("failed: {message}"),
        MemberEnd::Elsewhere => "another process trains it".into(),
        MemberEnd::Stopped(None) => "stopped and saved".into(),
        MemberEnd::Stopped(Some(reason)) => format!("stopped; NOT SAVED: {reason}"),
    })
}

/// Where members are compared; nothing where they are not.
fn rungs(rungs: &[Rung]) -> Option<String> {
    let [first, others @ ..] = rungs else {
        return None;
    };
    let others: Vec<String> = others
        .iter()
        .map(|rung| format!("{} to epoch {}", rung.combinations, rung.epochs))
        .collect();
    let Rung {
        combinations,
        epochs,
    } = first;
    Some(format!(
        "  successive halving: {combinations} combinations to epoch {epochs}, the best {}\n",
        others.join(", the best ")
    ))
}

impl SweepReport for TextReport {
    fn begin(&mut self, begin: &Begin<'_>) -> Result<()> {
        let Begin {
            sweep,
            dataset,
            shard,
            mine,
            standings,
            options,
        } = begin;
        let plural = |count: usize| if count == 1 { "" } else { "s" };
        let plan = &sweep.plan;
        let mut text = format!(
            "Sweep of {}: {} member{}",
            escape_controls(&plan.spec.name),
            grouped(sweep.members.len() as u64),
            plural(sweep.members.len()),
        );
        if shard.count > 1 {
            let (index, count) = (shard.index + 1, shard.count);
            text.push_str(&format!(", {} in shard {index}/{count}", mine.len()));
        }
        text.push_str(&format!(
            ", {} at a time on {} thread{}\n",
            options.jobs,
            options.threads,
            plural(options.threads)
        ));
        if let Some(trials) = plan.trials {
            text.push_str(&format!("  {trials} trials, drawn from\n"));
        }
        for vary in &plan.vary {
            text.push_str(&format!("  {} = {}\n", vary.key, vary.values.join(", ")));
        }
        text.extend(rungs(&sweep.rungs()));
        let last = plan.spec.seed + plan.seeds.saturating_sub(1) as u64;
        text.push_str(&match plan.seeds {
            1 => format!("  seed = {last}\n"),
            _ => format!("  seed = {} to {last}\n", plan.spec.seed),
        });
        text.push_str(&format!(
            "Data: {}, {} training and {} validation images\n{}Sweep folder: {}\n",
            data_line(dataset),
            grouped(dataset.train.len() as u64),
            grouped(dataset.validation.len() as u64),
            match plan.spec.validation.is_test() {
                true => format!("Note: {}\n", Validation::IS_TEST),
                false => String::new(),
            },
            shown_path(&sweep.folder),
        ));
        let over = |standing: &&Standing| standing.state == MemberState::Done;
        let done = standings.iter().filter(over).count();
        if done > 0 {
            text.push_str(&format!("{done} of {} are done already\n", mine.len()));
        }
        print(&text)?;
        let progress = SweepProgress::new(sweep, mine, dataset.train.len());
        self.output.begin(progress);
        Ok(())
    }

    fn show(&mut self, sweep: &Sweep, event: &SweepEvent) -> Result<()> {
        self.output.follow(sweep, event);
        match event {
            SweepEvent::Started(index, start) => {
                self.started(sweep, *index, start)?;
            }
            // A line for each epoch would hide the members.
            SweepEvent::Batch(..) | SweepEvent::Epoch(..) => {}
            SweepEvent::AtRung(index, standing) => {
                if let Some(last) = standing.epochs.last() {
                    let images = sweep.plan.validation_images(&sweep.members[*index].spec);
                    let accuracy = Accuracy::of(last.validation_accuracy, images);
                    let head = head(sweep, *index);
                    self.output
                        .line(&format!("{head}: {accuracy} after epoch {}", last.epoch))?;
                }
            }
            SweepEvent::Note(index, text) => {
                self.warn(&format!("{}: {text}", head(sweep, *index)));
            }
            SweepEvent::Ended(index, end) => {
                let spec = &sweep.members[*index].spec;
                let images = sweep.plan.validation_images(spec);
                if let Some(ending) = ending(end, images) {
                    self.output
                        .line(&format!("{}: {ending}", head(sweep, *index)))?;
                }
            }
        }
        Ok(())
    }

    fn warn(&self, text: &str) {
        self.output.warn(text);
    }

    fn end(&mut self, sweep: &Sweep, standings: &[Standing], notice: Option<&str>) -> Result<()> {
        let was_training = self.close();
        let mut text = table::text(sweep, standings);
        text.extend(effects::text(&Effects::of(sweep, standings)));
        if let Some(notice) = notice {
            text.push_str(&format!("These are results on the {notice}\n"));
        }
        if was_training {
            text.insert(0, '\n');
            text.push_str(&format!("Sweep folder: {}\n", shown_path(&sweep.folder)));
        }
        print(&text)
    }
}
