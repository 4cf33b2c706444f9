use crate::data;
use crate::support::{
    Data, assert_close, assert_finite, assert_net_gradients, assert_panics,
    assert_refused, courses_three_layer_net, in_f32, labels, random, random_net,
};
use crate::teach::teach;
use approx::assert_abs_diff_eq;
use fully_connected::checker::{check, check_gradients_of};
use fully_connected::deep::{Pass, Step};
use fully_connected::gradient_check::Verdict;
use fully_connected::numpy::RandomState;
use fully_connected::optim::{Adam, Optimizer, Rule};
use fully_connected::overfit::{Training, layer_stds, sgd_step, train};
use fully_connected::regularization::penalty;
use fully_connected::{
    FullyConnectedNet, Moments, Normalization, Options, dropout, softmax,
};
use ndarray::{Array, Array2, ArrayD, Axis, Dimension, Ix1, Ix2, IxDyn, array, s};

const NORMALIZATIONS: [Normalization; 3] = [
    Normalization::None,
    Normalization::BatchNorm,
    Normalization::LayerNorm,
];

/// A kind of network in `tests/data/deep.txt`: its name there, and its options.
const KINDS: [(&str, Normalization, f64); 5] = [
    ("batchnorm", Normalization::BatchNorm, 1.0),
    ("layernorm", Normalization::LayerNorm, 1.0),
    ("dropout", Normalization::None, 0.8),
    ("batchnorm_dropout", Normalization::BatchNorm, 0.8),
    ("layernorm_dropout", Normalization::LayerNorm, 0.8),
];

/// The network of `tests/data/deep.txt` with these options.
fn net_of(
    data: &Data,
    normalization: Normalization,
    keep: f64,
) -> FullyConnectedNet<f64> {
    let options = Options {
        reg: 0.7,
        normalization,
        dropout_keep_ratio: keep,
        ..Options::new(6, &[4, 3], 3)
    };
    let mut net = FullyConnectedNet::new(options).unwrap();
    for name in net.parameters().names() {
        let value = data.array::<IxDyn>(&name);
        net.parameters_mut().set(&name, &value).unwrap();
    }
    for (i, running) in net.running_mut().iter_mut().enumerate() {
        running.mean = data.array(&format!("running_mean{}", i + 1));
        running.var = data.array(&format!("running_var{}", i + 1));
    }
    net
}

/// The masks of the file, or none where everything is kept.
fn masks_of(data: &Data, keep: f64) -> Vec<Array2<f64>> {
    if keep == 1.0 {
        return Vec::new();
    }
    vec![data.array("mask1"), data.array("mask2")]
}

/// The pass of a training step with these masks.
fn training(masks: &[Array2<f64>]) -> Pass<'_, f64> {
    if masks.is_empty() {
        Pass::Train { seed: 0, step: 0 }
    } else {
        Pass::Masks(masks)
    }
}

/// Options with normalization and dropout.
fn options(normalization: Normalization, keep: f64, hidden: &[usize]) -> Options {
    Options {
        reg: 0.7,
        normalization,
        dropout_keep_ratio: keep,
        seed: 7,
        ..Options::new((3, 2), hidden, 4)
    }
}

/// A network with random parameters and running averages.
fn random_deep_net(options: Options, seed: u64) -> FullyConnectedNet<f64> {
    let mut net = random_net(options, seed);
    for (i, running) in net.running_mut().iter_mut().enumerate() {
        let units = running.mean.len();
        let seed = 50 * seed + 2 * i as u64;
        running.mean = random(units, seed);
        running.var = random(units, seed + 1).mapv(|z: f64| z * z + 0.1);
    }
    net
}

// The way up.

#[test]
fn the_scores_of_a_training_pass_are_numpys() {
    let _test = teach("deep::forward");
    let data = data!("deep");
    for (kind, normalization, keep) in KINDS {
        let net = net_of(&data, normalization, keep);
        let masks = masks_of(&data, keep);

        let x = data.array::<Ix2>("x");
        let (scores, _, _) = net.forward_in(&training(&masks), x);

        let name = format!("scores_{kind}");
        assert_close(&name, &scores, &data.array::<Ix2>(&name), 1e-12);
    }
}

#[test]
fn the_moments_of_a_training_pass_are_numpys() {
    let _test = teach("deep::forward");
    let data = data!("deep");
    for (kind, normalization, keep) in KINDS {
        let net = net_of(&data, normalization, keep);
        let masks = masks_of(&data, keep);

        let x = data.array::<Ix2>("x");
        let (_, _, moments) = net.forward_in(&training(&masks), x);

        let layers = if normalization == Normalization::BatchNorm {
            2
        } else {
            0
        };
        assert_eq!(moments.len(), layers, "{kind}: moments of so many layers");
        for (i, Moments { mean, var }) in moments.iter().enumerate() {
            for (name, got) in [("mean", mean), ("var", var)] {
                let name = format!("{name}{}_{kind}", i + 1);
                assert_close(&name, got, &data.array::<Ix1>(&name), 1e-12);
            }
        }
    }
}

#[test]
fn the_scores_of_a_test_pass_are_numpys() {
    let _test = teach("deep::forward");
    let data = data!("deep");
    for (kind, normalization, keep) in KINDS {
        let net = net_of(&data, normalization, keep);
        let x = data.array::<Ix2>("x");

        let (scores, _, moments) = net.forward_in(&Pass::Test, &x);

        let name = format!("test_scores_{}", kind.split('_').next().unwrap());
        assert_close(&name, &scores, &data.array::<Ix2>(&name), 1e-12);
        assert!(moments.is_empty(), "a test pass has no moments");
        assert_eq!(net.scores(&x), scores, "`scores` is a test pass");
    }
}

#[test]
fn the_caches_hold_what_the_way_down_needs() {
    let _test = teach("deep::forward");
    let options = Options {
        dropout_keep_ratio: 0.5,
        ..Options::new(3, &[2, 4], 2)
    };
    let net = random_deep_net(options, 31);
    let x: Array2<f64> = random((5, 3), 32);
    // The first mask keeps every other entry.
    let masks = [
        Array2::from_shape_fn((5, 2), |(n, i)| ((n + i) % 2) as f64 * 2.),
        Array2::ones((5, 4)),
    ];
    let (_, caches, _) = net.forward_in(&Pass::Masks(&masks), &x);
    assert_eq!(caches.hidden.len(), 2, "one for each hidden layer");
    for (i, (cache, mask)) in caches.hidden.into_iter().zip(&masks).enumerate() {
        let dropped = cache.dropout.expect("a mask for each hidden layer");
        assert_eq!(dropped.mask(), mask, "the mask of hidden layer {i}");
    }
}

/// A deep network of small layers.
fn tall(normalization: Normalization) -> FullyConnectedNet<f64> {
    let options = Options {
        normalization,
        ..Options::new(3, &[4; 9], 2)
    };
    random_deep_net(options, 33)
}

#[test]
fn ten_layers_all_have_their_say() {
    let _test = teach("deep::forward");
    let x: Array2<f64> = random((5, 3), 34);
    for normalization in NORMALIZATIONS {
        let mut net = tall(normalization);
        let (scores, ..) = net.forward_in(&training(&[]), &x);
        for layer in 1..=10 {
            let name = format!("W{layer}");
            let before = net.parameters().get(&name).unwrap().to_owned();
            net.parameters_mut()
                .set(&name, &before.mapv(|w| -0.5 * w))
                .unwrap();
            let (other, ..) = net.forward_in(&training(&[]), &x);
            assert!(other != scores, "{name} changes no score");
            net.parameters_mut().set(&name, &before).unwrap();
        }
    }
}

#[test]
fn no_number_is_cut_off_on_the_way_up() {
    let _test = teach("deep::forward");
    // Without a norm and biases, k times the image is k times the scores.
    let mut net = random_deep_net(Options::new(3, &[4, 5], 2), 35);
    for layer in 1..=3 {
        let name = format!("b{layer}");
        net.parameters_mut().get_mut(&name).unwrap().fill(0.);
    }
    let x: Array2<f64> = random((50, 3), 36);
    let (scores, ..) = net.forward_in(&training(&[]), &x);
    let (larger, ..) = net.forward_in(&training(&[]), &(&x * 1e6));
    assert_close("scores", &larger, &(scores * 1e6), 1e-12);
}

#[test]
fn a_norm_takes_the_size_of_the_image_away() {
    let _test = teach("deep::forward");
    let x: Array2<f64> = random((50, 3), 36);
    for normalization in [Normalization::BatchNorm, Normalization::LayerNorm] {
        let options = Options {
            normalization,
            ..Options::new(3, &[4, 5], 2)
        };
        let mut net = random_deep_net(options, 38);
        net.parameters_mut().get_mut("b1").unwrap().fill(0.);
        let (scores, ..) = net.forward_in(&training(&[]), &(&x * 1e4));
        let (same, ..) = net.forward_in(&training(&[]), &(&x * 1e8));
        assert_close("scores", &same, &scores, 1e-6);
    }
}

#[test]
fn without_normalization_and_dropout_the_scores_are_those_of_chapter_5() {
    let _test = teach("deep::forward");
    for hidden in [&[][..], &[4], &[4, 7, 3]] {
        let net = random_net(options(Normalization::None, 1.0, hidden), 1);
        let x = random((5, 3, 2), 2);
        let (scores, _) = net.forward(&x);
        for pass in [Pass::Test, Pass::Train { seed: 1, step: 2 }] {
            let (deep, caches, _) = net.forward_in(&pass, &x);
            assert_close("scores", &deep, &scores, 1e-14);
            assert_eq!(caches.hidden.len(), hidden.len(), "caches of hidden layers");
        }
    }
}

#[test]
fn masks_follow_from_seed_step_and_layer() {
    let _test = teach("deep::forward");
    let net = random_deep_net(options(Normalization::BatchNorm, 0.6, &[8, 8, 8]), 1);
    let x = random((5, 6), 2);
    let scores = |seed, step| net.forward_in(&Pass::Train { seed, step }, &x).0;
    for (seed, step) in [(0, 0), (0, 1), (3, 0), (3, 1000)] {
        let mask = |layer| {
            dropout::mask((5, 8), 0.6, &mut dropout::uniforms(seed, step, layer))
        };
        let masks = [0, 1, 2].map(mask);
        let (given, _, _) = net.forward_in(&Pass::Masks(&masks), &x);
        assert_close("scores", &scores(seed, step), &given, 1e-14);
        assert_eq!(
            scores(seed, step),
            scores(seed, step),
            "the same masks again"
        );
    }
    assert_ne!(scores(0, 0), scores(0, 1), "each step has its own masks");
    assert_ne!(scores(0, 0), scores(1, 0), "each seed has its own masks");
}

#[test]
fn in_a_test_pass_an_example_is_alone() {
    let _test = teach("deep::forward");
    for normalization in NORMALIZATIONS {
        let net = random_deep_net(options(normalization, 0.6, &[4, 7]), 1);
        let x = random((5, 6), 2);
        let scores = net.scores(&x);
        for (i, example) in x.axis_chunks_iter(Axis(0), 1).enumerate() {
            let alone = net.scores(example);
            assert_close("scores", &alone.row(0), &scores.row(i), 1e-13);
        }
    }
}

#[test]
fn the_last_layer_is_affine_alone() {
    let _test = teach("deep::forward");
    // Without hidden layers there is nothing to normalize and nothing to drop.
    for normalization in NORMALIZATIONS {
        let net = random_net(options(normalization, 0.5, &[]), 1);
        let x = random((5, 6), 2);
        let layer = &net.parameters().layers()[0];
        let expected = x.dot(&layer.w) + &layer.b;
        for pass in [Pass::Test, Pass::Train { seed: 0, step: 0 }] {
            assert_close("scores", &net.forward_in(&pass, &x).0, &expected, 1e-14);
        }
    }
}

/// With one example batch normalization leaves nothing of it: every unit is `beta`.
#[test]
fn batch_normalization_of_a_batch_of_one_gives_beta() {
    let _test = teach("deep::forward");
    let net = random_deep_net(options(Normalization::BatchNorm, 1.0, &[4]), 1);
    let pass = Pass::Train { seed: 0, step: 0 };
    let (last, beta) = (
        &net.parameters().layers()[1],
        &net.parameters().norms()[0].beta,
    );
    let expected = beta.mapv(|b| b.max(0.0)).dot(&last.w) + &last.b;
    for scale in [1.0, 1e-6, 1e6] {
        let (scores, _, _) = net.forward_in(&pass, random((1, 6), 2) * scale);
        assert_finite("scores", &scores);
        assert_close("scores", &scores.row(0), &expected, 1e-12);
    }
}

#[test]
fn the_order_of_the_numbers_in_memory_does_not_matter() {
    let _test = teach("deep::forward");
    let net = random_deep_net(options(Normalization::BatchNorm, 0.6, &[4, 7]), 1);
    let x = random((2, 3, 5), 2);
    let x = x.slice(s![.., .., ..]).reversed_axes(); // (5, 3, 2)
    let copy = x.as_standard_layout().into_owned();
    let pass = Pass::Train { seed: 1, step: 1 };
    let (scores, _, _) = net.forward_in(&pass, x);
    assert_close("scores", &scores, &net.forward_in(&pass, copy).0, 1e-13);
}

// The way down.

#[test]
fn the_loss_and_its_gradients_are_numpys() {
    let _test = teach("deep::backward");
    let data = data!("deep");
    for (kind, normalization, keep) in KINDS {
        let net = net_of(&data, normalization, keep);
        let masks = masks_of(&data, keep);
        let x = data.array::<Ix2>("x");

        let step = net
            .loss_in(&training(&masks), &x, &data.labels("y"))
            .unwrap();

        let loss = data.array::<Ix1>(&format!("loss_{kind}"))[0];
        assert_abs_diff_eq!(step.loss, loss, epsilon = 1e-12);
        assert_eq!(step.grads.names(), net.parameters().names());
        for (name, grad) in step.grads.iter() {
            let expected = data.array::<IxDyn>(&format!("d{name}_{kind}"));
            if is_dead(&net, &name) {
                assert!(
                    grad.iter().all(|g| g.abs() < 1e-13),
                    "d{name} is {grad}, not 0"
                );
            } else {
                assert_close(&format!("d{name}_{kind}"), &grad, &expected, 1e-12);
            }
        }
    }
}

/// Whether the parameter is a bias in front of batch normalization, whose gradient is 0.
fn is_dead(net: &FullyConnectedNet<f64>, name: &str) -> bool {
    let last = format!("b{}", net.parameters().layers().len());
    net.options().normalization == Normalization::BatchNorm
        && name.starts_with('b')
        && !name.starts_with("beta")
        && name != last
}

/// The loss by the way up alone, which is all that a slope is measured by.
fn loss_alone<D: Dimension>(
    net: &FullyConnectedNet<f64>,
    pass: &Pass<'_, f64>,
    x: &Array<f64, D>,
    y: &[usize],
) -> f64 {
    let (scores, ..) = net.forward_in(pass, x);
    let (data_loss, _) = softmax::loss(&scores, y).unwrap();
    data_loss + penalty(net.parameters(), net.options().reg)
}

#[test]
fn the_gradients_of_every_combination_are_the_slopes_of_the_loss() {
    let _test = teach("deep::backward");
    let many = [4, 7, 3, 8];
    for normalization in NORMALIZATIONS {
        for keep in [1.0, 0.7] {
            for depth in [0, 1, 2, 4] {
                let options = options(normalization, keep, &many[..depth]);
                let net = random_deep_net(options, 3);
                let (x, y) = (random((5, 3, 2), 5), labels(5, 4));
                let pass = Pass::Train { seed: 4, step: 9 };

                let step = net.loss_in(&pass, &x, &y).unwrap();

                let loss =
                    |net: &FullyConnectedNet<f64>| loss_alone(net, &pass, &x, &y);
                assert_eq!(loss(&net), step.loss);
                assert_net_gradients(&net, step.grads.iter(), loss);
            }
        }
    }
}

/// The loss and all gradients once more in `f32`. One rounding there is 6e-8 of a number; a
/// network of three layers has some dozens of them in a row, and batch normalization divides
/// by spreads of about 0.3 here: 1e-4 of the largest entry is far more than they add up to,
/// and far less than any mistake.
#[test]
fn the_gradients_of_ten_layers_are_the_slopes_of_the_loss() {
    let _test = teach("deep::backward");
    let x: Array2<f64> = random((5, 3), 37);
    let y = [0, 1, 1, 0, 1];
    let net = tall(Normalization::LayerNorm);
    let step = net.loss_in(&training(&[]), &x, &y).unwrap();
    assert_eq!(step.grads.layers().len(), 10);
    for (name, gradient) in step.grads.iter() {
        let parameter = net.parameters().get(&name).unwrap();
        let mut probe = net.clone();
        let loss_at = |w: &ArrayD<f64>| {
            probe.parameters_mut().set(&name, w).unwrap();
            loss_alone(&probe, &training(&[]), &x, &y)
        };
        // One at a time: to measure all again where the first differs would take too long.
        let check = check(&name, loss_at, &parameter, &gradient);
        assert_eq!(check.verdict, Verdict::Agrees, "{check:?}");
    }
}

#[test]
fn single_precision_agrees_with_double() {
    let _test = teach("deep::backward");
    for normalization in NORMALIZATIONS {
        for keep in [1.0, 0.7] {
            let net = random_deep_net(options(normalization, keep, &[4, 7]), 1);
            let (x, y) = (random((5, 6), 2), labels(5, 4));
            let pass = Pass::Train { seed: 4, step: 9 };
            let step = net.loss_in(&pass, &x, &y).unwrap();

            let single = in_f32(&net);
            let pass = Pass::Train { seed: 4, step: 9 };
            let Step {
                loss,
                grads,
                moments,
            } = single.loss_in(&pass, x.mapv(|x| x as f32), &y).unwrap();

            assert_abs_diff_eq!(f64::from(loss), step.loss, epsilon = 1e-5);
            assert_eq!(moments.len(), step.moments.len());
            for ((name, grad), (_, grad32)) in step.grads.iter().zip(grads.iter()) {
                assert_finite(&name, &grad32);
                if is_dead(&net, &name) {
                    assert!(
                        grad32.iter().all(|g| g.abs() < 1e-5),
                        "d{name} is {grad32}"
                    );
                } else {
                    assert_close(&format!("d{name}"), &grad32, &grad, 1e-4);
                }
            }
        }
    }
}

#[test]
fn the_gradient_of_a_plain_network_is_that_of_chapter_6() {
    let _test = teach("deep::backward");
    let net = random_net(options(Normalization::None, 1.0, &[4, 7]), 1);
    let (x, y) = (random((5, 6), 2), labels(5, 4));
    let (loss, grads) = net.loss(&x, &y).unwrap();
    let step = net
        .loss_in(&Pass::Train { seed: 0, step: 0 }, &x, &y)
        .unwrap();
    assert_abs_diff_eq!(step.loss, loss, epsilon = 1e-13);
    for ((name, grad), (_, deep)) in grads.iter().zip(step.grads.iter()) {
        assert_close(&format!("d{name}"), &deep, &grad, 1e-13);
    }
}

#[test]
fn the_penalty_never_touches_gamma_or_beta() {
    let _test = teach("deep::backward");
    for normalization in NORMALIZATIONS {
        let step = |reg| {
            let options = Options {
                reg,
                ..options(normalization, 0.7, &[4, 7])
            };
            let net = random_deep_net(options, 1);
            let step = net.loss_in(
                &Pass::Train { seed: 0, step: 0 },
                random((5, 6), 2),
                &labels(5, 4),
            );
            (net, step.unwrap())
        };
        let ((net, without), (_, with)) = (step(0.0), step(10.0));
        let mut squares = 0.0;
        for (name, grad) in with.grads.iter() {
            let parameter = net.parameters().get(&name).unwrap();
            let mut expected = without.grads.get(&name).unwrap().to_owned();
            if name.starts_with('W') {
                expected.scaled_add(10.0, &parameter);
                squares += parameter.iter().map(|w| w * w).sum::<f64>();
            }
            assert_close(&format!("d{name}"), &grad, &expected, 1e-12);
        }
        let expected = without.loss + 5.0 * squares;
        assert_abs_diff_eq!(with.loss, expected, epsilon = 1e-11);
        assert_abs_diff_eq!(
            penalty(net.parameters(), 10.0),
            5.0 * squares,
            epsilon = 1e-11
        );
    }
}

#[test]
fn gradients_grow_as_the_signal_from_above_does() {
    let _test = teach("deep::backward");
    for normalization in NORMALIZATIONS {
        let net = random_deep_net(options(normalization, 0.7, &[4, 7]), 1);
        let pass = Pass::Train { seed: 0, step: 0 };
        let (_, caches, _) = net.forward_in(&pass, random((5, 6), 2));
        let dscores = random((5, 4), 3);
        let once = net.backward_from(dscores.clone(), caches.clone());
        for k in [2., 1024., 1. / 1024.] {
            let more = net.backward_from(&dscores * k, caches.clone());
            for ((name, once), (_, more)) in once.iter().zip(more.iter()) {
                // A power of 2 rounds nothing.
                assert_eq!(more, &once * k, "d{name}");
            }
        }
    }
}

#[test]
fn a_network_of_one_unit_in_each_layer_works() {
    let _test = teach("deep::backward");
    for normalization in NORMALIZATIONS {
        for keep in [1.0, 0.7] {
            let net = random_deep_net(options(normalization, keep, &[1, 1]), 2);
            let (x, y) = (random((5, 6), 2), labels(5, 4));
            let pass = Pass::Train { seed: 0, step: 3 };
            let step = net.loss_in(&pass, &x, &y).unwrap();
            assert!(step.loss.is_finite());
            let loss =
                |net: &FullyConnectedNet<f64>| net.loss_in(&pass, &x, &y).unwrap().loss;
            assert_net_gradients(&net, step.grads.iter(), loss);
            if normalization == Normalization::LayerNorm {
                // One unit is its own mean, and nothing is left of it.
                let dw = step.grads.get("W1").unwrap().to_owned()
                    - net.parameters().get("W1").unwrap().to_owned() * 0.7;
                assert!(dw.iter().all(|g| g.abs() < 1e-14), "{dw}");
            }
        }
    }
}

#[test]
fn a_batch_of_one_works() {
    let _test = teach("deep::backward");
    for normalization in NORMALIZATIONS {
        let net = random_deep_net(options(normalization, 0.7, &[4, 7]), 1);
        let (x, y) = (random((1, 6), 2), [2]);
        let pass = Pass::Train { seed: 0, step: 1 };
        let step = net.loss_in(&pass, &x, &y).unwrap();
        let loss =
            |net: &FullyConnectedNet<f64>| net.loss_in(&pass, &x, &y).unwrap().loss;
        assert_net_gradients(&net, step.grads.iter(), loss);
    }
}

#[test]
fn keep_ratios_at_both_ends_work() {
    let _test = teach("deep::backward");
    let (x, y) = (random((5, 6), 2), labels(5, 4));
    for normalization in NORMALIZATIONS {
        // So little is kept that a whole layer is dropped: the scores are the last biases.
        let net = random_deep_net(options(normalization, 1e-9, &[4, 7]), 1);
        let pass = Pass::Train { seed: 0, step: 0 };
        let (scores, _, _) = net.forward_in(&pass, &x);
        for row in scores.rows() {
            assert_eq!(row, net.parameters().layers()[2].b);
        }
        let step = net.loss_in(&pass, &x, &y).unwrap();
        for (name, grad) in step.grads.iter() {
            assert_finite(&format!("d{name}"), &grad);
        }
        // So much is kept that nothing is dropped.
        let almost = random_deep_net(options(normalization, 1.0 - 1e-12, &[4, 7]), 1);
        let all = random_deep_net(options(normalization, 1.0, &[4, 7]), 1);
        let losses = [almost, all].map(|net| net.loss_in(&pass, &x, &y).unwrap().loss);
        assert_abs_diff_eq!(losses[0], losses[1], epsilon = 1e-9);
    }
}

#[test]
fn the_loss_is_pure_and_the_moments_are_remembered_after_the_step() {
    let _test = teach("deep::backward");
    let mut net = random_deep_net(options(Normalization::BatchNorm, 0.7, &[4, 7]), 1);
    let (x, y) = (random((5, 6), 2), labels(5, 4));
    let before = net.clone();
    let pass = Pass::Train { seed: 0, step: 0 };

    let step = net.loss_in(&pass, &x, &y).unwrap();

    assert_eq!(net, before, "a loss changes nothing");
    assert_eq!(
        net.loss_in(&pass, &x, &y).unwrap(),
        step,
        "and comes out the same again"
    );

    net.remember(&step.moments);
    for ((new, old), batch) in net
        .running()
        .iter()
        .zip(before.running())
        .zip(&step.moments)
    {
        assert_close(
            "mean",
            &new.mean,
            &(&old.mean * 0.9 + &batch.mean * 0.1),
            1e-14,
        );
        assert_close("var", &new.var, &(&old.var * 0.9 + &batch.var * 0.1), 1e-14);
    }
    assert_eq!(
        net.parameters(),
        before.parameters(),
        "remembering is no step"
    );
    assert_eq!(
        net.loss_in(&pass, &x, &y).unwrap(),
        step,
        "training does not use them"
    );
}

#[test]
fn a_loss_without_a_pass_is_the_first_step() {
    let _test = teach("deep::backward");
    let (x, y) = (random((5, 3, 2), 2), labels(5, 4));
    for normalization in NORMALIZATIONS {
        let net = random_deep_net(options(normalization, 0.7, &[4, 7]), 1);
        let step = net
            .loss_in(&Pass::Train { seed: 7, step: 0 }, &x, &y)
            .unwrap();
        let (loss, grads) = net.loss(&x, &y).unwrap();
        assert_abs_diff_eq!(loss, step.loss, epsilon = 1e-14);
        assert_eq!(grads, step.grads);
        assert_abs_diff_eq!(net.loss_value(&x, &y).unwrap(), loss, epsilon = 1e-14);
        let (data_loss, _) = net.data_loss(&x, &y).unwrap();
        let penalty = penalty(net.parameters(), 0.7);
        assert_abs_diff_eq!(data_loss + penalty, loss, epsilon = 1e-14);
    }
}

/// The notebook's networks with normalization and dropout, whose dropout layers seed NumPy's
/// generator anew with 123.
/// The masks of the course's dropout layers, each of which seeds the generator anew, with 123.
fn courses_masks(random: &mut RandomState, keep: f64) -> Vec<Array2<f64>> {
    let mask = |units| {
        *random = RandomState::new(123);
        let mut uniforms = std::iter::repeat_with(|| random.random_sample());
        dropout::mask((2, units), keep, &mut uniforms)
    };
    if keep < 1.0 {
        [20, 30].map(mask).to_vec()
    } else {
        Vec::new()
    }
}

/// Compares loss, scores and the norms of the gradients with those in the file.
#[track_caller]
fn assert_initial_loss(
    net: &FullyConnectedNet<f64>,
    masks: &[Array2<f64>],
    (x, y): (&Array2<f64>, &[usize]),
    (data, name): (&Data, &str),
) {
    let step = net.loss_in(&training(masks), x, y).unwrap();
    let of = |what: &str| data.array::<IxDyn>(&format!("{what}_{name}"));
    let (scores, _, _) = net.forward_in(&training(masks), x);
    assert_close("scores", &scores.into_dyn(), &of("scores"), 1e-11);
    assert_abs_diff_eq!(step.loss, of("loss")[[0]], epsilon = 1e-12);
    let expected = of("norms");
    for ((name, grad), expected) in step.grads.iter().zip(&expected) {
        let norm = grad.iter().map(|g| g * g).sum::<f64>().sqrt();
        assert!(
            (norm - expected).abs() < 1e-9 * expected.max(1.0),
            "‖d{name}‖ is {norm}, not {expected}"
        );
    }
    assert_eq!(step.grads.iter().count(), expected.len());
}

#[test]
fn the_initial_losses_are_numpys() {
    let _test = teach("deep::backward");
    let data = data!("initial_losses");
    for (kind, normalization, keep) in KINDS {
        let suffix = if keep < 1.0 { "_0.8" } else { "" };
        let mut random = RandomState::new(231);
        let x = random.randn_array((2, 15));
        let y = random.randints(10, 2);
        for reg in ["0", "3.14"] {
            let options = Options {
                reg: reg.parse().unwrap(),
                weight_scale: 5e-2,
                normalization,
                dropout_keep_ratio: keep,
                ..Options::new(15, &[20, 30], 10)
            };
            let net =
                FullyConnectedNet::with_normals(options, random.normals()).unwrap();
            let masks = courses_masks(&mut random, keep);
            let name = format!("{kind}{suffix}_reg_{reg}");
            assert_initial_loss(&net, &masks, (&x, &y), (&data, &name));
        }
    }
}

/// The course's check of a network with dropout: one that keeps all, whose loss is chapter 8's,
/// one that keeps 0.75, and one that keeps 0.5.
#[test]
fn the_courses_check_of_a_network_with_dropout_is_numpys() {
    let _test = teach("deep::backward");
    let data = data!("initial_losses");
    let mut random = RandomState::new(231);
    let x = random.randn_array((2, 15));
    let y = random.randints(10, 2);
    for keep in [1.0, 0.75, 0.5] {
        let options = Options {
            weight_scale: 5e-2,
            dropout_keep_ratio: keep,
            ..Options::new(15, &[20, 30], 10)
        };
        let net = FullyConnectedNet::with_normals(options, random.normals()).unwrap();
        if keep < 1.0 {
            let masks = courses_masks(&mut random, keep);
            let name = format!("course_dropout_{keep}");
            assert_initial_loss(&net, &masks, (&x, &y), (&data, &name));
        }
    }
}

#[test]
fn a_network_that_drops_nothing_has_part_is_initial_losses() {
    let _test = teach("deep::backward");
    for (data, reg, expected) in [
        (data!("initial_loss_reg_0"), 0.0, 2.3004790897684924),
        (data!("initial_loss_reg_3_14"), 3.14, 7.052114776533016),
    ] {
        let net = courses_three_layer_net(&data, reg);
        let pass = Pass::Train { seed: 0, step: 0 };
        let step = net
            .loss_in(&pass, data.array::<Ix2>("X"), &data.labels("y"))
            .unwrap();
        assert_abs_diff_eq!(step.loss, expected, epsilon = 1e-12);
    }
}

#[test]
fn the_check_of_chapter_8_sees_gamma_and_beta_by_name() {
    let _test = teach("deep::backward");
    for normalization in NORMALIZATIONS {
        for keep in [1.0, 0.7] {
            let net = random_deep_net(options(normalization, keep, &[4, 3]), 1);
            let (x, y) = (random((5, 6), 2), labels(5, 4));
            let pass = Pass::Train { seed: 2, step: 5 };
            let mut grads = net.loss_in(&pass, &x, &y).unwrap().grads;
            let loss =
                |net: &FullyConnectedNet<f64>| Ok(net.loss_in(&pass, &x, &y)?.loss);
            let checks = check_gradients_of(&net, loss, y.len(), &grads).unwrap();
            let names: Vec<_> = checks.iter().map(|check| check.name.clone()).collect();
            assert_eq!(names, net.parameters().names());
            for check in &checks {
                assert!(check.verdict.passed(), "{check:?}");
            }
            if let Ok(mut gamma) = grads.get_mut("gamma2") {
                gamma[[1]] += 1e-4;
                let checks = check_gradients_of(&net, loss, y.len(), &grads).unwrap();
                let wrong: Vec<_> = checks
                    .iter()
                    .filter(|check| !check.verdict.passed())
                    .collect();
                assert_eq!(wrong.len(), 1, "{wrong:?}");
                assert_eq!(wrong[0].name, "gamma2");
            }
        }
    }
}

/// Four layers of tiny weights, through which chapter 9's network sends no signal, learn with
/// normalization.
#[test]
fn a_thousand_steps_with_everything_on_stay_finite_in_single_precision() {
    let _test = teach("deep::backward");
    let options = Options {
        normalization: Normalization::BatchNorm,
        dropout_keep_ratio: 0.8,
        ..Options::new(8, &[16, 16], 4)
    };
    let mut net = FullyConnectedNet::<f32>::new(options).unwrap();
    // The label is the largest of the first four numbers: it can be learned.
    let x = random((64, 8), 1).mapv(|x| x as f32);
    let largest = |row: ndarray::ArrayView1<f32>| {
        (0..4).max_by(|&i, &j| row[i].total_cmp(&row[j])).unwrap()
    };
    let y: Vec<usize> = x.rows().into_iter().map(largest).collect();
    let mut optimizer =
        Optimizer::new(Rule::Adam(Adam::default()), net.parameters()).unwrap();
    for step in 0..1000 {
        let i = (step as usize % 4) * 16;
        let batch = x.slice(s![i..i + 16, ..]);
        let seen = net
            .loss_in(&Pass::Train { seed: 0, step }, batch, &y[i..i + 16])
            .unwrap();
        assert!(
            seen.loss.is_finite(),
            "the loss of step {step} is {}",
            seen.loss
        );
        optimizer.step(net.parameters_mut(), &seen.grads, 1e-2);
        net.remember(&seen.moments);
    }
    for (name, parameter) in net.parameters().iter() {
        assert_finite(&name, &parameter);
    }
    let right = net.accuracy(&x, &y).unwrap();
    assert!(right >= 0.9, "{right} of the training examples are right");
}

#[test]
fn what_does_not_fit_is_refused() {
    let _test = teach("deep::backward");
    let net = random_deep_net(options(Normalization::BatchNorm, 0.7, &[4, 7]), 1);
    let (x, y) = (random((5, 6), 2), labels(5, 4));
    let pass = Pass::Train { seed: 0, step: 0 };
    assert_refused(
        net.loss_in(&pass, &x, &[0, 1, 2, 4, 0]),
        &["y[3]", "4 classes"],
    );
    assert_refused(net.loss_in(&pass, &x, &[0, 1]), &["2 labels", "5 examples"]);
    assert_refused(net.loss_in(&pass, Array2::zeros((0, 6)), &[]), &["empty"]);
    assert_panics(&["loss_in", "test pass", "Pass::Train"], || {
        net.loss_in(&Pass::Test, &x, &y)
    });

    let (scores, caches, _) = net.forward_in(&Pass::Test, &x);
    assert_panics(&["test pass", "no way back"], || {
        net.backward_from(scores, caches)
    });
    let (scores, mut caches, _) = net.forward_in(&pass, &x);
    assert_panics(&["dscores", "4 classes", "[5, 3]"], || {
        net.backward_from(Array2::zeros((5, 3)), caches.clone());
    });
    caches.hidden.pop();
    assert_panics(&["backward_from", "2 hidden", "there are 1"], || {
        net.backward_from(scores, caches)
    });
}

// What is given.

#[test]
fn masks_that_do_not_fit_are_refused() {
    let _test = teach("deep::forward");
    let net = random_deep_net(options(Normalization::None, 0.7, &[4, 7]), 1);
    let x = random((5, 6), 2);
    let masks = [Array2::ones((5, 4)), Array2::ones((5, 6))];
    assert_panics(&["masks", "(5, 7)", "(5, 6)"], || {
        net.forward_in(&Pass::Masks(&masks), &x)
    });
    assert_panics(&["masks", "(5, 7)"], || {
        net.forward_in(&Pass::Masks(&masks[..1]), &x)
    });
}

#[test]
fn moments_of_another_network_are_refused() {
    let _test = teach("deep::forward");
    let mut net = random_deep_net(options(Normalization::BatchNorm, 1.0, &[4, 7]), 1);
    assert_panics(&["remember", "2 layers", "there are 1"], || {
        net.remember(&[Moments::zeros(4)]);
    });
}

#[test]
fn every_combination_of_options_builds_and_has_its_parameters() {
    let _test = teach("deep::forward");
    for normalization in NORMALIZATIONS {
        for keep in [1.0, 0.5] {
            for hidden in [&[][..], &[1], &[4, 7]] {
                let net =
                    FullyConnectedNet::<f32>::new(options(normalization, keep, hidden))
                        .unwrap();
                let norms = if normalization == Normalization::None {
                    0
                } else {
                    hidden.len()
                };
                assert_eq!(net.parameters().norms().len(), norms);
                let batch = normalization == Normalization::BatchNorm;
                assert_eq!(net.running().len(), if batch { hidden.len() } else { 0 });
                for norm in net.parameters().norms() {
                    assert!(norm.gamma.iter().all(|&g| g == 1.0), "gamma begins at 1");
                    assert!(norm.beta.iter().all(|&b| b == 0.0), "beta begins at 0");
                }
            }
        }
    }
}

#[test]
fn part_is_functions_refuse_by_name_and_point_onwards() {
    let _test = teach("deep::forward");
    let x = array![[1.0, -1.0, 0.5, 2.0, 0.0, 1.0]];
    for (normalization, keep, option) in [
        (Normalization::BatchNorm, 1.0, "normalization"),
        (Normalization::LayerNorm, 1.0, "normalization"),
        (Normalization::None, 0.5, "dropout_keep_ratio"),
    ] {
        let mut net = random_deep_net(options(normalization, keep, &[4]), 1);
        assert_panics(&["FullyConnectedNet::forward ", "forward_in"], || {
            net.forward(&x)
        });
        assert_panics(&["overfit::layer_stds", "chapter 14"], || {
            layer_stds(&net, &x)
        });
        let training = Training {
            epochs: 1,
            batch: 1,
            learning_rate: 0.1,
            seed: 0,
        };
        let before = net.clone();
        let refused = train(&mut net, &x, &[0], &training, |_| {});
        assert_refused(
            refused,
            &[option, "overfit::train", "good_model::train", "chapter 15"],
        );
        assert_eq!(net, before, "a network that is refused is as it was");
        if normalization != Normalization::None {
            let grads = net.parameters().clone();
            assert_panics(&["overfit::sgd_step", "gamma", "optim::Optimizer"], || {
                sgd_step(net.parameters_mut(), &grads, 0.1);
            });
        }
    }
}

#[test]
fn a_variance_that_overflows_shows_in_the_loss() {
    let _test = teach("deep::backward");
    let options = Options {
        normalization: Normalization::BatchNorm,
        ..Options::new(6, &[5], 3)
    };
    let net = random_net(options, 1);
    let pass = Pass::Train { seed: 0, step: 0 };
    let (x, y) = (random((7, 6), 2), labels(7, 3));
    let step = net.loss_in(&pass, &x, &y).unwrap();
    assert!(step.loss.is_finite());
    let step = net.loss_in(&pass, &(&x * 1e160), &y).unwrap();
    assert!(step.loss.is_nan(), "the loss is {}", step.loss);
}
