//! The C file, compiled by the system's compiler.

use super::to_c;
use crate::export::fixture::{every_layer, snapshot};
use crate::nn::softmax;
use crate::spec::{Layer, preset};
use std::io::Write as _;
use std::process::{Command, Stdio};

/// Reads images from stdin and prints the class and the probabilities of each.
const MAIN: &str = r#"
#include <stdio.h>
int main(void) {
    uint8_t pixels[PIXELS];
    float probabilities[CLASSES];
    while (fread(pixels, 1, PIXELS, stdin) == PIXELS) {
        printf("%d", predict(pixels, probabilities));
        for (int i = 0; i < CLASSES; i++) printf(" %.9g", probabilities[i]);
        printf(" %s\n", class_names[CLASSES - 1]);
    }
    return 0;
}
"#;

/// What the compiled `code` prints for `images`.
fn run(code: &str, images: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let (source, program) = (folder.path().join("model.c"), folder.path().join("model"));
    std::fs::write(&source, format!("{code}{MAIN}")).unwrap();
    let warnings = [
        "-std=c99",
        "-O1",
        "-Wall",
        "-Wextra",
        "-Wno-unused-function",
        "-Werror",
    ];
    let compiled = Command::new("cc")
        .args(warnings)
        .arg("-o")
        .args([&program, &source])
        .arg("-lm")
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&compiled.stderr);
    assert!(compiled.status.success(), "{errors}");
    let mut child = Command::new(program)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(images).unwrap();
    let output = child.wait_with_output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_compiled_file_says_what_the_model_says() {
    for spec in [every_layer(), preset("tiny").unwrap().into_spec()] {
        let name = spec.name.clone();
        let (model, snapshot) = snapshot(spec);
        let input = snapshot.info.spec.input;
        let pixels = input.channels * input.height * input.width;
        let images: Vec<u8> = (0..3 * pixels)
            .map(|index| (index * index % 253) as u8)
            .collect();
        let printed = run(&to_c(&snapshot).unwrap(), &images);
        assert_eq!(printed.lines().count(), 3, "{printed}");
        for (image, line) in images.chunks(pixels).zip(printed.lines()) {
            let normalization = snapshot.info.normalization;
            let scaled = image
                .iter()
                .map(|level| (f32::from(*level) / 255.0 - normalization.mean) / normalization.std);
            let logits = model.logits(&scaled.collect::<Vec<f32>>()).unwrap();
            let expected = softmax(&logits, 10);
            let words: Vec<&str> = line.splitn(12, ' ').collect();
            let found: Vec<f32> = words[1..11]
                .iter()
                .map(|word| word.parse().unwrap())
                .collect();
            for (found, expected) in found.iter().zip(&expected) {
                assert!(
                    (found - expected).abs() < 1e-5,
                    "{name}: {found} {expected}"
                );
            }
            let class: usize = words[0].parse().unwrap();
            assert_eq!(found[class], found.iter().copied().fold(0.0, f32::max));
            assert_eq!(words[11], "class \"9\"");
        }
    }
}

#[test]
fn a_network_too_large_for_text_says_so() {
    let mut spec = preset("tiny").unwrap().into_spec();
    spec.layers = vec![
        Layer::Flatten,
        Layer::Dense { units: 3000 },
        Layer::Dense { units: 10 },
    ];
    let problem = to_c(&snapshot(spec).1).unwrap_err().to_string();
    assert!(problem.contains("2,385,010 parameters"), "{problem}");
    assert!(problem.contains("--onnx"), "{problem}");
}
