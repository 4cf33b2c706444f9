use crate::support::random;
use crate::teach::probe::{Case, Probe, Probes};
use fully_connected::Moments;
use fully_connected::batch_norm::{self, Grads};
use ndarray::{Array1, Array2, array};

pub const PROBES: Probes = &[
    ("batch_norm::moments", moments),
    ("batch_norm::forward", forward),
    ("batch_norm::remember", remember),
    ("batch_norm::test_forward", test_forward),
    ("batch_norm::backward", backward),
    ("batch_norm::backward_short", backward_short),
];

/// Five examples of three units of different sizes and places, whose second varies little.
fn batch() -> Array2<f64> {
    random((5, 3), 31) * array![2., 0.004, 30.] + array![1., 0.5, -20.]
}

const BATCH: &str = "x (5, 3), gamma (3,), beta (3,)";

fn gamma() -> Array1<f64> {
    array![2., -0.5, 3.]
}

fn beta() -> Array1<f64> {
    array![0.25, 4., -7.]
}

/// Whole moments: means 3 and 10, variances 4 and 36.
fn small() -> Array2<f64> {
    array![[1., 4.], [5., 16.], [1., 4.], [5., 16.]]
}

fn note(case: &mut Case, moments: &Moments<f64>) {
    case.array("mean", &moments.mean);
    case.array("var", &moments.var);
}

fn moments(probe: &mut Probe) {
    probe.case("small", "x [[1, 4], [5, 16], [1, 4], [5, 16]]", |case| {
        note(case, &batch_norm::moments(&small()));
    });
    probe.case("plain", "x (5, 3)", |case| {
        note(case, &batch_norm::moments(&batch()));
    });
    probe.case("one", "x [[3, -2]]", |case| {
        note(case, &batch_norm::moments(&array![[3., -2.]]));
    });
}

fn forward(probe: &mut Probe) {
    let says = "x [[1, 4], [5, 16], [1, 4], [5, 16]], gamma [10, 100], beta [1, 2]";
    probe.case("small", says, |case| {
        let (gamma, beta) = (array![10., 100.], array![1., 2.]);
        let (out, cache, _) = batch_norm::forward(&small(), &gamma, &beta);
        case.array("out", &out);
        case.array("std", &cache.std());
        case.array("normalized", &cache.normalized());
    });
    probe.case("plain", BATCH, |case| {
        let (out, cache, moments) = batch_norm::forward(&batch(), &gamma(), &beta());
        case.array("out", &out);
        case.array("std", &cache.std());
        case.array("normalized", &cache.normalized());
        note(case, &moments);
    });
    probe.case("constant", "x [[3], [3]], gamma [1], beta [5]", |case| {
        let (out, _, _) =
            batch_norm::forward(&array![[3.], [3.]], &array![1.], &array![5.]);
        case.array("out", &out);
    });
}

fn remember(probe: &mut Probe) {
    let says = "running mean [10], var [20], batch mean [30], var [60]";
    probe.case("small", says, |case| {
        let (mean, var) = (array![10.], array![20.]);
        let mut running = Moments { mean, var };
        let (mean, var) = (array![30.], array![60.]);
        batch_norm::remember(&mut running, &Moments { mean, var });
        note(case, &running);
    });
    probe.case("plain", "running averages and moments of 3 units", |case| {
        let mut running = Moments {
            mean: random(3, 41),
            var: random(3, 42).mapv(|x| x * x),
        };
        let batch = Moments {
            mean: random(3, 43),
            var: random(3, 44).mapv(|x| x * x),
        };
        batch_norm::remember(&mut running, &batch);
        note(case, &running);
    });
}

fn test_forward(probe: &mut Probe) {
    let says = "x [[1, 4], [5, 16], [1, 4], [5, 16]], gamma [10, 100], beta [1, 2], running \
                mean [1, 2], var [16, 1]";
    probe.case("small", says, |case| {
        let (mean, var) = (array![1., 2.], array![16., 1.]);
        let running = Moments { mean, var };
        let (gamma, beta) = (array![10., 100.], array![1., 2.]);
        let out = batch_norm::test_forward(&small(), &gamma, &beta, &running);
        case.array("out", &out);
    });
    let says = "x (5, 3), gamma (3,), beta (3,), running mean (3,), var [4, 2e-5, 900]";
    probe.case("plain", says, |case| {
        let running = Moments {
            mean: array![1.5, 0.502, -10.],
            var: array![4., 2e-5, 900.],
        };
        let out = batch_norm::test_forward(&batch(), &gamma(), &beta(), &running);
        case.array("out", &out);
    });
}

fn note_grads(case: &mut Case, Grads { dx, dgamma, dbeta }: &Grads<f64>) {
    case.array("dbeta", dbeta);
    case.array("dgamma", dgamma);
    case.array("dx", dx);
}

type Backward = fn(
    &ndarray::ArrayRef2<f64>,
    batch_norm::Cache<f64>,
    &ndarray::ArrayRef1<f64>,
) -> Grads<f64>;

fn both_backwards(probe: &mut Probe, backward: Backward) {
    let says = "x [[1, 4], [5, 16], [1, 4], [5, 16]], gamma [10, 100], dout [[8, 0], [0, 4], \
                [0, 0], [0, 0]]";
    probe.case("small", says, |case| {
        let gamma = array![10., 100.];
        let (_, cache, _) = batch_norm::forward(&small(), &gamma, &array![1., 2.]);
        let dout = array![[8., 0.], [0., 4.], [0., 0.], [0., 0.]];
        note_grads(case, &backward(&dout, cache, &gamma));
    });
    probe.case("plain", "x (5, 3), gamma (3,), dout (5, 3)", |case| {
        let (_, cache, _) = batch_norm::forward(&batch(), &gamma(), &beta());
        note_grads(case, &backward(&random((5, 3), 32), cache, &gamma()));
    });
}

fn backward(probe: &mut Probe) {
    both_backwards(probe, batch_norm::backward);
}

fn backward_short(probe: &mut Probe) {
    both_backwards(probe, batch_norm::backward_short);
}
