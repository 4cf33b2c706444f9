//! What takes longer: ten seeds of chapter 9's training.

use fully_connected::overfit::{History, Training, train};
use fully_connected::{FullyConnectedNet, Options, synthetic};

/// Trains on the crate's fifty images, 20 epochs with batches of 25, for ten seeds.
fn ten_runs(hidden: &[usize], weight_scale: f64, learning_rate: f64) -> Vec<History> {
    let images = synthetic::images(50, 0);
    let (x, y) = (images.centered::<f64>(&images.mean()), &images.labels);
    let run = |seed| {
        let options = Options {
            weight_scale,
            seed,
            ..Options::new((3, 32, 32), hidden, 10)
        };
        let training = Training {
            epochs: 20,
            batch: 25,
            learning_rate,
            seed: seed + 1000,
        };
        let mut net = FullyConnectedNet::<f64>::new(options).expect("good options");
        train(&mut net, &x, y, &training, |_| {}).expect("it does not diverge")
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
