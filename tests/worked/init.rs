//! The worked example of chapter `init`, whole and with each step left out.

#![allow(clippy::approx_constant, reason = "numbers as the text prints them")]

use fully_connected::experiments::{Sanity, Subjects};
use fully_connected::fifty::Images;
use fully_connected::init::{draw_layer, layer_sizes, standard_normals};
use fully_connected::overfit::{Training, layer_stds, train};
use fully_connected::{FullyConnectedNet, Options, affine, relu};
use ndarray::{Array2, array};

/// The gradient of the weights of two hidden units whose outgoing weights are `w2`.
fn dw1(w1: &Array2<f64>, w2: &Array2<f64>) -> Array2<f64> {
    let (x, dscores) = (array![[1., 2.]], array![[-1., 1.]]);
    let none = array![0., 0.];
    let (h, hidden) = relu::affine_relu_forward(&x, w1, &none);
    let (_, last) = affine::forward(h, w2, &none);
    let dh = affine::backward(&dscores, last, w2).dx;
    relu::affine_relu_backward(&dh, hidden, w1).dw
}

#[test]
fn units_stay_twins_only_with_equal_incoming_and_outgoing_weights() {
    let (equal, not_equal) = (array![[2., 1.], [2., 1.]], array![[2., 1.], [0., 1.]]);
    let ones = Array2::ones((2, 2));
    assert_eq!(dw1(&ones, &equal), array![[-1., -1.], [-2., -2.]]);
    assert_eq!(dw1(&ones, &not_equal), array![[-1., 1.], [-2., 2.]]);
    // Incoming weights that differ part the units, too: here the mask does.
    let others = array![[1., -1.], [1., -1.]];
    assert_eq!(dw1(&others, &equal), array![[-1., 0.], [-2., 0.]]);
}

#[test]
fn sizes_and_draws_are_those_of_the_chapter() {
    assert_eq!(layer_sizes(4, &[3, 5], 2), [(4, 3), (3, 5), (5, 2)]);
    let draw = |scale| {
        let mut normals = [1., -2., 0.5, 3.].into_iter();
        draw_layer::<f64>((2, 2), scale, &mut normals)
    };
    let layer = draw(0.1);
    let rounded = layer.w.mapv(|w| (w * 1e6).round() / 1e6);
    assert_eq!(rounded, array![[0.1, -0.2], [0.05, 0.3]]);
    assert_eq!(layer.b, array![0., 0.]);
    // Without the scale, and with a variance for it.
    assert_ne!(draw(1.0).w, layer.w);
    assert_ne!(draw(0.1_f64.sqrt()).w, layer.w);
}

/// The mean square of what a layer of 100 inputs and 2000 units hands on, before and after
/// ReLU. The inputs have mean square 1.
fn mean_squares(scale: f64) -> (f64, f64) {
    let mut normals = standard_normals(4);
    let mut table =
        |shape| Array2::from_shape_simple_fn(shape, || normals.next().unwrap());
    let x: Array2<f64> = table((500, 100));
    let sums = x.dot(&(table((100, 2000)) * scale));
    let mean_square = |x: &Array2<f64>| x.mapv(|x| x * x).mean().unwrap();
    (mean_square(&sums), mean_square(&sums.mapv(|s| s.max(0.0))))
}

#[test]
fn each_step_of_the_gain_is_measured() {
    let near = |measured: f64, told: f64| (measured / told - 1.0).abs() < 0.03;
    let (sums, outputs) = mean_squares(0.1);
    assert!(near(sums, 1.0), "step 2: {sums}");
    assert!(near(outputs, 0.5), "step 3: {outputs}");
    assert!(near(outputs.sqrt(), 0.7071), "step 4: {outputs}");
    // Without the square of the scale, the D, the half, the root.
    for wrong in [100.0 * 0.1 / 2.0, 0.01 / 2.0, 100.0 * 0.01] {
        assert!(!near(outputs, wrong), "{wrong}");
    }
    assert!(!near(outputs, 0.7071));
}

#[test]
fn the_gains_and_scales_are_those_of_the_chapter() {
    let gain = |scale: f64| scale * 50_f64.sqrt();
    let table = [0.001, 0.1, 1.0].map(|s| (gain(s), gain(s).powi(4)));
    let expected = [(0.00707, 2.5e-9), (0.707, 0.25), (7.07, 2500.0)];
    for ((gain, four), (told, told_four)) in table.into_iter().zip(expected) {
        assert!((gain / told - 1.0).abs() < 1e-3, "{gain}");
        assert!((four / told_four - 1.0).abs() < 1e-9, "{four}");
    }
    let he = |inputs: f64| (2.0 / inputs).sqrt();
    assert_eq!(
        format!("{:.3} {:.4}", he(100.0), he(3072.0)),
        "0.141 0.0255"
    );
    assert!((gain(he(100.0)) - 1.0).abs() < 1e-12);
    assert_eq!(
        format!("{:.3} {:.3}", he(800.0), (1_f64 / 800.0).sqrt()),
        "0.050 0.035"
    );
}

fn five_layers(weight_scale: f64) -> FullyConnectedNet<f64> {
    let options = Options {
        weight_scale,
        ..Options::new((3, 32, 32), &[100; 4], 10)
    };
    FullyConnectedNet::new(options).unwrap()
}

#[test]
fn the_widths_and_the_vanishing_gradient_are_those_of_the_chapter() {
    let images = Images::synthetic();
    let stds = layer_stds(&five_layers(0.1), &images.x);
    let whole: Vec<_> = stds.iter().map(|std| std.round()).collect();
    assert_eq!(whole, [348., 249., 183., 138., 87.]);
    let ratios: Vec<_> = stds
        .windows(2)
        .map(|p| format!("{:.2}", p[1] / p[0]))
        .collect();
    assert_eq!(ratios, ["0.72", "0.74", "0.75", "0.63"]);

    let (_, grads) = five_layers(0.001).loss(&images.x, &images.y).unwrap();
    let norm = grads.layers()[0].w.mapv(|g| g * g).sum().sqrt();
    assert_eq!(format!("{norm:.7}"), "0.0000012");
}

#[test]
fn the_first_losses_cross_where_the_gain_is_one() {
    let images = Images::synthetic();
    let median = |hidden: usize, weight_scale: f64| {
        let mut losses = [0, 1, 2, 3, 4].map(|seed| {
            let options = Options {
                weight_scale,
                seed,
                ..Options::new((3, 32, 32), &vec![100; hidden], 10)
            };
            let net = FullyConnectedNet::<f64>::new(options).unwrap();
            net.loss_value(&images.x, &images.y).unwrap()
        });
        losses.sort_by(f64::total_cmp);
        losses[2]
    };
    assert!(median(4, 0.1) < median(2, 0.1));
    assert!(median(4, 0.2) > median(2, 0.2));
}

#[test]
fn a_variance_for_a_standard_deviation_gives_the_losses_of_the_screen() {
    let sanity = Sanity {
        weight_scale: 0.05_f64.sqrt(),
        ..Sanity::default()
    };
    let Subjects { x, y, nets, .. } = sanity.subjects().unwrap();
    let losses = nets.iter().map(|net| net.loss_value(&x, &y).unwrap());
    let losses: Vec<_> = losses.map(|loss| format!("{loss:.4}")).collect();
    assert_eq!(losses, ["2.2298", "97.3557"]);
    let expected = f64::ln(10.0) + 0.5 * 3.14 * 0.05 * 0.05 * 1200.0;
    assert_eq!(format!("{expected:.2}"), "7.01");
}

#[test]
fn zeros_begin_perfectly_and_end_with_the_commonest_class() {
    let images = Images::synthetic();
    let mut net = five_layers(0.0);
    let loss = net.loss_value(&images.x, &images.y).unwrap();
    assert!((loss - f64::ln(10.0)).abs() < 1e-12);
    let training = Training {
        epochs: 20,
        batch: 25,
        learning_rate: 1e-2,
        seed: 0,
    };
    train(&mut net, &images.x, &images.y, &training, |_| ()).unwrap();
    let layers = net.parameters().layers();
    assert!(layers.iter().all(|layer| layer.w.iter().all(|&w| w == 0.0)));
    assert_eq!(net.accuracy(&images.x, &images.y).unwrap(), 0.16);
}
