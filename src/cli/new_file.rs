//! New files, made whole or not at all, which replace nothing unasked.

use crate::cli::failure::Failure;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// A file to be made once there is something to put into it.
#[derive(Debug)]
pub struct NewFile {
    path: PathBuf,
    replace: bool,
}

impl NewFile {
    /// Checks what can be checked before the work begins: that the folder exists, and
    /// that the file does not, unless it may be replaced.
    pub fn at(path: &Path, replace: bool) -> Result<NewFile, Failure> {
        let folder = folder_of(path);
        if !folder.is_dir() {
            let problem = format!("there is no folder {}", folder.display());
            let error = io::Error::new(io::ErrorKind::NotFound, problem);
            return Err(Failure::Write(path.to_owned(), error));
        }
        if path.is_dir() {
            let error = io::Error::new(io::ErrorKind::IsADirectory, "it is a folder");
            return Err(Failure::Write(path.to_owned(), error));
        }
        // A link that points nowhere is something too: `exists` would not see it.
        if !replace && path.symlink_metadata().is_ok() {
            return Err(Failure::Exists(path.to_owned()));
        }
        Ok(NewFile {
            path: path.to_owned(),
            replace,
        })
    }

    /// Writes `contents` beside the file and then gives them its name, in one step.
    /// Returns the name.
    pub fn write(self, contents: &str) -> Result<PathBuf, Failure> {
        self.write_bytes(contents.as_bytes())
    }

    /// Writes bytes as [`write`](NewFile::write) does text.
    pub fn write_bytes(self, contents: &[u8]) -> Result<PathBuf, Failure> {
        let failed = |error| Failure::Write(self.path.clone(), error);
        let mut file = unfinished(folder_of(&self.path)).map_err(failed)?;
        file.write_all(contents).map_err(failed)?;
        file.as_file().sync_all().map_err(failed)?;
        if self.replace {
            file.persist(&self.path).map_err(|e| failed(e.error))?;
        } else if let Err(e) = file.persist_noclobber(&self.path) {
            return Err(match e.error.kind() {
                io::ErrorKind::AlreadyExists => Failure::Exists(self.path),
                _ => failed(e.error),
            });
        }
        Ok(self.path)
    }
}

/// A file that disappears unless it is given a name.
fn unfinished(folder: &Path) -> io::Result<tempfile::NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".fully-connected-");
    // By default nobody else could read it; a plot is as readable as any new file.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder)
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn makes_a_file_and_leaves_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new.svg");
        NewFile::at(&path, false).unwrap().write("<svg/>").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "<svg/>");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn keeps_a_file_that_appears_in_between() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new.svg");
        let file = NewFile::at(&path, false).unwrap();
        fs::write(&path, "mine").unwrap();
        assert!(matches!(file.write("<svg/>"), Err(Failure::Exists(_))));
        assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn replaces_a_file_when_asked() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new.svg");
        fs::write(&path, "old").unwrap();
        NewFile::at(&path, true).unwrap().write("<svg/>").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "<svg/>");
    }
}
