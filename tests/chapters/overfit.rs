use crate::picture::assert_picture;
use crate::support::{
    assert_close, assert_panics, assert_refused, labels, random, random_net,
};
use crate::teach::{given, teach};
use approx::assert_relative_eq;
use fully_connected::overfit::{
    Batches, History, Training, accuracy, layer_stds, sgd_step, train,
};
use fully_connected::{Error, FullyConnectedNet, Options, Scalar};
use ndarray::{Array2, array};
use std::collections::HashSet;
use std::fmt::Write;

const TRAINING: Training = Training {
    epochs: 20,
    batch: 25,
    learning_rate: 1e-2,
    seed: 1,
};

/// Fifty examples of 60 numbers with a standard deviation of 64, as pixels have, and a
/// label that has nothing to do with them.
fn examples() -> (Array2<f64>, Vec<usize>) {
    (random((50, 60), 1) * 64.0, labels(50, 10))
}

/// A network that can learn them: two hidden layers of 50. The numbers are 51 times fewer
/// than an image's, so the weights are √51 times those of chapter 9's network.
fn learner<T: Scalar>() -> FullyConnectedNet<T> {
    let options = Options {
        weight_scale: 0.14,
        ..Options::new(60, &[50, 50], 10)
    };
    FullyConnectedNet::new(options).unwrap()
}

fn learn(training: &Training) -> (FullyConnectedNet<f64>, History) {
    let (x, y) = examples();
    let mut net = learner();
    let history = train(&mut net, &x, &y, training, |_| {}).unwrap();
    (net, history)
}

#[test]
fn a_step_goes_downhill_by_the_rate_times_the_gradient() {
    let _test = teach("overfit::sgd_step");
    let mut net = FullyConnectedNet::<f64>::new(Options::new(2, &[1], 2)).unwrap();
    let mut grads = net.parameters().clone();
    for (name, start, grad) in [
        ("W1", array![[1.], [2.]], array![[10.], [-20.]]),
        ("W2", array![[3., 4.]], array![[0., 40.]]),
    ] {
        net.parameters_mut().set(name, &start).unwrap();
        grads.set(name, &grad).unwrap();
    }
    for (name, start, grad) in [
        ("b1", array![5.], array![-50.]),
        ("b2", array![6., 7.], array![60., 70.]),
    ] {
        net.parameters_mut().set(name, &start).unwrap();
        grads.set(name, &grad).unwrap();
    }

    sgd_step(net.parameters_mut(), &grads, 0.5);

    let layers = net.parameters().layers();
    assert_eq!(layers[0].w, array![[-4.], [12.]]);
    assert_eq!(layers[0].b, array![30.]);
    assert_eq!(layers[1].w, array![[3., -16.]]);
    assert_eq!(layers[1].b, array![-24., -28.]);
}

#[test]
fn a_step_moves_however_many_layers_there_are_however_far() {
    let _test = teach("overfit::sgd_step");
    let options = Options::new(3, &[4, 2, 5, 3, 4, 2, 3], 2);
    let start = random_net(options.clone(), 1);
    let grads = random_net(options, 2).parameters().clone();
    for rate in [1e6, 1e-6, -1e6] {
        let mut net = start.clone();
        sgd_step(net.parameters_mut(), &grads, rate);
        let pairs = net.parameters().iter().zip(start.parameters().iter());
        for (((name, moved), (_, start)), (_, grad)) in pairs.zip(grads.iter()) {
            let expected = &start - &(&grad * rate);
            assert_close(&name, &moved, &expected, 1e-14);
        }
    }
}

#[test]
fn a_small_step_lowers_the_loss_by_the_square_of_the_gradient() {
    let _test = teach("overfit::sgd_step");
    let options = Options {
        reg: 0.1,
        ..Options::new(6, &[4, 7], 3)
    };
    let mut net = random_net(options, 1);
    let (x, y) = (random((5, 6), 2), labels(5, 3));
    let (before, grads) = net.loss(&x, &y).unwrap();
    let square: f64 = grads.iter().map(|(_, g)| g.mapv(|g| g * g).sum()).sum();

    let rate = 1e-6;
    sgd_step(net.parameters_mut(), &grads, rate);

    let after = net.loss_value(&x, &y).unwrap();
    assert_relative_eq!(before - after, rate * square, max_relative = 1e-3);
}

#[test]
fn a_step_with_gradients_of_another_network_is_refused() {
    let _test = teach("overfit::sgd_step");
    let mut net = random_net(Options::new(6, &[4], 3), 1);
    for other in [
        Options::new(6, &[5], 3),
        Options::new(6, &[4, 4], 3),
        Options::new(6, &[], 3),
        Options::new(1, &[1], 1), // ndarray would stretch these
    ] {
        let grads = random_net(other, 2).parameters().clone();
        assert_panics(&["sgd_step", "shapes", "(\"W1\", [6, 4])"], || {
            sgd_step(net.parameters_mut(), &grads, 0.1);
        });
    }
}

#[test]
fn accuracy_is_the_share_of_rows_whose_largest_score_is_the_labels() {
    let _test = teach("overfit::accuracy");
    let scores = array![
        [3., 5., -1.],
        [4., 0., 2.],
        [-3., -2., -1.],
        [0., 1e-9, 0.],
        [7., 8., 9.],
    ];
    let accuracy = |y: &[usize]| accuracy(&scores, y).unwrap();
    assert_eq!(accuracy(&[1, 0, 2, 1, 2]), 1.0);
    assert_eq!(accuracy(&[1, 0, 2, 1, 0]), 0.8);
    assert_eq!(accuracy(&[0, 0, 0, 0, 0]), 0.2);
    assert_eq!(accuracy(&[0, 2, 1, 2, 1]), 0.0);
}

#[test]
fn every_row_counts_and_every_class_has_its_turn() {
    let _test = teach("overfit::accuracy");
    let y: Vec<_> = (0..30).map(|n| 7 * n % 12).collect();
    let score = |(n, class)| {
        if class == y[n] {
            1e6
        } else {
            1e4 * class as f64
        }
    };
    let scores = Array2::from_shape_fn((30, 12), score);
    for scores in [&scores - 2e6, scores] {
        assert_eq!(accuracy(&scores, &y).unwrap(), 1.0);
        for n in 0..30 {
            let mut y = y.clone();
            y[n] = (y[n] + 1) % 12;
            assert_relative_eq!(accuracy(&scores, &y).unwrap(), 29. / 30.);
        }
    }
}

#[test]
fn of_equal_scores_the_first_counts() {
    let _test = teach("overfit::accuracy");
    let scores = array![[1., 1., 0.], [2., 3., 3.]];
    assert_eq!(accuracy(&scores, &[0, 1]).unwrap(), 1.0);
    assert_eq!(accuracy(&scores, &[1, 2]).unwrap(), 0.0);
    // Whichever was the largest of the row before.
    let scores = array![[1., 2., 3.], [0., 0., 0.], [1., 2., 2.], [-1., -2., -1.]];
    assert_eq!(accuracy(&scores, &[2, 0, 1, 0]).unwrap(), 1.0);
}

#[test]
fn accuracy_is_that_of_the_scores_in_any_order_in_memory() {
    let _test = teach("overfit::accuracy");
    let scores = random((5, 7), 1);
    let y = labels(7, 5);
    let copy = scores.t().as_standard_layout().into_owned();
    assert_eq!(
        accuracy(&scores.t(), &y).unwrap(),
        accuracy(&copy, &y).unwrap()
    );
    let single = copy.mapv(|s| s as f32);
    assert_eq!(accuracy(&single, &y).unwrap(), accuracy(&copy, &y).unwrap());
}

#[test]
fn accuracy_needs_a_label_with_a_class_for_each_row() {
    let _test = given();
    let scores = random((5, 4), 1);
    assert_refused(accuracy(&scores, &[0; 4]), &["4 labels", "5 examples"]);
    assert_refused(accuracy(&scores, &[0, 0, 4, 0, 0]), &["y[2]", "4 classes"]);
    assert_refused(accuracy(&Array2::<f64>::zeros((0, 4)), &[]), &["empty"]);
}

#[test]
fn batches_are_drawn_with_replacement_and_labels_stay_with_their_examples() {
    let _test = given();
    let x = Array2::from_shape_fn((6, 2), |(n, d)| (10 * n + d) as f64);
    let y = [60, 61, 62, 63, 64, 65];
    let mut batches = Batches::new(&x, &y, 4, 7);
    let (mut seen, mut repeated) = (HashSet::new(), false);
    for _ in 0..50 {
        let (batch_x, batch_y) = batches.draw();
        assert_eq!((batch_x.dim(), batch_y.len()), ((4, 2), 4));
        for (row, label) in batch_x.rows().into_iter().zip(batch_y) {
            assert_eq!(row, x.row(label - 60));
        }
        let distinct: HashSet<_> = batch_y.iter().copied().collect();
        repeated |= distinct.len() < 4;
        seen.extend(distinct);
    }
    assert_eq!(seen.len(), 6, "every example has its turn: {seen:?}");
    assert!(repeated, "an example may come twice in a batch");
}

#[test]
fn batches_are_the_same_for_a_seed_and_may_be_larger_than_the_set() {
    let _test = given();
    let (x, y) = (random((3, 2), 1), [0, 1, 2]);
    let draw = |seed| Batches::new(&x, &y, 20, seed).draw().1.to_vec();
    assert_eq!(draw(7), draw(7));
    assert_ne!(draw(7), draw(8));
}

#[test]
fn batches_of_nothing_are_refused() {
    let _test = given();
    let x = random((3, 2), 1);
    assert_panics(&["Batches", "[3, 2]", "2 labels"], || {
        Batches::new(&x, &[0, 1], 4, 7);
    });
    let none = Array2::<f64>::zeros((0, 2));
    assert_panics(&["Batches", "at least one"], || {
        Batches::new(&none, &[], 4, 7);
    });
}

#[test]
fn fifty_examples_are_learned_by_heart() {
    let _test = teach("overfit::train");
    let (net, history) = learn(&TRAINING);

    assert_eq!(history.accuracies.last(), Some(&1.0), "{history:?}");
    let (x, y) = examples();
    assert_eq!(accuracy(&net.scores(&x), &y).unwrap(), 1.0);
    let first = history.epoch_of_full_accuracy().unwrap();
    assert!((2..20).contains(&first), "100 % in epoch {first}");
    assert!(history.accuracies[first - 2] < 1.0);
    assert_eq!(history.accuracies[first - 1], 1.0);
    // It goes on to the last epoch all the same.
    assert_eq!((history.losses.len(), history.accuracies.len()), (40, 20));
}

#[test]
fn single_precision_learns_them_too() {
    let _test = teach("overfit::train");
    let (x, y) = examples();
    let x = x.mapv(|x| x as f32);
    let history = train(&mut learner::<f32>(), &x, &y, &TRAINING, |_| {}).unwrap();
    assert_eq!(history.accuracies.last(), Some(&1.0), "{history:?}");
}

#[test]
fn a_step_too_small_learns_nothing() {
    let _test = teach("overfit::train");
    let (_, history) = learn(&Training {
        learning_rate: 1e-9,
        ..TRAINING
    });
    assert_eq!(history.epoch_of_full_accuracy(), None);
    assert!(history.accuracies[19] < 0.5, "{:?}", history.accuracies);
}

#[test]
fn training_is_the_same_for_a_seed() {
    let _test = teach("overfit::train");
    let short = Training {
        epochs: 3,
        ..TRAINING
    };
    assert_eq!(learn(&short), learn(&short));
    let (_, other) = learn(&Training { seed: 2, ..short });
    assert_ne!(learn(&TRAINING).1.losses[0], other.losses[0]);
}

/// Trains a network with and without the loop written out, for some settings.
fn assert_is_the_loop(reg: f64, training: &Training) {
    let (x, y) = examples();
    let learner = || {
        let options = Options {
            weight_scale: 0.14,
            reg,
            ..Options::new(60, &[50, 50], 10)
        };
        FullyConnectedNet::<f64>::new(options).unwrap()
    };
    let mut by_hand = learner();
    let mut batches = Batches::new(&x, &y, training.batch, training.seed);
    let steps = 50 / training.batch;
    let (mut losses, mut accuracies) = (Vec::new(), Vec::new());
    for step in 1..=steps * training.epochs {
        let (batch_x, batch_y) = batches.draw();
        let (loss, grads) = by_hand.loss(batch_x, batch_y).unwrap();
        losses.push(loss);
        sgd_step(by_hand.parameters_mut(), &grads, training.learning_rate);
        if step % steps == 0 {
            accuracies.push(accuracy(&by_hand.scores(&x), &y).unwrap());
        }
    }

    let mut seen = Vec::new();
    let mut net = learner();
    let after_epoch = |history: &History| seen.push(history.clone());
    let history = train(&mut net, &x, &y, training, after_epoch).unwrap();

    assert_eq!(history, History { losses, accuracies });
    assert_eq!(net, by_hand);
    assert_eq!(seen.len(), training.epochs);
    assert_eq!((seen[0].losses.len(), seen[0].accuracies.len()), (steps, 1));
    assert_eq!(seen.last(), Some(&history));
}

#[test]
fn training_is_the_loop_that_it_says_it_is() {
    let _test = teach("overfit::train");
    for (batch, epochs, learning_rate, seed) in [
        (20, 2, 1e-3, 5), // 50/20, rounded down: two steps an epoch.
        (7, 3, 1e-3, 1),
        (50, 2, 1e-3, 9),
        (50, 1, 1e4, 5),
        (50, 1, -1e4, 5), // uphill
    ] {
        let training = Training {
            epochs,
            batch,
            learning_rate,
            seed,
        };
        assert_is_the_loop(0., &training);
    }
}

#[test]
fn training_follows_the_whole_loss_with_its_penalty() {
    let _test = teach("overfit::train");
    for reg in [0.1, 3.14] {
        let training = Training {
            epochs: 2,
            batch: 20,
            learning_rate: 1e-3,
            seed: 5,
        };
        assert_is_the_loop(reg, &training);
    }
}

#[test]
fn the_accuracy_is_that_of_the_examples_as_they_are() {
    let _test = teach("overfit::train");
    // The scores are 0 and x − 1: equal for 1, larger the second as soon as x is.
    let mut net = FullyConnectedNet::<f64>::new(Options::new(1, &[], 2)).unwrap();
    net.parameters_mut().set("W1", &array![[0., 1.]]).unwrap();
    net.parameters_mut().set("b1", &array![0., -1.]).unwrap();
    let training = Training {
        epochs: 2,
        batch: 2,
        learning_rate: 0.,
        seed: 1,
    };
    let x = array![[1.], [1. + 1e-9]];
    let history = train(&mut net, &x, &[0, 1], &training, |_| {}).unwrap();
    assert_eq!(history.accuracies, [1., 1.]);
}

#[test]
fn an_epoch_has_at_least_one_step() {
    let _test = teach("overfit::train");
    let (_, history) = learn(&Training {
        epochs: 3,
        batch: 64,
        ..TRAINING
    });
    assert_eq!((history.losses.len(), history.accuracies.len()), (3, 3));
}

#[test]
fn no_epochs_change_nothing() {
    let _test = teach("overfit::train");
    let (net, history) = learn(&Training {
        epochs: 0,
        ..TRAINING
    });
    assert_eq!(net, learner());
    assert_eq!(history, History::default());
}

#[test]
fn images_train_as_their_rows_do() {
    let _test = teach("overfit::train");
    let (x, y) = examples();
    let images = x.to_shape((50, 3, 4, 5)).unwrap();
    let short = Training {
        epochs: 2,
        ..TRAINING
    };
    let (mut of_rows, mut of_images) = (learner(), learner());
    train(&mut of_rows, &x, &y, &short, |_| {}).unwrap();
    train(&mut of_images, &images, &y, &short, |_| {}).unwrap();
    assert_eq!(of_rows, of_images);
}

#[test]
fn training_that_diverges_stops_and_names_the_step() {
    let _test = teach("overfit::train");
    let (x, y) = examples();
    let training = Training {
        learning_rate: 1e6,
        ..TRAINING
    };
    let mut epochs = Vec::new();
    let after_epoch = |history: &History| epochs.push(history.losses.clone());

    let result = train(&mut learner::<f64>(), &x, &y, &training, after_epoch);

    let error = result.unwrap_err();
    let Error::Diverged { step, loss, .. } = error else {
        panic!("{error}");
    };
    assert!(!loss.is_finite(), "the loss is {loss}");
    assert!((2..=40).contains(&step), "step {step}");
    let finite = epochs.iter().flatten().all(|loss| loss.is_finite());
    assert!(finite, "every loss before it is finite: {epochs:?}");
    assert!(epochs.len() <= step.div_ceil(2), "nothing comes after it");
    let step = format!("step {step}");
    assert_refused::<()>(
        Err(error),
        &[&step, "diverged", "learning rate", "a tenth of it"],
    );
}

#[test]
fn a_last_step_that_diverges_is_noticed() {
    let _test = teach("overfit::train");
    // One step, and no loss after it: the accuracy would be that of NaN.
    let (x, y) = examples();
    let training = Training {
        epochs: 1,
        batch: 50,
        learning_rate: 1e300,
        seed: 1,
    };
    let result = train(&mut learner::<f64>(), &x, &y, &training, |_| {});
    assert_refused(result, &["diverged", "step 1"]);
}

#[test]
fn examples_that_are_nan_stop_training() {
    let _test = teach("overfit::train");
    let (mut x, y) = examples();
    x.fill(f64::NAN);
    let result = train(&mut learner::<f64>(), &x, &y, &TRAINING, |_| {});
    assert_refused(result, &["NaN", "step 1"]);
}

#[test]
fn training_options_out_of_range_are_refused_by_name() {
    let _test = teach("overfit::train");
    let (x, y) = examples();
    let refuses = |training: &Training, words: &[&str]| {
        let mut net = learner::<f64>();
        assert_refused(train(&mut net, &x, &y, training, |_| {}), words);
        assert_eq!(net, learner());
    };
    let no_batch = Training {
        batch: 0,
        ..TRAINING
    };
    refuses(&no_batch, &["`batch`", "at least 1", "0"]);
    for learning_rate in [f64::NAN, f64::INFINITY] {
        let bad = Training {
            learning_rate,
            ..TRAINING
        };
        refuses(
            &bad,
            &["`learning_rate`", "finite", &format!("{learning_rate:?}")],
        );
    }
}

#[test]
fn training_labels_are_checked_before_the_first_step() {
    let _test = teach("overfit::train");
    let (x, y) = examples();
    let refuses = |y: &[usize], words: &[&str]| {
        let mut net = learner::<f64>();
        assert_refused(train(&mut net, &x, y, &TRAINING, |_| {}), words);
        assert_eq!(net, learner());
    };
    refuses(&y[..49], &["49 labels", "50 examples"]);
    let mut wrong = y.clone();
    wrong[49] = 10;
    refuses(&wrong, &["y[49]", "10 classes"]);
    let none = Array2::<f64>::zeros((0, 60));
    let result = train(&mut learner::<f64>(), &none, &[], &TRAINING, |_| {});
    assert_refused(result, &["empty"]);
}

#[test]
fn scale_multiplies_from_layer_to_layer() {
    let _test = teach("overfit::train");
    let mut picture =
        "standard deviation of the sums of each layer, 3072-100-100-100-100-10\n\n\
         weight scale       layer 1   layer 2   layer 3   layer 4    scores   gain\n"
            .to_owned();
    // Images of 3072 numbers. The weights are drawn once, with scale 1, and shrunk: drawing
    // them is most of the work.
    let options = Options {
        weight_scale: 1.0,
        ..Options::new(3072, &[100; 4], 10)
    };
    let unscaled = FullyConnectedNet::<f64>::new(options).unwrap();
    let x = random((20, 3072), 1) * 64.0;
    for weight_scale in [1e-3, 2e-2, 1e-1, 0.141] {
        let mut net = unscaled.clone();
        for layer in 1..=5 {
            let mut w = net.parameters_mut().get_mut(&format!("W{layer}")).unwrap();
            w *= weight_scale;
        }
        let stds = layer_stds(&net, &x);
        // The first layer sums 3072 numbers of size 64, the others 100 of which half
        // are 0: 64·√3072 = 3547 and √(100/2) = 7.07 times the weight scale.
        assert_relative_eq!(stds[0], 3547.0 * weight_scale, max_relative = 0.1);
        let predicted = 50_f64.sqrt() * weight_scale;
        let gain = (stds[4] / stds[0]).powf(0.25);
        assert_relative_eq!(gain, predicted, max_relative = 0.3);
        write!(picture, "{weight_scale:<16}").unwrap();
        for std in stds {
            write!(picture, "{std:>10.2e}").unwrap();
        }
        writeln!(picture, "{gain:>7.3}").unwrap();
    }
    assert_picture("layer_stds", picture.trim_end());
}

#[test]
fn layer_stds_are_those_of_the_sums_before_the_relu() {
    let _test = teach("overfit::train");
    let mut net = FullyConnectedNet::<f64>::new(Options::new(1, &[1], 1)).unwrap();
    net.parameters_mut().set("W1", &array![[3.]]).unwrap();
    net.parameters_mut().set("W2", &array![[-2.]]).unwrap();
    net.parameters_mut().set("b2", &array![100.]).unwrap();
    // Sums 3, −3; then 100 − 6 and 100.
    assert_eq!(layer_stds(&net, &array![[1.], [-1.]]), [3., 3.]);

    let options = Options::new((3, 2), &[4, 7], 3);
    let net = random_net(options, 1);
    let x = random((5, 3, 2), 2);
    let stds = layer_stds(&net, &x);
    assert_eq!(stds.len(), 3);
    assert_relative_eq!(stds[2], net.scores(&x).std(0.0), max_relative = 1e-12);
}
