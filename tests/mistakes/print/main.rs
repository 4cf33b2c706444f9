//! Prints what an exercise gives on its probe, as far as it differs from what is expected.
//! This stands in a workbook beside its tests while fingerprints are made.

#![allow(dead_code)]

#[path = "../../tests/chapters/probes/mod.rs"]
mod probes;
#[path = "../../tests/chapters/support.rs"]
mod support;
#[path = "../../tests/chapters/teach/mod.rs"]
mod teach;
mod written;

use std::{env, fs, panic};
use teach::fingerprint::{Block, Fingerprints, differing};

fn main() {
    let mut arguments = env::args().skip(1);
    let exercise = arguments.next().expect("EXERCISE");
    let expected = fs::read_to_string(arguments.next().expect("FILE")).expect("a file");
    let expected = Fingerprints::parse(&expected);
    let expected = expected.expected(&exercise).expect("the exercise");

    let mut probes = probes::probes().iter();
    let probing = probes.find(|p| p.exercise == exercise).expect("a probe");
    let mut probe = teach::probe::Probe::default();
    panic::set_hook(Box::new(|_| {}));
    (probing.run)(&mut probe);
    let _ = panic::take_hook();
    assert!(!probe.waits, "{exercise} is not written yet");

    let differing = differing(expected, &probe).into_iter();
    let outputs = differing.map(|output| (output.name.clone(), output.value.clone()));
    let block = Block {
        exercise,
        outputs: outputs.collect(),
        ..Block::default()
    };
    let mut text = String::new();
    written::write(&block, &mut text);
    print!("{text}");
}
