//! `give` and `reset`: the solution, or the stub, in place of the student's code, which is
//! kept.

use super::files;
use super::lock::Lock;
use super::names;
use super::place::{UNFINISHED, Workbook};
use super::sources::regions_beside;
use crate::cli::failure::Failure;
use crate::cli::new_file::NewFile;
use crate::cli::outcome::Outcome;
use crate::cli::style::{BRIGHT, styled, verdict};
use clap::Args;
use fully_connected::literate::carry::with_line_ends_of;
use fully_connected::literate::manifest::Exercise;
use fully_connected::literate::tangle;
use fully_connected::literate::workbook;
use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, SystemTime};

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
        let _alone = Lock::of_files(&workbook);
        workbook.take_unfinished_away();
        let make = |old: Option<&[u8]>| transplant(chapter, &exercises, solution, old);
        let file = Chapter::of(&workbook, chapter);
        make(file.read()?.as_deref())?;
        // First: an exercise counts as given only while the solution stands there, and so a
        // record without a change does no harm.
        workbook.update_alone(|state| {
            for exercise in &exercises {
                state.given.retain(|given| given != exercise.name);
                state.given.push(exercise.name.to_owned());
            }
        })?;
        file.change(&make, out)?;
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
        let _alone = Lock::of_files(&workbook);
        workbook.take_unfinished_away();
        let make = |old: Option<&[u8]>| match (old, self.name == chapter) {
            (None, true) => Ok(stubbed.clone()),
            (Some(old), true) => {
                let old = String::from_utf8_lossy(old);
                Ok(with_line_ends_of(&old, &stubbed))
            }
            (old, false) => transplant(chapter, &exercises, &stubbed, old),
        };
        Chapter::of(&workbook, chapter).change(&make, out)?;
        workbook.update_alone(|state| {
            for exercise in &exercises {
                state.given.retain(|given| given != exercise.name);
                state.results.remove(exercise.name);
            }
        })?;
        for exercise in &exercises {
            let text = format!("{} is open again", exercise.name);
            writeln!(out, "{}", verdict(true, text))?;
        }
        Ok(Outcome::Done)
    }
}

/// The chapter `old` with the exercises' regions of `donor`, in its own line ends.
fn transplant(
    chapter: &str,
    exercises: &[&Exercise],
    donor: &str,
    old: Option<&[u8]>,
) -> Result<String, Failure> {
    let file = Workbook::chapter_file(chapter);
    let unusable = |problem: String| {
        Failure::Unusable(format!(
            "{problem}. The comments `// exercise:` and `// end:` say where your code \
             goes: put them back, or have the whole chapter as it was with \
             `fully-connected reset {chapter}`, which keeps a backup"
        ))
    };
    let old = old.ok_or_else(|| unusable(format!("{file} is not there")))?;
    let old = str::from_utf8(old)
        .map_err(|_| unusable(format!("cannot read {file}: it is not UTF-8")))?;
    for exercise in exercises {
        regions_beside(exercise, old, donor).map_err(unusable)?;
    }
    let donor = with_line_ends_of(old, donor);
    let wanted = |name: &str| exercises.iter().any(|exercise| exercise.name == name);
    tangle::transplant(&file, old, &donor, wanted).map_err(|e| unusable(e.to_string()))
}

/// A function that makes a chapter from the one that is there.
type Make<'a> = &'a dyn Fn(Option<&[u8]>) -> Result<String, Failure>;

/// A chapter's file that is to be changed.
struct Chapter<'a> {
    name: &'a str,
    path: PathBuf,
    /// The folder for what was there.
    backups: PathBuf,
}

/// How often a chapter is made again, if each time a save came in between.
const MOST_TRIES: usize = 100;
/// The time for which a file must not change to be taken as saved.
const STILL: Duration = Duration::from_millis(10);

impl Chapter<'_> {
    fn of<'a>(workbook: &Workbook, name: &'a str) -> Chapter<'a> {
        let path = workbook.root.join(Workbook::chapter_file(name));
        Chapter {
            name,
            // A link stays.
            path: fs::canonicalize(&path).unwrap_or(path),
            backups: workbook.root.join(".backups"),
        }
    }

    fn read(&self) -> Result<Option<Vec<u8>>, Failure> {
        match files::read(&self.path) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(e) => {
                let path = self.path.display();
                Err(Failure::Unusable(format!("cannot read {path}: {e}")))
            }
        }
    }

    /// The file after a save that may still go on.
    fn read_settled(&self) -> Result<Option<Vec<u8>>, Failure> {
        let mut last = self.read()?;
        for _ in 0..MOST_TRIES {
            thread::sleep(STILL);
            let now = self.read()?;
            if now == last {
                break;
            }
            last = now;
        }
        Ok(last)
    }

    /// Writes what `make` makes of the file, and keeps the file that was there. A save
    /// that comes in between is not lost: the file is made again, from what was saved.
    fn change(&self, make: Make, out: &mut impl Write) -> Result<(), Failure> {
        let mut there = self.read()?;
        let mut from = there.clone();
        for _ in 0..MOST_TRIES {
            let new = make(from.as_deref())?;
            if there.as_deref() == Some(new.as_bytes()) {
                writeln!(out, "Nothing to change in {}.", self.path.display())?;
                return Ok(());
            }
            let file = NewFile::at(&self.path, true)?.called(UNFINISHED);
            let file = file.unnamed(new.as_bytes())?;
            let Some(old) = &there else {
                file.name()?;
                return Ok(());
            };
            let kept = self.keep(old, true)?;
            let was = file.exchange();
            if was.is_none() {
                let now = self.read()?;
                if now != there {
                    there = self.read_settled()?;
                    from.clone_from(&there);
                    continue;
                }
                file.name()?;
            }
            // Where an editor has saved into the file meanwhile, that is in the backup; where
            // it has put another in its place, that was exchanged.
            let backup = Chapter {
                name: self.name,
                path: self.backups.join(&kept),
                backups: self.backups.clone(),
            };
            if backup.read()? != there {
                from = backup.read_settled()?;
            } else if was.is_some() && was != there {
                self.keep(was.as_deref().unwrap_or_default(), false)?;
                from = was;
            } else {
                writeln!(out, "Your {}.rs is kept in", self.name)?;
                writeln!(out, "  {}", styled(BRIGHT, format_args!(".backups/{kept}")))?;
                return Ok(());
            }
            there = Some(new.into_bytes());
        }
        Err(Failure::Unusable(format!(
            "{} is saved again and again; what was saved is in .backups",
            self.path.display()
        )))
    }

    /// Keeps what was read of the file among the backups, under a name that nothing has; if
    /// it `is_there` and on the same disk, the file itself, so that whatever an editor
    /// still writes into it is there too.
    fn keep(&self, bytes: &[u8], is_there: bool) -> Result<String, Failure> {
        let folder = &self.backups;
        fs::create_dir_all(folder).map_err(|e| Failure::Write(folder.clone(), e))?;
        let now = humantime::format_rfc3339_seconds(SystemTime::now()).to_string();
        // A colon is not allowed in a file's name everywhere.
        let name = format!("{}-{}", self.name, now.replace(':', "-"));
        let mut file = format!("{name}.rs");
        for number in 2.. {
            let path = folder.join(&file);
            let link = match is_there {
                true => fs::hard_link(&self.path, &path),
                false => Err(io::ErrorKind::Unsupported.into()),
            };
            let kept = match link {
                Ok(()) => Ok(()),
                Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {
                    Err(Failure::Exists(path))
                }
                Err(_) => NewFile::at(&path, false)
                    .and_then(|file| file.called(UNFINISHED).write_bytes(bytes))
                    .map(|_| ()),
            };
            match kept {
                Err(Failure::Exists(_)) => file = format!("{name}-{number}.rs"),
                kept => return kept.map(|()| file),
            }
        }
        unreachable!("some number is free")
    }
}
