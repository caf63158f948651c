//! All topics, and how they are found.

use super::key::key;
use super::texts::TOPIC_TEXTS;
use super::topic::Topic;
use std::cmp::Reverse;
use std::sync::LazyLock;

static TOPICS: LazyLock<Vec<Topic>> = LazyLock::new(|| {
    let read = TOPIC_TEXTS.iter();
    // A test reads all of them: none that ships is damaged.
    read.filter_map(|(name, text)| Topic::parse(name, text).ok())
        .collect()
});

/// All topics, by name.
pub fn topics() -> &'static [Topic] {
    &TOPICS
}

/// The topic called `name`, or that `name` leads to.
pub fn topic(name: &str) -> Option<&'static Topic> {
    let wanted = key(name);
    let is = |name: &String| key(name) == wanted;
    let by_name = TOPICS.iter().find(|topic| is(&topic.name));
    by_name.or_else(|| TOPICS.iter().find(|topic| topic.also.iter().any(is)))
}

/// The topics in which each of these words stands, the best first. No words find all.
pub fn search(words: &str) -> Vec<&'static Topic> {
    let words: Vec<String> = words.split_whitespace().map(str::to_lowercase).collect();
    let mut found: Vec<(u32, &Topic)> = Vec::new();
    for topic in TOPICS.iter() {
        let fits: Vec<u32> = words.iter().map(|word| topic.fits(word)).collect();
        if !fits.contains(&0) {
            found.push((fits.iter().sum(), topic));
        }
    }
    found.sort_by_key(|(fit, _)| Reverse(*fit));
    found.into_iter().map(|(_, topic)| topic).collect()
}

#[cfg(test)]
mod tests;
