//! New files, made whole or not at all, which replace nothing unasked.

use crate::cli::failure::Failure;
use std::error::Error as StdError;
use std::ffi::OsString;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf, is_separator};

/// A file to be made once there is something to put into it.
#[derive(Debug)]
pub struct NewFile {
    path: PathBuf,
    replace: bool,
    /// The beginning of its name until it is whole.
    prefix: &'static str,
}

/// A file that is whole and has no name yet.
#[derive(Debug)]
pub struct Unnamed {
    file: tempfile::NamedTempFile,
    path: PathBuf,
    replace: bool,
}

impl NewFile {
    /// Checks what can be checked before the work begins: that the folder exists, and
    /// that the file does not, unless it may be replaced. Only a regular file may.
    pub fn at(path: &Path, replace: bool) -> Result<NewFile, Failure> {
        let refused =
            |what: &str| Err(Failure::Write(path.to_owned(), io::Error::other(what)));
        let folder = folder_of(path);
        if !folder.is_dir() {
            let problem = format!("there is no folder {}", folder.display());
            let error = io::Error::new(io::ErrorKind::NotFound, problem);
            return Err(Failure::Write(path.to_owned(), error));
        }
        if path.is_dir() {
            return refused("it is a folder");
        }
        let last = path.as_os_str().as_encoded_bytes().last().copied();
        if last.is_some_and(|last| is_separator(last.into())) {
            return refused("its name ends in a slash");
        }
        // A link that points nowhere is something too: `exists` would not see it.
        match path.symlink_metadata() {
            Ok(_) if !replace => return Err(Failure::Exists(path.to_owned())),
            Ok(_) => {}
            Err(e) if e.kind() == io::ErrorKind::NotFound => {}
            Err(e) => return Err(Failure::Write(path.to_owned(), e)),
        }
        let mut path = path.to_owned();
        if replace && path.is_symlink() {
            // The link stays, and what it leads to is replaced.
            match fs::canonicalize(&path) {
                Ok(file) => path = file,
                Err(_) => return refused("it is a dangling link"),
            }
        }
        if path.exists() && !path.is_file() {
            return refused("it is not a regular file, and stays as it is");
        }
        Ok(NewFile {
            path,
            replace,
            prefix: ".fully-connected-",
        })
    }

    /// Checks that a file can be made in the folder, by making one that is gone at once.
    pub fn probe(self) -> Result<NewFile, Failure> {
        match unfinished(folder_of(&self.path), self.prefix) {
            Ok(_) => Ok(self),
            Err(error) => Err(Failure::Write(self.path, error)),
        }
    }

    /// Where it will lie, however it was named.
    pub fn place(&self) -> PathBuf {
        let folder = fs::canonicalize(folder_of(&self.path));
        match (folder, self.path.file_name()) {
            (Ok(folder), Some(name)) => folder.join(name),
            _ => self.path.clone(),
        }
    }

    /// The file with a name that begins so until it is whole. By that it is known as
    /// unfinished, if the program is killed.
    pub fn called(self, prefix: &'static str) -> NewFile {
        NewFile { prefix, ..self }
    }

    /// Writes `contents` beside the file and then gives them its name, in one step.
    /// Returns the name.
    pub fn write(self, contents: &str) -> Result<PathBuf, Failure> {
        self.write_bytes(contents.as_bytes())
    }

    /// Writes bytes as [`write`](NewFile::write) does text.
    pub fn write_bytes(self, contents: &[u8]) -> Result<PathBuf, Failure> {
        self.unnamed(contents)?.name()
    }

    /// Writes `contents` beside the file, with the mode of the one that it replaces.
    pub fn unnamed(self, contents: &[u8]) -> Result<Unnamed, Failure> {
        let failed = |error| Failure::Write(self.path.clone(), error);
        let mut file =
            unfinished(folder_of(&self.path), self.prefix).map_err(failed)?;
        file.write_all(contents).map_err(failed)?;
        if let Ok(old) = fs::metadata(&self.path) {
            let mode = old.permissions();
            file.as_file().set_permissions(mode).map_err(failed)?;
        }
        file.as_file().sync_all().map_err(failed)?;
        Ok(Unnamed {
            file,
            path: self.path,
            replace: self.replace,
        })
    }
}

impl Unnamed {
    /// Gives the file its name in exchange for the one that has it. Returns what was in that;
    /// `None` where the system cannot do so in one step, and nothing was done.
    pub fn exchange(&self) -> Option<Vec<u8>> {
        exchanged(self.file.path(), &self.path)
            .then(|| fs::read(self.file.path()).unwrap_or_default())
    }

    /// Gives the file its name, in one step. Returns the name.
    pub fn name(self) -> Result<PathBuf, Failure> {
        let Unnamed {
            file,
            path,
            replace,
        } = self;
        let named = if replace {
            file.persist(&path)
        } else {
            file.persist_noclobber(&path)
        };
        match named.map_err(|e| e.error) {
            Ok(_) => Ok(path),
            Err(e) if !replace && e.kind() == io::ErrorKind::AlreadyExists => {
                Err(Failure::Exists(path))
            }
            Err(e) => Err(Failure::Write(path, e)),
        }
    }
}

#[cfg(any(target_os = "linux", target_vendor = "apple"))]
fn exchanged(one: &Path, other: &Path) -> bool {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE).is_ok()
}

#[cfg(not(any(target_os = "linux", target_vendor = "apple")))]
fn exchanged(_: &Path, _: &Path) -> bool {
    false
}

/// A file that disappears unless it is given a name.
fn unfinished(folder: &Path, prefix: &str) -> io::Result<tempfile::NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(prefix);
    // By default nobody else could read it; a plot is as readable as any new file.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    // Its name would be that of a file which nobody has seen.
    let nameless = |error: io::Error| match error.get_ref().and_then(StdError::source) {
        Some(cause) => io::Error::new(error.kind(), cause.to_string()),
        None => error,
    };
    builder.tempfile_in(folder).map_err(nameless)
}

/// Writes contents that could not be written to `path` under a name that nobody has, beside it
/// or where temporary files are made. Returns the name.
pub fn rescue(path: &Path, contents: &[u8]) -> Option<PathBuf> {
    let mut suffix = OsString::from("-");
    suffix.push(path.file_name()?);
    let folders = [folder_of(path).to_owned(), std::env::temp_dir()];
    folders.iter().find_map(|folder| {
        let mut builder = tempfile::Builder::new();
        let builder = builder.prefix("rescued-").suffix(&suffix);
        let mut file = builder.tempfile_in(folder).ok()?;
        file.write_all(contents).ok()?;
        file.as_file().sync_all().ok()?;
        file.keep().ok().map(|(_, path)| path)
    })
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

    #[test]
    fn a_name_that_cannot_be_is_refused_before_any_work() {
        let folder = tempfile::tempdir().unwrap();
        let long = "x".repeat(300);
        for (name, problem) in [
            ("new/", "its name ends in a slash"),
            ("none/x", "there is no folder"),
            (long.as_str(), ""),
        ] {
            let refused = NewFile::at(&folder.path().join(name), true).unwrap_err();
            assert!(refused.to_string().contains(problem), "{refused}");
        }
    }

    #[test]
    fn what_cannot_have_its_name_gets_another_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("net.safetensors");
        fs::write(&path, "mine").unwrap();
        let rescued = rescue(&path, b"net").unwrap();
        assert_eq!(rescued.parent(), path.parent());
        assert!(rescued.to_str().unwrap().ends_with("-net.safetensors"));
        assert_eq!(fs::read(&rescued).unwrap(), b"net");
        assert_eq!(fs::read(&path).unwrap(), b"mine");
    }

    #[cfg(unix)]
    #[test]
    fn only_a_regular_file_is_replaced() {
        use std::os::unix::fs::symlink;
        let folder = tempfile::tempdir().unwrap();
        let link = folder.path().join("link");
        symlink("nowhere", &link).unwrap();
        let refused = NewFile::at(&link, true).unwrap_err().to_string();
        assert!(refused.ends_with("it is a dangling link"), "{refused}");
        assert!(link.is_symlink());
        let refused = NewFile::at(Path::new("/dev/null"), true).unwrap_err();
        assert!(
            refused.to_string().contains("not a regular file"),
            "{refused}"
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_is_replaced_stays_a_link_and_keeps_its_mode() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let (path, link) = (folder.path().join("a"), folder.path().join("link"));
        fs::write(&path, "old").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        std::os::unix::fs::symlink("a", &link).unwrap();
        NewFile::at(&link, true).unwrap().write("new").unwrap();
        assert!(link.is_symlink());
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
        let mode = fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o640);
    }
}
