//! A workbook that is not trusted: its regions, in a workbook of the program's own.
//!
//! Of the folder nothing is read but the chapters' files, and of these only what stands between
//! the markers is compiled.

use super::copy::Purpose;
use super::examine::{Examination, Progress, Report};
use super::place::Workbook;
use super::process::Cancel;
use super::snapshot::Snapshot;
use super::sources::Sources;
use super::standing::Standing;
use crate::cli::failure::Failure;
use fully_connected::literate::manifest::{CHAPTERS, Exercise};
use fully_connected::literate::problem::Problem;
use fully_connected::literate::vet::vet;
use fully_connected::literate::workbook::{self, source, stubbed};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The most bytes of a chapter. The longest that the program carries has some 20 thousand.
const MOST_BYTES: u64 = 1 << 20;
/// The most checks at one time in a folder.
const MOST_AT_A_TIME: usize = 1000;

/// A workbook that is not trusted.
#[derive(Debug, Default)]
pub struct Submission {
    /// This program's chapters with its regions.
    chapters: BTreeMap<&'static str, String>,
    /// The chapters as they were read.
    texts: BTreeMap<&'static str, String>,
    /// What is refused. Then nothing is compiled.
    pub refused: Vec<Problem>,
    /// The exercises whose regions could not be told apart.
    lost: Vec<(String, Problem)>,
    /// The chapters that are not there.
    missing: Vec<String>,
    /// What a person may want to look at.
    pub unusual: Vec<Problem>,
}

impl Submission {
    /// Reads the regions of the workbook in `dir`.
    pub fn read(dir: &Path) -> Result<Submission, Failure> {
        if !dir.is_dir() {
            return Err(Failure::Unusable(format!(
                "{} is not a folder; --from takes the folder of a workbook",
                dir.display()
            )));
        }
        let mut submission = Submission::default();
        let refused = |file: &str, what: String| Problem {
            file: file.to_owned(),
            line: 1,
            what,
        };
        // A link could lead anywhere.
        let is_folder = fs::symlink_metadata(dir.join("src")).is_ok_and(|m| m.is_dir());
        if !is_folder {
            let what = "it is not a folder, and no link is followed".to_owned();
            submission.refused.push(refused("src", what));
            return Ok(submission);
        }
        for chapter in CHAPTERS.iter() {
            let file = Workbook::chapter_file(chapter);
            let text = match read(&dir.join(&file)) {
                Ok(Some(text)) => text,
                Ok(None) => {
                    submission.missing.push(format!("{file} is not there"));
                    continue;
                }
                Err(what) => {
                    submission.refused.push(refused(&file, what));
                    continue;
                }
            };
            let vetted = vet(chapter, &file, &text, source(chapter));
            submission.refused.extend(vetted.refused);
            submission.lost.extend(vetted.lost);
            submission.unusual.extend(vetted.unusual);
            submission.chapters.insert(chapter, vetted.text);
            submission.texts.insert(chapter, text);
        }
        Ok(submission)
    }

    /// Checks the exercises in a workbook of the program's own, in a folder that is made for it
    /// in `target`, or in a temporary one.
    pub fn check(
        &self,
        target: Option<&Path>,
        exercises: &[&'static Exercise],
        time: Duration,
        say: &mut dyn FnMut(Progress<'_>),
    ) -> Result<Report, Failure> {
        let place = Place::make(target)?;
        self.write(&place.workbook.root)?;
        let snapshot = Snapshot::take(&place.workbook)?;
        let examination = Examination {
            workbook: &place.workbook,
            snapshot: &snapshot,
            purpose: Purpose::Submission,
            exercises,
            time,
            cancel: &Cancel::default(),
        };
        let mut report = examination.run(say)?;
        for verdict in &mut report.verdicts {
            let name = verdict.exercise.name;
            let lost = self.lost.iter().find(|(lost, _)| lost == name);
            if let (Some((_, problem)), Standing::Open) = (lost, &verdict.standing) {
                verdict.standing = Standing::Lost(problem.to_string());
            }
        }
        report.changed = self.changed(&place.workbook);
        Ok(report)
    }

    /// What is not as it was made, and did not count.
    fn changed(&self, workbook: &Workbook) -> Vec<String> {
        let text = |name: &'static str| match self.texts.get(name) {
            Some(text) => text.clone(),
            None if CHAPTERS.contains(&name) => stubbed(name),
            None => source(name).to_owned(),
        };
        let mut changed = self.missing.clone();
        changed.extend(Sources::of(text).given_code_changed(workbook));
        changed
    }

    fn write(&self, root: &Path) -> Result<(), Failure> {
        for mut file in workbook::all_files() {
            let chapters = self.chapters.iter();
            let mut chapters =
                chapters.filter(|(name, _)| file.path == Workbook::chapter_file(name));
            if let Some((_, text)) = chapters.next() {
                file.text.clone_from(text);
            }
            let path = root.join(&file.path);
            let folder = path.parent().expect("a file is in a folder");
            fs::create_dir_all(folder)
                .and_then(|()| fs::write(&path, file.text))
                .map_err(|e| Failure::Write(path, e))?;
        }
        Ok(())
    }
}

/// The text of a plain file; none if nothing is there.
fn read(path: &Path) -> Result<Option<String>, String> {
    let told = |e: io::Error| format!("it cannot be read: {e}");
    match fs::symlink_metadata(path) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(told(e)),
        Ok(there) if there.is_symlink() => {
            return Err("it is a link, and no link is followed".to_owned());
        }
        Ok(there) if !there.is_file() => return Err("it is no plain file".to_owned()),
        Ok(_) => {}
    }
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(told)?;
    file.take(MOST_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(told)?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(format!("it has more than {MOST_BYTES} bytes"));
    }
    let text = String::from_utf8(bytes).map_err(|_| "it is not UTF-8".to_owned())?;
    Ok(Some(text.replace("\r\n", "\n")))
}

/// The folder of a check, which is gone once the check is over.
struct Place {
    workbook: Workbook,
    _temporary: Option<tempfile::TempDir>,
}

impl Place {
    fn make(target: Option<&Path>) -> Result<Place, Failure> {
        let (folder, temporary) = match target {
            Some(folder) => (folder.to_owned(), None),
            None => {
                let folder = tempfile::Builder::new()
                    .prefix("fully-connected-")
                    .tempdir();
                let folder =
                    folder.map_err(|e| Failure::Write(std::env::temp_dir(), e))?;
                (folder.path().to_owned(), Some(folder))
            }
        };
        let failed = |e| Failure::Write(folder.clone(), e);
        fs::create_dir_all(&folder).map_err(failed)?;
        let folder = folder.canonicalize().map_err(failed)?;
        if temporary.is_some() {
            refuse_settings(&folder)?;
        }
        // A folder that could be made is nobody else's. The same few are used again and again,
        // so that what cargo keeps of them does not grow.
        for nth in 1..=MOST_AT_A_TIME {
            let root = folder.join(format!("submission-{nth}"));
            match fs::create_dir(&root) {
                Ok(()) => {
                    return Ok(Place {
                        workbook: Workbook { root },
                        _temporary: temporary,
                    });
                }
                Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {}
                Err(e) => return Err(Failure::Write(root, e)),
            }
        }
        Err(Failure::Unusable(format!(
            "{} has {MOST_AT_A_TIME} folders submission-1 and so on, from checks that are \
             at work or were killed; delete those that are not in use",
            folder.display()
        )))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        // What cannot be deleted is in a folder that was made for it.
        let _ = fs::remove_dir_all(&self.workbook.root);
    }
}

/// Refuses a temporary folder below settings that cargo or rustup would obey: there anybody may
/// have put them.
fn refuse_settings(folder: &Path) -> Result<(), Failure> {
    const SETTINGS: [&str; 4] = [
        ".cargo/config.toml",
        ".cargo/config",
        "rust-toolchain.toml",
        "rust-toolchain",
    ];
    let found: Option<PathBuf> = folder
        .ancestors()
        .flat_map(|above| SETTINGS.map(|name| above.join(name)))
        .find(|path| path.symlink_metadata().is_ok());
    match found {
        None => Ok(()),
        Some(path) => Err(Failure::Unusable(format!(
            "{} would rule what is built in {}; --target names another folder",
            path.display(),
            folder.display()
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(chapter: impl Fn(&Path)) -> Submission {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("src")).unwrap();
        chapter(&folder.path().join("src/affine.rs"));
        Submission::read(folder.path()).unwrap()
    }

    #[track_caller]
    fn assert_refused(submission: &Submission, what: &str) {
        let refused: Vec<_> =
            submission.refused.iter().map(|p| p.to_string()).collect();
        assert!(refused[0].contains(what), "no {what:?} in {refused:?}");
    }

    #[test]
    fn the_regions_of_the_chapters_that_are_there_are_taken() {
        let theirs = source("affine").replace('\n', "\r\n");
        let submission = with(|path| fs::write(path, &theirs).unwrap());
        assert_eq!(submission.chapters["affine"], source("affine"));
        assert_eq!(submission.missing.len(), CHAPTERS.len() - 1);
        assert!(submission.refused.is_empty());
    }

    #[test]
    fn what_is_too_long_or_no_text_is_refused() {
        let long = " ".repeat(usize::try_from(MOST_BYTES).unwrap() + 1);
        let submission = with(|path| fs::write(path, &long).unwrap());
        assert_refused(
            &submission,
            "src/affine.rs:1: it has more than 1048576 bytes",
        );
        assert_refused(&with(|p| fs::write(p, b"\xff").unwrap()), "it is not UTF-8");
        assert_refused(&with(|p| fs::create_dir(p).unwrap()), "it is no plain file");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_or_a_pipe_is_not_read() {
        use std::os::unix::fs::symlink;
        let submission = with(|path| symlink("/dev/zero", path).unwrap());
        assert_refused(&submission, "src/affine.rs:1: it is a link");
        let submission = with(|path| {
            let made = std::process::Command::new("mkfifo").arg(path).status();
            assert!(made.unwrap().success());
        });
        assert_refused(&submission, "it is no plain file");

        let folder = tempfile::tempdir().unwrap();
        symlink("/etc", folder.path().join("src")).unwrap();
        assert_refused(
            &Submission::read(folder.path()).unwrap(),
            "src:1: it is not a",
        );
    }
}
