use crate::support::{random, random_net};
use crate::teach::probe::{Probe, Probes};
use fully_connected::Options;
use ndarray::Array2;

pub const PROBES: Probes = &[("backward::backward", backward)];

fn backward(probe: &mut Probe) {
    fn case(
        probe: &mut Probe,
        name: &'static str,
        says: &'static str,
        sizes: &[usize],
    ) {
        let &[input, ref hidden @ .., classes] = sizes else {
            unreachable!("a network has an input and classes")
        };
        probe.case(name, says, |case| {
            let options = Options {
                reg: 0.7,
                ..Options::new(input, hidden, classes)
            };
            let net = random_net(options, 30);
            let x: Array2<f64> = random((5, input), 31);
            let dscores = random((5, classes), 32);

            let (_, caches) = net.forward(&x);
            let grads = net.backward(dscores, caches);

            case.count("layers", grads.layers().len());
            for (name, grad) in grads.iter() {
                case.array(&format!("d{name}"), &grad);
            }
        });
    }
    let says = "a 9-7-11-3 network with reg 0.7, x (5, 9), dscores (5, 3)";
    case(probe, "plain", says, &[9, 7, 11, 3]);
    // Every layer's dout, cache and weights fit every other's.
    let says = "a 4-4-4-4 network with reg 0.7, x (5, 4), dscores (5, 4)";
    case(probe, "square", says, &[4, 4, 4, 4]);
    let says = "an 8-2 network with reg 0.7, x (5, 8), dscores (5, 2)";
    case(probe, "linear", says, &[8, 2]);
}
