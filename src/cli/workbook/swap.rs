//! New files in the place of old ones, all of them or none, whatever comes in between.
//!
//! The new files are made in a folder of their own. A journal, written last, says where they
//! belong: without it nothing has been touched, and the folder can go; from then on the
//! exchange is carried to its end, by the next call if need be. What stands in a new
//! file's place, whoever put it there, is moved among the backups and never overwritten.

use crate::cli::failure::Failure;
use fully_connected::literate::workbook::STATE;
use serde::{Deserialize, Serialize};
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// The folder where the new files are made.
pub const FOLDER: &str = ".fully-connected.update";
const JOURNAL: &str = "journal.json";

/// The journal of an exchange: the files, and where they belong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Journal {
    /// The workbook's version before.
    pub from: String,
    /// The version after.
    pub to: String,
    /// The folder for the old files, relative to the workbook.
    pub backup: String,
    /// The files that are to be put in place, in order.
    pub put: Vec<Put>,
    /// The files that are to go.
    pub remove: Vec<String>,
    /// The lines for the student at the end.
    pub report: Vec<String>,
}

/// A file that is to be put in place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Put {
    /// Its path, relative to the workbook, with `/`.
    pub path: String,
    /// The checksum of the file that it was made from, where there was one.
    pub of: Option<u32>,
}

/// A new file and what it was made from.
#[derive(Debug)]
pub struct New {
    /// Its path, relative to the workbook, with `/`.
    pub path: String,
    /// Its contents.
    pub text: Vec<u8>,
    /// The contents of the file in whose place it is put, if there is one.
    pub old: Option<Vec<u8>>,
}

/// A function called before each step on disk. Its error stops the work there, as a kill does.
pub type Step<'a> = &'a mut dyn FnMut() -> io::Result<()>;

/// A function that makes a file anew from what was saved in its place after all.
pub type Remake<'a> = &'a dyn Fn(&str, &[u8]) -> Vec<u8>;

/// The journal of an exchange that was begun in the workbook and did not come to its end.
pub fn begun(root: &Path) -> Result<Option<Journal>, Failure> {
    let path = root.join(FOLDER).join(JOURNAL);
    match fs::read(&path) {
        Ok(bytes) => serde_json::from_slice(&bytes).map(Some).map_err(|error| {
            let path = path.display();
            Failure::Unusable(format!(
                "cannot read {path}: {error}. It says how an update goes on; the old files \
                 that were already replaced are in .backups"
            ))
        }),
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(e) => {
            let path = path.display();
            Err(Failure::Unusable(format!("cannot read {path}: {e}")))
        }
    }
}

/// Makes the new files and writes the journal. An error leaves the workbook as it was.
pub fn prepare(
    root: &Path,
    journal: &Journal,
    new: &[New],
    step: Step,
) -> io::Result<()> {
    let folder = root.join(FOLDER);
    clear(&folder)?;
    step()?;
    fs::create_dir(&folder)?;
    for file in new {
        let path = folder.join("new").join(&file.path);
        fs::create_dir_all(folder_of(&path))?;
        step()?;
        write(&path, &file.text)?;
        // A link tells its target's.
        let old = fs::metadata(root.join(&file.path));
        if let Some(old) = old.ok().filter(|old| old.is_file()) {
            fs::set_permissions(&path, old.permissions())?;
        }
    }
    let unnamed = folder.join("journal");
    step()?;
    write(
        &unnamed,
        &serde_json::to_vec_pretty(journal).expect("plain data"),
    )?;
    for dir in folders_below(&folder) {
        sync(&dir);
    }
    step()?;
    fs::rename(&unnamed, folder.join(JOURNAL))?;
    sync(&folder);
    Ok(())
}

/// Carries the exchange to its end. Returns the files in whose place something else was
/// saved meanwhile, from which they were made anew.
pub fn finish(
    root: &Path,
    journal: &Journal,
    remake: Remake,
    step: Step,
) -> io::Result<Vec<String>> {
    let backup = root.join(&journal.backup);
    let mut anew = Vec::new();
    for Put { path, of } in &journal.put {
        let (new, place) = (root.join(FOLDER).join("new").join(path), root.join(path));
        if new.symlink_metadata().is_err() {
            continue;
        }
        if path == STATE {
            // By this file the folder is known as a workbook: it is never away.
            let kept = backup.join(path);
            if kept.symlink_metadata().is_err() && place.is_file() {
                step()?;
                fs::create_dir_all(folder_of(&kept))?;
                write_over(&kept, &fs::read(&place)?)?;
            }
        } else {
            let kept = keep(&place, &backup.join(path), step)?;
            let late = kept.and_then(|kept| fs::read(kept).ok());
            if let Some(late) = late
                && Some(crc32fast::hash(&late)) != *of
            {
                step()?;
                write_over(&new, &remake(path, &late))?;
                anew.push(path.clone());
            }
        }
        fs::create_dir_all(folder_of(&place))?;
        step()?;
        fs::rename(&new, &place)?;
        sync(folder_of(&place));
    }
    for path in &journal.remove {
        let place = root.join(path);
        keep(&place, &backup.join(path), step)?;
        // A folder with something else in it stays.
        for folder in Path::new(path).ancestors().skip(1) {
            if folder.as_os_str().is_empty()
                || fs::remove_dir(root.join(folder)).is_err()
            {
                break;
            }
        }
    }
    sync(root);
    step()?;
    fs::remove_file(root.join(FOLDER).join(JOURNAL))?;
    step()?;
    clear(&root.join(FOLDER))?;
    Ok(anew)
}

/// Moves what stands at `place` among the backups, under a name that nothing has. Returns
/// where the last thing is that stood there.
fn keep(place: &Path, kept: &Path, step: Step) -> io::Result<Option<PathBuf>> {
    let mut last = None;
    let mut free = kept.to_owned();
    for number in 2.. {
        if free.symlink_metadata().is_err() {
            break;
        }
        last = Some(free);
        let mut name = kept.file_name().unwrap_or_default().to_owned();
        name.push(format!(".{number}"));
        free = kept.with_file_name(name);
    }
    if place.symlink_metadata().is_err() {
        return Ok(last);
    }
    fs::create_dir_all(folder_of(&free))?;
    step()?;
    fs::rename(place, &free)?;
    sync(folder_of(&free));
    Ok(Some(free))
}

/// Takes the folder away, with all that is in it.
pub fn clear(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(()),
        result => result,
    }
}

fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Writes a file in one step over the one that may be there, whose mode it gets.
fn write_over(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut unnamed = path.as_os_str().to_owned();
    unnamed.push(".again");
    write(Path::new(&unnamed), bytes)?;
    if let Ok(old) = fs::metadata(path) {
        fs::set_permissions(&unnamed, old.permissions())?;
    }
    fs::rename(unnamed, path)
}

/// Has the folder's entries on disk, where the system knows how. If it does not, a power
/// cut may undo what a kill cannot.
fn sync(folder: &Path) {
    if let Ok(folder) = File::open(folder) {
        let _ = folder.sync_all();
    }
}

fn folder_of(path: &Path) -> &Path {
    path.parent().expect("a file is in a folder")
}

fn folders_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = vec![folder.to_owned()];
    let mut at = 0;
    while let Some(folder) = found.get(at) {
        let inner = fs::read_dir(folder).into_iter().flatten().flatten();
        let inner = inner.map(|entry| entry.path()).filter(|path| path.is_dir());
        found.extend(inner.collect::<Vec<_>>());
        at += 1;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = folder.path().join(path);
            fs::create_dir_all(folder_of(&path)).unwrap();
            fs::write(path, text).unwrap();
        }
        folder
    }

    fn read(root: &Path, path: &str) -> String {
        fs::read_to_string(root.join(path)).unwrap_or_else(|e| e.kind().to_string())
    }

    const OLD: [(&str, &str); 4] = [
        ("src/a.rs", "old a"),
        ("src/mine.rs", "mine"),
        (".config/old.yaml", "old yaml"),
        (STATE, "old state"),
    ];

    fn exchange() -> (Journal, Vec<New>) {
        let new = [
            ("src/a.rs", "new a", Some("old a")),
            ("tests/b.rs", "new b", None),
            (STATE, "new state", Some("old state")),
        ];
        let new = new.map(|(path, text, old)| New {
            path: path.to_owned(),
            text: text.into(),
            old: old.map(Into::into),
        });
        let put = new.iter().map(|new| Put {
            path: new.path.clone(),
            of: new.old.as_deref().map(crc32fast::hash),
        });
        let journal = Journal {
            from: "1".to_owned(),
            to: "2".to_owned(),
            backup: ".backups/x".to_owned(),
            put: put.collect(),
            remove: vec![".config/old.yaml".to_owned()],
            report: Vec::new(),
        };
        (journal, new.into())
    }

    fn remake(_: &str, old: &[u8]) -> Vec<u8> {
        [b"new from ", old].concat()
    }

    fn stop_after(mut steps: usize) -> impl FnMut() -> io::Result<()> {
        move || {
            steps = steps.checked_sub(1).ok_or(io::ErrorKind::Interrupted)?;
            Ok(())
        }
    }

    #[test]
    fn stopped_before_any_step_it_is_undone_or_finished_and_loses_nothing() {
        let (journal, new) = exchange();
        for steps in 0.. {
            let folder = folder(&OLD);
            let root = folder.path();
            let step = &mut stop_after(steps);
            let first = prepare(root, &journal, &new, step)
                .and_then(|()| finish(root, &journal, &remake, step));
            // The state file is always there.
            assert!(read(root, STATE).ends_with(" state"));
            match begun(root).unwrap() {
                None if first.is_err() && read(root, STATE) == "old state" => {
                    for (path, text) in OLD {
                        assert_eq!(read(root, path), text, "{steps}");
                    }
                    prepare(root, &journal, &new, &mut || Ok(())).unwrap();
                    finish(root, &journal, &remake, &mut || Ok(())).unwrap();
                }
                None => {}
                Some(journal) => {
                    finish(root, &journal, &remake, &mut || Ok(())).unwrap();
                }
            }
            for (path, text) in [
                ("src/a.rs", "new a"),
                ("tests/b.rs", "new b"),
                (STATE, "new state"),
                ("src/mine.rs", "mine"),
                (".backups/x/src/a.rs", "old a"),
                (".backups/x/.config/old.yaml", "old yaml"),
            ] {
                assert_eq!(read(root, path), text, "{steps}");
            }
            assert!(!root.join(".config").exists());
            if first.is_ok() {
                assert!(!root.join(FOLDER).exists());
                assert!(steps > 10);
                return;
            }
        }
    }

    #[test]
    fn what_was_saved_meanwhile_is_kept_and_used() {
        let (journal, new) = exchange();
        let folder = folder(&OLD);
        let root = folder.path();
        prepare(root, &journal, &new, &mut || Ok(())).unwrap();
        fs::write(root.join("src/a.rs"), "saved").unwrap();
        fs::create_dir(root.join("tests")).unwrap();
        fs::write(root.join("tests/b.rs"), "mine").unwrap();
        let anew = finish(root, &journal, &remake, &mut || Ok(())).unwrap();
        assert_eq!(anew, ["src/a.rs", "tests/b.rs"]);
        assert_eq!(read(root, "src/a.rs"), "new from saved");
        assert_eq!(read(root, ".backups/x/src/a.rs"), "saved");
        assert_eq!(read(root, ".backups/x/tests/b.rs"), "mine");
    }

    #[test]
    fn saved_again_between_two_steps_both_are_kept() {
        let (journal, new) = exchange();
        let folder = folder(&OLD);
        let root = folder.path();
        prepare(root, &journal, &new, &mut || Ok(())).unwrap();
        // After the old file is away and before the new one is there.
        finish(root, &journal, &remake, &mut stop_after(1)).unwrap_err();
        assert!(!root.join("src/a.rs").exists());
        fs::write(root.join("src/a.rs"), "saved").unwrap();
        finish(root, &journal, &remake, &mut || Ok(())).unwrap();
        assert_eq!(read(root, "src/a.rs"), "new from saved");
        assert_eq!(read(root, ".backups/x/src/a.rs"), "old a");
        assert_eq!(read(root, ".backups/x/src/a.rs.2"), "saved");
    }
}
