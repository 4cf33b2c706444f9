//! `update`: a workbook of an older version becomes one of the program's, with the
//! student's code in it.

use super::files;
use super::forms;
use super::lock::Lock;
use super::place::{State, Workbook};
use super::swap::{self, Journal, New, Put};
use super::version::{beside_ours, refuse_newer};
use crate::cli::Outcome;
use crate::cli::failure::Failure;
use crate::cli::style::{BRIGHT, HEADING, styled, verdict};
use clap::Args;
use fully_connected::literate::carry::{Carried, carry, with_line_ends_of};
use fully_connected::literate::made::{MADE, Made, lines_outside};
use fully_connected::literate::manifest::CHAPTERS;
use fully_connected::literate::markers::sound_regions;
use fully_connected::literate::package;
use fully_connected::literate::workbook::{self, STATE, VERSION};
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Write};
use std::ops::Range;
use std::path::Path;
use std::time::SystemTime;

/// Bring a workbook to this program's version
///
/// The given code, tests, data and settings become this program's; the code that you wrote
/// between the markers stays, and what is new comes as `todo!()`. Every file that changes
/// is kept in `.backups` as it was, and what you changed elsewhere is named. If it is
/// interrupted, the next `update` goes on with it.
#[derive(Debug, Args)]
pub struct Update {
    /// Say what would change, and change nothing
    #[arg(long)]
    dry_run: bool,
}

impl Update {
    /// Updates, or says what would be done.
    pub fn run(&self, out: &mut impl Write) -> Result<Outcome, Failure> {
        let workbook = Workbook::here()?;
        let root = &workbook.root;
        let is_due = swap::begun(root)?.is_some()
            || beside_ours(&workbook.state()?.version) == Some(Ordering::Less);
        // Of two updates the second finds the work done.
        let _alone = (is_due && !self.dry_run)
            .then(|| Lock::of_files(&workbook))
            .flatten();
        if let Some(journal) = swap::begun(root)? {
            refuse_newer(&journal.to)?;
            if self.dry_run {
                writeln!(
                    out,
                    "An update to version {} was interrupted; `fully-connected update` \
                     finishes it.",
                    journal.to
                )?;
                return Ok(Outcome::Done);
            }
            finish(root, &journal, out)?;
            if beside_ours(&journal.to) == Some(Ordering::Equal) {
                return Ok(Outcome::Done);
            }
        }
        let state = workbook.state()?;
        if beside_ours(&state.version) != Some(Ordering::Less) {
            if !self.dry_run {
                // New files that were made and never put in place.
                let folder = root.join(swap::FOLDER);
                swap::clear(&folder).map_err(|e| Failure::Write(folder, e))?;
            }
            let text = format!("this workbook is up to date: version {VERSION}");
            writeln!(out, "{}", verdict(true, text))?;
            return Ok(Outcome::Done);
        }
        let plan = Plan::of(&workbook, state)?;
        if self.dry_run {
            for line in plan.forecast() {
                writeln!(out, "{line}")?;
            }
            return Ok(Outcome::Done);
        }
        let prepared = swap::prepare(root, &plan.journal, &plan.new, &mut || Ok(()));
        if let Err(error) = prepared {
            // As much of it as can be; the next update takes away the rest.
            let _ = swap::clear(&root.join(swap::FOLDER));
            return Err(Failure::Write(root.join(swap::FOLDER), error));
        }
        finish(root, &plan.journal, out)?;
        Ok(Outcome::Done)
    }
}

/// Carries an update to its end and says what came of it.
fn finish(root: &Path, journal: &Journal, out: &mut impl Write) -> Result<(), Failure> {
    let made = made(root, &journal.from);
    let name = package_name(root);
    let remake = |path: &str, old: &[u8]| match program_text(path, &name) {
        Some(text) => File::of(path, &text, Some(old), made.as_ref()).text,
        None => old.to_vec(),
    };
    let anew = swap::finish(root, journal, &remake, &mut || Ok(()));
    let anew = anew.map_err(|error| {
        Failure::Unusable(format!(
            "the update was stopped half way: {error}. Nothing is lost: the files that it \
             has replaced so far are in {}. If a program holds a file open, close it; \
             `fully-connected update` goes on",
            journal.backup
        ))
    })?;
    for line in journal.done() {
        writeln!(out, "{line}")?;
    }
    for path in anew {
        writeln!(
            out,
            "{path} was saved meanwhile: the code in it now is that of the last save."
        )?;
    }
    Ok(())
}

/// The record of what the workbook was made of.
fn made(root: &Path, version: &str) -> Option<Made> {
    let record = fs::read_to_string(root.join(MADE)).ok();
    record
        .and_then(|text| Made::read(&text))
        .or_else(|| Made::of_version(version))
}

/// The file of a new workbook at that path.
fn program_text(path: &str, name: &str) -> Option<String> {
    let mut files = workbook::all_files().into_iter();
    let file = files.find(|file| file.path == path);
    file.map(|file| package::named(path, &file.text, name))
}

/// The name of the workbook's package: its own, or one for a workbook that has none.
fn package_name(root: &Path) -> String {
    let manifest = fs::read_to_string(root.join("Cargo.toml")).unwrap_or_default();
    let own = package::own(&manifest).map(str::to_owned);
    own.unwrap_or_else(|| package::name(&root.to_string_lossy()))
}

/// The files below `src` as an update would make them.
pub fn sources(workbook: &Workbook) -> BTreeMap<String, String> {
    let version = workbook
        .state()
        .map_or(String::new(), |state| state.version);
    let made = made(&workbook.root, &version);
    let files = workbook::files().into_iter();
    let files = files.filter(|file| file.path.starts_with("src/"));
    let of = |file: workbook::File| {
        let old = files::read(&workbook.root.join(&file.path)).ok();
        let new = File::of(&file.path, &file.text, old.as_deref(), made.as_ref());
        (file.path, String::from_utf8_lossy(&new.text).into_owned())
    };
    files.map(of).collect()
}

fn is_chapter(path: &str) -> bool {
    let name = path
        .strip_prefix("src/")
        .and_then(|p| p.strip_suffix(".rs"));
    name.is_some_and(|name| CHAPTERS.contains(&name))
}

/// A file of the new version, and what becomes of the old one.
struct File {
    text: Vec<u8>,
    carried: Carried,
    /// Whether the student changed the old one, if that can be told.
    was_edited: bool,
    /// Whether the old one was the student's own.
    was_mine: bool,
}

impl File {
    /// The file at `path`, whose new text is `text`, in place of `old`.
    fn of(path: &str, text: &str, old: Option<&[u8]>, made: Option<&Made>) -> File {
        let mut file = File {
            text: text.into(),
            carried: Carried::default(),
            was_edited: false,
            was_mine: false,
        };
        let Some(old) = old else { return file };
        let old = &*package::plain(path, old);
        let record = made.and_then(|made| made.file(path));
        file.was_mine = made.is_some() && record.is_none() && path != MADE;
        file.was_edited = record.is_some_and(|record| !record.is(old));
        let Ok(old) = str::from_utf8(old) else {
            if is_chapter(path) {
                let problem = "the file is not UTF-8, so none of its code was carried";
                file.carried.lost.push((1, problem.to_owned()));
            }
            return file;
        };
        if is_chapter(path) {
            file.carried = carry(old, record, text);
            file.text = file.carried.text.clone().into();
        } else {
            file.text = with_line_ends_of(old, text).into();
            let edits = record.filter(|record| file.was_edited && record.has_lines());
            if let Some(record) = edits {
                let lines = lines_outside(old, &[]);
                let edits = record.edits(&lines).into_iter();
                let number = |at: usize| lines.get(at).map_or(lines.len() + 1, |l| l.0);
                let edits = edits.map(|e| number(e.start)..number(e.start) + e.len());
                file.carried.edits = edits.collect();
            }
        }
        file
    }
}

/// The plan of an update.
struct Plan {
    journal: Journal,
    new: Vec<New>,
}

impl Plan {
    fn of(workbook: &Workbook, state: State) -> Result<Plan, Failure> {
        let root = &workbook.root;
        let from = state.version.clone();
        let made = made(root, &from);
        let mut report = Report::default();
        let mut new = Vec::new();
        let name = package_name(root);
        let files = workbook::all_files();
        let kept: BTreeSet<String> = files.iter().map(|f| f.path.clone()).collect();
        for file in files {
            if file.path == STATE {
                continue;
            }
            let old = read(root, &file.path)?;
            let text = package::named(&file.path, &file.text, &name);
            let now = File::of(&file.path, &text, old.as_deref(), made.as_ref());
            report.take(&file.path, &now, &from);
            if old.as_ref() != Some(&now.text) {
                report.links(root, &file.path);
                new.push(New {
                    path: file.path,
                    text: now.text,
                    old,
                });
            }
        }
        let mut remove = Vec::new();
        let were = made.iter().flat_map(Made::paths);
        for path in were.filter(|path| !kept.contains(*path)) {
            if let Some(old) = read(root, path)? {
                let record = made.as_ref().and_then(|made| made.file(path));
                if record.is_some_and(|record| !record.is(&old)) {
                    report.edited.push(path.clone());
                }
                remove.push(path.clone());
            }
        }
        new.push(New {
            path: STATE.to_owned(),
            text: state.brought_to(VERSION).into(),
            old: read(root, STATE)?,
        });

        let backup = backup(root, &from);
        let put = new.iter().map(|new| Put {
            path: new.path.clone(),
            of: new.old.as_deref().map(crc32fast::hash),
        });
        let mut journal = Journal {
            to: VERSION.to_owned(),
            put: put.collect(),
            report: Vec::new(),
            from,
            backup,
            remove,
        };
        report.unknown = made.is_none();
        journal.report = report.lines();
        Ok(Plan { journal, new })
    }

    /// The lines of a dry run.
    fn forecast(&self) -> Vec<String> {
        let Journal {
            from, to, backup, ..
        } = &self.journal;
        let mut lines = vec![format!(
            "This workbook is of version {from}, the program of {to}. An update would write"
        )];
        for new in &self.new {
            let sign = if new.old.is_some() { "~" } else { "+" };
            lines.push(format!("  {sign} {}", new.path));
        }
        let gone = self.journal.remove.iter();
        lines.extend(gone.map(|path| format!("  - {path}")));
        lines.push(
            "(+ new, ~ in place of the old one, - gone), and keep the old in"
                .to_owned(),
        );
        lines.push(format!("    {}", styled(BRIGHT, backup)));
        lines.extend(self.journal.report.iter().cloned());
        lines.push(String::new());
        lines.push("A dry run: nothing was changed.".to_owned());
        lines
    }
}

impl Journal {
    /// The lines that are printed once it is done.
    fn done(&self) -> Vec<String> {
        let Journal {
            from, to, backup, ..
        } = self;
        let text = format!("this workbook is of version {to} now; it was of {from}");
        let count = |n: usize| match n {
            1 => "1 file is".to_owned(),
            n => format!("{n} files are"),
        };
        let mut counts = format!("  {} new or changed", count(self.put.len()));
        if !self.remove.is_empty() {
            counts += &format!(", {} gone", count(self.remove.len()));
        }
        let mut lines = vec![
            verdict(true, text),
            format!("{counts}; the old ones are in"),
            format!("    {}", styled(BRIGHT, backup)),
        ];
        lines.extend(self.report.iter().cloned());
        lines.push(String::new());
        lines.push("`fully-connected check` tests everything.".to_owned());
        lines
    }
}

/// The contents of the file at a path of the workbook, behind a link too.
fn read(root: &Path, path: &str) -> Result<Option<Vec<u8>>, Failure> {
    let place = root.join(path);
    // Nothing is written through a link to a folder, or below what is none.
    for folder in Path::new(path).ancestors().skip(1) {
        let folder = root.join(folder);
        let kind = fs::symlink_metadata(&folder).map(|kind| kind.is_dir());
        if folder != *root && matches!(kind, Ok(false)) {
            return Err(Failure::Unusable(format!(
                "{} is no folder of the workbook but a file or a link, and stays as it is. \
                 Put a folder there and try again; nothing was changed",
                folder.display()
            )));
        }
    }
    match fs::metadata(&place) {
        Ok(kind) if !kind.is_file() => Ok(None),
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
        _ => fs::read(&place).map(Some).map_err(|error| {
            let place = place.display();
            Failure::Unusable(format!(
                "cannot read {place}: {error}; nothing was changed"
            ))
        }),
    }
}

/// A folder for the old files that is not there yet.
fn backup(root: &Path, from: &str) -> String {
    let now = humantime::format_rfc3339_seconds(SystemTime::now()).to_string();
    let day = now.split('T').next().unwrap_or(&now);
    let name = format!(".backups/{day}-{from}");
    let others = (2..).map(|number| format!("{name}-{number}"));
    let mut names = std::iter::once(name.clone()).chain(others);
    let free = names.find(|name| root.join(name).symlink_metadata().is_err());
    free.expect("some number is free")
}

/// The findings that the student is told.
#[derive(Default)]
struct Report {
    /// The exercises, and helpers, whose code was carried.
    carried: Vec<String>,
    uses: Vec<String>,
    /// Files and lines that were changed outside the exercises.
    edited: Vec<String>,
    lost: Vec<String>,
    /// Files of the student's own, or links, in whose place there is a new file.
    displaced: Vec<String>,
    advice: Vec<String>,
    /// Whether nobody can tell what was changed outside the exercises.
    unknown: bool,
}

impl Report {
    fn take(&mut self, path: &str, file: &File, from: &str) {
        let Carried {
            text,
            exercises,
            uses,
            edits,
            lost,
        } = &file.carried;
        self.carried.extend(exercises.iter().cloned());
        let uses = uses.iter();
        self.uses
            .extend(uses.map(|(line, item)| format!("{path}, line {line}: {item}")));
        if !edits.is_empty() {
            let lines: Vec<_> = edits.iter().map(lines).collect();
            self.edited.push(format!("{path}, {}", lines.join(", ")));
        } else if file.was_edited && !is_chapter(path) {
            self.edited.push(path.to_owned());
        }
        let lost = lost.iter();
        self.lost
            .extend(lost.map(|(line, what)| format!("{path}:{line}: {what}")));
        if file.was_mine {
            self.displaced.push(path.to_owned());
        }
        for region in sound_regions(text, |_| true).0 {
            if exercises.contains(&region.exercise) {
                let advice = forms::advice(from, &region, text).into_iter();
                self.advice.extend(
                    advice.map(|what| format!("{path}:{}: {what}", region.line)),
                );
            }
        }
    }

    fn links(&mut self, root: &Path, path: &str) {
        let kind = fs::symlink_metadata(root.join(path));
        if kind.is_ok_and(|kind| kind.is_symlink()) {
            let what = format!("{path}, a link; what it points to is as it was");
            self.displaced.push(what);
        }
    }

    fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        let item = |text: &str| {
            let options = textwrap::Options::new(88)
                .initial_indent("  ")
                .subsequent_indent("    ")
                .break_words(false)
                .word_splitter(textwrap::WordSplitter::NoHyphenation);
            let wrapped = textwrap::wrap(text, options).into_iter();
            wrapped
                .map(std::borrow::Cow::into_owned)
                .collect::<Vec<_>>()
        };
        if !self.carried.is_empty() {
            let carried = self.carried.join(", ");
            lines.extend(item(&format!("Your code stays in {carried}")));
        }
        let lists = [
            (
                "Imports that your code brings along, now in the helpers at the foot of the file:",
                &self.uses,
            ),
            (
                "Changed by you outside the exercises; your text is in that folder only:",
                &self.edited,
            ),
            (
                "Yours, moved there to make room for a new file:",
                &self.displaced,
            ),
            (
                "Not carried; copy your code from that folder into the regions:",
                &self.lost,
            ),
            (
                "To be written otherwise from this version on:",
                &self.advice,
            ),
        ];
        for (title, list) in lists.iter().filter(|(_, list)| !list.is_empty()) {
            lines.push(String::new());
            lines.push(styled(HEADING, title));
            lines.extend(list.iter().flat_map(|text| item(text)));
        }
        if self.unknown {
            lines.push(String::new());
            lines.push(format!(
                "{MADE} is missing or damaged, so nobody can tell what you\nchanged outside \
                 the exercises: compare with that folder."
            ));
        }
        lines
    }
}

fn lines(range: &Range<usize>) -> String {
    match range.len() {
        0 => format!("before line {} (taken out)", range.start),
        1 => format!("line {}", range.start),
        _ => format!("lines {}–{}", range.start, range.end - 1),
    }
}
