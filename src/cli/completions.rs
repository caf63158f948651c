//! `fmnist-tui completions`.

use super::output::print;
use clap::{Command, ValueEnum};
use clap_complete::{Generator, Shell};
use color_eyre::eyre::Result;

/// Options of `completions`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The shell
    #[arg(value_enum)]
    shell: Choice,
}

/// The shells there are completions for.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Choice {
    Bash,
    Elvish,
    Fish,
    #[value(name = "powershell")]
    PowerShell,
    Zsh,
}

/// Prints what the shell must read to complete the program's commands and options.
pub fn run(args: &Args, mut program: Command) -> Result<()> {
    let shell = match args.shell {
        Choice::Bash => Shell::Bash,
        Choice::Elvish => Shell::Elvish,
        Choice::Fish => Shell::Fish,
        Choice::PowerShell => Shell::PowerShell,
        Choice::Zsh => Shell::Zsh,
    };
    let name = program.get_name().to_owned();
    program.set_bin_name(name);
    program.build();
    let mut script = Vec::new();
    shell.try_generate(&program, &mut script)?;
    print(&String::from_utf8_lossy(&script))
}
