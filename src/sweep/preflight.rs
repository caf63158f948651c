//! Whether a sweep's members fit the data, and several at a time the machine's memory.

use super::SweepMember;
use crate::data::Dataset;
use crate::spec::CheckedSpec;
use crate::text::shown_bytes;
use crate::train::preflight::check_shapes;
use crate::train::{MemoryNeed, available_memory};

/// Checks that every member's network takes the data's images and has a score for each of its classes.
///
/// # Errors
/// A sentence that names the first member that does not, with its values.
pub fn check_shapes_of(members: &[SweepMember], dataset: &Dataset) -> Result<(), String> {
    for member in members {
        check_shapes(&member.spec, dataset)
            .map_err(|error| format!("{}: {error}", member.label))?;
    }
    Ok(())
}

/// Checks that any `jobs` of the members can be trained at the same time. A single one is checked when
/// it begins, as every run is.
///
/// # Errors
/// A sentence with what is needed, what there is, and how many at a time would fit.
pub fn check_memory(
    members: &[&SweepMember],
    jobs: usize,
    dataset: &Dataset,
) -> Result<(), String> {
    match available_memory() {
        Some(available) if jobs > 1 => {
            let specs = members.iter().map(|member| &member.spec);
            let mut needs: Vec<u64> = specs.map(|spec| need(spec, dataset)).collect();
            let data = MemoryNeed::default().with_data(dataset).total();
            fits(&mut needs, jobs, data, available)
        }
        _ => Ok(()),
    }
}

/// What a member needs in addition to the data, which all of them share.
fn need(spec: &CheckedSpec, dataset: &Dataset) -> u64 {
    let need = MemoryNeed::of_training(spec);
    let need = match (spec.validation.hold_out, spec.exclude.is_empty()) {
        (0, true) => need,
        // Those held out and the others are copies, made for this member alone.
        _ => need.with_images(&dataset.train),
    };
    need.total()
}

/// Whether the `jobs` members that need most fit beside the data.
fn fits(needs: &mut [u64], jobs: usize, data: u64, available: u64) -> Result<(), String> {
    needs.sort_unstable_by(|a, b| b.cmp(a));
    let sum = |jobs: usize| data + needs.iter().take(jobs).sum::<u64>();
    if sum(jobs) <= available {
        return Ok(());
    }
    let fitting = (1..jobs).rev().find(|jobs| sum(*jobs) <= available);
    let remedy = match fitting {
        Some(jobs) => format!("--jobs {jobs} fits"),
        None => "lower batch_size or make the network smaller".to_owned(),
    };
    Err(format!(
        "--jobs {jobs}: so many members at a time may need {} of memory and {} are free; {remedy}",
        shown_bytes(sum(jobs)),
        shown_bytes(available)
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::preset;

    #[test]
    fn a_member_that_holds_images_out_has_a_copy_of_them_all() {
        let dataset = Dataset::sample().unwrap();
        let spec = preset("tiny").unwrap();
        let copied = need(&spec, &dataset) - MemoryNeed::of_training(&spec).total();
        let images = dataset.train.images.len() as u64;
        assert!((images..images + images / 10).contains(&copied));
        let all = spec.changed(|spec| spec.validation.hold_out = 0).unwrap();
        let shared = MemoryNeed::of_training(&all).total();
        assert_eq!(need(&all, &dataset), shared);
    }

    #[test]
    fn the_largest_must_fit_together_and_the_error_says_how_many_fit() {
        let mib = 1 << 20;
        let mut needs = [10 * mib, 300 * mib, 20 * mib, 200 * mib];
        assert!(fits(&mut needs, 4, mib, 531 * mib).is_ok());
        assert!(fits(&mut needs, 9, mib, 531 * mib).is_ok());
        let error = fits(&mut needs, 3, mib, 510 * mib).unwrap_err();
        assert!(
            error.contains("521.0 MiB") && error.contains("510.0 MiB"),
            "{error}"
        );
        assert!(error.ends_with("--jobs 2 fits"), "{error}");
        let error = fits(&mut needs, 2, mib, 100 * mib).unwrap_err();
        assert!(
            error.ends_with("lower batch_size or make the network smaller"),
            "{error}"
        );
    }
}
