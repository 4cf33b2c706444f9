//! Whose network is looked at: the program's own, or that of the workbook around.

use crate::cli::failure::Failure;
use crate::cli::style::{HEADING, QUIET, styled};
use crate::cli::workbook::learn::Student;
use crate::cli::workbook::place::Workbook;
use fully_connected::careful::{Network, Train};
use fully_connected::experiments::{Experiment, Seen};
use fully_connected::images::Images;
use fully_connected::plan::{Centered, Event, Report};
use fully_connected::{FullyConnectedNet, good_model};
use ndarray::{Array2, Array3};
use std::io::Write;
use std::ops::ControlFlow;

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

    /// Trains such a network on the images, from `from` if there is one; the second images are
    /// for validation. It has the parameters of its best epoch.
    pub fn train(
        &self,
        train: &Train,
        (images, validation): (&Images, &Images),
        mean: &Array3<f64>,
        from: Option<&FullyConnectedNet<f32>>,
        watch: &mut dyn FnMut(Event) -> ControlFlow<()>,
    ) -> Result<(FullyConnectedNet<f32>, Report), Failure> {
        match self {
            Whose::Program => {
                let new = || train.network.build();
                let mut net = from.cloned().map_or_else(new, Ok)?;
                let sets = (
                    &Centered::new(images, mean),
                    &Centered::new(validation, mean),
                );
                let report = good_model::train(&mut net, sets, &train.plan, watch)?;
                Ok((net, report))
            }
            Whose::Students(student) => {
                student.train(train, (images, validation), mean, from, watch)
            }
        }
    }

    /// The scores that the network gives images in test passes, `(N, C)`.
    pub fn scores(
        &self,
        net: &FullyConnectedNet<f32>,
        images: &Images,
        mean: &Array3<f64>,
    ) -> Result<Array2<f32>, Failure> {
        match self {
            Whose::Program => Ok(Network::scores(net, images, mean)),
            Whose::Students(student) => student.scores(net, images, mean),
        }
    }
}
