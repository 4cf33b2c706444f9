use crate::support::{labels, random, random_net};
use crate::teach::probe::{Case, Probe, Probes};
use fully_connected::good_model::{self, Best, End, Event, Plan, Rows, Run};
use fully_connected::optim::Rule;
use fully_connected::{FullyConnectedNet, Normalization, Options};
use ndarray::{Array2, s};
use std::ops::ControlFlow;

pub const PROBES: Probes = &[
    ("good_model::rate", rate),
    ("good_model::keep", keep),
    ("good_model::put_back", put_back),
    ("good_model::epoch", epoch),
    ("good_model::train", train),
];

/// A small network with batch normalization, whose running averages have seen something.
fn net(seed: u64, keep: f64) -> FullyConnectedNet<f64> {
    let options = Options {
        normalization: Normalization::BatchNorm,
        dropout_keep_ratio: keep,
        reg: 0.1,
        ..Options::new(6, &[5], 3)
    };
    let mut net = random_net(options, seed);
    for moments in net.running_mut() {
        moments.mean = random(5, seed + 10);
        moments.var = random(5, seed + 20).mapv(|v| v * v + 0.5);
    }
    net
}

fn note(case: &mut Case, net: &FullyConnectedNet<f64>) {
    for (name, parameter) in net.parameters().iter() {
        case.array(&name, &parameter);
    }
    for moments in net.running() {
        case.array("running_mean", &moments.mean);
        case.array("running_var", &moments.var);
    }
}

fn rate(probe: &mut Probe) {
    probe.case("halves", "rate 8, decay 0.5, epochs 1, 2, 3, 5", |case| {
        let rates = [1, 2, 3, 5].map(|epoch| good_model::rate(8., 0.5, epoch));
        case.list("rates", &rates);
    });
    probe.case(
        "tenths",
        "rate 0.3, decay 0.9, epochs 1, 2, 4, 10",
        |case| {
            let rates = [1, 2, 4, 10].map(|epoch| good_model::rate(0.3, 0.9, epoch));
            case.list("rates", &rates);
        },
    );
}

fn keep(probe: &mut Probe) {
    let cases = [
        ("higher", "best 0.5 after epoch 2, epoch 5 has 0.625", 0.625),
        ("lower", "best 0.5 after epoch 2, epoch 5 has 0.25", 0.25),
        ("same", "best 0.5 after epoch 2, epoch 5 has 0.5", 0.5),
    ];
    for (name, says, accuracy) in cases {
        probe.case(name, says, |case| {
            let mut best = Best::new(&net(1, 1.), 0.5);
            best.epoch = 2;
            good_model::keep(&mut best, &net(2, 1.), 5, accuracy);
            case.count("epoch", best.epoch);
            case.number("accuracy", best.accuracy);
            case.array("W1", &best.parameters.layers()[0].w);
            case.array("gamma1", &best.parameters.norms()[0].gamma);
            case.array("running_mean", &best.running[0].mean);
            case.array("running_var", &best.running[0].var);
        });
    }
}

fn put_back(probe: &mut Probe) {
    probe.case("another", "the best of another moment", |case| {
        let mut now = net(2, 1.);
        good_model::put_back(&mut now, Best::new(&net(1, 1.), 0.5));
        note(case, &now);
    });
}

/// Eight examples to train on and five for validation.
struct Data {
    x: Array2<f64>,
    y: Vec<usize>,
    validation_x: Array2<f64>,
    validation_y: Vec<usize>,
}

impl Data {
    fn new() -> Data {
        Data {
            x: random((8, 6), 41),
            y: labels(8, 3),
            // Near the first of the others, so that training helps.
            validation_x: random((8, 6), 41).slice_move(s![..5, ..])
                + random((5, 6), 42) * 0.3,
            validation_y: labels(5, 3),
        }
    }

    fn sets(&self) -> (Rows<'_, f64>, Rows<'_, f64>) {
        let train = Rows::new(&self.x, &self.y).expect("a label for each");
        let validation = Rows::new(&self.validation_x, &self.validation_y);
        (train, validation.expect("a label for each"))
    }
}

fn plan(epochs: usize, first: usize) -> Plan<f64> {
    Plan {
        epochs,
        batch: 3,
        rate: 0.2,
        decay: 0.5,
        rule: Rule::Momentum(0.9),
        seed: 4,
        first,
    }
}

/// Runs one epoch of that number and notes what came of it. The watch says stop at event
/// `stop`, counted from 1.
fn note_epoch(case: &mut Case, data: &Data, keep: f64, number: usize, stop: usize) {
    let (train, validation) = data.sets();
    let plan = plan(3, 1);
    let mut events = 0;
    let mut losses_seen = 0;
    let mut watch = |event: Event| {
        events += 1;
        if let Event::Step(record) = event {
            losses_seen += record.losses.len();
        }
        if events == stop {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    };
    let mut net = net(1, keep);
    let run = Run::new(&net, (&train, &validation), &plan, &mut watch);
    let mut run = run.expect("a good plan");
    match good_model::epoch(&mut net, &mut run, number) {
        Ok(flow) => case.text("flow", format!("{flow:?}")),
        Err(error) => {
            case.text("error", error.to_string().split(':').next().unwrap_or(""))
        }
    }
    let losses = run.record.losses.clone();
    case.count("steps_of_rule", run.optimizer.steps() as usize);
    drop(run);
    case.list("losses", &losses);
    case.count("told", events);
    case.count("losses_seen", losses_seen);
    note(case, &net);
}

fn epoch(probe: &mut Probe) {
    let data = Data::new();
    let says = "8 examples in batches of 3, epoch 1 of 3, no dropout";
    probe.case("first", says, |case| note_epoch(case, &data, 1., 1, 0));
    let says = "8 examples in batches of 3, epoch 2 of 3, keep ratio 0.5";
    probe.case("second", says, |case| note_epoch(case, &data, 0.5, 2, 0));
    let says = "8 examples in batches of 3, the watch says stop after step 2";
    probe.case("stopped", says, |case| note_epoch(case, &data, 1., 1, 2));
    probe.case("nan", "an example is NaN", |case| {
        let mut data = Data::new();
        data.x.fill(f64::NAN);
        note_epoch(case, &data, 1., 1, 0);
    });
}

fn note_training(case: &mut Case, plan: &Plan<f64>, stop: usize) {
    let data = Data::new();
    let (train, validation) = data.sets();
    let (mut events, mut epochs) = (0, Vec::new());
    let mut net = net(3, 0.8);
    let report = good_model::train(&mut net, (&train, &validation), plan, |event| {
        events += 1;
        if let Event::Epoch(record) = event {
            epochs.push(record.epochs.len() as f64);
        }
        if events == stop {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    });
    let report = report.expect("a good plan");
    let of = |number: fn(&good_model::Epoch) -> f64| {
        report.record.epochs.iter().map(number).collect::<Vec<_>>()
    };
    case.list("numbers", &of(|epoch| epoch.number as f64));
    case.list("training", &of(|epoch| epoch.training));
    case.list("validation", &of(|epoch| epoch.validation));
    case.count("best", report.best);
    case.number("accuracy", report.accuracy);
    let end = match report.end {
        End::Done => "done",
        End::Stopped => "stopped",
        End::Diverged { .. } => "diverged",
    };
    case.text("end", end);
    case.list("epochs_told", &epochs);
    case.count("steps", report.record.losses.len());
    note(case, &net);
}

fn train(probe: &mut Probe) {
    let says = "8 examples in batches of 3, 5 for validation, 6 epochs, keep ratio 0.8";
    probe.case("six", says, |case| note_training(case, &plan(6, 1), 0));
    let says = "the same, 3 epochs, beginning with epoch 4";
    probe.case("later", says, |case| note_training(case, &plan(3, 4), 0));
    let says = "the same, the watch says stop in the middle of epoch 2";
    probe.case("stopped", says, |case| note_training(case, &plan(6, 1), 6));
    let says = "the same, the watch says stop at the end of epoch 2";
    probe.case("at_end", says, |case| note_training(case, &plan(6, 1), 8));
}
