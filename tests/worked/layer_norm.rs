//! The worked example of chapter `layer_norm`, whole and with each step left out.

use fully_connected::batch_norm;
use fully_connected::layer_norm;
use ndarray::{Array1, Array2, Axis, array};

fn inputs() -> (Array2<f64>, Array1<f64>, Array1<f64>, Array2<f64>) {
    (
        array![[1., 5., 1., 5.], [3., 9., 9., 3.]],
        array![1., 2., 1., 3.],
        array![0., 0., 10., 0.],
        array![[4., 0., 0., 4.], [12., 0., 0., 0.]],
    )
}

fn rounded(a: &Array2<f64>) -> Array2<f64> {
    a.mapv(f64::round)
}

#[test]
fn two_rows_forward() {
    let (x, gamma, beta, _) = inputs();
    let (out, _) = layer_norm::forward(&x, &gamma, &beta);
    let shown = array![[-1., 2., 9., 3.], [-1., 2., 11., -3.]];
    assert_eq!(rounded(&out), shown);
    assert!((&out - &shown).iter().all(|off| off.abs() < 1e-5));

    let column = |a: Array1<f64>| a.insert_axis(Axis(1));
    let (mean, std) = (column(array![3., 6.]), column(array![2., 3.]));
    let normalized = (&x - &mean) / &std;
    assert_eq!(&normalized * &gamma + &beta, shown);
    // Without the mean, the deviation, its root, the scale, the shift.
    assert_ne!(&x / &std * &gamma + &beta, shown);
    assert_ne!((&x - &mean) * &gamma + &beta, shown);
    assert_ne!((&x - &mean) / &std / &std * &gamma + &beta, shown);
    assert_ne!(&normalized + &beta, shown);
    assert_ne!(&normalized * &gamma, shown);
    // Over the other axis.
    let (of_batch, ..) = batch_norm::forward(&x, &gamma, &beta);
    assert_ne!(rounded(&of_batch), shown);
}

#[test]
fn two_rows_back() {
    let (x, gamma, beta, dout) = inputs();
    let (_, cache) = layer_norm::forward(&x, &gamma, &beta);
    let grads = layer_norm::backward(&dout, cache, &gamma);
    let shown = array![[1., -3., -1., 3.], [2., 0., 0., -2.]];
    assert_eq!(rounded(&grads.dx), shown);
    assert_eq!(grads.dbeta, array![16., 0., 0., 4.]);
    assert_eq!(grads.dgamma.mapv(f64::round), array![-16., 0., 0., 4.]);

    let normalized = array![[-1., 1., -1., 1.], [-1., 1., 1., -1.]];
    let std = array![[2.], [3.]];
    let mean = |a: &Array2<f64>| a.sum_axis(Axis(1)).insert_axis(Axis(1)) / 4.;
    let g = &dout * &gamma;
    assert_eq!(mean(&g), array![[4.], [3.]]);
    let along = mean(&(&g * &normalized));
    assert_eq!(along, array![[2.], [-3.]]);
    let centered = &g - &mean(&g);
    assert_eq!(centered, array![[0., -4., -4., 8.], [9., -3., -3., -3.]]);
    let left = &centered - &(&normalized * &along);
    assert_eq!(left, array![[2., -6., -2., 6.], [6., 0., 0., -6.]]);
    assert_eq!(&left / &std, shown);
    // Without gamma, either mean, the deviation.
    let without = |g: &Array2<f64>| {
        (g - &mean(g) - &normalized * &mean(&(g * &normalized))) / &std
    };
    assert_eq!(without(&g), shown);
    assert_ne!(without(&dout), shown);
    assert_ne!((&g - &normalized * &along) / &std, shown);
    assert_ne!(&centered / &std, shown);
    assert_ne!(left, shown);
}

#[test]
fn the_figure_shows_the_same_table_by_column_and_by_row() {
    let (x, ..) = inputs();
    let (gamma, beta) = (Array1::ones(4), Array1::zeros(4));
    let (of_batch, ..) = batch_norm::forward(&x, &gamma, &beta);
    let (of_layer, _) = layer_norm::forward(&x, &gamma, &beta);
    let by_column = array![[-1., -1., -1., 1.], [1., 1., 1., -1.]];
    assert_eq!(rounded(&of_batch), by_column);
    let by_row = array![[-1., 1., -1., 1.], [-1., 1., 1., -1.]];
    assert_eq!(rounded(&of_layer), by_row);

    // Layer normalization is batch normalization of the table turned over.
    let ones = Array1::ones(2);
    let (turned, ..) = batch_norm::forward(&x.t(), &ones, &Array1::zeros(2));
    assert!(
        (&turned.t() - &of_layer)
            .iter()
            .all(|off| off.abs() < 1e-12)
    );
}
