//! The workbook on disk, and the file that remembers how far it has come.

use super::lock::Lock;
use super::standing::Standing;
use super::version;
use crate::cli::failure::Failure;
use crate::cli::new_file::NewFile;
use fully_connected::literate::workbook::{STATE, VERSION};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::PathBuf;

/// The beginning of a file's name in a workbook until the file is whole.
pub const UNFINISHED: &str = ".fully-connected-unfinished-";

/// A workbook on disk.
#[derive(Debug, Clone)]
pub struct Workbook {
    /// Its folder.
    pub root: PathBuf,
}

/// The contents of the workbook's state file.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct State {
    /// The version of the program that made the workbook.
    pub version: String,
    /// The exercises whose solution was put in.
    #[serde(default)]
    pub given: Vec<String>,
    /// The number of hints that were shown, for each exercise.
    #[serde(default)]
    pub hints: BTreeMap<String, usize>,
    /// The result of each exercise when it was last tested.
    #[serde(default)]
    pub results: BTreeMap<String, Record>,
}

/// The result of an exercise, and what was tested.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// The fingerprint of the sources that were tested.
    #[serde(alias = "of")]
    pub fingerprint: String,
    /// The standing that the tests gave it.
    #[serde(alias = "came_out")]
    pub result: Standing,
}

impl State {
    /// The text of the state file.
    fn text(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).expect("plain data");
        text.push('\n');
        text
    }

    /// The text of the state file of a workbook that is of another version now.
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

    /// The state file's contents. A newer version's workbook is refused.
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

    /// Changes the state file.
    pub fn update(&self, change: impl FnOnce(&mut State)) -> Result<(), Failure> {
        let _alone = Lock::of_files(self);
        self.update_alone(change)
    }

    /// Changes the state file for someone who has the lock of the files.
    pub fn update_alone(&self, change: impl FnOnce(&mut State)) -> Result<(), Failure> {
        let mut state = self.state()?;
        change(&mut state);
        let file = NewFile::at(&self.root.join(STATE), true)?;
        file.called(UNFINISHED).write(&state.text()).map(|_| ())
    }

    /// Takes away the files that a killed program has left unfinished, for someone who has
    /// the lock of the files.
    pub fn take_unfinished_away(&self) {
        for folder in [".", "src", ".backups"] {
            let entries = fs::read_dir(self.root.join(folder));
            for entry in entries.into_iter().flatten().flatten() {
                let name = entry.file_name();
                let is_ours = name.to_string_lossy().starts_with(UNFINISHED);
                if is_ours && entry.file_type().is_ok_and(|kind| kind.is_file()) {
                    // If it cannot be, it is in nobody's way.
                    let _ = fs::remove_file(entry.path());
                }
            }
        }
    }

    /// The path of a chapter, relative to the workbook.
    pub fn chapter_file(chapter: &str) -> String {
        format!("src/{chapter}.rs")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_state_file_of_the_program_before_is_read() {
        let text = r#"{"version": "0.1.0", "results": {
            "relu::forward": {"of": "ab", "came_out": "solved"},
            "relu::backward": {"of": "cd", "came_out": {"waiting": "affine::forward"}}
        }}"#;
        let state: State = serde_json::from_str(text).unwrap();
        let record = &state.results["relu::backward"];
        assert_eq!(record.fingerprint, "cd");
        let waiting = Standing::Waiting("affine::forward".to_owned());
        assert_eq!(record.result, waiting);

        let again = serde_json::to_string(&state).unwrap();
        let again: State = serde_json::from_str(&again).unwrap();
        assert_eq!(again.results, state.results);
    }
}
