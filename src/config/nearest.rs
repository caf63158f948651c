//! The name that was meant.

/// Names less alike than this are not suggested.
const LEAST_ALIKE: f64 = 0.7;

/// `; is "name" meant?`, of the name most like a wrong one; empty where none is like it.
pub fn suggestion<'a>(wrong: &str, names: impl IntoIterator<Item = &'a str>) -> String {
    let alike = names
        .into_iter()
        .map(|name| (strsim::jaro_winkler(wrong, name), name))
        .filter(|(alike, _)| *alike >= LEAST_ALIKE)
        .max_by(|(one, _), (other, _)| one.total_cmp(other));
    alike.map_or(String::new(), |(_, name)| format!("; is {name:?} meant?"))
}
