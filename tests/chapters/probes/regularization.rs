use crate::support::random_net;
use crate::teach::probe::{Probe, Probes};
use fully_connected::regularization;
use fully_connected::{FullyConnectedNet, Options};

pub const PROBES: Probes = &[
    ("regularization::penalty", penalty),
    ("regularization::add_penalty_gradient", add_penalty_gradient),
];

/// Every table of another size, and no bias 0.
fn three_layers(seed: u64) -> FullyConnectedNet<f64> {
    random_net(Options::new(5, &[4, 7], 3), seed)
}

fn one_layer(seed: u64) -> FullyConnectedNet<f64> {
    random_net(Options::new(3, &[], 2), seed)
}

fn penalty(probe: &mut Probe) {
    probe.case(
        "plain",
        "a 5-4-7-3 network, biases not 0, reg 0.7",
        |case| {
            let net = three_layers(40);
            let penalty = regularization::penalty(net.parameters(), 0.7);
            case.number("penalty", penalty);
        },
    );
    probe.case("linear", "a 3-2 network, biases not 0, reg 0.3", |case| {
        let net = one_layer(41);
        let penalty = regularization::penalty(net.parameters(), 0.3);
        case.number("penalty", penalty);
    });
}

fn add_penalty_gradient(probe: &mut Probe) {
    let says = "a 5-4-7-3 network, biases not 0, random gradients, reg 0.7";
    probe.case("plain", says, |case| {
        let mut grads = three_layers(42).parameters().clone();
        let net = three_layers(40);
        regularization::add_penalty_gradient(&mut grads, net.parameters(), 0.7);
        for (name, grad) in grads.iter() {
            case.array(&format!("d{name}"), &grad);
        }
    });
    let says = "a 3-2 network, biases not 0, random gradients, reg 0.3";
    probe.case("linear", says, |case| {
        let mut grads = one_layer(43).parameters().clone();
        let net = one_layer(41);
        regularization::add_penalty_gradient(&mut grads, net.parameters(), 0.3);
        case.array("dW1", &grads.layers()[0].w);
        case.array("db1", &grads.layers()[0].b);
    });
}
