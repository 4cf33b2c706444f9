//! # Chapter 15. A good model
//!
//! *How do we train a network that is good at images it has never seen?*
//!
//! Chapter 9's network knew its fifty images by heart, and that said nothing about the
//! fifty-first. Now this is all that counts. The parts are there: steps, layers that keep the
//! signal at one size, something against learning by heart. What is left is to train with care:
//! to measure on images that were held back, to slow down towards the end, and to keep the best
//! network along the way.
//!
//! ## Three sets of images
//!
//! - The *training* set is what gradients come from. How well the network does there tells
//!   whether it learns.
//! - The *validation* set never gives a gradient. On it we choose: the rate, the size, and after
//!   which epoch to stop.
//! - The *test* set is for one number, at the end, when nothing is left to choose.
//!
//! Why not report the validation accuracy? Because we chose by it. Let twenty networks guess
//! among ten classes, each by its own dice, on the same hundred images. On average each has 10
//! right. The *best* of the twenty has 15.9 on average, and it still knows nothing: on another
//! hundred it is back at 10. Whatever one chooses by looking fits what one looked at a little
//! better. With 1000 images and ten epochs it is a point or two. It grows with every setting that
//! is tried, so there is a set that nobody has looked at.
//!
//! The course keeps the last 1000 of CIFAR-10's 50,000 training images for validation and trains
//! on 49,000. [`Split`](crate::images::Split) does that. The mean image, too, comes from the
//! training images alone: a network knows nothing of the others.
//!
//! ## A worked example
//!
//! The rate begins at 8 and is halved from one epoch to the next. After each epoch we measure the
//! validation accuracy; before training it is 10 %.
//!
//! ```text
//! epoch           1     2     3     4     5
//! rate            8     4     2     1     ½
//! validation     40    70    60    70    65   %
//! best so far     1     2     2     2     2
//! ```
//!
//! Epoch 3 is worse than epoch 2, and the loop goes on all the same: training has ups and downs.
//! Epoch 4 is as good, and not better, so epoch 2 stays: of two equals we keep the one with less
//! training. After epoch 5 the parameters of epoch 2 are put back, and not those of the last.
//!
//! What has to be put back? Take a unit with batch normalization and a single weight. Its inputs
//! have the mean 4 and the standard deviation 1, so its sums have the mean 4w and the standard
//! deviation w. The running averages of chapter 11 have learned that. In a test pass, for the input
//! 5 (ε left out, `gamma` 1, `beta` 0):
//!
//! ```text
//!                 w   running      normalized
//!                     mean, var
//! after epoch 2   2     8, 4     (10 −  8)/2 =  1
//! after epoch 5   3    12, 9     (15 − 12)/3 =  1
//! w put back      2    12, 9     (10 − 12)/3 = -2/3
//! both put back   2     8, 4     (10 −  8)/2 =  1
//! ```
//!
//! The third line is a unit that never existed. ReLU turns its −2/3 into 0: it is off where it was
//! on. The averages are no parameters, for no gradient moves them, but they belong to the network
//! as much as its weights do.
//!
//! ## The mathematics
//!
//! Adam's steps do not shrink with the gradient (chapter 10). A rate that is right at the
//! beginning is restless at the end: the last steps jump about in the valley that the first
//! have found. So the rate falls, by the same factor from epoch to epoch:
//!
//! ```math
//! \mathrm{rate}_e = \mathrm{rate} \cdot \mathrm{decay}^{\,e - 1}
//! ```
//!
//! With 0.9 and ten epochs the last has 0.9⁹ = 0.39 of the first rate.
//!
//! <!-- code: good_model::rate -->
//!
//! The best network is kept as a *copy*, since the loop changes `net` in place.
//!
//! <!-- code: good_model::keep -->
//!
//! <!-- code: good_model::put_back -->
//!
//! ## The loop
//!
//! An epoch takes every image once, in an order of its own. N images in batches of B are
//! ⌈N/B⌉ steps: 49,000 in batches of 100 are 490. If they do not come out even, the last batch is
//! smaller; the loss is a mean, so nothing else has to change. Only where a batch would have a
//! *single* image, and there is batch normalization, a training is refused before it begins: the
//! variance of one is 0.
//!
//! A step has five parts: gather a batch; loss, gradients and moments in a training pass, with the
//! masks of this step; record the loss; move the parameters; let the norms remember.
//!
//! <!-- code: good_model::epoch -->
//!
//! Steps are counted on from one epoch to the next, so no two steps share their masks.
//!
//! After each epoch both accuracies are measured, in *test* passes: all units on, and the running
//! averages for the norms. For training we take a sample, as many images as there are for
//! validation and always the same ones. All 49,000 would tell little more, and take about half
//! as long as the epoch itself.
//!
//! <!-- code: good_model::train -->
//!
//! If a loss is no longer finite, the training ends there, and the best network so far is put back
//! as always.
//!
//! ## How to look at curves
//!
//! <!-- figure: good-model
//! A network of 3072-100-50-10 with batch normalization and keep 0.8 learns 2000 made-up
//! images by the default plan, for 30 epochs; 500 others are for validation. The ring marks
//! the best epoch.
//! -->
//!
//! A guess costs ln 10 = 2.303, and the mean loss of the first epoch is 2.29. After epoch 8 the
//! accuracies are 76 and 68 %, 8 points apart, and in the end 13: training has gone on to 100 %.
//! Validation is best after epoch 28, with 87.4 %; epoch 29 has the same, and epoch
//! 30 has 86.8 %. So epoch 28 is put back.
//!
//! At the end all training images of the sample are right, and the loss is still 0.37. The loss
//! is measured with a fifth of the units off, the accuracy with all of them on; and a
//! right answer costs something as long as the network is not sure of it.
//!
//! What to look for, in this order:
//!
//! | you see | it often means | try |
//! |---|---|---|
//! | the first data loss is far from ln C | weights too large, or labels wrong | chapter 4 |
//! | the loss does not fall in the first epochs | rate far too small or too large, or a gradient is wrong | chapter 8, then other rates |
//! | training and validation are both low and close | the network is too small, or not done | more epochs, more units, a larger keep |
//! | training is far above validation | learning by heart | smaller keep, more `reg`, more images |
//!
//! And two about the end. If validation still rises at the last epoch, there were too few epochs,
//! or the rate fell too fast. If it was best long before the end, the epochs after it have
//! probably learned what holds for the training images alone. [`signs`](crate::signs::signs) looks
//! for all of these but the third, and says what it saw, with the numbers.
//!
//! How large must a difference be to count? Of n images a network gets the share p right; by the luck of
//! which images were held back, the share has a standard deviation of $`\sqrt{p (1 - p)/n}`$. With
//! p = 0.56 and n = 1000 that is 1.6 points. Two networks that are half a point apart are equally
//! good, as far as anyone knows.
//!
//! ## On photographs
//!
//! The default plan (Adam with rate 0.001, times 0.9 an epoch, batches of 100, ten epochs) trains
//! 3072-256-128-10 with batch normalization, dropout and He's scale (chapter 4) on 49,000 images
//! of CIFAR-10. Validation is the other 1000. The copy at hand had been compressed again
//! as JPEG, which loses a little; with the original files expect slightly different numbers, and
//! other last digits on another processor. Which keep is better, 0.8 or 0.9? Five seeds of each,
//! in percent:
//!
//! | keep | validation, best epoch | mean | the 10,000 test images | mean |
//! |---|---|---|---|---|
//! | 0.8 | 56.5, 56.2, 56.0, 56.8, 56.7 | 56.4 | 55.1, 53.9, 55.2, 55.4, 55.3 | 55.0 |
//! | 0.9 | 56.9, 58.7, 58.1, 57.2, 58.7 | 57.9 | 54.9, 54.7, 55.7, 55.6, 54.5 | 55.1 |
//!
//! Validation has made up its mind: with 0.9 every seed is better than the best with 0.8. So
//! `train` keeps 0.9 unless it is told otherwise. The test images, with which nothing was chosen,
//! show no difference. All ten networks were measured on the same 1000 validation images, and these
//! probably happen to favour what keep 0.9 gets right; another seed draws other weights, not other
//! images. And each of the ten is worse than it looked, by 1.5 points on average with 0.8 and by
//! 2.8 with 0.9.
//!
//! Guessing gets 10 %. Chapter 9's network with plain gradient descent, trained for as long, has
//! 49.1 % of the test images (`train` ends with this comparison).
//!
//! What to try next, one thing at a time:
//!
//! 1. *The rate*, by factors of 3 in both directions. It matters most.
//! 2. *Keep and `reg`*, if training is far above validation; the other way if both are low.
//! 3. *More epochs*, with a decay nearer to 1: 0.95 over twenty falls about as far as 0.9 over
//!    ten.
//! 4. *The size of the layers.*
//! 5. The two or three best again with other seeds. What wins there goes to the test set, once.
//!
//! ## What goes wrong
//!
//! > **Pitfall: the best is not a copy.** In NumPy, `best = params` is a second name for the same
//! > arrays, and the next step changes them. Here the compiler refuses a reference.
//!
//! > **You would see.** "Best: epoch 2, 70 %". Measured again, the network has the 65 % of the
//! > last epoch.
//!
//! > **Pitfall: the running averages are not put back.** As in the worked example. Measured again,
//! > the accuracy differs from the one reported, a little or a lot. Without batch normalization
//! > all is well, which hides it.
//!
//! > **Pitfall: validation in training passes.** A part of the units is off, and each image is
//! > normalized by whichever images share its batch. The accuracy is lower than it should be, and
//! > with new masks the same network on the same images gives another one each time.
//!
//! > **Pitfall: only whole batches.** With N/B rounded down some images are left out in every
//! > epoch. Reshuffling hides it: different images are left out each time. A set smaller than one
//! > batch shows it: no step is made, and nothing changes.
//!
//! > **Pitfall: the same masks again.** The step's number does not reach the masks, and row 7 of
//! > every batch loses the same units; or it starts from 0 in each epoch, and every epoch repeats
//! > the masks of the first. The curves hardly show it; the tests of this chapter do.
//!
//! > **Pitfall: decay at every step.** With 0.9 a step the rate is below a hundredth after 44
//! > steps, and after the 490 of an epoch it has been multiplied by 4·10⁻²³. The loss falls
//! > for some dozen steps, and then stands still for good.
//!
//! > **Pitfall: one more look at the test set.** It crashes nothing and slows nothing. Each look that
//! > changes a choice makes it a little more of a validation set, and the number reported a little
//! > too high.
//!
//! ## Check yourself
//!
//! **Over forty settings, the best validation accuracy was 58 %. What will that network have
//! on the test set?**
//!
//! - [ ] A. 58 %, up to luck in both directions
//! - [ ] B. Probably a little less
//! - [ ] C. Much less, since it was never trained for it
//!
//! <details><summary>Answer</summary>
//!
//! **B.** Of forty, the one that looks best is good and was also lucky on these 1000 images. The luck
//! does not come along.
//!
//! - **A** would be so for a network that was chosen before anyone looked.
//! - **C** takes validation for training. No gradient came from it; all that was fitted to it is one
//!   choice of forty.
//! </details>
//!
//! **The report says 56 % after epoch 7 of 10. You measure the network that you have got, on the
//! same validation images: 41 %. What is likely?**
//!
//! - [ ] A. It learned the training images by heart in epochs 8 to 10
//! - [ ] B. Something of epoch 7 was not put back
//! - [ ] C. Luck: 1000 images are few
//!
//! <details><summary>Answer</summary>
//!
//! **B.** The same network on the same images gives the same answers. This is another network: the
//! last one, or one with weights and running averages of different epochs.
//!
//! - **A** may have happened, and would not matter: epoch 7 is to be put back.
//! - **C** is luck in which images one has. These are the same.
//! </details>
//!
//! **After ten epochs training has 57 % and validation 55 %, and both still rise. What first?**
//!
//! - [ ] A. A smaller keep: validation is below training
//! - [ ] B. More epochs, with a slower decay
//! - [ ] C. More images for validation
//!
//! <details><summary>Answer</summary>
//!
//! **B.** The network is still learning; there is nothing yet to restrain.
//!
//! - **A** sees a gap where there is hardly any. Dropout takes from both here.
//! - **C** would measure the same network more exactly. That does not improve it.
//! </details>
//!
//! ## Exercise
//!
//! Write [`rate`], [`keep`] and [`put_back`], then [`epoch`], then the loop of [`train`].
//!
//! ```sh
//! fully-connected check good_model
//! cargo test --test chapters good_model::
//! cargo test --doc good_model
//! ```
//!
//! ## Further reading
//!
//! - [Neural networks, part 3](https://cs231n.github.io/neural-networks-3/) (CS231n): what to watch
//!   while a network learns, schedules for the rate, and how to search for settings (at random, on a
//!   logarithmic scale).
//! - A. Karpathy, [A Recipe for Training Neural
//!   Networks](https://karpathy.github.io/2019/04/25/recipe/): chapter 9 named it for its first half.
//!   The second is about this chapter: first overfit, then regularize, then tune.
//!
//! ## What you have built
//!
//! A weighted sum; a bend; a way to say how wrong. Then slopes, from the loss back to each
//! weight, and a way to know that they are right. Then better steps, two norms, a mask, and a loop
//! with some judgement. Put together, it takes a photograph that nobody has shown it before, and
//! names one class of ten, more often right than wrong.
//!
//! It is also clear what it does not know: that a picture is a picture. Shuffle the pixels of
//! all images, in the same way for each, and apart from the luck of the first weights the network
//! learns as well as before. To it the 3072 numbers are a list. Networks that know which pixels are
//! neighbours do much better on photographs; they are made of *convolutions*, the course's next
//! subject. Their loss, their steps, and this loop are the ones that you have written. Their layers
//! have a forward and a backward, like all of yours, and you know how to check those.
//!
//! No chapter follows. Choose a question of your own, hold some images back, and find out.

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
    ///
    /// ```
    /// use fully_connected::good_model::Best;
    /// use fully_connected::{FullyConnectedNet, Options};
    ///
    /// let net = FullyConnectedNet::<f64>::new(Options::new(2, &[3], 2))?;
    /// let best = Best::new(&net, 0.5);
    /// assert_eq!((best.epoch, best.accuracy), (0, 0.5));
    /// assert_eq!(&best.parameters, net.parameters());
    /// # Ok::<(), fully_connected::Error>(())
    /// ```
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
/// ```
/// use fully_connected::good_model::{self, Best};
/// use fully_connected::{FullyConnectedNet, Options};
///
/// let net = FullyConnectedNet::<f64>::new(Options::new(2, &[3], 2))?;
/// let mut best = Best::new(&net, 0.5);
/// good_model::keep(&mut best, &net, 1, 0.25);        // worse
/// assert_eq!((best.epoch, best.accuracy), (0, 0.5));
/// good_model::keep(&mut best, &net, 2, 0.75);
/// assert_eq!((best.epoch, best.accuracy), (2, 0.75));
/// good_model::keep(&mut best, &net, 3, 0.75);        // no better
/// assert_eq!(best.epoch, 2);
/// # Ok::<(), fully_connected::Error>(())
/// ```
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
/// ```
/// use fully_connected::good_model::{self, Best};
/// use fully_connected::{FullyConnectedNet, Options};
/// use ndarray::array;
///
/// let mut net = FullyConnectedNet::<f64>::new(Options::new(1, &[], 2))?;
/// net.parameters_mut().set("W1", &array![[3., 1.]])?;
/// let best = Best::new(&net, 0.5);
/// net.parameters_mut().set("W1", &array![[9., 9.]])?;    // training goes on
/// good_model::put_back(&mut net, best);
/// assert_eq!(net.parameters().get("W1")?, array![[3., 1.]].into_dyn());
/// # Ok::<(), fully_connected::Error>(())
/// ```
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
    /// ```
    /// use fully_connected::good_model::{Event, Plan, Rows, Run};
    /// use fully_connected::{FullyConnectedNet, Options};
    /// use ndarray::array;
    /// use std::ops::ControlFlow;
    ///
    /// let net = FullyConnectedNet::<f64>::new(Options::new(1, &[], 2))?;
    /// let (x, y) = (array![[3.], [-2.], [5.]], [0, 1, 0]);
    /// let examples = Rows::new(&x, &y)?;
    /// let plan = Plan { batch: 2, ..Plan::default() };
    /// let mut watch = |_: Event| ControlFlow::Continue(());
    /// let run = Run::new(&net, (&examples, &examples), &plan, &mut watch)?;
    /// assert_eq!(run.record.steps, 2);                   // two and one
    /// # Ok::<(), fully_connected::Error>(())
    /// ```
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
/// ```
/// use fully_connected::good_model::{self, Event, Plan, Rows, Run};
/// use fully_connected::{FullyConnectedNet, Options};
/// use ndarray::array;
/// use std::ops::ControlFlow;
///
/// let mut net = FullyConnectedNet::<f64>::new(Options::new(1, &[], 2))?;
/// let (x, y) = (array![[3.], [-2.], [5.]], [0, 1, 0]);
/// let examples = Rows::new(&x, &y)?;
/// let plan = Plan { batch: 2, ..Plan::default() };
/// let mut watch = |_: Event| ControlFlow::Continue(());
/// let mut run = Run::new(&net, (&examples, &examples), &plan, &mut watch)?;
/// let flow = good_model::epoch(&mut net, &mut run, 1)?;
/// assert_eq!(flow, ControlFlow::Continue(()));
/// assert_eq!(run.record.losses.len(), 2);
/// # Ok::<(), fully_connected::Error>(())
/// ```
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
/// `watch` is told after each step and each epoch. A loss or a score that is not finite is no
/// error: it ends the training, and the [`Report`] says so.
///
/// ```
/// use fully_connected::good_model::{self, Plan, Rows};
/// use fully_connected::{FullyConnectedNet, Options};
/// use ndarray::array;
/// use std::ops::ControlFlow;
///
/// // Is a number above 0?
/// let (x, y) = (array![[-3.], [-2.], [2.], [3.]], [0, 0, 1, 1]);
/// let (others, labels) = (array![[-1.], [1.]], [0, 1]);
/// let sets = (&Rows::new(&x, &y)?, &Rows::new(&others, &labels)?);
///
/// let mut net = FullyConnectedNet::<f64>::new(Options::new(1, &[], 2))?;
/// let plan = Plan { epochs: 5, batch: 2, rate: 0.1, ..Plan::default() };
/// let report = good_model::train(&mut net, sets, &plan, |_| ControlFlow::Continue(()))?;
/// assert_eq!(report.record.epochs.len(), 5);
/// assert_eq!(report.accuracy, 1.0);
/// assert_eq!(net.accuracy(&others, &labels)?, report.accuracy);
/// # Ok::<(), fully_connected::Error>(())
/// ```
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
