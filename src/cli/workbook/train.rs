//! The student's network, trained with care or asked about images. These, and the numbers of
//! the networks, go through a folder for as long as it takes.

use super::learn::Student;
use super::process::{Cancel, interrupted};
use crate::cli::failure::Failure;
use fully_connected::FullyConnectedNet;
use fully_connected::careful::{Network, Train};
use fully_connected::experiments::{CLASSES, Experiment, Seen};
use fully_connected::folder::{Folder, numbers, set_numbers};
use fully_connected::images::Images;
use fully_connected::plan::{Event, Record, Report};
use ndarray::{Array2, Array3};
use std::fs;
use std::io;
use std::ops::ControlFlow;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// The time that a network has to stop, after it was told to.
const PATIENCE: Duration = Duration::from_secs(10);

/// A folder that is gone when it is dropped.
struct Handed {
    folder: Folder,
    _gone_when_dropped: TempDir,
}

impl Handed {
    /// A folder with these images.
    fn over(
        images: &[(&str, &Images)],
        mean: &Array3<f64>,
        from: Option<&FullyConnectedNet<f32>>,
    ) -> Result<Handed, Failure> {
        let failed = |error: io::Error| Failure::Write(std::env::temp_dir(), error);
        let at = tempfile::tempdir().map_err(failed)?;
        let folder = Folder(at.path().to_owned());
        for (name, images) in images {
            folder.write_images(name, images).map_err(failed)?;
        }
        folder.write_mean(mean).map_err(failed)?;
        if let Some(net) = from {
            folder
                .write_numbers(Folder::FROM, &numbers(net))
                .map_err(failed)?;
        }
        Ok(Handed {
            folder,
            _gone_when_dropped: at,
        })
    }

    /// What the student's network has left there.
    fn back(&self, name: &str, count: usize) -> Result<Vec<f32>, Failure> {
        let numbers = self.folder.numbers(name).unwrap_or_default();
        if numbers.len() == count {
            return Ok(numbers);
        }
        Err(Failure::Stopped(format!(
            "your network must hand back {count} numbers; it has handed back {}",
            numbers.len()
        )))
    }
}

impl Student {
    /// Trains the student's network, from the numbers of `from` if there is one, and gives it
    /// back with the numbers of its best epoch. `watch` is told as in the program's own.
    pub fn train(
        &self,
        train: &Train,
        (images, validation): (&Images, &Images),
        mean: &Array3<f64>,
        from: Option<&FullyConnectedNet<f32>>,
        watch: &mut dyn FnMut(Event) -> ControlFlow<()>,
    ) -> Result<(FullyConnectedNet<f32>, Report), Failure> {
        let sets = [(Folder::TRAIN, images), (Folder::VALIDATION, validation)];
        let handed = Handed::over(&sets, mean, from)?;
        let stop = handed.folder.path(Folder::STOP);
        let cancel = Cancel::patient();
        let mut record = Record {
            last: train.plan.numbers().end.saturating_sub(1),
            ..Record::default()
        };
        let mut ended = None;
        let mut stopped: Option<Instant> = None;
        let experiment = Experiment::Train(train.clone(), handed.folder.clone());
        let mut say = |seen| {
            let told = match seen {
                Seen::Begun {
                    steps,
                    penalty,
                    before,
                } => {
                    (record.steps, record.penalty) = (steps, penalty);
                    record.before = before;
                    return;
                }
                // That a loss is not finite its own training says at its end.
                Seen::Step(loss) => {
                    let _ = record.record_loss(loss);
                    watch(Event::Step(&record))
                }
                Seen::Measured(training, validation) => {
                    let number = train.plan.first + record.epochs.len();
                    let _ = record.record_epoch(number, training, validation);
                    watch(Event::Epoch(&record))
                }
                Seen::Ended(best, accuracy, end) => {
                    ended = Some((best, accuracy, end));
                    return;
                }
                _ => return,
            };
            if told.is_break() && !stop.exists() {
                // Where it cannot be told, its time runs out.
                let _ = fs::write(&stop, "");
            }
        };
        let mut look = || {
            if !interrupted() {
                return;
            }
            if stopped.is_none() {
                let _ = fs::write(&stop, "");
            }
            let since = *stopped.get_or_insert_with(Instant::now);
            if since.elapsed() > PATIENCE {
                cancel.cancel();
            }
        };
        self.example
            .run(&experiment, self.time, &cancel, &mut say, &mut look)?;
        let Some((best, accuracy, end)) = ended else {
            let problem = "your network has not said how its training ended";
            return Err(Failure::Stopped(problem.to_owned()));
        };
        let mut net = train.network.build()?;
        let count = numbers(&net).len();
        set_numbers(&mut net, &handed.back(Folder::BEST, count)?);
        let report = Report {
            record,
            best,
            accuracy,
            end,
        };
        Ok((net, report))
    }

    /// The scores that the student's network gives images in test passes, `(N, C)`, with the
    /// numbers of `net`.
    pub fn scores(
        &self,
        net: &FullyConnectedNet<f32>,
        images: &Images,
        mean: &Array3<f64>,
    ) -> Result<Array2<f32>, Failure> {
        let handed = Handed::over(&[(Folder::ASKED, images)], mean, Some(net))?;
        let experiment = Experiment::Scores(Network::of(net), handed.folder.clone());
        // A training that was stopped is reported all the same.
        let cancel = if interrupted() {
            Cancel::patient()
        } else {
            Cancel::default()
        };
        self.example
            .run(&experiment, self.time, &cancel, &mut |_| {}, &mut || {})?;
        let scores = handed.back(Folder::SCORES, images.len() * CLASSES)?;
        Ok(Array2::from_shape_vec((images.len(), CLASSES), scores)
            .expect("as many numbers as were asked for"))
    }
}
