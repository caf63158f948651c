//! `fmnist-tui data make-sample`.

use crate::cli::output::{bytes, print};
use crate::data::sample::FILES;
use crate::fs::write_atomically;
use crate::text::shown_path;
use color_eyre::eyre::{Result, WrapErr, bail};
use std::path::Path;

/// Writes the built-in sample set into the folder `out`.
pub fn run(out: &Path) -> Result<()> {
    // The real data has the same file names: only files of the sample set are overwritten.
    for (name, content) in FILES {
        let path = out.join(name);
        if path.exists() && std::fs::read(&path).ok().as_deref() != Some(content) {
            bail!(
                "{}: there already and not the sample set's; choose another folder",
                shown_path(&path)
            );
        }
    }
    std::fs::create_dir_all(out)
        .wrap_err_with(|| format!("{}: cannot create the folder", shown_path(out)))?;
    for (name, content) in FILES {
        let path = out.join(name);
        write_atomically(&path, content)
            .wrap_err_with(|| format!("{}: cannot write the file", shown_path(&path)))?;
    }
    let size: usize = FILES.iter().map(|(_, content)| content.len()).sum();
    print(&format!(
        "{}: {} files, {} (sample set, not Fashion-MNIST)",
        shown_path(out),
        FILES.len(),
        bytes(size as u64)
    ))
}
