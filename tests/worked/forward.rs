//! The worked example of chapter `forward`, whole and with each step left out.

use fully_connected::experiments::{Sanity, Subjects};
use fully_connected::{FullyConnectedNet, Options, regularization, softmax};
use ndarray::{Array1, Array2, array};

/// The network of the example.
struct Example {
    x: Array2<f64>,
    w1: Array2<f64>,
    b1: Array1<f64>,
    w2: Array2<f64>,
    b2: Array1<f64>,
}

fn example() -> Example {
    Example {
        x: array![[1., 2.], [-1., -1.]],
        w1: array![[1., -1.], [1., 1.]],
        b1: array![0., -2.],
        w2: array![[1., 2.], [5., 3.]],
        b2: array![0., -1.],
    }
}

fn relu(x: &Array2<f64>) -> Array2<f64> {
    x.mapv(|x| x.max(0.0))
}

/// The scores that the chapter prints.
fn scores() -> Array2<f64> {
    array![[3., 5.], [0., -1.]]
}

#[test]
fn the_numbers_are_those_of_the_chapter() {
    let Example { x, w1, b1, w2, b2 } = example();
    let sums = x.dot(&w1) + &b1;
    assert_eq!(sums, array![[3., -1.], [-2., -2.]]);
    let h = relu(&sums);
    assert_eq!(h, array![[3., 0.], [0., 0.]]);
    assert_eq!(h.dot(&w2) + &b2, scores());

    let mut net = FullyConnectedNet::<f64>::new(Options::new(2, &[2], 2)).unwrap();
    let parameters = net.parameters_mut();
    parameters.set("W1", &w1).unwrap();
    parameters.set("b1", &b1).unwrap();
    parameters.set("W2", &w2).unwrap();
    parameters.set("b2", &b2).unwrap();
    assert_eq!(net.scores(&x), scores());
}

#[test]
fn without_any_step_the_scores_are_others() {
    let Example { x, w1, b1, w2, b2 } = example();
    let sums = x.dot(&w1) + &b1;
    let h = relu(&sums);
    for (left_out, others) in [
        ("b1", relu(&x.dot(&w1)).dot(&w2) + &b2),
        ("the ReLU", sums.dot(&w2) + &b2),
        ("the second layer", h.clone()),
        ("b2", h.dot(&w2)),
    ] {
        assert_ne!(others, scores(), "{left_out}");
    }
}

#[test]
fn with_a_relu_at_the_end_or_the_same_input_everywhere_the_scores_are_others() {
    let Example { x, w2, b2, .. } = example();
    assert_eq!(relu(&scores()), array![[3., 5.], [0., 0.]]);
    let again = x.dot(&w2) + &b2;
    assert_eq!(again.row(0), array![11., 7.]);
}

/// The first losses of chapter 8's networks, right and with both mistakes about ReLU.
#[test]
fn the_first_losses_are_those_of_the_chapter() {
    let Subjects { x, y, nets, .. } = Sanity::default().subjects().unwrap();
    let losses = nets.iter().map(|net| {
        let penalty = regularization::penalty(net.parameters(), net.options().reg);
        let loss =
            |scores: &Array2<f64>| softmax::loss(scores, &y).unwrap().0 + penalty;
        let layers = net.parameters().layers();
        let linear = layers.iter().fold(x.clone(), |x, l| x.dot(&l.w) + &l.b);
        let scores = net.scores(&x);
        [loss(&scores), loss(&linear), loss(&relu(&scores))].map(|l| format!("{l:.4}"))
    });
    let losses: Vec<_> = losses.collect();
    assert_eq!(losses[0], ["2.3005", "2.3012", "2.3031"]);
    assert_eq!(losses[1][..2], ["7.0521", "7.0512"]);
}
