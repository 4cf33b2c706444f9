//! What takes longer: a thousand random networks, and ten seeds of chapter 9's training.

#![allow(clippy::approx_constant, reason = "3.14 is the course's reg, not π")]

use fully_connected::gradient_check::check_net;
use fully_connected::init::standard_normals;
use fully_connected::overfit::{History, Training, train};
use fully_connected::{FullyConnectedNet, Options};
use ndarray::{Array, Array2, Axis, ShapeBuilder};
use std::time::{SystemTime, UNIX_EPOCH};

/// The number in the environment variable `FULLY_CONNECTED_SEED`, or one from the clock.
fn fresh_seed() -> u64 {
    match std::env::var("FULLY_CONNECTED_SEED") {
        Ok(seed) => seed
            .parse()
            .expect("FULLY_CONNECTED_SEED is a whole number"),
        Err(_) => {
            let since = SystemTime::now().duration_since(UNIX_EPOCH);
            since.expect("a clock after 1970").as_micros() as u64
        }
    }
}

fn random<Sh: ShapeBuilder>(shape: Sh, seed: u64) -> Array<f64, Sh::Dim> {
    let mut normals = standard_normals(seed);
    Array::from_shape_simple_fn(shape, || normals.next().expect("an endless source"))
}

/// Sizes of a network with one to four layers and a batch for it, and the parameters.
fn random_network(seed: u64) -> (FullyConnectedNet<f64>, Array2<f64>, Vec<usize>) {
    let mut draws = random(100, seed).into_iter();
    // |z|·10⁶ modulo n is as good as uniform.
    let mut below = |n: usize| {
        let z: f64 = draws.next().expect("fewer than a hundred draws");
        (z.abs() * 1e6) as usize % n
    };
    let (n, d, classes) = (1 + below(8), 1 + below(8), 2 + below(6));
    let layers = 1 + below(4);
    let hidden: Vec<_> = (1..layers).map(|_| 1 + below(8)).collect();
    let y = (0..n).map(|_| below(classes)).collect();
    let options = Options {
        reg: [0.0, 0.1, 3.14][below(3)],
        weight_scale: [0.1, 0.5, 1.0][below(3)],
        seed,
        ..Options::new(d, &hidden, classes)
    };
    let mut net = FullyConnectedNet::new(options).expect("good options");
    for i in 1..=layers {
        let name = format!("b{i}");
        let mut b = net.parameters_mut().get_mut(&name).expect("its own name");
        let shape = b.raw_dim();
        b.assign(&(random(shape, seed.wrapping_add(i as u64)) * 0.5));
    }
    (net, random((n, d), seed.wrapping_add(100)), y)
}

#[test]
fn a_thousand_random_networks_pass_the_gradient_check() {
    let first = fresh_seed();
    println!("seeds {first} and on; again with FULLY_CONNECTED_SEED={first}");
    let (mut entries, mut kinks) = (0, 0);
    for seed in (0..1000).map(|i| first.wrapping_add(1000 * i)) {
        let (net, x, y) = random_network(seed);
        for check in check_net(&net, &x, &y).unwrap() {
            assert!(
                check.verdict.passed(),
                "FULLY_CONNECTED_SEED={seed}: {check:?} of {:?}, {} examples",
                net.options(),
                y.len(),
            );
            entries += check.shape.iter().product::<usize>();
            kinks += check.kinks;
        }
    }
    println!("{entries} entries, {kinks} of them at a kink");
    assert!(entries > 20_000, "{entries} entries");
}

/// Fifty images as rows, less their mean image, and labels that have nothing to do with
/// them: smooth noise with the standard deviation of pixels, 64.
fn images() -> (Array2<f64>, Vec<usize>) {
    let mut x = random((50, 3, 32, 32), 231);
    let fresh = (1.0 - 0.9_f64 * 0.9).sqrt();
    for axis in [2, 3] {
        x.accumulate_axis_inplace(Axis(axis), |&before, here| {
            *here = 0.9 * before + fresh * *here;
        });
    }
    let x = (&x - &x.mean_axis(Axis(0)).expect("fifty images")) * 64.0;
    // The first fifty images of CIFAR-10 hold so many of each class.
    let counts = [4, 6, 8, 8, 5, 2, 5, 5, 1, 6];
    let y = (0..10)
        .flat_map(|label| vec![label; counts[label]])
        .collect();
    (x.into_shape_with_order((50, 3072)).expect("rows"), y)
}

/// The accuracies after each of 20 epochs with batches of 25, for ten seeds.
fn ten_runs(hidden: &[usize], weight_scale: f64, learning_rate: f64) -> Vec<History> {
    let (x, y) = images();
    let run = |seed| {
        let options = Options {
            weight_scale,
            seed,
            ..Options::new(3072, hidden, 10)
        };
        let training = Training {
            epochs: 20,
            batch: 25,
            learning_rate,
            seed: seed + 1000,
        };
        let mut net = FullyConnectedNet::<f64>::new(options).expect("good options");
        train(&mut net, &x, &y, &training, |_| {}).expect("it does not diverge")
    };
    let histories: Vec<_> = (0..10).map(run).collect();
    let first = histories.iter().map(History::epoch_of_full_accuracy);
    println!("100 % in epoch {:?}", first.collect::<Vec<_>>());
    histories
}

#[test]
fn three_layers_overfit_in_ten_of_ten_seeds() {
    for (seed, history) in ten_runs(&[100, 100], 2e-2, 1e-2).iter().enumerate() {
        assert_eq!(history.accuracies.last(), Some(&1.0), "{seed}: {history:?}");
    }
}

#[test]
fn five_layers_overfit_in_ten_of_ten_seeds() {
    for (seed, history) in ten_runs(&[100; 4], 1e-1, 1e-3).iter().enumerate() {
        assert_eq!(history.accuracies.last(), Some(&1.0), "{seed}: {history:?}");
    }
}

#[test]
fn five_layers_with_scale_and_rate_exchanged_overfit_in_none() {
    for (seed, history) in ten_runs(&[100; 4], 1e-3, 1e-1).iter().enumerate() {
        let best = history.accuracies.iter().fold(0.0, |a: f64, &b| a.max(b));
        // All they learn is the largest class, 8 of 50.
        assert!(best <= 0.16, "{seed}: {history:?}");
    }
}
