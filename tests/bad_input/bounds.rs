//! A file cannot make its reader take more memory than the file itself and what it may rightly state.

use crate::allocation::{left_by, peak_of};
use crate::{model, picture};
use flate2::Compression;
use flate2::write::GzEncoder;
use fmnist_tui::data::idx::{read_images, read_labels};
use fmnist_tui::data::import::format::{idx, numpy};
use fmnist_tui::data::picture::{decode, read_picture};
use fmnist_tui::nn::{Model, load_model, save_model};
use fmnist_tui::spec::{Input, Layer, Spec};
use png::ColorType;
use std::io::Write;
use std::path::{Path, PathBuf};

/// The buffer of a file, and what an error takes.
const SMALL: usize = 512 * 1024;

fn file(folder: &Path, bytes: &[u8]) -> PathBuf {
    let path = folder.join("file");
    std::fs::write(&path, bytes).unwrap();
    path
}

fn idx_header(magic: u32, numbers: &[u32]) -> Vec<u8> {
    let numbers = [&[magic], numbers].concat();
    numbers
        .iter()
        .flat_map(|number| number.to_be_bytes())
        .collect()
}

/// `start` and then zeros, `size` bytes in all, gzipped piece by piece.
fn bomb(start: &[u8], size: usize) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(start).unwrap();
    let piece = vec![0; 1 << 20];
    let mut left = size - start.len();
    while left > 0 {
        let count = left.min(piece.len());
        encoder.write_all(&piece[..count]).unwrap();
        left -= count;
    }
    encoder.finish().unwrap()
}

#[test]
fn an_idx_header_that_lies_takes_no_memory() {
    let folder = tempfile::tempdir().unwrap();
    for header in [
        idx_header(0x803, &[u32::MAX, 28, 28]),
        idx_header(0x803, &[1_000_000, 64, 64]),
        idx_header(0x803, &[60_000, u32::MAX, u32::MAX]),
        idx_header(0x801, &[u32::MAX]),
        idx_header(0x801, &[1_000_000]),
    ] {
        for bytes in [header.clone(), bomb(&header, header.len())] {
            let path = file(folder.path(), &bytes);
            let (images, peak) = peak_of(|| read_images(&path));
            assert!(images.is_err() && peak < SMALL, "{peak} bytes");
            let (labels, peak) = peak_of(|| read_labels(&path));
            assert!(labels.is_err() && peak < SMALL, "{peak} bytes");
        }
    }
}

#[test]
fn an_array_to_import_that_lies_takes_no_memory() {
    let shape = "{'descr': '|u1', 'fortran_order': False, 'shape': (999999, 64, 64)}";
    let length = (shape.len() as u16).to_le_bytes();
    let array = [b"\x93NUMPY\x01\0", &length[..], shape.as_bytes(), &[0; 99]].concat();
    let (read, peak) = peak_of(|| numpy::parse(&mut &array[..], Path::new("a.npy")));
    assert!(read.is_err() && peak < SMALL, "{peak} bytes");
    let array = idx_header(0xd03, &[1_000_000, 64, 64]);
    let (read, peak) = peak_of(|| idx::parse(&mut &array[..], Path::new("a")));
    assert!(read.is_err() && peak < SMALL, "{peak} bytes");
}

#[test]
fn a_gzip_bomb_is_unpacked_only_as_far_as_its_header_states() {
    let folder = tempfile::tempdir().unwrap();
    for (count, stated) in [(10, 7_840), (10_000, 7_840_000)] {
        let bytes = bomb(&idx_header(0x803, &[count, 28, 28]), 1 << 30);
        assert!(bytes.len() < 1_100_000, "{} bytes", bytes.len());
        let path = file(folder.path(), &bytes);
        let (images, peak) = peak_of(|| read_images(&path));
        let error = images.unwrap_err().to_string();
        assert!(error.contains("more bytes follow"), "{error}");
        assert!(peak < stated + SMALL, "{peak} bytes for {stated}");
    }
}

#[test]
fn a_model_file_that_lies_about_its_header_takes_no_more_than_itself() {
    let folder = tempfile::tempdir().unwrap();
    for length in [u64::MAX, 1 << 62, 100_000_000, 99_999_999, 1000] {
        let bytes = [&length.to_le_bytes()[..], &[b' '; 500]].concat();
        let path = file(folder.path(), &bytes);
        let (model, peak) = peak_of(|| load_model(&path).map(drop));
        assert!(model.is_err() && peak < 16 * 1024, "{peak} bytes");
    }
}

/// A good model file whose spec asks for `layers` instead.
fn claiming(layers: Vec<Layer>) -> Vec<u8> {
    model::with_metadata(|metadata| {
        let mut spec = Spec::parse(&metadata["spec"], Path::new("spec"))
            .unwrap()
            .into_spec();
        spec.layers = layers;
        metadata.insert("spec".into(), spec.to_json());
    })
}

#[test]
fn a_model_file_cannot_claim_a_network_larger_than_itself() {
    let folder = tempfile::tempdir().unwrap();
    let conv = |out_channels, padding| Layer::Conv2d {
        out_channels,
        kernel_size: 1,
        stride: 1,
        padding,
    };
    for layers in [
        vec![
            Layer::Flatten,
            Layer::Dense { units: 65_536 },
            Layer::Dense { units: 2 },
        ],
        vec![
            conv(4096, 63),
            Layer::GlobalAvgPool,
            Layer::Dense { units: 2 },
        ],
    ] {
        let path = file(folder.path(), &claiming(layers));
        let (model, peak) = peak_of(|| load_model(&path).map(drop));
        let error = model.unwrap_err().to_string();
        assert!(error.contains("more than the file holds"), "{error}");
        assert!(peak < 64 * 1024, "{peak} bytes");
    }
}

#[test]
fn reading_a_network_takes_only_a_few_copies_of_its_parameters() {
    // Few parameters and the largest activations that a spec may have: reading takes none of them.
    let mut spec = fmnist_tui::spec::preset("tiny").unwrap().into_spec();
    spec.input = Input {
        channels: 1,
        height: 64,
        width: 64,
    };
    let conv = Layer::Conv2d {
        out_channels: 4096,
        kernel_size: 1,
        stride: 1,
        padding: 63,
    };
    spec.layers = vec![conv, Layer::GlobalAvgPool, Layer::Dense { units: 2 }];
    let spec = spec.check().unwrap();
    assert!(spec.summary().activation_bytes() > 500_000_000);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.safetensors");
    let info = fmnist_tui::nn::ModelInfo {
        spec: spec.clone(),
        dataset: "x".into(),
        class_names: vec!["a".into(), "b".into()],
        normalization: fmnist_tui::data::Normalization {
            mean: 0.0,
            std: 1.0,
        },
        metrics: serde_json::Value::Null,
    };
    save_model(&path, &Model::new(&spec).unwrap().snapshot(info)).unwrap();
    let (model, peak) = peak_of(|| load_model(&path).map(drop));
    model.unwrap();
    let file = std::fs::metadata(&path).unwrap().len() as usize;
    assert!(peak < 40 * file, "{peak} bytes for a file of {file}");
}

#[test]
fn a_model_that_is_closed_gives_all_its_memory_back() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(folder.path(), &model::good());
    let open_and_close = || drop(load_model(&path).unwrap());
    // What is made once for the whole program is made now.
    open_and_close();
    assert_eq!(left_by(open_and_close), 0);
}

#[test]
fn a_picture_that_claims_a_huge_size_takes_no_memory() {
    let folder = tempfile::tempdir().unwrap();
    let good = picture::good(ColorType::Rgba);
    for side in [100_000_u32, u32::MAX / 2, 16_385, 16_384] {
        let mut bytes = good.clone();
        bytes[16..20].copy_from_slice(&side.to_be_bytes());
        bytes[20..24].copy_from_slice(&side.to_be_bytes());
        let mut checksum = flate2::Crc::new();
        checksum.update(&bytes[12..29]);
        bytes[29..33].copy_from_slice(&checksum.sum().to_be_bytes());
        let (pixels, peak) = peak_of(|| decode(&bytes).map(drop));
        let error = pixels.unwrap_err();
        assert!(peak < 1 << 20, "{peak} bytes for {side}: {error:#}");
    }
    // A gigabyte that takes no room on the disk.
    let path = folder.path().join("long.png");
    std::fs::File::create(&path)
        .unwrap()
        .set_len(1 << 30)
        .unwrap();
    let (pixels, peak) = peak_of(|| read_picture(&path).map(drop));
    assert!(pixels.is_err() && peak < SMALL, "{peak} bytes");
}

#[test]
fn a_spec_takes_no_more_than_its_own_size_allows() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("long.json");
    std::fs::File::create(&path)
        .unwrap()
        .set_len(1 << 30)
        .unwrap();
    let (spec, peak) = peak_of(|| Spec::read(&path).map(drop));
    assert!(spec.is_err() && peak < 16 * 1024, "{peak} bytes");
    // The longest file there may be, all of it layers.
    let start = "{\"name\":\"x\",\"layers\":[\"Flatten\"";
    let layers = ",\"Flatten\"".repeat(((1 << 20) - start.len()) / 10);
    let path = file(folder.path(), format!("{start}{layers}").as_bytes());
    let (spec, peak) = peak_of(|| Spec::read(&path).map(drop));
    assert!(spec.is_err() && peak < 16 << 20, "{peak} bytes");
}
