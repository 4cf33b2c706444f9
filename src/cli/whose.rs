//! Whose network is looked at: the program's own, or that of the workbook around.

use crate::cli::failure::Failure;
use crate::cli::style::{HEADING, QUIET, styled};
use crate::cli::workbook::learn::Student;
use crate::cli::workbook::place::Workbook;
use fully_connected::experiments::{Experiment, Seen};
use std::io::Write;

/// The crate whose network is looked at.
#[derive(Debug)]
pub enum Whose {
    /// This program's.
    Program,
    /// The student's.
    Students(Student),
}

impl Whose {
    /// The student's inside a workbook if the exercises of the chapters up to `last`, but those
    /// of the chapters `without`, are written, else the program's. Inside a workbook it says
    /// which.
    pub fn here(
        last: &str,
        without: &[&str],
        out: &mut impl Write,
    ) -> Result<Whose, Failure> {
        if Workbook::around_here().is_none() {
            return Ok(Whose::Program);
        }
        let workbook = Workbook::find()?;
        match Student::of(&workbook, last, without)? {
            Ok(student) => {
                student.say_whose(out)?;
                Ok(Whose::Students(student))
            }
            Err(open) => {
                let whose = styled(HEADING, "The program's own network, not yours");
                writeln!(out, "{whose}  {}", styled(QUIET, open))?;
                Ok(Whose::Program)
            }
        }
    }

    /// Makes an experiment with it. `say` hears what it sees, as it goes.
    pub fn see(
        &self,
        experiment: &Experiment,
        say: &mut dyn FnMut(Seen),
    ) -> Result<(), Failure> {
        match self {
            Whose::Program => Ok(experiment.run(say)?),
            Whose::Students(student) => student.see(experiment, say),
        }
    }
}
