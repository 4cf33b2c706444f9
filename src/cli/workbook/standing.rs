//! How far the workbook has come, as far as that is known without running anything.

use super::place::{CameOut, State};
use super::sources::{Sources, Written};
use fully_connected::literate::manifest::{self, EXERCISES, Exercise};

/// How an exercise stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Its tests and examples passed, and it was not changed since.
    Solved,
    /// The solution was put in, and was not changed since.
    Given,
    /// It is not written, or in part.
    Open,
    /// Its tests reach another exercise that is not written.
    Waiting(String),
    /// It was wrong when it was last tested, and was not changed since.
    Wrong,
    /// It is written and was changed since it was last tested.
    Untested,
    /// Its region cannot be found, and why.
    Lost(String),
}

impl Standing {
    /// Whether nothing is left to do.
    pub fn is_done(&self) -> bool {
        matches!(self, Standing::Solved | Standing::Given)
    }
}

/// How an exercise stands.
pub fn standing(exercise: &Exercise, sources: &Sources, state: &State) -> Standing {
    if sources.is_given(exercise, state) {
        return Standing::Given;
    }
    let written = sources.written(exercise);
    if written == Written::Not {
        return Standing::Open;
    }
    let record = state.results.get(exercise.name);
    let record = record.filter(|record| record.of == sources.fingerprint(exercise));
    match (record.map(|record| &record.came_out), written) {
        (Some(CameOut::Solved), _) => Standing::Solved,
        (_, Written::Unknown(problem)) => Standing::Lost(problem),
        (_, Written::Partly) => Standing::Open,
        (Some(CameOut::Wrong), _) => Standing::Wrong,
        (Some(CameOut::Waiting(other)), _) if is_open(other, sources) => {
            Standing::Waiting(other.clone())
        }
        _ => Standing::Untested,
    }
}

fn is_open(name: &str, sources: &Sources) -> bool {
    manifest::exercise(name).is_some_and(|e| sources.written(e) != Written::Fully)
}

/// Every exercise and how it stands.
pub fn all(sources: &Sources, state: &State) -> Vec<(&'static Exercise, Standing)> {
    let of = |exercise| (exercise, standing(exercise, sources, state));
    EXERCISES.iter().map(of).collect()
}

/// The first of `exercises` that is not done.
pub fn first_open(
    exercises: &[&'static Exercise],
    sources: &Sources,
    state: &State,
) -> Option<&'static Exercise> {
    let open =
        |exercise: &&&'static Exercise| !standing(exercise, sources, state).is_done();
    exercises.iter().find(open).copied()
}
