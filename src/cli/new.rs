//! `new`: a workbook, the crate that a student owns.

use super::Outcome;
use super::failure::Failure;
use super::style::{BRIGHT, QUIET, styled, verdict};
use clap::Args;
use fully_connected::literate::manifest::EXERCISES;
use fully_connected::literate::workbook;
use std::env;
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
        let cd = format!("cd {}", self.dir.display());
        let commands = [
            (cd.as_str(), ""),
            (
                "fully-connected",
                "tests the first open exercise at every save",
            ),
            (
                "fully-connected hint",
                "where you are stuck: a question first",
            ),
            ("fully-connected list", "the exercises, and how each stands"),
            ("fully-connected check", "everything, once"),
        ];
        for (command, what) in commands {
            let command =
                format!("  {}", styled(BRIGHT, format_args!("{command:<23}")));
            writeln!(
                out,
                "{}",
                format!("{command}{}", styled(QUIET, what)).trim_end()
            )?;
        }
        writeln!(
            out,
            "Read src/affine.rs from the top; the first exercise is in it."
        )?;
        if let Some(program) = program_beside_the_path() {
            writeln!(
                out,
                "`fully-connected` is not on your PATH: `cargo install --path .` in the \
                 clone puts it\nthere. Until then, {} is the same program.",
                program.display()
            )?;
        }
        Ok(Outcome::Done)
    }
}

/// This program, if a shell would not find it by its name.
fn program_beside_the_path() -> Option<PathBuf> {
    let program = env::current_exe().ok()?;
    let name = program.file_name()?;
    let path = env::var_os("PATH").unwrap_or_default();
    let found = env::split_paths(&path).any(|folder| folder.join(name).is_file());
    (!found).then_some(program)
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
