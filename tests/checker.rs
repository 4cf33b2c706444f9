//! The gradient checker on random networks: it blames no right gradient, and finds wrong
//! ones.
//!
//! A few hundred networks every time; ten thousand, and all of the seeded errors, on request
//! (`.ci/long`).

#![allow(clippy::approx_constant, reason = "3.14 is the course's reg, not π")]

use fully_connected::checker::{Verdict, check_gradients, check_net};
use fully_connected::gradient_check::STEP;
use fully_connected::init::standard_normals;
use fully_connected::{FullyConnectedNet, Options};
use ndarray::{Array, Array2, ShapeBuilder};
use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

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

/// A network, a batch and its labels.
struct Case {
    seed: u64,
    net: FullyConnectedNet<f64>,
    x: Array2<f64>,
    y: Vec<usize>,
}

impl Case {
    /// One to six layers, widths from 1 to 20, at most 2,000 parameters, weight scales from
    /// 0.001 to 1, batches of 1 to 50; half of the networks with biases that are not 0.
    fn random(seed: u64) -> Case {
        let mut draw = ChaCha8Rng::seed_from_u64(seed);
        let sizes: Vec<usize> = loop {
            let layers = draw.random_range(1..=6);
            let sizes: Vec<usize> =
                (0..=layers).map(|_| draw.random_range(1..=20)).collect();
            let parameters: usize =
                sizes.windows(2).map(|pair| (pair[0] + 1) * pair[1]).sum();
            if parameters <= 2000 {
                break sizes;
            }
        };
        let (d, classes) = (sizes[0], sizes[sizes.len() - 1]);
        let hidden = &sizes[1..sizes.len() - 1];
        let weight_scale = 10_f64.powf(draw.random_range(-3.0..=0.0));
        let n = draw.random_range(1..=50);
        let options = Options {
            reg: [0.0, 0.1, 3.14][draw.random_range(0..3)],
            weight_scale,
            seed,
            ..Options::new(d, hidden, classes)
        };
        let mut net = FullyConnectedNet::new(options).expect("good options");
        if draw.random_bool(0.5) {
            for i in 1..sizes.len() {
                let name = format!("b{i}");
                let mut b = net.parameters_mut().get_mut(&name).expect("its own name");
                let shape = b.raw_dim();
                b.assign(&(random(shape, seed.wrapping_add(i as u64)) * weight_scale));
            }
        }
        let y = (0..n).map(|_| draw.random_range(0..classes)).collect();
        let x = random((n, d), seed.wrapping_add(100));
        Case { seed, net, x, y }
    }

    /// What rounding makes of a slope at the course's step: no digit of it below this can be
    /// trusted. A mean of N losses has a rounding for each of them, and those add up like
    /// √N. Where a kink is nearer than the step is long the step is shorter, and the floor
    /// higher.
    fn noise_floor(&self) -> f64 {
        let loss = self.net.loss_value(&self.x, &self.y).expect("good labels");
        let roundings = (1.0 + (self.y.len() as f64).sqrt()) / 2.0;
        f64::EPSILON * loss.abs().max(1.0) * roundings / STEP
    }

    /// Which units are on, for each example, if an entry of a parameter is moved by `h`.
    fn pattern(&self, name: &str, entry: usize, h: f64) -> Vec<bool> {
        let mut net = self.net.clone();
        let mut parameter = net.parameters_mut().get_mut(name).expect("its own name");
        *parameter.iter_mut().nth(entry).expect("an entry") += h;
        let (mut x, mut pattern) = (self.x.clone(), Vec::new());
        let (_, hidden) = net.parameters().layers().split_last().expect("a layer");
        for layer in hidden {
            x = x.dot(&layer.w) + &layer.b;
            pattern.extend(x.iter().map(|&sum| sum > 0.0));
            x.mapv_inplace(|sum| sum.max(0.0));
        }
        pattern
    }

    /// By how much of the course's step an entry can be moved without switching a unit.
    fn room(&self, name: &str, entry: usize) -> f64 {
        let here = self.pattern(name, entry, 0.0);
        let free = |part: &f64| {
            let step = |h| self.pattern(name, entry, h) == here;
            step(STEP * part) && step(-STEP * part)
        };
        let parts = std::iter::successors(Some(1.0), |part| Some(part / 4.0));
        parts.take(20).find(free).unwrap_or(0.0)
    }
}

fn cases(count: u64) -> impl Iterator<Item = Case> {
    let first = fresh_seed();
    println!("seeds {first} and on; again with FULLY_CONNECTED_SEED={first}");
    (0..count).map(move |i| Case::random(first.wrapping_add(1000 * i)))
}

/// Checks the right gradients of so many networks.
fn blames_nobody(count: u64) {
    let begun = Instant::now();
    let (mut entries, mut kinks, mut large, mut untold, mut large_untold) =
        (0, 0, 0, 0, 0);
    for case in cases(count) {
        let (_, grads) = case.net.loss(&case.x, &case.y).unwrap();
        let floor = 100.0 * case.noise_floor();
        let checks = check_net(&case.net, &case.x, &case.y).unwrap();
        for (check, (_, grad)) in checks.iter().zip(grads.iter()) {
            let told =
                matches!(check.verdict, Verdict::Agrees | Verdict::CannotTell { .. });
            assert!(
                told,
                "FULLY_CONNECTED_SEED={}: {check:?} of {:?}, {} examples",
                case.seed,
                case.net.options(),
                case.y.len(),
            );
            let grad: Vec<f64> = grad.iter().copied().collect();
            entries += grad.len();
            large += grad.iter().filter(|g| g.abs() > floor).count();
            kinks += check.kinks;
            untold += check.untold.len();
            let is_large = |i: &&usize| grad[**i].abs() > floor;
            large_untold += check.untold.iter().filter(is_large).count();
        }
    }
    println!(
        "{count} networks, {entries} entries, 0 differ; {kinks} near a kink, {untold} not \
         told; of the {large} over 100 × the noise floor {large_untold}; {:.1} s",
        begun.elapsed().as_secs_f64(),
    );
    assert!(
        100 * large_untold <= large,
        "{large_untold} of {large} not told"
    );
}

#[test]
fn three_hundred_right_networks_are_not_blamed() {
    blames_nobody(300);
}

#[test]
#[ignore = "takes minutes"]
fn ten_thousand_right_networks_are_not_blamed() {
    blames_nobody(10_000);
}

/// Of so many gradients with one wrong entry, one that is over 100 × the noise floor, how
/// many are called different.
fn found(count: u64, wrong_by: f64) -> usize {
    let begun = Instant::now();
    let (mut tried, mut found, mut untold) = (0, 0, 0);
    for case in cases(u64::MAX) {
        let mut draw = ChaCha8Rng::seed_from_u64(case.seed);
        let (_, mut grads) = case.net.loss(&case.x, &case.y).unwrap();
        let floor = 100.0 * case.noise_floor();
        let mut large = Vec::new();
        for (name, grad) in grads.iter() {
            let over = grad.iter().enumerate().filter(|(_, g)| g.abs() > floor);
            large.extend(over.map(|(i, _)| (name.clone(), i)));
        }
        if large.is_empty() {
            continue;
        }
        let (name, i) = &large[draw.random_range(0..large.len())];
        let gradient = grads.get(name).unwrap().iter().nth(*i).copied();
        if gradient.expect("an entry").abs() * case.room(name, *i) < floor {
            continue;
        }
        let sign = if draw.random_bool(0.5) { 1.0 } else { -1.0 };
        let mut grad = grads.get_mut(name).unwrap();
        *grad.iter_mut().nth(*i).expect("an entry") *= 1.0 + sign * wrong_by;

        let checks = check_gradients(&case.net, &case.x, &case.y, &grads).unwrap();
        for check in checks {
            let differs = matches!(check.verdict, Verdict::Differs { .. });
            if check.name == *name {
                tried += 1;
                found += usize::from(differs);
                untold += usize::from(check.untold.contains(i));
            } else {
                assert!(!differs, "FULLY_CONNECTED_SEED={}: {check:?}", case.seed);
            }
        }
        if tried == count {
            break;
        }
    }
    println!(
        "wrong by {wrong_by:e}: of {tried} {found} are found, {untold} cannot be told; \
         {:.1} s",
        begun.elapsed().as_secs_f64(),
    );
    found
}

#[test]
fn wrong_entries_are_found() {
    for (wrong_by, at_least) in [(1e-3, 56), (1e-4, 55), (1e-5, 54)] {
        assert!(found(60, wrong_by) >= at_least, "wrong by {wrong_by:e}");
    }
}

#[test]
#[ignore = "takes minutes"]
fn three_thousand_wrong_entries_are_found() {
    for (wrong_by, of_300) in [(1e-3, 299), (1e-4, 298), (1e-5, 291)] {
        let found = found(3000, wrong_by);
        assert!(
            found >= 10 * of_300,
            "wrong by {wrong_by:e}: {found} of 3000"
        );
    }
}
