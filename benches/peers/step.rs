//! Our side of the comparison with NumPy, PyTorch and JAX: times one training step.
//!
//! ```text
//! cargo bench --bench peers [-- OUT.json]
//! ```
//!
//! prints the median; OUT.json gets the batches drawn, the losses and the seconds of each
//! step. `run.py` calls this, and hands the batches to `step.py`.

#[path = "../problem/mod.rs"]
mod problem;

use fully_connected::overfit::{self, Batches};
use ndarray::Array2;
use problem::{BATCH, IMAGES, LEARNING_RATE};
use std::time::{Duration, Instant};

/// Steps before the clock counts; their losses are compared with the peers'.
const WARMUP: usize = 50;
const STEPS: usize = 300;
const SEED: u64 = 0;

fn main() -> std::io::Result<()> {
    let (x, y) = problem::training_set();
    let mut net = problem::net();
    let mut batches = Batches::new(&x, &y, BATCH, SEED);
    let mut step = || {
        let start = Instant::now();
        let (batch_x, batch_y) = batches.draw();
        let (loss, grads) = net.loss(batch_x, batch_y).expect("good labels");
        overfit::sgd_step(net.parameters_mut(), &grads, LEARNING_RATE);
        drop(grads);
        (loss, start.elapsed())
    };

    let mut losses: Vec<f32> = (0..WARMUP).map(|_| step().0).collect();
    let timed: Vec<(f32, Duration)> = (0..STEPS).map(|_| step()).collect();
    losses.extend(timed.last().map(|(loss, _)| loss));
    let mut times: Vec<f64> = timed.iter().map(|(_, t)| t.as_secs_f64()).collect();

    // `cargo bench` itself adds the argument `--bench`.
    if let Some(out) = std::env::args().skip(1).find(|arg| arg != "--bench") {
        let batches = drawn(WARMUP + STEPS);
        let json = format!(
            r#"{{"losses": {losses:?}, "times": {times:?}, "batches": {batches:?}}}"#
        );
        std::fs::write(out, json)?;
    }
    times.sort_by(f64::total_cmp);
    println!("median of {STEPS} steps: {:.3} ms", times[STEPS / 2] * 1e3);
    Ok(())
}

/// The row numbers of the batches above: the same seed draws from a training set whose
/// labels are its row numbers.
fn drawn(count: usize) -> Vec<Vec<usize>> {
    let nothing = Array2::<f32>::zeros((IMAGES, 0));
    let rows: Vec<usize> = (0..IMAGES).collect();
    let mut batches = Batches::new(&nothing, &rows, BATCH, SEED);
    (0..count).map(|_| batches.draw().1.to_vec()).collect()
}
