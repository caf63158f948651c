//! How names are compared.

/// The letters and digits of a name in lower case: `Conv2d`, `max-pool2d` and `MaxPool2d` are found as people
/// and files spell them.
pub fn key(name: &str) -> String {
    let kept = name.chars().filter(|letter| letter.is_alphanumeric());
    kept.flat_map(char::to_lowercase).collect()
}
