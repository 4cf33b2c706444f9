//! A workbook that is older than the program.
//!
//! Its tests and given code are older too. So what is tested in it is the student's code
//! between the program's given code, as `update` would put it; nothing is written.

use super::place::Workbook;
use super::{swap, update, version};
use crate::cli::failure::Failure;
use crate::cli::style::{BRIGHT, styled};
use anstream::AutoStream;
use fully_connected::literate::manifest::EXERCISES;
use fully_connected::literate::markers::sound_regions;
use fully_connected::literate::tangle;
use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};

/// The files below `src` of an older workbook as an update would make them, by path.
pub type View = BTreeMap<String, String>;

/// Refuses a workbook in which nothing can be tested, and says on standard error that one
/// is older.
pub fn welcome(workbook: &Workbook) -> Result<(), Failure> {
    refuse_half_updated(workbook)?;
    let Some(difference) = version::difference(workbook)? else {
        return Ok(());
    };
    if let Some(problem) = misfit(workbook) {
        return Err(Failure::Unusable(format!(
            "{difference}. Until then nothing can be tested: {problem}"
        )));
    }
    let note = styled(BRIGHT, "note:");
    // If standard error is closed, there is nobody to tell.
    let _ = writeln!(AutoStream::auto(io::stderr().lock()), "{note} {difference}");
    Ok(())
}

/// Refuses a workbook that is not of this program's version.
pub fn refuse(workbook: &Workbook) -> Result<(), Failure> {
    refuse_half_updated(workbook)?;
    match version::difference(workbook)? {
        None => Ok(()),
        Some(difference) => Err(Failure::Unusable(format!(
            "{difference}. Only then can this program change your chapters: what it would \
             put there goes with its own given code"
        ))),
    }
}

fn refuse_half_updated(workbook: &Workbook) -> Result<(), Failure> {
    let Some(journal) = swap::begun(&workbook.root)? else {
        return Ok(());
    };
    Err(Failure::Unusable(format!(
        "an update of this workbook to version {} was interrupted. Nothing of yours is \
         lost; `fully-connected update` goes on with it",
        journal.to
    )))
}

/// Why the student's regions do not fit the program's chapters, if they do not.
fn misfit(workbook: &Workbook) -> Option<String> {
    for exercise in EXERCISES.iter() {
        let file = Workbook::chapter_file(exercise.chapter());
        let Ok(text) = fs::read_to_string(workbook.root.join(&file)) else {
            return Some(format!("{file} is not there or cannot be read"));
        };
        let (regions, damage) = sound_regions(&text, |_| true);
        if let Some(damage) = damage.first() {
            return Some(format!("{file}:{}: {}", damage.line, damage.what));
        }
        let unknown = regions.iter().find(|r| !tangle::is_known(&r.exercise));
        if let Some(region) = unknown {
            let (line, name) = (region.line, &region.exercise);
            return Some(format!("{file}:{line}: there is no exercise `{name}`"));
        }
        let found = regions.iter().filter(|r| r.exercise == exercise.name);
        if found.count() != exercise.stubs.len() {
            let name = exercise.name;
            return Some(format!("{file} does not have the regions of `{name}`"));
        }
    }
    None
}

/// The view of a workbook, if it is older than the program.
pub fn view(workbook: &Workbook) -> Option<View> {
    let is_older = matches!(version::difference(workbook), Ok(Some(_)));
    is_older.then(|| update::sources(workbook))
}
