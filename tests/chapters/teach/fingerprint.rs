//! What each mistake gives on the probes' inputs, from `tests/data/mistakes`, and which of
//! them fits what was seen.

use super::probe::{Output, Probe, Value};
use std::fmt::Write;

/// The fingerprints of a chapter.
///
/// A line `expected EXERCISE` or `mistake EXERCISE ID` begins a block; after the latter
/// comes `says MESSAGE`, and where not every output that the mistake changes is to tell
/// it, `varies NAME NAME …` with the others. Then follow outputs: `case.out 2 3` is a name and a shape, and the
/// lines after it are the numbers in row-major order; `case.panic = TEXT` is a text. A
/// mistake lists only what differs from the expected outputs. A line that starts with
/// `#` is a comment.
#[derive(Debug, Default)]
pub struct Fingerprints {
    pub expected: Vec<Block>,
    pub mistakes: Vec<Block>,
}

/// The outputs that are expected of an exercise, or that a mistake gives.
#[derive(Debug, Default)]
pub struct Block {
    pub exercise: String,
    #[allow(dead_code, reason = "the catalogue's; the tests do not ask for it")]
    pub id: String,
    pub says: String,
    pub outputs: Vec<(String, Value)>,
    /// The outputs that the mistake changes too, now to this and now to that.
    pub varies: Vec<String>,
}

impl Fingerprints {
    pub fn parse(text: &str) -> Fingerprints {
        let mut all = Fingerprints::default();
        let mut in_mistakes = false;
        for line in text.lines() {
            let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
            let blocks = if in_mistakes {
                &mut all.mistakes
            } else {
                &mut all.expected
            };
            match word {
                "" | "#" => {}
                "expected" => all.expected.push(Block {
                    exercise: rest.to_owned(),
                    ..Block::default()
                }),
                "mistake" => {
                    in_mistakes = true;
                    let (exercise, id) = rest.split_once(' ').expect("EXERCISE ID");
                    all.mistakes.push(Block {
                        exercise: exercise.to_owned(),
                        id: id.to_owned(),
                        ..Block::default()
                    });
                }
                _ => {
                    let block = blocks.last_mut().expect("a block begins first");
                    block.add_line(word, rest, line);
                }
            }
        }
        all
    }

    /// What is expected of `exercise`.
    pub fn expected(&self, exercise: &str) -> Option<&Block> {
        self.expected.iter().find(|b| b.exercise == exercise)
    }
}

impl Block {
    fn add_line(&mut self, word: &str, rest: &str, line: &str) {
        if word == "says" {
            self.says = rest.to_owned();
        } else if word == "varies" {
            self.varies = rest.split_whitespace().map(str::to_owned).collect();
        } else if let Some(text) = rest.strip_prefix("= ") {
            let value = Value::Text(text.to_owned());
            self.outputs.push((word.to_owned(), value));
        } else if word.contains('.') && word.starts_with(|c: char| c.is_alphabetic()) {
            let sizes = rest.split_whitespace();
            let value = Value::Numbers {
                shape: sizes.map(|n| n.parse().expect("a size")).collect(),
                numbers: Vec::new(),
            };
            self.outputs.push((word.to_owned(), value));
        } else if let Some((_, Value::Numbers { numbers, .. })) =
            self.outputs.last_mut()
        {
            let words = line.split_whitespace();
            numbers.extend(words.map(|n| n.parse::<f64>().expect("a number")));
        }
    }

    /// The output of that name.
    pub fn get(&self, name: &str) -> Option<&Value> {
        let found = self.outputs.iter().find(|(own, _)| own == name);
        found.map(|(_, value)| value)
    }
}

/// Whether `got` is `expected`: to `tolerance` of the largest entry, NaN where NaN is.
pub fn agree(expected: &Value, got: &Value, tolerance: f64) -> bool {
    match (expected, got) {
        (Value::Text(expected), Value::Text(got)) => expected == got,
        (
            Value::Numbers { shape, numbers },
            Value::Numbers {
                shape: got_shape,
                numbers: got,
            },
        ) => {
            shape == got_shape
                && numbers.len() == got.len()
                && first_difference(numbers, got, tolerance).is_none()
        }
        _ => false,
    }
}

fn first_difference(expected: &[f64], got: &[f64], tolerance: f64) -> Option<usize> {
    let finite = expected.iter().filter(|e| e.is_finite());
    let scale = finite.fold(0.0, |most: f64, e| most.max(e.abs()));
    // Where all is 0, nothing but what rounding leaves is 0.
    let allowed = tolerance * if scale > 0.0 { scale } else { 1e-9 };
    expected.iter().zip(got).position(|(&e, &g)| {
        let same = e == g || (e.is_nan() && g.is_nan());
        let close = (e - g).abs() <= allowed;
        !(same || close)
    })
}

/// Which outputs are not as expected: those that differ, those that should not be there.
/// What is missing because a case panicked is told by its panic.
pub fn differing<'a>(expected: &Block, probe: &'a Probe) -> Vec<&'a Output> {
    let outputs = probe.outputs.iter();
    let wrong = outputs.filter(|output| match expected.get(&output.name) {
        Some(value) => !agree(value, &output.value, output.tolerance),
        None => true,
    });
    wrong.collect()
}

/// The mistake that explains every difference: what it is told by has come out as it says,
/// and nothing else differs but what varies with it.
fn fitting<'a>(
    mut mistakes: impl Iterator<Item = &'a Block>,
    differing: &[&Output],
) -> Option<&'a Block> {
    mistakes.find(|mistake| {
        let seen = |(name, value): &(String, Value)| {
            let seen = differing.iter().find(|output| output.name == *name);
            seen.is_some_and(|seen| agree(value, &seen.value, seen.tolerance))
        };
        let explained = |output: &&Output| {
            mistake.get(&output.name).is_some() || mistake.varies.contains(&output.name)
        };
        !mistake.outputs.is_empty()
            && mistake.outputs.iter().all(seen)
            && differing.iter().all(explained)
    })
}

/// What is to be said about an exercise, if anything: the mistake in a first line, the
/// evidence in those after it. A mistake is named only where it explains all that differs;
/// otherwise a panic is told before a number.
pub fn finding(
    fingerprints: &Fingerprints,
    exercise: &str,
    probe: &Probe,
) -> Option<String> {
    if probe.waits {
        return None;
    }
    let expected = fingerprints.expected(exercise)?;
    let mut differing = differing(expected, probe);
    differing.sort_by_key(|output| !output.name.ends_with(".panic"));
    let first = *differing.first()?;
    let mistakes = fingerprints.mistakes.iter();
    let fitting = fitting(mistakes.filter(|m| m.exercise == exercise), &differing);

    let listed = |output: &&&Output| {
        fitting.is_none_or(|mistake| mistake.get(&output.name).is_some())
    };
    let shown = differing.iter().find(listed).map_or(first, |shown| *shown);
    let (case, output) = shown.name.split_once('.')?;
    let place = probe.places.iter().find(|(own, _)| *own == case);
    let place = place.map_or(String::new(), |(_, place)| format!(", at {place}"));

    let mut text = match (fitting, &shown.value) {
        (Some(mistake), _) => format!("{exercise}: {}\n", mistake.says),
        (None, Value::Text(panic)) if output == "panic" => {
            format!("{exercise}: it panics: {panic}{place}\n")
        }
        (None, _) => format!(
            "{exercise}: differs from the expected values; no classical mistake fits\n"
        ),
    };
    if fitting.is_some() || output != "panic" {
        let place = if output == "panic" { &*place } else { "" };
        writeln!(text, "  {}{place}", evidence(expected, shown)).ok()?;
    }
    if let Some((_, inputs)) = probe.inputs.iter().find(|(own, _)| *own == case) {
        writeln!(text, "  for {inputs}").ok()?;
    }
    Some(text)
}

/// Index, expected, yours.
fn evidence(expected: &Block, output: &Output) -> String {
    let name = output.name.split_once('.').map_or("", |(_, name)| name);
    match (expected.get(&output.name), &output.value) {
        (None, Value::Text(text)) if name == "panic" => format!("it panics: {text}"),
        (Some(Value::Text(expected)), Value::Text(got)) => {
            format!("{name}: expected {expected:?}, yours {got:?}")
        }
        (
            Some(Value::Numbers { shape, numbers }),
            Value::Numbers {
                shape: got_shape,
                numbers: got,
            },
        ) => {
            if let ([expected], [got]) = (&shape[..], &got_shape[..])
                && expected != got
            {
                return lengths(name, *expected, *got);
            }
            if shape != got_shape {
                return format!(
                    "{name}: expected shape {shape:?}, yours {got_shape:?}"
                );
            }
            let at = first_difference(numbers, got, output.tolerance).unwrap_or(0);
            compared(name, shape, at, numbers[at], got[at])
        }
        (_, Value::Text(text)) => format!("{name}: yours is {text:?}"),
        (_, Value::Numbers { shape, .. }) => {
            format!("{name}: yours is an array of shape {shape:?}")
        }
    }
}

/// What is said of a list of another length.
fn lengths(name: &str, expected: usize, got: usize) -> String {
    if name == "after_epoch" {
        // Of each call two numbers are noted.
        let (expected, got) = (expected / 2, got / 2);
        return format!("after_epoch: expected {expected} calls, yours makes {got}");
    }
    format!("{name}: expected {expected} values, yours has {got}")
}

fn compared(name: &str, shape: &[usize], at: usize, expected: f64, got: f64) -> String {
    let mut index = vec![0; shape.len()];
    let mut rest = at;
    for (i, &size) in index.iter_mut().zip(shape).rev() {
        *i = rest % size;
        rest /= size;
    }
    let index = if shape.is_empty() {
        String::new()
    } else {
        format!("{index:?}")
    };
    let (mut e, mut g) = (rounded(expected, 6), rounded(got, 6));
    if e == g {
        (e, g) = (rounded(expected, 12), rounded(got, 12));
    }
    let ratio = got / expected;
    let rounded_ratio = rounded(ratio, 6);
    // A ratio of next to 1 says nothing.
    let ratio = if ratio != 0.0 && ratio.is_finite() && rounded_ratio != "1" {
        format!(" (yours ÷ expected = {rounded_ratio})")
    } else {
        String::new()
    };
    format!("{name}{index}: expected {e}, yours {g}{ratio}")
}

/// A number for the eye.
fn rounded(x: f64, significant: usize) -> String {
    let rounded: f64 = format!("{x:.*e}", significant - 1)
        .parse()
        .expect("a number was written");
    let size = rounded.abs();
    if rounded == 0.0 || !rounded.is_finite() || (1e-4..1e7).contains(&size) {
        format!("{rounded}")
    } else {
        format!("{rounded:e}")
    }
}
