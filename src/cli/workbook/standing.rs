//! The standing of an exercise, as far as it is known without running anything.

use super::place::{State, Workbook};
use super::sources::Sources;
use crate::cli::failure::Failure;
use crate::cli::style::{BAD, BRIGHT, GOOD, styled};
use anstyle::Style;
use fully_connected::literate::manifest::{self, EXERCISES, Exercise};
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
    /// Its tests reach this other exercise, which is open.
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

/// A workbook at one moment: the student's chapters and the state file.
pub struct Snapshot {
    /// The chapters.
    pub sources: Sources,
    /// The state file.
    pub state: State,
}

impl Snapshot {
    /// Reads the chapters and the state file.
    pub fn take(workbook: &Workbook) -> Result<Snapshot, Failure> {
        Ok(Snapshot {
            state: workbook.state()?,
            sources: Sources::read(workbook),
        })
    }

    /// The standing of an exercise.
    pub fn standing(&self, exercise: &Exercise) -> Standing {
        if self.is_given(exercise) {
            return Standing::Given;
        }
        let fingerprint = self.sources.fingerprint(exercise);
        let record = self.state.results.get(exercise.name);
        let result = record
            .filter(|record| record.fingerprint == fingerprint)
            .map_or(Standing::Untested, |record| record.result.clone());
        match (result, self.sources.stubs_left(exercise)) {
            (_, Ok(1..)) => Standing::Open,
            (Standing::Solved, _) => Standing::Solved,
            (_, Err(problem)) => Standing::Lost(problem),
            (Standing::Waiting(other), _) if !self.is_open(&other) => {
                Standing::Untested
            }
            (result, _) => result,
        }
    }

    fn is_open(&self, name: &str) -> bool {
        manifest::exercise(name).is_some_and(|e| self.sources.stubs_left(e) != Ok(0))
    }

    /// Whether the exercise was given and is still as it was given.
    pub fn is_given(&self, exercise: &Exercise) -> bool {
        self.state.given.iter().any(|name| name == exercise.name)
            && self.sources.is_the_solution(exercise)
    }

    /// Every exercise with its standing.
    pub fn all(&self) -> Vec<(&'static Exercise, Standing)> {
        EXERCISES.iter().map(|e| (e, self.standing(e))).collect()
    }

    /// The first of the exercises that is not done.
    pub fn first_open<'a>(
        &self,
        exercises: impl IntoIterator<Item = &'a Exercise>,
    ) -> Option<&'a Exercise> {
        let mut exercises = exercises.into_iter();
        exercises.find(|exercise| !self.standing(exercise).is_done())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::workbook::place::Record;
    use fully_connected::literate::workbook;

    /// A workbook with the solution of one chapter and the stubs of the others.
    fn solved(chapter: &str) -> Snapshot {
        let text = |name: &'static str| {
            if name == chapter {
                workbook::source(name).to_owned()
            } else {
                workbook::stubbed(name)
            }
        };
        Snapshot {
            sources: Sources::of(text),
            state: State::default(),
        }
    }

    #[test]
    fn a_result_holds_for_the_text_that_was_tested_and_while_it_waits() {
        let exercise = |name| manifest::exercise(name).unwrap();
        let forward = exercise("relu::forward");
        let mut snapshot = solved("relu");
        assert_eq!(
            snapshot.standing(exercise("affine::forward")),
            Standing::Open
        );
        assert_eq!(snapshot.standing(forward), Standing::Untested);

        let mut remembered = |result: Standing, fingerprint: &str| {
            let (fingerprint, name) = (fingerprint.to_owned(), forward.name.to_owned());
            let record = Record {
                fingerprint,
                result,
            };
            snapshot.state.results.insert(name, record);
            snapshot.standing(forward)
        };
        let tested = solved("relu").sources.fingerprint(forward);
        let waiting = |other: &str| Standing::Waiting(other.to_owned());
        for result in [
            Standing::Solved,
            Standing::Wrong,
            waiting("affine::forward"),
        ] {
            assert_eq!(remembered(result.clone(), &tested), result);
            assert_eq!(remembered(result, "another"), Standing::Untested);
        }
        // It waits no longer: the other is written.
        let past = remembered(waiting("relu::backward"), &tested);
        assert_eq!(past, Standing::Untested);

        snapshot.state.given = vec![forward.name.to_owned()];
        assert_eq!(snapshot.standing(forward), Standing::Given);
    }
}
