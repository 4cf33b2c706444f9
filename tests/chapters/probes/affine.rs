use crate::support::random;
use crate::teach::probe::{Case, Probe, Probes};
use fully_connected::affine;
use ndarray::{Array1, Array2, Array3, array};

pub const PROBES: Probes =
    &[("affine::forward", forward), ("affine::backward", backward)];

fn inputs() -> (Array3<f64>, Array2<f64>, Array1<f64>) {
    (random((5, 7, 2), 11), random((14, 9), 12), random(9, 13))
}

fn square() -> (Array3<f64>, Array2<f64>, Array1<f64>) {
    (random((4, 2, 2), 14), random((4, 4), 15), random(4, 16))
}

fn forward(probe: &mut Probe) {
    probe.case("plain", "x (5, 7, 2), w (14, 9), b (9,)", |case| {
        let (x, w, b) = inputs();
        case.array("out", &affine::forward(&x, &w, &b).0);
    });
    probe.case("square", "x (4, 2, 2), w (4, 4), b (4,)", |case| {
        let (x, w, b) = square();
        case.array("out", &affine::forward(&x, &w, &b).0);
    });
    probe.case(
        "cache",
        "x [[1, 2], [3, 4], [5, 6]], w (2, 1), b (1,)",
        |case| {
            let x = array![[1., 2.], [3., 4.], [5., 6.]];
            let (_, cache) = affine::forward(&x, &array![[7.], [8.]], &array![9.]);
            case.array("cache", &cache.x());
        },
    );
    probe.case("nan", "x [[NaN, 1], [1, 1]], w [[1], [1]], b [0]", |case| {
        let x = array![[f64::NAN, 1.], [1., 1.]];
        let (out, _) = affine::forward(x, &array![[1.], [1.]], &array![0.]);
        case.array("out", &out);
    });
}

fn backward(probe: &mut Probe) {
    fn note(
        case: &mut Case,
        (x, w, b): (Array3<f64>, Array2<f64>, Array1<f64>),
        dout: &Array2<f64>,
    ) {
        let (_, cache) = affine::forward(&x, &w, &b);
        let (dw, db) = affine::param_grads(dout, cache.clone());
        case.array("db", &db);
        case.array("dw", &dw);
        case.array("dx", &affine::backward(dout, cache, &w).dx);
    }
    let plain = "x (5, 7, 2), w (14, 9), b (9,), dout (5, 9)";
    probe.case("plain", plain, |case| {
        note(case, inputs(), &random((5, 9), 17));
    });
    let square_inputs = "x (4, 2, 2), w (4, 4), b (4,), dout (4, 4)";
    probe.case("square", square_inputs, |case| {
        note(case, square(), &random((4, 4), 18));
    });
    let column = "x (5, 7, 2), w (14, 1), b (1,), dout (5, 1)";
    probe.case("column", column, |case| {
        let inputs = (random((5, 7, 2), 19), random((14, 1), 20), random(1, 21));
        note(case, inputs, &random((5, 1), 22));
    });
}
