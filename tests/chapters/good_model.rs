use crate::support::{
    assert_close, assert_panics, assert_refused, in_f32, labels, random, random_net,
};
use crate::teach::{given, teach};
use approx::assert_relative_eq;
use fully_connected::deep::Pass;
use fully_connected::good_model::{
    Best, Centered, End, Event, Examples, Part, Plan, Record, Report, Rows, Run,
    accuracy_on, epoch, keep, put_back, rate, train,
};
use fully_connected::images::Images;
use fully_connected::optim::{Adam, Optimizer, RmsProp, Rule};
use fully_connected::plan::order;
use fully_connected::{FullyConnectedNet, Normalization, Options, Scalar};
use ndarray::{Array1, Array2, Array3, Array4, ArrayRef2, Axis};
use std::cell::RefCell;
use std::ops::ControlFlow;

const GO_ON: ControlFlow<()> = ControlFlow::Continue(());

/// Examples that note which of them were gathered.
struct Watched<'a> {
    rows: Rows<'a, f64>,
    gathered: RefCell<Vec<Vec<usize>>>,
}

impl<'a> Watched<'a> {
    fn new(x: &'a ArrayRef2<f64>, y: &'a [usize]) -> Watched<'a> {
        Watched {
            rows: Rows::new(x, y).unwrap(),
            gathered: RefCell::default(),
        }
    }
}

impl Examples<f64> for Watched<'_> {
    fn len(&self) -> usize {
        self.rows.len()
    }

    fn gather(&self, numbers: &[usize], x: &mut Array2<f64>, y: &mut Vec<usize>) {
        self.gathered.borrow_mut().push(numbers.to_vec());
        self.rows.gather(numbers, x, y);
    }
}

/// Twenty-three examples to train on and eleven for validation.
struct Data {
    x: Array2<f64>,
    y: Vec<usize>,
    validation_x: Array2<f64>,
    validation_y: Vec<usize>,
}

impl Data {
    fn new() -> Data {
        Data {
            x: random((23, 6), 1),
            y: labels(23, 3),
            validation_x: random((11, 6), 2),
            validation_y: labels(11, 3),
        }
    }

    fn train(&self) -> Rows<'_, f64> {
        Rows::new(&self.x, &self.y).unwrap()
    }

    fn validation(&self) -> Rows<'_, f64> {
        Rows::new(&self.validation_x, &self.validation_y).unwrap()
    }
}

fn options(normalization: Normalization, keep: f64) -> Options {
    Options {
        normalization,
        dropout_keep_ratio: keep,
        reg: 0.1,
        seed: 3,
        ..Options::new(6, &[7, 4], 3)
    }
}

/// A network with everything in it, whose running averages have seen something.
fn deep(seed: u64) -> FullyConnectedNet<f64> {
    let mut net = random_net(options(Normalization::BatchNorm, 0.8), seed);
    for (i, moments) in (0..).zip(net.running_mut()) {
        moments.mean = random(moments.mean.dim(), 10 * seed + i);
        moments.var =
            random(moments.var.dim(), 10 * seed + i + 5).mapv(|v| v * v + 0.5);
    }
    net
}

fn plan() -> Plan<f64> {
    Plan {
        epochs: 3,
        batch: 5,
        rate: 0.1,
        decay: 0.5,
        rule: Rule::Momentum(0.9),
        seed: 4,
        first: 1,
    }
}

#[test]
fn the_first_epoch_has_the_rate_itself_and_each_other_its_share_of_the_one_before() {
    let _test = teach("good_model::rate");
    let rates = [1, 2, 3, 4, 7].map(|epoch| rate(8., 0.5, epoch));
    assert_eq!(rates, [8., 4., 2., 1., 0.125]);
}

#[test]
fn the_rate_falls_by_the_same_factor_from_each_epoch_to_the_next() {
    let _test = teach("good_model::rate");
    for (start, decay) in [
        (1e-3, 0.9),
        (2.0, 0.95),
        (1e-8, 0.1),
        (0.3, 0.999),
        (1e4, 0.9),
    ] {
        assert_relative_eq!(rate(start, decay, 1), start, max_relative = 1e-14);
        for epoch in 1..60 {
            let next = rate(start, decay, epoch + 1);
            let expected = decay * rate(start, decay, epoch);
            assert!(next > 0.0);
            assert_relative_eq!(next, expected, max_relative = 1e-12);
        }
    }
}

#[test]
fn a_decay_of_1_leaves_the_rate() {
    let _test = teach("good_model::rate");
    for epoch in [1, 2, 10, 1000] {
        assert_eq!(rate(0.3, 1., epoch), 0.3);
    }
}

#[test]
fn epochs_are_counted_from_1() {
    let _test = given();
    assert_panics(&["good_model::rate", "from 1", "it is 0"], || {
        rate(0.1, 0.9, 0)
    });
}

/// Asserts that the best is this network, seen after that epoch.
#[track_caller]
fn assert_is(
    best: &Best<f64>,
    net: &FullyConnectedNet<f64>,
    epoch: usize,
    accuracy: f64,
) {
    assert_eq!((best.epoch, best.accuracy), (epoch, accuracy));
    assert_eq!(&best.parameters, net.parameters(), "the parameters");
    assert_eq!(best.running, net.running(), "the running averages");
}

#[test]
fn a_better_network_is_kept_whole() {
    let _test = teach("good_model::keep");
    let (old, new) = (deep(1), deep(2));
    let mut best = Best::new(&old, 0.5);
    keep(&mut best, &new, 7, 0.625);
    assert_is(&best, &new, 7, 0.625);
    // However little better.
    let newer = deep(3);
    keep(&mut best, &newer, 8, 0.625 + 1e-9);
    assert_is(&best, &newer, 8, 0.625 + 1e-9);
}

#[test]
fn a_network_that_is_worse_or_as_good_is_not_kept() {
    let _test = teach("good_model::keep");
    let (old, new) = (deep(1), deep(2));
    for accuracy in [0.5, 0.25, 0.0] {
        let mut best = Best::new(&old, 0.5);
        keep(&mut best, &new, 7, accuracy);
        assert_is(&best, &old, 0, 0.5);
    }
}

#[test]
fn of_many_epochs_the_first_of_the_best_is_kept() {
    let _test = teach("good_model::keep");
    let accuracies = [0.3, 0.6, 0.5, 0.7, 0.7, 0.4, 0.65];
    let nets: Vec<_> = (0..8).map(deep).collect();
    let mut best = Best::new(&nets[0], 0.1);
    for (i, accuracy) in (1..).zip(accuracies) {
        keep(&mut best, &nets[i], i, accuracy);
    }
    assert_is(&best, &nets[4], 4, 0.7);
}

#[test]
fn what_is_kept_does_not_move_with_the_network() {
    let _test = teach("good_model::keep");
    let mut net = deep(2);
    let mut best = Best::new(&deep(1), 0.5);
    keep(&mut best, &net, 7, 0.625);
    net.parameters_mut().get_mut("W1").unwrap().fill(0.0);
    net.parameters_mut().get_mut("gamma2").unwrap().fill(0.0);
    net.running_mut()[0].mean.fill(0.0);
    assert_is(&best, &deep(2), 7, 0.625);
}

#[test]
fn a_plain_network_is_kept_too() {
    let _test = teach("good_model::keep");
    let options = || options(Normalization::None, 1.0);
    let mut best = Best::new(&random_net(options(), 1), 0.5);
    let net = random_net(options(), 2);
    keep(&mut best, &net, 1, 1.0);
    assert_is(&best, &net, 1, 1.0);
}

#[test]
fn an_accuracy_that_is_no_number_is_refused() {
    let _test = teach("good_model::keep");
    let mut best = Best::new(&deep(1), 0.5);
    assert_panics(&["good_model::keep", "NaN"], || {
        keep(&mut best, &deep(2), 7, f64::NAN);
    });
}

#[test]
fn the_network_is_what_it_was() {
    let _test = teach("good_model::put_back");
    let x = random((5, 6), 3);
    for options in [
        options(Normalization::BatchNorm, 0.8),
        options(Normalization::LayerNorm, 1.0),
        options(Normalization::None, 1.0),
    ] {
        let mut then = random_net(options.clone(), 1);
        for moments in then.running_mut() {
            moments.mean.fill(0.25);
            moments.var.fill(4.0);
        }
        let mut net = random_net(options, 2);
        put_back(&mut net, Best::new(&then, 0.5));
        assert_eq!(net, then);
        assert_eq!(net.scores(&x), then.scores(&x));
    }
}

#[test]
fn all_layers_are_put_back() {
    let _test = teach("good_model::put_back");
    let (then, mut net) = (deep(1), deep(2));
    put_back(&mut net, Best::new(&then, 0.5));
    for ((name, now), (_, then)) in
        net.parameters().iter().zip(then.parameters().iter())
    {
        assert_eq!(now, then, "{name}");
    }
    for (i, (now, then)) in (1..).zip(net.running().iter().zip(then.running())) {
        assert_eq!(now, then, "the running averages of layer {i}");
    }
}

#[test]
fn the_best_of_another_network_is_refused() {
    let _test = teach("good_model::put_back");
    let mut net = deep(1);
    let other = random_net(Options::new(6, &[5], 3), 2);
    assert_panics(&["good_model::put_back", "shapes", "W1"], || {
        put_back(&mut net, Best::new(&other, 0.5));
    });
    let layers = random_net(options(Normalization::LayerNorm, 1.0), 2);
    assert_panics(
        &["good_model::put_back", "running averages", "2 layers"],
        || {
            put_back(&mut net, Best::new(&layers, 0.5));
        },
    );
}

/// The rate of an epoch of that plan, apart from the chapter's own.
fn rate_of(plan: &Plan<f64>, epoch: usize) -> f64 {
    (1..epoch).fold(plan.rate, |rate, _| rate * plan.decay)
}

/// Makes an epoch with the loop written out.
fn epoch_by_hand(
    net: &mut FullyConnectedNet<f64>,
    optimizer: &mut Optimizer<f64>,
    data: &Data,
    (plan, number): (&Plan<f64>, usize),
    losses: &mut Vec<f64>,
) {
    let order = order(data.y.len(), plan.seed, number);
    let steps = order.len().div_ceil(plan.batch);
    for step in 0..steps {
        let end = order.len().min((step + 1) * plan.batch);
        let numbers = &order[step * plan.batch..end];
        let x = data.x.select(Axis(0), numbers);
        let y: Vec<_> = numbers.iter().map(|&i| data.y[i]).collect();
        let pass = Pass::Train {
            seed: plan.seed,
            step: ((number - 1) * steps + step) as u64,
        };
        let made = net.loss_in(&pass, &x, &y).unwrap();
        losses.push(made.loss);
        let rate = rate_of(plan, number);
        optimizer.step(net.parameters_mut(), &made.grads, rate);
        net.remember(&made.moments);
    }
}

#[track_caller]
fn assert_same(net: &FullyConnectedNet<f64>, expected: &FullyConnectedNet<f64>) {
    let pairs = net.parameters().iter().zip(expected.parameters().iter());
    for ((name, a), (_, b)) in pairs {
        assert!(a.iter().all(|a| a.is_finite()), "{name}: {a}");
        assert_close(&name, &a, &b, 1e-9);
    }
    for (a, b) in net.running().iter().zip(expected.running()) {
        assert_close("running mean", &a.mean, &b.mean, 1e-9);
        assert_close("running var", &a.var, &b.var, 1e-9);
    }
}

/// Makes two epochs, from `plan.first` on, and compares with the loop written out.
fn assert_epochs_are_the_loop(options: Options, plan: &Plan<f64>) {
    assert_epochs_of_are_the_loop(&Data::new(), options, plan);
}

fn assert_epochs_of_are_the_loop(data: &Data, options: Options, plan: &Plan<f64>) {
    let (rows, validation) = (data.train(), data.validation());
    let (mut net, mut by_hand) =
        (random_net(options.clone(), 1), random_net(options, 1));
    let mut optimizer = Optimizer::new(plan.rule, by_hand.parameters()).unwrap();
    let mut losses = Vec::new();
    let mut watch = |_: Event| GO_ON;
    let mut run = Run::new(&net, (&rows, &validation), plan, &mut watch).unwrap();
    for number in [plan.first, plan.first + 1] {
        let told = epoch(&mut net, &mut run, number).unwrap();
        assert!(told.is_continue());
        let how = (plan, number);
        epoch_by_hand(&mut by_hand, &mut optimizer, data, how, &mut losses);
    }
    assert_eq!(run.record.losses.len(), losses.len());
    for (got, expected) in run.record.losses.iter().zip(&losses) {
        assert!(got.is_finite());
        assert_relative_eq!(*got, *expected, max_relative = 1e-9);
    }
    assert_same(&net, &by_hand);
    assert_eq!(run.optimizer.steps(), optimizer.steps());
}

#[test]
fn an_epoch_is_the_loop_that_it_says_it_is() {
    let _test = teach("good_model::epoch");
    for (normalization, keep) in [
        (Normalization::BatchNorm, 0.8),
        (Normalization::LayerNorm, 0.6),
        (Normalization::None, 0.8),
        (Normalization::None, 1.0),
        (Normalization::BatchNorm, 1.0),
    ] {
        assert_epochs_are_the_loop(options(normalization, keep), &plan());
    }
}

#[test]
fn examples_may_have_the_size_of_pixels() {
    let _test = teach("good_model::epoch");
    let mut data = Data::new();
    data.x *= 200.;
    assert_epochs_of_are_the_loop(
        &data,
        options(Normalization::LayerNorm, 1.0),
        &plan(),
    );
}

#[test]
fn an_epoch_tells_who_lent_a_wrong_label() {
    let _test = teach("good_model::epoch");
    let data = Data::new();
    let mut y = data.y.clone();
    y[7] = 3;
    let (rows, validation) = (Rows::new(&data.x, &y).unwrap(), data.validation());
    let (mut net, plan) = (deep(1), plan());
    let mut watch = |_: Event| GO_ON;
    let mut run = Run::new(&net, (&rows, &validation), &plan, &mut watch).unwrap();
    assert_refused(epoch(&mut net, &mut run, 1), &["is 3", "3 classes"]);
}

#[test]
fn an_epoch_follows_the_plan() {
    let _test = teach("good_model::epoch");
    let options = options(Normalization::BatchNorm, 0.8);
    for (batch, rule, first, seed) in [
        (4, Rule::Sgd, 1, 9),
        (23, Rule::Momentum(0.5), 2, 1),
        (100, Rule::RmsProp(RmsProp::default()), 1, 2),
        (12, Rule::Adam(Adam::default()), 5, 3),
    ] {
        let plan = Plan {
            batch,
            rule,
            first,
            seed,
            rate: 0.01,
            decay: 0.7,
            ..plan()
        };
        assert_epochs_are_the_loop(options.clone(), &plan);
    }
}

#[test]
fn every_example_is_seen_once_an_epoch_and_none_of_the_validation() {
    let _test = teach("good_model::epoch");
    let data = Data::new();
    let rows = Watched::new(&data.x, &data.y);
    let validation = Watched::new(&data.validation_x, &data.validation_y);
    let mut net = deep(1);
    let (plan, mut watch) = (plan(), |_: Event| GO_ON);
    let mut run = Run::new(&net, (&rows, &validation), &plan, &mut watch).unwrap();
    validation.gathered.take();
    let mut orders = Vec::new();
    for number in 1..=3 {
        let _ = epoch(&mut net, &mut run, number).unwrap();
        let batches = rows.gathered.take();
        let sizes: Vec<_> = batches.iter().map(Vec::len).collect();
        assert_eq!(sizes, [5, 5, 5, 5, 3], "the sizes of the batches");
        let order = batches.concat();
        let mut sorted = order.clone();
        sorted.sort();
        assert!(sorted.into_iter().eq(0..23), "{order:?}");
        orders.push(order);
    }
    assert_ne!(orders[0], orders[1], "each epoch has an order of its own");
    assert_ne!(orders[1], orders[2], "each epoch has an order of its own");
    assert!(validation.gathered.take().is_empty());
}

#[test]
fn whoever_watches_is_told_after_each_step_and_can_stop_it_there() {
    let _test = teach("good_model::epoch");
    let data = Data::new();
    let (rows, validation) = (data.train(), data.validation());
    let plan = plan();
    for stop in 1..=5 {
        let mut seen = Vec::new();
        let mut watch = |event: Event| {
            let Event::Step(record) = event else {
                panic!("no epoch has ended: {event:?}")
            };
            seen.push(record.losses.len());
            if seen.len() == stop {
                return ControlFlow::Break(());
            }
            GO_ON
        };
        let mut net = deep(1);
        let mut run = Run::new(&net, (&rows, &validation), &plan, &mut watch).unwrap();
        let told = epoch(&mut net, &mut run, 1).unwrap();
        assert!(told.is_break(), "stopped after step {stop}");
        assert_eq!(run.optimizer.steps(), stop as u64, "the step is made");
        assert_eq!(run.record.losses.len(), stop);
        drop(run);
        assert!(seen.into_iter().eq(1..=stop));
    }
}

#[test]
fn the_running_averages_of_a_stopped_epoch_have_seen_its_batches() {
    let _test = teach("good_model::epoch");
    let data = Data::new();
    let (rows, validation) = (data.train(), data.validation());
    let (plan, mut watch) = (plan(), |_: Event| ControlFlow::Break(()));
    let (mut net, mut by_hand) = (deep(1), deep(1));
    let mut run = Run::new(&net, (&rows, &validation), &plan, &mut watch).unwrap();
    let _ = epoch(&mut net, &mut run, 1).unwrap();
    let numbers = &order(23, plan.seed, 1)[..5];
    let x = data.x.select(Axis(0), numbers);
    let y: Vec<_> = numbers.iter().map(|&i| data.y[i]).collect();
    let pass = Pass::Train { seed: 4, step: 0 };
    let made = by_hand.loss_in(&pass, &x, &y).unwrap();
    by_hand.remember(&made.moments);
    for (a, b) in net.running().iter().zip(by_hand.running()) {
        assert_close("running mean", &a.mean, &b.mean, 1e-9);
        assert_close("running var", &a.var, &b.var, 1e-9);
    }
}

#[test]
fn a_loss_that_is_not_finite_ends_the_epoch_and_the_step_is_named() {
    let _test = teach("good_model::epoch");
    let data = Data::new();
    let (rows, validation) = (data.train(), data.validation());
    let mut watch = |_: Event| GO_ON;
    let plan = Plan {
        rate: 1e300,
        rule: Rule::Sgd,
        ..plan()
    };
    let mut net = random_net(options(Normalization::None, 1.0), 1);
    let mut run = Run::new(&net, (&rows, &validation), &plan, &mut watch).unwrap();
    assert_refused(epoch(&mut net, &mut run, 1), &["diverged", "at step 2"]);
    assert_eq!(run.record.losses.len(), 2);
    assert!(run.record.losses[0].is_finite() && !run.record.losses[1].is_finite());
}

#[test]
fn a_training_that_goes_on_has_the_rates_orders_and_masks_of_one_long_one() {
    let _test = teach("good_model::epoch");
    let data = Data::new();
    let (rows, validation) = (data.train(), data.validation());
    let long = Plan {
        rule: Rule::Sgd,
        ..plan()
    };
    let (mut whole, mut parts) = (deep(1), deep(1));
    for (net, plans) in [
        (&mut whole, vec![(long.clone(), 1..4)]),
        (
            &mut parts,
            vec![(long.clone(), 1..2), (Plan { first: 2, ..long }, 2..4)],
        ),
    ] {
        for (plan, numbers) in plans {
            let mut watch = |_: Event| GO_ON;
            let mut run =
                Run::new(net, (&rows, &validation), &plan, &mut watch).unwrap();
            for number in numbers {
                let _ = epoch(net, &mut run, number).unwrap();
            }
        }
    }
    assert_same(&parts, &whole);
}

/// What a training with the loop written out leaves behind.
fn train_by_hand(
    net: &mut FullyConnectedNet<f64>,
    data: &Data,
    plan: &Plan<f64>,
) -> (Vec<[f64; 2]>, usize) {
    let mut optimizer = Optimizer::new(plan.rule, net.parameters()).unwrap();
    let n = data.y.len();
    let mut sample = order(n, plan.seed, 0);
    sample.truncate(data.validation_y.len());
    let sample_x = data.x.select(Axis(0), &sample);
    let sample_y: Vec<_> = sample.iter().map(|&i| data.y[i]).collect();
    let mut accuracies = Vec::new();
    let before = net
        .accuracy(&data.validation_x, &data.validation_y)
        .unwrap();
    let mut best = (0, before, net.clone());
    for number in plan.first..plan.first + plan.epochs {
        epoch_by_hand(net, &mut optimizer, data, (plan, number), &mut Vec::new());
        let training = net.accuracy(&sample_x, &sample_y).unwrap();
        let validation = net
            .accuracy(&data.validation_x, &data.validation_y)
            .unwrap();
        accuracies.push([training, validation]);
        if validation > best.1 {
            best = (number, validation, net.clone());
        }
    }
    *net = best.2;
    (accuracies, best.0)
}

/// Trains with the chapter's loop and with one written out, and gives the best epoch.
fn assert_training_is_the_loop(options: Options, plan: &Plan<f64>) -> usize {
    let data = Data::new();
    let (mut net, mut by_hand) =
        (random_net(options.clone(), 1), random_net(options, 1));
    let sets = (&data.train(), &data.validation());
    let report = train(&mut net, sets, plan, |_| GO_ON).unwrap();
    let (accuracies, best) = train_by_hand(&mut by_hand, &data, plan);
    let of_epochs = |record: &Record| -> Vec<_> {
        let epochs = record.epochs.iter();
        epochs.map(|e| [e.training, e.validation]).collect()
    };
    assert_eq!(of_epochs(&report.record), accuracies);
    let numbers = report.record.epochs.iter().map(|epoch| epoch.number);
    assert!(numbers.eq(plan.first..plan.first + plan.epochs));
    assert_eq!((report.best, report.end), (best, End::Done));
    assert_same(&net, &by_hand);
    best
}

#[test]
fn training_is_the_loop_that_it_says_it_is() {
    let _test = teach("good_model::train");
    let mut bests = Vec::new();
    for (normalization, keep, seed, first) in [
        (Normalization::BatchNorm, 0.8, 1, 1),
        (Normalization::LayerNorm, 0.8, 2, 1),
        (Normalization::None, 1.0, 3, 4),
        (Normalization::BatchNorm, 0.6, 4, 2),
    ] {
        let plan = Plan {
            epochs: 6,
            seed,
            first,
            decay: 0.8,
            ..plan()
        };
        let best = assert_training_is_the_loop(options(normalization, keep), &plan);
        bests.push((best, first + 5));
    }
    // The best is not the last one in all of them, or the test would show little.
    assert!(bests.iter().any(|&(best, last)| best < last), "{bests:?}");
}

/// Examples whose label is the sign of their first number, and a network for them.
fn easy(n: usize, seed: u64) -> (Array2<f64>, Vec<usize>) {
    let x: Array2<f64> = random((n, 4), seed);
    let y = x.column(0).iter().map(|&x| usize::from(x > 0.0)).collect();
    (x, y)
}

/// How to learn them in ten epochs of ten steps.
fn easy_plan<T: Scalar>() -> Plan<T> {
    Plan {
        rate: 1e-2,
        batch: 20,
        ..Plan::default()
    }
}

fn easy_net<T: Scalar>() -> FullyConnectedNet<T> {
    let options = Options {
        weight_scale: 0.5,
        normalization: Normalization::BatchNorm,
        dropout_keep_ratio: 0.9,
        ..Options::new(4, &[16], 2)
    };
    FullyConnectedNet::new(options).unwrap()
}

#[test]
fn what_can_be_learned_is_learned() {
    let _test = teach("good_model::train");
    let ((x, y), (vx, vy)) = (easy(200, 1), easy(100, 2));
    let plan = easy_plan();
    let sets = (&Rows::new(&x, &y).unwrap(), &Rows::new(&vx, &vy).unwrap());
    let mut net = easy_net();
    let report = train(&mut net, sets, &plan, |_| GO_ON).unwrap();
    assert!(report.accuracy > 0.9, "{report:?}");
    assert_eq!(net.accuracy(&vx, &vy).unwrap(), report.accuracy);
    let highest = report
        .record
        .epochs
        .iter()
        .map(|e| e.validation)
        .fold(0.0, f64::max);
    assert_eq!(report.accuracy, highest);
    assert_eq!(report.record.losses.len(), 100);
}

#[test]
fn an_epoch_that_was_stopped_may_be_the_best() {
    let _test = teach("good_model::train");
    let ((x, y), (vx, vy)) = (easy(200, 1), easy(100, 2));
    let plan = easy_plan();
    let sets = (&Rows::new(&x, &y).unwrap(), &Rows::new(&vx, &vy).unwrap());
    // Within the first epoch, and as the first epoch is told.
    for event in [6, 11] {
        let (mut net, mut told) = (easy_net(), 0);
        let report = train(&mut net, sets, &plan, |_| {
            told += 1;
            if told == event {
                ControlFlow::Break(())
            } else {
                GO_ON
            }
        });
        let report = report.unwrap();
        assert!(report.accuracy > report.record.before, "{report:?}");
        assert_eq!((report.best, report.end), (1, End::Stopped));
        assert_eq!(net.accuracy(&vx, &vy).unwrap(), report.accuracy);
    }
}

#[test]
fn all_right_on_validation_is_no_reason_to_stop() {
    let _test = teach("good_model::train");
    let x = Array2::from_shape_fn((4, 1), |(n, _)| [-3., -2., 2., 3.][n]);
    let y = [0, 0, 1, 1];
    let examples = Rows::new(&x, &y).unwrap();
    let mut net = FullyConnectedNet::<f64>::new(Options::new(1, &[], 2)).unwrap();
    let plan = Plan {
        epochs: 5,
        batch: 2,
        rate: 0.1,
        ..Plan::default()
    };
    let report = train(&mut net, (&examples, &examples), &plan, |_| GO_ON).unwrap();
    let epochs = &report.record.epochs;
    assert_eq!(epochs.len(), 5);
    assert!(epochs[..4].iter().any(|epoch| epoch.validation == 1.));
}

#[test]
fn single_precision_learns_it_too() {
    let _test = teach("good_model::train");
    let ((x, y), (vx, vy)) = (easy(200, 1), easy(100, 2));
    let (x, vx) = (x.mapv(|x| x as f32), vx.mapv(|x| x as f32));
    let plan = easy_plan();
    let sets = (&Rows::new(&x, &y).unwrap(), &Rows::new(&vx, &vy).unwrap());
    let mut net = easy_net::<f32>();
    let report = train(&mut net, sets, &plan, |_| GO_ON).unwrap();
    assert!(report.accuracy > 0.9, "{report:?}");
}

/// A training, stopped at the event of that number, counted from 1, and the network.
fn stopped_at(event: usize) -> (Report, FullyConnectedNet<f64>, Vec<(usize, usize)>) {
    let data = Data::new();
    let mut net = deep(1);
    let mut seen = Vec::new();
    let sets = (&data.train(), &data.validation());
    let report = train(&mut net, sets, &plan(), |told| {
        let (Event::Step(record) | Event::Epoch(record)) = told;
        seen.push((record.losses.len(), record.epochs.len()));
        if seen.len() == event {
            return ControlFlow::Break(());
        }
        GO_ON
    });
    (report.unwrap(), net, seen)
}

#[test]
fn whoever_watches_is_told_after_each_step_and_each_epoch() {
    let _test = teach("good_model::train");
    let (report, _, seen) = stopped_at(usize::MAX);
    assert_eq!(report.end, End::Done);
    let steps = |epoch| (1..=5).map(move |step| (5 * epoch + step, epoch));
    let expected = (0..3).flat_map(|epoch| {
        let ended = std::iter::once((5 * (epoch + 1), epoch + 1));
        steps(epoch).chain(ended)
    });
    assert_eq!(seen, expected.collect::<Vec<_>>());
}

#[test]
fn a_training_stopped_within_an_epoch_measures_what_it_has_and_keeps_the_best() {
    let _test = teach("good_model::train");
    // After two steps of the first epoch, of the second, and at the end of the second.
    for (event, losses, epochs) in [(2, 2, 1), (8, 7, 2), (12, 10, 2)] {
        let (report, net, seen) = stopped_at(event);
        assert_eq!(report.end, End::Stopped);
        let record = &report.record;
        assert_eq!((record.losses.len(), record.epochs.len()), (losses, epochs));
        // Within an epoch, its end is told all the same.
        assert_eq!(seen.last(), Some(&(losses, epochs)));
        let of_last = losses - 5 * (epochs - 1);
        assert_eq!(record.epochs[epochs - 1].steps, of_last);
        let data = Data::new();
        let accuracy = net
            .accuracy(&data.validation_x, &data.validation_y)
            .unwrap();
        assert_eq!(accuracy, report.accuracy);
        let highest = record.epochs.iter().map(|e| e.validation);
        assert_eq!(report.accuracy, highest.fold(record.before, f64::max));
    }
}

#[test]
fn a_training_that_diverges_gives_the_best_network_so_far() {
    let _test = teach("good_model::train");
    let data = Data::new();
    let sets = (&data.train(), &data.validation());
    let start = random_net(options(Normalization::None, 1.0), 1);
    let mut net = start.clone();
    let plan = Plan {
        rate: 1e300,
        ..plan()
    };
    let report = train(&mut net, sets, &plan, |_| GO_ON).unwrap();
    let End::Diverged { step: 2, loss } = report.end else {
        panic!("diverged at step 2: {:?}", report.end)
    };
    assert!(!loss.is_finite());
    assert_eq!((report.best, net), (0, start));
    assert_eq!(report.record.losses.len(), 2);

    // Diverged in the last step of the first epoch, which its loss does not show yet.
    let mut net = random_net(options(Normalization::None, 1.0), 1);
    let plan = Plan { batch: 23, ..plan };
    let report = train(&mut net, sets, &plan, |_| GO_ON).unwrap();
    assert!(matches!(report.end, End::Diverged { step: 1, loss } if loss.is_nan()));
    assert!(report.record.epochs.is_empty());
    assert_eq!(net, random_net(options(Normalization::None, 1.0), 1));
}

#[test]
fn a_network_that_only_gets_worse_is_given_back_as_it_came() {
    let _test = teach("good_model::train");
    let (x, y) = easy(60, 1);
    // It knows them all already, and is taught the opposite.
    let mut net = FullyConnectedNet::<f64>::new(Options::new(4, &[], 2)).unwrap();
    let mut w = Array2::zeros((4, 2));
    w[[0, 1]] = 1.0;
    net.parameters_mut().set("W1", &w).unwrap();
    let wrong: Vec<_> = y.iter().map(|y| 1 - y).collect();
    let sets = (&Rows::new(&x, &wrong).unwrap(), &Rows::new(&x, &y).unwrap());
    let plan = Plan {
        rate: 0.5,
        ..plan()
    };
    let report = train(&mut net, sets, &plan, |_| GO_ON).unwrap();
    assert_eq!(
        (report.best, report.accuracy, report.record.before),
        (0, 1.0, 1.0)
    );
    assert!(report.record.epochs.iter().all(|e| e.validation < 1.0));
    assert_eq!(net.parameters().get("W1").unwrap(), w.into_dyn());
}

#[test]
fn no_epochs_change_nothing() {
    let _test = teach("good_model::train");
    let data = Data::new();
    let sets = (&data.train(), &data.validation());
    let mut net = deep(1);
    let none = Plan {
        epochs: 0,
        ..plan()
    };
    let report = train(&mut net, sets, &none, |_| panic!("nothing happens")).unwrap();
    assert_eq!((report.best, report.end), (0, End::Done));
    assert_eq!(net, deep(1));
}

#[test]
fn a_training_tells_who_lent_wrong_labels() {
    let _test = teach("good_model::train");
    let data = Data::new();
    let mut y = data.y.clone();
    y[7] = 3;
    let sets = (&Rows::new(&data.x, &y).unwrap(), &data.validation());
    let mut net = deep(1);
    let result = train(&mut net, sets, &plan(), |_| GO_ON);
    assert_refused(result, &["is 3", "3 classes"]);
    assert_eq!(net, deep(1));
}

#[test]
fn a_wrong_label_that_no_step_has_seen_is_told_where_accuracy_is_measured() {
    let _test = teach("good_model::train");
    let data = Data::new();
    let mut y = data.y.clone();
    // The last of the first epoch; the training is stopped after its first step.
    y[order(23, plan().seed, 1)[22]] = 3;
    let rows = Rows::new(&data.x, &y).unwrap();
    // As many for validation as to train on, so all are measured.
    let x = random((23, 6), 2);
    let right = Rows::new(&x, &data.y).unwrap();
    let stop = |_: Event| ControlFlow::Break(());
    let result = train(&mut deep(1), (&rows, &right), &plan(), stop);
    assert_refused(result, &["is 3", "3 classes"]);
}

#[test]
fn a_plan_is_refused_by_name() {
    let _test = teach("good_model::train");
    let data = Data::new();
    let sets = (&data.train(), &data.validation());
    let refused = |plan: Plan<f64>, words: &[&str]| {
        assert_refused(train(&mut deep(1), sets, &plan, |_| GO_ON), words);
    };
    refused(Plan { batch: 0, ..plan() }, &["`batch`", "at least 1"]);
    refused(
        Plan {
            batch: 2_000_000,
            ..plan()
        },
        &["`batch`", "at most"],
    );
    refused(
        Plan {
            epochs: 2_000_000,
            ..plan()
        },
        &["`epochs`", "at most"],
    );
    refused(Plan { first: 0, ..plan() }, &["`first`", "at least 1"]);
    refused(
        Plan {
            first: usize::MAX,
            ..plan()
        },
        &["`first`", "at most"],
    );
    for bad in [0.0, -0.1, f64::NAN, f64::INFINITY] {
        refused(
            Plan {
                rate: bad,
                ..plan()
            },
            &["`rate`", "above 0"],
        );
    }
    for bad in [0.0, -0.1, 1.1, f64::NAN] {
        refused(
            Plan {
                decay: bad,
                ..plan()
            },
            &["`decay`", "(0, 1]"],
        );
    }
    let rule = Rule::Momentum(1.0);
    refused(Plan { rule, ..plan() }, &["`momentum`", "[0, 1)"]);
}

#[test]
fn batch_normalization_of_one_example_alone_is_refused() {
    let _test = teach("good_model::train");
    let data = Data::new();
    let sets = (&data.train(), &data.validation());
    for batch in [1, 2, 11, 22] {
        let plan = Plan { batch, ..plan() };
        let result = Run::new(&deep(1), sets, &plan, &mut |_| GO_ON).map(|_| ());
        assert_refused(result, &["`batch`", "one example alone", "23 examples"]);
        // Other networks do not mind.
        let net = random_net(options(Normalization::LayerNorm, 0.8), 1);
        assert!(Run::new(&net, sets, &plan, &mut |_| GO_ON).is_ok());
    }
}

#[test]
fn sets_without_examples_are_refused() {
    let _test = teach("good_model::train");
    let data = Data::new();
    let none = Array2::zeros((0, 6));
    let none = Rows::new(&none, &[]).unwrap();
    for sets in [(&none, &data.validation()), (&data.train(), &none)] {
        let result = train(&mut deep(1), sets, &plan(), |_| GO_ON);
        assert_refused(result, &["empty"]);
    }
    assert_refused(Rows::new(&data.x, &[0, 1]), &["2 labels", "23 examples"]);
}

#[test]
fn an_order_holds_every_number_once_and_is_its_own_for_seed_and_epoch() {
    let _test = given();
    for n in [0, 1, 2, 100] {
        let mut numbers = order(n, 7, 3);
        assert_eq!(numbers, order(n, 7, 3));
        numbers.sort();
        assert!(numbers.into_iter().eq(0..n));
    }
    assert_ne!(order(100, 7, 1), order(100, 7, 2));
    assert_ne!(order(100, 7, 1), order(100, 8, 1));
    // Every number stands in every place about as often as in any other.
    let mut counts = Array2::<f64>::zeros((5, 5));
    for epoch in 0..2000 {
        for (place, number) in order(5, 7, epoch).into_iter().enumerate() {
            counts[[place, number]] += 1.0;
        }
    }
    // 400 each; the standard deviation is 18.
    assert!(counts.iter().all(|n| (n - 400.0).abs() < 90.0), "{counts}");
}

#[test]
fn accuracy_is_measured_in_test_passes_part_by_part() {
    let _test = teach("good_model::train");
    let (x, y) = (random((2300, 6), 5), labels(2300, 3));
    let rows = Rows::new(&x, &y).unwrap();
    let net = deep(1);
    let all = Part {
        examples: &rows,
        numbers: (0..2300).collect(),
    };
    let expected = net.accuracy(&x, &y).unwrap();
    assert_eq!(accuracy_on(&net, &all).unwrap(), expected);
    let some = Part {
        examples: &rows,
        numbers: vec![7, 3, 9],
    };
    let few = net.accuracy(x.select(Axis(0), &[7, 3, 9]), &[y[7], y[3], y[9]]);
    assert_eq!(accuracy_on(&net, &some).unwrap(), few.unwrap());
    let none = Part {
        examples: &rows,
        numbers: vec![],
    };
    assert_refused(accuracy_on(&net, &none), &["empty"]);
    let mut broken = deep(1);
    broken
        .parameters_mut()
        .get_mut("W1")
        .unwrap()
        .fill(f64::NAN);
    assert!(accuracy_on(&broken, &all).unwrap().is_nan());
}

#[test]
fn images_stay_bytes_until_a_batch_is_gathered() {
    let _test = given();
    let pixels =
        Array4::from_shape_fn((4, 1, 2, 3), |(n, _, r, c)| (50 * n + 10 * r + c) as u8);
    let images = Images {
        pixels,
        labels: vec![3, 2, 1, 0],
    };
    let mean = images.mean();
    let (mut x, mut y) = (Array2::zeros((0, 0)), Vec::new());
    let centered = Centered::new(&images, &mean);
    Examples::<f32>::gather(&centered, &[2, 0], &mut x, &mut y);
    let all = images.centered::<f32>(&mean);
    let rows = all.to_shape((4, 6)).unwrap();
    assert_eq!(x, rows.select(Axis(0), &[2, 0]));
    assert_eq!(y, [1, 3]);
    assert_panics(&["Centered", "[1, 2, 3]"], || {
        Centered::new(&images, &Array3::zeros((1, 2, 2)));
    });
}

#[test]
fn an_f32_network_is_put_back_too() {
    let _test = teach("good_model::put_back");
    let then = in_f32(&random_net(options(Normalization::BatchNorm, 0.8), 1));
    let mut net = in_f32(&random_net(options(Normalization::BatchNorm, 0.8), 2));
    net.running_mut()[1].var = Array1::ones(4);
    put_back(&mut net, Best::new(&then, 0.5));
    assert_eq!(net, then);
}
