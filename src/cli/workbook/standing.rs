//! The standing of an exercise, in the words of every screen and of the state file.

use crate::cli::style::{BAD, BRIGHT, GOOD, styled};
use anstyle::Style;
use fully_connected::literate::manifest::Exercise;
use serde::{Deserialize, Serialize};

/// The standing of an exercise: what the screens say and what the state file holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Standing {
    /// Its tests passed, and no example of its chapter failed.
    Solved,
    /// The solution was put in and has not been changed since.
    Given,
    /// A region of it is still the stub.
    Open,
    /// Its tests reach this other exercise, which is open, or wrong in a way that explains
    /// each failure.
    Waiting(String),
    /// A test or an example failed.
    Wrong,
    /// It was changed since it was last tested, or it could not be tested.
    Untested,
    /// Its markers are damaged in this way, so nobody can tell which code is its own.
    Lost(String),
}

impl Standing {
    /// Whether nothing is left to do.
    pub fn is_done(&self) -> bool {
        matches!(self, Standing::Solved | Standing::Given)
    }

    /// The style, the sign and the words for it, the same on every screen.
    pub fn shown(&self) -> (Style, &'static str, String) {
        match self {
            Standing::Solved => (GOOD, "✓", "solved".to_owned()),
            Standing::Given => (GOOD, "◆", "given".to_owned()),
            Standing::Open => (Style::new(), "○", "open".to_owned()),
            Standing::Waiting(other) => (BRIGHT, "…", format!("waiting for {other}")),
            Standing::Wrong => (BAD, "✗", "wrong".to_owned()),
            Standing::Untested => (Style::new(), "?", "not tested".to_owned()),
            Standing::Lost(problem) => (BAD, "!", problem.clone()),
        }
    }

    /// The line of a list: the sign, the exercise's name and the words.
    pub fn line(&self, exercise: &Exercise) -> String {
        let (style, sign, words) = self.shown();
        let name = styled(style, format_args!("{sign} {:<36}", exercise.name));
        format!("{name} {words}")
    }
}
