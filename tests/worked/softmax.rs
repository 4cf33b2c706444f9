//! The worked example of chapter `softmax`, whole and with each step left out.

use fully_connected::softmax;
use ndarray::{Array2, Axis, array};

const RIGHT: [usize; 2] = [1, 0];

fn scores() -> Array2<f64> {
    let ln = f64::ln;
    array![[0., ln(2.), ln(5.)], [ln(3.), 0., 0.]]
}

fn dscores() -> Array2<f64> {
    array![
        [1. / 16., -3. / 8., 5. / 16.],
        [-1. / 5., 1. / 10., 1. / 10.]
    ]
}

fn near(a: &Array2<f64>, b: &Array2<f64>) -> bool {
    a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-12)
}

/// The steps of the gradient that can be left out.
struct Steps {
    exponential: bool,
    sum: bool,
    less_one: bool,
    mean: bool,
}

const ALL: Steps = Steps {
    exponential: true,
    sum: true,
    less_one: true,
    mean: true,
};

/// The gradient by the chapter's formula, step by step.
fn by_hand(steps: &Steps) -> Array2<f64> {
    let mut p = scores();
    if steps.exponential {
        p.mapv_inplace(f64::exp);
    }
    if steps.sum {
        let sums = p.sum_axis(Axis(1)).insert_axis(Axis(1));
        p /= &sums;
    }
    if steps.less_one {
        for (i, y) in RIGHT.into_iter().enumerate() {
            p[[i, y]] -= 1.0;
        }
    }
    if steps.mean { p / 2.0 } else { p }
}

#[test]
fn two_examples() {
    let (loss, gradient) = softmax::loss(&scores(), &RIGHT).unwrap();
    assert!((loss - (f64::ln(4.) + f64::ln(5. / 3.)) / 2.).abs() < 1e-12);
    assert_eq!(format!("{loss:.3}"), "0.949");
    assert_eq!(format!("{:.3}", f64::ln(4.)), "1.386");
    assert_eq!(format!("{:.3}", f64::ln(5. / 3.)), "0.511");
    assert!(near(&gradient, &dscores()));
    assert!(
        gradient
            .sum_axis(Axis(1))
            .iter()
            .all(|sum| sum.abs() < 1e-12)
    );

    // The other labels, a sum for the mean, the logarithm of the wrong base.
    let (other, _) = softmax::loss(&scores(), &[1, 1]).unwrap();
    assert_ne!(format!("{other:.3}"), "0.949");
    assert_ne!(format!("{:.3}", 2. * loss), "0.949");
    assert_ne!(format!("{:.3}", loss / f64::ln(10.)), "0.949");
}

#[test]
fn each_step_of_the_gradient_is_needed() {
    assert!(near(&by_hand(&ALL), &dscores()));
    for (name, steps) in [
        (
            "the exponential",
            Steps {
                exponential: false,
                ..ALL
            },
        ),
        ("the sum", Steps { sum: false, ..ALL }),
        (
            "the −1",
            Steps {
                less_one: false,
                ..ALL
            },
        ),
        ("the 1/N", Steps { mean: false, ..ALL }),
    ] {
        assert!(!near(&by_hand(&steps), &dscores()), "without {name}");
    }
}

/// Adding 1000 changes nothing, and the formula without the shift gives NaN.
#[test]
fn the_shift_is_needed() {
    let far = scores() + 1000.0;
    let (loss, gradient) = softmax::loss(&far, &RIGHT).unwrap();
    assert_eq!(format!("{loss:.3}"), "0.949");
    let difference = gradient - dscores();
    assert!(difference.iter().all(|d| d.abs() < 1e-12));

    let exponentials = far.mapv(f64::exp);
    let unshifted = exponentials[[0, 1]] / exponentials.row(0).sum();
    assert!(unshifted.is_nan());
}

/// The table of how far each form goes: by how much another class is ahead of the right
/// one, its exponential, the right probability, its logarithm, and the loss.
#[test]
fn the_table_of_forms() {
    let printed = |x: f64, digits: usize| match x {
        x if x.is_infinite() => "inf".to_owned(),
        0.0 => "0".to_owned(),
        x => format!("{x:.digits$e}"),
    };
    let expected = [
        (10., "2.20e4", "4.54e-5", "10.0"),
        (100., "2.69e43", "3.72e-44", "100.0"),
        (709., "8.2e307", "1.2e-308", "709.0"),
        (710., "inf", "4.5e-309", "710.0"),
        (745., "inf", "5e-324", "744.4"),
        (746., "inf", "0", "inf"),
    ];
    let chapter = include_str!("../../src/softmax.rs");
    for (ahead, exponential, probability, log) in expected {
        let scores = array![[0.0, ahead]];
        let p = 1.0 / (f64::exp(-ahead) + 1.0) * f64::exp(-ahead);
        let digits = |text: &str| text.find('e').unwrap_or(0).saturating_sub(2);
        assert_eq!(printed(f64::exp(ahead), digits(exponential)), exponential);
        assert_eq!(printed(p, digits(probability)), probability, "{ahead}");
        assert_eq!(format!("{:.1}", -p.ln()), log, "{ahead}");
        let (loss, _) = softmax::loss(&scores, &[0]).unwrap();
        assert!((loss - ahead).abs() < 1e-4, "{ahead}: {loss}");
        let row = format!("{ahead} {exponential} {probability} {log} {loss:.1}");
        let found = chapter.lines().any(|line| {
            let words: Vec<_> = line.split_whitespace().skip(1).collect();
            words.join(" ") == row
        });
        assert!(found, "the chapter has no line `{row}`");
    }
}

/// Two exact limits more of the text.
#[test]
fn where_exponentials_and_losses_end() {
    assert!(f64::exp(709.).is_finite() && f64::exp(710.).is_infinite());
    assert!(f32::exp(88.).is_finite() && f32::exp(89.).is_infinite());
    assert!(f64::exp(-745.) > 0. && f64::exp(-746.) == 0.);
    assert!(f32::exp(-103.) > 0. && f32::exp(-104.) == 0.);
    assert!(1. + f64::exp(-36.) > 1. && 1. + f64::exp(-37.) == 1.);
    assert!(1. + f32::exp(-16.) > 1. && 1. + f32::exp(-17.) == 1.);
    let surprise = |p: f64| format!("{:.1}", -p.ln());
    assert_eq!([0.1, 0.001].map(surprise), ["2.3", "6.9"]);
    let doubled = softmax::loss(&(scores() * 2.0), &RIGHT).unwrap().1;
    let p = (doubled.row(0).to_owned() * 2.0) + array![0., 1., 0.];
    let expected = array![1. / 30., 4. / 30., 25. / 30.];
    assert!((p - expected).iter().all(|d| d.abs() < 1e-12));
}

/// A mean of 100,000 losses of ln 10, added one by one in `f32`.
#[test]
fn a_growing_sum_in_single_precision() {
    let loss = f64::ln(10.0) as f32;
    let sum = (0..100_000).fold(0.0_f32, |sum, _| sum + loss);
    assert_eq!(format!("{:.4}", sum / 1e5), "2.3005");
}

/// At a probability of 1/1000, what the right score is pulled with by −ln p and by 1 − p.
#[test]
fn the_pull_on_a_score_that_is_certainly_wrong() {
    let p: f64 = 0.001;
    let (_, pull) = softmax::loss(&array![[p.ln(), (1. - p).ln()]], &[0]).unwrap();
    assert!((pull[[0, 0]] + 0.999).abs() < 1e-12);
    let loss = |s: f64| 1. - s.exp() / (s.exp() + (1. - p));
    let slope = (loss(p.ln() + 1e-5) - loss(p.ln() - 1e-5)) / 2e-5;
    assert!((slope + 0.000999).abs() < 1e-9, "{slope}");
}
