//! The spec as people write it: a line for each field of the spec and for each layer.

use crate::spec::Spec;
use crate::text::escape_json;
use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::Formatter;
use std::io::{Result, Write};

/// Down to this depth every value has a line of its own: the spec's fields, the layers.
const LINES: usize = 2;

/// The spec as text that is read back to the same spec.
pub fn text(spec: &Spec) -> String {
    let mut written = Vec::new();
    let mut serializer = Serializer::with_formatter(&mut written, Short::default());
    // Plain structs with string keys, into memory: this cannot fail.
    let _ = spec.serialize(&mut serializer);
    let lines = escape_json(&String::from_utf8(written).unwrap_or_default());
    lines.lines().map(broken).collect::<Vec<_>>().join("\n")
}

/// Longer lines are broken at the fields of their innermost object.
const WIDTH: usize = 100;

fn broken(line: &str) -> String {
    let object = line.rsplit_once("{ ").filter(|_| line.len() > WIDTH);
    let Some((key, fields)) = object.filter(|(key, _)| key.ends_with(": ")) else {
        return line.to_owned();
    };
    // After the first closing bracket there are only more of them, and a comma.
    let Some((fields, end)) = fields.split_once(" }") else {
        return line.to_owned();
    };
    // No object of a spec holds text with a quotation mark in it.
    let fields = fields.replace(", \"", ",\n    \"");
    format!("{key}{{\n    {fields}\n  }}{end}")
}

/// Breaks lines at the top and between layers, but not within them.
#[derive(Default)]
struct Short {
    /// For every open bracket, whether it is broken into lines.
    open: Vec<bool>,
    /// Whether the bracket opened last holds something.
    filled: bool,
}

impl Short {
    fn open(&mut self, broken: bool) {
        self.open.push(broken && self.open.iter().all(|open| *open));
        self.filled = false;
    }

    fn separate(&mut self, writer: &mut (impl Write + ?Sized), first: bool) -> Result<()> {
        self.filled = true;
        if !first {
            writer.write_all(b",")?;
        }
        if self.open.last() == Some(&true) {
            self.break_line(writer, self.open.len())
        } else {
            writer.write_all(b" ")
        }
    }

    fn break_line(&self, writer: &mut (impl Write + ?Sized), depth: usize) -> Result<()> {
        writer.write_all(b"\n")?;
        (0..depth).try_for_each(|_| writer.write_all(b"  "))
    }

    fn close(&mut self, writer: &mut (impl Write + ?Sized)) -> Result<()> {
        let broken = self.open.pop() == Some(true);
        let filled = std::mem::replace(&mut self.filled, true);
        match (filled, broken) {
            (false, _) => Ok(()),
            (true, true) => self.break_line(writer, self.open.len()),
            (true, false) => writer.write_all(b" "),
        }
    }
}

impl Formatter for Short {
    fn begin_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> Result<()> {
        self.open(self.open.len() < LINES);
        writer.write_all(b"[")
    }

    fn end_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> Result<()> {
        self.close(writer)?;
        writer.write_all(b"]")
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> Result<()> {
        self.separate(writer, first)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> Result<()> {
        self.open(self.open.is_empty());
        writer.write_all(b"{")
    }

    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> Result<()> {
        self.close(writer)?;
        writer.write_all(b"}")
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> Result<()> {
        self.separate(writer, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> Result<()> {
        writer.write_all(b": ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::{PRESETS, preset};

    #[test]
    fn the_text_of_a_preset_is_that_of_its_file() {
        for entry in PRESETS {
            let spec = preset(entry.name).unwrap();
            let again: Spec = serde_json::from_str(&text(&spec)).unwrap();
            assert_eq!(again, spec);
        }
        let spec = preset("tiny").unwrap();
        insta::assert_snapshot!(text(&spec));
        let best = text(&preset("best").unwrap());
        let optimizer = best.lines().skip_while(|line| !line.contains("Muon"));
        let lines = [
            r#"  "optimizer": { "Muon": {"#,
            r#"    "momentum": 0.95,"#,
            r#"    "nesterov": true,"#,
            r#"    "ns_steps": 3,"#,
            r#"    "update_rms": 0.6,"#,
            r#"    "weight_decay": 0.05"#,
            r#"  } },"#,
        ];
        assert!(optimizer.take(lines.len()).eq(lines), "{best}");
    }
}
