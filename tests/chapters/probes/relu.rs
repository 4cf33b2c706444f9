use crate::support::random;
use crate::teach::probe::{Probe, Probes};
use fully_connected::relu;
use ndarray::array;

pub const PROBES: Probes = &[("relu::forward", forward), ("relu::backward", backward)];

fn forward(probe: &mut Probe) {
    probe.case("signs", "x [-2, -0.5, 0.25, 3, 8, -4]", |case| {
        let (out, _) = relu::forward(array![-2., -0.5, 0.25, 3., 8., -4.]);
        case.array("out", &out);
    });
    probe.case("plain", "x (5, 3, 2)", |case| {
        case.array("out", &relu::forward(random((5, 3, 2), 31)).0);
    });
    probe.case("huge", "x [-1.5e308, 1.5e308]", |case| {
        case.array("out", &relu::forward(array![-1.5e308, 1.5e308]).0);
    });
    probe.case("nan", "x [NaN, -1, 1]", |case| {
        case.array("out", &relu::forward(array![f64::NAN, -1., 1.]).0);
    });
    probe.case("infinite", "x [inf, -inf]", |case| {
        let x = array![f64::INFINITY, f64::NEG_INFINITY];
        case.array("out", &relu::forward(x).0);
    });
}

fn backward(probe: &mut Probe) {
    let signs = "x [-1, 2, -3, 4], dout [10, -20, -30, 40]";
    probe.case("signs", signs, |case| {
        let (_, cache) = relu::forward(array![-1., 2., -3., 4.]);
        let dout = array![10., -20., -30., 40.];
        case.array("dx", &relu::backward(&dout, cache));
    });
    probe.case("plain", "x (5, 3, 2), dout (5, 3, 2)", |case| {
        let (_, cache) = relu::forward(random((5, 3, 2), 31));
        let dx = relu::backward(&random((5, 3, 2), 32), cache);
        case.array("dx", &dx);
    });
    probe.case("zero", "x [0, 1], dout [5, 7]", |case| {
        let (_, cache) = relu::forward(array![0., 1.]);
        case.array("dx", &relu::backward(&array![5., 7.], cache));
    });
    probe.case("nan", "x [-1, 1], dout [NaN, NaN]", |case| {
        let (_, cache) = relu::forward(array![-1., 1.]);
        let dx = relu::backward(&array![f64::NAN, f64::NAN], cache);
        case.array("dx", &dx);
    });
}
