//! How long the parts of the assignment take: `cargo bench`.
//!
//! Everything runs on one thread. Read the median column: it forgets the samples that
//! another process disturbed.

mod problem;

use divan::{Bencher, black_box};
use fully_connected::overfit::{self, Batches};
use fully_connected::{FullyConnectedNet, Gradients, Options};
use fully_connected::{affine, gradient_check, regularization};
use ndarray::linalg::general_mat_mul;
use ndarray::{Array2, ArrayView2};
use problem::{BATCH, CLASSES, HIDDEN, LEARNING_RATE, PIXELS, REG, uniform};

fn main() {
    divan::main();
}

/// The affine layer alone, at the size of the network's first: (100, 3072)·(3072, 100).
#[divan::bench_group]
mod affine_layer {
    use super::*;

    #[divan::bench]
    fn forward(bencher: Bencher) {
        let x = uniform(0, 1.0, (BATCH, PIXELS));
        let w = uniform(1, 1.0, (PIXELS, HIDDEN));
        let b = uniform(2, 1.0, HIDDEN);
        bencher.bench_local(|| affine::forward(&x, &w, &b).0);
    }

    /// Two products, of 0.9 ms each where this was written. What comes on top is the
    /// allocator: `dw` and `dx` are 1.2 MB each, and glibc's `malloc` may return such
    /// arrays to the system when they are freed, so that the next ones are fetched page
    /// by page. That took 1.5 ms; with `MALLOC_MMAP_THRESHOLD_=33554432` and
    /// `MALLOC_TRIM_THRESHOLD_=1073741824` set, nothing.
    #[divan::bench]
    fn backward(bencher: Bencher) {
        let x = uniform(0, 1.0, (BATCH, PIXELS));
        let w = uniform(1, 1.0, (PIXELS, HIDDEN));
        let b = uniform(2, 1.0, HIDDEN);
        let dout = uniform(3, 1.0, (BATCH, HIDDEN));
        bencher
            .with_inputs(|| affine::forward(&x, &w, &b).1)
            .bench_local_values(|cache| affine::backward(&dout, cache, &w));
    }
}

/// One step of training a 3072-100-100-10 network on 100 images in `f32`, and its parts.
#[divan::bench_group(sample_count = 300)]
mod training_step {
    use super::*;

    /// All of it: the batch is drawn, the loss and its gradients computed, the
    /// parameters updated.
    #[divan::bench]
    fn whole(bencher: Bencher) {
        let (x, y) = problem::training_set();
        let mut net = problem::net();
        let mut batches = Batches::new(&x, &y, BATCH, 0);
        bencher.bench_local(|| {
            let (batch_x, batch_y) = batches.draw();
            let (loss, grads) = net.loss(batch_x, batch_y).expect("good labels");
            overfit::sgd_step(net.parameters_mut(), &grads, LEARNING_RATE);
            loss
        });
    }

    #[divan::bench]
    fn batch_drawn(bencher: Bencher) {
        let (x, y) = problem::training_set();
        let mut batches = Batches::new(&x, &y, BATCH, 0);
        bencher.bench_local(|| {
            black_box(batches.draw());
        });
    }

    /// The eight matrix products and nothing else: each into an array that is there
    /// already. This is the floor: with ndarray's products no step is faster.
    #[divan::bench]
    fn eight_products(bencher: Bencher) {
        let x = uniform(0, 1.0, (BATCH, PIXELS));
        let w1 = uniform(1, 1.0, (PIXELS, HIDDEN));
        let w2 = uniform(2, 1.0, (HIDDEN, HIDDEN));
        let w3 = uniform(3, 1.0, (HIDDEN, CLASSES));
        let h = uniform(4, 1.0, (BATCH, HIDDEN));
        let dscores = uniform(5, 1.0, (BATCH, CLASSES));
        let mut outs = [HIDDEN, HIDDEN, CLASSES].map(|m| Array2::zeros((BATCH, m)));
        let mut dws =
            [(PIXELS, HIDDEN), (HIDDEN, HIDDEN), (HIDDEN, CLASSES)].map(Array2::zeros);
        let mut dxs = [HIDDEN, HIDDEN].map(|d| Array2::zeros((BATCH, d)));
        bencher.bench_local(|| {
            product(x.view(), w1.view(), &mut outs[0]); // forward
            product(h.view(), w2.view(), &mut outs[1]);
            product(h.view(), w3.view(), &mut outs[2]);
            product(h.t(), dscores.view(), &mut dws[2]); // backward, the last layer
            product(dscores.view(), w3.t(), &mut dxs[1]);
            product(h.t(), h.view(), &mut dws[1]); // the second
            product(h.view(), w2.t(), &mut dxs[0]);
            product(x.t(), h.view(), &mut dws[0]); // the first: it needs no dx
        });
    }

    fn product(a: ArrayView2<f32>, b: ArrayView2<f32>, out: &mut Array2<f32>) {
        general_mat_mul(1.0, black_box(&a), black_box(&b), 0.0, out);
    }

    /// The L2 penalty and its gradient.
    #[divan::bench]
    fn regularization(bencher: Bencher) {
        let net = problem::net();
        let mut grads: Gradients<f32> = net.parameters().clone();
        bencher.bench_local(|| {
            regularization::add_penalty_gradient(&mut grads, net.parameters(), REG);
            regularization::penalty(net.parameters(), REG)
        });
    }

    #[divan::bench]
    fn sgd_step(bencher: Bencher) {
        let mut net = problem::net();
        let grads: Gradients<f32> = net.parameters().clone();
        bencher.bench_local(|| {
            overfit::sgd_step(net.parameters_mut(), &grads, LEARNING_RATE);
        });
    }
}

/// The numeric gradient check of the sanity net, 15-20-30-10, on two examples: each of
/// its 1,260 parameters is moved twice and the loss computed again.
#[divan::bench]
#[expect(
    clippy::approx_constant,
    reason = "the course's `reg` is 3.14, and no π"
)]
fn gradient_check_of_the_sanity_net(bencher: Bencher) {
    let mut options = Options::new(15, &[20, 30], 10);
    options.reg = 3.14;
    options.weight_scale = 5e-2;
    let net = FullyConnectedNet::<f64>::new(options).expect("the options are in range");
    let x = uniform(0, 1.0, (2, 15)).mapv(f64::from);
    bencher.bench_local(|| gradient_check::check_net(&net, &x, &[7, 0]));
}
