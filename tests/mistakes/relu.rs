use crate::catalogue::Edit::{Body, Helpers, Of, Swap};
use crate::catalogue::{Correct, Mistake};

pub const MISTAKES: &[Mistake] = &[
    Mistake {
        id: "leaky-both-ways",
        exercise: "relu::forward",
        edits: &[
            Swap("{ zero }", "{ T::of(0.01) * x }"),
            Of(
                "relu::backward",
                &Swap("{ zero }", "{ T::of(0.01) * dout }"),
            ),
        ],
        sees: &["signs.out", "plain.out"],
        says: "-2 became -0.02. That is a leaky ReLU, with a slope of 0.01 below 0; here \
               negative inputs give 0.",
    },
    Mistake {
        id: "leaky-tenth",
        exercise: "relu::forward",
        edits: &[Swap("{ zero }", "{ T::of(0.1) * x }")],
        sees: &["signs.out", "plain.out"],
        says: "-2 became -0.2. That is a leaky ReLU, with a slope of 0.1 below 0; here \
               negative inputs give 0.",
    },
    Mistake {
        id: "identity",
        exercise: "relu::forward",
        edits: &[Swap(
            "x.mapv(|x| if x <= zero { zero } else { x })",
            "x.to_owned()",
        )],
        sees: &["signs.out", "plain.out"],
        says: "out is x, unchanged. Negative inputs must give 0.",
    },
    Mistake {
        id: "absolute",
        exercise: "relu::forward",
        edits: &[Swap("if x <= zero { zero } else { x }", "x.abs()")],
        sees: &["signs.out", "plain.out"],
        says: "-2 became 2. That is the absolute value; negative inputs must give 0.",
    },
    Mistake {
        id: "minimum",
        exercise: "relu::forward",
        edits: &[Swap("x <= zero", "x >= zero")],
        sees: &["signs.out", "plain.out"],
        says: "-2 passed and 3 became 0. The comparison is the wrong way round: the \
               positive numbers pass.",
    },
    Mistake {
        id: "mask-alone",
        exercise: "relu::forward",
        edits: &[Swap("else { x }", "else { T::one() }")],
        sees: &["signs.out", "plain.out"],
        says: "3 became 1. That is the mask, which says whether a number passes; what \
               passes stays as it is.",
    },
    Mistake {
        id: "clipped-at-6",
        exercise: "relu::forward",
        edits: &[Swap(
            "else { x }",
            "else { if x > T::of(6.0) { T::of(6.0) } else { x } }",
        )],
        sees: &["signs.out", "plain.out"],
        says: "8 became 6. Positive numbers pass as they are, however large.",
    },
    Mistake {
        id: "clipped-at-1",
        exercise: "relu::forward",
        edits: &[Swap(
            "else { x }",
            "else { if x > T::one() { T::one() } else { x } }",
        )],
        sees: &["signs.out", "plain.out"],
        says: "3 became 1. Positive numbers pass as they are, however large.",
    },
    Mistake {
        id: "sigmoid",
        exercise: "relu::forward",
        edits: &[Swap(
            "if x <= zero { zero } else { x }",
            "T::one() / (T::one() + (-x).exp())",
        )],
        sees: &["signs.out", "plain.out"],
        says: "all outputs lie between 0 and 1. That is a sigmoid; a ReLU is max(0, x).",
    },
    Mistake {
        id: "nan-by-max",
        exercise: "relu::forward",
        edits: &[Swap("if x <= zero { zero } else { x }", "x.max(zero)")],
        sees: &["nan.out"],
        says: "NaN became 0, so a net that has diverged would look healthy. Is it \
               by `max`, which prefers the other number, or by a comparison that \
               asks whether x is above 0?",
    },
    Mistake {
        id: "infinity-by-product",
        exercise: "relu::forward",
        edits: &[Swap(
            "if x <= zero { zero } else { x }",
            "x * if x > zero { T::one() } else { zero }",
        )],
        sees: &["infinite.out"],
        says: "-inf became NaN. 0 times infinity is NaN: choose a number, do not multiply \
               by a mask.",
    },
    Mistake {
        id: "mask-of-dout",
        exercise: "relu::backward",
        edits: &[Swap(
            "|&x, &dout| if x <= zero",
            "|_, &dout| if dout <= zero",
        )],
        sees: &["signs.dx", "plain.dx"],
        says: "dx is max(0, dout): the mask is that of dout. What passed on the way \
               forward is decided by x.",
    },
    Mistake {
        id: "both-masks",
        exercise: "relu::backward",
        edits: &[Swap("if x <= zero", "if x <= zero || dout <= zero")],
        sees: &["signs.dx", "plain.dx"],
        says: "a negative gradient was stopped at a positive x. The sign of dout decides \
               nothing; x alone does.",
    },
    Mistake {
        id: "leaky-backward",
        exercise: "relu::backward",
        edits: &[Swap("{ zero }", "{ T::of(0.01) * dout }")],
        sees: &["signs.dx", "plain.dx"],
        says: "where x = -1, dx is 1/100 of dout. Below 0 the output does not move at all, \
               so its slope is 0.",
    },
    Mistake {
        id: "no-mask",
        exercise: "relu::backward",
        edits: &[Swap(
            "if x <= zero { zero } else { dout }",
            "{ let _ = x; dout }",
        )],
        sees: &["signs.dx", "plain.dx", "zero.dx"],
        says: "dx is dout, unchanged. Where x was negative the output did not move, and no \
               gradient passes.",
    },
    Mistake {
        id: "mask-alone-backward",
        exercise: "relu::backward",
        edits: &[Swap("{ dout }", "{ let _ = dout; T::one() }")],
        sees: &["signs.dx", "plain.dx"],
        says: "dx is 1 where x is positive. That is the slope of ReLU itself; the chain \
               rule multiplies it by dout.",
    },
    Mistake {
        id: "relu-again",
        exercise: "relu::backward",
        edits: &[Swap("{ dout }", "{ let _ = dout; x }")],
        sees: &["signs.dx", "plain.dx"],
        says: "dx is max(0, x), the output again. Where x is positive, dout passes.",
    },
    Mistake {
        id: "times-out",
        exercise: "relu::backward",
        edits: &[Swap("{ dout }", "{ dout * x }")],
        sees: &["signs.dx", "plain.dx"],
        says: "dx is dout times x where x is positive. The slope there is 1, not x.",
    },
    Mistake {
        id: "mask-inverted",
        exercise: "relu::backward",
        edits: &[Swap("x <= zero", "x > zero")],
        sees: &["signs.dx", "plain.dx"],
        says: "dout passed where x is negative, and not where it is positive. The mask is \
               inverted.",
    },
    Mistake {
        id: "absolute-backward",
        exercise: "relu::backward",
        edits: &[Swap("{ zero }", "{ -dout }")],
        sees: &["signs.dx", "plain.dx"],
        says: "where x = -1, dx is -dout. That is the slope of |x|; below 0, ReLU is flat.",
    },
    Mistake {
        id: "negative",
        exercise: "relu::backward",
        edits: &[Swap("{ dout }", "{ -dout }")],
        sees: &["signs.dx", "plain.dx"],
        says: "dx has the opposite sign. Where x is positive, dout passes unchanged.",
    },
    Mistake {
        id: "zero-passes",
        exercise: "relu::backward",
        edits: &[Swap("x <= zero", "x < zero")],
        sees: &["zero.dx"],
        says: "dx is 5 at x = 0. There the slope is 0, by convention: the gate is open \
               above 0 only.",
    },
    Mistake {
        id: "half-at-zero",
        exercise: "relu::backward",
        edits: &[Swap(
            "if x <= zero { zero }",
            "if x == zero { T::of(0.5) * dout } else if x < zero { zero }",
        )],
        sees: &["zero.dx"],
        says: "dx is half of dout at x = 0. There the slope is 0, by convention, and not \
               the mean of both sides.",
    },
    Mistake {
        id: "nan-through-mask",
        exercise: "relu::backward",
        edits: &[Swap(
            "if x <= zero { zero } else { dout }",
            "dout * if x > zero { T::one() } else { zero }",
        )],
        sees: &["nan.dx"],
        says: "NaN passed a closed gate. 0 times NaN is NaN: choose a number, do not \
               multiply by a mask.",
    },
    Mistake {
        id: "nan-becomes-0-backward",
        exercise: "relu::backward",
        edits: &[Swap("{ dout }", "if dout.is_nan() { zero } else { dout }")],
        sees: &["nan.dx"],
        says: "a NaN in dout has vanished where x is positive. What went wrong above must \
               stay visible.",
    },
    Mistake {
        id: "swish",
        exercise: "relu::forward",
        edits: &[Swap(
            "if x <= zero { zero } else { x }",
            "x / (T::one() + (-x).exp())",
        )],
        sees: &[],
        says: "-2 became -0.238, and 3 became 2.86. That is x·σ(x), x times a sigmoid; a ReLU \
               is max(0, x).",
    },
    Mistake {
        id: "half-of-the-sum",
        exercise: "relu::forward",
        edits: &[Swap(
            "if x <= zero { zero } else { x }",
            "(x + x.abs()) * T::of(0.5)",
        )],
        sees: &[],
        says: "-inf became NaN and 1.5e308 became infinite: (x + |x|)/2 is max(0, x) only where \
               the sum does not overflow. Choose by the sign.",
    },
    Mistake {
        id: "softplus",
        exercise: "relu::forward",
        edits: &[Swap(
            "if x <= zero { zero } else { x }",
            "(T::one() + x.exp()).ln()",
        )],
        sees: &[],
        says: "-2 became 0.127, and 3 became 3.05. That is ln(1 + exp x), a smooth relative; a \
               ReLU is max(0, x).",
    },
    Mistake {
        id: "elu",
        exercise: "relu::forward",
        edits: &[Swap("{ zero }", "{ x.exp() - T::one() }")],
        sees: &[],
        says: "-2 became -0.865 = exp(-2) - 1. That is an ELU; here negative inputs give 0.",
    },
    Mistake {
        id: "all-zero",
        exercise: "relu::forward",
        edits: &[Swap("else { x }", "else { zero }")],
        sees: &[],
        says: "out is 0 everywhere. Positive numbers pass as they are.",
    },
    Mistake {
        id: "from-1-on",
        exercise: "relu::forward",
        edits: &[Swap("x <= zero", "x <= T::one()")],
        sees: &[],
        says: "0.25 became 0. Everything above 0 passes, not only what is above 1.",
    },
    Mistake {
        id: "passes-negated",
        exercise: "relu::forward",
        edits: &[Swap("else { x }", "else { -x }")],
        sees: &[],
        says: "3 became -3. Positive numbers pass as they are.",
    },
    Mistake {
        id: "first-entry-left",
        exercise: "relu::forward",
        edits: &[Swap(
            "x.mapv(|x| if x <= zero { zero } else { x })",
            "{
        let mut out = x.to_owned();
        for out in out.iter_mut().skip(1) {
            if *out <= zero {
                *out = zero;
            }
        }
        out
    }",
        )],
        sees: &[],
        says: "the first entry is still -2, and the others are right. A loop begins at 1; \
               indices begin at 0.",
    },
    Mistake {
        id: "last-entry-left",
        exercise: "relu::forward",
        edits: &[Swap(
            "x.mapv(|x| if x <= zero { zero } else { x })",
            "{
        let mut out = x.to_owned();
        let last = out.len() - 1;
        for out in out.iter_mut().take(last) {
            if *out <= zero {
                *out = zero;
            }
        }
        out
    }",
        )],
        sees: &[],
        says: "the last entry is still -4, and the others are right. A loop ends one too early.",
    },
    Mistake {
        id: "squared",
        exercise: "relu::forward",
        edits: &[Swap("else { x }", "else { x * x }")],
        sees: &[],
        says: "3 became 9. Positive numbers pass as they are.",
    },
    Mistake {
        id: "times-x",
        exercise: "relu::backward",
        edits: &[Swap("if x <= zero { zero } else { dout }", "dout * x")],
        sees: &[],
        says: "dx is dout times x, everywhere. The slope of ReLU is 0 or 1: x decides which, \
               and is no factor.",
    },
    Mistake {
        id: "absolute-dout",
        exercise: "relu::backward",
        edits: &[Swap("{ dout }", "{ dout.abs() }")],
        sees: &[],
        says: "dx is |dout| where x is positive: each sign of dout has gone. What passes, \
               passes with its sign.",
    },
    Mistake {
        id: "sign-of-dout",
        exercise: "relu::backward",
        edits: &[Swap("{ dout }", "{ dout.signum() }")],
        sees: &[],
        says: "dx is the sign of dout where x is positive, 1 or -1. What passes, passes as it \
               is.",
    },
    Mistake {
        id: "dx-zero",
        exercise: "relu::backward",
        edits: &[Swap("else { dout }", "else { let _ = dout; zero }")],
        sees: &[],
        says: "dx is 0 everywhere. Where x is positive, dout passes.",
    },
    Mistake {
        id: "mask-from-1-on",
        exercise: "relu::backward",
        edits: &[Swap("x <= zero", "x <= T::one()")],
        sees: &[],
        says: "dx is 0 where x is positive, but at most 1. The gate is open above 0, not only \
               above 1.",
    },
    Mistake {
        id: "dout-plus-x",
        exercise: "relu::backward",
        edits: &[Swap("{ dout }", "{ dout + x }")],
        sees: &[],
        says: "dx is dout + x where x is positive. The chain rule multiplies dout by the slope, \
               which is 1; x itself has no part in it.",
    },
    Mistake {
        id: "dout-plus-one",
        exercise: "relu::backward",
        edits: &[Swap("{ dout }", "{ dout + T::one() }")],
        sees: &[],
        says: "dx is dout + 1 where x is positive. The chain rule multiplies dout by the slope; \
               nothing is added.",
    },
    Mistake {
        id: "first-entry-passes",
        exercise: "relu::backward",
        edits: &[Swap(
            "    ndarray::Zip::from(&x)
        .and(dout)
        .map_collect(|&x, &dout| if x <= zero { zero } else { dout })",
            "    let mut dx = dout.to_owned();
    for (dx, &x) in dx.iter_mut().zip(&x).skip(1) {
        if x <= zero {
            *dx = zero;
        }
    }
    dx",
        )],
        sees: &[],
        says: "dout passed at the first entry, where x is -1, and the others are right. A loop \
               begins at 1; indices begin at 0.",
    },
];

pub const CORRECT: &[Correct] = &[
    Correct {
        id: "in-place",
        exercise: "relu::forward",
        edits: &[Body(
            0,
            "    let mut out = x.to_owned();
    for out in out.iter_mut() {
        if *out < zero {
            *out = zero;
        }
    }
    (out, Cache { x })",
        )],
    },
    Correct {
        id: "cache-of-out",
        exercise: "relu::forward",
        edits: &[Swap(
            "(out, Cache { x })",
            "let cache = Cache { x: out.clone().into() };
    (out, cache)",
        )],
    },
    Correct {
        id: "gate-as-a-helper",
        exercise: "relu::backward",
        edits: &[
            Helpers("fn open<T: Scalar>(x: T) -> bool {\n    x > T::zero()\n}"),
            Body(
                0,
                "    let mut dx = dout.to_owned();
    dx.zip_mut_with(&x, |dx, &x| {
        if !open(x) {
            *dx = zero;
        }
    });
    dx",
            ),
        ],
    },
    Correct {
        id: "nan-named",
        exercise: "relu::forward",
        edits: &[Body(
            0,
            r#"    let out = x.mapv(|x| if x > zero || x.is_nan() { x } else { zero });
    (out, Cache { x })"#,
        )],
    },
    Correct {
        id: "collected",
        exercise: "relu::forward",
        edits: &[Body(
            0,
            r#"    let numbers = x.iter().map(|&x| if x < zero { zero } else { x }).collect();
    let out = Array::from_shape_vec(x.raw_dim(), numbers).unwrap();
    (out, Cache { x })"#,
        )],
    },
    Correct {
        id: "zip-map-collect",
        exercise: "relu::forward",
        edits: &[Body(
            0,
            r#"    use ndarray::Zip;
    let out = Zip::from(&x).map_collect(|&x| if x <= zero { zero } else { x });
    (out, Cache { x })"#,
        )],
    },
    Correct {
        id: "mapv-inplace",
        exercise: "relu::forward",
        edits: &[Body(
            0,
            r#"    let mut out = x.to_owned();
    out.mapv_inplace(|x| if x < zero { zero } else { x });
    (out, Cache { x })"#,
        )],
    },
    Correct {
        id: "backward-zip",
        exercise: "relu::backward",
        edits: &[Body(
            0,
            r#"    use ndarray::Zip;
    Zip::from(dout).and(&x).map_collect(|&d, &x| if x > zero { d } else { zero })"#,
        )],
    },
    Correct {
        id: "backward-azip",
        exercise: "relu::backward",
        edits: &[Body(
            0,
            r#"    let mut dx = dout.to_owned();
    ndarray::azip!((dx in &mut dx, &x in &x) if x <= zero { *dx = zero });
    dx"#,
        )],
    },
    Correct {
        id: "backward-collected",
        exercise: "relu::backward",
        edits: &[Body(
            0,
            r#"    let pairs = dout.iter().zip(x.iter());
    let numbers = pairs.map(|(&d, &x)| if x > zero { d } else { zero }).collect();
    Array::from_shape_vec(dout.raw_dim(), numbers).unwrap()"#,
        )],
    },
    Correct {
        id: "backward-onto-zeros",
        exercise: "relu::backward",
        edits: &[Body(
            0,
            r#"    let mut dx = Array::zeros(dout.raw_dim());
    for ((dx, &d), &x) in dx.iter_mut().zip(dout.iter()).zip(x.iter()) {
        if x > zero {
            *dx = d;
        }
    }
    dx"#,
        )],
    },
];
