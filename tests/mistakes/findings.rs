//! What a finding says, on a chapter made up of one function.

use crate::teach::fingerprint::{Fingerprints, finding};
use crate::teach::probe::Probe;
use ndarray::{Array1, array};

const KNOWN: &str = "\
# A comment.

expected made::up
plain.out 3
1 2 NaN
plain.count
6
nan.out
NaN

mistake made::up half
says out is half of what it should be. It is halved.
plain.out 3
0.5 1 NaN

mistake made::up half-and-counted
says out is halved, and one is missing.
plain.out 3
0.5 1 NaN
plain.count
5

mistake made::up larger
says out is larger here and there.
varies nan.out
plain.out 3
7 8 NaN

mistake made::up index
says the loop runs too far.
plain.panic = index out of bounds: the len is 3 but the index is 3
";

/// The probe of an exercise whose function gives that.
fn probe(out: Array1<f64>, count: usize) -> Probe {
    let mut probe = Probe::default();
    probe.case("plain", "x (3,)", |case| {
        case.array("out", &out);
        case.count("count", count);
    });
    probe.case("nan", "x NaN", |case| case.number("out", f64::NAN));
    probe
}

fn found(probe: &Probe) -> Option<String> {
    finding(&Fingerprints::parse(KNOWN), "made::up", probe)
}

#[test]
fn what_is_as_expected_has_no_finding() {
    assert_eq!(found(&probe(array![1., 2., f64::NAN], 6)), None);
    // Another order of summation.
    assert_eq!(
        found(&probe(array![1. + 1e-9, 2. - 1e-9, f64::NAN], 6)),
        None
    );
}

#[test]
fn a_known_mistake_is_named_with_its_evidence() {
    let text = found(&probe(array![0.5, 1., f64::NAN], 6)).unwrap();
    assert_eq!(
        text,
        "made::up: out is half of what it should be. It is halved.\n  \
         out[0]: expected 1, yours 0.5 (yours ÷ expected = 0.5)\n  for x (3,)\n"
    );
}

#[test]
fn a_mistake_is_named_only_if_it_explains_all_that_differs() {
    let both = found(&probe(array![0.5, 1., f64::NAN], 5)).unwrap();
    assert!(both.starts_with("made::up: out is halved, and one is missing.\n"));
    // Something else is wrong with the count.
    let part = found(&probe(array![0.5, 1., f64::NAN], 4)).unwrap();
    assert_eq!(
        part,
        "made::up: differs from the expected values; no classical mistake fits\n  \
         out[0]: expected 1, yours 0.5 (yours ÷ expected = 0.5)\n  for x (3,)\n"
    );
}

#[test]
fn what_varies_with_a_mistake_may_differ_and_nothing_else() {
    let seen = |count: usize, nan: f64| {
        let mut probe = Probe::default();
        probe.case("plain", "x (3,)", |case| {
            case.array("out", &array![7., 8., f64::NAN]);
            case.count("count", count);
        });
        probe.case("nan", "x NaN", |case| case.number("out", nan));
        found(&probe).unwrap()
    };
    let named = "made::up: out is larger here and there.\n";
    assert!(seen(6, f64::NAN).starts_with(named));
    assert!(seen(6, 3.0).starts_with(named));
    assert!(seen(5, f64::NAN).contains("no classical mistake fits"));
}

#[test]
fn a_panic_is_told_before_every_number_and_once() {
    let mut probe = Probe::default();
    probe.case("plain", "x (3,)", |case| {
        case.array("out", &array![1., 2.5, f64::NAN]);
        case.count("count", 6);
    });
    probe.case("nan", "x NaN", |_| {
        std::panic::resume_unwind(Box::new("no NaN, please"));
    });
    probe.places.push(("nan", "src/made.rs:7".to_owned()));
    assert_eq!(
        found(&probe).unwrap(),
        "made::up: it panics: no NaN, please, at src/made.rs:7\n  for x NaN\n"
    );
}

#[test]
fn a_mistake_that_nobody_knows_is_shown_and_blamed_on_none() {
    let text = found(&probe(array![1., 2.5, f64::NAN], 6)).unwrap();
    assert_eq!(
        text,
        "made::up: differs from the expected values; no classical mistake fits\n  \
         out[1]: expected 2, yours 2.5 (yours ÷ expected = 1.25)\n  for x (3,)\n"
    );
    let text = found(&probe(array![1., 2., 3.], 6)).unwrap();
    assert!(
        text.contains("\n  out[2]: expected NaN, yours 3\n"),
        "{text}"
    );
    let text = found(&probe(array![1., 2.], 6)).unwrap();
    assert!(
        text.contains("\n  out: expected 3 values, yours has 2\n"),
        "{text}"
    );
    let text = found(&probe(array![1., 2., f64::NAN], 5)).unwrap();
    assert!(text.contains("\n  count: expected 6, yours 5 ("), "{text}");
}

#[test]
fn a_difference_beyond_six_digits_is_shown_with_more() {
    let text = found(&probe(array![1., 2.000_004, f64::NAN], 6)).unwrap();
    assert!(text.contains("expected 2, yours 2.000004"), "{text}");
}

#[test]
fn a_panic_is_a_mistake_too() {
    let panicking = |message: &'static str| {
        let mut probe = Probe::default();
        probe.case("plain", "x (3,)", |_| {
            std::panic::resume_unwind(Box::new(message));
        });
        probe.case("nan", "x NaN", |case| case.number("out", f64::NAN));
        probe
    };
    let known = "index out of bounds: the len is 3 but the index is 3";
    let text = found(&panicking(known)).unwrap();
    assert!(text.starts_with("made::up: the loop runs too far.\n  it panics: index"));
    let text = found(&panicking("assertion failed\nin line 7")).unwrap();
    assert_eq!(
        text,
        "made::up: it panics: assertion failed\n  for x (3,)\n"
    );
    let waits = panicking("not yet implemented: made::up: out");
    assert_eq!(found(&waits), None, "who waits is not wrong");
}
