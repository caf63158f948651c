//! Which parts are to be left out.

use crate::cli::errors::Usage;
use crate::spec::Spec;
use crate::spec::ablation::{Candidate, Part};

/// Stands for every part that can be left out.
const ALL: &str = "all";

/// The candidates that the options name; without any, all that can be left out.
///
/// # Errors
/// A part that does not exist, is no layer or setting as the option says, or cannot be left out.
pub fn chosen<'a>(
    spec: &Spec,
    candidates: &'a [Candidate],
    layers: &[String],
    settings: &[String],
) -> Result<Vec<&'a Candidate>, Usage> {
    let possible = || {
        candidates
            .iter()
            .filter(|candidate| candidate.variant.is_ok())
    };
    let mut found: Vec<&Candidate> = Vec::new();
    for (option, keys, is_layer) in [("--layers", layers, true), ("--settings", settings, false)] {
        for key in keys.iter().map(|key| key.trim()) {
            if key == ALL {
                found.extend(possible().filter(|candidate| candidate.part.is_layer() == is_layer));
                continue;
            }
            let part =
                Part::parse(spec, key).map_err(|error| Usage(format!("{option}: {error}")))?;
            if part.is_layer() != is_layer {
                let other = if is_layer { "--settings" } else { "--layers" };
                return Err(Usage(format!("{option}: {key} belongs to {other}")));
            }
            let candidate = candidates.iter().find(|candidate| candidate.part == part);
            match candidate.map(|candidate| (candidate, &candidate.variant)) {
                Some((candidate, Ok(_))) => found.push(candidate),
                Some((candidate, Err(reason))) => {
                    let name = &candidate.name;
                    return Err(Usage(format!(
                        "{option}: {name} cannot be left out: {reason}"
                    )));
                }
                None => {}
            }
        }
    }
    if layers.is_empty() && settings.is_empty() {
        found = possible().collect();
    }
    // Named twice, or by name and by `all`.
    let mut once: Vec<&Candidate> = Vec::with_capacity(found.len());
    for candidate in found {
        if !once.contains(&candidate) {
            once.push(candidate);
        }
    }
    match once.is_empty() {
        true => Err(Usage(
            "this network has no part that can be left out; --list says why".into(),
        )),
        false => Ok(once),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::ablation::candidates;
    use crate::spec::preset;

    fn keys(layers: &[&str], settings: &[&str]) -> Result<Vec<String>, String> {
        let spec = preset("tiny").unwrap();
        let candidates = candidates(&spec);
        let owned =
            |keys: &[&str]| -> Vec<String> { keys.iter().map(|key| (*key).into()).collect() };
        let found = chosen(&spec, &candidates, &owned(layers), &owned(settings));
        let found = found.map_err(|error| error.to_string())?;
        Ok(found.iter().map(|candidate| candidate.part.key()).collect())
    }

    #[test]
    fn without_a_word_everything_that_can_be_is_left_out() {
        let all = keys(&[], &[]).unwrap();
        assert!(
            all.contains(&"1".to_owned()) && all.contains(&"schedule".to_owned()),
            "{all:?}"
        );
        assert!(!all.contains(&"8".to_owned()), "the scores: {all:?}");
        assert_eq!(
            keys(&["2", "BatchNorm", "2"], &[]).unwrap(),
            ["2", "BatchNorm"]
        );
        assert_eq!(keys(&[], &["all"]).unwrap(), ["schedule", "normalization"]);
    }

    #[test]
    fn what_is_wrong_is_said_with_the_option() {
        let error = keys(&["8"], &[]).unwrap_err();
        assert!(
            error.starts_with("--layers: 8 Dense 10 cannot be left out: "),
            "{error}"
        );
        let error = keys(&["schedule"], &[]).unwrap_err();
        assert_eq!(error, "--layers: schedule belongs to --settings");
        let error = keys(&[], &["mixup"]).unwrap_err();
        assert!(
            error.starts_with("--settings: the network has no \"mixup\""),
            "{error}"
        );
    }
}
