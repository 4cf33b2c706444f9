//! What a probe sees: the student's functions on small fixed inputs, output by output.

use super::report::message;
use fully_connected::Scalar;
use ndarray::{ArrayRef, Dimension};
use std::fmt::Display;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// An output of a function, or what else could be seen of it.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// An array in row-major order; a number is one without axes.
    Numbers {
        shape: Vec<usize>,
        numbers: Vec<f64>,
    },
    /// The first line of a panic or of an error.
    Text(String),
}

/// One output, under its name: `case.output`.
#[derive(Debug, Clone, PartialEq)]
pub struct Output {
    pub name: String,
    pub value: Value,
    /// How far two such outputs may lie apart, relative to the largest entry.
    pub tolerance: f64,
}

/// The outputs of an exercise, case by case.
#[derive(Debug, Default)]
pub struct Probe {
    pub outputs: Vec<Output>,
    /// What each case puts in.
    pub inputs: Vec<(&'static str, &'static str)>,
    /// Whether some `todo!` was reached.
    pub waits: bool,
}

impl Probe {
    /// Runs `f` on the inputs that `inputs` describes. Where it panics, the text of the
    /// panic is an output, `case.panic`.
    pub fn case(
        &mut self,
        case: &'static str,
        inputs: &'static str,
        mut f: impl FnMut(&mut Case),
    ) {
        self.run(case, inputs, &mut f);
    }

    fn run(
        &mut self,
        case: &'static str,
        inputs: &'static str,
        f: &mut dyn FnMut(&mut Case),
    ) {
        self.inputs.push((case, inputs));
        let outputs = &mut self.outputs;
        let mut case = Case { case, outputs };
        let caught = catch_unwind(AssertUnwindSafe(|| f(&mut case)));
        if let Err(panic) = caught {
            let said = message(&*panic);
            if is_todo(said) {
                self.waits = true;
            } else {
                case.text("panic", said);
            }
        }
    }
}

/// A chapter's exercises in their order, each with the function that probes it.
pub type Probes = &'static [(&'static str, fn(&mut Probe))];

/// One case of a probe.
pub struct Case<'a> {
    case: &'static str,
    outputs: &'a mut Vec<Output>,
}

impl Case<'_> {
    /// Notes an array.
    pub fn array<T: Scalar, D: Dimension>(&mut self, name: &str, a: &ArrayRef<T, D>) {
        let numbers = a.iter().map(|a| a.as_f64()).collect();
        self.numbers(name, a.shape(), numbers, size_of::<T>() == 4);
    }

    /// Notes a number.
    pub fn number<T: Scalar>(&mut self, name: &str, number: T) {
        self.numbers(name, &[], vec![number.as_f64()], size_of::<T>() == 4);
    }

    /// Notes how many there are of something.
    pub fn count(&mut self, name: &str, count: usize) {
        self.numbers(name, &[], vec![count as f64], false);
    }

    /// Notes a row of numbers.
    pub fn list(&mut self, name: &str, numbers: &[f64]) {
        self.numbers(name, &[numbers.len()], numbers.to_vec(), false);
    }

    /// Notes the first line of a text.
    pub fn text(&mut self, name: &str, text: impl Display) {
        let text = text.to_string();
        let first = text.lines().next().unwrap_or("").trim_end();
        self.push(name, Value::Text(first.to_owned()), 0.0);
    }

    fn numbers(
        &mut self,
        name: &str,
        shape: &[usize],
        numbers: Vec<f64>,
        single: bool,
    ) {
        let shape = shape.to_vec();
        // Other orders of summation are right too.
        let tolerance = if single { 1e-4 } else { 1e-6 };
        self.push(name, Value::Numbers { shape, numbers }, tolerance);
    }

    fn push(&mut self, name: &str, value: Value, tolerance: f64) {
        self.outputs.push(Output {
            name: format!("{}.{name}", self.case),
            value,
            tolerance,
        });
    }
}

/// Whether a panic's message is that of a `todo!`.
pub fn is_todo(message: &str) -> bool {
    message.starts_with("not yet implemented")
}
