//! `new`: a workbook, the crate that a student owns.

use super::failure::Failure;
use super::numbers::chapters;
use super::outcome::Outcome;
use super::style::{BRIGHT, QUIET, styled, verdict};
use clap::Args;
use fully_connected::literate::manifest::EXERCISES;
use fully_connected::literate::{package, workbook};
use std::env;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// The beginning of the name of the folder in which a workbook is made.
const BUILT_IN: &str = ".workbook-";

/// Make a workbook: a crate of your own with the exercises to fill in.
///
/// The chapters, with `todo!()` where the code is yours to write, and the tests that
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
        let made = format!("{}: {} chapters, {count}", self.dir.display(), chapters());
        writeln!(out, "{}", verdict(true, made))?;
        if !is_here(&self.dir) {
            let cd = format!("cd {}", quoted(&self.dir));
            writeln!(out, "  {}", styled(BRIGHT, cd))?;
        }
        let commands = [
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
            writeln!(out, "{command}{}", styled(QUIET, what))?;
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

/// A path as a shell takes it.
fn quoted(path: &Path) -> String {
    let plain = path.display().to_string();
    let is_plain = |c: char| c.is_alphanumeric() || "/\\:._-+~".contains(c);
    if plain.chars().all(is_plain) {
        plain
    } else if cfg!(windows) {
        format!("\"{plain}\"")
    } else {
        format!("'{}'", plain.replace('\'', r"'\''"))
    }
}

/// Whether a path is the folder in which the program runs.
fn is_here(dir: &Path) -> bool {
    let real = |path: &Path| fs::canonicalize(path).ok();
    real(dir).is_some() && real(dir) == real(Path::new("."))
}

/// Whether nothing is at a path, or a folder with nothing in it but what a call that was
/// killed has left.
fn is_free(dir: &Path) -> bool {
    if fs::symlink_metadata(dir).is_err() {
        return true;
    }
    let files = workbook::all_files();
    let mut folders = vec![dir.to_owned()];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(&folder) else {
            return false;
        };
        for entry in entries {
            let Ok(entry) = entry else { return false };
            let Ok(kind) = entry.file_type() else {
                return false;
            };
            let path = entry.path();
            let name = path.strip_prefix(dir).unwrap_or(&path).to_string_lossy();
            let name = name.replace('\\', "/");
            let is_ours = if kind.is_dir() {
                files
                    .iter()
                    .any(|f| f.path.starts_with(&format!("{name}/")))
            } else {
                let file = files.iter().find(|file| file.path == name);
                let is_same = |file: &workbook::File| {
                    fs::read(&path).is_ok_and(|bytes| {
                        *package::plain(&file.path, &bytes) == *file.text.as_bytes()
                    })
                };
                // With the last file it would be a workbook.
                kind.is_file() && name != workbook::STATE && file.is_some_and(is_same)
            };
            if kind.is_dir() && is_ours {
                folders.push(path);
            } else if !(is_ours || folder == dir && is_left_over(&path)) {
                return false;
            }
        }
    }
    true
}

/// Whether that is a folder in which a workbook was made, with nothing else in it.
fn is_left_over(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let letters = name.strip_prefix(BUILT_IN).unwrap_or("");
    let is_named = letters.len() == 6 && letters.chars().all(char::is_alphanumeric);
    let is_workbook = |entry: io::Result<fs::DirEntry>| {
        entry.is_ok_and(|entry| entry.file_name() == "workbook")
    };
    is_named
        && !path.is_symlink()
        && fs::read_dir(path).is_ok_and(|mut entries| entries.all(is_workbook))
}

/// Builds the workbook beside `dir` and moves it there, so that no half of one is seen.
fn make(dir: &Path) -> io::Result<()> {
    let is_empty = || fs::read_dir(dir).map_or(true, |mut all| all.next().is_none());
    if is_here(dir) || !is_empty() {
        return make_inside(dir);
    }
    let parent = match dir.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    };
    fs::create_dir_all(parent)?;
    let beside = build_in(parent)?;
    // An empty folder gives way; one that has filled up meanwhile does not.
    if dir.is_dir() {
        fs::remove_dir(dir)?;
    }
    fs::rename(beside.path().join("workbook"), dir)
}

/// Builds the workbook in a folder of its own in `dir`, which cannot give way to it, and
/// moves each part up, the file by which commands know a workbook last.
fn make_inside(dir: &Path) -> io::Result<()> {
    let inside = build_in(dir)?;
    let whole = inside.path().join("workbook");
    let mut parts = Vec::new();
    for entry in fs::read_dir(&whole)? {
        parts.push(entry?.file_name());
    }
    parts.sort_by_key(|name| name == workbook::STATE);
    for name in parts {
        let place = dir.join(&name);
        // What is there already is the same: `is_free` has looked.
        if place.is_dir() {
            fs::remove_dir_all(&place)?;
        }
        fs::rename(whole.join(&name), place)?;
    }
    for entry in fs::read_dir(dir)?.flatten() {
        if entry.path() != inside.path() && is_left_over(&entry.path()) {
            // If it cannot be removed, it is in nobody's way.
            let _ = fs::remove_dir_all(entry.path());
        }
    }
    Ok(())
}

/// The workbook, as `workbook` in a folder made for it in `parent`.
fn build_in(parent: &Path) -> io::Result<tempfile::TempDir> {
    let folder = tempfile::Builder::new()
        .prefix(BUILT_IN)
        .tempdir_in(parent)?;
    let whole = folder.path().join("workbook");
    // The folder's name is a new one each time.
    let name = package::name(&fs::canonicalize(&folder)?.to_string_lossy());
    for file in workbook::all_files() {
        let path = whole.join(&file.path);
        fs::create_dir_all(path.parent().expect("a file is in a folder"))?;
        fs::write(path, package::named(&file.path, &file.text, &name))?;
    }
    Ok(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_quoted_where_a_shell_needs_it() {
        assert_eq!(quoted(Path::new("../my-network")), "../my-network");
        assert_eq!(quoted(Path::new("für_mich")), "für_mich");
        if !cfg!(windows) {
            assert_eq!(quoted(Path::new("mein Netz")), "'mein Netz'");
            assert_eq!(quoted(Path::new("don't")), r"'don'\''t'");
        }
    }
}
