use crate::support::random;
use crate::teach::probe::{Case, Probe, Probes};
use fully_connected::layer_norm;
use ndarray::{Array1, Array2, array};

pub const PROBES: Probes = &[
    ("layer_norm::forward", forward),
    ("layer_norm::backward", backward),
];

/// The chapter's example to work by hand.
fn worked() -> (Array2<f64>, Array1<f64>, Array1<f64>) {
    let x = array![[1., 5., 1., 5.], [3., 9., 9., 3.]];
    (x, array![1., 2., 1., 3.], array![0., 0., 10., 0.])
}

fn plain() -> (Array2<f64>, Array1<f64>, Array1<f64>) {
    (random((5, 9), 61) * 2., random(9, 62), random(9, 63))
}

fn forward(probe: &mut Probe) {
    type Inputs = (Array2<f64>, Array1<f64>, Array1<f64>);
    fn note(case: &mut Case, (x, gamma, beta): Inputs) {
        let (out, cache) = layer_norm::forward(&x, &gamma, &beta);
        case.array("out", &out);
        case.array("std", &cache.std());
        case.array("normalized", &cache.normalized());
    }
    let inputs =
        "x [[1, 5, 1, 5], [3, 9, 9, 3]], gamma [1, 2, 1, 3], beta [0, 0, 10, 0]";
    probe.case("worked", inputs, |case| note(case, worked()));
    let inputs = "x (5, 9), gamma (9,), beta (9,)";
    probe.case("plain", inputs, |case| note(case, plain()));
    let inputs = "x (4, 4), gamma (4,), beta (4,)";
    probe.case("square", inputs, |case| {
        note(case, (random((4, 4), 64), random(4, 65), random(4, 66)));
    });
    let inputs = "x [[0.003, -0.003]], gamma [1, 1], beta [0, 0]";
    probe.case("small", inputs, |case| {
        note(
            case,
            (array![[0.003, -0.003]], array![1., 1.], array![0., 0.]),
        );
    });
    let inputs = "x [[4, 4, 4]], gamma [1, 1, 1], beta [1, 2, 3]";
    probe.case("equal", inputs, |case| {
        let (gamma, beta) = (array![1., 1., 1.], array![1., 2., 3.]);
        note(case, (array![[4., 4., 4.]], gamma, beta));
    });
}

fn backward(probe: &mut Probe) {
    type Inputs = (Array2<f64>, Array1<f64>, Array1<f64>);
    fn note(case: &mut Case, (x, gamma, beta): Inputs, dout: &Array2<f64>) {
        let (_, cache) = layer_norm::forward(&x, &gamma, &beta);
        let grads = layer_norm::backward(dout, cache, &gamma);
        case.array("dbeta", &grads.dbeta);
        case.array("dgamma", &grads.dgamma);
        case.array("dx", &grads.dx);
    }
    let inputs = "x [[1, 5, 1, 5], [3, 9, 9, 3]], gamma [1, 2, 1, 3], \
                  dout [[4, 0, 0, 4], [12, 0, 0, 0]]";
    probe.case("worked", inputs, |case| {
        note(case, worked(), &array![[4., 0., 0., 4.], [12., 0., 0., 0.]]);
    });
    let inputs = "x (5, 9), gamma (9,), dout (5, 9)";
    probe.case("plain", inputs, |case| {
        note(case, plain(), &random((5, 9), 67));
    });
    let inputs = "x (4, 4), gamma (4,), dout (4, 4)";
    probe.case("square", inputs, |case| {
        let inputs = (random((4, 4), 64), random(4, 65), random(4, 66));
        note(case, inputs, &random((4, 4), 68));
    });
    let inputs = "x [[3], [7], [0]], gamma [5], dout [[1], [10], [100]]";
    probe.case("single", inputs, |case| {
        let inputs = (array![[3.], [7.], [0.]], array![5.], array![2.]);
        note(case, inputs, &array![[1.], [10.], [100.]]);
    });
}
