use crate::data;
use crate::picture::assert_picture;
use crate::support::{
    assert_close, assert_net_gradients, assert_panics, assert_refused,
    courses_three_layer_net, courses_two_layer_inputs, courses_two_layer_net, in_f32,
    labels, random, random_net,
};
use crate::teach::{given, teach};
use approx::{assert_abs_diff_eq, assert_relative_eq};
use fully_connected::numpy::RandomState;
use fully_connected::regularization::{add_penalty_gradient, penalty, sum_of_squares};
use fully_connected::{FullyConnectedNet, Options};
use ndarray::{Array2, Ix2, IxDyn, array, s};
use std::f64::consts::LN_10;

/// The losses of the course's two initial networks, at reg 0 and 3.14: NumPy 2.4.6,
/// float64, RandomState(231), and published by many who took the course.
const INITIAL_LOSSES: [f64; 2] = [2.3004790897684924, 7.052114776533016];

/// A small network whose biases are not 0.
fn net(reg: f64) -> FullyConnectedNet<f64> {
    let options = Options {
        reg,
        ..Options::new((3, 2), &[4, 7], 3)
    };
    random_net(options, 1)
}

#[test]
fn the_two_layer_network_has_the_courses_losses() {
    let _test = teach("regularization::add_penalty_gradient");
    let x = courses_two_layer_inputs();
    let loss = |reg| courses_two_layer_net(reg).loss(&x, &[0, 5, 1]).unwrap().0;
    assert_abs_diff_eq!(loss(0.0), 3.4702243556, epsilon = 1e-10);
    assert_abs_diff_eq!(loss(1.0), 26.5948426952, epsilon = 1e-10);
    // Not in the notebook: the same NumPy program at reg 0.7.
    assert_abs_diff_eq!(loss(0.7), 19.657457193345625, epsilon = 1e-10);
}

#[test]
fn the_two_layer_network_has_the_courses_gradients() {
    let _test = teach("regularization::add_penalty_gradient");
    let x = courses_two_layer_inputs();
    let data = data!("two_layer_net");
    for reg in [0.0, 0.7, 1.0] {
        let (_, grads) = courses_two_layer_net(reg).loss(&x, &[0, 5, 1]).unwrap();
        for (name, grad) in grads.iter() {
            let name = format!("d{name}_reg_{reg:?}");
            assert_close(&name, &grad, &data.array::<IxDyn>(&name), 1e-12);
        }
    }
}

#[test]
fn the_three_layer_network_has_the_courses_losses_and_gradients() {
    let _test = teach("regularization::add_penalty_gradient");
    let files = [data!("initial_loss_reg_0"), data!("initial_loss_reg_3_14")];
    for ((data, reg), expected) in files.iter().zip([0.0, 3.14]).zip(INITIAL_LOSSES) {
        let net = courses_three_layer_net(data, reg);
        let x = data.array::<Ix2>("X");

        let (loss, grads) = net.loss(&x, &data.labels("y")).unwrap();

        assert_abs_diff_eq!(loss, expected, epsilon = 1e-12);
        for (name, grad) in grads.iter() {
            let name = format!("d{name}");
            assert_close(&name, &grad, &data.array::<IxDyn>(&name), 1e-12);
        }
    }
}

#[test]
fn the_initial_losses_are_the_notebooks_and_as_predicted() {
    let _test = teach("regularization::add_penalty_gradient");
    // One generator for all, as in the notebook: the second network's weights come
    // after the first's.
    let mut random = RandomState::new(231);
    let x = random.randn_array((2, 15));
    let y = random.randints(10, 2);
    assert_eq!(y, [7, 0]);
    let mut parts = |reg| {
        let options = Options {
            reg,
            weight_scale: 5e-2,
            ..Options::new(15, &[20, 30], 10)
        };
        let net = FullyConnectedNet::with_normals(options, random.normals()).unwrap();
        let (data_loss, _) = net.data_loss(&x, &y).unwrap();
        let (loss, _) = net.loss(&x, &y).unwrap();
        (data_loss, loss - data_loss, loss)
    };
    let (zero, strong) = (parts(0.0), parts(3.14));

    assert_abs_diff_eq!(zero.2, INITIAL_LOSSES[0], epsilon = 1e-12);
    assert_abs_diff_eq!(strong.2, INITIAL_LOSSES[1], epsilon = 1e-12);
    // Ten classes, none of them favoured; 15·20 + 20·30 + 30·10 = 1200 weights of
    // variance 0.05².
    let predicted = 0.5 * 3.14 * 0.05 * 0.05 * 1200.0;
    assert_abs_diff_eq!(zero.0, LN_10, epsilon = 0.01);
    assert_abs_diff_eq!(strong.0, LN_10, epsilon = 0.01);
    assert_relative_eq!(strong.1, predicted, max_relative = 0.02);

    let row = |name: &str, (data, penalty, total): (f64, f64, f64)| {
        format!("{name:<22}{data:>10.6}{penalty:>12.6}{total:>10.6}\n")
    };
    let picture = [
        "the loss of a new 15-20-30-10 network, weight scale 0.05\n\n".to_owned(),
        format!("{:<22}{:>10}{:>12}{:>10}\n", "", "data", "penalty", "loss"),
        row("reg 0     the network", zero),
        row("          predicted", (LN_10, 0.0, LN_10)),
        row("reg 3.14  the network", strong),
        row("          predicted", (LN_10, predicted, LN_10 + predicted)),
        "\npredicted: ln 10 + 1/2 · reg · 0.05² · (15·20 + 20·30 + 30·10)".to_owned(),
    ];
    assert_picture("initial_loss", &picture.concat());
}

#[test]
fn the_penalty_is_half_of_reg_times_the_squares_of_all_weights() {
    let _test = teach("regularization::penalty");
    let mut net = FullyConnectedNet::new(Options::new(2, &[2], 1)).unwrap();
    let parameters = net.parameters_mut();
    parameters.set("W1", &array![[1., 2.], [3., 4.]]).unwrap();
    parameters.set("W2", &array![[5.], [6.]]).unwrap();
    parameters.set("b1", &array![100., 200.]).unwrap();
    parameters.set("b2", &array![300.]).unwrap();

    // 1 + 4 + 9 + 16 + 25 + 36 = 91; biases are free.
    assert_eq!(penalty(net.parameters(), 1.0), 45.5);
    assert_eq!(penalty(net.parameters(), 4.0), 182.0);
    assert_eq!(penalty(net.parameters(), 0.0), 0.0);
}

#[test]
fn the_gradient_of_the_penalty_is_reg_times_the_weight() {
    let _test = teach("regularization::add_penalty_gradient");
    let mut net = FullyConnectedNet::new(Options::new(2, &[2], 1)).unwrap();
    let parameters = net.parameters_mut();
    parameters.set("W1", &array![[1., 2.], [3., 4.]]).unwrap();
    parameters.set("b1", &array![100., 200.]).unwrap();
    parameters.set("W2", &array![[5.], [6.]]).unwrap();
    let mut grads = net.parameters().clone();
    for name in grads.names() {
        grads.get_mut(&name).unwrap().fill(0.5);
    }

    add_penalty_gradient(&mut grads, net.parameters(), 10.0);

    let layers = grads.layers();
    assert_eq!(layers[0].w, array![[10.5, 20.5], [30.5, 40.5]]);
    assert_eq!(layers[0].b, array![0.5, 0.5]);
    assert_eq!(layers[1].w, array![[50.5], [60.5]]);
    assert_eq!(layers[1].b, array![0.5]);
}

/// Eight layers of one unit, with weights 1, 2, …, 8.
fn eight_layers() -> FullyConnectedNet<f64> {
    let mut net = FullyConnectedNet::new(Options::new(1, &[1; 7], 1)).unwrap();
    for i in 1..=8 {
        let w = array![[f64::from(i)]];
        net.parameters_mut().set(&format!("W{i}"), &w).unwrap();
    }
    net
}

#[test]
fn the_penalty_is_over_however_many_layers_there_are() {
    let _test = teach("regularization::penalty");
    // 1 + 4 + … + 64 = 204
    let penalty = penalty(eight_layers().parameters(), 1e3);
    assert_relative_eq!(penalty, 102_000., max_relative = 1e-14);
}

#[test]
fn the_gradient_of_the_penalty_is_over_however_many_layers_there_are() {
    let _test = teach("regularization::add_penalty_gradient");
    let net = eight_layers();
    let mut grads = net.parameters().clone();
    add_penalty_gradient(&mut grads, net.parameters(), 1e3);
    let dw = grads.layers().iter().map(|layer| layer.w[[0, 0]]);
    let expected = (1..=8).map(|w| 1001. * f64::from(w));
    assert_eq!(dw.collect::<Vec<_>>(), expected.collect::<Vec<_>>());
}

#[test]
fn gradients_of_another_network_are_refused() {
    let _test = teach("regularization::add_penalty_gradient");
    let net = net(0.1);
    for other in [Options::new(6, &[4], 3), Options::new(1, &[1, 1], 1)] {
        let mut grads = random_net(other, 2).parameters().clone();
        assert_panics(&["shapes", "(\"W1\", [6, 4])"], || {
            add_penalty_gradient(&mut grads, net.parameters(), 0.1);
        });
    }
}

#[test]
fn the_loss_grows_by_the_penalty_and_biases_have_no_part_in_it() {
    let _test = teach("regularization::add_penalty_gradient");
    let (x, y) = (random((5, 6), 2), labels(5, 3));
    let (without, grads_without) = net(0.0).loss(&x, &y).unwrap();
    let (with, grads_with) = net(3.14).loss(&x, &y).unwrap();

    let net = net(3.14);
    let weights = ["W1", "W2", "W3"].map(|w| net.parameters().get(w).unwrap());
    let squares: f64 = weights.iter().flatten().map(|w| w * w).sum();
    assert_relative_eq!(with - without, 0.5 * 3.14 * squares, max_relative = 1e-12);

    let pairs = grads_with.iter().zip(grads_without.iter());
    for (((name, with), (_, without)), (_, p)) in pairs.zip(net.parameters().iter()) {
        let reg = if name.starts_with('W') { 3.14 } else { 0.0 };
        let expected = &without + &(&p * reg);
        assert_close(&format!("d{name}"), &with, &expected, 1e-14);
    }
}

#[test]
fn without_reg_the_loss_is_the_data_loss() {
    let _test = teach("regularization::add_penalty_gradient");
    let (x, y) = (random((5, 6), 2), labels(5, 3));
    let net = net(0.0);
    assert_eq!(net.loss(&x, &y).unwrap(), net.data_loss(&x, &y).unwrap());
}

#[test]
fn gradients_are_the_slopes_of_the_whole_loss() {
    let _test = teach("regularization::add_penalty_gradient");
    let (x, y) = (random((5, 3, 2), 2), labels(5, 3));
    for reg in [0.1, 3.14] {
        let net = net(reg);
        let (_, grads) = net.loss(&x, &y).unwrap();
        let loss = |net: &FullyConnectedNet<f64>| net.loss(&x, &y).unwrap().0;
        assert_net_gradients(&net, grads.iter(), loss);
    }
}

#[test]
fn the_loss_alone_is_the_loss_with_gradients() {
    let _test = teach("regularization::add_penalty_gradient");
    let (x, y) = (random((5, 6), 2), labels(5, 3));
    for reg in [0.0, 3.14] {
        let net = net(reg);
        let (loss, _) = net.loss(&x, &y).unwrap();
        assert_eq!(net.loss_value(&x, &y).unwrap(), loss);
    }
}

#[test]
fn a_network_without_hidden_layers_is_penalized_too() {
    let _test = teach("regularization::add_penalty_gradient");
    let options = Options {
        reg: 2.0,
        ..Options::new(2, &[], 2)
    };
    let mut net = FullyConnectedNet::new(options).unwrap();
    net.parameters_mut()
        .set("W1", &array![[3., 3.], [4., 4.]])
        .unwrap();
    // Equal scores lose ln 2; the penalty is 9 + 9 + 16 + 16.
    let (loss, grads) = net.loss(array![[1., 1.]], &[0]).unwrap();
    assert_abs_diff_eq!(loss, 2_f64.ln() + 50., epsilon = 1e-13);
    // ±1/2 from the data, 2·W from the penalty
    assert_eq!(grads.layers()[0].w, array![[5.5, 6.5], [7.5, 8.5]]);
}

#[test]
fn single_precision_agrees_with_double() {
    let _test = teach("regularization::add_penalty_gradient");
    let (x, y) = (random((5, 6), 2), labels(5, 3));
    let net = net(3.14);
    let (loss, grads) = net.loss(&x, &y).unwrap();

    let (loss32, grads32) = in_f32(&net).loss(x.mapv(|x| x as f32), &y).unwrap();

    assert_relative_eq!(f64::from(loss32), loss, max_relative = 1e-5);
    for ((name, grad), (_, grad32)) in grads.iter().zip(grads32.iter()) {
        assert_close(&format!("d{name}"), &grad32, &grad, 1e-5);
    }
}

#[test]
fn squares_are_summed_in_any_order_in_memory() {
    let _test = given();
    let w = array![[1., 2., 3.], [4., 5., 6.]];
    assert_eq!(sum_of_squares(&w), 91.0);
    assert_eq!(sum_of_squares(&w.t()), 91.0);
    assert_eq!(sum_of_squares(&w.slice(s![.., ..;-2])), 1. + 9. + 16. + 36.);
    assert_eq!(sum_of_squares(&Array2::<f64>::zeros((0, 3))), 0.0);
}

#[test]
fn labels_are_checked() {
    let _test = teach("regularization::add_penalty_gradient");
    let x = random((5, 6), 2);
    let net = net(0.1);
    assert_refused(net.loss(&x, &[0, 1, 2, 3, 0]), &["y[3]", "3 classes"]);
    assert_refused(net.loss_value(&x, &[0, 1]), &["2 labels", "5 examples"]);
    assert_refused(net.loss(Array2::zeros((0, 6)), &[]), &["empty"]);
}
