//! The tables "NumPy beside ndarray" of `book/src/idioms.md`: each form of their right-hand
//! columns stands here, compiled, beside what NumPy 2.4 gives for the left-hand one.

use fully_connected::Scalar;
use fully_connected::numpy::RandomState;
use ndarray::{
    Array, Array1, Array2, ArrayRef1, ArrayRef2, Axis, Zip, array, concatenate, s,
};

/// `[[1, 2, 3], [4, -5, 6]]`, the `x` of the table.
fn x() -> Array2<f64> {
    array![[1., 2., 3.], [4., -5., 6.]]
}

#[test]
fn every_row_of_the_tables_stands_in_this_file() {
    let page = include_str!("../book/src/idioms.md").replace("\\|", "\u{a6}");
    let here: String = include_str!("numpy_idioms.rs").split_whitespace().collect();
    let mut rows = Vec::new();
    for head in ["| NumPy | ndarray |", "| NumPy | ndarray, in an exercise |"] {
        let (_, table) = page.split_once(head).expect("the table");
        let table = table.lines().skip(2);
        rows.extend(table.take_while(|line| line.starts_with('|')));
    }
    assert!(rows.len() > 35, "{} rows", rows.len());
    for row in rows {
        let right = row.split('|').nth(2).expect("a right-hand column");
        let forms: Vec<&str> = right.split('`').skip(1).step_by(2).collect();
        assert!(!forms.is_empty(), "no code in {row}");
        for form in forms {
            let form = form.replace('\u{a6}', "|");
            let squeezed: String = form.split_whitespace().collect();
            assert!(here.contains(&squeezed), "`{form}` is checked nowhere");
        }
    }
}

#[test]
fn arrays_are_made() {
    assert_eq!(
        Array2::<f64>::zeros((2, 3)),
        array![[0., 0., 0.], [0., 0., 0.]]
    );
    let x = x();
    let zeros = Array2::<f64>::zeros(x.raw_dim());
    assert_eq!(&x + &zeros, x);
    assert_eq!(zeros.dim(), (2, 3));
    assert_eq!(Array::linspace(0., 1., 5), array![0., 0.25, 0.5, 0.75, 1.]);
    assert_eq!(Array::from_iter(0..3), array![0, 1, 2]);

    // np.random.seed(0); np.random.randn(2, 3)
    let mut random = RandomState::new(0);
    let drawn: Array2<f64> = random.randn_array((2, 3));
    let numpy = array![
        [1.764052345967664, 0.4001572083672233, 0.9787379841057392],
        [2.240893199201458, 1.8675579901499675, -0.977277879876411],
    ];
    assert!((drawn - numpy).iter().all(|e| e.abs() < 1e-14));
}

#[test]
fn shapes_are_asked_for_and_changed() {
    let x = x();
    assert_eq!(x.shape(), [2, 3]);
    assert_eq!(x.dim(), (2, 3));
    assert_eq!(x.nrows(), 2);
    assert_eq!(x.t().dim(), (3, 2));

    let x = Array::from_iter(0..24)
        .into_shape_with_order((2, 3, 4))
        .unwrap();
    let n = 2;
    let rows = x.to_shape((n, x.len() / n)).unwrap();
    assert_eq!(rows.row(1), Array::from_iter(12..24));

    let m = array![1., 2.];
    assert_eq!(m.insert_axis(Axis(1)), array![[1.], [2.]]);
}

#[test]
fn arithmetic_is_entry_by_entry_and_dot_is_a_product() {
    let x = x();
    let w = array![[1., 0.], [0., 1.], [10., 100.]];
    assert_eq!(x.dot(&w), array![[31., 302.], [64., 595.]]);

    let b = array![10., 20., 30.];
    assert_eq!(&x + &b, array![[11., 22., 33.], [14., 15., 36.]]);
    assert_eq!(2. * &x, array![[2., 4., 6.], [8., -10., 12.]]);
    let m = array![1., 4.];
    assert_eq!(
        &x - &m.insert_axis(Axis(1)),
        array![[0., 1., 2.], [0., -9., 2.]]
    );
    assert_eq!(x.exp()[[0, 1]], 2_f64.exp());

    let (mut w, dw, lr) = (array![1., 2.], array![10., 20.], 0.1);
    w.scaled_add(-lr, &dw);
    assert_eq!(w, array![0., 0.]);
    w += &dw;
    assert_eq!(w, dw);
}

#[test]
fn maximum_with_zero_keeps_nan() {
    let x = x();
    let out = x.mapv(|v| if v <= 0. { 0. } else { v });
    assert_eq!(out, array![[1., 2., 3.], [4., 0., 6.]]);
    let x = array![f64::NAN];
    let nan = x.mapv(|v| if v <= 0. { 0. } else { v });
    assert!(nan[0].is_nan());
}

#[test]
fn sums_and_maxima_run_along_an_axis() {
    let x = x();
    assert_eq!(x.sum(), 11.);
    assert_eq!(x.sum_axis(Axis(0)), array![5., -3., 9.]);
    assert_eq!(x.mean_axis(Axis(0)).unwrap(), array![2.5, -1.5, 4.5]);
    assert!((x.std(0.) - 3.435921354681384).abs() < 1e-14);

    let max =
        |row: ndarray::ArrayView1<f64>| row.fold(f64::NEG_INFINITY, |m, &v| m.max(v));
    let maxima = x.map_axis(Axis(1), max).insert_axis(Axis(1));
    assert_eq!(maxima, array![[3.], [6.]]);

    let argmax = |row: ndarray::ArrayView1<f64>| {
        (1..row.len()).fold(0, |best, j| if row[j] > row[best] { j } else { best })
    };
    assert_eq!(x.map_axis(Axis(1), argmax), array![2, 2]);
    assert_eq!(array![[1., 7., 7.]].map_axis(Axis(1), argmax), array![1]);
}

#[test]
fn one_entry_a_row_is_a_loop() {
    let mut p = x();
    let y = [2, 0];
    let right = Array1::from_iter(y.iter().enumerate().map(|(i, &c)| p[[i, c]]));
    assert_eq!(right, array![3., 4.]);
    for (i, &c) in y.iter().enumerate() {
        p[[i, c]] -= 1.;
    }
    assert_eq!(p, array![[1., 2., 2.], [3., -5., 6.]]);
}

#[test]
fn masks_are_arrays_of_bool() {
    let mut x = x();
    let dout = array![[10., 20., 30.], [40., 50., 60.]];
    let dx = Zip::from(&x)
        .and(&dout)
        .map_collect(|&x, &d| if x > 0. { d } else { 0. });
    assert_eq!(dx, array![[10., 20., 30.], [40., 0., 60.]]);

    let mask = x.mapv(|v| v > 3.);
    assert_eq!(mask, array![[false, false, false], [true, false, true]]);
    Zip::from(&mut x).and(&mask).for_each(|v, &m| {
        if m {
            *v = 0.;
        }
    });
    assert_eq!(x, array![[1., 2., 3.], [0., -5., 0.]]);
    assert_eq!(mask.iter().filter(|&&m| m).count(), 2);
}

#[test]
fn slices_are_views_and_a_copy_has_to_be_asked_for() {
    let mut x = x();
    assert_eq!(x.row(0), array![1., 2., 3.]);
    assert_eq!(x.column(1), array![2., -5.]);
    assert_eq!(x.slice(s![.., 1..3]), array![[2., 3.], [-5., 6.]]);
    assert_eq!(x.slice(s![..;-1, ..]), array![[4., -5., 6.], [1., 2., 3.]]);
    let idx = [1, 1, 0];
    assert_eq!(x.select(Axis(0), &idx).column(0), array![4., 4., 1.]);

    let copy = x.row(0).to_owned();
    x.row_mut(0).fill(9.);
    x.slice_mut(s![1.., ..2]).fill(8.);
    assert_eq!(x, array![[9., 9., 9.], [8., 8., 6.]]);
    assert_eq!(copy, array![1., 2., 3.]);
}

#[test]
fn the_rest() {
    let (a, b) = (array![1., 2.], array![3.]);
    assert_eq!(concatenate![Axis(0), a, b], array![1., 2., 3.]);
    let x = x();
    assert_eq!(x.mapv(|v| v as f32)[[1, 1]], -5_f32);
    let (a, b) = (array![1., 2.], array![1., 2.5]);
    let error = (&a - &b).abs().fold(0., |m: f64, &e| m.max(e));
    assert_eq!(error, 0.5);
}

struct Layer<T> {
    w: Array2<T>,
}

/// The forms of the second table, with arguments such as an exercise has.
fn in_an_exercise<T: Scalar>(
    x: &ArrayRef2<T>,
    w: &ArrayRef2<T>,
    b: &ArrayRef1<T>,
    (reg, layer): (T, &Layer<T>),
) {
    let of = |array: Array2<f64>| array.mapv(T::of);
    assert_eq!(x.dot(w), of(array![[31., 302.], [64., 595.]]));
    let dout = &*of(array![[1., 0.], [0., 1.]]);
    assert_eq!(x.t().dot(dout), x.t());
    assert_eq!(
        x.to_owned() + b,
        of(array![[11., 22., 33.], [14., 15., 36.]])
    );
    let twice = x.mapv(|v| v * T::of(2.));
    assert_eq!(twice, of(array![[2., 4., 6.], [8., -10., 12.]]));
    assert_eq!(&layer.w * reg, of(array![[5., 0.], [0., 5.]]));
    assert_eq!(x.mapv(T::exp)[[0, 1]], T::of(2.).exp());

    let m = x.map_axis(Axis(1), |row| row.fold(T::neg_infinity(), |m, &v| m.max(v)));
    let shifted = x.to_owned() - &m.insert_axis(Axis(1));
    assert_eq!(shifted, of(array![[-2., -1., 0.], [-2., -11., 0.]]));

    let out = x.mapv(|v| if v <= T::zero() { T::zero() } else { v });
    assert_eq!(out, of(array![[1., 2., 3.], [4., 0., 6.]]));
    let dout = &*of(array![[10., 20., 30.], [40., 50., 60.]]);
    let dx = Zip::from(x)
        .and(dout)
        .map_collect(|&x, &d| if x > T::zero() { d } else { T::zero() });
    assert_eq!(dx, of(array![[10., 20., 30.], [40., 0., 60.]]));
}

#[test]
fn the_forms_for_an_exercise_are_right_in_both_precisions() {
    fn run<T: Scalar>() {
        let w = array![[1., 0.], [0., 1.], [10., 100.]].mapv(T::of);
        let b = array![10., 20., 30.].mapv(T::of);
        let layer = Layer {
            w: array![[10., 0.], [0., 10.]].mapv(T::of),
        };
        in_an_exercise(&x().mapv(T::of), &w, &b, (T::of(0.5), &layer));
    }
    run::<f32>();
    run::<f64>();
}
