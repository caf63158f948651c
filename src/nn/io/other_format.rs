//! Tells the files of other programs apart, and says how they become safetensors.

use std::path::Path;

/// Where a zip file lists its content: in its last bytes, of which more than these are not searched.
const DIRECTORY: usize = 1 << 16;

/// What a file is that is no safetensors file, and the line of Python that makes one of it where there is one;
/// `None` where its first bytes name no other format.
pub fn other_format(bytes: &[u8], path: &Path) -> Option<String> {
    let (what, advice) = format_of(bytes, path)?;
    let name = python_string(&path.display().to_string());
    let new = python_string(&path.with_extension("safetensors").display().to_string());
    let advice = match advice {
        Advice::Python(line) => {
            let line = line.replace("FILE", &name).replace("NEW", &new);
            format!("convert it in Python: {line}")
        }
        Advice::Words(words) => words.to_owned(),
    };
    Some(format!("it is {what}; {advice}"))
}

/// What to do about a format.
enum Advice {
    /// A line of Python, in which `FILE` is the file and `NEW` the new one.
    Python(&'static str),
    /// A sentence.
    Words(&'static str),
}

const TORCH: Advice = Advice::Python(
    "import torch, safetensors.torch as st; st.save_file({k: v.contiguous() for k, v in \
     torch.load(FILE, map_location='cpu', weights_only=True).items()}, NEW)",
);
const TORCH_SCRIPT: Advice = Advice::Python(
    "import torch, safetensors.torch as st; st.save_file({k: v.contiguous() for k, v in \
     torch.jit.load(FILE, map_location='cpu').state_dict().items()}, NEW)",
);
const ONNX: Advice = Advice::Words(
    "exporters fold weights into each other and rename them; save the state_dict() of the PyTorch module that it was \
     made of with safetensors",
);
const NPZ: Advice = Advice::Python(
    "import numpy, safetensors.numpy as st; st.save_file(dict(numpy.load(FILE)), NEW)",
);
const NPY: Advice =
    Advice::Words("one array is no model; save all of a model's tensors with safetensors");
const KERAS: Advice = Advice::Words(
    "Keras keeps kernels and flattened images in another order, which no line of Python changes; \
     `export MODEL --keras FILE` goes the other way",
);
const GGUF: Advice = Advice::Words("it holds a language model, which this program cannot run");
const TFLITE: Advice =
    Advice::Words("its weights are changed for phones; take the model that it was made of");
const SPEC: Advice = Advice::Words(
    "a spec has no weights; `train --spec` trains it, `--spec` names it beside a model",
);
const LFS: Advice = Advice::Words("fetch the file that it stands for with `git lfs pull`");
const PAGE: Advice = Advice::Words(
    "a server has sent a page in place of the file; fetch it from the link that downloads",
);

/// The name of a format other than safetensors, and what to do.
fn format_of(bytes: &[u8], path: &Path) -> Option<(&'static str, Advice)> {
    // A safetensors file: the length of its header, then a JSON object.
    if bytes.get(8) == Some(&b'{') {
        return None;
    }
    let starts = |magic: &[u8]| bytes.starts_with(magic);
    let ends = |ending: &str| {
        path.extension()
            .is_some_and(|found| found.eq_ignore_ascii_case(ending))
    };
    Some(if starts(b"PK\x03\x04") {
        zip_format(bytes)
    } else if starts(b"\x80") && matches!(bytes.get(1), Some(2..=5)) {
        ("a pickle, as old versions of torch.save write it", TORCH)
    } else if starts(b"\x89HDF\r\n\x1a\n") {
        ("an HDF5 file, as Keras writes it", KERAS)
    } else if starts(b"GGUF") {
        ("a GGUF file", GGUF)
    } else if starts(b"\x93NUMPY") {
        ("an array of NumPy", NPY)
    } else if bytes.get(4..8) == Some(b"TFL3") {
        ("a TensorFlow Lite file", TFLITE)
    } else if starts(b"version https://git-lfs") {
        ("a pointer of Git LFS", LFS)
    } else if starts(b"{") {
        ("JSON", SPEC)
    } else if starts(b"<") {
        ("a web page", PAGE)
    } else if ends("onnx") || is_onnx(bytes) {
        ("an ONNX file", ONNX)
    } else {
        return None;
    })
}

/// What a zip file holds, by the names in it.
fn zip_format(bytes: &[u8]) -> (&'static str, Advice) {
    let names = &bytes[bytes.len().saturating_sub(DIRECTORY)..];
    // The first name stands in the first bytes, where the list at the end is longer than what is searched.
    let first = &bytes[..bytes.len().min(256)];
    let has = |name: &[u8]| {
        let in_part = |part: &[u8]| part.windows(name.len()).any(|window| window == name);
        in_part(first) || in_part(names)
    };
    if has(b"model.weights.h5") {
        ("a file of Keras", KERAS)
    } else if has(b"constants.pkl") {
        ("a TorchScript file", TORCH_SCRIPT)
    } else if has(b"data.pkl") {
        ("a file of torch.save", TORCH)
    } else if has(b".npy") {
        ("a file of NumPy", NPZ)
    } else {
        (
            "a zip file",
            Advice::Words("unpack it first, and give the safetensors file in it"),
        )
    }
}

/// Whether the bytes begin as ONNX does, which has no signature: its version, then the program that wrote it.
fn is_onnx(bytes: &[u8]) -> bool {
    const PRODUCER: u8 = 0x12;
    const DOMAIN: u8 = 0x22;
    matches!(
        bytes,
        [
            0x08,
            1..=32,
            PRODUCER | DOMAIN | 0x1a | 0x2a | 0x3a | 0x42,
            ..
        ]
    )
}

/// A string of Python.
fn python_string(text: &str) -> String {
    let text = text.replace('\\', r"\\").replace('\'', r"\'");
    format!("'{text}'")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_other_programs_are_called_by_their_names() {
        let zip = |name: &str| [b"PK\x03\x04".to_vec(), vec![0; 26], name.into()].concat();
        let cases: [(Vec<u8>, &str, &str); 11] = [
            (
                zip("archive/data.pkl"),
                "net.pt",
                "torch.save; convert it in Python: import torch",
            ),
            (zip("net/constants.pkl"), "net.pt", "TorchScript"),
            (b"\x80\x02\x8a\x0al\xfc".to_vec(), "net.pth", "pickle"),
            (zip("model.weights.h5"), "net.keras", "Keras"),
            (b"\x89HDF\r\n\x1a\n".to_vec(), "net.h5", "HDF5"),
            (zip("conv1.weight.npy"), "net.npz", "NumPy"),
            (b"\x93NUMPY\x01".to_vec(), "net.npy", "array of NumPy"),
            (b"\x08\x08\x12\x07pytorch".to_vec(), "net", "ONNX"),
            (b"GGUF\x03".to_vec(), "net.gguf", "GGUF"),
            (b"{\"name\": \"x\"}".to_vec(), "spec.json", "JSON"),
            (
                b"version https://git-lfs.github.com".to_vec(),
                "net",
                "Git LFS",
            ),
        ];
        for (bytes, name, expected) in cases {
            let found = other_format(&bytes, Path::new(name)).unwrap();
            assert!(found.contains(expected), "{name}: {found}");
        }
        let header = b"\x10\0\0\0\0\0\0\0{}              ";
        assert_eq!(other_format(header, Path::new("net.onnx")), None);
        assert_eq!(other_format(b"", Path::new("net")), None);
    }

    #[test]
    fn the_line_of_python_has_the_names_of_the_files() {
        let found = other_format(b"\x80\x02", Path::new("it's.pt")).unwrap();
        assert!(found.contains(r"torch.load('it\'s.pt', "), "{found}");
        assert!(found.ends_with(r"'it\'s.safetensors')"), "{found}");
    }
}
