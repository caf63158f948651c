//! What is to be explained.

use super::explained::Explained;
use super::facts::Facts;
use super::topic::Topic;
use super::topics::topic;

/// Something on a screen: names that may lead to a topic, the most telling first, and what is known of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Subject {
    /// Names of topics, fields or kinds.
    pub names: Vec<String>,
    /// Today's numbers.
    pub facts: Facts,
}

impl Subject {
    /// Something by its names, with nothing known of it.
    pub fn named<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        Self {
            names: names.into_iter().map(str::to_owned).collect(),
            facts: Facts::default(),
        }
    }

    /// The same with more known of it.
    pub fn with(mut self, facts: Facts) -> Self {
        self.facts.add(facts);
        self
    }

    /// Its topic.
    pub fn topic(&self) -> Option<&'static Topic> {
        self.names.iter().find_map(|name| topic(name))
    }

    /// What there is to say about it.
    pub fn explained(&self) -> Option<Explained> {
        Some(self.topic()?.explained(&self.facts))
    }
}
