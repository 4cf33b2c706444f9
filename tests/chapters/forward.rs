use crate::data;
use crate::support::{
    assert_close, assert_panics, courses_three_layer_net, courses_two_layer_inputs,
    courses_two_layer_net, in_f32, random, random_net,
};
use crate::teach::teach;
use fully_connected::forward::LayerCache;
use fully_connected::{FullyConnectedNet, Options};
use ndarray::{Array2, Axis, Ix2, array, s};
use std::iter;

#[test]
fn scores_are_the_courses_of_the_two_layer_network() {
    let _test = teach("forward::forward");
    let scores = courses_two_layer_net(0.0).scores(courses_two_layer_inputs());

    let expected = data!("two_layer_net").array::<Ix2>("scores");
    assert_close("scores", &scores, &expected, 1e-13);
}

#[test]
fn scores_are_the_courses_of_the_three_layer_network() {
    let _test = teach("forward::forward");
    for data in [data!("initial_loss_reg_0"), data!("initial_loss_reg_3_14")] {
        let net = courses_three_layer_net(&data, 0.0);
        let scores = net.scores(data.array::<Ix2>("X"));
        assert_close("scores", &scores, &data.array::<Ix2>("scores"), 1e-12);
    }
}

#[test]
fn one_layer_is_affine_alone() {
    let _test = teach("forward::forward");
    let mut net = FullyConnectedNet::new(Options::new(2, &[], 3)).unwrap();
    let w = array![[1., 0., 3.], [0., 1., 4.]];
    net.parameters_mut().set("W1", &w).unwrap();
    net.parameters_mut()
        .set("b1", &array![10., -20., 30.])
        .unwrap();

    let scores = net.scores(array![[1., 2.], [-1., 0.]]);

    assert_eq!(scores, array![[11., -18., 41.], [9., -20., 27.]]);
}

#[test]
fn a_hidden_layer_has_a_relu_and_the_last_layer_none() {
    let _test = teach("forward::forward");
    let mut net = FullyConnectedNet::new(Options::new(1, &[2], 2)).unwrap();
    let parameters = net.parameters_mut();
    parameters.set("W1", &array![[1., -1.]]).unwrap();
    parameters.set("b1", &array![0., 1.]).unwrap();
    parameters
        .set("W2", &array![[1., -10.], [100., 1000.]])
        .unwrap();
    parameters.set("b2", &array![-0.5, 0.5]).unwrap();

    // x = 3: hidden (3, −2) → (3, 0).  x = −3: hidden (−3, 4) → (0, 4).
    let scores = net.scores(array![[3.], [-3.]]);

    assert_eq!(scores, array![[2.5, -29.5], [399.5, 4000.5]]);
}

#[test]
fn every_layer_has_its_turn() {
    let _test = teach("forward::forward");
    // With weights 1 and biases 1, 10, 100, 1000 an example 0.5 becomes 1111.5.
    let mut net = FullyConnectedNet::new(Options::new(1, &[1, 1, 1], 1)).unwrap();
    for (i, bias) in (1..).zip([1., 10., 100., 1000.]) {
        net.parameters_mut()
            .set(&format!("W{i}"), &array![[1.]])
            .unwrap();
        net.parameters_mut()
            .set(&format!("b{i}"), &array![bias])
            .unwrap();
    }
    assert_eq!(net.scores(array![[0.5]]), array![[1111.5]]);
}

#[test]
fn many_layers_have_their_turn_too() {
    let _test = teach("forward::forward");
    // From 1 through biases 1, 2, 4, …: 2, 4, 8, and so on.
    for depth in [8, 20] {
        let options = Options::new(1, &vec![1; depth - 1], 1);
        let mut net = FullyConnectedNet::<f64>::new(options).unwrap();
        for (i, bias) in (1..=depth).zip(iter::successors(Some(1.), |b| Some(b * 2.))) {
            let parameters = net.parameters_mut();
            parameters.set(&format!("W{i}"), &array![[1.]]).unwrap();
            parameters.set(&format!("b{i}"), &array![bias]).unwrap();
        }
        let (scores, caches) = net.forward(array![[1.]]);
        assert_eq!(scores, array![[2_f64.powi(depth as i32)]]);
        assert_eq!(caches.len(), depth);
    }
}

#[test]
fn large_numbers_and_small_ones_count_in_full() {
    let _test = teach("forward::forward");
    let net = random_net(Options::new(6, &[4, 7], 3), 1);
    let x = random((5, 6), 2);
    let scores = net.scores(&x);
    for k in [1e6, 1e-6] {
        // With every bias k times as large, all that follows is.
        let mut net = net.clone();
        for name in ["b1", "b2", "b3"] {
            let mut b = net.parameters_mut().get_mut(name).unwrap();
            b *= k;
        }
        assert_close("scores", &net.scores(&x * k), &(&scores * k), 1e-13);
    }
}

#[test]
fn there_is_a_cache_for_each_layer_the_last_one_affine() {
    let _test = teach("forward::forward");
    for hidden in [&[][..], &[4], &[4, 3, 2]] {
        let net = random_net(Options::new(6, hidden, 3), 1);
        let x = random((5, 6), 2);
        let (scores, caches) = net.forward(&x);
        assert_eq!(scores, net.scores(&x));
        assert_eq!(caches.len(), hidden.len() + 1);
        for (i, cache) in caches.iter().enumerate() {
            let is_last = matches!(cache, LayerCache::Last(_));
            assert_eq!(is_last, i == hidden.len(), "layer {} of {hidden:?}", i + 1);
        }
    }
}

#[test]
fn each_cache_is_that_of_its_own_layer() {
    let _test = teach("forward::forward");
    // From 2 through weights 3, 5, 7: the layers' inputs are 2, 6, 30, and these are the
    // gradients of the weights for a signal of 1.
    let mut net = FullyConnectedNet::new(Options::new(1, &[1, 1], 1)).unwrap();
    for (name, w) in [("W1", 3.), ("W2", 5.), ("W3", 7.)] {
        net.parameters_mut().set(name, &array![[w]]).unwrap();
    }
    let (_, caches) = net.forward(array![[2.]]);
    let caches = caches.into_iter();
    let dw = caches.map(|cache| cache.param_grads(&array![[1.]]).0[[0, 0]]);
    assert_eq!(dw.collect::<Vec<_>>(), [2., 6., 30.]);
}

#[test]
fn an_example_has_the_scores_it_has_alone() {
    let _test = teach("forward::forward");
    let net = random_net(Options::new(6, &[4, 7], 3), 1);
    let x = random((5, 6), 2);
    let scores = net.scores(&x);
    for n in 0..5 {
        let alone = net.scores(x.slice(s![n..=n, ..]));
        assert_close("scores", &scores.slice(s![n..=n, ..]), &alone, 1e-14);
    }
}

#[test]
fn no_examples_have_no_scores() {
    let _test = teach("forward::forward");
    let net = random_net(Options::new(6, &[4], 3), 1);
    assert_eq!(net.scores(Array2::zeros((0, 6))).dim(), (0, 3));
}

#[test]
fn examples_have_the_shape_of_the_option_or_are_rows() {
    let _test = teach("forward::forward");
    let net = random_net(Options::new((3, 2, 2), &[4, 7], 3), 1);
    let flat = random((5, 12), 2);
    let scores = net.scores(&flat);
    assert_eq!(net.scores(flat.to_shape((5, 3, 2, 2)).unwrap()), scores);
    assert_eq!(net.scores(flat.view().into_dyn()), scores);
}

#[test]
fn examples_of_another_shape_are_refused() {
    let _test = teach("forward::forward");
    let net = random_net(Options::new((3, 2, 2), &[4, 7], 3), 1);
    let x = random((5, 3, 4), 2);
    assert_panics(&["input", "[3, 2, 2]", "[5, 3, 4]"], || net.scores(&x));
}

#[test]
fn the_order_of_the_numbers_in_memory_does_not_matter() {
    let _test = teach("forward::forward");
    let net = random_net(Options::new((3, 2), &[4], 3), 1);
    let x = random((2, 3, 5), 2);
    let copy = x.t().as_standard_layout().into_owned();
    assert_close("scores", &net.scores(x.t()), &net.scores(&copy), 1e-14);

    let wide = random((10, 3, 4), 3);
    let every_second = wide.slice(s![..;-2, .., ..;2]);
    let copy = every_second.to_owned();
    assert_close(
        "scores",
        &net.scores(every_second),
        &net.scores(copy),
        1e-14,
    );
}

#[test]
fn single_precision_agrees_with_double() {
    let _test = teach("forward::forward");
    let net = random_net(Options::new(6, &[4, 7], 3), 1);
    let x = random((5, 6), 2);
    let single = in_f32(&net).scores(x.mapv(|x| x as f32));
    assert_close("scores", &single, &net.scores(&x), 1e-5);
}

#[test]
fn nan_reaches_the_scores() {
    let _test = teach("forward::forward");
    let net = random_net(Options::new(6, &[4, 7], 3), 1);
    let mut x = random((5, 6), 2);
    x[[3, 2]] = f64::NAN;
    for (n, row) in net.scores(&x).axis_iter(Axis(0)).enumerate() {
        let nan = row.iter().filter(|s| s.is_nan()).count();
        assert_eq!(nan, if n == 3 { 3 } else { 0 }, "scores of example {n}");
    }
}

#[test]
fn examples_of_the_wrong_size_are_refused() {
    let _test = teach("forward::forward");
    let net = random_net(Options::new((3, 2), &[4], 3), 1);
    assert_panics(&["6", "`input`", "[3, 2]", "[5, 7]"], || {
        net.scores(random((5, 7), 2))
    });
    assert_panics(&["6", "`input`", "[5]"], || net.scores(random(5, 2)));
}
