//! The result of a check as one JSON document. `docs/check.schema.json` describes it.

use super::examine::Report;
use super::judge::{Verdict, Wrong};
use super::standing::Standing;
use crate::cli::failure::Failure;
use crate::cli::new_file::NewFile;
use anstream::adapter::strip_str;
use fully_connected::literate::workbook::VERSION;
use serde::{Deserialize, Serialize};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// What such a document says that it is.
const FORMAT: &str = "fully-connected check 1";
/// The most bytes of a document that is there already.
const MOST_BYTES: u64 = 64 << 20;

/// The result of a check.
#[derive(Debug, Serialize)]
pub struct Document<'a> {
    format: &'static str,
    /// The program's version.
    version: &'static str,
    /// The time of the check's end, in UTC.
    time: String,
    /// The seconds that it took.
    seconds: f64,
    /// The folder that was checked.
    folder: String,
    /// Whether it was checked as one that is not trusted.
    untrusted: bool,
    /// Whether everything that was checked is done.
    done: bool,
    exercises: Vec<Checked<'a>>,
    /// The compiler's errors.
    errors: Vec<String>,
    /// What is refused of a folder that is not trusted; then nothing was built.
    refused: Vec<String>,
    /// What is unusual in its regions.
    unusual: Vec<String>,
    /// The failure of given code.
    given_code: Option<Finding>,
    /// The tests, snapshots and settings that are not as they were made.
    not_counted: &'a [String],
    /// The places outside the regions that are not as they were made.
    changed: &'a [String],
}

/// An exercise in a document.
#[derive(Debug, Serialize)]
struct Checked<'a> {
    name: &'a str,
    standing: &'static str,
    /// The exercise that it waits for.
    waits_for: Option<&'a str>,
    /// What is wrong with its markers.
    problem: Option<&'a str>,
    wrong: Option<Finding>,
}

/// A failure in a document.
#[derive(Debug, Serialize)]
struct Finding {
    /// What a student reads.
    finding: String,
    /// The tests and examples that failed.
    failed: Vec<String>,
    /// The number of those that were run.
    run: usize,
}

/// What else a document is about.
#[derive(Debug)]
pub struct About {
    /// The folder that was checked.
    pub folder: PathBuf,
    /// Whether it was checked as one that is not trusted.
    pub untrusted: bool,
    /// What is refused of it.
    pub refused: Vec<String>,
    /// What is unusual in its regions.
    pub unusual: Vec<String>,
    /// The time that the check took.
    pub took: Duration,
}

impl About {
    /// A folder that is trusted, with nothing said about it yet.
    pub fn folder(folder: &Path) -> About {
        About {
            folder: folder.to_owned(),
            untrusted: false,
            refused: Vec::new(),
            unusual: Vec::new(),
            took: Duration::ZERO,
        }
    }
}

impl<'a> Document<'a> {
    /// The document of a report.
    pub fn of(report: &'a Report, about: About) -> Document<'a> {
        let plain = |error: &String| strip_str(error).to_string();
        Document {
            format: FORMAT,
            version: VERSION,
            time: humantime::format_rfc3339_seconds(SystemTime::now()).to_string(),
            seconds: (about.took.as_secs_f64() * 1000.0).round() / 1000.0,
            folder: about.folder.display().to_string(),
            untrusted: about.untrusted,
            done: report.is_done() && about.refused.is_empty(),
            exercises: report.verdicts.iter().map(Checked::of).collect(),
            errors: report.errors.iter().map(plain).collect(),
            refused: about.refused,
            unusual: about.unusual,
            given_code: report.given.as_ref().map(Finding::of),
            not_counted: &report.not_counted,
            changed: &report.changed,
        }
    }
}

impl<'a> Checked<'a> {
    fn of(verdict: &'a Verdict) -> Checked<'a> {
        let (standing, waits_for, problem) = match &verdict.standing {
            Standing::Solved => ("solved", None, None),
            Standing::Given => ("given", None, None),
            Standing::Open => ("open", None, None),
            Standing::Waiting(other) => ("waiting", Some(other.as_str()), None),
            Standing::Wrong => ("wrong", None, None),
            Standing::Untested => ("untested", None, None),
            Standing::Lost(problem) => ("lost", None, Some(problem.as_str())),
        };
        Checked {
            name: verdict.exercise.name,
            standing,
            waits_for,
            problem,
            wrong: verdict.wrong.as_ref().map(Finding::of),
        }
    }
}

impl Finding {
    fn of(wrong: &Wrong) -> Finding {
        Finding {
            finding: wrong.cause(),
            failed: wrong.failed().to_vec(),
            run: wrong.run(),
        }
    }
}

/// The place of a document: a new file, or one that holds such a document.
#[derive(Debug)]
pub struct DocumentFile(NewFile);

impl DocumentFile {
    /// Checks what can be checked before the work begins.
    pub fn at(path: &Path) -> Result<DocumentFile, Failure> {
        // Behind a link the file is replaced, not the link.
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let is_ours = is_document(&path);
        if path.symlink_metadata().is_ok() && !is_ours && !path.is_dir() {
            return Err(Failure::Unusable(format!(
                "{} exists already, holds no result of a check, and stays as it is; choose \
                 another name",
                path.display()
            )));
        }
        Ok(DocumentFile(NewFile::at(&path, is_ours)?))
    }

    /// Writes the document in one step.
    pub fn write(self, document: &Document) -> Result<PathBuf, Failure> {
        let mut text = serde_json::to_string_pretty(document).expect("plain data");
        text.push('\n');
        self.0.write(&text)
    }
}

fn is_document(path: &Path) -> bool {
    #[derive(Deserialize)]
    struct Head {
        format: String,
    }
    let is_file =
        fs::metadata(path).is_ok_and(|m| m.is_file() && m.len() <= MOST_BYTES);
    let text = is_file.then(|| fs::read_to_string(path).ok()).flatten();
    let head = text.and_then(|text| serde_json::from_str::<Head>(&text).ok());
    head.is_some_and(|head| head.format.starts_with("fully-connected check "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_result_of_a_check_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.json");
        let write = || {
            let report = Report::default();
            let about = About {
                took: Duration::from_millis(1500),
                ..About::folder(Path::new("."))
            };
            let file = DocumentFile::at(&path)?;
            file.write(&Document::of(&report, about))
        };
        write().unwrap();
        write().unwrap();
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains("\"seconds\": 1.5,"), "{text}");
        for mine in ["", "mine", "{\"format\": 1}", "{\"format\": \"mine\"}"] {
            fs::write(&path, mine).unwrap();
            assert!(write().unwrap_err().to_string().contains("stays as it is"));
            assert_eq!(fs::read_to_string(&path).unwrap(), mine);
        }
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
