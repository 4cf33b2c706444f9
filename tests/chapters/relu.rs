use crate::data;
use crate::support::{assert_close, assert_gradient, assert_panics, linspace, random};
use crate::teach::teach;
use fully_connected::{affine, relu};
use ndarray::{
    Array, Array1, Array2, Dimension, Ix1, Ix2, Ix3, ShapeBuilder, array, s,
};

/// Random numbers none of which is nearer to the kink at 0 than 1/10.
fn away_from_the_kink<D: Dimension>(x: Array<f64, D>) -> Array<f64, D> {
    x.mapv(|x| x + 0.1_f64.copysign(x))
}

#[test]
fn forward_gives_the_courses_numbers() {
    let _test = teach("relu::forward");
    let (out, _) = relu::forward(linspace(-0.5, 0.5, (3, 4)));

    // The twelve numbers stand 1/11 apart: −1/2, …, −1/22, 1/22, …, 1/2.
    let expected = array![
        [0., 0., 0., 0.],
        [0., 0., 1. / 22., 3. / 22.],
        [5. / 22., 7. / 22., 9. / 22., 11. / 22.],
    ];
    assert_close("out", &out, &expected, 1e-15);
}

#[test]
fn the_cache_tells_what_passed() {
    let _test = teach("relu::forward");
    // Of x or of out alike.
    let x = away_from_the_kink(random((5, 3, 2), 1));
    let (_, cache) = relu::forward(&x);
    let passed = cache.x().mapv(|x| x > 0.);
    assert_eq!(
        passed,
        x.mapv(|x| x > 0.),
        "backward takes its mask from the cache"
    );
}

#[test]
fn backward_gives_the_courses_gradient() {
    let _test = teach("relu::backward");
    let data = data!("relu_backward");
    let (_, cache) = relu::forward(data.array::<Ix2>("x"));

    let dx = relu::backward(&data.array::<Ix2>("dout"), cache);

    assert_eq!(dx, data.array::<Ix2>("dx"));
}

#[test]
fn backward_gives_the_slopes_of_forward() {
    let _test = teach("relu::backward");
    let x = away_from_the_kink(random((5, 3, 2), 1));
    let dout = random((5, 3, 2), 2);
    let (_, cache) = relu::forward(&x);

    let dx = relu::backward(&dout, cache);

    let sum = |x: &_| (relu::forward(x).0 * &dout).sum();
    assert_gradient("dx", sum, &x, &dx);
}

#[test]
fn the_mask_is_that_of_x_not_of_dout() {
    let _test = teach("relu::backward");
    let (_, cache) = relu::forward(array![-1., 2., -3., 4.]);
    let dx = relu::backward(&array![10., -20., -30., 40.], cache);
    assert_eq!(dx, array![0., -20., 0., 40.]);
}

#[test]
fn the_slope_at_zero_is_zero() {
    let _test = teach("relu::backward");
    let (out, cache) = relu::forward(array![0., -0., 1e-300, -1e-300]);
    assert_eq!(out, array![0., 0., 1e-300, 0.]);
    let dx = relu::backward(&array![5., 5., 5., 5.], cache);
    assert_eq!(dx, array![0., 0., 5., 0.]);
}

#[test]
fn nan_stays_nan() {
    let _test = teach("relu::backward");
    let (out, cache) = relu::forward(array![f64::NAN, -1., 1.]);
    assert!(out[0].is_nan(), "the output is {}", out[0]);
    assert_eq!(out.slice(s![1..]), array![0., 1.]);

    let dx = relu::backward(&array![1., f64::NAN, f64::NAN], cache);
    assert_eq!(dx[1], 0.0, "no signal passes a closed gate");
    assert!(dx[2].is_nan(), "the gradient is {}", dx[2]);

    let (out, _) = relu::forward(array![f32::NAN]);
    assert!(out[0].is_nan(), "the output is {}", out[0]);
}

#[test]
fn infinity_passes_and_its_opposite_does_not() {
    let _test = teach("relu::forward");
    let (out, _) = relu::forward(array![f64::INFINITY, f64::NEG_INFINITY]);
    assert_eq!(out, array![f64::INFINITY, 0.]);
}

#[test]
fn large_numbers_and_small_ones_pass_whole() {
    let _test = teach("relu::backward");
    let (x, dout) = (random((5, 3), 1), random((5, 3), 2));
    let (out, cache) = relu::forward(&x);
    let dx = relu::backward(&dout, cache);
    for k in [1e6, 1e-6] {
        let (out_k, cache) = relu::forward(&x * k);
        assert_eq!(out_k, &out * k);
        assert_eq!(relu::backward(&(&dout * k), cache), &dx * k);
    }
}

#[test]
fn the_shape_stays() {
    let _test = teach("relu::backward");
    fn check<D: Dimension>(x: Array<f64, D>) {
        let shape = x.raw_dim();
        let (out, cache) = relu::forward(&x);
        assert_eq!(out.raw_dim(), shape);
        assert_eq!(relu::backward(&x, cache), out, "x·[x > 0] is relu(x)");
    }
    check(random(7, 1));
    check(random((5, 3), 1));
    check(random((5, 3, 2), 1));
    check(random((5, 3, 2, 2), 1));
    check(random(vec![5, 3, 2], 1));
    check(random((0, 3), 1));
    check(random((5, 3).f(), 1)); // column by column
}

#[test]
fn the_order_of_the_numbers_in_memory_does_not_matter() {
    let _test = teach("relu::backward");
    let x = random((3, 5), 1);
    let dout = random((10, 3), 2);
    let dout = dout.slice(s![..;-2, ..]);

    let (out, cache) = relu::forward(x.t());
    let dx = relu::backward(&dout, cache);

    for n in 0..5 {
        for d in 0..3 {
            let gate = f64::from(u8::from(x[[d, n]] > 0.0));
            assert_eq!(out[[n, d]], x[[d, n]] * gate);
            assert_eq!(dx[[n, d]], dout[[n, d]] * gate);
        }
    }
}

#[test]
fn single_precision_agrees_with_double() {
    let _test = teach("relu::backward");
    let (x, dout) = (random((5, 3), 1), random((5, 3), 2));
    let (out, cache) = relu::forward(&x);
    let dx = relu::backward(&dout, cache);

    let single = |v: &f64| *v as f32;
    let (out32, cache) = relu::forward(x.map(single));
    assert_eq!(out32, out.map(single));
    assert_eq!(relu::backward(&dout.map(single), cache), dx.map(single));
}

#[test]
fn backward_names_the_argument_of_the_wrong_shape() {
    let _test = teach("relu::forward");
    let (_, cache) = relu::forward(random((5, 3), 1));
    assert_panics(&["relu::backward", "dout ", "[5, 3]", "[5, 1]"], || {
        relu::backward(&random((5, 1), 2), cache);
    });
}

#[test]
fn the_sandwich_gives_the_courses_numbers() {
    let _test = teach("relu::backward");
    let data = data!("affine_relu");
    let x = data.array::<Ix3>("x");
    let w = data.array::<Ix2>("w");
    let b = data.array::<Ix1>("b");

    let (out, cache) = relu::affine_relu_forward(&x, &w, &b);
    let dout = data.array::<Ix2>("dout");
    let (dw, db) = relu::affine_relu_param_grads(&dout, cache.clone());
    let grads = relu::affine_relu_backward(&dout, cache, &w);

    assert_close("out", &out, &data.array::<Ix2>("out"), 1e-12);
    assert_close("dx", &grads.dx, &data.array::<Ix3>("dx"), 1e-12);
    assert_close("dw", &grads.dw, &data.array::<Ix2>("dw"), 1e-12);
    assert_close("db", &grads.db, &data.array::<Ix1>("db"), 1e-12);
    assert_eq!(dw, grads.dw, "the gradients of the parameters alone");
    assert_eq!(db, grads.db, "the gradients of the parameters alone");
}

#[test]
fn the_sandwich_gives_the_slopes_of_its_forward() {
    let _test = teach("relu::backward");
    let (x, w, b) = (random((5, 2, 3), 1), random((6, 4), 2), random(4, 3));
    let dout = random((5, 4), 4);
    let (before, _) = affine::forward(&x, &w, &b);
    let nearest = before.iter().fold(f64::INFINITY, |m, a| m.min(a.abs()));
    assert!(
        nearest > 1e-3,
        "no pre-activation is at the kink: {nearest}"
    );
    let (_, cache) = relu::affine_relu_forward(&x, &w, &b);

    let grads = relu::affine_relu_backward(&dout, cache, &w);

    let sum = |out: Array2<f64>| (out * &dout).sum();
    let of_x = |x: &_| sum(relu::affine_relu_forward(x, &w, &b).0);
    assert_gradient("dx", of_x, &x, &grads.dx);
    let of_w = |w: &Array2<f64>| sum(relu::affine_relu_forward(&x, w, &b).0);
    assert_gradient("dw", of_w, &w, &grads.dw);
    let of_b = |b: &Array1<f64>| sum(relu::affine_relu_forward(&x, &w, b).0);
    assert_gradient("db", of_b, &b, &grads.db);
}

#[test]
fn the_sandwich_passes_nan_on() {
    let _test = teach("relu::forward");
    let x = array![[f64::NAN], [1.]];
    let (out, _) = relu::affine_relu_forward(x, &array![[1., -1.]], &array![0., 0.]);
    assert!(out.row(0).iter().all(|out| out.is_nan()));
    assert_eq!(out.row(1), array![1., 0.]);
}
