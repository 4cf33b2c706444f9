use crate::data;
use crate::support::{
    assert_close, assert_net_gradients, assert_panics, assert_refused,
    courses_three_layer_net, courses_two_layer_inputs, courses_two_layer_net, in_f32,
    labels, random, random_net,
};
use crate::teach::teach;
use approx::assert_abs_diff_eq;
use fully_connected::{FullyConnectedNet, Options};
use ndarray::{Array2, IxDyn, array, s};

#[test]
fn gradients_are_the_courses_of_the_two_layer_network() {
    let _test = teach("backward::backward");
    let x = courses_two_layer_inputs();

    let (loss, grads) = courses_two_layer_net(0.0)
        .data_loss(&x, &[0, 5, 1])
        .unwrap();

    assert_abs_diff_eq!(loss, 3.4702243556, epsilon = 1e-10);
    let data = data!("two_layer_net");
    for (name, grad) in grads.iter() {
        let expected = data.array::<IxDyn>(&format!("d{name}_reg_0.0"));
        assert_close(&format!("d{name}"), &grad, &expected, 1e-12);
    }
}

#[test]
fn gradients_are_the_courses_of_the_three_layer_network() {
    let _test = teach("backward::backward");
    let data = data!("initial_loss_reg_0");
    let net = courses_three_layer_net(&data, 0.0);
    let x = data.array::<ndarray::Ix2>("X");

    let (loss, grads) = net.data_loss(&x, &data.labels("y")).unwrap();

    assert_abs_diff_eq!(loss, 2.3004790897684924, epsilon = 1e-12);
    for (name, grad) in grads.iter() {
        let name = format!("d{name}");
        assert_close(&name, &grad, &data.array::<IxDyn>(&name), 1e-12);
    }
}

#[test]
fn gradients_are_the_slopes_of_the_loss_for_one_to_eight_layers() {
    let _test = teach("backward::backward");
    let many = [4, 7, 3, 8, 6, 9, 5];
    for hidden in [0, 1, 2, 3, 5, 7].map(|hidden| &many[..hidden]) {
        let net = random_net(Options::new((3, 2), hidden, 4), 1);
        let x = random((5, 3, 2), 2);
        let y = labels(5, 4);

        let (_, grads) = net.data_loss(&x, &y).unwrap();

        let loss = |net: &FullyConnectedNet<f64>| net.data_loss(&x, &y).unwrap().0;
        assert_net_gradients(&net, grads.iter(), loss);
    }
}

#[test]
fn there_is_one_gradient_for_each_parameter_in_its_shape() {
    let _test = teach("backward::backward");
    for hidden in [&[][..], &[4], &[4, 7, 3]] {
        let net = random_net(Options::new(6, hidden, 4), 1);
        let (_, grads) = net.data_loss(random((5, 6), 2), &labels(5, 4)).unwrap();
        assert_eq!(grads.names(), net.parameters().names());
        for ((name, grad), (_, parameter)) in grads.iter().zip(net.parameters().iter())
        {
            assert_eq!(grad.shape(), parameter.shape(), "the shape of d{name}");
        }
    }
}

#[test]
fn gradients_go_back_through_the_relu_that_was_open() {
    let _test = teach("backward::backward");
    let mut net = FullyConnectedNet::new(Options::new(1, &[2], 1)).unwrap();
    let parameters = net.parameters_mut();
    parameters.set("W1", &array![[2., -3.]]).unwrap();
    parameters.set("W2", &array![[5.], [7.]]).unwrap();
    // x = 1: hidden (2, −3) → (2, 0); only the first unit lets the signal pass.
    let (scores, caches) = net.forward(array![[1.]]);
    assert_eq!(scores, array![[10.]]);

    let grads = net.backward(array![[1.]], caches);

    let layers = grads.layers();
    assert_eq!(
        (&layers[1].w, &layers[1].b),
        (&array![[2.], [0.]], &array![1.])
    );
    assert_eq!(
        (&layers[0].w, &layers[0].b),
        (&array![[5., 0.]], &array![5., 0.])
    );
}

#[test]
fn gradients_grow_as_the_signal_from_above_does() {
    let _test = teach("backward::backward");
    let net = random_net(Options::new(6, &[4, 7], 3), 1);
    let x = random((5, 6), 2);
    let dscores = random((5, 3), 3);
    let (_, caches) = net.forward(&x);
    let once = net.backward(dscores.clone(), caches.clone());
    for k in [2., 1e6, 1e-6] {
        let more = net.backward(&dscores * k, caches.clone());
        for ((name, once), (_, more)) in once.iter().zip(more.iter()) {
            assert_close(&format!("d{name}"), &more, &(&once * k), 1e-13);
        }
    }
}

#[test]
fn the_data_loss_knows_nothing_of_reg() {
    let _test = teach("backward::backward");
    let x = random((5, 6), 2);
    let with = |reg| {
        let options = Options {
            reg,
            ..Options::new(6, &[4], 3)
        };
        random_net(options, 1).data_loss(&x, &labels(5, 3)).unwrap()
    };
    assert_eq!(with(3.14), with(0.0));
}

#[test]
fn a_batch_of_one_works() {
    let _test = teach("backward::backward");
    let net = random_net(Options::new(6, &[4, 7], 3), 1);
    let x = random((1, 6), 2);
    let (_, grads) = net.data_loss(&x, &[2]).unwrap();
    let loss = |net: &FullyConnectedNet<f64>| net.data_loss(&x, &[2]).unwrap().0;
    assert_net_gradients(&net, grads.iter(), loss);
}

#[test]
fn layers_of_one_unit_work() {
    let _test = teach("backward::backward");
    let net = random_net(Options::new(1, &[1, 1], 2), 2);
    let (x, y) = (random((5, 1), 2), labels(5, 2));
    let (_, grads) = net.data_loss(&x, &y).unwrap();
    let loss = |net: &FullyConnectedNet<f64>| net.data_loss(&x, &y).unwrap().0;
    assert_net_gradients(&net, grads.iter(), loss);
}

#[test]
fn the_order_of_the_numbers_in_memory_does_not_matter() {
    let _test = teach("backward::backward");
    let net = random_net(Options::new((3, 2), &[4, 7], 3), 1);
    let x = random((4, 3, 5), 2);
    let x = x.slice(s![..;-2, .., ..]);
    let x = x.t(); // (5, 3, 2)
    let copy = x.as_standard_layout().into_owned();
    let y = labels(5, 3);

    let (loss, grads) = net.data_loss(x, &y).unwrap();
    let (copy_loss, copy_grads) = net.data_loss(&copy, &y).unwrap();

    assert_abs_diff_eq!(loss, copy_loss, epsilon = 1e-14);
    for ((name, grad), (_, copy)) in grads.iter().zip(copy_grads.iter()) {
        assert_close(&format!("d{name}"), &grad, &copy, 1e-13);
    }
}

#[test]
fn single_precision_agrees_with_double() {
    let _test = teach("backward::backward");
    let net = random_net(Options::new(6, &[4, 7], 3), 1);
    let x = random((5, 6), 2);
    let y = labels(5, 3);
    let (loss, grads) = net.data_loss(&x, &y).unwrap();

    let (loss32, grads32) = in_f32(&net).data_loss(x.mapv(|x| x as f32), &y).unwrap();

    assert_abs_diff_eq!(f64::from(loss32), loss, epsilon = 1e-5);
    for ((name, grad), (_, grad32)) in grads.iter().zip(grads32.iter()) {
        assert_close(&format!("d{name}"), &grad32, &grad, 1e-5);
    }
}

#[test]
fn labels_are_checked() {
    let _test = teach("backward::backward");
    let net = random_net(Options::new(6, &[4], 3), 1);
    let x = random((5, 6), 2);
    assert_refused(net.data_loss(&x, &[0, 1, 2, 3, 0]), &["y[3]", "3 classes"]);
    assert_refused(net.data_loss(&x, &[0, 1]), &["2 labels", "5 examples"]);
    assert_refused(net.data_loss(Array2::zeros((0, 6)), &[]), &["empty"]);
}

#[test]
fn a_signal_of_the_wrong_shape_is_refused() {
    let _test = teach("backward::backward");
    let net = random_net(Options::new(6, &[4], 3), 1);
    let (_, caches) = net.forward(random((5, 6), 2));
    assert_panics(&["dout ", "5", "[4, 3]"], || {
        net.backward(Array2::zeros((4, 3)), caches.clone());
    });
    assert_panics(&["dscores ", "3", "[5, 2]"], || {
        net.backward(Array2::zeros((5, 2)), caches);
    });
    let linear = random_net(Options::new(6, &[], 3), 1);
    let (_, caches) = linear.forward(random((5, 6), 2));
    assert_panics(&["dscores ", "3", "[5, 9]"], || {
        linear.backward(Array2::zeros((5, 9)), caches);
    });
}

#[test]
fn caches_of_another_network_are_refused() {
    let _test = teach("backward::backward");
    let net = random_net(Options::new(6, &[4], 3), 1);
    let (scores, mut caches) = net.forward(random((5, 6), 2));
    caches.remove(0);
    assert_panics(&["backward", "2", "1"], || {
        net.backward(scores.clone(), caches)
    });
    let deeper = random_net(Options::new(6, &[4, 3], 3), 1);
    let (_, caches) = deeper.forward(random((5, 6), 2));
    assert_panics(&["backward", "2", "3"], || net.backward(scores, caches));
}
