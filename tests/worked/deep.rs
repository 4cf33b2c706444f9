//! The worked example of chapter `deep`, whole and with each step left out; and the numbers
//! of its text.

use fully_connected::deep::Pass;
use fully_connected::experiments::Sanity;
use fully_connected::optim::{Optimizer, Rule};
use fully_connected::overfit::{Batches, accuracy};
use fully_connected::regularization::penalty;
use fully_connected::{
    FullyConnectedNet, Moments, Normalization, Options, softmax, synthetic,
};
use ndarray::{Array1, Array2, ArrayView2, Axis, array};

/// A step of the way up, or of the way down, that can be left out.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Without {
    Nothing,
    Norm,
    GammaAndBeta,
    Relu,
    Dropout,
    /// The mask is 1 where it keeps, not 2.
    Factor,
    MaskDown,
    ReluDown,
    NormDown,
    GammaDown,
    /// What the mean, and what the variance send back.
    MeanDown,
    VarDown,
}

/// The numbers that the example shows.
#[derive(Debug, PartialEq)]
struct Shown {
    scores: Array2<f64>,
    dgamma: Array1<f64>,
    dbeta: Array1<f64>,
    dw1: Array2<f64>,
    db1: Array1<f64>,
    dw2: Array2<f64>,
}

fn x() -> Array2<f64> {
    array![[4., 1.], [2., -1.], [2., 3.], [0., 1.]]
}

fn w1() -> Array2<f64> {
    array![[1., 1.], [1., -1.]]
}

fn w2() -> Array2<f64> {
    array![[1., -1.], [2., 1.]]
}

fn mask() -> Array2<f64> {
    array![[2., 0.], [0., 2.], [2., 2.], [0., 0.]]
}

fn dscores() -> Array2<f64> {
    array![[2., 0.], [0., 0.], [1., 0.], [0., 0.]]
}

const GAMMA: [f64; 2] = [2., 3.];
const BETA: [f64; 2] = [1., -1.];

/// The example, without ε.
fn run(without: Without) -> Shown {
    let left_out = |step| without == step;
    let (gamma, beta) = match without {
        Without::GammaAndBeta => (array![1., 1.], array![0., 0.]),
        _ => (Array1::from(GAMMA.to_vec()), Array1::from(BETA.to_vec())),
    };
    let sums = x().dot(&w1());
    let mean = sums.mean_axis(Axis(0)).unwrap();
    let std = sums.std_axis(Axis(0), 0.0);
    let hat = (&sums - &mean) / &std;
    let normed = if left_out(Without::Norm) {
        sums
    } else {
        &hat * &gamma + &beta
    };
    let active = if left_out(Without::Relu) {
        normed.clone()
    } else {
        normed.mapv(|z| z.max(0.0))
    };
    let mask = if left_out(Without::Factor) {
        mask() / 2.0
    } else {
        mask()
    };
    let h = if left_out(Without::Dropout) {
        active
    } else {
        active * &mask
    };
    let scores = h.dot(&w2()) + array![0., 1.];

    let dh = dscores().dot(&w2().t());
    let dactive = if left_out(Without::MaskDown) {
        dh
    } else {
        dh * &mask
    };
    let on = normed.mapv(|z| if z > 0.0 { 1.0 } else { 0.0 });
    let dnormed = if left_out(Without::ReluDown) {
        dactive
    } else {
        dactive * on
    };
    let dhat = if left_out(Without::GammaDown) {
        dnormed.clone()
    } else {
        &dnormed * &gamma
    };
    let dmean = dhat.mean_axis(Axis(0)).unwrap();
    let dvar = &hat * &(&dhat * &hat).mean_axis(Axis(0)).unwrap();
    let dsums = match without {
        Without::NormDown => dnormed.clone(),
        Without::MeanDown => (&dhat - &dvar) / &std,
        Without::VarDown => (&dhat - &dmean) / &std,
        _ => (&dhat - &dmean - &dvar) / &std,
    };
    Shown {
        scores,
        dgamma: (&dnormed * &hat).sum_axis(Axis(0)),
        dbeta: dnormed.sum_axis(Axis(0)),
        dw1: x().t().dot(&dsums),
        db1: dsums.sum_axis(Axis(0)),
        dw2: h.t().dot(&dscores()),
    }
}

fn shown() -> Shown {
    Shown {
        scores: array![[6., -5.], [8., 5.], [6., -5.], [0., 1.]],
        dgamma: array![6., 0.],
        dbeta: array![6., 0.],
        dw1: array![[2., 0.], [-2., 0.]],
        db1: array![0., 0.],
        dw2: array![[18., 0.], [0., 0.]],
    }
}

/// The network of the example.
fn net() -> FullyConnectedNet<f64> {
    let options = Options {
        normalization: Normalization::BatchNorm,
        dropout_keep_ratio: 0.5,
        ..Options::new(2, &[2], 2)
    };
    let mut net = FullyConnectedNet::new(options).unwrap();
    let parameters = net.parameters_mut();
    parameters.set("W1", &w1()).unwrap();
    parameters
        .set("gamma1", &Array1::from(GAMMA.to_vec()))
        .unwrap();
    parameters
        .set("beta1", &Array1::from(BETA.to_vec()))
        .unwrap();
    parameters.set("W2", &w2()).unwrap();
    parameters.set("b2", &array![0., 1.]).unwrap();
    net.running_mut()[0] = Moments {
        mean: array![1., 1.],
        var: array![4., 1.],
    };
    net
}

#[test]
fn the_example_gives_what_the_chapter_shows() {
    assert_eq!(run(Without::Nothing), shown());

    // The crate's own network does the same, but for ε.
    let close = |a: ndarray::ArrayViewD<f64>, b: ndarray::ArrayViewD<f64>| {
        assert_eq!(a.shape(), b.shape());
        assert!(
            a.iter().zip(&b).all(|(a, b)| (a - b).abs() < 2e-4),
            "{a} {b}"
        );
    };
    let (net, masks) = (net(), [mask()]);
    let (scores, caches, moments) = net.forward_in(&Pass::Masks(&masks), x());
    assert_eq!(moments[0].mean, array![3., 1.]);
    assert_eq!(moments[0].var, array![4., 4.]);
    close(scores.view().into_dyn(), shown().scores.view().into_dyn());
    let grads = net.backward_from(dscores(), caches);
    close(grads.get("W1").unwrap(), shown().dw1.view().into_dyn());
    close(grads.get("b1").unwrap(), shown().db1.view().into_dyn());
    close(
        grads.get("gamma1").unwrap(),
        shown().dgamma.view().into_dyn(),
    );
    close(grads.get("beta1").unwrap(), shown().dbeta.view().into_dyn());
    close(grads.get("W2").unwrap(), shown().dw2.view().into_dyn());
    // The test pass of the first example, alone.
    let scores = net.scores(x().row(0).insert_axis(Axis(0)));
    close(
        scores.view().into_dyn(),
        array![[15., 1.]].view().into_dyn(),
    );
}

#[test]
fn each_step_of_the_example_is_needed() {
    for without in [
        Without::Norm,
        Without::GammaAndBeta,
        Without::Relu,
        Without::Dropout,
        Without::Factor,
    ] {
        assert_ne!(run(without).scores, shown().scores, "{without:?}");
    }
    for without in [
        Without::MaskDown,
        Without::NormDown,
        Without::GammaDown,
        Without::MeanDown,
        Without::VarDown,
    ] {
        assert_ne!(run(without).dw1, shown().dw1, "{without:?}");
    }
    assert_ne!(run(Without::ReluDown).dgamma, shown().dgamma);
    // "Without the mean's share db1 would not be 0."
    assert_ne!(run(Without::MeanDown).db1, shown().db1);
}

/// The standard deviations of the sums of each hidden layer on fifty images, and of the
/// scores, before training.
fn stds(weight_scale: f64, normalization: Normalization) -> Vec<String> {
    let images = synthetic::images(50, 0);
    let x = images.centered::<f64>(&images.mean());
    let x = x.into_shape_with_order((50, 3072)).unwrap();
    let options = Options {
        weight_scale,
        normalization,
        ..Options::new(3072, &[100; 4], 10)
    };
    let net = FullyConnectedNet::<f64>::new(options).unwrap();
    let mut stds = Vec::new();
    let mut h = x;
    let layers = net.parameters().layers();
    for (i, layer) in layers.iter().enumerate() {
        let sums = h.dot(&layer.w);
        stds.push(three_digits(sums.std(0.0)));
        let normed =
            if normalization == Normalization::BatchNorm && i + 1 < layers.len() {
                normalized(sums.view())
            } else {
                sums
            };
        h = normed.mapv(|z| z.max(0.0));
    }
    stds
}

fn normalized(sums: ArrayView2<f64>) -> Array2<f64> {
    let mean = sums.mean_axis(Axis(0)).unwrap();
    let std = sums.var_axis(Axis(0), 0.0).mapv(|v| (v + 1e-5).sqrt());
    (&sums - &mean) / &std
}

fn three_digits(x: f64) -> String {
    let digits = (2 - x.log10().floor() as i32).max(0) as usize;
    format!("{x:.digits$}")
}

#[test]
fn the_sums_before_training_are_those_of_the_chapter() {
    for (scale, normalization, expected) in [
        (
            1e-3,
            Normalization::None,
            "3.48 0.0249 0.000183 0.00000138 0.00000000873",
        ),
        (
            1e-3,
            Normalization::BatchNorm,
            "3.48 0.00713 0.00616 0.00615 0.00657",
        ),
        (1e-1, Normalization::None, "348 249 183 138 87.3"),
        (
            1e-1,
            Normalization::BatchNorm,
            "348 0.713 0.711 0.724 0.789",
        ),
    ] {
        assert_eq!(stds(scale, normalization).join(" "), expected);
    }
}

/// How many of the fifty images a network gets right after 30 steps with all of them, and its
/// last loss.
fn trained(normalization: Normalization) -> (f64, String) {
    let images = synthetic::images(50, 0);
    let x = images.centered::<f64>(&images.mean());
    let options = Options {
        weight_scale: 1e-3,
        normalization,
        ..Options::new((3, 32, 32), &[100; 4], 10)
    };
    let mut net = FullyConnectedNet::<f64>::new(options).unwrap();
    let mut optimizer = Optimizer::new(Rule::Sgd, net.parameters()).unwrap();
    let mut loss = f64::NAN;
    for step in 0..30 {
        let pass = Pass::Train { seed: 0, step };
        let seen = net.loss_in(&pass, &x, &images.labels).unwrap();
        optimizer.step(net.parameters_mut(), &seen.grads, 1.0);
        net.remember(&seen.moments);
        loss = seen.loss;
    }
    let right = net.accuracy(&x, &images.labels).unwrap();
    ((right * 50.0).round(), three_digits(loss))
}

#[test]
fn the_dead_network_learns_with_normalization() {
    assert_eq!(trained(Normalization::None), (8.0, "2.20".to_owned()));
    assert_eq!(
        trained(Normalization::BatchNorm),
        (50.0, "0.0205".to_owned())
    );
}

#[test]
fn the_first_losses_are_those_of_the_chapter() {
    for (normalization, keep_ratio, expected) in [
        (Normalization::None, 1.0, "2.300479 7.052115"),
        (Normalization::BatchNorm, 1.0, "2.261196 6.996533"),
        (Normalization::LayerNorm, 1.0, "2.237831 7.102138"),
        (Normalization::None, 0.8, "2.301211 6.844625"),
        (Normalization::BatchNorm, 0.8, "2.092466 6.997234"),
        (Normalization::LayerNorm, 0.8, "2.310120 6.964018"),
    ] {
        let sanity = Sanity {
            normalization,
            keep_ratio,
            ..Sanity::default()
        };
        let subjects = sanity.subjects().unwrap();
        let loss = |net| {
            let scores = subjects.scores(net);
            let (data_loss, _) = softmax::loss(&scores, &subjects.y).unwrap();
            let penalty = penalty(net.parameters(), net.options().reg);
            format!("{:.6}", data_loss + penalty)
        };
        let losses: Vec<_> = subjects.nets.iter().map(loss).collect();
        assert_eq!(losses.join(" "), expected);
    }
}

/// Chapter 9's training with batch normalization: 20 epochs of two steps. How many of the fifty
/// images are right at the end in a test pass, and in a training pass.
fn map_cell(weight_scale: f64, rate: f64, seed: u64) -> [f64; 2] {
    let images = synthetic::images(50, 0);
    let x = images.centered::<f64>(&images.mean());
    let x = x.into_shape_with_order((50, 3072)).unwrap();
    let y = &images.labels;
    let options = Options {
        weight_scale,
        seed,
        normalization: Normalization::BatchNorm,
        ..Options::new(3072, &[100; 4], 10)
    };
    let mut net = FullyConnectedNet::<f64>::new(options).unwrap();
    let mut optimizer = Optimizer::new(Rule::Sgd, net.parameters()).unwrap();
    let mut batches = Batches::new(&x, y, 25, seed + 1000);
    for step in 0..40 {
        let (batch_x, batch_y) = batches.draw();
        let seen = net
            .loss_in(&Pass::Train { seed, step }, batch_x, batch_y)
            .unwrap();
        optimizer.step(net.parameters_mut(), &seen.grads, rate);
        net.remember(&seen.moments);
    }
    let (scores, _, _) = net.forward_in(&Pass::Train { seed, step: 40 }, &x);
    let right = |scores: &Array2<f64>| (accuracy(scores, y).unwrap() * 50.0).round();
    [right(&net.scores(&x)), right(&scores)]
}

#[test]
fn at_small_scales_most_images_are_right_and_not_all() {
    // In a test pass, and in a training pass with all fifty: the averages do not lag behind.
    assert_eq!(map_cell(0.02, 0.1, 0), [48.0, 48.0]);
    assert_eq!(map_cell(0.02, 0.1, 1), [45.0, 48.0]);
}

/// The counts of the text, from the map's two files.
#[test]
fn the_counts_of_the_map_are_those_of_the_chapter() {
    let cells = |text: &'static str| -> Vec<[f64; 4]> {
        let lines = text.lines().filter(|line| line.starts_with("5 "));
        let numbers = |line: &str| -> Vec<f64> {
            let words = line.split(' ').skip(1).take(4);
            words.map(|word| word.parse().unwrap()).collect()
        };
        lines
            .map(|line| numbers(line).try_into().unwrap())
            .collect()
    };
    let plain = cells(include_str!("../../book/data/rate-scale-map.txt"));
    let normed = cells(include_str!("../../book/data/rate-scale-map-batchnorm.txt"));
    let all = |cells: &[[f64; 4]]| cells.iter().filter(|c| c[2] == 10.0).count();
    let diverge = |cells: &[[f64; 4]]| cells.iter().filter(|c| c[3] > 0.0).count();
    assert_eq!((plain.len(), normed.len()), (294, 294));
    assert_eq!((diverge(&plain), diverge(&normed)), (83, 0));
    assert_eq!((all(&plain), all(&normed)), (23, 18));
    let learns = |cells: &[[f64; 4]], scale: f64, rate: f64| {
        cells.contains(&[scale, rate, 10.0, 0.0])
    };
    assert!(learns(&plain, 0.05, 1e-2) && learns(&plain, 0.2, 1e-4));
    for cell in normed.iter().filter(|c| c[0] >= 0.07 && c[1] >= 0.1) {
        // One setting, at the corner, is not among them.
        assert_eq!(cell[2] == 10.0, cell[..2] != [1.0, 0.1], "{cell:?}");
    }
}
