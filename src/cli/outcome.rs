//! The outcome of a command, from which its exit code follows.

/// The outcome of a command that ran to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Every check passed, the goal was reached.
    Done,
    /// A check failed, or the goal was not reached.
    NotYet,
}

impl Outcome {
    /// `Done` where `done` holds.
    pub fn done_if(done: bool) -> Outcome {
        if done { Outcome::Done } else { Outcome::NotYet }
    }

    /// `Done` where both are.
    pub fn and(self, other: Outcome) -> Outcome {
        Outcome::done_if(self == Outcome::Done && other == Outcome::Done)
    }
}
