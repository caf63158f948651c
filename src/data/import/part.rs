//! The parts of a data set by the names people give them.

/// What a part is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PartName {
    /// To train on.
    Train,
    /// To choose by.
    Validation,
    /// To test with.
    Test,
}

impl PartName {
    /// The part that a file or an array is named after, as in `x_train` or `t10k-images-idx3-ubyte`.
    pub fn in_name(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        if name.contains("train") {
            Some(Self::Train)
        } else if name.contains("test") || name.contains("t10k") {
            Some(Self::Test)
        } else if name.contains("val") {
            Some(Self::Validation)
        } else {
            None
        }
    }

    /// The part that a folder is for: its whole name says it, since classes have any name.
    pub fn of_folder(name: &str) -> Option<Self> {
        match name.to_ascii_lowercase().as_str() {
            "train" | "training" => Some(Self::Train),
            "val" | "valid" | "validation" => Some(Self::Validation),
            "test" | "testing" => Some(Self::Test),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_told_by_the_names_in_use() {
        for (name, part) in [
            ("X_train", PartName::Train),
            ("t10k-labels-idx1-ubyte.gz", PartName::Test),
            ("val_images", PartName::Validation),
            ("test_batch.bin", PartName::Test),
        ] {
            assert_eq!(PartName::in_name(name), Some(part), "{name}");
        }
        assert_eq!(PartName::in_name("images"), None);
        assert_eq!(PartName::of_folder("Valid"), Some(PartName::Validation));
        assert_eq!(PartName::of_folder("trainers"), None);
    }
}
