//! Some of the images, as many of each class.

/// At most `most` positions of `labels`, in order: of every class as many as of any other, or all where
/// it has fewer; those of a class are spread over all of its images.
pub fn evenly(labels: &[u8], most: usize) -> Vec<u32> {
    let mut classes: Vec<Vec<u32>> = vec![Vec::new(); 256];
    for (image, label) in labels.iter().enumerate() {
        classes[usize::from(*label)].push(image as u32);
    }
    classes.retain(|images| !images.is_empty());
    let taken =
        |each: usize| -> usize { classes.iter().map(|images| images.len().min(each)).sum() };
    // The largest number of each class that is not too many: between `low`, which is not, and `high`.
    let (mut low, mut high) = (0, labels.len() + 1);
    while low + 1 < high {
        let each = usize::midpoint(low, high);
        match taken(each) <= most {
            true => low = each,
            false => high = each,
        }
    }
    // What is left over goes to the first classes that have one more.
    let mut left_over = most.saturating_sub(taken(low));
    let mut chosen = Vec::with_capacity(most.min(labels.len()));
    for images in &classes {
        let more = usize::from(images.len() > low && left_over > 0);
        left_over -= more;
        let count = images.len().min(low) + more;
        chosen.extend((0..count).map(|index| images[index * images.len() / count]));
    }
    chosen.sort_unstable();
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_have_as_many_images_each_as_there_are() {
        let labels: Vec<u8> = (0..100).map(|image| u8::from(image >= 90)).collect();
        let of = |most: usize, class: u8| -> Vec<u32> {
            let chosen = evenly(&labels, most);
            assert_eq!(chosen.len(), most.min(100));
            assert!(chosen.is_sorted_by(|a, b| a < b));
            let mut chosen = chosen;
            chosen.retain(|image| labels[*image as usize] == class);
            chosen
        };
        // Spread over the images of the class, not its first ones.
        assert_eq!(of(6, 0), [0, 30, 60]);
        assert_eq!(of(6, 1), [90, 93, 96]);
        assert_eq!((of(5, 0).len(), of(5, 1).len()), (3, 2));
        // The small class gives all it has.
        assert_eq!((of(50, 0).len(), of(50, 1).len()), (40, 10));
        assert_eq!((of(500, 0).len(), of(500, 1).len()), (90, 10));
        assert_eq!(evenly(&[], 7), Vec::<u32>::new());
        // More classes than images are wanted.
        let labels: Vec<u8> = (0..=255).collect();
        assert_eq!(evenly(&labels, 3), [0, 1, 2]);
    }
}
