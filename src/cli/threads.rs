//! `--threads`: on how many threads the matrix products of a command run.
//!
//! The library behind them reads the number from the environment, once, before the first
//! product. So a program that was not told begins itself again and is.

use crate::cli::failure::Failure;
use std::convert::Infallible;
use std::env;
use std::num::NonZero;
use std::process::Command;
use std::thread;

/// What the library reads.
const VARIABLE: &str = "MATMUL_NUM_THREADS";
/// The library takes no more.
const MOST: usize = 4;

/// A number of threads on the command line.
pub fn threads(text: &str) -> Result<usize, String> {
    match text.trim().parse() {
        Ok(n) if (1..=MOST).contains(&n) => Ok(n),
        _ => Err(format!("`{text}` is no whole number from 1 to {MOST}")),
    }
}

/// As many threads as there are cores, up to those that the library takes.
fn usual() -> usize {
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    cores.min(MOST)
}

/// Sees to it that the products run on so many threads, or on the usual number, and says on
/// how many: here if the program was begun so, else in a new one, which ends in place of this.
pub fn run_on(threads: Option<usize>) -> Result<usize, Failure> {
    let told = env::var(VARIABLE).ok();
    let told = told.as_deref().and_then(|text| self::threads(text).ok());
    let wanted = threads.or(told).unwrap_or_else(usual);
    if told == Some(wanted) {
        return Ok(wanted);
    }
    let problem = |error| {
        Failure::Unusable(format!(
            "cannot begin again with {VARIABLE}={wanted}: {error}; set it yourself"
        ))
    };
    let program = env::current_exe().map_err(problem)?;
    let mut command = Command::new(program);
    command.args(env::args_os().skip(1));
    command.env(VARIABLE, wanted.to_string());
    match instead(command).map_err(problem)? {}
}

/// Goes on as that program.
#[cfg(unix)]
fn instead(mut command: Command) -> std::io::Result<Infallible> {
    use std::os::unix::process::CommandExt;
    Err(command.exec())
}

/// Waits for that program, and ends as it does.
#[cfg(not(unix))]
fn instead(mut command: Command) -> std::io::Result<Infallible> {
    // Ctrl-C is for the other program, which ends in good order.
    crate::cli::workbook::process::catch_signals();
    let status = command.status()?;
    std::process::exit(status.code().unwrap_or(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threads_are_few_and_at_least_one() {
        assert_eq!(threads("2"), Ok(2));
        for text in ["0", "5", "-1", "two", "", "99999999999999999999"] {
            let problem = threads(text).unwrap_err();
            assert!(
                problem.ends_with("is no whole number from 1 to 4"),
                "{problem}"
            );
        }
        assert!((1..=MOST).contains(&usual()));
    }
}
