//! The gradient checker on random networks: it blames no right gradient, and finds wrong
//! ones.
//!
//! A few hundred networks every time; ten thousand, and all of the seeded errors, on request
//! (`.ci/long`).

#![allow(clippy::approx_constant, reason = "3.14 is the course's reg, not π")]

use fully_connected::checker::{Check, Verdict, check, check_gradients, check_net};
use fully_connected::gradient_check::STEP;
use fully_connected::init::standard_normals;
use fully_connected::{FullyConnectedNet, Options};
use ndarray::{Array, Array2, ArrayD, ShapeBuilder, array};
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
        let (&[d, ref hidden @ ..], classes) = sizes
            .split_last()
            .map(|(&classes, rest)| (rest, classes))
            .expect("two sizes or more")
        else {
            unreachable!("an input size")
        };
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

    /// What rounding the loss makes of a slope at the course's step: no digit of it below
    /// this can be trusted.
    fn noise_floor(&self) -> f64 {
        let loss = self.net.loss_value(&self.x, &self.y).expect("good labels");
        f64::EPSILON * loss.abs() / STEP
    }
}

fn cases(count: u64) -> impl Iterator<Item = Case> {
    let first = fresh_seed();
    println!("seeds {first} and on; again with FULLY_CONNECTED_SEED={first}");
    (0..count).map(move |i| Case::random(first.wrapping_add(1000 * i)))
}

/// Checks right gradients of so many networks.
fn blames_nobody(count: u64) {
    let begun = Instant::now();
    let (mut entries, mut kinks, mut drowned, mut large, mut untold) = (0, 0, 0, 0, 0);
    let (mut parameters, mut cannot_tell, too_many) = (0, 0, 0);
    let mut large_in_untold = 0;
    for case in cases(count) {
        let (_, grads) = case.net.loss(&case.x, &case.y).unwrap();
        let floor = case.noise_floor();
        let checks = check_net(&case.net, &case.x, &case.y).unwrap();
        for (check, (_, grad)) in checks.iter().zip(grads.iter()) {
            let above = grad.iter().filter(|g| g.abs() > 100.0 * floor).count();
            entries += grad.len();
            large += above;
            kinks += check.kinks;
            drowned += check.untold.len();
            let all: Vec<f64> = grad.iter().copied().collect();
            untold += check
                .untold
                .iter()
                .filter(|&&i| all[i].abs() > 100.0 * floor)
                .count();
            parameters += 1;
            match check.verdict {
                Verdict::Agrees => {}
                Verdict::CannotTell { .. } => {
                    cannot_tell += 1;
                    large_in_untold += above;
                }
                _ => println!(
                    "BLAMED {}: {:?} {:?} {} {:?} {} {:?} reg {} scale {}",
                    case.seed,
                    check.name,
                    check.verdict,
                    check.kinks,
                    check.shape,
                    case.y.len(),
                    case.net.options().hidden,
                    case.net.options().reg,
                    case.net.options().weight_scale,
                ),
            }
        }
    }
    println!(
        "{count} networks, {entries} entries, {large} of them over 100 × the noise floor; \
         {kinks} at a kink, {drowned} drowned, {untold} of these in arrays with a large one;
         of {parameters} parameters {cannot_tell} cannot be told (large entries in them: {large_in_untold}), {too_many} have too many kinks; {:.1} s",
        begun.elapsed().as_secs_f64(),
    );
}

#[test]
fn three_hundred_right_networks_are_not_blamed() {
    blames_nobody(2000);
}

#[test]
#[ignore = "takes a minute"]
fn ten_thousand_right_networks_are_not_blamed() {
    blames_nobody(10_000);
}

fn seeded(count: u64, relative: f64, plain: bool) {
    let begun = Instant::now();
    let (mut tried, mut found, mut told) = (0, 0, 0);
    for case in cases(u64::MAX) {
        let (_, grads) = case.net.loss(&case.x, &case.y).unwrap();
        let floor = 100.0 * case.noise_floor();
        let mut draw = ChaCha8Rng::seed_from_u64(case.seed);
        let mut wrong = grads.clone();
        let large: Vec<(String, usize)> = grads
            .iter()
            .flat_map(|(name, g)| {
                let g: Vec<f64> = g.iter().copied().collect();
                (0..g.len())
                    .filter(move |&i| g[i].abs() > floor)
                    .map(move |i| (name.clone(), i))
                    .collect::<Vec<_>>()
            })
            .collect();
        if large.is_empty() {
            continue;
        }
        let (name, i) = &large[draw.random_range(0..large.len())];
        let sign = if draw.random_bool(0.5) { 1.0 } else { -1.0 };
        *wrong.get_mut(name).unwrap().iter_mut().nth(*i).unwrap() *=
            1.0 + sign * relative;
        let checks: Vec<Check> = if plain {
            let mut probe = case.net.clone();
            let loss = |w: &ArrayD<f64>| {
                probe.parameters_mut().set(name, w).unwrap();
                probe.loss_value(&case.x, &case.y).unwrap()
            };
            vec![check(
                name,
                loss,
                &case.net.parameters().get(name).unwrap(),
                &wrong.get(name).unwrap(),
            )]
        } else {
            check_gradients(&case.net, &case.x, &case.y, &wrong).unwrap()
        };
        let check = checks.into_iter().find(|c| c.name == *name).unwrap();
        tried += 1;
        match check.verdict {
            Verdict::Differs { .. } => found += 1,
            Verdict::CannotTell { .. } => told += 1,
            other => println!(
                "{other:?} kinks {} floor {floor:e} {} seed {} {:?} n {}",
                check.kinks,
                name,
                case.seed,
                case.net.options(),
                case.y.len()
            ),
        }
        if tried == count {
            break;
        }
    }
    println!(
        "{relative:e} plain {plain}: of {tried} found {found}, cannot tell {told}; {:.1} s",
        begun.elapsed().as_secs_f64()
    );
}

#[test]
fn seeds() {
    for plain in [false, true] {
        for relative in [1e-3, 1e-4, 1e-5] {
            seeded(300, relative, plain);
        }
    }
}

fn plain_right(count: u64) {
    let (mut differs, mut cannot, kinks, mut all) = (0, 0, 0, 0);
    for case in cases(count) {
        let (_, grads) = case.net.loss(&case.x, &case.y).unwrap();
        let mut probe = case.net.clone();
        for (name, g) in grads.iter() {
            let loss = |w: &ArrayD<f64>| {
                probe.parameters_mut().set(&name, w).unwrap();
                probe.loss_value(&case.x, &case.y).unwrap()
            };
            let c = check(&name, loss, &case.net.parameters().get(&name).unwrap(), &g);
            probe = case.net.clone();
            all += 1;
            match c.verdict {
                Verdict::Differs { .. } => {
                    differs += 1;
                    println!("{c:?} {} {:?}", case.seed, case.net.options())
                }
                Verdict::CannotTell { .. } => cannot += 1,
                _ => {}
            }
        }
    }
    println!(
        "plain: {all} parameters, {differs} differ, {cannot} cannot tell, {kinks} kinks"
    );
}
#[test]
fn plain() {
    plain_right(300);
    let _ = array![1.0];
}
