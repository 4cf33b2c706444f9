//! `new`: a workbook, the crate that a student owns.

use super::Outcome;
use super::failure::Failure;
use super::style::{BRIGHT, styled, verdict};
use clap::Args;
use fully_connected::literate::manifest::EXERCISES;
use fully_connected::literate::workbook;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Make a workbook: a crate of your own with the exercises to fill in.
///
/// The nine chapters, with `todo!()` where the code is yours to write, and the tests that
/// say whether it is right. Nothing that exists is overwritten.
#[derive(Args)]
pub struct New {
    /// The folder to make; it must not exist, or be empty.
    #[arg(value_name = "DIR")]
    dir: PathBuf,
}

impl New {
    /// Writes the workbook, whole or not at all.
    pub fn run(&self, out: &mut impl Write) -> Result<Outcome, Failure> {
        if !is_free(&self.dir) {
            return Err(Failure::NotEmpty(self.dir.clone()));
        }
        make(&self.dir).map_err(|error| Failure::Write(self.dir.clone(), error))?;

        let count = format!("{} exercises", EXERCISES.len());
        let made = format!("{}: nine chapters, {count}", self.dir.display());
        writeln!(out, "{}", verdict(true, made))?;
        let commands = [
            format!("cd {}", self.dir.display()),
            "cargo test --test chapters affine".to_owned(),
        ];
        for command in commands {
            writeln!(out, "  {}", styled(BRIGHT, command))?;
        }
        writeln!(out, "The first exercise is in src/affine.rs.")?;
        Ok(Outcome::Done)
    }
}

/// Whether nothing stands there, or a folder with nothing in it.
fn is_free(dir: &Path) -> bool {
    match fs::symlink_metadata(dir) {
        Err(_) => true,
        Ok(_) => fs::read_dir(dir).is_ok_and(|mut entries| entries.next().is_none()),
    }
}

/// Builds the workbook beside `dir` and moves it there, so that no half of one is seen.
fn make(dir: &Path) -> io::Result<()> {
    let parent = match dir.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    };
    fs::create_dir_all(parent)?;
    let beside = tempfile::Builder::new()
        .prefix(".workbook-")
        .tempdir_in(parent)?;
    let whole = beside.path().join("workbook");
    for file in workbook::files() {
        let path = whole.join(&file.path);
        fs::create_dir_all(path.parent().expect("a file is in a folder"))?;
        fs::write(path, file.text)?;
    }
    // An empty folder gives way; one that has filled up meanwhile does not.
    if dir.is_dir() {
        fs::remove_dir(dir)?;
    }
    fs::rename(whole, dir)
}
