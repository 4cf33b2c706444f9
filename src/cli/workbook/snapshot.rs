//! A workbook at one moment: how far it is, as far as that is known without running anything,
//! and the memory of what was run.

use super::judge::Verdict;
use super::place::{Record, State, Workbook};
use super::sources::Sources;
use super::standing::Standing;
use crate::cli::failure::Failure;
use fully_connected::literate::manifest::{self, EXERCISES, Exercise};

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

    /// Remembers the results of exercises, and the sources of which they are true.
    pub fn record(
        &self,
        workbook: &Workbook,
        verdicts: &[Verdict],
    ) -> Result<(), Failure> {
        workbook.update(|state| {
            // What could not be tested is as good as it was.
            let tested = verdicts.iter().filter(|v| v.standing != Standing::Untested);
            for Verdict {
                exercise, standing, ..
            } in tested
            {
                let record = Record {
                    fingerprint: self.sources.fingerprint(exercise),
                    result: standing.clone(),
                };
                state.results.insert(exercise.name.to_owned(), record);
            }
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
            (Standing::Waiting(other), _) if !self.is_in_the_way(&other) => {
                Standing::Untested
            }
            (result, _) => result,
        }
    }

    /// Whether an exercise is open, or wrong as it was last tested.
    fn is_in_the_way(&self, name: &str) -> bool {
        manifest::exercise(name).is_some_and(|e| {
            self.sources.stubs_left(e) != Ok(0) || self.standing(e) == Standing::Wrong
        })
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
