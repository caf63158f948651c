//! What texts begin with.

/// The letters that all of these texts begin with; none of no texts.
pub fn common_beginning<S: AsRef<str>>(texts: &[S]) -> &str {
    let Some((first, rest)) = texts.split_first() else {
        return "";
    };
    let mut common = first.as_ref();
    for text in rest.iter().map(AsRef::as_ref) {
        let same = common
            .char_indices()
            .zip(text.chars())
            .find(|((_, a), b)| a != b)
            .map_or(common.len().min(text.len()), |((at, _), _)| at);
        common = common.get(..same).unwrap_or_default();
    }
    common
}
