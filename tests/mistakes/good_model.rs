use crate::catalogue::{Correct, Mistake};

pub const MISTAKES: &[Mistake] = &[];

pub const CORRECT: &[Correct] = &[];
