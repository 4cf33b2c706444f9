//! `book`, in a program that was built without it.

use super::failure::Failure;
use super::outcome::Outcome;
use clap::Args;
use std::io::Write;

/// Build the book; in a program built with `--features book`.
#[derive(Args)]
pub struct Book {
    #[arg(hide = true, trailing_var_arg = true, allow_hyphen_values = true)]
    anything: Vec<String>,
}

impl Book {
    /// Says what to type instead.
    pub fn run(&self, _out: &mut impl Write) -> Result<Outcome, Failure> {
        let mut command = vec!["cargo run --features book -- book".to_owned()];
        command.extend(self.anything.iter().cloned());
        Err(Failure::Book(format!(
            "this program was built without the book; in a clone of the repository: {}",
            command.join(" ")
        )))
    }
}
