//! What differs in how two runs came about, beside their specs.

use crate::runs::PastRun;
use crate::spec::Change;
use crate::text::grouped;
use crate::train::DataIdentity;

/// Stands where one of the two has nothing to say.
const NONE: &str = "-";

/// What the runs are called, began with, what changed under way, and the images they saw, as far as these differ.
pub fn history_differences(first: &PastRun, second: &PastRun) -> Vec<Change> {
    let beginning = |run: &PastRun| run.origin.as_ref().map(|origin| origin.in_words());
    let words = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let rows = [
        ("called", [first, second].map(|run| words(&run.label.name))),
        ("note", [first, second].map(|run| words(&run.label.note))),
        ("beginning", [first, second].map(beginning)),
        ("steered", [first, second].map(PastRun::steering_in_words)),
        ("images", images(first.data.as_ref(), second.data.as_ref())),
    ];
    let differing = rows.into_iter().filter(|(_, [one, other])| one != other);
    let change = |(path, cells): (&str, [Option<String>; 2])| {
        let [first, second] = cells.map(|cell| cell.unwrap_or_else(|| NONE.into()));
        Change::Field {
            path: path.into(),
            first,
            second,
        }
    };
    differing.map(change).collect()
}

/// In words where they are known of both and are others.
fn images(first: Option<&DataIdentity>, second: Option<&DataIdentity>) -> [Option<String>; 2] {
    match (first, second) {
        (Some(first), Some(second)) if first != second => [first, second].map(|data| {
            let (training, validation) = (data.train_images as u64, data.validation_images as u64);
            Some(format!(
                "{}: {} + {}, CRC {:08x}",
                data.name,
                grouped(training),
                grouped(validation),
                data.checksum
            ))
        }),
        _ => [None, None],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::preset;
    use crate::spec::vary::Settings;
    use crate::train::{Origin, Steered};

    #[test]
    fn a_fork_a_turn_under_way_and_other_images_are_told() {
        let plain = PastRun::in_test("a", Ok(preset("tiny").unwrap()), Vec::new());
        assert_eq!(history_differences(&plain, &plain), []);
        let mut other = plain.clone();
        other.origin = Some(Origin::Fork {
            run: "a".into(),
            epochs: 4,
            test_seen: false,
        });
        other.steering = vec![Steered {
            step: 50,
            epoch: 5,
            set: Settings::of("learning_rate", 0.01),
        }];
        let data = other.data.as_mut().unwrap();
        (data.train_images, data.checksum) = (55_000, 0x1a2b);
        let changes = history_differences(&plain, &other);
        let expected = [
            ("beginning", "-", "forked from a after epoch 4"),
            ("steered", "-", "learning_rate 0.01 in epoch 5"),
            (
                "images",
                "some: 60,000 + 10,000, CRC 00000001",
                "some: 55,000 + 10,000, CRC 00001a2b",
            ),
        ];
        let expected = expected.map(|(path, first, second)| Change::Field {
            path: path.into(),
            first: first.into(),
            second: second.into(),
        });
        assert_eq!(changes, expected);
        // Without a checkpoint the images are not known, and nothing is said of them.
        other.data = None;
        assert_eq!(history_differences(&plain, &other), expected[..2]);
    }
}
