//! Which pictures test where the source does not say it.

/// For each picture whether it is taken for the test set: of each class the same `share`, spread evenly over its
/// pictures in their order. A class of several pictures keeps one at least on each side; one alone is trained on.
pub fn taken(labels: &[u8], classes: usize, share: f64) -> Vec<bool> {
    let mut counts = vec![0_usize; classes];
    for label in labels {
        counts[usize::from(*label)] += 1;
    }
    let wanted: Vec<usize> = counts.iter().map(|count| share_of(*count, share)).collect();
    let mut seen = vec![0_usize; classes];
    let is_taken = |label: &u8| {
        let class = usize::from(*label);
        let (place, count, wanted) = (seen[class], counts[class], wanted[class]);
        seen[class] += 1;
        // Where the share of the pictures so far, rounded, grows by one.
        let so_far = |place: usize| (2 * place * wanted + count) / (2 * count);
        so_far(place + 1) > so_far(place)
    };
    labels.iter().map(is_taken).collect()
}

fn share_of(count: usize, share: f64) -> usize {
    let wanted = (count as f64 * share).round() as usize;
    wanted.max(1).min(count.saturating_sub(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_class_gives_its_share_from_everywhere_and_keeps_some() {
        let labels = [vec![0; 100], vec![1; 20], vec![2; 3], vec![3]].concat();
        let taken = taken(&labels, 4, 0.1);
        let of = |class: u8| {
            let mut places = labels
                .iter()
                .zip(&taken)
                .filter(|(label, _)| **label == class);
            let count = places.clone().filter(|(_, taken)| **taken).count();
            (count, places.position(|(_, taken)| *taken))
        };
        assert_eq!(of(0), (10, Some(4)));
        assert_eq!(of(1), (2, Some(4)));
        assert_eq!(of(2), (1, Some(1)));
        assert_eq!(of(3), (0, None));
    }

    #[test]
    fn any_share_takes_the_number_it_states() {
        for count in 1..60 {
            for share in [0.01, 0.1, 0.3, 0.5, 0.77, 0.99] {
                let taken = taken(&vec![0; count], 1, share);
                let found = taken.iter().filter(|taken| **taken).count();
                assert_eq!(found, share_of(count, share), "{share} of {count}");
            }
        }
    }
}
