//! `fmnist-tui data info`.

use super::default_set::FASHION_MNIST;
use crate::cli::args::DataArgs;
use crate::cli::output::{cut, data_line, grouped, print};
use crate::data::{Dataset, Origin};
use crate::text::table::Table;
use crate::text::{escape_controls, shown_path};
use color_eyre::eyre::Result;

/// Prints what is in the data.
pub fn run(args: &DataArgs) -> Result<()> {
    let dataset = args.load(FASHION_MNIST)?;
    let origin = match &dataset.origin {
        Origin::Folder(dir) => shown_path(dir),
        Origin::Sample => "built in".into(),
    };
    let mut text = format!(
        "name        {}\nfrom        {origin}\nimages      {} for training, {} for validation\n\
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
