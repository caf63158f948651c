//! `fmnist-tui data path`.

use super::default_set::FASHION_MNIST;
use crate::cli::args::DataArgs;
use crate::cli::output::print;
use crate::data::{self, Located};
use crate::text::shown_path;
use color_eyre::eyre::Result;

/// Prints which folder would be used, and why.
pub fn run(args: &DataArgs) -> Result<()> {
    match data::locate(args.data.as_deref(), FASHION_MNIST) {
        Located::Folder { dir, chosen_by } => {
            print(&format!("{}\nfound by {chosen_by}", shown_path(&dir)))
        }
        Located::Sample { looked_in } => {
            let mut text = "the built-in sample set, not Fashion-MNIST\n".to_owned();
            if !looked_in.is_empty() {
                text.push_str("looked for Fashion-MNIST in\n");
            }
            for folder in &looked_in {
                text.push_str(&format!("  {}\n", shown_path(folder)));
            }
            text.push_str("`fmnist-tui data fetch` gets Fashion-MNIST\n");
            print(&text)
        }
    }
}
