//! What an array is by its name.

/// What an array holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Pictures.
    Images,
    /// A class for each picture.
    Labels,
}

/// What is said of arrays without a role.
pub const NAMES: &str = "has arrays whose names do not say what they hold; call them x_train, y_train, x_test and y_test";

/// The role of an array called `name`; none if the name says neither.
pub fn role_of(name: &str) -> Option<Role> {
    let name = name.to_ascii_lowercase();
    let words: Vec<&str> = name
        .split(|letter: char| !letter.is_ascii_alphanumeric())
        .collect();
    let has = |parts: &[&str]| parts.iter().any(|part| name.contains(part));
    let says = |word: &str| {
        let parts = ["train", "test", "val", "valid"];
        words.iter().any(|found| {
            *found == word
                || parts.iter().any(|part| {
                    found.strip_prefix(part) == Some(word) || found.strip_suffix(part) == Some(word)
                })
        })
    };
    if has(&["label", "target", "lbl"]) || says("y") {
        // Names of classes are no labels.
        (!has(&["name"])).then_some(Role::Labels)
    } else if has(&["image", "img", "picture", "pixel", "data"]) || says("x") {
        Some(Role::Images)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_in_use_are_understood() {
        for name in [
            "x_train",
            "X",
            "train_images",
            "kmnist-test-imgs",
            "data",
            "xtest",
        ] {
            assert_eq!(role_of(name), Some(Role::Images), "{name}");
        }
        for name in [
            "y_train",
            "y",
            "val_labels",
            "k49-train-labels",
            "target",
            "trainY",
        ] {
            assert_eq!(role_of(name), Some(Role::Labels), "{name}");
        }
        for name in ["target_names", "DESCR", "weights", "arr_0"] {
            assert_eq!(role_of(name), None, "{name}");
        }
    }
}
