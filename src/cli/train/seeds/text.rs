//! The runs of several seeds as text: each as it trains, and the table of all.

use super::table;
use crate::cli::epoch::epoch_line;
use crate::cli::output::{data_line, print};
use crate::cli::sweep::{AboveTheBar, Begin, SweepProgress, SweepReport};
use crate::cli::test_scores::test_line;
use crate::spec::Validation;
use crate::stats::Accuracy;
use crate::sweep::{MemberEnd, MemberState, Standing, Sweep, SweepEvent};
use crate::text::{duration, escape_controls, grouped, shown_path};
use crate::train::{RunStart, RunSummary};
use color_eyre::eyre::Result;

/// Prints the runs for a person to read.
#[derive(Default)]
pub struct SeedsText {
    output: AboveTheBar,
}

impl SeedsText {
    fn started(&mut self, sweep: &Sweep, index: usize, start: &RunStart) -> Result<()> {
        self.output.notice(start);
        let how = match &start.resumed {
            Some(resumed) if resumed.epochs.len() >= start.epochs => return Ok(()),
            Some(resumed) => format!(": goes on after epoch {}", resumed.epochs.len()),
            None => String::new(),
        };
        self.output.line(&format!("\n{}{how}", head(sweep, index)))
    }
}

/// Which run a line is about: `Seed 2 (2 of 3)`.
fn head(sweep: &Sweep, index: usize) -> String {
    let member = &sweep.members[index];
    let (number, all) = (member.number, sweep.members.len());
    format!("Seed {} ({number} of {all})", member.spec.seed)
}

/// How a run ended.
fn ending(sweep: &Sweep, index: usize, end: &MemberEnd) -> String {
    let head = head(sweep, index);
    match end {
        MemberEnd::Before(standing) => match &standing.state {
            MemberState::Diverged(message) => format!("\n{head}: {message}"),
            _ => format!("\n{head}: is trained already"),
        },
        MemberEnd::Done(summary) => {
            let images = sweep.plan.validation_images(&sweep.members[index].spec);
            done(summary, images)
        }
        MemberEnd::Pruned(_) => format!("{head}: pruned"),
        MemberEnd::Diverged(message) => format!("{head}: {message}"),
        MemberEnd::Failed(message) => format!("{head}: failed: {message}"),
        MemberEnd::Elsewhere => format!("\n{head}: another process trains it"),
        MemberEnd::Stopped(None) => format!("{head}: stopped and saved"),
        MemberEnd::Stopped(Some(reason)) => format!("{head}: stopped; NOT SAVED: {reason}"),
    }
}

fn done(summary: &RunSummary, images: usize) -> String {
    let (Some(last), Some(best)) = (&summary.last, &summary.best) else {
        return "Ended before its first epoch".into();
    };
    let accuracy = |share| Accuracy::of(share, images);
    let mut text = format!(
        "Last epoch {}: validation accuracy {}, after {}\nBest epoch {}, picked: {}\n",
        last.epoch,
        accuracy(last.validation_accuracy),
        duration(summary.seconds),
        best.epoch,
        accuracy(best.validation_accuracy),
    );
    if summary.out_of_patience {
        text.push_str("Ended early: it got no better any more (early_stopping)\n");
    }
    text.extend(summary.test.as_deref().map(|test| test_line(test, false)));
    text
}

impl SweepReport for SeedsText {
    fn begin(&mut self, begin: &Begin<'_>) -> Result<()> {
        let Begin {
            sweep,
            dataset,
            mine,
            standings,
            options,
            ..
        } = begin;
        let plural = |count: usize| if count == 1 { "" } else { "s" };
        let spec = &sweep.plan.spec;
        let parameters = sweep.members.first();
        let parameters = parameters.map_or(0, |member| member.spec.summary().parameters());
        let last = spec.seed + sweep.plan.seeds.saturating_sub(1) as u64;
        let mut text = format!(
            "Training {} ({} parameters) for {} epoch{} from {} seeds, {} to {last}, on {} thread{}\n\
             Data: {}, {} training and {} test images\n",
            escape_controls(&spec.name),
            grouped(parameters),
            spec.epochs,
            plural(spec.epochs),
            sweep.plan.seeds,
            spec.seed,
            options.threads,
            plural(options.threads),
            data_line(dataset),
            grouped(dataset.train.len() as u64),
            grouped(dataset.validation.len() as u64),
        );
        text.push_str(&match spec.validation.is_test() {
            true => format!("{}\n", capital(Validation::IS_TEST)),
            false => format!(
                "Validation: {} of the training images, held out\n",
                grouped(spec.validation.held_out(dataset.train.len()) as u64)
            ),
        });
        text.push_str(&format!(
            "Folder of the runs: {}\n",
            shown_path(&sweep.folder)
        ));
        let is_done = |standing: &&Standing| standing.state == MemberState::Done;
        let done = standings.iter().filter(is_done).count();
        if done > 0 {
            text.push_str(&format!("{done} of {} are trained already\n", mine.len()));
        }
        print(&text)?;
        let progress = SweepProgress::new(sweep, mine, dataset.train.len());
        self.output.begin(progress);
        Ok(())
    }

    fn show(&mut self, sweep: &Sweep, event: &SweepEvent) -> Result<()> {
        self.output.follow(sweep, event);
        match event {
            SweepEvent::Started(index, start) => self.started(sweep, *index, start),
            SweepEvent::Batch(..) | SweepEvent::AtRung(..) => Ok(()),
            SweepEvent::Epoch(index, metrics, _) => {
                let epochs = sweep.members[*index].spec.epochs;
                self.output.line(&epoch_line(metrics, epochs))
            }
            SweepEvent::Note(index, text) => {
                self.warn(&format!("{}: {text}", head(sweep, *index)));
                Ok(())
            }
            SweepEvent::Ended(index, end) => self.output.line(&ending(sweep, *index, end)),
        }
    }

    fn warn(&self, text: &str) {
        self.output.warn(text);
    }

    fn end(&mut self, sweep: &Sweep, standings: &[Standing], notice: Option<&str>) -> Result<()> {
        // Dropping the bar clears its line.
        self.output.end();
        let mut text = format!("\n{}", table::text(sweep, standings));
        if let Some(notice) = notice {
            text.push_str(&format!("These are results on the {notice}\n"));
        }
        let folder = shown_path(&sweep.folder);
        text.push_str(&format!("Folder of the runs: {folder}\n"));
        print(&text)
    }
}

/// The sentence with a capital letter.
fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}
