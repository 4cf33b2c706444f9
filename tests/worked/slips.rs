//! What the slips that chapters 1 to 3 warn of do to the runs of chapters 8 and 9: the
//! numbers that those chapters quote.

use fully_connected::checker::{Verdict, check_gradients};
use fully_connected::experiments::{CLASSES, Overfit, Sanity};
use fully_connected::fifty::Images;
use fully_connected::overfit::sgd_step;
use fully_connected::training::Batches;
use fully_connected::{
    FullyConnectedNet, Gradients, Layer, Options, affine, relu, softmax,
};
use ndarray::Array2;

#[derive(Debug, Clone, Copy, PartialEq)]
enum Slip {
    None,
    MaskFromDout,
    SumForMean,
    NothingLess,
}

/// The loss and the gradients of a network, with a slip.
fn loss(
    net: &FullyConnectedNet<f64>,
    x: &Array2<f64>,
    y: &[usize],
    slip: Slip,
) -> (f64, Gradients<f64>) {
    let layers = net.parameters().layers();
    let mut h = x.clone();
    let mut caches = Vec::new();
    for layer in layers {
        let (sums, affine) = affine::forward(h, &layer.w, &layer.b);
        let (out, relu) = relu::forward(sums.clone());
        caches.push((affine, relu));
        h = if caches.len() < layers.len() {
            out
        } else {
            sums
        };
    }
    let (mut loss, mut dout) = softmax::loss(&h, y).unwrap();
    let n = y.len() as f64;
    match slip {
        Slip::SumForMean => {
            loss *= n;
            dout *= n;
        }
        Slip::NothingLess => {
            for (mut row, &label) in dout.rows_mut().into_iter().zip(y) {
                row[label] += 1.0 / n;
            }
        }
        Slip::None | Slip::MaskFromDout => (),
    }
    let mut grads = Vec::new();
    for (layer, (affine, relu)) in layers.iter().zip(caches).rev() {
        if !grads.is_empty() {
            dout = match slip {
                Slip::MaskFromDout => dout.mapv(|d| f64::max(d, 0.0)),
                _ => relu::backward(&dout, relu),
            };
        }
        let back = affine::backward(&dout, affine, &layer.w);
        grads.push(Layer {
            w: back.dw,
            b: back.db,
        });
        dout = back.dx;
    }
    grads.reverse();
    (loss, Gradients::from(grads))
}

/// The losses of chapter 9's three-layer network, and its accuracy at the end.
fn train(slip: Slip) -> (Vec<f64>, f64) {
    let course = Overfit::default();
    let images = Images::synthetic();
    let x = images.x.to_shape((50, 3072)).unwrap().to_owned();
    let mut net = FullyConnectedNet::<f64>::new(Options {
        weight_scale: course.weight_scale,
        seed: course.seed,
        ..Options::new((3, 32, 32), &[course.hidden; 2], CLASSES)
    })
    .unwrap();
    let mut batches = Batches::new(&x, &images.y, course.batch, course.seed);
    let mut losses = Vec::new();
    for _ in 0..course.epochs * (50 / course.batch) {
        let (x, y) = batches.draw();
        let (loss, grads) = loss(&net, x, y, slip);
        losses.push(loss);
        sgd_step(net.parameters_mut(), &grads, course.rate);
    }
    (losses, net.accuracy(&x, &images.y).unwrap())
}

#[test]
fn without_a_slip_the_network_learns_and_the_check_is_content() {
    let (losses, accuracy) = train(Slip::None);
    assert_eq!(losses.len(), 40);
    assert_eq!(accuracy, 1.0);
    let subjects = Sanity::default().subjects().unwrap();
    let (net, x, y) = (&subjects.nets[0], &subjects.x, &subjects.y);
    let (_, grads) = loss(net, x, y, Slip::None);
    let checks = check_gradients(net, x, y, &grads).unwrap();
    assert!(checks.iter().all(|check| check.verdict.passed()));
}

#[test]
fn the_mask_from_dout() {
    let subjects = Sanity::default().subjects().unwrap();
    let (net, x, y) = (&subjects.nets[0], &subjects.x, &subjects.y);
    let (_, grads) = loss(net, x, y, Slip::MaskFromDout);
    let checks = check_gradients(net, x, y, &grads).unwrap();
    let b2 = checks.iter().find(|check| check.name == "b2").unwrap();
    assert_eq!(b2.shape, [30]);
    let Verdict::Differs {
        entry,
        numeric,
        analytic,
    } = b2.verdict
    else {
        panic!("{:?}", b2.verdict)
    };
    let said = format!("[{entry}]: analytic {analytic:.4e}, numeric {numeric:.4e}");
    assert_eq!(said, "[13]: analytic 0.0000e0, numeric -8.5395e-2");

    let (_, accuracy) = train(Slip::MaskFromDout);
    assert_eq!(accuracy, 0.16);
}

#[test]
fn the_sum_for_the_mean() {
    let subjects = Sanity::default().subjects().unwrap();
    let (net, x, y) = (&subjects.nets[0], &subjects.x, &subjects.y);
    let (summed, _) = loss(net, x, y, Slip::SumForMean);
    assert_eq!(format!("{summed:.12}"), "4.600958179537");

    let (losses, _) = train(Slip::SumForMean);
    let most = losses.iter().copied().fold(0.0, f64::max);
    assert_eq!(format!("{:.1} to {most:.1e}", losses[0]), "70.8 to 3.0e61");
}

#[test]
fn a_gradient_without_the_less_one() {
    let (losses, _) = train(Slip::NothingLess);
    let step = losses.iter().position(|loss| !loss.is_finite());
    assert_eq!(step.map(|step| step + 1), Some(27));
}

/// Images of nothing but NaN, through a ReLU that is written with `max`.
#[test]
fn a_relu_that_swallows_nan() {
    let options = Options::new((3, 32, 32), &[100, 100], 10);
    let net = FullyConnectedNet::<f64>::new(options).unwrap();
    let mut h = Array2::from_elem((2, 3072), f64::NAN);
    let layers = net.parameters().layers();
    for (i, layer) in layers.iter().enumerate() {
        let (sums, _) = affine::forward(h, &layer.w, &layer.b);
        let hidden = i + 1 < layers.len();
        h = if hidden {
            sums.mapv(|x| x.max(0.0))
        } else {
            sums
        };
    }
    assert!(h.iter().all(|score| *score == 0.0));
    let (swallowed, _) = softmax::loss(&h, &[3, 7]).unwrap();
    assert_eq!(format!("{swallowed:.3}"), "2.303");
    let x = Array2::from_elem((2, 3072), f64::NAN);
    assert!(net.loss_value(&x, &[3, 7]).unwrap().is_nan());
}
