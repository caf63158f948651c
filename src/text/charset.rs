//! Which characters the terminal can show, as far as the environment tells.

use std::sync::OnceLock;

static ASCII_ONLY: OnceLock<bool> = OnceLock::new();

/// Says for the whole process whether only ASCII can be shown; the first to say so decides.
pub fn set_ascii_only(ascii: bool) {
    // A second time there is nothing to change.
    let _ = ASCII_ONLY.set(ascii);
}

/// Whether only ASCII can be shown; no, where nobody has said so.
pub fn is_ascii_only() -> bool {
    ASCII_ONLY.get().copied().unwrap_or(false)
}

/// Whether the locale's characters are others than those of Unicode. `variable` looks up an environment variable;
/// the first of `LC_ALL`, `LC_CTYPE` and `LANG` that says something decides, and where none does, Unicode is
/// taken for granted, as on systems that have no such variables.
pub fn is_not_unicode(variable: impl Fn(&str) -> Option<String>) -> bool {
    let names = ["LC_ALL", "LC_CTYPE", "LANG"];
    let mut said = names.iter().filter_map(|name| variable(name));
    let locale = said.find(|locale| !locale.is_empty());
    locale.is_some_and(|locale| {
        let locale = locale.to_uppercase();
        !locale.contains("UTF-8") && !locale.contains("UTF8")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_variable_that_says_something_decides() {
        let is = |set: &[(&str, &str)]| {
            let set: Vec<(String, String)> = set
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect();
            is_not_unicode(|wanted| {
                let found = set.iter().find(|(name, _)| name == wanted);
                found.map(|(_, value)| value.clone())
            })
        };
        assert!(!is(&[]));
        assert!(!is(&[("LANG", "de_DE.utf8")]));
        assert!(!is(&[("LANG", "C"), ("LC_CTYPE", "C.UTF-8")]));
        assert!(is(&[("LANG", "en_US.UTF-8"), ("LC_ALL", "C")]));
        assert!(is(&[("LANG", "de_DE.ISO-8859-1"), ("LC_ALL", "")]));
        assert!(is(&[("LANG", "POSIX")]));
    }
}
