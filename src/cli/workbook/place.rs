//! Where the workbook is, and what is known of it.

use super::judge::Verdict;
use super::sources::Sources;
use super::{older, version};
use crate::cli::failure::Failure;
use crate::cli::new_file::NewFile;
use fully_connected::literate::manifest::Exercise;
use fully_connected::literate::workbook::{STATE, VERSION};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

/// A workbook on disk.
#[derive(Debug, Clone)]
pub struct Workbook {
    /// Its folder.
    pub root: PathBuf,
}

/// What the file of the workbook's state holds.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct State {
    /// Of the program that made the workbook.
    pub version: String,
    /// The exercises whose solution was put in.
    #[serde(default)]
    pub given: Vec<String>,
    /// How many hints of an exercise were shown.
    #[serde(default)]
    pub hints: BTreeMap<String, usize>,
    /// How each exercise came out when it was last tested.
    #[serde(default)]
    pub results: BTreeMap<String, Record>,
}

/// How an exercise came out, and what was tested.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// The fingerprint of the sources.
    pub of: String,
    /// How it came out.
    pub came_out: CameOut,
}

/// How an exercise came out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CameOut {
    /// Every test and example passed.
    Solved,
    /// A test failed.
    Wrong,
    /// Its tests reach an exercise that is not written.
    Waiting(String),
}

impl State {
    /// What the file holds.
    fn text(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).expect("plain data");
        text.push('\n');
        text
    }

    /// What the file holds once the workbook is of another version.
    pub fn brought_to(mut self, version: &str) -> String {
        self.version = version.to_owned();
        self.text()
    }
}

impl Workbook {
    /// The workbook around the current folder, if there is one.
    pub fn around_here() -> Option<Workbook> {
        let here = env::current_dir().ok()?;
        let root = here.ancestors().find(|dir| dir.join(STATE).is_file())?;
        Some(Workbook {
            root: root.to_owned(),
        })
    }

    /// The workbook around the current folder, whatever its version.
    pub fn here() -> Result<Workbook, Failure> {
        Workbook::around_here().ok_or_else(|| {
            let here = env::current_dir().unwrap_or_default();
            Failure::Unusable(format!(
                "there is no workbook here: neither {} nor a folder above it has a file \
                 {STATE}. Go into your workbook's folder, or make one with \
                 `fully-connected new DIR`",
                here.display()
            ))
        })
    }

    /// The workbook around the current folder, if this program can work in it.
    pub fn find() -> Result<Workbook, Failure> {
        let workbook = Workbook::here()?;
        older::welcome(&workbook)?;
        Ok(workbook)
    }

    /// The workbook around the current folder, if it is of this program's version.
    pub fn find_current() -> Result<Workbook, Failure> {
        let workbook = Workbook::here()?;
        older::refuse(&workbook)?;
        Ok(workbook)
    }

    /// What is known of it. A newer version's is refused.
    pub fn state(&self) -> Result<State, Failure> {
        let path = self.root.join(STATE);
        let damaged = |what: String| {
            Failure::Unusable(format!(
                "cannot read {}: {what}. Your code is not in it: if you put \
                 `{{\"version\": \"{VERSION}\"}}` there, only what was given and which \
                 hints you have seen is forgotten",
                path.display()
            ))
        };
        let text = fs::read_to_string(&path).map_err(|e| damaged(e.to_string()))?;
        let state: State =
            serde_json::from_str(&text).map_err(|e| damaged(e.to_string()))?;
        if version::beside_ours(&state.version).is_none() {
            return Err(damaged(format!("`{}` is no version", state.version)));
        }
        version::refuse_newer(&state.version)?;
        Ok(state)
    }

    /// Changes what is known of it.
    pub fn update(&self, change: impl FnOnce(&mut State)) -> Result<(), Failure> {
        let mut state = self.state()?;
        change(&mut state);
        write(&self.root.join(STATE), &state.text())
    }

    /// Remembers how exercises came out, and of which sources that is true.
    pub fn record<'a>(
        &self,
        sources: &Sources,
        verdicts: impl Iterator<Item = (&'a Exercise, &'a Verdict)>,
    ) -> Result<(), Failure> {
        let new: Vec<_> = verdicts
            .map(|(exercise, verdict)| {
                let record = verdict.came_out().map(|came_out| Record {
                    of: sources.fingerprint(exercise),
                    came_out,
                });
                (exercise.name.to_owned(), record)
            })
            .collect();
        self.update(|state| {
            for (name, record) in new {
                match record {
                    Some(record) => state.results.insert(name, record),
                    None => state.results.remove(&name),
                };
            }
        })
    }

    /// The path of a chapter, relative to the workbook.
    pub fn chapter_file(chapter: &str) -> String {
        format!("src/{chapter}.rs")
    }
}

/// Writes a file in one step, over the one that may be there.
pub fn write(path: &Path, text: &str) -> Result<(), Failure> {
    NewFile::at(path, true)?.write(text).map(|_| ())
}
