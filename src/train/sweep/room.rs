//! Whether a sweep's members go with the data, and several at a time with the machine's memory.

use super::SweepMember;
use crate::data::Dataset;
use crate::spec::shown_bytes;
use crate::train::fits::check_shapes;
use crate::train::{MemoryNeed, available_memory};

/// Checks that every member's network takes the data's images and tells its classes apart.
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
pub fn check_room(members: &[&SweepMember], jobs: usize, dataset: &Dataset) -> Result<(), String> {
    match available_memory() {
        Some(available) if jobs > 1 => fits(&mut needs(members), jobs, data(dataset), available),
        _ => Ok(()),
    }
}

/// What each member needs without the images, which all of them share.
fn needs(members: &[&SweepMember]) -> Vec<u64> {
    let specs = members.iter().map(|member| &member.spec);
    let checked = specs.filter_map(|spec| Some((spec, spec.check().ok()?)));
    checked
        .map(|(spec, summary)| MemoryNeed::of_training(spec, &summary).total())
        .collect()
}

fn data(dataset: &Dataset) -> u64 {
    let nothing = MemoryNeed {
        fixed: 0,
        per_image: 0,
        batch: 0,
        costliest: 0,
        of_costliest: 0,
    };
    nothing.with_data(dataset).total()
}

/// Whether the `jobs` greediest fit beside the data.
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

    #[test]
    fn the_greediest_must_fit_together_and_what_fits_is_said() {
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
