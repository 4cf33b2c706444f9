//! Writes what an exercise gives on its probe, as far as it differs from what is expected.
//! This is built into the tests of a workbook, beside the chapters'.

mod written;

use crate::probes::probes;
use crate::teach::fingerprint::{Block, Fingerprints, differing};
use crate::teach::probe::Probe;
use std::{env, fs, panic};

#[test]
#[ignore = "run by name, with what it reads and writes in variables"]
fn what_differs() {
    let variable = |name: &str| env::var(name).expect("what to read and write");
    let exercise = variable("PRINT_EXERCISE");
    let expected = fs::read_to_string(variable("PRINT_EXPECTED")).expect("a file");
    let expected = Fingerprints::parse(&expected);
    let expected = expected.expected(&exercise).expect("the exercise");

    let mut probes = probes().iter();
    let probing = probes.find(|p| p.exercise == exercise).expect("a probe");
    let mut probe = Probe::default();
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
    fs::write(variable("PRINT_TO"), text).expect("the file is written");
}
