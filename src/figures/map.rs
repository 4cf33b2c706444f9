//! The data of the figure `rate-scale-map`: which weight scales and learning rates learn, and
//! how the loss of each training went.
//!
//! Some six thousand trainings take minutes, so their outcome is a text file,
//! `book/data/rate-scale-map.txt`. The figure is drawn from it; a test computes some of
//! its cells again.

use super::runs::Run;
use crate::fifty::Images;
use std::fmt;
use std::num::NonZero;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// The file as it was when the crate was compiled.
pub const DATA: &str = include_str!("../../book/data/rate-scale-map.txt");

/// The two networks.
pub const LAYERS: [usize; 2] = [3, 5];

/// The number of networks that a cell stands for.
pub const SEEDS: u64 = 10;

/// The learning rates, a column each: three a decade.
pub const RATES: [f64; 14] = [
    1e-5, 2e-5, 5e-5, 1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 1e-2, 2e-2, 5e-2, 1e-1, 2e-1,
];

/// The weight scales, a row each: six a decade.
pub const SCALES: [f64; 21] = [
    5e-4, 7e-4, 1e-3, 1.5e-3, 2e-3, 3e-3, 5e-3, 7e-3, 1e-2, 1.5e-2, 2e-2, 3e-2, 5e-2,
    7e-2, 1e-1, 1.5e-1, 2e-1, 3e-1, 5e-1, 7e-1, 1.0,
];

/// The steps whose losses the file keeps: every fourth, and the last.
pub const STEPS: [usize; 11] = [1, 5, 9, 13, 17, 21, 25, 29, 33, 37, 40];

/// The letters that losses are kept as, the least loss first.
pub const LETTERS: &[u8; 64] =
    b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_";

/// The losses of the first letter and of the last; between them lie equal ratios.
pub const LOSSES: [f64; 2] = [1e-5, 1e5];

/// The letter in place of a loss that was never computed, because training had stopped.
pub const STOPPED: char = '.';

/// A loss as a letter: the nearest of 64 between 1e-5 and 1e5, neighbours 1.44 times apart.
fn letter(loss: f64) -> char {
    let [least, most] = LOSSES.map(f64::log10);
    let last = LETTERS.len() - 1;
    let place = (loss.log10() - least) / (most - least) * last as f64;
    LETTERS[place.round().clamp(0.0, last as f64) as usize].into()
}

/// The losses of a training at [`STEPS`], a letter each.
fn curve(losses: &[f64]) -> String {
    let at = |&step: &usize| losses.get(step - 1).map_or(STOPPED, |&loss| letter(loss));
    STEPS.iter().map(at).collect()
}

/// The results of the ten networks of one setting.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// The number of affine layers.
    pub layers: usize,
    /// The standard deviation of the initial weights.
    pub weight_scale: f64,
    /// The learning rate.
    pub rate: f64,
    /// The number of networks that had all fifty right after some epoch.
    pub learned: u64,
    /// The number of networks that ended with a loss or a score that is not finite.
    pub diverged: u64,
    /// The losses of each network at [`STEPS`], as [`LETTERS`].
    pub curves: Vec<String>,
}

impl Cell {
    /// Trains the ten networks. Network `seed` has weights of that seed, and its batches
    /// are drawn with `seed + 1000`.
    pub fn compute(
        layers: usize,
        weight_scale: f64,
        rate: f64,
        images: &Images,
    ) -> Cell {
        let mut cell = Cell {
            layers,
            weight_scale,
            rate,
            learned: 0,
            diverged: 0,
            curves: Vec::new(),
        };
        for seed in 0..SEEDS {
            let run = Run {
                layers,
                weight_scale,
                rate,
                weights: seed,
                batches: seed + 1000,
            };
            let outcome = run.train(images);
            let learned = outcome.history.epoch_of_full_accuracy().is_some();
            cell.learned += u64::from(learned);
            cell.diverged += u64::from(outcome.diverged);
            cell.curves.push(curve(&outcome.history.losses));
        }
        cell
    }
}

/// A line of the file.
impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Cell {
            layers,
            weight_scale,
            rate,
            learned,
            diverged,
            curves,
        } = self;
        write!(f, "{layers} {weight_scale} {rate} {learned} {diverged}")?;
        curves.iter().try_for_each(|curve| write!(f, " {curve}"))
    }
}

/// The cells of a file.
///
/// # Errors
///
/// The line that is not a cell, and what a cell looks like.
pub fn parse(text: &str) -> Result<Vec<Cell>, String> {
    let lines = text.lines().enumerate();
    lines
        .filter(|(_, line)| !line.starts_with('#') && !line.is_empty())
        .map(|(i, line)| {
            cell(line).ok_or_else(|| {
                format!("line {}: expected {COLUMNS}, found {line:?}", i + 1)
            })
        })
        .collect()
}

const COLUMNS: &str = "`layers weight-scale rate learned diverged` and ten curves";

fn cell(line: &str) -> Option<Cell> {
    let mut words = line.split(' ');
    let cell = Cell {
        layers: words.next()?.parse().ok()?,
        weight_scale: words.next()?.parse().ok()?,
        rate: words.next()?.parse().ok()?,
        learned: words.next()?.parse().ok()?,
        diverged: words.next()?.parse().ok()?,
        curves: words.map(str::to_owned).collect(),
    };
    let known = |letter: char| letter == STOPPED || LETTERS.contains(&(letter as u8));
    let is_curve =
        |curve: &String| curve.len() == STEPS.len() && curve.chars().all(known);
    let all = cell.curves.len() == SEEDS as usize && cell.curves.iter().all(is_curve);
    all.then_some(cell)
}

/// Trains every network of the map, on all processors, and returns the file's new text.
/// `done` is called after each cell with how many are finished, and of how many.
pub fn compute(done: impl Fn(usize, usize) + Sync) -> String {
    let images = Images::synthetic();
    let settings: Vec<(usize, f64, f64)> = LAYERS
        .into_iter()
        .flat_map(|layers| SCALES.map(|scale| (layers, scale)))
        .flat_map(|(layers, scale)| RATES.map(|rate| (layers, scale, rate)))
        .collect();
    let (next, finished) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let cells = Mutex::new(Vec::new());
    let work = || {
        while let Some(&(layers, scale, rate)) =
            settings.get(next.fetch_add(1, Ordering::Relaxed))
        {
            let cell = Cell::compute(layers, scale, rate, &images);
            cells.lock().expect("no thread panicked").push(cell);
            done(finished.fetch_add(1, Ordering::Relaxed) + 1, settings.len());
        }
    };
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(work);
        }
    });
    let mut cells = cells.into_inner().expect("no thread panicked");
    let place = |cell: &Cell| {
        let setting = (cell.layers, cell.weight_scale, cell.rate);
        settings.iter().position(|&s| s == setting)
    };
    cells.sort_by_key(place);
    let lines: String = cells.iter().map(|cell| format!("{cell}\n")).collect();
    format!("{HEADER}{lines}")
}

/// The head of the file, which says what it holds.
const HEADER: &str = "\
# Which weight scales and learning rates learn fifty images by heart?
#
# For each setting ten networks (3072 inputs, hidden layers of 100, 10 classes; f64) train on
# synthetic::images(50, 0) less their mean image: 20 epochs, batches of 25, no penalty.
# Network k draws its weights with seed k and its batches with seed 1000 + k, k = 0 to 9.
# `learned` counts those that had all fifty right after some epoch, `diverged` those that
# ended with a loss or a score that is not finite.
#
# Then a word for each network: the loss of its batch at the steps 1, 5, 9, …, 37 and 40, a
# letter each. 0-9, A-Z, a-z, - and _ are 64 losses from 1e-5 to 1e5, each 1.44 times the one
# before; a point says that training had stopped.
#
# Made by: cargo run --release --features book -- figures --map
#
# layers weight-scale rate learned diverged curves
";
