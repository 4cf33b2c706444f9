//! The worked example of chapter `regularization`, whole and with each step left out.

use fully_connected::experiments::{Sanity, Subjects};
use fully_connected::regularization::{add_penalty_gradient, penalty};
use fully_connected::{FullyConnectedNet, Gradients, Options, Parameters};
use ndarray::{Array1, Array2, array};

/// A linear classifier with these parameters.
fn parameters(w: &Array2<f64>, b: &Array1<f64>) -> Parameters<f64> {
    let mut net = FullyConnectedNet::<f64>::new(Options::new(2, &[], 2)).unwrap();
    net.parameters_mut().set("W1", w).unwrap();
    net.parameters_mut().set("b1", b).unwrap();
    net.parameters().clone()
}

#[test]
fn the_numbers_are_those_of_the_chapter() {
    let w = array![[1., -2.], [3., 0.]];
    let parameters = parameters(&w, &array![5., 5.]);
    assert!((penalty(&parameters, 0.1) - 0.7).abs() < 1e-12);

    let mut grads: Gradients<f64> = parameters.clone();
    grads.set("W1", &Array2::zeros((2, 2))).unwrap();
    grads.set("b1", &Array1::zeros(2)).unwrap();
    add_penalty_gradient(&mut grads, &parameters, 0.1);
    let expected = array![[0.1, -0.2], [0.3, 0.0]];
    let dw = &grads.layers()[0].w;
    assert!((dw - &expected).iter().all(|e| e.abs() < 1e-12));
    assert_eq!(grads.layers()[0].b, array![0., 0.]);
}

#[test]
fn without_any_step_the_penalty_is_another() {
    let w = array![[1., -2.], [3., 0.]];
    let squares = w.mapv(|w| w * w).sum();
    assert_eq!(squares, 14.);
    for (left_out, other) in [
        ("the half", 0.1 * squares),
        ("reg", 0.5 * squares),
        ("the square", 0.5 * 0.1 * w.sum()),
        ("the sign in the square", 0.5 * 0.1 * w.mapv(f64::abs).sum()),
        ("a weight", 0.5 * 0.1 * (squares - 1.)),
        ("that biases are free", 0.5 * 0.1 * (squares + 50.)),
    ] {
        assert!((other - 0.7_f64).abs() > 0.01, "{left_out}: {other}");
    }
}

#[test]
fn the_two_lists_of_weights_differ_in_squares_and_not_in_score() {
    let (spread, picky) = (array![1., 1., 1., 1.], array![4., 0., 0., 0.]);
    let (x, noisy) = (array![2., 2., 2., 2.], array![3., 2., 2., 2.]);
    assert_eq!((spread.dot(&x), picky.dot(&x)), (8., 8.));
    assert_eq!((spread.dot(&noisy), picky.dot(&noisy)), (9., 12.));
    assert_eq!((spread.dot(&spread), picky.dot(&picky)), (4., 16.));
}

/// The first loss of chapter 8's second network, right and with each of the pitfalls.
#[test]
fn the_first_losses_are_those_of_the_chapter() {
    let Subjects { x, y, nets, .. } = Sanity::default().subjects().unwrap();
    let (net, reg) = (&nets[1], nets[1].options().reg);
    let (data_loss, data_grads) = net.data_loss(&x, &y).unwrap();
    let (loss, grads) = net.loss(&x, &y).unwrap();
    let layers = net.parameters().layers();
    let last = layers[2].w.mapv(|w| w * w).sum();
    let all = 2.0 * (loss - data_loss) / reg;
    let first_losses = [
        loss,
        data_loss,
        data_loss + 0.5 * reg * (all - last),
        data_loss + reg * all,
    ];
    let rounded = first_losses.map(|loss| format!("{loss:.4}"));
    assert_eq!(rounded, ["7.0521", "2.3016", "5.9404", "11.8026"]);
    assert_eq!(format!("{:.2}", 0.5 * reg * last), "1.11");
    assert_eq!(layers[2].w.len(), 300);

    let norm = |w: &Array2<f64>| w.mapv(|w| w * w).sum().sqrt();
    let norms = (norm(&data_grads.layers()[0].w), norm(&grads.layers()[0].w));
    assert_eq!(format!("{:.4} {:.2}", norms.0, norms.1), "0.0595 2.78");
}

#[test]
fn decay_halves_a_weight_in_693_steps() {
    let (mut weight, mut constant) = (2.0, 2.0);
    for _ in 0..693 {
        weight -= 0.01 * 0.1 * weight;
        constant -= 0.001;
    }
    assert_eq!(format!("{weight:.3} {constant:.3}"), "1.000 1.307");
}
