//! Pictures of the app as it is today: plays keys in a terminal of its own and draws what the screen shows.
//!
//! ```sh
//! cargo build --release
//! cargo run --release --example show -- target/release/fmnist-tui docs
//! ```
//!
//! writes `docs/tour.svg`, a moving picture, `docs/gallery.md`, a page of all screens, and their pictures in
//! `docs/gallery/`. Nothing of the person who runs it is in them: the program has a home folder of its own. Set
//! `FMNIST_DATA` to a folder with the real images.

mod drawing;
mod gallery;
mod glyph;
mod play;
mod svg;
mod terminal;
mod tour;

use std::error::Error;
use std::path::{Path, PathBuf};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let [program, folder] = arguments.as_slice() else {
        return Err("it takes the program and a folder for the pictures".into());
    };
    let program = program.canonicalize()?;
    let home = tempfile::tempdir()?;
    let tour = play::play(&program, home.path(), tour::SIZE, tour::STEPS)?;
    write(&folder.join("tour.svg"), &svg::moving(&tour.frames))?;
    let home = tempfile::tempdir()?;
    let gallery = play::play(&program, home.path(), gallery::SIZE, gallery::STEPS)?;
    std::fs::create_dir_all(folder.join("gallery"))?;
    for picture in &gallery.pictures {
        let name = format!("gallery/{}.svg", picture.name);
        write(&folder.join(name), &svg::still(&picture.screen))?;
    }
    write(
        &folder.join("gallery.md"),
        &gallery::page(&gallery.pictures),
    )
}

fn write(path: &Path, text: &str) -> Result<(), Box<dyn Error>> {
    std::fs::write(path, text)?;
    println!("{} ({} kB)", path.display(), text.len().div_ceil(1000));
    Ok(())
}
