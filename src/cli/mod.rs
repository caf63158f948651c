//! The command line: one file or folder per subcommand.
//!
//! Results go to stdout, errors and progress bars to stderr. Exit codes: 0, 1 when the work failed,
//! 2 when the command line was wrong, 128 and the signal's number when a signal stopped a run.

mod ablate;
mod app;
mod args;
mod bench;
mod calibration;
mod compare;
mod completions;
mod config;
mod data;
mod doctor;
mod embed;
mod epoch;
mod errors;
mod eval;
mod explain;
mod export;
mod foreign;
mod history;
mod image_index;
mod inspect;
mod layer_number;
mod learn;
mod log;
mod look;
mod lr_find;
mod man;
mod model_args;
mod mute;
mod output;
mod plot;
mod predict;
mod presets;
mod progress;
mod remarks;
mod settings;
mod signals;
mod summary;
mod sweep;
mod test_scores;
mod train;
mod version;
mod work_out;

use crate::text::{is_not_unicode, set_ascii_only};
use clap::{CommandFactory, Parser, Subcommand};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::process::ExitCode;

/// Design, train and understand small convolutional networks on Fashion-MNIST, in the terminal.
#[derive(Debug, Parser)]
#[command(name = "fmnist-tui", version, long_version = version::long_version(), max_term_width = 100)]
#[command(args_conflicts_with_subcommands = true)]
#[command(after_help = "Without a command the full-screen app opens.\n\
    Environment: FMNIST_DATA is the folder of the data, FMNIST_LOG the level of the log file,\n\
    FMNIST_CONFIG the config file.")]
struct Cli {
    #[command(flatten)]
    app: app::Args,
    /// Show ASCII characters only, as is done by itself where LC_ALL, LC_CTYPE or LANG names another set than UTF-8
    #[arg(long, global = true)]
    ascii: bool,
    /// Config file [default: searched, see `fmnist-tui config`]
    #[arg(long, value_name = "FILE", global = true)]
    config: Option<PathBuf>,
    /// Print what happens as plain lines, without bars, colours, pictures or charts: for screen readers
    #[arg(long, global = true)]
    plain: bool,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Train a network and leave it in a run folder
    Train(train::Args),
    /// Train every combination of some values, each from several seeds, and rank them
    Sweep(sweep::Args),
    /// Train a network whole and without each of its parts, and say what each part brings
    Ablate(ablate::Args),
    /// Find a good learning rate: raise it step by step and watch the loss
    LrFind(lr_find::Args),
    /// Measure a trained network on the validation images
    Eval(eval::Args),
    /// Say how sure a network is, how often it is right then, and what refusing images would bring
    Calibration(calibration::Args),
    /// Say what differs between two runs, and which gets images right that the other does not
    Compare(compare::Args),
    /// Say which parts of an image a network needs for its answer
    Look(look::Args),
    /// Say which validation images a run learnt when, and which it forgot again
    History(history::Args),
    /// Say what is inside each layer of a network: activations, dead units, gradients, norms
    Inspect(inspect::Args),
    /// Say what one value inside a network is made of, number by number
    WorkOut(work_out::Args),
    /// Say what a network loses without some of its kernels or units
    Mute(mute::Args),
    /// Lay out the validation images in two dimensions, as a network sees them
    Embed(embed::Args),
    /// Say what is on images
    Predict(predict::Args),
    /// Say in plain English what a layer, a field, a curve or a number is, and what to try
    Explain(explain::Args),
    /// Learn by doing: lessons of a few minutes in the app, each on a network of its own
    Learn(learn::Args),
    /// Measure how fast a network trains
    Bench(bench::Args),
    /// Draw runs, or what a network gets wrong, into an SVG or PNG file
    Plot(plot::Args),
    /// Hand runs over to spreadsheets or to TensorBoard
    Export(export::Args),
    /// List the networks that ship with the program
    Presets,
    /// Show a network's layers, shapes and costs
    Summary(summary::Args),
    /// Fetch data, show where it is and what is in it, or write the sample set
    #[command(subcommand)]
    Data(data::Command),
    /// Say where the config file is and whether anything is wrong with it, or write one to begin with
    Config(config::Args),
    /// Say what this machine, terminal and installation are like, in a form fit for a report of a mistake
    Doctor(doctor::Args),
    /// Print what a shell must read to complete commands and options
    Completions(completions::Args),
    /// Print the manual page, or write one for each command
    Man(man::Args),
}

/// Runs the program on the process's arguments and says how it went.
pub fn run() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Fails only when the output is closed.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    let locale = |name: &str| std::env::var(name).ok();
    set_ascii_only(cli.ascii || is_not_unicode(locale));
    log::start();
    signals::survive_size_limits();
    let file = cli.config.as_deref();
    if cli.plain {
        settings::print_plainly();
    }
    let result = catch_unwind(AssertUnwindSafe(|| {
        let needs_settings = !matches!(
            cli.command,
            Some(
                Command::Config(_) | Command::Doctor(_) | Command::Completions(_) | Command::Man(_)
            )
        );
        if needs_settings {
            settings::read_settings(file)?;
        }
        match cli.command {
            None => app::run(&cli.app),
            Some(Command::Train(args)) => train::run(&args),
            Some(Command::Sweep(args)) => sweep::run(&args),
            Some(Command::Ablate(args)) => ablate::run(&args),
            Some(Command::LrFind(args)) => lr_find::run(&args),
            Some(Command::Eval(args)) => eval::run(&args),
            Some(Command::Calibration(args)) => calibration::run(&args),
            Some(Command::Compare(args)) => compare::run(&args),
            Some(Command::Look(args)) => look::run(&args),
            Some(Command::History(args)) => history::run(&args),
            Some(Command::Inspect(args)) => inspect::run(&args),
            Some(Command::WorkOut(args)) => work_out::run(&args),
            Some(Command::Mute(args)) => mute::run(&args),
            Some(Command::Embed(args)) => embed::run(&args),
            Some(Command::Predict(args)) => predict::run(&args),
            Some(Command::Explain(args)) => explain::run(&args),
            Some(Command::Learn(args)) => learn::run(&args),
            Some(Command::Bench(args)) => bench::run(&args),
            Some(Command::Plot(args)) => plot::run(&args),
            Some(Command::Export(args)) => export::run(&args),
            Some(Command::Presets) => presets::run(),
            Some(Command::Summary(args)) => summary::run(&args),
            Some(Command::Data(command)) => data::run(&command),
            Some(Command::Config(args)) => config::run(&args, file),
            Some(Command::Doctor(args)) => doctor::run(&args, file),
            Some(Command::Completions(args)) => completions::run(&args, Cli::command()),
            Some(Command::Man(args)) => man::run(&args, Cli::command()),
        }
    }));
    match result {
        Ok(Ok(())) => ExitCode::SUCCESS,
        Ok(Err(report)) => errors::report(&report),
        Err(panic) => errors::report(&color_eyre::eyre::eyre!(
            "internal error: {}",
            crate::train::panic_text(&*panic)
        )),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_well_formed() {
        super::Cli::command().debug_assert();
    }
}
