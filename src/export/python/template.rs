//! Templates: text with names between `@@` where something is put in.

/// The template with what `value` gives for each name; nothing for a name that it does not know.
pub fn filled(template: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let parts = template.split("@@").enumerate();
    let part = |(index, part): (usize, &str)| match index % 2 {
        0 => part.to_owned(),
        _ => value(part).unwrap_or_default(),
    };
    parts.map(part).collect()
}
