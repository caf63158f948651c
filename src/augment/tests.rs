use super::*;

fn picture() -> Vec<u8> {
    (0..784_u32).map(|pixel| (pixel * 7 % 251) as u8).collect()
}

fn all() -> Augmentation {
    Augmentation {
        rotation: 15.0,
        shift: 3,
        horizontal_flip: 0.5,
        vertical_flip: 0.5,
        contrast: 0.3,
        brightness: 0.3,
        erasing: 0.5,
        erasing_area: 0.25,
        mixup: 0.2,
    }
}

fn size(channels: usize, side: usize) -> ImageSize {
    ImageSize {
        channels,
        height: side,
        width: side,
    }
}

fn augmented(what: &Augmentation, key: (u64, usize, u32)) -> Vec<u8> {
    let mut image = picture();
    augment(&mut image, size(1, 28), what, 73, key);
    image
}

#[test]
fn the_same_key_gives_the_same_image_and_another_key_another() {
    let once = augmented(&all(), (1, 1, 5));
    assert_eq!(once, augmented(&all(), (1, 1, 5)));
    for key in [(2, 1, 5), (1, 2, 5), (1, 1, 6)] {
        assert_ne!(once, augmented(&all(), key));
    }
}

#[test]
fn nothing_is_changed_where_nothing_is_asked_for() {
    assert_eq!(augmented(&Augmentation::default(), (1, 1, 5)), picture());
}

#[test]
fn probabilities_hold() {
    let what = Augmentation {
        horizontal_flip: 0.25,
        ..Augmentation::default()
    };
    let flipped = (0..4000)
        .filter(|index| augmented(&what, (1, 1, *index)) != picture())
        .count();
    assert!((900..1100).contains(&flipped), "{flipped} of 4000");
}

#[test]
fn every_shift_within_the_limit_comes_and_none_beyond() {
    let what = Augmentation {
        shift: 1,
        ..Augmentation::default()
    };
    let mut seen = std::collections::BTreeSet::new();
    let mut dot = vec![0; 25];
    dot[12] = 9;
    for index in 0..500 {
        let mut image = dot.clone();
        augment(&mut image, size(1, 5), &what, 0, (3, 1, index));
        let at = image.iter().position(|level| *level == 9).unwrap();
        seen.insert((at / 5, at % 5));
    }
    let expected = (1..=3).flat_map(|row| (1..=3).map(move |column| (row, column)));
    assert!(seen.into_iter().eq(expected));
}
#[test]
fn only_what_is_done_is_told() {
    assert_eq!(Augmentation::default().to_string(), "none");
    assert!(!Augmentation::default().changes(&Changes::Images));
    assert!(!Augmentation::default().changes_anything());
    let mixed = Augmentation {
        mixup: 0.2,
        ..Augmentation::default()
    };
    assert!(mixed.changes_anything() && !mixed.changes(&Changes::Images));
    let some = Augmentation {
        shift: 2,
        horizontal_flip: 0.5,
        erasing: 0.25,
        ..Augmentation::default()
    };
    assert!(some.changes(&Changes::Images));
    assert_eq!(
        some.to_string(),
        "shift 2, horizontal flip 0.5, erasing 0.25 of up to 0.3"
    );
}

#[test]
fn the_empty_list_of_earlier_specs_means_none() {
    let old: Augmentation = serde_json::from_str("[]").unwrap();
    assert_eq!(old, Augmentation::default());
}

#[test]
fn three_equal_channels_change_alike() {
    let what = Augmentation {
        // The images' means are equal too, so contrast does the same to each.
        contrast: 0.3,
        ..all()
    };
    for index in 0..40 {
        let grey = augmented(&what, (1, 1, index));
        let mut colour = picture().repeat(3);
        augment(&mut colour, size(3, 28), &what, 73, (1, 1, index));
        assert!(colour.chunks_exact(784).all(|plane| plane == grey));
    }
}

#[test]
fn every_number_of_the_json_has_its_row_in_their_order() {
    let value = serde_json::to_string(&all()).unwrap();
    let mut rest = value.as_str();
    for field in FIELDS {
        let (_, after) = rest.split_once(&format!("\"{}\":", field.name)).unwrap();
        let number = after.split([',', '}']).next().unwrap();
        assert_eq!(number.parse(), Ok((field.value)(&all())), "{}", field.name);
        rest = after;
    }
    assert!(!rest.contains(':'), "{rest}");
}
