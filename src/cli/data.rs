//! `fmnist-tui data …`.

mod fetch;
mod verify;

use super::args::DataArgs;
use super::output::{cut, data_line, grouped, print};
use crate::data::{self, Dataset, Located, Source, sample};
use crate::fs::write_atomically;
use crate::text::table::Table;
use crate::text::{escape_controls, shown_path};
use color_eyre::eyre::{Result, WrapErr, bail};
use std::path::{Path, PathBuf};

/// Name of the data set that is looked for where no spec says another.
const FASHION_MNIST: &str = "fashion-mnist";

/// What to do with the data.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Say which folder would be used, and why
    Path(DataArgs),
    /// Say what is in the data
    Info(DataArgs),
    /// Get a published data set over the network
    Fetch(fetch::Args),
    /// Say of each file whether it is the published one
    Verify(DataArgs),
    /// Write the built-in sample set as IDX files
    MakeSample {
        /// Folder for the four files
        #[arg(long, value_name = "DIR", default_value = "data/sample")]
        out: PathBuf,
    },
}

/// Does it.
pub fn run(command: &Command) -> Result<()> {
    match command {
        Command::Path(args) => path(args),
        Command::Info(args) => info(args),
        Command::Fetch(args) => fetch::run(args),
        Command::Verify(args) => verify::run(args),
        Command::MakeSample { out } => make_sample(out),
    }
}

fn path(args: &DataArgs) -> Result<()> {
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

fn info(args: &DataArgs) -> Result<()> {
    let dataset = args.load(FASHION_MNIST)?;
    let source = match &dataset.source {
        Source::Folder(dir) => shown_path(dir),
        Source::Sample => "built in".into(),
    };
    let mut text = format!(
        "name        {}\nfrom        {source}\nimages      {} for training, {} for validation\n\
         size        {}×{}, {} channel{}\npixels      mean {:.4}, standard deviation {:.4} (0 to 1)\n\n",
        data_line(&dataset),
        grouped(dataset.train.len() as u64),
        grouped(dataset.validation.len() as u64),
        dataset.height(),
        dataset.width(),
        dataset.channels(),
        if dataset.channels() == 1 { "" } else { "s" },
        dataset.normalization.mean,
        dataset.normalization.std,
    );
    text.push_str(&class_table(&dataset));
    print(&text)
}

fn class_table(dataset: &Dataset) -> String {
    let classes = dataset.classes();
    let train = dataset.train.class_counts(classes);
    let validation = dataset.validation.class_counts(classes);
    let mut table = Table::new(&[">#", "class", ">training", ">validation"]);
    for (class, name) in dataset.class_names.iter().enumerate() {
        let count = |counts: &[usize]| grouped(counts[class] as u64);
        let name = cut(&escape_controls(name), 40);
        table.row([class.to_string(), name, count(&train), count(&validation)]);
    }
    table.text()
}

fn make_sample(out: &Path) -> Result<()> {
    let files = sample::generate();
    // The real data has the same file names: nothing that is not the sample set is overwritten.
    for (name, bytes) in &files {
        let path = out.join(name);
        if path.exists() && std::fs::read(&path).ok().as_ref() != Some(bytes) {
            bail!(
                "{}: there already and not the sample set's; choose another folder",
                shown_path(&path)
            );
        }
    }
    std::fs::create_dir_all(out)
        .wrap_err_with(|| format!("{}: cannot create the folder", shown_path(out)))?;
    for (name, bytes) in &files {
        let path = out.join(name);
        write_atomically(&path, bytes)
            .wrap_err_with(|| format!("{}: cannot write the file", shown_path(&path)))?;
    }
    let size: usize = files.iter().map(|(_, bytes)| bytes.len()).sum();
    print(&format!(
        "{}: {} files, {} (sample set, not Fashion-MNIST)",
        shown_path(out),
        files.len(),
        super::output::bytes(size as u64)
    ))
}
