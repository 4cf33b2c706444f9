//! Our side of the comparison with NumPy, PyTorch and JAX: takes the training step.
//!
//! `run.py` starts this with the number of steps that it will ask for in all, and talks to
//! it in lines of JSON, as it does to `step.py`: out come the batches that will be drawn,
//! as row numbers; then in goes a number of steps, out come their losses and seconds,
//! again and again.

#[path = "../problem/mod.rs"]
mod problem;

use fully_connected::overfit::{self, Batches};
use ndarray::Array2;
use problem::{BATCH, IMAGES, LEARNING_RATE};
use std::io::stdin;
use std::time::Instant;

const SEED: u64 = 0;

fn main() {
    let argument = std::env::args().nth(1);
    let Some(total) = argument.and_then(|total| total.parse().ok()) else {
        println!("benches/peers/run.py starts this program; run that instead");
        return;
    };
    println!("{:?}", drawn(total));

    let (x, y) = problem::training_set();
    let mut net = problem::net();
    let mut batches = Batches::new(&x, &y, BATCH, SEED);
    for line in stdin().lines().map_while(Result::ok) {
        let steps: usize = line.trim().parse().expect("a number of steps");
        let (mut losses, mut seconds) = (Vec::new(), Vec::new());
        for _ in 0..steps {
            let start = Instant::now();
            let (batch_x, batch_y) = batches.draw();
            let (loss, grads) = net.loss(batch_x, batch_y).expect("good labels");
            overfit::sgd_step(net.parameters_mut(), &grads, LEARNING_RATE);
            drop(grads);
            seconds.push(start.elapsed().as_secs_f64());
            losses.push(loss);
        }
        println!(r#"{{"losses": {losses:?}, "seconds": {seconds:?}}}"#);
    }
}

/// The row numbers of the batches that `main` draws: the same seed draws them from a
/// training set whose labels are its row numbers.
fn drawn(total: usize) -> Vec<Vec<usize>> {
    let no_pixels = Array2::<f32>::zeros((IMAGES, 0));
    let rows: Vec<usize> = (0..IMAGES).collect();
    let mut batches = Batches::new(&no_pixels, &rows, BATCH, SEED);
    (0..total).map(|_| batches.draw().1.to_vec()).collect()
}
