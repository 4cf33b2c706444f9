use crate::support::random;
use crate::teach::probe::{Case, Probe, Probes};
use fully_connected::softmax;
use ndarray::{Array2, array};

pub const PROBES: Probes = &[("softmax::loss", loss)];

fn loss(probe: &mut Probe) {
    fn note(case: &mut Case, scores: &Array2<f64>, y: &[usize]) {
        match softmax::loss(scores, y) {
            Ok((loss, dscores)) => {
                case.number("loss", loss);
                case.array("dscores", &dscores);
            }
            Err(error) => case.text("error", error),
        }
    }
    probe.case("plain", "scores (5, 8), y [2, 0, 2, 7, 2]", |case| {
        note(case, &(random((5, 8), 41) * 2.0), &[2, 0, 2, 7, 2]);
    });
    let equal = "scores (5, 10), all 7, y [3, 3, 3, 3, 3]";
    probe.case("equal", equal, |case| {
        note(case, &Array2::from_elem((5, 10), 7.0), &[3; 5]);
    });
    let large = "scores [[1000, 1001], [1002, 1000]], y [0, 0]";
    probe.case("large", large, |case| {
        note(case, &array![[1000., 1001.], [1002., 1000.]], &[0, 0]);
    });
    let low = "scores [[-1000, -1001], [-1002, -1000]], y [0, 0]";
    probe.case("low", low, |case| {
        note(case, &array![[-1000., -1001.], [-1002., -1000.]], &[0, 0]);
    });
    let far = "scores [[0, 800]], y [0]";
    probe.case("unlikely", far, |case| {
        note(case, &array![[0., 800.]], &[0])
    });
    probe.case("likely", "scores [[800, 0]], y [0]", |case| {
        note(case, &array![[800., 0.]], &[0])
    });
    let uneven = "scores [[0, 1], [2001, 2000], [1, 0]], y [0, 0, 0]";
    probe.case("uneven", uneven, |case| {
        let scores = array![[0., 1.], [2001., 2000.], [1., 0.]];
        note(case, &scores, &[0, 0, 0]);
    });
    probe.case("nan", "scores [[0, NaN], [0, 1]], y [0, 0]", |case| {
        note(case, &array![[0., f64::NAN], [0., 1.]], &[0, 0]);
    });
}
