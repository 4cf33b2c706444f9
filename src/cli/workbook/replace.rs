//! `give` and `reset`: the solution, or the stub, in place of the student's code, which is
//! kept.

use super::names;
use super::place::{Workbook, write};
use super::sources::Sources;
use crate::cli::failure::Failure;
use crate::cli::new_file::NewFile;
use crate::cli::outcome::Outcome;
use crate::cli::style::{BRIGHT, styled, verdict};
use clap::Args;
use fully_connected::literate::manifest::Exercise;
use fully_connected::literate::tangle;
use fully_connected::literate::workbook;
use std::fs;
use std::io::Write;
use std::time::SystemTime;

/// Put the solution of an exercise into your chapter
///
/// The chapter as it was is kept in `.backups`, and the exercise is recorded as given.
#[derive(Debug, Args)]
pub struct Give {
    /// An exercise, or a chapter for all of its exercises
    #[arg(value_name = "EXERCISE")]
    name: String,
}

/// Put the stub of an exercise back into your chapter
///
/// The chapter as it was is kept in `.backups`. With a chapter's name the whole file is as
/// it was in the beginning, even if it was deleted or its markers are damaged.
#[derive(Debug, Args)]
pub struct Reset {
    /// An exercise, or a chapter for its whole file
    #[arg(value_name = "EXERCISE")]
    name: String,
}

impl Give {
    /// Gives, and says where the backup is.
    pub fn run(&self, out: &mut impl Write) -> Result<Outcome, Failure> {
        let workbook = Workbook::find_current()?;
        let exercises = names::exercises(&self.name)?;
        let chapter = exercises[0].chapter();
        let solution = workbook::source(chapter);
        transplant(&workbook, chapter, &exercises, solution, out)?;
        workbook.update(|state| {
            for exercise in &exercises {
                forget(state, exercise.name);
                state.given.push(exercise.name.to_owned());
            }
        })?;
        for exercise in &exercises {
            let text = format!("{} is given: {}", exercise.name, exercise.title);
            writeln!(out, "{}", verdict(true, text))?;
        }
        Ok(Outcome::Done)
    }
}

impl Reset {
    /// Resets, and says where the backup is.
    pub fn run(&self, out: &mut impl Write) -> Result<Outcome, Failure> {
        let workbook = Workbook::find_current()?;
        let exercises = names::exercises(&self.name)?;
        let chapter = exercises[0].chapter();
        let stubbed = workbook::stubbed(chapter);
        if self.name == chapter {
            keep_and_write(&workbook, chapter, &stubbed, out)?;
        } else {
            transplant(&workbook, chapter, &exercises, &stubbed, out)?;
        }
        workbook.update(|state| {
            for exercise in &exercises {
                forget(state, exercise.name);
            }
        })?;
        for exercise in &exercises {
            let text = format!("{} is open again", exercise.name);
            writeln!(out, "{}", verdict(true, text))?;
        }
        Ok(Outcome::Done)
    }
}

fn forget(state: &mut super::place::State, name: &str) {
    state.given.retain(|given| given != name);
    state.results.remove(name);
}

/// Puts the exercises' regions of `donor` into the student's chapter.
fn transplant(
    workbook: &Workbook,
    chapter: &str,
    exercises: &[&Exercise],
    donor: &str,
    out: &mut impl Write,
) -> Result<(), Failure> {
    let file = Workbook::chapter_file(chapter);
    let sources = Sources::read(workbook);
    let unusable = |problem: String| {
        Failure::Unusable(format!(
            "{problem}. The comments `// exercise:` and `// end:` say where your code \
             goes: put them back, or have the whole chapter as it was with \
             `fully-connected reset {chapter}`, which keeps a backup"
        ))
    };
    for exercise in exercises {
        sources.regions_beside(exercise, donor).map_err(unusable)?;
    }
    let text = sources.text(chapter).map_err(unusable)?;
    let wanted = |name: &str| exercises.iter().any(|exercise| exercise.name == name);
    let new = tangle::transplant(&file, text, donor, wanted);
    let new = new.map_err(|e| unusable(e.to_string()))?;
    keep_and_write(workbook, chapter, &new, out)
}

/// Writes a chapter, and keeps the file that was there.
fn keep_and_write(
    workbook: &Workbook,
    chapter: &str,
    text: &str,
    out: &mut impl Write,
) -> Result<(), Failure> {
    let path = workbook.root.join(Workbook::chapter_file(chapter));
    match fs::read(&path) {
        Ok(old) if old == text.as_bytes() => {
            writeln!(out, "Nothing to change in {}.", path.display())?;
            return Ok(());
        }
        Ok(old) => {
            let kept = keep(workbook, chapter, &old)?;
            writeln!(out, "Your {chapter}.rs is kept in")?;
            writeln!(out, "  {}", styled(BRIGHT, kept))?;
        }
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => {}
        Err(e) => {
            let path = path.display();
            return Err(Failure::Unusable(format!("cannot read {path}: {e}")));
        }
    }
    write(&path, text)
}

/// Copies a chapter into the folder for backups, under a name that no file has.
fn keep(workbook: &Workbook, chapter: &str, bytes: &[u8]) -> Result<String, Failure> {
    let folder = workbook.root.join(".backups");
    fs::create_dir_all(&folder).map_err(|e| Failure::Write(folder.clone(), e))?;
    let now = humantime::format_rfc3339_seconds(SystemTime::now()).to_string();
    // A colon is not allowed in a file's name everywhere.
    let name = format!("{chapter}-{}", now.replace(':', "-"));
    let mut file = format!("{name}.rs");
    for number in 2.. {
        let new = NewFile::at(&folder.join(&file), false);
        match new.and_then(|file| file.write_bytes(bytes)) {
            Err(Failure::Exists(_)) => file = format!("{name}-{number}.rs"),
            written => return written.map(|_| format!(".backups/{file}")),
        }
    }
    unreachable!("some number is free")
}
