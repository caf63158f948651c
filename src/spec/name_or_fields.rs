//! Enums whose variants may be written by name alone where all their fields have defaults.

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::{Value, json};
use std::fmt;
use std::marker::PhantomData;

/// Reads `"Variant"` as `{"Variant": {}}` where `T`'s variant has fields.
///
/// # Errors
/// Those of `T`.
pub fn name_or_fields<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    deserializer.deserialize_any(NameOrFields(PhantomData))
}

struct NameOrFields<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for NameOrFields<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name, or a name with fields in braces")
    }

    fn visit_str<E: serde::de::Error>(self, name: &str) -> Result<T, E> {
        let alone = Value::from(name);
        T::deserialize(alone)
            .or_else(|_| T::deserialize(json!({ name: {} })))
            .map_err(E::custom)
    }

    fn visit_map<A: MapAccess<'de>>(self, fields: A) -> Result<T, A::Error> {
        T::deserialize(MapAccessDeserializer::new(fields))
    }
}

#[cfg(test)]
mod tests {
    use super::super::Initializer;
    use super::*;

    fn read(json: &str) -> Result<Initializer, String> {
        name_or_fields(&mut serde_json::Deserializer::from_str(json))
            .map_err(|error| error.to_string())
    }

    #[test]
    fn a_name_stands_for_the_defaults() {
        let he = |gain| Ok(Initializer::HeNormal { gain });
        assert_eq!(read(r#""HeNormal""#), he(1.0));
        assert_eq!(read(r#"{"HeNormal": {}}"#), he(1.0));
        assert_eq!(read(r#"{"HeNormal": {"gain": 0.5}}"#), he(0.5));
    }

    #[test]
    fn errors_are_those_of_the_enum() {
        let of = |json| read(json).unwrap_err();
        assert!(of(r#""Normal""#).contains("missing field `std`"));
        assert!(of(r#""Zeros""#).contains("unknown variant `Zeros`, expected one of `Xavier"));
        assert!(of(r#"{"HeNormal": {"gian": 1}}"#).contains("unknown field `gian`"));
        assert!(of("3").contains("expected a name, or a name with fields"));
    }
}
