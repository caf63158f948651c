//! The `fmnist-tui` program; all of it is in the library.

fn main() -> std::process::ExitCode {
    fmnist_tui::cli::run()
}
