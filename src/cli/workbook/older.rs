//! A workbook that is older than the program.
//!
//! Its tests and given code are older too. So what is tested in it is the student's code
//! between the program's given code, as `update` would put it; nothing is written.

use super::place::Workbook;
use super::{swap, update, version};
use crate::cli::failure::Failure;
use crate::cli::style::{BRIGHT, styled};
use anstream::AutoStream;
use anstream::adapter::strip_str;
use fully_connected::literate::manifest::{CHAPTERS, EXERCISES};
use fully_connected::literate::markers::sound_regions;
use fully_connected::literate::tangle;
use fully_connected::literate::workbook::VERSION;
use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};

/// The files below `src` of an older workbook as an update would make them.
#[derive(Debug, Default)]
pub struct View {
    /// The texts, by path.
    pub texts: BTreeMap<String, String>,
    regions: Vec<Stretch>,
}

/// Lines that stand in the workbook and in the view.
#[derive(Debug)]
struct Stretch {
    path: String,
    /// The first line in the view.
    here: usize,
    /// The first line in the workbook.
    there: usize,
    length: usize,
}

impl Workbook {
    /// The workbook around the current folder, if this program can work in it.
    pub fn find() -> Result<Workbook, Failure> {
        let workbook = Workbook::here()?;
        welcome(&workbook)?;
        Ok(workbook)
    }

    /// The workbook around the current folder, if it is of this program's version.
    pub fn find_current() -> Result<Workbook, Failure> {
        let workbook = Workbook::here()?;
        refuse(&workbook)?;
        Ok(workbook)
    }
}

impl View {
    /// The line of the workbook that stands at this line of the view.
    pub fn line(&self, path: &str, line: usize) -> Option<usize> {
        let found = self.regions.iter().find(|stretch| {
            let lines = stretch.here..stretch.here + stretch.length;
            stretch.path == path && lines.contains(&line)
        })?;
        Some(line - found.here + found.there)
    }

    /// The message of a compiler or a panic about the view, with the workbook's lines. Where
    /// it speaks of given code, it says so.
    pub fn told(&self, text: &str) -> String {
        let mut path = None;
        let lines = text.split_inclusive('\n').map(|line| {
            let mut line = line.to_owned();
            let named = self.texts.keys().find_map(|path| {
                let (_, rest) = line.split_once(&format!("{path}:"))?;
                Some((path, leading_number(rest)?))
            });
            if let Some((file, number)) = named {
                path = Some(file);
                let old = format!("{file}:{number}");
                let new = match self.line(file, number) {
                    Some(line) => format!("{file}:{line}"),
                    None => format!("{file} of version {VERSION}:{number}"),
                };
                line = line.replacen(&old, &new, 1);
            } else if let Some(file) = path
                && let Some(number) =
                    leading_number(strip_str(&line).to_string().trim())
                && let Some(mine) = self.line(file, number)
            {
                // The margin of a piece of source, which may be in a colour.
                let old = number.to_string();
                let (colour, rest) = line.split_at(line.find(&old).unwrap_or(0));
                let (colour, rest) = match line.split_once(&format!("m{old}")) {
                    Some((colour, _)) => line.split_at(colour.len() + 1),
                    None => (colour, rest),
                };
                let new = format!("{mine:<width$}", width = old.len());
                line = format!("{colour}{}", rest.replacen(&old, &new, 1));
            }
            line
        });
        lines.collect()
    }

    fn add(&mut self, path: &str, old: &str) {
        let new = &self.texts[path];
        let (mut mine, _) = sound_regions(old, |_| true);
        for region in sound_regions(new, |_| true).0 {
            let found = mine.iter().position(|m| m.exercise == region.exercise);
            let Some(found) = found.map(|found| mine.remove(found)) else {
                continue;
            };
            let (new, old) = (&new[region.body], &old[found.body]);
            self.regions.push(Stretch {
                path: path.to_owned(),
                here: region.line,
                there: found.line,
                // The markers, and what is between them where that is the student's.
                length: if new == old {
                    new.lines().count() + 2
                } else {
                    1
                },
            });
        }
    }
}

/// Refuses a workbook in which nothing can be tested, and says on standard error that one
/// is older.
pub fn welcome(workbook: &Workbook) -> Result<(), Failure> {
    refuse_half_updated(workbook)?;
    let Some(difference) = version::difference(&workbook.state()?.version) else {
        return Ok(());
    };
    if let Some(problem) = misfit(workbook) {
        return Err(Failure::Unusable(format!(
            "{difference}. Until then this program cannot work in it: {problem}"
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
    match version::difference(&workbook.state()?.version) {
        None => Ok(()),
        Some(difference) => Err(Failure::Unusable(format!(
            "{difference}. Only then can this program change your chapters: what it would \
             put there belongs to its own given code"
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

/// The reason why the student's regions do not fit the program's chapters, if they do not.
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
    let is_older = workbook
        .state()
        .is_ok_and(|state| version::difference(&state.version).is_some());
    is_older.then(|| {
        let mut view = View {
            texts: update::sources(workbook),
            regions: Vec::new(),
        };
        for chapter in CHAPTERS.iter() {
            let path = Workbook::chapter_file(chapter);
            let old = fs::read_to_string(workbook.root.join(&path));
            view.add(&path, &old.unwrap_or_default());
        }
        view
    })
}

fn leading_number(text: &str) -> Option<usize> {
    let end = text.find(|c: char| !c.is_ascii_digit());
    text[..end.unwrap_or(text.len())].parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_speak_of_the_workbooks_lines() {
        let mut view = View::default();
        view.texts.insert("src/x.rs".to_owned(), String::new());
        view.regions.push(Stretch {
            path: "src/x.rs".to_owned(),
            here: 94,
            there: 110,
            length: 5,
        });
        let said = "error: no\n  --> src/x.rs:95:5\n   |\n95 |     a + b\n   |     ^\n";
        let told =
            "error: no\n  --> src/x.rs:111:5\n   |\n111 |     a + b\n   |     ^\n";
        assert_eq!(view.told(said), told);
        let said = "\u{1b}[94m--> \u{1b}[0msrc/x.rs:96:1\n\u{1b}[94m96\u{1b}[0m \
                    \u{1b}[94m|\u{1b}[0m 96\n";
        let told = "\u{1b}[94m--> \u{1b}[0msrc/x.rs:112:1\n\u{1b}[94m112\u{1b}[0m \
                    \u{1b}[94m|\u{1b}[0m 96\n";
        assert_eq!(view.told(said), told);
        assert_eq!(
            view.told("at src/x.rs:7:1"),
            format!("at src/x.rs of version {VERSION}:7:1")
        );
        assert_eq!(view.told("95 apples"), "95 apples");
    }

    #[test]
    fn a_line_of_the_view_is_found_in_the_workbook() {
        let old = "a\n// exercise: x::f\nmine\n// end: x::f\n// exercise: x::g\nold\n\
                   // end: x::g\n";
        let new = "a\nb\nc\n// exercise: x::f\nmine\n// end: x::f\nd\n\
                   // exercise: x::g\nnew\n// end: x::g\n";
        let mut view = View::default();
        view.texts.insert("x.rs".to_owned(), new.to_owned());
        view.add("x.rs", old);
        let lines: Vec<_> = (1..=10).map(|line| view.line("x.rs", line)).collect();
        let mine = [Some(2), Some(3), Some(4)];
        assert_eq!(lines[..3], [None; 3]);
        assert_eq!(lines[3..6], mine);
        assert_eq!(lines[6..], [None, Some(5), None, None]);
        assert_eq!(view.line("y.rs", 5), None);
    }
}
