//! Files that are damaged: one line that names the file, and nothing left behind.

use crate::{empty, everything, fail, succeed, train_tiny};
use flate2::{Compression, read::GzDecoder, write::GzEncoder};
use fmnist_tui::data::sample;
use serde_json::Value;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

fn unpack(bytes: &[u8]) -> Vec<u8> {
    let mut raw = Vec::new();
    GzDecoder::new(bytes).read_to_end(&mut raw).unwrap();
    raw
}

fn pack(raw: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(raw).unwrap();
    encoder.finish().unwrap()
}

/// Writes the sample set into `folder/data` with one file changed; gives that file's name.
fn damaged(folder: &Path, part: &str, change: impl Fn(Vec<u8>) -> Vec<u8>) -> String {
    let data = folder.join("data");
    std::fs::create_dir_all(&data).unwrap();
    let mut changed = String::new();
    for (name, bytes) in sample::FILES {
        let mut bytes = bytes.to_vec();
        if name.contains(part) {
            bytes = change(bytes);
            changed = name.to_owned();
        }
        std::fs::write(data.join(name), bytes).unwrap();
    }
    assert!(
        !changed.is_empty(),
        "no file of the sample set is called like {part}"
    );
    changed
}

fn refuses(part: &str, change: impl Fn(Vec<u8>) -> Vec<u8>) {
    let folder = empty();
    let name = damaged(folder.path(), part, change);
    let before = everything(folder.path());
    let commands: [&[&str]; 3] = [
        &[
            "train", "--preset", "tiny", "--epochs", "1", "--data", "data",
        ],
        &["bench", "--preset", "tiny", "--data", "data"],
        &["data", "info", "--data", "data"],
    ];
    for args in commands {
        let error = fail(folder.path(), 1, args);
        assert!(error.contains(&name), "{args:?}: {error}");
    }
    assert_eq!(everything(folder.path()), before);
}

#[test]
fn a_file_cut_short() {
    refuses("train-images", |bytes| bytes[..bytes.len() / 2].to_vec());
    refuses("t10k-labels", |bytes| bytes[..4].to_vec());
    refuses("train-labels", |_| Vec::new());
}

#[test]
fn a_file_with_damaged_bytes() {
    refuses("train-images", |mut bytes| {
        let middle = bytes.len() / 2;
        for byte in &mut bytes[middle..middle + 64] {
            *byte ^= 0xa5;
        }
        bytes
    });
}

#[test]
fn a_file_of_another_kind() {
    refuses("t10k-images", |bytes| {
        let mut raw = unpack(&bytes);
        raw[3] = 7;
        pack(&raw)
    });
    refuses("train-labels", |_| pack(b"<html>404</html>"));
}

#[test]
fn counts_that_disagree() {
    refuses("train-labels", |bytes| {
        let mut raw = unpack(&bytes);
        raw.pop();
        let count = u32::from_be_bytes([raw[4], raw[5], raw[6], raw[7]]) - 1;
        raw[4..8].copy_from_slice(&count.to_be_bytes());
        pack(&raw)
    });
    // More images announced than the file holds: refused without making room for them.
    refuses("train-images", |bytes| {
        let mut raw = unpack(&bytes);
        raw[4..8].copy_from_slice(&u32::MAX.to_be_bytes());
        pack(&raw)
    });
}

#[test]
fn a_label_there_is_no_class_for() {
    refuses("t10k-labels", |bytes| {
        let mut raw = unpack(&bytes);
        let last = raw.len() - 1;
        raw[last] = 200;
        pack(&raw)
    });
}

/// The program must refuse this model file in every way it can be used.
fn refuses_model(folder: &Path, bytes: &[u8]) {
    std::fs::write(folder.join("bad.safetensors"), bytes).unwrap();
    let before = everything(folder);
    let commands: [&[&str]; 2] = [
        &["eval", "bad.safetensors", "--predictions", "out.txt"],
        &["predict", "bad.safetensors", "--index", "0"],
    ];
    for args in commands {
        let error = fail(folder, 1, args);
        assert!(error.contains("bad.safetensors"), "{error}");
    }
    assert_eq!(everything(folder), before);
}

#[test]
fn a_model_file_cut_short_or_made_up() {
    let folder = empty();
    let good = std::fs::read(train_tiny(folder.path()).join("model.safetensors")).unwrap();
    for length in [0, 4, 100, good.len() / 2, good.len() - 1] {
        refuses_model(folder.path(), &good[..length]);
    }
    let mut huge_header = good.clone();
    huge_header[..8].copy_from_slice(&u64::MAX.to_le_bytes());
    refuses_model(folder.path(), &huge_header);
    refuses_model(folder.path(), b"{}");
    let error = fail(folder.path(), 1, &["eval", "none.safetensors"]);
    assert!(error.contains("none.safetensors"), "{error}");
}

/// A safetensors file's header and what comes after it.
fn parts(path: &PathBuf) -> (Value, Vec<u8>) {
    let bytes = std::fs::read(path).unwrap();
    let length = u64::from_le_bytes(bytes[..8].try_into().unwrap()) as usize;
    let header = serde_json::from_slice(&bytes[8..8 + length]).unwrap();
    (header, bytes[8 + length..].to_vec())
}

#[test]
fn a_model_file_with_another_networks_spec() {
    let folder = empty();
    let tiny = train_tiny(folder.path()).join("model.safetensors");
    let args = [
        "train", "--preset", "lenet5", "--epochs", "1", "--limit", "64", "--out", "other",
    ];
    succeed(folder.path(), &args);
    let (mut header, tensors) = parts(&tiny);
    let (other, _) = parts(&folder.path().join("other/model.safetensors"));
    header["__metadata__"] = other["__metadata__"].clone();
    let header = header.to_string();
    let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
    bytes.extend(header.as_bytes());
    bytes.extend(tensors);
    refuses_model(folder.path(), &bytes);
}
