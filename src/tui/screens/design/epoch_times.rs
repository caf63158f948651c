//! How long an epoch of the network would take: what was measured, and what is to be.

use crate::data::Dataset;
use crate::spec::{CheckedSpec, Initializer, Schedule, Spec};
use crate::text::clock;
use crate::train::EpochTime;
use crate::tui::effect::Effect;
use crate::tui::shared::Shared;

/// Networks whose times are kept.
const MOST_KNOWN: usize = 200;

/// What the time of an epoch depends on.
#[derive(Clone, Debug, PartialEq)]
struct Key {
    /// With everything that takes no time, or always the same, left out.
    spec: Spec,
    dataset: String,
    /// Training images.
    images: usize,
}

impl Key {
    fn of(spec: &CheckedSpec, dataset: &Dataset) -> Self {
        let images = dataset.train.len();
        Self {
            dataset: dataset.name.clone(),
            images: images - spec.validation.held_out(images),
            spec: Spec {
                name: String::new(),
                dataset: String::new(),
                learning_rate: 0.0,
                schedule: Schedule::default(),
                warmup_epochs: 0.0,
                epochs: 0,
                seed: 0,
                initializer: Initializer::default(),
                gradient_clip: f64::from(u8::from(spec.gradient_clip > 0.0)),
                ema_decay: f64::from(u8::from(spec.ema_decay > 0.0)),
                early_stopping: Default::default(),
                validation: Default::default(),
                ..Spec::clone(spec)
            },
        }
    }
}

/// The times of the session.
#[derive(Debug, Default)]
pub struct EpochTimes {
    known: Vec<(Key, EpochTime)>,
    /// What was asked for last, while the answer is awaited.
    asked: Option<Key>,
}

impl EpochTimes {
    /// Asks for the time of this network, unless that is known or on its way. While a run trains nothing
    /// is measured: both would be slower.
    pub fn ask(&mut self, spec: Option<&CheckedSpec>, shared: &Shared) -> Option<Effect> {
        let (Some(spec), Some(dataset), false) = (spec, shared.dataset(), shared.is_busy()) else {
            self.asked = None;
            return None;
        };
        let key = Key::of(spec, dataset);
        if self.time(&key).is_some() || self.asked.as_ref() == Some(&key) {
            return None;
        }
        self.asked = Some(key);
        Some(Effect::TimeEpoch(Box::new(spec.clone())))
    }

    /// Takes an answer, be it for the network shown or for one before.
    pub fn answer(&mut self, spec: &CheckedSpec, dataset: &Dataset, time: EpochTime) {
        let key = Key::of(spec, dataset);
        self.known.retain(|(other, _)| *other != key);
        if self.known.len() == MOST_KNOWN {
            self.known.remove(0);
        }
        self.known.push((key, time));
    }

    /// What is said of the time of this network, first where there is most room; nothing until it is known.
    pub fn texts(&self, spec: Option<&CheckedSpec>, shared: &Shared) -> Vec<String> {
        let Some((spec, dataset)) = spec.zip(shared.dataset()) else {
            return Vec::new();
        };
        let key = Key::of(spec, dataset);
        match self.time(&key) {
            Some(EpochTime::Seconds(seconds)) => {
                let shown = |seconds: f64| match seconds {
                    10.0..59.5 => format!("{seconds:.0} s"),
                    _ => clock(seconds),
                };
                let (one, all) = (shown(seconds), shown(spec.epochs as f64 * seconds));
                vec![
                    format!("≈ {one} an epoch, {all} in all"),
                    format!("≈ {one} an epoch here"),
                ]
            }
            Some(EpochTime::TooLarge) => vec!["too large to time in passing".into()],
            None if shared.is_busy() => vec!["not timed during a run".into()],
            Some(EpochTime::Unfit) | None => Vec::new(),
        }
    }

    /// Seconds of an epoch of this network, once they are known.
    pub fn seconds(&self, spec: Option<&CheckedSpec>, shared: &Shared) -> Option<f64> {
        let (spec, dataset) = spec.zip(shared.dataset())?;
        match self.time(&Key::of(spec, dataset))? {
            EpochTime::Seconds(seconds) => Some(seconds),
            EpochTime::TooLarge | EpochTime::Unfit => None,
        }
    }

    fn time(&self, key: &Key) -> Option<EpochTime> {
        let known = self.known.iter().find(|(other, _)| other == key);
        known.map(|(_, time)| *time)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::preset;
    use crate::tui::run_state::{Phase, RunState};
    use crate::tui::shared::DataState;
    use crate::tui::theme::Theme;
    use std::sync::Arc;

    fn shared() -> Shared {
        let mut shared = Shared::new(Theme::default());
        shared.data = DataState::Ready {
            dataset: Arc::new(Dataset::sample().unwrap()),
            looked_in: Vec::new(),
        };
        shared
    }

    fn answer(times: &mut EpochTimes, spec: &CheckedSpec, shared: &Shared, seconds: f64) {
        let dataset = shared.dataset().unwrap();
        times.answer(spec, dataset, EpochTime::Seconds(seconds));
    }

    #[test]
    fn a_network_is_asked_for_once_and_its_time_is_kept() {
        let (mut times, shared) = (EpochTimes::default(), shared());
        let (tiny, best) = (preset("tiny").unwrap(), preset("best").unwrap());
        let asked = times.ask(Some(&tiny), &shared);
        assert_eq!(asked, Some(Effect::TimeEpoch(Box::new(tiny.clone()))));
        assert_eq!(times.ask(Some(&tiny), &shared), None);
        assert_eq!(times.texts(Some(&tiny), &shared), [""; 0]);
        answer(&mut times, &tiny, &shared, 21.4);
        let texts = times.texts(Some(&tiny), &shared);
        assert_eq!(
            texts,
            ["≈ 21 s an epoch, 3:34 in all", "≈ 21 s an epoch here"]
        );
        assert!(times.ask(Some(&best), &shared).is_some());
        // Back again: nothing is measured.
        assert_eq!(times.ask(Some(&tiny), &shared), None);
        assert_eq!(times.texts(Some(&tiny), &shared), texts);
        // Without valid network there is nothing to say.
        assert_eq!(times.ask(None, &shared), None);
        assert_eq!(times.texts(None, &shared), [""; 0]);
    }

    #[test]
    fn a_late_answer_is_not_taken_for_the_network_shown() {
        let (mut times, shared) = (EpochTimes::default(), shared());
        let (tiny, best) = (preset("tiny").unwrap(), preset("best").unwrap());
        times.ask(Some(&tiny), &shared);
        assert!(times.ask(Some(&best), &shared).is_some());
        answer(&mut times, &tiny, &shared, 1.0);
        assert_eq!(times.texts(Some(&best), &shared), [""; 0]);
        assert!(!times.texts(Some(&tiny), &shared).is_empty());
    }

    #[test]
    fn what_takes_no_time_asks_for_no_other_measurement() {
        let (mut times, shared) = (EpochTimes::default(), shared());
        let tiny = preset("tiny").unwrap();
        answer(&mut times, &tiny, &shared, 1.0);
        let is_same = |change: fn(&mut Spec)| {
            let changed = tiny.clone().changed(change).unwrap();
            !times.texts(Some(&changed), &shared).is_empty()
        };
        assert!(is_same(|spec| {
            (spec.seed, spec.epochs, spec.learning_rate) = (7, 3, 0.5);
            spec.name = "other".into();
        }));
        assert!(!is_same(|spec| spec.batch_size += 1));
        assert!(!is_same(|spec| spec.gradient_clip = 1.0));
        assert!(!is_same(|spec| spec.augmentation.shift = 2));
        assert!(!is_same(|spec| spec.validation.hold_out = 100));
        assert!(!is_same(|spec| {
            spec.layers.remove(1);
        }));
    }

    #[test]
    fn nothing_is_measured_during_a_run_and_the_known_is_still_shown() {
        let (mut times, mut shared) = (EpochTimes::default(), shared());
        let (tiny, best) = (preset("tiny").unwrap(), preset("best").unwrap());
        answer(&mut times, &tiny, &shared, 0.44);
        shared.run = Some(RunState::new(1, tiny.clone()));
        assert_eq!(times.ask(Some(&best), &shared), None);
        let text = |spec| times.texts(Some(spec), &shared).pop().unwrap();
        assert_eq!(text(&tiny), "≈ 0.4 s an epoch here");
        assert_eq!(text(&best), "not timed during a run");
        shared.run.as_mut().unwrap().phase = Phase::Failed("x".into());
        assert!(times.ask(Some(&best), &shared).is_some());
    }

    #[test]
    fn a_long_session_keeps_the_latest() {
        let (mut times, shared) = (EpochTimes::default(), shared());
        let tiny = preset("tiny").unwrap();
        for batch in 1..=MOST_KNOWN + 10 {
            let spec = tiny
                .clone()
                .changed(|spec| spec.batch_size = batch + 1)
                .unwrap();
            answer(&mut times, &spec, &shared, 1.0);
        }
        assert_eq!(times.known.len(), MOST_KNOWN);
    }
}
