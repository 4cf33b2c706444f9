//! The forms that regions used in earlier versions, and those that stand for them now.

use super::version::{beside_ours, numbers};
use fully_connected::literate::markers::Region;
use std::cmp::Ordering;

/// A form that a later version has changed.
pub struct Form {
    /// The exercise in whose region it stands.
    exercise: &'static str,
    /// The text by which it is known.
    old: Old,
    /// The words for the student.
    advice: &'static str,
}

enum Old {
    /// This text.
    Text(&'static str),
    /// A call of that function with so many arguments.
    Call(&'static str, usize),
}

/// The forms, each with the first version that has it no longer.
const FORMS: [(&str, Form); 3] = [
    (
        "0.3.0",
        Form {
            exercise: "backward::backward",
            old: Old::Text("Gradients{layers"),
            advice: "`Gradients { layers: grads }` does not compile any more: write \
                     `Gradients::from(grads)`",
        },
    ),
    (
        "0.2.0",
        Form {
            exercise: "overfit::train",
            old: Old::Call("record_loss", 2),
            advice: "`history.record_loss(loss, training)?` does not compile any more: write \
                     `history.record_loss(loss)?`",
        },
    ),
    (
        "0.2.0",
        Form {
            exercise: "overfit::train",
            old: Old::Call("record_accuracy", 3),
            advice: "`history.record_accuracy(&net.scores(&x), y, training)?` does not \
                     compile any more: write `history.record_accuracy(net.accuracy(&x, y)?)?`",
        },
    ),
];

/// The changes that a region needs which was written for version `from`.
pub fn advice(from: &str, region: &Region, text: &str) -> Vec<&'static str> {
    let is_new = |since: &str| {
        let ours = beside_ours(since) != Some(Ordering::Greater);
        ours && numbers(from) < numbers(since)
    };
    let code = code(&text[region.body.clone()]);
    let forms = FORMS.iter().filter(|(since, form)| {
        is_new(since) && form.exercise == region.exercise && form.old.is_in(&code)
    });
    forms.map(|(_, form)| form.advice).collect()
}

/// The text without its comments and white space.
fn code(text: &str) -> String {
    let code = text
        .lines()
        .map(|line| line.split("//").next().unwrap_or(line));
    code.flat_map(str::split_whitespace).collect()
}

impl Old {
    fn is_in(&self, code: &str) -> bool {
        match self {
            Old::Text(text) => code.contains(text),
            Old::Call(name, count) => {
                let call = format!("{name}(");
                let calls = code.split(call.as_str()).skip(1);
                calls.map(arguments).any(|found| found == *count)
            }
        }
    }
}

/// How many arguments stand before the parenthesis that closes a call.
fn arguments(rest: &str) -> usize {
    let (mut depth, mut commas) = (0, 0);
    let mut last = '(';
    for letter in rest.chars() {
        match letter {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' if depth == 0 => break,
            ')' | ']' | '}' => depth -= 1,
            ',' if depth == 0 => commas += 1,
            _ => {}
        }
        last = letter;
    }
    match last {
        '(' => 0,
        // A comma at the end separates nothing.
        ',' => commas,
        _ => commas + 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fully_connected::literate::markers::sound_regions;

    fn told(exercise: &str, body: &str, from: &str) -> usize {
        let text = format!("// exercise: {exercise}\n{body}\n// end: {exercise}\n");
        let (regions, _) = sound_regions(&text, |_| true);
        advice(from, &regions[0], &text).len()
    }

    #[test]
    fn an_old_form_is_found_however_it_is_laid_out() {
        let old = "history\n    .record_loss(loss, training)?;\nhistory.record_accuracy(\n\
                   &net.scores(&x),\n    y, // labels\n    training,\n)?;";
        assert_eq!(told("overfit::train", old, "0.1.0"), 2);
        assert_eq!(told("overfit::train", old, "0.2.0"), 0);
        assert_eq!(told("overfit::sgd_step", old, "0.1.0"), 0);
        let new = "history.record_loss(loss)?; // record_loss(loss, training)\n\
                   history.record_accuracy(net.accuracy(&x, y)?)?;";
        assert_eq!(told("overfit::train", new, "0.1.0"), 0);
        let grads = "Gradients { layers: grads }";
        assert_eq!(told("backward::backward", grads, "0.1.0"), 1);
        assert_eq!(told("backward::backward", grads, "0.2.0"), 1);
        assert_eq!(told("backward::backward", grads, "0.3.0"), 0);
    }

    #[test]
    fn arguments_are_counted_up_to_the_closing_parenthesis() {
        for (rest, count) in [
            (")", 0),
            ("a)", 1),
            ("f(a,b),c)+(d,e)", 2),
            ("a,[b,c],)", 2),
        ] {
            assert_eq!(arguments(rest), count, "{rest}");
        }
    }
}
