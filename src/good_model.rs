//! # Chapter 15. A good model
//!
//! *How do we train a network that is good at images it has never seen?*
//!
//! <!-- code: good_model::rate -->
//!
//! <!-- code: good_model::keep -->
//!
//! <!-- code: good_model::put_back -->
//!
//! <!-- code: good_model::epoch -->
//!
//! <!-- code: good_model::train -->

pub use crate::plan::{
    Batch, Centered, End, Epoch, Event, Examples, Part, Plan, Record, Report, Rows,
    Watch, accuracy_on,
};

use crate::optim::Optimizer;
use crate::{
    Error, FullyConnectedNet, Moments, Normalization, Parameters, Scalar, plan,
};
use std::ops::ControlFlow;

/// The learning rate of an epoch: `rate` in epoch 1, and `decay` times that of the epoch before
/// in every other.
///
/// ```
/// # use fully_connected::good_model;
/// assert_eq!(good_model::rate(8., 0.5, 1), 8.);
/// assert_eq!(good_model::rate(8., 0.5, 3), 2.);          // 8·0.5·0.5
/// ```
///
/// # Panics
///
/// If `epoch` is 0: epochs are counted from 1.
pub fn rate(rate: f64, decay: f64, epoch: usize) -> f64 {
    assert!(
        epoch > 0,
        "good_model::rate: epochs are counted from 1; it is 0"
    );
    // exercise: good_model::rate
    rate * decay.powi(epoch as i32 - 1)
    // end: good_model::rate
}

/// The best network so far: all that is needed to have it back.
#[derive(Debug, Clone, PartialEq)]
pub struct Best<T> {
    /// After which epoch it was seen, from 1; 0 stands for the network as it came.
    pub epoch: usize,
    /// Its validation accuracy, from 0 to 1.
    pub accuracy: f64,
    /// Its parameters.
    pub parameters: Parameters<T>,
    /// The running averages of its layers with batch normalization.
    pub running: Vec<Moments<T>>,
}

impl<T: Scalar> Best<T> {
    /// The network as it came, with its validation accuracy.
    pub fn new(net: &FullyConnectedNet<T>, accuracy: f64) -> Self {
        Best {
            epoch: 0,
            accuracy,
            parameters: net.parameters().clone(),
            running: net.running().to_vec(),
        }
    }
}

/// Keeps the network if its validation accuracy, after that epoch, is higher than that of the
/// best so far.
///
/// # Panics
///
/// If `accuracy` is NaN.
pub fn keep<T: Scalar>(
    best: &mut Best<T>,
    net: &FullyConnectedNet<T>,
    epoch: usize,
    accuracy: f64,
) {
    assert!(
        !accuracy.is_nan(),
        "good_model::keep: accuracy must be a number; it is NaN"
    );
    // exercise: good_model::keep
    if accuracy > best.accuracy {
        *best = Best {
            epoch,
            accuracy,
            parameters: net.parameters().clone(),
            running: net.running().to_vec(),
        };
    }
    // end: good_model::keep
}

/// Puts the best network back: `net` becomes what it was then.
///
/// # Panics
///
/// If the best is not of this network, in shape.
pub fn put_back<T: Scalar>(net: &mut FullyConnectedNet<T>, best: Best<T>) {
    best.parameters
        .assert_shapes_of(net.parameters(), "good_model::put_back");
    assert!(
        best.running.len() == net.running().len(),
        "good_model::put_back: there must be running averages for each of the {} layers with \
         batch normalization; there are {}",
        net.running().len(),
        best.running.len(),
    );
    // exercise: good_model::put_back
    *net.parameters_mut() = best.parameters;
    net.running_mut().clone_from_slice(&best.running);
    // end: good_model::put_back
}

/// A training under way: what the loop works with.
pub struct Run<'a, T: Scalar, E> {
    /// The plan.
    pub plan: &'a Plan<T>,
    /// The examples to train on.
    pub train: &'a E,
    /// Those of them on which accuracy is measured: as many as there are for validation, and
    /// always the same.
    pub sample: Part<'a, E>,
    /// The examples for validation.
    pub validation: Part<'a, E>,
    /// The update rule, with the state of every parameter.
    pub optimizer: Optimizer<T>,
    /// What has been seen so far.
    pub record: Record,
    /// Whoever watches.
    pub watch: &'a mut Watch<'a>,
}

impl<'a, T: Scalar, E: Examples<T>> Run<'a, T, E> {
    /// The training of this network by this plan, before its first step.
    ///
    /// # Errors
    ///
    /// As [`train`].
    pub fn new(
        net: &FullyConnectedNet<T>,
        (train, validation): (&'a E, &'a E),
        plan: &'a Plan<T>,
        watch: &'a mut Watch<'a>,
    ) -> Result<Self, Error> {
        plan.check()?;
        let n = train.len();
        if n == 0 || validation.is_empty() {
            return Err(Error::EmptyBatch);
        }
        if net.options().normalization == Normalization::BatchNorm
            && n % plan.batch == 1 % plan.batch
        {
            let expected = format!(
                "such that no batch has one example alone, whose variance is 0, in a network \
                 with batch normalization; there are {n} examples"
            );
            return Err(Error::Option {
                name: "batch",
                expected,
                got: plan.batch.to_string(),
            });
        }
        let sampled = n.min(validation.len());
        let mut sample = plan::order(n, plan.seed, 0);
        sample.truncate(sampled);
        let validation = Part {
            examples: validation,
            numbers: (0..validation.len()).collect(),
        };
        let record = Record {
            steps: n.div_ceil(plan.batch),
            last: plan.numbers().end - 1,
            penalty: net.penalized(T::zero()).as_f64(),
            before: accuracy_on(net, &validation)?,
            ..Record::default()
        };
        Ok(Run {
            plan,
            train,
            sample: Part {
                examples: train,
                numbers: sample,
            },
            validation,
            optimizer: Optimizer::new(plan.rule, net.parameters())?,
            record,
            watch,
        })
    }
}

/// One epoch: every example once, in batches, and a step for each batch.
///
/// `number` is that of the epoch, from 1. Says `Break` as soon as whoever watches does.
///
/// # Errors
///
/// [`Error::Diverged`] as soon as a loss is not finite, and the errors of
/// [`softmax::loss`](crate::softmax::loss) for labels.
pub fn epoch<T: Scalar, E: Examples<T>>(
    net: &mut FullyConnectedNet<T>,
    run: &mut Run<'_, T, E>,
    number: usize,
) -> Result<ControlFlow<()>, Error> {
    let Run {
        plan,
        train,
        optimizer,
        record,
        watch,
        ..
    } = run;
    let rate = T::of(rate(plan.rate, plan.decay, number));
    let order = plan::order(train.len(), plan.seed, number);
    let first_step = (number - 1) as u64 * record.steps as u64;
    let mut batch: Batch<T> = Batch::default();
    // exercise: good_model::epoch
    use crate::deep::{Pass, Step};

    for (step, numbers) in (first_step..).zip(order.chunks(plan.batch)) {
        let (x, y) = batch.gather(*train, numbers);
        let pass = Pass::Train {
            seed: plan.seed,
            step,
        };
        let Step {
            loss,
            grads,
            moments,
        } = net.loss_in(&pass, x, y)?;
        record.record_loss(loss)?;
        optimizer.step(net.parameters_mut(), &grads, rate);
        net.remember(&moments);
        if watch(Event::Step(record)).is_break() {
            return Ok(ControlFlow::Break(()));
        }
    }
    Ok(ControlFlow::Continue(()))
    // end: good_model::epoch
}

/// Trains a network with care: after each epoch both accuracies are measured, and in the end
/// the network has the parameters of its best epoch.
///
/// # Errors
///
/// [`Error::Option`] if a number of the plan is out of its range, [`Error::EmptyBatch`] if a
/// set of examples is empty, [`Error::Label`] if a label names no class.
///
/// # Panics
///
/// If the examples do not have as many numbers as the network takes.
pub fn train<T: Scalar, E: Examples<T>>(
    net: &mut FullyConnectedNet<T>,
    (train, validation): (&E, &E),
    plan: &Plan<T>,
    mut watch: impl FnMut(Event) -> ControlFlow<()>,
) -> Result<Report, Error> {
    let mut run = Run::new(net, (train, validation), plan, &mut watch)?;
    let before = run.record.before;
    let mut best = Best::new(net, if before.is_nan() { 0.0 } else { before });
    let end = epochs(net, &mut run, &mut best);
    let (epoch, accuracy, record) = (best.epoch, best.accuracy, run.record);
    put_back(net, best);
    let end = match end {
        Ok(ControlFlow::Continue(())) => End::Done,
        Ok(ControlFlow::Break(())) => End::Stopped,
        Err(Error::Diverged { step, loss }) => End::Diverged { step, loss },
        Err(error) => return Err(error),
    };
    Ok(Report {
        record,
        best: epoch,
        accuracy,
        end,
    })
}

/// The epochs of a training, one after the other, with the best network kept.
fn epochs<T: Scalar, E: Examples<T>>(
    net: &mut FullyConnectedNet<T>,
    run: &mut Run<'_, T, E>,
    best: &mut Best<T>,
) -> Result<ControlFlow<()>, Error> {
    // exercise: good_model::train
    for number in run.plan.numbers() {
        let stop = epoch(net, run, number)?;
        let training = accuracy_on(net, &run.sample)?;
        let validation = accuracy_on(net, &run.validation)?;
        run.record.record_epoch(number, training, validation)?;
        keep(best, net, number, validation);
        let told = (run.watch)(Event::Epoch(&run.record));
        if stop.is_break() || told.is_break() {
            return Ok(ControlFlow::Break(()));
        }
    }
    Ok(ControlFlow::Continue(()))
    // end: good_model::train
}

// exercise: good_model::helpers
// end: good_model::helpers
