use crate::support::{random, random_net};
use crate::teach::probe::{Case, Probe, Probes};
use fully_connected::forward::LayerCache;
use fully_connected::{FullyConnectedNet, Options};
use ndarray::{Array2, array};

pub const PROBES: Probes = &[("forward::forward", forward)];

fn forward(probe: &mut Probe) {
    fn note(case: &mut Case, net: &FullyConnectedNet<f64>, x: &Array2<f64>) {
        let (scores, caches) = net.forward(x);
        case.array("scores", &scores);
        let kinds = caches.iter().map(|cache| match cache {
            LayerCache::Hidden(_) => "hidden",
            LayerCache::Last(_) => "last",
        });
        case.text("caches", kinds.collect::<Vec<_>>().join(", "));
        // What a layer's cache remembers shows in the gradient that it gives.
        let layers = net.parameters().layers();
        for (i, (cache, layer)) in caches.into_iter().zip(layers).enumerate() {
            let dout = Array2::ones((x.nrows(), layer.b.len()));
            let (dw, _) = cache.param_grads(&dout);
            case.array(&format!("dW{}", i + 1), &dw);
        }
    }
    let plain = "a net 9-7-11-3 with biases that are not 0, x (5, 9)";
    probe.case("plain", plain, |case| {
        let net = random_net(Options::new(9, &[7, 11], 3), 61);
        note(case, &net, &random((5, 9), 62));
    });
    let square = "a net 4-4-4-4 with biases that are not 0, x (5, 4)";
    probe.case("square", square, |case| {
        let net = random_net(Options::new(4, &[4, 4], 4), 63);
        note(case, &net, &random((5, 4), 64));
    });
    let single = "a net 4-3 without hidden layers, x (5, 4)";
    probe.case("single", single, |case| {
        note(
            case,
            &random_net(Options::new(4, &[], 3), 65),
            &random((5, 4), 66),
        );
    });
    let nan = "a net 2-3-2, x [[NaN, 1], [1, 1]]";
    probe.case("nan", nan, |case| {
        let net = random_net(Options::new(2, &[3], 2), 67);
        let (scores, _) = net.forward(array![[f64::NAN, 1.], [1., 1.]]);
        case.array("scores", &scores);
    });
}
