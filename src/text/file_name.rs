//! A spec's name as part of a file's name.

/// File systems allow 255 bytes; the rest is for what is put around this name.
const MAX_BYTES: usize = 180;

/// `name` as part of a file name: letters, digits, `.`, `_` and `-` stay, all else becomes `-`, and a
/// long name is cut. The result has no path separators.
pub fn file_name(name: &str) -> String {
    let mut safe: String = name
        .chars()
        .map(|letter| {
            if letter.is_alphanumeric() || matches!(letter, '.' | '_' | '-') {
                letter
            } else {
                '-'
            }
        })
        .take(60)
        .collect();
    while safe.len() > MAX_BYTES {
        safe.pop();
    }
    let trimmed = safe.trim_matches(['-', '.']);
    if trimmed.is_empty() {
        "untitled".into()
    } else {
        trimmed.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_safe_for_files() {
        assert_eq!(file_name("../../etc/passwd"), "etc-passwd");
        assert_eq!(file_name("a\u{1b}[2Jb"), "a--2Jb");
        assert_eq!(file_name("..."), "untitled");
        assert_eq!(file_name(&"a".repeat(80)).len(), 60);
        // Four bytes a letter.
        assert!(file_name(&"𝒳".repeat(80)).len() <= 180);
    }
}
