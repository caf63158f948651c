//! Keys that a lesson presses or waits for, by their names.

/// A key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Press {
    /// A letter, digit or sign.
    Char(char),
    /// Enter.
    Enter,
    /// Esc.
    Esc,
    /// Tab.
    Tab,
    /// Backspace.
    Backspace,
    /// Up.
    Up,
    /// Down.
    Down,
    /// Left.
    Left,
    /// Right.
    Right,
    /// Home.
    Home,
    /// End.
    End,
    /// PgUp.
    PageUp,
    /// PgDn.
    PageDown,
}

/// The keys that have names.
const NAMED: [(&str, Press); 13] = [
    ("Enter", Press::Enter),
    ("Esc", Press::Esc),
    ("Tab", Press::Tab),
    ("Space", Press::Char(' ')),
    ("Backspace", Press::Backspace),
    ("Up", Press::Up),
    ("Down", Press::Down),
    ("Left", Press::Left),
    ("Right", Press::Right),
    ("Home", Press::Home),
    ("End", Press::End),
    ("PgUp", Press::PageUp),
    ("PgDn", Press::PageDown),
];

impl Press {
    /// The keys that a word stands for: one letter or a name is that key, a word in lower case is typed.
    ///
    /// # Errors
    /// A word with a capital letter that is no name.
    pub fn parse(word: &str) -> Result<Vec<Self>, String> {
        let mut letters = word.chars();
        if let (Some(letter), None) = (letters.next(), letters.next()) {
            return Ok(vec![Self::Char(letter)]);
        }
        if let Some((_, key)) = NAMED.iter().find(|(name, _)| *name == word) {
            return Ok(vec![*key]);
        }
        if word.chars().any(char::is_uppercase) {
            let names: Vec<&str> = NAMED.iter().map(|(name, _)| *name).collect();
            let word = crate::text::escape_controls(word);
            return Err(format!(
                "{word} is no key; the keys with names are {}",
                names.join(", ")
            ));
        }
        Ok(word.chars().map(Self::Char).collect())
    }
}

impl std::fmt::Display for Press {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self, NAMED.iter().find(|(_, key)| key == self)) {
            (_, Some((name, _))) => f.write_str(name),
            (Self::Char(letter), None) => write!(f, "{letter}"),
            // Every other key has a name.
            (_, None) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_keys_names_or_typed() {
        assert_eq!(Press::parse("t"), Ok(vec![Press::Char('t')]));
        assert_eq!(Press::parse("PgDn"), Ok(vec![Press::PageDown]));
        assert_eq!(Press::parse("Space"), Ok(vec![Press::Char(' ')]));
        assert_eq!(Press::parse("ab").unwrap().len(), 2);
        assert!(Press::parse("Entr").is_err());
        for (name, key) in NAMED {
            assert_eq!(key.to_string(), name);
        }
    }
}
