//! The failures that end a command before its end.

use fully_connected::Error;
use std::fmt;
use std::io;
use std::path::PathBuf;

/// The reason why a command could not run to its end.
#[derive(Debug)]
pub enum Failure {
    /// The library refused, or training diverged.
    Library(Error),
    /// The options ask for more than the runner does.
    TooLarge(String),
    /// A file that was to be made exists already.
    Exists(PathBuf),
    /// A folder that was to be made has something in it.
    NotEmpty(PathBuf),
    /// A file could not be made.
    Write(PathBuf, io::Error),
    /// The book could not be built.
    Book(String),
    /// A folder for the book has something else in it.
    #[cfg(feature = "book")]
    NotABook(PathBuf),
    /// There is no workbook, or it is not as it must be; or a tool is missing.
    Unusable(String),
    /// The student's own network did not get to its end, for this reason.
    Stopped(String),
    /// A newer save, a key or a signal ended the work.
    Interrupted,
    /// Standard output could not be written.
    Output(io::Error),
}

impl Failure {
    /// Whether the reader of our output has gone, as `head` does once it has enough.
    pub fn is_closed_pipe(&self) -> bool {
        matches!(self, Failure::Output(e) if e.kind() == io::ErrorKind::BrokenPipe)
    }

    /// The exit code: 1 for a network that did not learn to its end, 2 for usage and environment.
    pub fn exit_code(&self) -> u8 {
        match self {
            Failure::Library(Error::Diverged { .. }) | Failure::Stopped(_) => 1,
            Failure::Interrupted => 130,
            _ if self.is_closed_pipe() => 0,
            _ => 2,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Library(error) => write!(f, "{error}"),
            Failure::TooLarge(what) => write!(f, "{what}"),
            Failure::Exists(path) => write!(
                f,
                "{} exists already and stays as it is; choose another name, or add \
                 --force to replace it",
                path.display()
            ),
            Failure::NotEmpty(path) => write!(
                f,
                "{} exists already and stays as it is; a workbook needs a new folder, \
                 or an empty one",
                path.display()
            ),
            Failure::Write(path, error) => {
                write!(f, "cannot write {}: {error}", path.display())
            }
            Failure::Book(what) => write!(f, "{what}"),
            #[cfg(feature = "book")]
            Failure::NotABook(path) => write!(
                f,
                "{} exists already, holds no book of ours, and stays as it is; the book \
                 needs a new folder, an empty one, or an older book",
                path.display()
            ),
            Failure::Unusable(what) | Failure::Stopped(what) => write!(f, "{what}"),
            Failure::Interrupted => write!(f, "interrupted"),
            Failure::Output(error) => {
                write!(f, "cannot write to standard output: {error}")
            }
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        Failure::Library(error)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Failure {
        Failure::Output(error)
    }
}
