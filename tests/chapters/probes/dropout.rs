use crate::support::random;
use crate::teach::probe::{Case, Probe, Probes};
use fully_connected::dropout;
use ndarray::{Array2, array};

pub const PROBES: Probes = &[
    ("dropout::mask", mask),
    ("dropout::forward", forward),
    ("dropout::backward", backward),
];

fn mask(probe: &mut Probe) {
    fn note(case: &mut Case, shape: (usize, usize), keep: f64, uniforms: &[f64]) {
        let mut uniforms = uniforms.iter().copied();
        let mask: Array2<f64> = dropout::mask(shape, keep, &mut uniforms);
        case.array("mask", &mask);
        case.count("left", uniforms.len());
    }
    let inputs =
        "shape (2, 3), keep 0.25, uniforms 0.1, 0.9, 0.2, 0.3, 0.8, 0.6, 0.05, …";
    probe.case("worked", inputs, |case| {
        let uniforms = [0.1, 0.9, 0.2, 0.3, 0.8, 0.6, 0.05, 0.7, 0.4];
        note(case, (2, 3), 0.25, &uniforms);
    });
    probe.case("plain", "shape (5, 3), keep 0.8", |case| {
        let uniforms: Vec<f64> = (0..20)
            .map(|i| (f64::from(7 * i % 20) + 0.5) / 20.)
            .collect();
        note(case, (5, 3), 0.8, &uniforms);
    });
    let inputs = "shape (1, 4), keep 0.5, uniforms 0.5, 0.49, 0, 0.75";
    probe.case("edge", inputs, |case| {
        note(case, (1, 4), 0.5, &[0.5, 0.49, 0., 0.75]);
    });
    let inputs = "shape (1, 3), keep 1, uniforms 0, 0.5, 0.999";
    probe.case("all", inputs, |case| {
        note(case, (1, 3), 1., &[0., 0.5, 0.999]);
    });
}

/// A mask with the factor 4, and one with factors of every kind.
fn masks() -> (Array2<f64>, Array2<f64>) {
    let plain = random((5, 3), 71).mapv(|m| if m < 0. { 0. } else { 1.25 });
    (array![[4., 0., 4.], [0., 0., 4.]], plain)
}

fn forward(probe: &mut Probe) {
    let (worked, plain) = masks();
    let inputs = "x [[1, 2, 3], [4, -5, -6]], mask [[4, 0, 4], [0, 0, 4]]";
    probe.case("worked", inputs, |case| {
        let x = array![[1., 2., 3.], [4., -5., -6.]];
        let (out, cache) = dropout::forward(&x, worked.clone());
        case.array("out", &out);
        case.array("cached", &cache.mask());
    });
    probe.case("plain", "x (5, 3), mask (5, 3) of 0 and 1.25", |case| {
        let (out, cache) = dropout::forward(&random((5, 3), 72), plain.clone());
        case.array("out", &out);
        case.array("cached", &cache.mask());
    });
    probe.case("nan", "x [[NaN, 1]], mask [[2, 2]]", |case| {
        let (out, _) = dropout::forward(&array![[f64::NAN, 1.]], array![[2., 2.]]);
        case.array("out", &out);
    });
}

fn backward(probe: &mut Probe) {
    let (worked, plain) = masks();
    let inputs = "x [[1, 2, 3], [4, -5, -6]], mask [[4, 0, 4], [0, 0, 4]], \
                  dout [[10, 20, -30], [40, 50, 60]]";
    probe.case("worked", inputs, |case| {
        let x = array![[1., 2., 3.], [4., -5., -6.]];
        let (_, cache) = dropout::forward(&x, worked.clone());
        let dout = array![[10., 20., -30.], [40., 50., 60.]];
        case.array("dx", &dropout::backward(&dout, cache));
    });
    let inputs = "x (5, 3), mask (5, 3) of 0 and 1.25, dout (5, 3)";
    probe.case("plain", inputs, |case| {
        let (_, cache) = dropout::forward(&random((5, 3), 72), plain.clone());
        case.array("dx", &dropout::backward(&random((5, 3), 73), cache));
    });
    probe.case("nan", "mask [[2, 2]], dout [[NaN, 1]]", |case| {
        let (_, cache) = dropout::forward(&array![[1., 1.]], array![[2., 2.]]);
        case.array("dx", &dropout::backward(&array![[f64::NAN, 1.]], cache));
    });
}
