//! `layers.jsonl` of a run folder.

use crate::allocation::peak_of;
use crate::damage::damaged;
use fmnist_tui::runs::{parse_layers, read_layers};
use proptest::prelude::*;

const LINE: &str = r#"{"epoch":1,"images":64,"batch":64,"loss":0.5,"layers":[{"range":[-1.0,1.0],"training":{"count":4,"not_finite":0,"min":-1.0,"max":1.0,"mean":0.0,"std":0.5,"bins":[1,3]},"evaluation":{"count":4,"not_finite":0,"min":-1.0,"max":1.0,"mean":0.0,"std":0.5,"bins":[1,3]},"units":{"all":10,"dead":2},"parameters":{"norm":1.0,"gradient":null,"update":0.001,"frozen":false,"kernels":{"min":0.1,"median":0.2,"max":0.3}}}]}"#;

fn good() -> String {
    format!("{LINE}\n{LINE}\n{LINE}\n")
}

proptest! {
    #[test]
    fn damaged_files(bytes in damaged(good().into_bytes())) {
        prop_assert!(parse_layers(&bytes).0.len() <= 4);
    }
}

#[test]
fn a_line_that_cannot_be_read_is_named_and_those_before_it_are_kept() {
    let (layers, whole) = parse_layers(good().as_bytes());
    assert_eq!((layers.len(), whole), (3, Ok(())));
    let cut = good().replacen("\"dead\":2", "\"dead\":-2", 2);
    let cut = cut.replacen("-2", "2", 1);
    let (layers, whole) = parse_layers(cut.as_bytes());
    let problem = whole.unwrap_err();
    assert!(layers.len() == 1 && problem.contains("line 2"), "{problem}");
}

#[test]
fn a_line_of_a_gigabyte_is_not_read_to_its_end() {
    let folder = tempfile::tempdir().unwrap();
    let file = std::fs::File::create(folder.path().join("layers.jsonl")).unwrap();
    file.set_len(1 << 30).unwrap();
    let ((layers, whole), peak) = peak_of(|| read_layers(folder.path()));
    assert!(layers.is_empty() && peak < 64 << 20, "{peak} bytes");
    assert!(whole.unwrap_err().contains("layers.jsonl"));
}
