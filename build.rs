//! Lists the texts in `texts/`, so that a topic or a lesson is its file alone, and keeps what it is built for,
//! and with.

use std::path::Path;
use std::process::Command;
use std::{env, fs};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let root = env::var("CARGO_MANIFEST_DIR")?;
    let mut code = String::new();
    for (kind, name) in [("topics", "TOPIC_TEXTS"), ("lessons", "LESSON_TEXTS")] {
        let folder = Path::new(&root).join("texts").join(kind);
        println!("cargo::rerun-if-changed={}", folder.display());
        let entries: Result<Vec<_>, _> = fs::read_dir(&folder)?.collect();
        let mut files: Vec<_> = entries?.into_iter().map(|entry| entry.path()).collect();
        files.retain(|path| path.extension().is_some_and(|ending| ending == "txt"));
        files.sort();
        code.push_str(&format!(
            "/// The texts of `texts/{kind}`: each file's name without its ending, and what it holds.\n\
             pub const {name}: &[(&str, &str)] = &[\n"
        ));
        for path in files {
            let stem = path.file_stem().unwrap_or_default().to_string_lossy();
            code.push_str(&format!("    ({stem:?}, include_str!({path:?})),\n"));
        }
        code.push_str("];\n");
    }
    let compiler = Command::new(env::var("RUSTC")?).arg("--version").output()?;
    let compiler = String::from_utf8(compiler.stdout)?;
    println!("cargo::rustc-env=BUILT_WITH={}", compiler.trim());
    println!("cargo::rustc-env=BUILT_FOR={}", env::var("TARGET")?);
    fs::write(Path::new(&env::var("OUT_DIR")?).join("texts.rs"), code)?;
    Ok(())
}
