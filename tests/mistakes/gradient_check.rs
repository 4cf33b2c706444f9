use crate::catalogue::Edit::{Body, Helpers, Swap};
use crate::catalogue::{Correct, Mistake};

const SLOPE: &str = "*slope = (above - below) / (2.0 * h);";

const BELOW: &str = "        *entry(&mut x, i) = old - h;
        let below = f(&x);
";

const RESTORED: &str = "        *entry(&mut x, i) = old;\n";

const ERROR: &str = "(a - b).abs() / (a.abs() + b.abs()).max(1e-8)";

const LARGEST: &str = "    errors.fold(
        0.0,
        |worst, e| {
            if e > worst || e.is_nan() { e } else { worst }
        },
    )";

pub const MISTAKES: &[Mistake] = &[
    Mistake {
        id: "forward-difference",
        exercise: "gradient_check::numeric_gradient",
        edits: &[
            Swap(
                "let old = *entry(&mut x, i);",
                "let old = *entry(&mut x, i);
        let here = f(&x);",
            ),
            Swap(BELOW, ""),
            Swap(SLOPE, "*slope = (above - here) / h;"),
        ],
        sees: &[],
        says: "the slopes are those of (f(x + h) - f(x)) / h. Looking to one side, the \
               error shrinks only as h; looking to both, as h².",
    },
    Mistake {
        id: "backward-difference",
        exercise: "gradient_check::numeric_gradient",
        edits: &[
            Swap("*entry(&mut x, i) = old + h;\n", "\n"),
            Swap(SLOPE, "*slope = (above - below) / h;"),
        ],
        sees: &[],
        says: "the slopes are those of (f(x) - f(x - h)) / h. Looking to one side, the \
               error shrinks only as h; looking to both, as h².",
    },
    Mistake {
        id: "forward-difference-by-2h",
        exercise: "gradient_check::numeric_gradient",
        edits: &[
            Swap("*entry(&mut x, i) = old - h;", "*entry(&mut x, i) = old;"),
        ],
        sees: &["cubes.grad"],
        says: "the slopes are those of (f(x + h) - f(x)) / 2h, about half of what they \
               should be. The lower point is x - h: from x + h that is 2h down.",
    },
    Mistake {
        id: "backward-difference-by-2h",
        exercise: "gradient_check::numeric_gradient",
        edits: &[Swap("*entry(&mut x, i) = old + h;\n", "\n")],
        sees: &["cubes.grad"],
        says: "the slopes are those of (f(x) - f(x - h)) / 2h, about half of what they \
               should be. The upper point is x + h.",
    },
    Mistake {
        id: "divided-by-h",
        exercise: "gradient_check::numeric_gradient",
        edits: &[Swap("(2.0 * h)", "h")],
        sees: &[],
        says: "every slope is exactly 2 times what it should be. From x - h to x + h it \
               is 2h: divide by that.",
    },
    Mistake {
        id: "divided-by-2",
        exercise: "gradient_check::numeric_gradient",
        edits: &[Swap("(2.0 * h)", "2.0")],
        sees: &[],
        says: "every slope is h times what it should be, a rise and no slope. Divide by \
               how far it is from x - h to x + h.",
    },
    Mistake {
        id: "not-divided",
        exercise: "gradient_check::numeric_gradient",
        edits: &[Swap(" / (2.0 * h)", "")],
        sees: &[],
        says: "every slope is 2h times what it should be, a rise and no slope. Divide by \
               how far it is from x - h to x + h.",
    },
    Mistake {
        id: "divided-by-2-times-h",
        exercise: "gradient_check::numeric_gradient",
        edits: &[Swap("(2.0 * h)", "2.0 * h")],
        sees: &[],
        says: "every slope is h² times what it should be. Is it divided by 2.0 * h \
               without parentheses? a / 2.0 * h is (a / 2)·h.",
    },
    Mistake {
        id: "sign",
        exercise: "gradient_check::numeric_gradient",
        edits: &[Swap("above - below", "below - above")],
        sees: &[],
        says: "every slope has the opposite sign. It is what is above less what is below.",
    },
    Mistake {
        id: "not-put-back",
        exercise: "gradient_check::numeric_gradient",
        edits: &[Swap(RESTORED, "")],
        sees: &[],
        says: "x is not put back: at the last entry all 6 differ from what came in. Each \
               slope is measured at another place.",
    },
    Mistake {
        id: "left-above",
        exercise: "gradient_check::numeric_gradient",
        edits: &[Swap(RESTORED, "        *entry(&mut x, i) = old + h;\n")],
        sees: &[],
        says: "x is not put back: at the last entry all 6 differ from what came in. Each \
               slope is measured at another place.",
    },
    Mistake {
        id: "put-back-by-adding",
        exercise: "gradient_check::numeric_gradient",
        edits: &[Swap(RESTORED, "        *entry(&mut x, i) += h;\n")],
        sees: &[],
        says: "x drifts by rounding: x - h + h is not always x. Save the value before it \
               moves, and put that back.",
    },
    Mistake {
        id: "put-back-by-steps",
        exercise: "gradient_check::numeric_gradient",
        edits: &[
            Swap("let old = *entry(&mut x, i);\n", "\n"),
            Swap("*entry(&mut x, i) = old + h;", "*entry(&mut x, i) += h;"),
            Swap("*entry(&mut x, i) = old - h;", "*entry(&mut x, i) -= 2.0 * h;"),
            Swap(RESTORED, "        *entry(&mut x, i) += h;\n"),
        ],
        sees: &["small.entries-moved-at-once"],
        says: "x drifts by rounding: x - h + h is not always x. Save the value before it \
               moves, and put that back.",
    },
    Mistake {
        id: "the-chapters-step",
        exercise: "gradient_check::numeric_gradient",
        edits: &[Swap(
            "    for (i, slope) in",
            "    let h = STEP;
    for (i, slope) in",
        )],
        sees: &[],
        says: "x moves by STEP, and the step that came in is h = 0.1. Use the argument.",
    },
    Mistake {
        id: "a-step-of-1e-12",
        exercise: "gradient_check::numeric_gradient",
        edits: &[Swap(
            "    for (i, slope) in",
            "    let h = 1e-12;
    for (i, slope) in",
        )],
        sees: &["cubes.moved-by", "small.moved-by"],
        says: "x moves by much less than the h that came in. A smaller step is no better one: \
               above and below agree in most digits, and rounding is what is left.",
    },
    Mistake {
        id: "a-step-relative-to-x",
        exercise: "gradient_check::numeric_gradient",
        edits: &[
            Swap("= old + h;", "= old + h * old.abs();"),
            Swap("= old - h;", "= old - h * old.abs();"),
            Swap("(2.0 * h)", "(2.0 * h * old.abs())"),
        ],
        sees: &[],
        says: "x = 2 moves by 0.2, and h is 0.1. The step is h for every entry; a share of \
               x would be nothing where x is 0.",
    },
    Mistake {
        id: "all-moved-at-once",
        exercise: "gradient_check::numeric_gradient",
        edits: &[Swap(
            "        let old = *entry(&mut x, i);
        *entry(&mut x, i) = old + h;
        let above = f(&x);
        *entry(&mut x, i) = old - h;
        let below = f(&x);
        *entry(&mut x, i) = old;",
            "        let above = f(&(&x + h));
        let below = f(&(&x - h));
        let _ = i;",
        )],
        sees: &[],
        says: "all 6 entries of x move at once. A slope is that of one entry, while the \
               others stand still.",
    },
    Mistake {
        id: "nothing-moves",
        exercise: "gradient_check::numeric_gradient",
        edits: &[Swap(
            "        let old = *entry(&mut x, i);
        *entry(&mut x, i) = old + h;",
            "        let mut old = *entry(&mut x, i);
        old += h;",
        ),
        Swap("*entry(&mut x, i) = old - h;", "old -= 2.0 * h;"),
        Swap(RESTORED, "        let _ = old;\n"),
        ],
        sees: &[],
        says: "f sees x as it is, above and below, and every slope is 0. A number copied \
               out of x moves nothing in x.",
    },
    Mistake {
        id: "overwritten-in-the-first",
        exercise: "gradient_check::numeric_gradient",
        edits: &[Swap("for (i, slope) in grad.iter_mut().enumerate() {", "for slope in grad.iter_mut() {
        let i = 0;")],
        sees: &["cubes.grad"],
        says: "every slope is that of entry 0. The index does not move on.",
    },
    Mistake {
        id: "largest-hides-nan",
        exercise: "gradient_check::relative_error",
        edits: &[Swap(LARGEST, "    errors.fold(0.0, f64::max)")],
        sees: &[],
        says: "a NaN has vanished. Neither f64::max nor e > worst lets it win: ask for it.",
    },
    Mistake {
        id: "largest-hides-nan-later",
        exercise: "gradient_check::relative_error",
        edits: &[Swap(
            LARGEST,
            "    errors.reduce(|worst, e| if e > worst { e } else { worst }).unwrap_or(0.0)",
        )],
        sees: &[],
        says: "a NaN that is not the first has vanished: no number is less than NaN. Ask \
               for it.",
    },
    Mistake {
        id: "largest-forgets-nan",
        exercise: "gradient_check::relative_error",
        edits: &[Swap("if e > worst || e.is_nan() { e } else { worst }", "if e <= worst { worst } else { e }")],
        sees: &[],
        says: "a NaN that is not the last has vanished: the number after it took its \
               place. Once NaN, always NaN.",
    },
    Mistake {
        id: "mean",
        exercise: "gradient_check::relative_error",
        edits: &[
            Swap("let errors = pairs", "let n = pairs.len() as f64;\n    let errors = pairs"),
            Swap(LARGEST, "    errors.sum::<f64>() / n"),
        ],
        sees: &["plain.error", "signs.error"],
        says: "that is the mean of the errors. One wrong entry among thousands would not \
               show: take the largest.",
    },
    Mistake {
        id: "sum",
        exercise: "gradient_check::relative_error",
        edits: &[Swap(LARGEST, "    errors.sum()")],
        sees: &["plain.error", "signs.error"],
        says: "that is the sum of the errors, and grows with the number of entries. Take \
               the largest.",
    },
    Mistake {
        id: "last",
        exercise: "gradient_check::relative_error",
        edits: &[Swap(LARGEST, "    errors.last().unwrap_or(0.0)")],
        sees: &["plain.error", "signs.error"],
        says: "that is the error of the last entry. It is overwritten in each round; keep \
               the largest.",
    },
    Mistake {
        id: "by-the-larger",
        exercise: "gradient_check::relative_error",
        edits: &[Swap("(a.abs() + b.abs())", "a.abs().max(b.abs())")],
        sees: &[],
        says: "the difference is divided by the larger of |a| and |b|. The course's figure \
               divides by their sum.",
    },
    Mistake {
        id: "by-a",
        exercise: "gradient_check::relative_error",
        edits: &[Swap("(a.abs() + b.abs())", "a.abs()")],
        sees: &[],
        says: "the difference is divided by |a| alone, so swapping a and b would change \
               the error. Divide by |a| + |b|.",
    },
    Mistake {
        id: "by-b",
        exercise: "gradient_check::relative_error",
        edits: &[Swap("(a.abs() + b.abs())", "b.abs()")],
        sees: &[],
        says: "the difference is divided by |b| alone, so swapping a and b would change \
               the error. Divide by |a| + |b|.",
    },
    Mistake {
        id: "by-the-mean-of-both",
        exercise: "gradient_check::relative_error",
        edits: &[Swap("(a.abs() + b.abs())", "((a.abs() + b.abs()) / 2.0)")],
        sees: &["plain.error", "signs.error"],
        says: "the error is 2 times what it should be. Divide by the sum of |a| and |b|, \
               not by their mean.",
    },
    Mistake {
        id: "by-the-size-of-the-sum",
        exercise: "gradient_check::relative_error",
        edits: &[Swap("(a.abs() + b.abs())", "(a + b).abs()")],
        sees: &[],
        says: "the difference is divided by |a + b|, which is small where a and b have \
               opposite signs. Take the sizes first: |a| + |b|.",
    },
    Mistake {
        id: "by-one",
        exercise: "gradient_check::relative_error",
        edits: &[Swap(" / (a.abs() + b.abs()).max(1e-8)", "")],
        sees: &[],
        says: "that is the largest difference |a - b|, measured against nothing. An error \
               of 1 is large in 3 and small in 1000.",
    },
    Mistake {
        id: "no-floor",
        exercise: "gradient_check::relative_error",
        edits: &[Swap(".max(1e-8)", "")],
        sees: &[],
        says: "two zeros give NaN, since 0/0 is. The divisor has a floor: max(1e-8, …).",
    },
    Mistake {
        id: "floor-of-another-size",
        exercise: "gradient_check::relative_error",
        edits: &[Swap("1e-8", "1e-5")],
        sees: &["tiny.error"],
        says: "1e-10 against 0 has the error 1e-5; with the floor 1e-8 it is 0.01.",
    },
    Mistake {
        id: "floor-added",
        exercise: "gradient_check::relative_error",
        edits: &[Swap(ERROR, "(a - b).abs() / (a.abs() + b.abs() + 1e-8)")],
        sees: &["tiny.error"],
        says: "1e-10 against 0 has the error 0.0099, not 0.01: the 1e-8 is added to the \
               divisor. It is a floor: the larger of the two.",
    },
    Mistake {
        id: "signed",
        exercise: "gradient_check::relative_error",
        edits: &[Swap("(a - b).abs()", "(a - b)")],
        sees: &[],
        says: "an entry where a is less than b has no error. Take the size of the \
               difference, |a - b|.",
    },
    Mistake {
        id: "squared",
        exercise: "gradient_check::relative_error",
        edits: &[Swap("let errors = pairs.map(|(a, b)| ", "let errors = pairs.map(|(a, b)| (a - b).abs() * ")],
        sees: &["plain.error", "signs.error"],
        says: "the difference is squared. The error is |a - b| to the first power, divided \
               by |a| + |b|.",
    },
    Mistake {
        id: "of-lengths",
        exercise: "gradient_check::relative_error",
        edits: &[Body(
            0,
            "    let (mut difference, mut of_a, mut of_b) = (0.0_f64, 0.0_f64, 0.0_f64);
    for (a, b) in pairs {
        difference += (a - b) * (a - b);
        of_a += a * a;
        of_b += b * b;
    }
    difference.sqrt() / (of_a.sqrt() + of_b.sqrt()).max(1e-8)",
        )],
        sees: &["plain.error", "signs.error"],
        says: "that is the length of a - b by the lengths of a and b. One wrong entry \
               among thousands would not show: entry by entry, and the largest.",
    },
    Mistake {
        id: "first-slope-left-out",
        exercise: "gradient_check::numeric_gradient",
        edits: &[Swap("grad.iter_mut().enumerate()", "grad.iter_mut().enumerate().skip(1)")],
        sees: &[],
        says: "the slope of the first entry is 0: it is left out. A loop begins at 1; indices \
               begin at 0.",
    },
    Mistake {
        id: "first-slope-alone",
        exercise: "gradient_check::numeric_gradient",
        edits: &[Swap("grad.iter_mut().enumerate()", "grad.iter_mut().enumerate().take(1)")],
        sees: &[],
        says: "the first entry alone has a slope. Is there a return or a break inside the loop?",
    },
    Mistake {
        id: "half-steps",
        exercise: "gradient_check::numeric_gradient",
        edits: &[Swap("= old + h;", "= old + h / 2.0;"), Swap("= old - h;", "= old - h / 2.0;"), Swap("(2.0 * h)", "h")],
        sees: &["cubes.grad", "cubes.moved-by", "small.moved-by"],
        says: "x moves by h/2 on each side, and h came in. It moves by \
               h up and by h down.",
    },
    Mistake {
        id: "slope-size",
        exercise: "gradient_check::numeric_gradient",
        edits: &[Swap("(above - below) /", "(above - below).abs() /")],
        sees: &[],
        says: "no slope is negative. The sign says which way is uphill.",
    },
    Mistake {
        id: "divided-by-h-squared",
        exercise: "gradient_check::numeric_gradient",
        edits: &[Swap("(2.0 * h)", "(2.0 * h * h)")],
        sees: &[],
        says: "every slope is 1/h times what it should be. Divide once by how far it is from x \
               - h to x + h.",
    },
    Mistake {
        id: "first",
        exercise: "gradient_check::relative_error",
        edits: &[Swap("    errors.fold(
        0.0,
        |worst, e| {
            if e > worst || e.is_nan() { e } else { worst }
        },
    )", "    let mut errors = errors;
    errors.next().unwrap_or(0.0)")],
        sees: &[],
        says: "that is the error of the first entry. Is there a return inside the loop? Look at \
               all, and keep the largest.",
    },
    Mistake {
        id: "smallest",
        exercise: "gradient_check::relative_error",
        edits: &[Swap("    errors.fold(
        0.0,
        |worst, e| {
            if e > worst || e.is_nan() { e } else { worst }
        },
    )", "    errors.fold(f64::INFINITY, |least, e| {
        if e < least || e.is_nan() { e } else { least }
    })")],
        sees: &[],
        says: "that is the smallest of the errors. One wrong entry among thousands would not \
               show: take the largest.",
    },
    Mistake {
        id: "first-left-out",
        exercise: "gradient_check::relative_error",
        edits: &[Swap("errors.fold(", "errors.skip(1).fold(")],
        sees: &[],
        says: "the first entry has no say. A loop begins at 1; indices begin at 0.",
    },
    Mistake {
        id: "last-left-out",
        exercise: "gradient_check::relative_error",
        edits: &[Swap("let errors = pairs.map(|(a, b)| (a - b).abs() / (a.abs() + b.abs()).max(1e-8));", "let errors = pairs.map(|(a, b)| (a - b).abs() / (a.abs() + b.abs()).max(1e-8));
    let n = a.len() - 1;"), Swap("errors.fold(", "errors.take(n).fold(")],
        sees: &[],
        says: "the last entry has no say. A loop ends one too early.",
    },
    Mistake {
        id: "percent",
        exercise: "gradient_check::relative_error",
        edits: &[Swap("(a - b).abs()", "100.0 * (a - b).abs()")],
        sees: &[],
        says: "the error is 100 times what it should be, in percent. It is a share, from 0 to \
               1.",
    },
];

pub const CORRECT: &[Correct] = &[
    Correct {
        id: "below-first",
        exercise: "gradient_check::numeric_gradient",
        edits: &[Body(
            0,
            "    let slopes: Vec<f64> = (0..x.len())
        .map(|i| {
            let saved = std::mem::replace(entry(&mut x, i), f64::NAN);
            *entry(&mut x, i) = saved - h;
            let below = f(&x);
            *entry(&mut x, i) = saved + h;
            let above = f(&x);
            *entry(&mut x, i) = saved;
            0.5 * (above - below) / h
        })
        .collect();
    for (slope, measured) in grad.iter_mut().zip(slopes) {
        *slope = measured;
    }
    grad",
        )],
    },
    Correct {
        id: "of-clones",
        exercise: "gradient_check::numeric_gradient",
        edits: &[
            Helpers(
                "fn nudged<D: Dimension>(x: &Array<f64, D>, i: usize, by: f64) -> Array<f64, D> {
    let mut x = x.clone();
    *entry(&mut x, i) += by;
    x
}",
            ),
            Body(
                0,
                "    for i in 0..x.len() {
        let rise = f(&nudged(&x, i, h)) - f(&nudged(&x, i, -h));
        *entry(&mut grad, i) = rise / h / 2.0;
    }
    grad",
            ),
        ],
    },
    Correct {
        id: "by-partial-cmp",
        exercise: "gradient_check::relative_error",
        edits: &[Body(
            0,
            "    let errors: Vec<f64> = pairs
        .map(|(a, b)| (b - a).abs() / f64::max(1e-8, b.abs() + a.abs()))
        .collect();
    if errors.iter().any(|e| e.is_nan()) {
        return f64::NAN;
    }
    errors.into_iter().fold(0.0, f64::max)",
        )],
    },
    Correct {
        id: "by-total-cmp",
        exercise: "gradient_check::relative_error",
        edits: &[Swap(
            LARGEST,
            "    errors.map(f64::abs).max_by(f64::total_cmp).unwrap_or(0.0)",
        )],
    },
    Correct {
        id: "error-in-a-loop",
        exercise: "gradient_check::relative_error",
        edits: &[Body(0, r#"    let mut worst = 0.0;
    for (&a, &b) in pairs {
        let error = (a - b).abs() / f64::max(1e-8, a.abs() + b.abs());
        if error.is_nan() {
            return error;
        }
        if error > worst {
            worst = error;
        }
    }
    worst"#)],
    },
    Correct {
        id: "error-as-arrays",
        exercise: "gradient_check::relative_error",
        edits: &[Body(0, r#"    let top = (a - b).mapv(f64::abs);
    let bottom = (a.mapv(f64::abs) + b.mapv(f64::abs)).mapv(|s| s.max(1e-8));
    (top / bottom).fold(0.0, |worst: f64, &e| {
        if worst.is_nan() || worst > e { worst } else { e }
    })"#)],
    },
];
