//! `fmnist-tui man`.

use super::output::{note, print};
use crate::fs::write_atomically;
use crate::text::shown_path;
use clap::Command;
use clap_mangen::Man;
use color_eyre::eyre::{Result, WrapErr};
use std::path::PathBuf;

/// Options of `man`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Write the page of the program and one for each command into DIR, which is made if it is not there
    /// [default: print the program's page]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// Prints the program's manual page, or writes all pages.
pub fn run(args: &Args, program: Command) -> Result<()> {
    // A page of `help` would say nothing.
    let mut program = program.disable_help_subcommand(true);
    program.build();
    let Some(folder) = &args.out else {
        return print(&String::from_utf8_lossy(&page(&program)?));
    };
    let shown = shown_path(folder);
    std::fs::create_dir_all(folder).wrap_err_with(|| format!("{shown}: cannot be made"))?;
    let mut written = 0;
    for (name, command) in commands(&program) {
        let path = folder.join(format!("{name}.1"));
        let cannot = || format!("{}: cannot write the page", shown_path(&path));
        write_atomically(&path, &page(&command)?).wrap_err_with(cannot)?;
        written += 1;
    }
    note(&format!(
        "{written} pages are in {shown}; `man -l FILE` shows one"
    ));
    Ok(())
}

/// The command and all below it, each with the name of its page.
fn commands(command: &Command) -> Vec<(String, Command)> {
    let name = command.get_display_name().unwrap_or(command.get_name());
    let mut all = vec![(name.to_owned(), command.clone())];
    let visible = command.get_subcommands().filter(|one| !one.is_hide_set());
    all.extend(visible.flat_map(commands));
    all
}

fn page(command: &Command) -> std::io::Result<Vec<u8>> {
    let mut page = Vec::new();
    Man::new(command.clone()).render(&mut page)?;
    Ok(page)
}
