use crate::support::{labels, random, random_net};
use crate::teach::probe::{Case, Probe, Probes};
use fully_connected::overfit::{self, History, Training};
use fully_connected::{Error, FullyConnectedNet, Options};
use ndarray::{Array2, array};

pub const PROBES: Probes = &[
    ("overfit::sgd_step", sgd_step),
    ("overfit::accuracy", accuracy),
    ("overfit::train", train),
];

fn note_parameters(case: &mut Case, net: &FullyConnectedNet<f64>) {
    for (name, parameter) in net.parameters().iter() {
        case.array(&name, &parameter);
    }
}

fn sgd_step(probe: &mut Probe) {
    let says = "a 5-4-7-3 network, random gradients, learning rate 0.3";
    probe.case("plain", says, |case| {
        let mut net = random_net(Options::new(5, &[4, 7], 3), 50);
        let grads = random_net(Options::new(5, &[4, 7], 3), 51);
        overfit::sgd_step(net.parameters_mut(), grads.parameters(), 0.3);
        note_parameters(case, &net);
    });
}

fn accuracy(probe: &mut Probe) {
    let says = "5 rows, 3 classes, 3 of the labels at the largest score of their row";
    probe.case("plain", says, |case| {
        let scores = array![
            [3., 5., -1.],
            [9., 0., 2.],
            [-3., -2., 1.],
            [0.5, 0.2, 0.1],
            [7., 8., 9.]
        ];
        let share = overfit::accuracy(&scores, &[1, 0, 2, 1, 0]).unwrap();
        case.number("accuracy", share);
    });
    probe.case("negative", "5 rows of negative scores, 2 right", |case| {
        let scores = array![
            [-3., -2., -1.],
            [-3., -1., -5.],
            [-5., -6., -4.],
            [-9., -8., -7.],
            [-1., -4., -2.]
        ];
        let share = overfit::accuracy(&scores, &[2, 1, 0, 1, 2]).unwrap();
        case.number("accuracy", share);
    });
    let says = "[[1, 1, 0], [2, 3, 3], [5, 5, 5], [0, 0, 1]], y [0, 1, 2, 2]";
    probe.case("ties", says, |case| {
        let scores = array![[1., 1., 0.], [2., 3., 3.], [5., 5., 5.], [0., 0., 1.]];
        let share = overfit::accuracy(&scores, &[0, 1, 2, 2]).unwrap();
        case.number("accuracy", share);
    });
    // Which class is predicted, row by row: a share of many rows says little.
    let says = "each row of [[3, 5, -1], [-3, -2, 1], [-3, -1, -5], [1, 1, 0], [2, 3, 3], \
                [5, 5, 5]] alone, with y 0, then 1, then 2";
    probe.case("alone", says, |case| {
        let rows = [
            [3., 5., -1.],
            [-3., -2., 1.],
            [-3., -1., -5.],
            [1., 1., 0.],
            [2., 3., 3.],
            [5., 5., 5.],
        ];
        let share = |row: &[f64; 3], label| {
            overfit::accuracy(&array![*row], &[label]).unwrap_or(f64::NAN)
        };
        let shares = rows
            .iter()
            .flat_map(|row| [0, 1, 2].map(|label| share(row, label)));
        case.list("accuracies", &shares.collect::<Vec<_>>());
    });
    probe.case("many", "scores (23, 7)", |case| {
        let share = overfit::accuracy(&random((23, 7), 49), &labels(23, 7)).unwrap();
        case.number("accuracy", share);
    });
}

/// Notes what training returned, and what `after_epoch` was shown.
fn note_training(
    case: &mut Case,
    net: &mut FullyConnectedNet<f64>,
    (x, y): (&Array2<f64>, &[usize]),
    training: &Training,
) -> Result<History, Error> {
    let mut seen = Vec::new();
    let after_epoch = |history: &History| {
        let entries = [history.losses.len(), history.accuracies.len()];
        seen.extend(entries.map(|n| n as f64));
    };
    let result = overfit::train(net, x, y, training, after_epoch);
    match &result {
        Ok(history) => {
            case.list("losses", &history.losses);
            case.list("accuracies", &history.accuracies);
        }
        Err(error) => {
            let says = error.to_string();
            case.text("error", says.split(':').next().unwrap_or(""));
        }
    }
    case.list("after_epoch", &seen);
    result
}

/// The learning rate of each step, from losses that are all penalty, at reg 1: a step
/// multiplies a weight by 1 − rate, and its square by the square of that. What the weight
/// is multiplied by in all, `shrunk`, must say the same, or the losses are not those of
/// the steps.
fn rates(losses: &[f64], shrunk: f64, steps: usize) -> String {
    if (shrunk - 0.9_f64.powi(6)).abs() < 1e-9 {
        return "0.1 at every step".to_owned();
    }
    let rates = losses
        .windows(2)
        .map(|pair| 1.0 - (pair[1] / pair[0]).sqrt());
    let rates: Vec<f64> = rates.collect();
    let same = |rates: &[f64]| rates.windows(2).all(|p| (p[0] - p[1]).abs() < 1e-9);
    // The last step's, from what the weight has become.
    let in_all = losses.last().zip(losses.first());
    let left = in_all.map_or(f64::NAN, |(last, first)| (last / first).sqrt());
    let last = 1.0 - shrunk / left;
    let before = rates.last().copied().unwrap_or(f64::NAN);
    if !(0.0 < last && last < 2.0 * before) {
        return "unknown: the losses are not those of the steps".to_owned();
    }
    match rates.first() {
        None => "unknown".to_owned(),
        Some(first) if same(&rates) => {
            format!("{} at every step", (first * 1e6).round() / 1e6)
        }
        _ if rates.chunks(steps).all(same) => "changes from epoch to epoch".to_owned(),
        _ => "changes from step to step".to_owned(),
    }
}

fn train(probe: &mut Probe) {
    let says = "a 7-9-2 network with reg 0.1, x (17, 7), 4 epochs of 3 steps with batches of 5, \
         rate 0.5";
    probe.case("plain", says, |case| {
        let options = Options {
            reg: 0.1,
            ..Options::new(7, &[9], 2)
        };
        let mut net = random_net(options, 52);
        let (x, y) = (random((17, 7), 53), labels(17, 2));
        let training = Training {
            epochs: 4,
            batch: 5,
            learning_rate: 0.5,
            seed: 54,
        };
        let _ = note_training(case, &mut net, (&x, &y), &training);
        note_parameters(case, &net);
    });
    let says = "a network that knows its 2 examples already, 3 epochs of 1 step";
    probe.case("known", says, |case| {
        let mut net = random_net(Options::new(2, &[], 2), 55);
        let w = array![[4., 0.], [0., 4.]];
        net.parameters_mut().set("W1", &w).unwrap();
        net.parameters_mut().set("b1", &array![0., 0.]).unwrap();
        let training = Training {
            epochs: 3,
            batch: 2,
            learning_rate: 0.1,
            seed: 56,
        };
        let x = Array2::eye(2);
        let _ = note_training(case, &mut net, (&x, &[0, 1]), &training);
    });
    let says = "a 1-1 network with reg 1, 3 epochs of 2 steps, learning rate 0.1";
    probe.case("rates", says, |case| {
        let options = Options {
            reg: 1.0,
            ..Options::new(1, &[], 1)
        };
        // With one class, the loss is the penalty alone.
        let mut net = random_net(options, 57);
        let weight =
            |net: &FullyConnectedNet<f64>| net.parameters().layers()[0].w[[0, 0]];
        let before = weight(&net);
        let training = Training {
            epochs: 3,
            batch: 2,
            learning_rate: 0.1,
            seed: 58,
        };
        let x = random((4, 1), 59);
        let history =
            overfit::train(&mut net, &x, &[0; 4], &training, |_: &History| ());
        let losses = history.map(|history| history.losses);
        case.text(
            "rate",
            rates(&losses.unwrap_or_default(), weight(&net) / before, 2),
        );
    });
    let says = "a 7-9-2 network, x (17, 7), 4 epochs of 3 steps, learning rate 1e300";
    probe.case("diverging", says, |case| {
        let mut net = random_net(Options::new(7, &[9], 2), 52);
        let (x, y) = (random((17, 7), 53), labels(17, 2));
        let training = Training {
            epochs: 4,
            batch: 5,
            learning_rate: 1e300,
            seed: 54,
        };
        let _ = note_training(case, &mut net, (&x, &y), &training);
    });
}
