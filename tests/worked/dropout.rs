//! The worked examples of chapter `dropout`, whole and with each step left out.

use fully_connected::dropout;
use ndarray::{Array2, array};

#[test]
fn six_numbers_there_and_back() {
    let x = array![[1., 2., 3.], [4., -5., -6.]];
    let dout = array![[10., 20., -30.], [40., 50., 60.]];
    let uniforms = array![[0.1, 0.9, 0.2], [0.3, 0.8, 0.05]];
    let mask: Array2<f64> = dropout::mask((2, 3), 0.25, &mut uniforms.iter().copied());
    assert_eq!(mask, array![[4., 0., 4.], [0., 0., 4.]]);

    let (out, cache) = dropout::forward(&x, mask.clone());
    let dx = dropout::backward(&dout, cache);
    assert_eq!(out, array![[4., 0., 12.], [0., 0., -24.]]);
    assert_eq!(dx, array![[40., 0., -120.], [0., 0., 240.]]);

    // Without the mask, the factor; keep exchanged; the mask of another draw.
    assert_ne!(x, out);
    assert_ne!(dout, dx);
    let kept = mask.mapv(|m: f64| if m > 0. { 1. } else { 0. });
    assert_ne!(&x * &kept, out);
    assert_ne!(&dout * &kept, dx);
    let exchanged: Array2<f64> =
        dropout::mask((2, 3), 0.75, &mut uniforms.iter().copied());
    assert_ne!(&x * &exchanged, out);
    let turned = uniforms.t().to_owned();
    let other: Array2<f64> = dropout::mask((2, 3), 0.25, &mut turned.iter().copied());
    assert_ne!(&dout * &other, dx);
}

#[test]
fn four_cases_of_a_sum() {
    let sums = |factor: f64| {
        [(1., 1.), (1., 0.), (0., 1.), (0., 0.)]
            .map(|(first, second)| factor * (6. * first + 2. * second))
    };
    let mean = |sums: [f64; 4]| sums.iter().sum::<f64>() / 4.;
    assert_eq!(sums(1.), [8., 6., 2., 0.]);
    assert_eq!(sums(2.), [16., 12., 4., 0.]);
    assert_eq!((mean(sums(1.)), mean(sums(2.))), (4., 8.));
    // The factor of a mask with keep ½ is that 2.
    let mask = dropout::mask::<f64>((1, 1), 0.5, &mut [0.].into_iter());
    assert_eq!(mask, array![[2.]]);
}
