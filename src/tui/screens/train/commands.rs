//! The keys that command the run.

use crate::runs::GoingOn;
use crate::train::Command;
use crate::tui::effect::Effect;
use crate::tui::overlays::Question;
use crate::tui::request::Request;
use crate::tui::run_state::Phase;
use crate::tui::shared::Shared;

/// Pauses the run, or lets it go on.
pub fn pause_or_resume(shared: &mut Shared) -> Vec<Effect> {
    match shared.run.as_ref().map(|run| &run.phase) {
        Some(Phase::Paused) => {
            shared.say("going on");
            vec![Effect::Command(Command::Resume)]
        }
        Some(Phase::Running | Phase::Starting) => {
            shared.say("pausing after this batch");
            vec![Effect::Command(Command::Pause)]
        }
        Some(Phase::Finishing) => {
            shared.say("the run ends with this epoch; x stops it now");
            Vec::new()
        }
        Some(Phase::Done { .. }) => go_on(shared),
        _ => no_run(shared),
    }
}

/// Resumes the run that was stopped, from its folder; asks whether to make one longer that is complete.
fn go_on(shared: &mut Shared) -> Vec<Effect> {
    let run = shared.run.as_ref();
    let stopped = run.and_then(|run| Some((run, run.start.as_ref()?.folder.clone()?)));
    match stopped {
        Some((run, folder)) => {
            let how = GoingOn::to_its_end(folder);
            let stopped = matches!(run.phase, Phase::Done { stopped_early } if stopped_early);
            let spec = run.spec.clone();
            shared.requests.push(match stopped {
                true => Request::Continue(Box::new(spec), how),
                false => Request::ask_for_more(spec, how, run.epochs.len()),
            });
        }
        None => shared.say("this run was not saved; t trains the network anew"),
    }
    Vec::new()
}

/// Ends the run with the running epoch.
pub fn finish_epoch(shared: &mut Shared) -> Vec<Effect> {
    let Some(run) = shared.run.as_mut().filter(|run| run.is_active()) else {
        return no_run(shared);
    };
    run.phase = Phase::Finishing;
    shared.say("the run ends with this epoch; x stops it now");
    // A pause that the run has not reported yet would keep it from the end of its epoch.
    vec![
        Effect::Command(Command::FinishEpoch),
        Effect::Command(Command::Resume),
    ]
}

/// Asks whether to stop the run now.
pub fn stop(shared: &mut Shared) {
    if !shared.is_training() {
        no_run(shared);
        return;
    }
    let text = "Stop the run now? It is saved as it is; Space goes on with it later.";
    shared
        .requests
        .push(Request::Ask(Question::StopRun, text.to_owned()));
}

fn no_run(shared: &mut Shared) -> Vec<Effect> {
    shared.say("nothing is training; t trains the network");
    Vec::new()
}
