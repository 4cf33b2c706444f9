use crate::support::random;
use crate::teach::probe::{Probe, Probes};
use fully_connected::optim::{self, Adam, RmsProp};
use ndarray::array;

pub const PROBES: Probes = &[
    ("optim::momentum", momentum),
    ("optim::rmsprop", rmsprop),
    ("optim::adam", adam),
];

fn momentum(probe: &mut Probe) {
    let small = "w [10, 1], dw [2, -4], v [-8, 4], rate 0.5, momentum 0.75";
    probe.case("small", small, |case| {
        let (mut w, mut v) = (array![10., 1.], array![-8., 4.]);
        optim::momentum(&mut w, &array![2., -4.], &mut v, 0.5, 0.75);
        case.array("v", &v);
        case.array("w", &w);
    });
    let plain = "w (5, 3), dw (5, 3), v (5, 3), rate 0.3, momentum 0.8";
    probe.case("plain", plain, |case| {
        let (mut w, mut v) = (random((5, 3), 31), random((5, 3), 33));
        optim::momentum(&mut w, &random((5, 3), 32), &mut v, 0.3, 0.8);
        case.array("v", &v);
        case.array("w", &w);
    });
}

fn rmsprop(probe: &mut Probe) {
    let usual = |decay, epsilon| RmsProp { decay, epsilon };
    let small =
        "w [10, 1], dw [2, -4], squares [20, 16], rate 0.5, decay 0.75, epsilon 1e-8";
    probe.case("small", small, |case| {
        let (mut w, mut squares) = (array![10., 1.], array![20., 16.]);
        let dw = array![2., -4.];
        optim::rmsprop(&mut w, &dw, &mut squares, 0.5, usual(0.75, 1e-8));
        case.array("squares", &squares);
        case.array("w", &w);
    });
    let plain =
        "w (5, 3), dw (5, 3), squares (5, 3), rate 0.3, decay 0.9, epsilon 0.05";
    probe.case("plain", plain, |case| {
        let mut w = random((5, 3), 31);
        let mut squares = random((5, 3), 33).mapv(|x| x * x);
        let dw = random((5, 3), 32);
        optim::rmsprop(&mut w, &dw, &mut squares, 0.3, usual(0.9, 0.05));
        case.array("squares", &squares);
        case.array("w", &w);
    });
    probe.case("zero", "w [3], dw [0], squares [0], rate 1", |case| {
        let (mut w, mut squares) = (array![3.], array![0.]);
        optim::rmsprop(&mut w, &array![0.], &mut squares, 1., RmsProp::default());
        case.array("w", &w);
    });
}

fn adam(probe: &mut Probe) {
    let first = "the first step: w [10, 1], dw [2, -4], m and v 0, t = 1, rate 0.5, beta1 0.5, \
                 beta2 0.9375, epsilon 1e-8";
    let rule = |beta1, beta2, epsilon| Adam {
        beta1,
        beta2,
        epsilon,
    };
    probe.case("first", first, |case| {
        let (mut w, mut m, mut v) = (array![10., 1.], array![0., 0.], array![0., 0.]);
        let rule = rule(0.5, 0.9375, 1e-8);
        optim::adam(&mut w, &array![2., -4.], &mut m, &mut v, 1, 0.5, rule);
        case.array("m", &m);
        case.array("v", &v);
        case.array("w", &w);
    });
    let plain =
        "w, dw, m, v (5, 3), t = 3, rate 0.3, beta1 0.8, beta2 0.95, epsilon 0.05";
    probe.case("plain", plain, |case| {
        let (mut w, mut m) = (random((5, 3), 31), random((5, 3), 33));
        let mut v = random((5, 3), 34).mapv(|x| x * x);
        let dw = random((5, 3), 32);
        optim::adam(&mut w, &dw, &mut m, &mut v, 3, 0.3, rule(0.8, 0.95, 0.05));
        case.array("m", &m);
        case.array("v", &v);
        case.array("w", &w);
    });
    probe.case("zero", "w [3], dw [0], m and v 0, t = 1, rate 1", |case| {
        let (mut w, mut m, mut v) = (array![3.], array![0.], array![0.]);
        optim::adam(&mut w, &array![0.], &mut m, &mut v, 1, 1., Adam::default());
        case.array("w", &w);
    });
}
