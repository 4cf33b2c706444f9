//! The runner: the chapters at work, on the command line.

mod cli;

fn main() -> std::process::ExitCode {
    cli::run()
}
