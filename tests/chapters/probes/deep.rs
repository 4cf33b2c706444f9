use crate::support::{random, random_net};
use crate::teach::probe::{Case, Probe, Probes};
use fully_connected::deep::{Caches, NormCache, Pass};
use fully_connected::{
    FullyConnectedNet, Gradients, Normalization, Options, affine, batch_norm, dropout,
    layer_norm, relu,
};
use ndarray::{Array2, ArrayRef, Axis, Dimension};

pub const PROBES: Probes = &[("deep::forward", forward), ("deep::backward", backward)];

/// A network with dropout, whose biases, gammas, betas and running averages are no round
/// numbers.
fn net(
    sizes: &[usize],
    normalization: Normalization,
    seed: u64,
) -> FullyConnectedNet<f64> {
    let &[input, ref hidden @ .., classes] = sizes else {
        unreachable!("a network has an input and classes")
    };
    let options = Options {
        reg: 0.7,
        normalization,
        dropout_keep_ratio: 0.8,
        seed: 3,
        ..Options::new(input, hidden, classes)
    };
    let mut net = random_net(options, seed);
    for (i, running) in net.running_mut().iter_mut().enumerate() {
        let units = running.mean.len();
        running.mean = random(units, 80 + i as u64);
        running.var = random(units, 90 + i as u64).mapv(|z: f64| z * z + 0.5);
    }
    net
}

/// A mask for each hidden layer, all different, and none without a 0.
fn masks(sizes: &[usize]) -> Vec<Array2<f64>> {
    let hidden = &sizes[1..sizes.len() - 1];
    let mask = |(i, &units): (usize, &usize)| {
        let keep = |(row, column)| {
            if (row * 3 + column * (i + 2) + i) % 4 == 0 {
                0.0
            } else {
                1.25
            }
        };
        Array2::from_shape_fn((5, units), keep)
    };
    hidden.iter().enumerate().map(mask).collect()
}

const NORMS: [(&str, &str, &str, Normalization); 3] = [
    (
        "batch",
        "batch normalization, masks, an 11-3-7-9 network, x (5, 11)",
        "batch normalization, masks, a 4-4-4-4 network, x (5, 4)",
        Normalization::BatchNorm,
    ),
    (
        "layer",
        "layer normalization, masks, an 11-3-7-9 network, x (5, 11)",
        "layer normalization, masks, a 4-4-4-4 network, x (5, 4)",
        Normalization::LayerNorm,
    ),
    (
        "none",
        "no normalization, masks, an 11-3-7-9 network, x (5, 11)",
        "no normalization, masks, a 4-4-4-4 network, x (5, 4)",
        Normalization::None,
    ),
];

fn forward(probe: &mut Probe) {
    /// What the caches hold shows in the gradients that come of them; of a `dw` the sums of its
    /// rows say enough. Dropout and ReLU count together: in which order the two act makes no
    /// difference.
    fn note_caches(
        case: &mut Case,
        net: &FullyConnectedNet<f64>,
        n: usize,
        caches: Caches<'_, f64>,
    ) {
        case.count("hidden", caches.hidden.len());
        for (i, cache) in caches.hidden.into_iter().enumerate() {
            let units = net.options().hidden[i];
            let dout: Array2<f64> = random((n, units), 70 + i as u64);
            let dout = match cache.dropout {
                None => dout,
                Some(cache) => dropout::backward(&dout, cache),
            };
            let dout = relu::backward(&dout, cache.relu);
            let gamma = || &net.parameters().norms()[i].gamma;
            let dout = match cache.norm {
                NormCache::None => dout,
                NormCache::Batch(cache) => {
                    batch_norm::backward(&dout, cache, gamma()).dx
                }
                NormCache::Layer(cache) => {
                    layer_norm::backward(&dout, cache, gamma()).dx
                }
                NormCache::Test => dout * 0.0,
            };
            case.array(&format!("dsums{}", i + 1), &dout);
            let (dw, _) = affine::param_grads(&dout, cache.affine);
            case.array(&format!("dW{}_rows", i + 1), &dw.sum_axis(Axis(1)));
        }
        let ones = Array2::ones((n, net.options().classes));
        let (dw, _) = affine::param_grads(&ones, caches.last);
        case.array("dW_last_rows", &dw.sum_axis(Axis(1)));
    }
    fn case(
        probe: &mut Probe,
        name: &'static str,
        says: &'static str,
        sizes: &[usize],
        normalization: Normalization,
        pass: impl Fn(&[Array2<f64>]) -> Pass<'_, f64>,
    ) {
        probe.case(name, says, |case| {
            let net = net(sizes, normalization, 71);
            let masks = masks(sizes);
            let x: Array2<f64> = random((5, sizes[0]), 72);
            let (scores, caches, moments) = net.forward_in(&pass(&masks), x);
            case.array("scores", &scores);
            case.count("moments", moments.len());
            for (i, moments) in moments.iter().enumerate() {
                case.array(&format!("mean{}", i + 1), &moments.mean);
                case.array(&format!("var{}", i + 1), &moments.var);
            }
            note_caches(case, &net, 5, caches);
        });
    }
    for (name, says, square, normalization) in NORMS {
        case(probe, name, says, &[11, 3, 7, 9], normalization, |masks| {
            Pass::Masks(masks)
        });
        let name = match name {
            "batch" => "batch_square",
            "layer" => "layer_square",
            _ => "none_square",
        };
        // Every layer's norm, mask and input fit every other's.
        case(probe, name, square, &[4, 4, 4, 4], normalization, |masks| {
            Pass::Masks(masks)
        });
    }
    let says =
        "batch normalization, Pass::Train, keep 0.8, a 4-4-4-4 network, x (5, 4)";
    case(
        probe,
        "train",
        says,
        &[4, 4, 4, 4],
        Normalization::BatchNorm,
        |_| Pass::Train { seed: 5, step: 2 },
    );
    let says = "batch normalization, Pass::Test, keep 0.8, a 4-4-4-4 network, x (5, 4)";
    case(
        probe,
        "test",
        says,
        &[4, 4, 4, 4],
        Normalization::BatchNorm,
        |_| Pass::Test,
    );
    let says =
        "layer normalization, Pass::Test, keep 0.8, an 11-3-7-9 network, x (5, 11)";
    case(
        probe,
        "layer_test",
        says,
        &[11, 3, 7, 9],
        Normalization::LayerNorm,
        |_| Pass::Test,
    );
    let says = "an 11-9 network without hidden layers, x (5, 11)";
    case(
        probe,
        "linear",
        says,
        &[11, 9],
        Normalization::BatchNorm,
        |_| Pass::Train { seed: 5, step: 2 },
    );
}

fn backward(probe: &mut Probe) {
    /// The gradients by name. Those of a bias in front of batch normalization are 0, give or
    /// take a rounding.
    fn note(case: &mut Case, grads: &Gradients<f64>) {
        fn rounded<D: Dimension>(grad: &ArrayRef<f64, D>) -> ndarray::Array<f64, D> {
            grad.mapv(|g| if g.abs() < 1e-12 { 0.0 } else { g })
        }
        case.count("layers", grads.layers().len());
        case.count("norms", grads.norms().len());
        for (name, grad) in grads.iter() {
            case.array(&format!("d{name}"), &rounded(&grad));
        }
    }
    fn case(
        probe: &mut Probe,
        name: &'static str,
        says: &'static str,
        sizes: &[usize],
        normalization: Normalization,
    ) {
        probe.case(name, says, |case| {
            let net = net(sizes, normalization, 73);
            let masks = masks(sizes);
            let x: Array2<f64> = random((5, sizes[0]), 74);
            let dscores = random((5, net.options().classes), 75);
            let (_, caches, _) = net.forward_in(&Pass::Masks(&masks), x);
            note(case, &net.backward_from(dscores, caches));
        });
    }
    for (name, says, square, normalization) in NORMS {
        case(probe, name, says, &[11, 3, 7, 9], normalization);
        let name = match name {
            "batch" => "batch_square",
            "layer" => "layer_square",
            _ => "none_square",
        };
        case(probe, name, square, &[4, 4, 4, 4], normalization);
    }
    let says = "an 11-9 network without hidden layers, x (5, 11)";
    case(probe, "linear", says, &[11, 9], Normalization::BatchNorm);
}
