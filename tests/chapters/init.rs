use crate::data;
use crate::support::{assert_close, assert_panics, assert_refused};
use crate::teach::{given, teach};
use approx::assert_abs_diff_eq;
use fully_connected::init::{draw_layer, layer_sizes, standard_normals};
use fully_connected::numpy::RandomState;
use fully_connected::{FullyConnectedNet, Layer, Options};
use ndarray::{Array2, ArrayD, Ix2, array};
use std::iter;

fn net(options: Options) -> FullyConnectedNet<f64> {
    FullyConnectedNet::new(options).expect("good options")
}

/// The mean, the standard deviation and the fourth moment of the standardized numbers.
fn moments(w: &Array2<f64>) -> (f64, f64, f64) {
    let (mean, std) = (w.mean().unwrap(), w.std(0.0));
    (
        mean,
        std,
        w.mapv(|w| ((w - mean) / std).powi(4)).mean().unwrap(),
    )
}

#[test]
fn each_layer_goes_from_one_size_to_the_next() {
    let _test = teach("init::layer_sizes");
    assert_eq!(
        layer_sizes(15, &[20, 30], 10),
        [(15, 20), (20, 30), (30, 10)]
    );
    assert_eq!(layer_sizes(4, &[3], 2), [(4, 3), (3, 2)]);
    let five = [(7, 1), (1, 2), (2, 3), (3, 4), (4, 5)];
    assert_eq!(layer_sizes(7, &[1, 2, 3, 4], 5), five);
}

#[test]
fn no_hidden_layers_leave_one_layer() {
    let _test = teach("init::layer_sizes");
    assert_eq!(layer_sizes(4, &[], 2), [(4, 2)]);
}

#[test]
fn the_parameters_have_the_courses_names_and_shapes() {
    let _test = teach("init::draw_layer");
    let net = net(Options::new((3, 2, 2), &[4, 5], 6));
    let shapes: Vec<_> = net
        .parameters()
        .iter()
        .map(|(name, parameter)| (name, parameter.shape().to_vec()))
        .collect();
    let expected = [
        ("W1", vec![12, 4]),
        ("b1", vec![4]),
        ("W2", vec![4, 5]),
        ("b2", vec![5]),
        ("W3", vec![5, 6]),
        ("b3", vec![6]),
    ];
    assert_eq!(
        shapes,
        expected.map(|(name, shape)| (name.to_owned(), shape))
    );
}

#[test]
fn weights_are_normal_with_the_weight_scale_as_standard_deviation() {
    let _test = teach("init::draw_layer");
    // 60,000 draws: the standard deviation of the mean is 0.03/245, of the standard
    // deviation 0.03/346 and of the kurtosis 0.02. The bounds are five of those.
    let mut normals = standard_normals(1);
    let Layer { w, .. } = draw_layer((200, 300), 0.03, &mut normals);

    let (mean, std, kurtosis) = moments(&w);

    assert_abs_diff_eq!(mean, 0.0, epsilon = 0.0006);
    assert_abs_diff_eq!(std, 0.03, epsilon = 0.0005);
    // A uniform distribution has 1.8.
    assert_abs_diff_eq!(kurtosis, 3.0, epsilon = 0.1);
}

#[test]
fn every_layer_of_a_network_has_the_weight_scale() {
    let _test = teach("init::draw_layer");
    let options = Options {
        weight_scale: 0.03,
        ..Options::new(100, &[120, 80], 50)
    };
    for (i, layer) in net(options).parameters().layers().iter().enumerate() {
        let (_, std, _) = moments(&layer.w);
        assert!((std - 0.03).abs() < 0.002, "W{} has {std}", i + 1);
    }
}

#[test]
fn biases_start_at_zero() {
    let _test = teach("init::draw_layer");
    for layer in net(Options::new(6, &[4, 5], 3)).parameters().layers() {
        assert!(layer.b.iter().all(|&b| b == 0.0), "b is {}", layer.b);
    }
}

#[test]
fn the_draws_are_scaled_and_fill_the_weights_row_by_row() {
    let _test = teach("init::draw_layer");
    let mut source = [1., -2., 0.5, 3., 4e3, -5e3, 6.].into_iter();

    let layer: Layer<f64> = draw_layer((3, 2), 0.5, &mut source);

    assert_eq!(layer.w, array![[0.5, -1.], [0.25, 1.5], [2e3, -2.5e3]]);
    assert_eq!(layer.b, array![0., 0.]);
    assert_eq!(source.next(), Some(6.), "six draws for six weights");

    let layer: Layer<f64> = draw_layer((1, 2), 1e3, &mut [0.25, -0.5].into_iter());
    assert_eq!(layer.w, array![[250., -500.]]);
}

#[test]
fn the_layers_draw_in_turn_from_one_source() {
    let _test = teach("init::draw_layer");
    let options = Options {
        weight_scale: 2.0,
        ..Options::new(2, &[3, 1], 2)
    };
    let mut source = (0..).map(f64::from);

    let net = FullyConnectedNet::<f64>::with_normals(options, &mut source).unwrap();

    let layers = net.parameters().layers();
    assert_eq!(layers[0].w, array![[0., 2., 4.], [6., 8., 10.]]);
    assert_eq!(layers[1].w, array![[12.], [14.], [16.]]);
    assert_eq!(layers[2].w, array![[18., 20.]]);
    assert_eq!(source.next(), Some(11.), "one draw for each weight");
}

#[test]
fn numpys_generator_gives_the_notebooks_weights() {
    let _test = teach("init::draw_layer");
    let mut random = RandomState::new(231);
    random.randn_array((2, 15));
    random.randints(10, 2);
    let options = Options {
        weight_scale: 5e-2,
        ..Options::new(15, &[20, 30], 10)
    };
    let mut draw = || {
        let normals = random.normals();
        FullyConnectedNet::<f64>::with_normals(options.clone(), normals).unwrap()
    };

    // The second network draws where the first one stopped.
    let files = [data!("initial_loss_reg_0"), data!("initial_loss_reg_3_14")];
    for (net, data) in [draw(), draw()].into_iter().zip(files) {
        for (layer, name) in net.parameters().layers().iter().zip(["W1", "W2", "W3"]) {
            assert_close(name, &layer.w, &data.array::<Ix2>(name), 1e-14);
        }
    }
}

#[test]
fn the_same_seed_gives_the_same_weights_and_another_seed_others() {
    let _test = teach("init::draw_layer");
    let seeded = |seed| {
        net(Options {
            seed,
            ..Options::new(6, &[4, 5], 3)
        })
    };
    assert_eq!(seeded(7), seeded(7));
    let (seven, eight) = (seeded(7), seeded(8));
    let pairs = iter::zip(seven.parameters().layers(), eight.parameters().layers());
    for (seven, eight) in pairs {
        assert!(iter::zip(&seven.w, &eight.w).all(|(seven, eight)| seven != eight));
    }
}

#[test]
fn no_two_layers_share_their_draws() {
    let _test = teach("init::draw_layer");
    let net = net(Options::new(6, &[6, 6], 6));
    let layers = net.parameters().layers();
    for (i, j) in [(0, 1), (0, 2), (1, 2)] {
        let pairs = iter::zip(&layers[i].w, &layers[j].w);
        let shared = pairs.filter(|(a, b)| a == b).count();
        assert_eq!(shared, 0, "of 36 weights of W{} and W{}", i + 1, j + 1);
    }
}

#[test]
fn an_input_shape_is_worth_its_product() {
    let _test = teach("init::draw_layer");
    let image = net(Options::new((3, 2, 2), &[4], 5));
    let flat = net(Options::new(12, &[4], 5));
    assert_eq!(image.parameters(), flat.parameters());
}

#[test]
fn single_precision_rounds_the_same_draws() {
    let _test = teach("init::draw_layer");
    let options = Options::new(6, &[4], 3);
    let double = net(options.clone());
    let single = FullyConnectedNet::<f32>::new(options).unwrap();
    let pairs = iter::zip(single.parameters().layers(), double.parameters().layers());
    // A product in f64 is rounded once more for f32; one in f32 has three roundings, that of
    // each factor and its own, each of at most half an epsilon.
    let bound = 1.5 * f64::from(f32::EPSILON) * (1. + f64::from(f32::EPSILON));
    for (single, double) in pairs {
        for (&single, &double) in single.w.iter().zip(&double.w) {
            let error = (f64::from(single) - double).abs();
            assert!(error <= bound * double.abs(), "{single} is not {double}");
        }
    }
}

#[test]
fn a_source_of_normals_that_ends_is_named() {
    let _test = teach("init::draw_layer");
    let options = Options::new(2, &[3], 2);
    assert_panics(&["normals", "ended"], || {
        FullyConnectedNet::<f64>::with_normals(options, iter::repeat_n(1.0, 11))
    });
}

#[test]
fn options_out_of_range_are_refused_by_name() {
    let _test = given();
    let refuses = |change: fn(&mut Options), words: &[&str]| {
        let mut options = Options::new(6, &[4, 5], 3);
        change(&mut options);
        assert_refused(FullyConnectedNet::<f64>::new(options.clone()), words);
        assert_refused(FullyConnectedNet::<f32>::new(options), words);
    };
    refuses(
        |o| o.hidden = vec![4, 0],
        &["`hidden`", "at least 1", "[4, 0]"],
    );
    refuses(|o| o.input = vec![], &["`input`", "at least 1", "[]"]);
    refuses(|o| o.input = vec![3, 0, 32], &["`input`", "[3, 0, 32]"]);
    refuses(|o| o.classes = 0, &["`classes`", "at least 1", "0"]);
    refuses(|o| o.reg = -0.5, &["`reg`", "finite", "-0.5"]);
    refuses(|o| o.reg = f64::NAN, &["`reg`", "NaN"]);
    refuses(|o| o.reg = f64::INFINITY, &["`reg`", "inf"]);
    refuses(|o| o.weight_scale = -1e-3, &["`weight_scale`", "-0.001"]);
    refuses(|o| o.weight_scale = f64::NAN, &["`weight_scale`", "NaN"]);
    refuses(
        |o| o.weight_scale = f64::INFINITY,
        &["`weight_scale`", "inf"],
    );
    for ratio in [0.0, -0.1, 1.1, f64::NAN] {
        let mut options = Options::new(6, &[4, 5], 3);
        options.dropout_keep_ratio = ratio;
        let words = ["`dropout_keep_ratio`", "(0, 1]", &format!("{ratio:?}")];
        assert_refused(FullyConnectedNet::<f64>::new(options), &words);
    }
}

#[test]
fn a_keep_ratio_whose_inverse_overflows_is_refused() {
    let _test = given();
    let options = Options {
        dropout_keep_ratio: 1e-310,
        ..Options::new(6, &[4], 3)
    };
    let words = ["`dropout_keep_ratio`", "finite", "f64", "1e-310"];
    assert_refused(FullyConnectedNet::<f64>::new(options), &words);
    let options = Options {
        dropout_keep_ratio: 1e-40,
        ..Options::new(6, &[4], 3)
    };
    let words = ["`dropout_keep_ratio`", "finite", "f32", "1e-40"];
    assert_refused(FullyConnectedNet::<f32>::new(options), &words);
}

#[test]
fn options_at_the_edge_of_their_range_are_taken() {
    let _test = teach("init::draw_layer");
    let options = Options {
        reg: 0.0,
        weight_scale: 0.0,
        dropout_keep_ratio: 1.0,
        ..Options::new(1, &[1], 1)
    };
    let net = net(options.clone());
    assert_eq!(net.options(), &options);
    assert_eq!(net.parameters().layers()[0].w, array![[0.]]);
}

#[test]
fn a_parameter_is_read_and_set_by_name() {
    let _test = teach("init::draw_layer");
    let mut net = net(Options::new(2, &[3], 2));
    let w2 = array![[1., 2.], [3., 4.], [5., 6.]];

    net.parameters_mut().set("W2", &w2).unwrap();
    net.parameters_mut().set("b1", &array![7., 8., 9.]).unwrap();
    net.parameters_mut().get_mut("b2").unwrap().fill(0.5);

    assert_eq!(net.parameters().get("W2").unwrap(), w2.into_dyn());
    assert_eq!(net.parameters().layers()[0].b, array![7., 8., 9.]);
    assert_eq!(net.parameters().layers()[1].b, array![0.5, 0.5]);
}

#[test]
fn a_parameter_may_be_set_from_a_transposed_view() {
    let _test = teach("init::draw_layer");
    let mut net = net(Options::new(2, &[3], 2));
    let w = array![[1., 2., 3.], [4., 5., 6.]];
    net.parameters_mut().set("W2", &w.t()).unwrap();
    assert_eq!(net.parameters().layers()[1].w, w.t());
}

#[test]
fn a_parameter_that_does_not_exist_is_refused() {
    let _test = teach("init::draw_layer");
    let mut net = net(Options::new(2, &[3], 2));
    let unknown = [
        "W3", "W0", "b", "", "w1", "W01", "W1 ", "Wé", "é1", "gamma1",
    ];
    for name in unknown {
        let words = [format!("`{name}`"), "W1, b1, W2, b2".to_owned()];
        let words = words.each_ref().map(String::as_str);
        assert_refused(net.parameters().get(name), &words);
        assert_refused(net.parameters_mut().get_mut(name), &words);
        assert_refused(net.parameters_mut().set(name, &array![1.]), &words);
    }
}

#[test]
fn a_parameter_of_another_shape_is_refused_and_changes_nothing() {
    let _test = teach("init::draw_layer");
    let mut net = net(Options::new(2, &[3], 2));
    let before = net.clone();
    let parameters = net.parameters_mut();
    let words = ["`W1`", "[2, 3]", "[3, 2]"];
    assert_refused(parameters.set("W1", &Array2::zeros((3, 2))), &words);
    // ndarray would stretch these.
    assert_refused(
        parameters.set("W1", &Array2::ones((1, 3))),
        &["`W1`", "[1, 3]"],
    );
    assert_refused(parameters.set("b1", &array![1.]), &["`b1`", "[3]", "[1]"]);
    let scalar = ArrayD::ones(vec![]);
    assert_refused(parameters.set("b2", &scalar), &["`b2`", "[2]", "[]"]);
    assert_eq!(net, before);
}
