//! Reading a spec from JSON with errors that name the file, the line, the field and what is allowed.

use super::{CheckedSpec, Problem, Spec, SpecError, choices, limits, variant};
use crate::fs::read_limited;
use serde::de::{
    DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor,
};
use serde_path_to_error::Segment;
use std::path::Path;

/// No sensible spec is longer.
const MAX_BYTES: u64 = 1 << 20;

impl Spec {
    /// Reads and checks a spec file.
    ///
    /// # Errors
    /// When the file cannot be read, is not JSON, has an unknown field, or a value or shape that
    /// does not fit.
    pub fn read(path: &Path) -> Result<CheckedSpec, SpecError> {
        let failed = |source| SpecError::Read {
            path: path.to_owned(),
            source,
        };
        let bytes = read_limited(path, MAX_BYTES).map_err(failed)?;
        let text = String::from_utf8(bytes)
            .map_err(|_| failed(std::io::Error::other("it is not text (UTF-8)")))?;
        Self::parse(&text, path)
    }

    /// Parses and checks a spec; `origin` stands for the file in errors.
    ///
    /// # Errors
    /// As [`Spec::read`], except for reading the file.
    pub fn parse(text: &str, origin: &Path) -> Result<CheckedSpec, SpecError> {
        let invalid = |line, column, problem| SpecError::Invalid {
            path: origin.to_owned(),
            line,
            column,
            problem,
        };
        let mut json = serde_json::Deserializer::from_str(text);
        let spec: Self = serde_path_to_error::deserialize(&mut json).map_err(|error| {
            let problem = describe(&error);
            let (line, column) = (error.inner().line(), error.inner().column());
            invalid(line, column, problem)
        })?;
        json.end().map_err(|error| {
            let problem = Problem::field(&[], "text after the end of the spec; remove it");
            invalid(error.line(), error.column(), problem)
        })?;
        spec.check().map_err(|problem| {
            let (line, column) = position(text, &problem.path);
            invalid(line, column, problem)
        })
    }
}

/// Turns a parser's error into a problem at its place, with the field's limit where it has one.
fn describe(error: &serde_path_to_error::Error<serde_json::Error>) -> Problem {
    let path: Vec<String> = error
        .path()
        .iter()
        .filter_map(|segment| match segment {
            Segment::Seq { index } => Some(index.to_string()),
            Segment::Map { key } => Some(key.clone()),
            Segment::Enum { variant } => Some(variant.clone()),
            Segment::Unknown => None,
        })
        .collect();
    let full = error.inner().to_string();
    // The parser ends its message with the position, with which ours begins already.
    let message = full
        .rsplit_once(" at line ")
        .map_or(full.as_str(), |(message, _)| message);
    let mut message = crate::text::escape_controls(message);
    let owner = path.iter().rev().nth(1).map_or("", String::as_str);
    if let Some(field) = path.last()
        && let Some(limit) = limits::limit(owner, field)
    {
        message = format!("{field} must be {limit}: {message}");
    }
    // For a number in place of a variant, the parser does not list the variants.
    if message == "expected value"
        && let Some(offered) = path.last().and_then(|field| choices(field))
    {
        let mut names: Vec<String> = offered
            .iter()
            .filter_map(variant)
            .map(|(name, _)| format!("`{name}`"))
            .collect();
        names.dedup();
        message = format!("expected one of {}", names.join(", "));
    }
    Problem { path, message }
}

/// Line and column, from 1, of the value that `path` leads to, or of as much of it as there is.
fn position(text: &str, path: &[String]) -> (usize, usize) {
    // A deserializer that walks to the place and fails there: its error carries the position.
    for length in (0..=path.len()).rev() {
        let mut json = serde_json::Deserializer::from_str(text);
        if let Err(error) = (Walk(&path[..length])).deserialize(&mut json)
            && error.to_string().starts_with(FOUND)
        {
            return (error.line(), error.column());
        }
    }
    (1, 1)
}

const FOUND: &str = "found";

/// Walks along the keys and fails with [`FOUND`] at the last one's value.
struct Walk<'a>(&'a [String]);

impl<'de> DeserializeSeed<'de> for Walk<'_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Walk<'_> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(FOUND)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Some((first, rest)) = self.0.split_first() else {
            return Err(A::Error::custom(FOUND));
        };
        while let Some(key) = map.next_key::<String>()? {
            if key == *first {
                map.next_value_seed(Walk(rest))?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let Some((first, rest)) = self.0.split_first() else {
            return Err(A::Error::custom(FOUND));
        };
        let wanted: Option<usize> = first.parse().ok();
        let mut index = 0;
        loop {
            if Some(index) == wanted {
                if list.next_element_seed(Walk(rest))?.is_none() {
                    return Ok(());
                }
            } else if list.next_element::<IgnoredAny>()?.is_none() {
                return Ok(());
            }
            index += 1;
        }
    }

    fn visit_bool<E: serde::de::Error>(self, _: bool) -> Result<(), E> {
        self.scalar()
    }
    fn visit_u64<E: serde::de::Error>(self, _: u64) -> Result<(), E> {
        self.scalar()
    }
    fn visit_i64<E: serde::de::Error>(self, _: i64) -> Result<(), E> {
        self.scalar()
    }
    fn visit_f64<E: serde::de::Error>(self, _: f64) -> Result<(), E> {
        self.scalar()
    }
    fn visit_str<E: serde::de::Error>(self, _: &str) -> Result<(), E> {
        self.scalar()
    }
    fn visit_unit<E: serde::de::Error>(self) -> Result<(), E> {
        self.scalar()
    }
}

impl Walk<'_> {
    /// A scalar ends the way: the place itself, or the variant that a unit layer's string names.
    fn scalar<E: serde::de::Error>(self) -> Result<(), E> {
        if self.0.len() <= 1 {
            Err(E::custom(FOUND))
        } else {
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"{
  "name": "small",
  "layers": [
    { "Conv2d": { "out_channels": 4, "kernel_size": 3 } },
    "Flatten",
    { "Dense": { "units": 10 } }
  ],
  "optimizer": { "Sgd": {} },
  "learning_rate": 0.1,
  "batch_size": 32,
  "epochs": 2
}"#;

    fn error_of(text: &str) -> String {
        Spec::parse(text, Path::new("run.json"))
            .unwrap_err()
            .to_string()
    }

    #[test]
    fn defaults_fill_what_is_left_out() {
        let spec = Spec::parse(GOOD, Path::new("run.json")).unwrap();
        assert_eq!(spec.input.height, 28);
        assert_eq!(spec.dataset, "fashion-mnist");
        assert_eq!(spec.seed, 1);
    }

    #[test]
    fn an_unknown_field_names_file_line_and_the_fields_there_are() {
        let error = error_of(&GOOD.replace("\"kernel_size\"", "\"kernel\""));
        assert!(error.starts_with("run.json:4:"), "{error}");
        assert!(error.contains("layer 1 (Conv2d)"), "{error}");
        assert!(error.contains("unknown field `kernel`"), "{error}");
        assert!(error.contains("`kernel_size`"), "{error}");
    }

    #[test]
    fn a_wrong_type_names_the_range() {
        let error = error_of(&GOOD.replace("\"kernel_size\": 3", "\"kernel_size\": -3"));
        assert!(error.starts_with("run.json:4:"), "{error}");
        assert!(
            error.contains("kernel_size must be a whole number from 1 to 64"),
            "{error}"
        );
    }

    #[test]
    fn a_value_out_of_range_is_placed_at_its_line() {
        let error = error_of(&GOOD.replace("\"batch_size\": 32", "\"batch_size\": 0"));
        assert!(error.starts_with("run.json:10:"), "{error}");
        assert!(error.contains("batch_size: is 0; it must be"), "{error}");
        let error = error_of(&GOOD.replace("\"learning_rate\": 0.1", "\"learning_rate\": -1"));
        assert!(error.starts_with("run.json:9:"), "{error}");
    }

    #[test]
    fn a_shape_error_is_placed_at_its_layer() {
        let error = error_of(&GOOD.replace("\"kernel_size\": 3", "\"kernel_size\": 40"));
        assert!(error.starts_with("run.json:4:"), "{error}");
        assert!(
            error.contains("layer 1 (Conv2d): kernel 40 is larger than its 28×28 input"),
            "{error}"
        );
        let error = error_of(&GOOD.replace("    \"Flatten\",\n", ""));
        assert!(error.starts_with("run.json:5:"), "{error}");
        assert!(error.contains("Flatten"), "{error}");
        // A unit layer is a bare string: the way to it is one step longer than the JSON.
        let error = error_of(&GOOD.replace("\"Flatten\",", "\"Flatten\", \"GlobalAvgPool\","));
        assert!(error.starts_with("run.json:5:"), "{error}");
        assert!(error.contains("layer 3 (GlobalAvgPool)"), "{error}");
    }

    #[test]
    fn broken_json_is_placed_where_it_breaks() {
        assert!(error_of("{\n  \"name\": \"x\",\n").starts_with("run.json:3:"));
        assert!(error_of(&format!("{GOOD} extra")).contains("text after the end"));
        assert!(error_of("").contains("EOF"));
    }

    #[test]
    fn an_unknown_layer_names_the_layers_there_are() {
        let error = error_of(&GOOD.replace("\"Flatten\"", "\"Flaten\""));
        assert!(error.contains("unknown variant `Flaten`"), "{error}");
        assert!(error.contains("`Flatten`"), "{error}");
    }
}
