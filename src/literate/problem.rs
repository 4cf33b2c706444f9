//! Something wrong with a source, and where.

use std::fmt;

/// A source that cannot be tangled or woven.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The file, as the reader of the message would open it.
    pub file: String,
    /// The line, counted from 1.
    pub line: usize,
    /// A sentence about what is wrong there, and what was expected.
    pub what: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.what)
    }
}

impl std::error::Error for Problem {}
