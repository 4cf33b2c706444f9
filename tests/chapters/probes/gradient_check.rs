use crate::teach::probe::{Case, Probe, Probes};
use fully_connected::gradient_check;
use ndarray::{Array1, Array2, array};

pub const PROBES: Probes = &[
    ("gradient_check::numeric_gradient", numeric_gradient),
    ("gradient_check::relative_error", relative_error),
];

/// How far a numeric gradient moves what it measures: the entries that differ at once, at
/// most, and how far they move.
fn note_moves(case: &mut Case, x: &Array2<f64>, h: f64, seen: &[Array2<f64>]) {
    let moves = |probe: &Array2<f64>| -> Vec<f64> {
        let moves = probe.iter().zip(x).map(|(p, x)| (p - x).abs());
        moves.filter(|&by| by > 0.0).collect()
    };
    let at_once = seen.iter().map(|probe| moves(probe).len());
    case.count("entries-moved-at-once", at_once.max().unwrap_or(0));
    let moved = seen.iter().flat_map(moves);
    let farthest = moved.fold(0.0, |most: f64, by| most.max(by));
    case.text(
        "moved-by",
        match farthest {
            _ if seen.is_empty() => "nothing: f is never called",
            0.0 => "nothing",
            by if by < 0.01 * h => "much less than h",
            by if by < 0.99 * h => "less than h",
            by if by < 1.01 * h => "h",
            _ => "more than h",
        },
    );
}

fn numeric_gradient(probe: &mut Probe) {
    // The central difference of a·x³ is a·(3x² + h²): a large h tells every formula apart.
    probe.case("cubes", "f = Σ a·x³, x (2, 3), h = 0.1", |case| {
        let x = array![[1., -2., 0.5], [0.7, 1.5, -0.3]];
        let a = array![[1., 0.5, -2.], [3., -1., 4.]];
        let mut seen = Vec::new();
        let f = |x: &Array2<f64>| {
            seen.push(x.clone());
            x.iter().zip(&a).map(|(x, a)| a * x * x * x).sum()
        };
        let grad = gradient_check::numeric_gradient(f, &x, 0.1);
        case.array("grad", &grad);
        note_moves(case, &x, 0.1, &seen);
    });
    // x + h − h is not x where x is small beside h.
    probe.case(
        "small",
        "f = Σ x, x [[1e-12, 1e-7 / 3, 2e-11]], h = 1e-5",
        |case| {
            let x = array![[1e-12, 1e-7 / 3.0, 2e-11]];
            let mut seen = Vec::new();
            let f = |x: &Array2<f64>| {
                seen.push(x.clone());
                x.sum()
            };
            gradient_check::numeric_gradient(f, &x, 1e-5);
            note_moves(case, &x, 1e-5, &seen);
        },
    );
}

fn relative_error(probe: &mut Probe) {
    let plain = "a [1, -2, 3, 0.5, 4, -1], b [1.1, -1.7, 4.5, 0.52, 3, -1.2]";
    probe.case("plain", plain, |case| {
        let a = array![[1., -2., 3.], [0.5, 4., -1.]];
        let b = array![[1.1, -1.7, 4.5], [0.52, 3., -1.2]];
        case.number("error", gradient_check::relative_error(&a, &b));
    });
    probe.case("signs", "a [3, 1], b [-1, 2]", |case| {
        case.number(
            "error",
            gradient_check::relative_error(&array![3., 1.], &array![-1., 2.]),
        );
    });
    probe.case("tiny", "a [1e-10], b [0]", |case| {
        case.number(
            "error",
            gradient_check::relative_error(&array![1e-10], &array![0.]),
        );
    });
    probe.case("zeros", "a [0, 5], b [0, 5]", |case| {
        case.number(
            "error",
            gradient_check::relative_error(&array![0., 5.], &array![0., 5.]),
        );
    });
    let b: Array1<f64> = array![1., 5., 4.];
    probe.case("nan-first", "a [NaN, 2, 3], b [1, 5, 4]", |case| {
        case.number(
            "error",
            gradient_check::relative_error(&array![f64::NAN, 2., 3.], &b),
        );
    });
    probe.case("nan-last", "a [1, 2, NaN], b [1, 5, 4]", |case| {
        case.number(
            "error",
            gradient_check::relative_error(&array![1., 2., f64::NAN], &b),
        );
    });
}
