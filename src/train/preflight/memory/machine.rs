//! The memory that is left on this machine.

use sysinfo::{ProcessRefreshKind, ProcessesToUpdate, System};

/// Bytes this process may still allocate: what the system has without swapping, or what is left of the
/// process's share (a container's limit on Linux), whichever is less. `None` where the system does not
/// say.
pub fn available_memory() -> Option<u64> {
    let mut system = System::new().ok()?;
    system.refresh_memory();
    let free = Some(system.available_memory()).filter(|bytes| *bytes > 0);
    [free, left_of_share(&mut system)]
        .into_iter()
        .flatten()
        .min()
}

/// What is left of the process's share, if it has one. Cached files count as used, but are dropped when
/// memory is needed, so only the memory of programs is subtracted.
fn left_of_share(system: &mut System) -> Option<u64> {
    let process = sysinfo::get_current_pid().ok()?;
    let only = ProcessesToUpdate::Some(&[process]);
    system.refresh_processes_specifics(only, false, ProcessRefreshKind::nothing());
    let limits = system.process(process)?.cgroup_limits()?;
    Some(limits.total_memory.saturating_sub(limits.rss))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_that_runs_tests_has_some_memory_left() {
        let available = available_memory().unwrap();
        assert!((1 << 20..1 << 50).contains(&available), "{available}");
    }
}
