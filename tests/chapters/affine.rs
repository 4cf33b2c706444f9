use crate::data;
use crate::support::{
    assert_close, assert_finite, assert_gradient, assert_panics, linspace, random,
};
use crate::teach::{given, teach};
use fully_connected::affine;
use ndarray::{Array2, Ix1, Ix2, Ix3, array, s};

#[test]
fn forward_gives_the_courses_numbers() {
    let _test = teach("affine::forward");
    let x = linspace(-0.1, 0.5, (2, 4, 5, 6));
    let w = linspace(-0.2, 0.3, (120, 3));
    let b = linspace(-0.3, 0.1, 3);

    let (out, _) = affine::forward(&x, &w, &b);

    let expected = data!("affine_forward").array::<Ix2>("out");
    assert_close("out", &out, &expected, 1e-12);
}

#[test]
fn forward_lays_each_example_out_in_row_major_order() {
    let _test = teach("affine::forward");
    let x = array![[[1., 2.], [3., 4.]], [[5., 6.], [7., 8.]]];
    let w = array![[1000.], [100.], [10.], [1.]];

    let (out, _) = affine::forward(&x, &w, &array![0.5]);

    assert_eq!(out, array![[1234.5], [5678.5]]);
}

#[test]
fn the_cache_holds_x() {
    let _test = teach("affine::forward");
    for n in [5, 1, 3] {
        let x = random((n, 3, 2), 1);
        let (_, cache) = affine::forward(&x, &random((6, 4), 2), &random(4, 3));
        assert_eq!(cache.x(), x, "backward takes x from the cache");
    }
    // As many numbers in as out, and large ones.
    let x = random((3, 4), 4) * 1e6;
    let (_, cache) = affine::forward(x.clone(), &random((4, 4), 5), &random(4, 6));
    assert_eq!(cache.x(), x, "backward takes x from the cache");
}

#[test]
fn backward_gives_the_courses_gradients() {
    let _test = teach("affine::backward");
    let data = data!("affine_backward");
    let x = data.array::<Ix3>("x");
    let w = data.array::<Ix2>("w");
    let (_, cache) = affine::forward(&x, &w, &data.array::<Ix1>("b"));

    let grads = affine::backward(&data.array::<Ix2>("dout"), cache, &w);

    assert_close("dx", &grads.dx, &data.array::<Ix3>("dx"), 1e-12);
    assert_close("dw", &grads.dw, &data.array::<Ix2>("dw"), 1e-12);
    assert_close("db", &grads.db, &data.array::<Ix1>("db"), 1e-12);
}

#[test]
fn backward_gives_the_slopes_of_forward() {
    let _test = teach("affine::backward");
    let x = random((5, 2, 3, 2), 1);
    let w = random((12, 4), 2);
    let b = random(4, 3);
    let dout = random((5, 4), 4);
    let (_, cache) = affine::forward(&x, &w, &b);

    let grads = affine::backward(&dout, cache, &w);

    let sum = |out: Array2<f64>| (out * &dout).sum();
    let of_x = |x: &_| sum(affine::forward(x, &w, &b).0);
    assert_gradient("dx", of_x, &x, &grads.dx);
    let of_w = |w: &Array2<f64>| sum(affine::forward(&x, w, &b).0);
    assert_gradient("dw", of_w, &w, &grads.dw);
    let of_b = |b: &ndarray::Array1<f64>| sum(affine::forward(&x, &w, b).0);
    assert_gradient("db", of_b, &b, &grads.db);
}

#[test]
fn a_batch_counts_twice_when_it_comes_twice() {
    let _test = teach("affine::backward");
    let (x, w, b) = (array![[1., 2.], [1., 2.]], array![[3.], [4.]], array![5.]);
    let (_, cache) = affine::forward(&x, &w, &b);

    let grads = affine::backward(&array![[1.], [1.]], cache, &w);

    assert_eq!(grads.dw, array![[2.], [4.]]);
    assert_eq!(grads.db, array![2.]);
}

#[test]
fn large_numbers_and_small_ones_count_in_full() {
    let _test = teach("affine::backward");
    let (x, w, b) = (random((5, 2, 3), 1), random((6, 4), 2), random(4, 3));
    let dout = random((5, 4), 4);
    let (out, cache) = affine::forward(&x, &w, &b);
    let grads = affine::backward(&dout, cache, &w);
    for k in [1e6, 1e-6] {
        let (out_k, cache) = affine::forward(&x * k, &(&w * k), &(&b * k * k));
        let grads_k = affine::backward(&(&dout * k), cache, &(&w * k));
        assert_close("out", &out_k, &(&out * k * k), 1e-13);
        assert_close("dx", &grads_k.dx, &(&grads.dx * k * k), 1e-13);
        assert_close("dw", &grads_k.dw, &(&grads.dw * k * k), 1e-13);
        assert_close("db", &grads_k.db, &(&grads.db * k), 1e-13);
    }
}

#[test]
fn x_may_have_any_number_of_axes() {
    let _test = teach("affine::backward");
    let flat = random((5, 12), 1);
    let w = random((12, 4), 2);
    let b = random(4, 3);
    let dout = random((5, 4), 4);
    let (out, cache) = affine::forward(&flat, &w, &b);
    let grads = affine::backward(&dout, cache, &w);

    let cube = flat.to_shape((5, 2, 6)).unwrap();
    let (cube_out, cache) = affine::forward(cube.view(), &w, &b);
    let cube_grads = affine::backward(&dout, cache, &w);
    assert_eq!(cube_out, out);
    assert_eq!(cube_grads.dx, grads.dx.to_shape((5, 2, 6)).unwrap());
    assert_eq!(cube_grads.dw, grads.dw);

    let image = flat.to_shape((5, 3, 2, 2)).unwrap();
    let (image_out, cache) = affine::forward(image.view(), &w, &b);
    let image_grads = affine::backward(&dout, cache, &w);
    assert_eq!(image_out, out);
    assert_eq!(image_grads.dx, grads.dx.to_shape((5, 3, 2, 2)).unwrap());
    assert_eq!(image_grads.dw, grads.dw);

    let dynamic = image.to_owned().into_dyn();
    let (dynamic_out, cache) = affine::forward(&dynamic, &w, &b);
    let dynamic_grads = affine::backward(&dout, cache, &w);
    assert_eq!(dynamic_out, out);
    assert_eq!(dynamic_grads.dx.shape(), [5, 3, 2, 2]);
}

#[test]
fn an_example_may_be_one_number() {
    let _test = teach("affine::backward");
    let x = array![1., 2., 3.]; // (N,): each example has no axis of its own
    let (out, cache) = affine::forward(&x, &array![[10., 20.]], &array![1., 2.]);
    assert_eq!(out, array![[11., 22.], [21., 42.], [31., 62.]]);

    let dout = array![[1., 0.], [0., 1.], [1., 1.]];
    let grads = affine::backward(&dout, cache, &array![[10., 20.]]);
    assert_eq!(grads.dx, array![10., 20., 30.]);
}

#[test]
fn one_output_is_enough() {
    let _test = teach("affine::backward");
    // With M = 1, the product dout·wᵀ comes back column by column.
    let x = random((5, 2, 3), 1);
    let w = random((6, 1), 2);
    let dout = random((5, 1), 3);
    let (_, cache) = affine::forward(&x, &w, &array![0.5]);

    let grads = affine::backward(&dout, cache, &w);

    for n in 0..5 {
        for d in 0..6 {
            assert_eq!(grads.dx[[n, d / 3, d % 3]], dout[[n, 0]] * w[[d, 0]]);
        }
    }
}

#[test]
fn one_example_is_enough() {
    let _test = teach("affine::backward");
    let w = array![[1., 0., 3.], [0., 1., 4.]];
    let (out, cache) = affine::forward(array![[1., 2.]], &w, &array![10., 20., 30.]);
    assert_eq!(out, array![[11., 22., 41.]]);

    let grads = affine::backward(&array![[1., 10., 100.]], cache, &w);
    assert_eq!(grads.dx, array![[301., 410.]]);
    assert_eq!(grads.dw, array![[1., 10., 100.], [2., 20., 200.]]);
    assert_eq!(grads.db, array![1., 10., 100.]);
}

#[test]
fn no_examples_give_no_rows_and_no_gradient() {
    let _test = teach("affine::backward");
    let w = random((6, 4), 1);
    let x = Array2::zeros((0, 6))
        .into_shape_with_order((0, 2, 3))
        .unwrap();
    let (out, cache) = affine::forward(x, &w, &random(4, 2));
    assert_eq!(out.dim(), (0, 4));

    let grads = affine::backward(&Array2::zeros((0, 4)), cache, &w);
    assert_eq!(grads.dx.dim(), (0, 2, 3));
    assert_eq!(grads.dw, Array2::<f64>::zeros((6, 4)));
    assert_eq!(grads.db, array![0., 0., 0., 0.]);
}

#[test]
fn the_order_of_the_numbers_in_memory_does_not_matter() {
    let _test = teach("affine::backward");
    let x = random((2, 3, 5), 1);
    let x = x.t(); // (5, 3, 2), column by column
    let w = random((4, 6), 2);
    let w = w.t();
    let dout = random((9, 8), 4);
    let dout = dout.slice(s![..5, ..;2]);
    let b = random(8, 3);
    let b = b.slice(s![..;-2]);

    let (out, cache) = affine::forward(x, &w, &b);
    let grads = affine::backward(&dout, cache, &w);

    let copy = x.as_standard_layout().into_owned();
    let w = w.as_standard_layout().into_owned();
    let (copy_out, cache) = affine::forward(&copy, &w, &b.to_owned());
    let copy_grads = affine::backward(&dout.to_owned(), cache, &w);
    assert_close("out", &out, &copy_out, 1e-14);
    assert_close("dx", &grads.dx, &copy_grads.dx, 1e-14);
    assert_close("dw", &grads.dw, &copy_grads.dw, 1e-14);
    assert_close("db", &grads.db, &copy_grads.db, 1e-14);
}

#[test]
fn x_may_be_given_lent_or_seen() {
    let _test = teach("affine::forward");
    let (w, b) = (random((3, 2), 1), random(2, 2));
    let x = random((5, 3), 3);
    let (lent, _) = affine::forward(&x, &w, &b);
    let (seen, _) = affine::forward(x.view(), &w, &b);
    let (given, _) = affine::forward(x, &w, &b);
    assert_eq!(lent, seen);
    assert_eq!(lent, given);
}

#[test]
fn the_gradients_of_the_parameters_are_those_of_backward() {
    let _test = teach("affine::backward");
    let (x, w, b) = (random((5, 2, 3), 1), random((6, 4), 2), random(4, 3));
    let dout = random((5, 4), 4);
    let (_, cache) = affine::forward(&x, &w, &b);
    let grads = affine::backward(&dout, cache.clone(), &w);

    let (dw, db) = affine::param_grads(&dout, cache);

    assert_eq!(dw, grads.dw);
    assert_eq!(db, grads.db);
}

#[test]
fn single_precision_agrees_with_double() {
    let _test = teach("affine::backward");
    let (x, w, b) = (random((5, 2, 3), 1), random((6, 4), 2), random(4, 3));
    let dout = random((5, 4), 4);
    let (out, cache) = affine::forward(&x, &w, &b);
    let grads = affine::backward(&dout, cache, &w);

    let single = |v: &f64| *v as f32;
    let w = w.map(single);
    let (out32, cache) = affine::forward(x.map(single), &w, &b.map(single));
    let grads32 = affine::backward(&dout.map(single), cache, &w);

    assert_close("out", &out32, &out, 1e-5);
    assert_close("dx", &grads32.dx, &grads.dx, 1e-5);
    assert_close("dw", &grads32.dw, &grads.dw, 1e-5);
    assert_close("db", &grads32.db, &grads.db, 1e-5);
}

#[test]
fn nan_is_passed_on() {
    let _test = teach("affine::forward");
    let x = array![[f64::NAN, 1.], [1., 1.]];
    let (out, _) = affine::forward(x, &array![[1.], [1.]], &array![0.]);
    assert!(out[[0, 0]].is_nan());
    assert_finite("out[1..]", &out.slice(s![1.., ..]));
}

#[test]
fn forward_names_the_argument_of_the_wrong_shape() {
    let _test = given();
    let x = random((5, 2, 3), 1);
    assert_panics(
        &["affine::forward", "w ", "6", "[5, 2, 3]", "[5, 4]"],
        || {
            affine::forward(&x, &random((5, 4), 2), &random(4, 3));
        },
    );
    assert_panics(&["affine::forward", "b ", "4", "[6, 4]", "3"], || {
        affine::forward(&x, &random((6, 4), 2), &random(3, 3));
    });
    let scalar = ndarray::arr0(1.0);
    assert_panics(&["affine::forward", "x ", "no axis"], || {
        affine::forward(&scalar, &random((1, 4), 2), &random(4, 3));
    });
}

#[test]
fn a_bias_of_one_entry_is_not_stretched() {
    let _test = given();
    // ndarray would broadcast it over the columns.
    assert_panics(&["affine::forward", "b "], || {
        affine::forward(random((5, 6), 1), &random((6, 4), 2), &array![1.]);
    });
}

#[test]
fn backward_names_the_argument_of_the_wrong_shape() {
    let _test = teach("affine::forward");
    let (x, w, b) = (random((5, 2, 3), 1), random((6, 4), 2), random(4, 3));
    let (_, cache) = affine::forward(&x, &w, &b);
    assert_panics(&["affine::backward", "dout ", "5", "[4, 4]"], || {
        affine::backward(&random((4, 4), 4), cache.clone(), &w);
    });
    assert_panics(&["affine::backward", "w ", "(6, 4)", "[6, 3]"], || {
        affine::backward(&random((5, 4), 4), cache.clone(), &random((6, 3), 2));
    });
    assert_panics(&["affine::backward", "w ", "[4, 6]"], || {
        affine::backward(&random((5, 4), 4), cache, &w.t());
    });
}
