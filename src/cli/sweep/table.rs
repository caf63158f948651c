//! The table of a sweep: its groups, ranked, and what is missing.

use crate::stats::Spread;
use crate::sweep::{Group, MemberState, Standing, Sweep, ranking};
use crate::text::table::Table;

/// More bad members than this are counted, not listed.
const MOST_LISTED: usize = 20;

/// What the table shows and how it is ranked.
const HEADER: &str = "Validation accuracy over the seeds, mean ± sample standard deviation; ranked by \
                      the last epoch's";

/// How many members stand how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Counts {
    pub members: usize,
    pub done: usize,
    #[serde(skip_serializing_if = "is_zero")]
    pub pruned: usize,
    pub diverged: usize,
    pub failed: usize,
    pub under_way: usize,
    pub interrupted: usize,
    pub not_begun: usize,
}

/// Serde calls it with a reference.
fn is_zero(count: &usize) -> bool {
    *count == 0
}

impl Counts {
    /// Of these members.
    pub fn of(standings: &[Standing]) -> Self {
        let mut counts = Self {
            members: standings.len(),
            ..Self::default()
        };
        for standing in standings {
            let count = match standing.state {
                MemberState::Done => &mut counts.done,
                MemberState::Pruned(_) => &mut counts.pruned,
                MemberState::Diverged(_) => &mut counts.diverged,
                MemberState::Failed(_) | MemberState::Foreign(_) => &mut counts.failed,
                MemberState::UnderWay => &mut counts.under_way,
                MemberState::Interrupted => &mut counts.interrupted,
                MemberState::New => &mut counts.not_begun,
            };
            *count += 1;
        }
        counts
    }

    /// Members whose training is not over.
    pub fn missing(&self) -> usize {
        self.under_way + self.interrupted + self.not_begun
    }

    /// How many are missing, and why; nothing where none is.
    pub fn missing_line(&self) -> Option<String> {
        let parts = counted(&[
            (self.under_way, "under way in another process"),
            (self.interrupted, "interrupted"),
            (self.not_begun, "not begun"),
        ])?;
        let (missing, members) = (self.missing(), self.members);
        Some(format!(
            "{missing} of {members} members are missing: {parts}\n"
        ))
    }
}

/// The table with everything a reader must know of it.
pub fn text(sweep: &Sweep, standings: &[Standing]) -> String {
    let groups = ranking(sweep, standings);
    let mut text = format!("{HEADER}\n{}", groups_table(sweep, &groups));
    if groups.iter().any(Group::is_pruned) {
        text.push_str(
            "Those that were pruned stand behind all others, with their accuracy at that epoch\n",
        );
    }
    if groups
        .iter()
        .any(|group| group.diverged > 0 && group.done > 0)
    {
        text.push_str("Where a seed diverged, the others stand behind all without\n");
    }
    text.push_str(&bad_members(sweep, standings));
    text.extend(Counts::of(standings).missing_line());
    text
}

fn groups_table(sweep: &Sweep, groups: &[Group]) -> String {
    let is_number = |value: &String| value.parse::<f64>().is_ok();
    let mut header = vec![">rank".to_owned()];
    header.extend(sweep.plan.vary.iter().map(|vary| {
        let right = if vary.values.iter().all(is_number) {
            ">"
        } else {
            ""
        };
        format!("{right}{}", vary.key)
    }));
    header.extend([">seeds", ">last epoch", ">best epoch, picked"].map(str::to_owned));
    let has_notes = groups.iter().any(|group| note(group).is_some());
    if has_notes {
        header.push(match sweep.plan.prune {
            Some(_) => "note".into(),
            None => "not counted".into(),
        });
    }
    let names: Vec<&str> = header.iter().map(String::as_str).collect();
    let mut table = Table::new(&names);
    for (index, group) in groups.iter().enumerate() {
        let rank = group
            .last
            .or_else(|| pruned_at(group).map(|(_, at)| at))
            .map_or_else(|| "-".to_owned(), |_| (index + 1).to_string());
        let mut cells = vec![rank];
        cells.extend(group.values.iter().cloned());
        cells.extend([
            format!("{}/{}", group.done, group.seeds),
            spread(group.last.or_else(|| pruned_at(group).map(|(_, at)| at))),
            spread(group.best),
        ]);
        if has_notes {
            cells.push(note(group).unwrap_or_default());
        }
        table.row(cells);
    }
    table.text()
}

fn note(group: &Group) -> Option<String> {
    let bad = counted(&[(group.diverged, "diverged"), (group.failed, "failed")]);
    let pruned = pruned_at(group).map(|(epoch, _)| format!("pruned after epoch {epoch}"));
    let parts: Vec<String> = pruned.into_iter().chain(bad).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// After which epoch a group was pruned, and its accuracy then.
fn pruned_at(group: &Group) -> Option<(usize, Spread)> {
    group.so_far().filter(|_| group.is_pruned())
}

/// `2 diverged, 1 failed`; nothing where all counts are 0.
fn counted(parts: &[(usize, &str)]) -> Option<String> {
    let parts: Vec<String> = parts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// What has no spread leaves its place empty, so that the means stand in line.
fn spread(spread: Option<Spread>) -> String {
    spread.map_or_else(|| "-".to_owned(), |spread| spread.to_string())
}

/// Why members have no result, a line each.
pub fn bad_members(sweep: &Sweep, standings: &[Standing]) -> String {
    let pairs = sweep.members.iter().zip(standings);
    let bad: Vec<String> = pairs
        .filter_map(|(member, standing)| match &standing.state {
            MemberState::Diverged(message) => Some(format!("{}: {message}\n", member.label)),
            MemberState::Failed(message) | MemberState::Foreign(message) => {
                Some(format!("{}: failed: {message}\n", member.label))
            }
            _ => None,
        })
        .collect();
    let mut text: String = bad.iter().take(MOST_LISTED).map(String::as_str).collect();
    if let Some(more) = bad.len().checked_sub(MOST_LISTED).filter(|more| *more > 0) {
        text.push_str(&format!("and {more} more like these\n"));
    }
    text
}
