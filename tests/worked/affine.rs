//! The worked example of chapter `affine`, whole and with each step left out.

use fully_connected::affine;
use ndarray::{Array2, Axis, array, s};

/// The first example, the batch of two, and what the rest of the network said of them.
fn x() -> Array2<f64> {
    array![[1., 2.], [10., 1.]]
}

fn w() -> Array2<f64> {
    array![[1., 0., 3.], [0., 1., 4.]]
}

fn dout() -> Array2<f64> {
    array![[1., -3., 2.], [1., 2., 1.]]
}

#[test]
fn one_example_forward() {
    let x = x().slice_move(s![..1, ..]);
    let b = array![10., 20., 30.];
    let (out, _) = affine::forward(&x, &w(), &b);
    assert_eq!(out, array![[11., 22., 41.]]);

    let (without_bias, _) = affine::forward(&x, &w(), &(&b * 0.0));
    assert_eq!(without_bias, array![[1., 2., 11.]]);
    for left_out in 0..2 {
        let mut x = x.clone();
        x[[0, left_out]] = 0.0;
        assert_ne!(x.dot(&w()) + &b, out, "without input {left_out}");
    }
}

#[test]
fn one_example_backward() {
    let (x, w) = (x().slice_move(s![..1, ..]), w());
    let dout = dout().slice_move(s![..1, ..]);
    let (_, cache) = affine::forward(&x, &w, &array![10., 20., 30.]);
    let grads = affine::backward(&dout, cache, &w);
    assert_eq!(grads.dx, array![[7., 5.]]);
    assert_eq!(grads.dw, array![[1., -3., 2.], [2., -6., 4.]]);
    assert_eq!(grads.db, array![1., -3., 2.]);

    // Each path from an input to the loss, left out.
    for ((input, output), _) in w.indexed_iter().filter(|(_, w)| **w != 0.0) {
        let mut w = w.clone();
        w[[input, output]] = 0.0;
        let dx = dout.dot(&w.t());
        assert_ne!(dx[[0, input]], grads.dx[[0, input]], "{input} → {output}");
    }
    // The factors of a weight's gradient, each left out.
    let (rows, columns) = grads.dw.dim();
    let without_input = dout.broadcast((rows, columns)).unwrap();
    assert_ne!(without_input, grads.dw);
    let x_columns = x.t();
    let without_dout = x_columns.broadcast((rows, columns)).unwrap();
    assert_ne!(without_dout, grads.dw);
    // `dw` with its indices exchanged is not even of the right shape.
    assert_eq!(dout.t().dot(&x).dim(), (3, 2));
}

#[test]
fn the_batch_adds_up() {
    let (x, w, dout) = (x(), w(), dout());
    let (_, cache) = affine::forward(&x, &w, &array![10., 20., 30.]);
    let (dw, db) = affine::param_grads(&dout, cache);
    assert_eq!(dw, array![[11., 17., 12.], [3., -4., 5.]]);
    assert_eq!(db, array![2., -1., 3.]);

    assert_ne!(dout.mean_axis(Axis(0)).unwrap(), db, "a mean for the sum");
    for left_out in 0..2 {
        let mut dout = dout.clone();
        dout.row_mut(left_out).fill(0.0);
        let fewer = x.t().dot(&dout);
        for (entry, (fewer, all)) in fewer.iter().zip(&dw).enumerate() {
            assert_ne!(fewer, all, "entry {entry} without example {left_out}");
        }
        assert_ne!(dout.sum_axis(Axis(0)), db, "without example {left_out}");
    }
}

/// The loss ½(2w − 6)² of one weight, by its layer: the input is 2, the output should be 6.
fn slope(w: f64) -> f64 {
    let w = array![[w]];
    let (out, cache) = affine::forward(array![[2.]], &w, &array![0.]);
    let (dw, _) = affine::param_grads(&(out - 6.0), cache);
    dw[[0, 0]]
}

#[test]
fn descent_with_three_rates() {
    let table = "\
0.02    0.24   0.46   0.66   0.85   1.02
0.2     2.40   2.88   2.98   3.00   3.00
0.55    6.60  -1.32   8.18  -3.22  10.46
";
    let walked: String = [0.02, 0.2, 0.55]
        .into_iter()
        .map(|rate| {
            let step = |w: &f64| Some(w - rate * slope(*w));
            let walk = std::iter::successors(Some(0.0), step).skip(1).take(5);
            let steps: String = walk.map(|w| format!("{w:>7.2}")).collect();
            format!("{:<5}{steps}\n", rate.to_string())
        })
        .collect();
    assert_eq!(walked, table);
    let chapter = include_str!("../../src/affine.rs");
    for line in table.lines() {
        assert!(chapter.contains(line), "{line}");
    }
    // Uphill instead of down.
    assert!((slope(0.0) * 0.2 - 3.0).abs() > 3.0);
}
