//! Files as a student may have them: behind links, in the way, or none at all.

use crate::cli::failure::Failure;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The most files that are taken from `src`, and the most bytes.
const MOST: (usize, u64) = (5_000, 256 << 20);

/// The contents of an ordinary file. What is none, such as a pipe, is not opened: that could
/// wait for ever.
pub fn read(path: &Path) -> io::Result<Vec<u8>> {
    if fs::metadata(path)?.is_file() {
        fs::read(path)
    } else {
        Err(io::Error::other("it is no ordinary file"))
    }
}

/// The text of an ordinary file.
pub fn read_text(path: &Path) -> io::Result<String> {
    let not_text = |_| io::Error::new(io::ErrorKind::InvalidData, "it is not UTF-8");
    String::from_utf8(read(path)?).map_err(not_text)
}

/// Whether that is the text, whichever way its lines end.
pub fn is_text(bytes: &[u8], text: &str) -> bool {
    bytes == text.as_bytes()
        || str::from_utf8(bytes)
            .is_ok_and(|mine| mine.replace("\r\n", "\n") == text.replace("\r\n", "\n"))
}

/// The files below `folder`, relative to `root`, with `/`, in order. Links are not followed.
pub fn files_below(root: &Path, folder: &str) -> Vec<String> {
    let mut found = Vec::new();
    let Ok(entries) = fs::read_dir(root.join(folder)) else {
        return found;
    };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let path = format!("{folder}/{}", name.to_string_lossy());
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => found.extend(files_below(root, &path)),
            _ => found.push(path),
        }
    }
    found.sort();
    found
}

/// The ordinary files below the workbook's `src` as [`files_below`] gives them, but behind
/// links too, as the compiler follows them.
///
/// A link to a folder around `src`, or to where cargo builds, is not followed: there is no end
/// to what is behind it. Elsewhere an end is set, and named.
pub fn sources_below(root: &Path) -> Result<Vec<String>, Failure> {
    let real = |path: PathBuf| fs::canonicalize(path).ok();
    let mut search = Search {
        root,
        source: real(root.join("src")),
        target: real(root.join("target")),
        above: Vec::new(),
        found: Vec::new(),
        bytes: 0,
    };
    search.look_below("src")?;
    search.found.sort();
    Ok(search.found)
}

struct Search<'a> {
    root: &'a Path,
    source: Option<PathBuf>,
    target: Option<PathBuf>,
    /// The folders that are being looked into, one in the other.
    above: Vec<PathBuf>,
    found: Vec<String>,
    bytes: u64,
}

impl Search<'_> {
    fn look_below(&mut self, folder: &str) -> Result<(), Failure> {
        let path = self.root.join(folder);
        let (Ok(entries), Ok(real)) = (fs::read_dir(&path), fs::canonicalize(&path))
        else {
            return Ok(());
        };
        let is_around = |inner: &PathBuf| inner.starts_with(&real) && *inner != real;
        let is_target = |target: &PathBuf| real.starts_with(target);
        if self.above.contains(&real)
            || self.source.as_ref().is_some_and(is_around)
            || self.target.as_ref().is_some_and(is_target)
        {
            return Ok(());
        }
        self.above.push(real);
        for entry in entries.flatten() {
            let path = format!("{folder}/{}", entry.file_name().to_string_lossy());
            match fs::metadata(entry.path()) {
                Ok(kind) if kind.is_dir() => self.look_below(&path)?,
                Ok(kind) if kind.is_file() => {
                    self.bytes += kind.len();
                    self.found.push(path.clone());
                }
                _ => {}
            }
            if self.found.len() > MOST.0 || self.bytes > MOST.1 {
                return Err(Failure::Unusable(format!(
                    "`src` holds more than {} files or {} MB, the last of them {path}. \
                     A check copies all of it: move out what does not belong there, or \
                     the link to it",
                    MOST.0,
                    MOST.1 >> 20
                )));
            }
        }
        self.above.pop();
        Ok(())
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    #[test]
    fn links_are_followed_as_far_as_there_is_an_end() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        for dir in ["src/inner", "target/x", "beside"] {
            fs::create_dir_all(root.join(dir)).unwrap();
        }
        for file in [
            "src/lib.rs",
            "src/inner/a.rs",
            "target/x/b.rs",
            "beside/c.rs",
        ] {
            fs::write(root.join(file), "").unwrap();
        }
        for (to, link) in [
            ("../beside", "src/beside"),
            ("..", "src/root"),
            (".", "src/self"),
            ("../target", "src/target"),
            ("../src", "beside/back"),
            ("nowhere", "src/broken.rs"),
            ("/dev/zero", "src/zero.rs"),
            ("../beside/c.rs", "src/c.rs"),
        ] {
            symlink(to, root.join(link)).unwrap();
        }
        let found = sources_below(root).unwrap();
        let expected = [
            "src/beside/c.rs",
            "src/c.rs",
            "src/inner/a.rs",
            "src/lib.rs",
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn what_could_be_read_without_end_is_not_read() {
        assert!(read(Path::new("/dev/zero")).is_err());
        assert!(read_text(Path::new("/dev/zero")).is_err());
    }
}
