use crate::catalogue::Edit::{Body, Helpers, Swap};
use crate::catalogue::{Correct, Mistake};

pub const MISTAKES: &[Mistake] = &[
    Mistake {
        id: "not-inverted",
        exercise: "dropout::mask",
        edits: &[Swap(
            "let kept = T::of(1.0 / keep);",
            "let kept = T::one();",
        )],
        sees: &[],
        says: "what is kept has the factor 1: the right entries, not scaled. The sum that the \
               next layer forms would shrink; the factor 1/keep makes up for what is dropped.",
    },
    Mistake {
        id: "p-swapped",
        exercise: "dropout::mask",
        edits: &[Swap("uniform() < keep", "uniform() < 1.0 - keep")],
        sees: &[],
        says: "an entry has been kept where its uniform is below 1 - keep. keep is the \
               probability of keeping, not that of dropping.",
    },
    Mistake {
        id: "p-swapped-throughout",
        exercise: "dropout::mask",
        edits: &[
            Swap("1.0 / keep", "1.0 / (1.0 - keep)"),
            Swap("uniform() < keep", "uniform() < 1.0 - keep"),
        ],
        sees: &[],
        says: "this is a mask for 1 - keep, factor and all. keep is the probability of keeping, \
               not that of dropping.",
    },
    Mistake {
        id: "wrong-side",
        exercise: "dropout::mask",
        edits: &[Swap("uniform() < keep", "uniform() > keep")],
        sees: &[],
        says: "an entry has been kept where its uniform is above keep, which happens with \
               probability 1 - keep. Keep what is below.",
    },
    Mistake {
        id: "wrong-side-and-not-scaled",
        exercise: "dropout::mask",
        edits: &[
            Swap("let kept = T::of(1.0 / keep);", "let kept = T::one();"),
            Swap("uniform() < keep", "uniform() > keep"),
        ],
        sees: &[],
        says: "an entry has been kept where its uniform is above keep, and with the factor 1. \
               Keep what is below, with the factor 1/keep.",
    },
    Mistake {
        id: "the-upper-end",
        exercise: "dropout::mask",
        edits: &[Swap("uniform() < keep", "uniform() >= 1.0 - keep")],
        sees: &[],
        says: "as many are kept as should be, but other ones: those whose uniform is at least \
               1 - keep. To repeat a run, keep those whose uniform is below keep.",
    },
    Mistake {
        id: "at-most-keep",
        exercise: "dropout::mask",
        edits: &[Swap("uniform() < keep", "uniform() <= keep")],
        sees: &[],
        says: "an entry whose uniform is exactly keep has been kept. Uniforms may be 0 and never \
               1, so it is the ones below keep that have probability keep.",
    },
    Mistake {
        id: "times-keep",
        exercise: "dropout::mask",
        edits: &[Swap("1.0 / keep", "keep")],
        sees: &[],
        says: "what is kept has the factor keep. That shrinks the sum a second time; it is to \
               be stretched by 1/keep.",
    },
    Mistake {
        id: "scaled-by-what-is-dropped",
        exercise: "dropout::mask",
        edits: &[Swap("1.0 / keep", "1.0 / (1.0 - keep)")],
        sees: &[],
        says: "what is kept has the factor 1/(1 - keep). Only the share keep is left of a sum, \
               so the factor is 1/keep.",
    },
    Mistake {
        id: "scaled-twice",
        exercise: "dropout::mask",
        edits: &[Swap("1.0 / keep", "1.0 / (keep * keep)")],
        sees: &[],
        says: "what is kept has the factor 1/keep². Once is enough to keep the mean.",
    },
    Mistake {
        id: "variance-kept",
        exercise: "dropout::mask",
        edits: &[Swap("1.0 / keep", "1.0 / keep.sqrt()")],
        sees: &[],
        says: "what is kept has the factor 1/√keep. That would keep the mean square; it is the \
               mean that must stay: 1/keep.",
    },
    Mistake {
        id: "subtracted",
        exercise: "dropout::mask",
        edits: &[Swap("1.0 / keep", "2.0 - keep")],
        sees: &[],
        says: "what is kept has the factor 2 - keep. The share keep is left of a sum, and what \
               times keep is 1?",
    },
    Mistake {
        id: "inverted-mask",
        exercise: "dropout::mask",
        edits: &[Swap("{ kept } else { T::zero() }", "{ T::zero() } else { kept }")],
        sees: &[],
        says: "an entry has been dropped where its uniform is below keep. That is where it is \
               kept.",
    },
    Mistake {
        id: "nothing-dropped",
        exercise: "dropout::mask",
        edits: &[Swap("else { T::zero() }", "else { kept }")],
        sees: &[],
        says: "every entry is 1/keep: nothing has been dropped.",
    },
    Mistake {
        id: "mean-for-all",
        exercise: "dropout::mask",
        edits: &[Swap("if uniform() < keep { kept } else { T::zero() }", "{ let _ = (uniform(), kept); T::of(keep) }")],
        sees: &[],
        says: "every entry is keep: nothing has been dropped, and all has shrunk. An entry is \
               either 0 or 1/keep, by chance.",
    },
    Mistake {
        id: "dropped-are-1",
        exercise: "dropout::mask",
        edits: &[Swap("else { T::zero() }", "else { T::one() }")],
        sees: &[],
        says: "what is to be dropped has the factor 1. Its factor is 0.",
    },
    Mistake {
        id: "one-row-for-all",
        exercise: "dropout::mask",
        edits: &[Body(
            0,
            "    let kept = T::of(1.0 / keep);
    let draw = || if uniform() < keep { kept } else { T::zero() };
    let row = ndarray::Array1::from_shape_simple_fn(shape.1, draw);
    row.broadcast(shape).unwrap().to_owned()",
        )],
        sees: &[],
        says: "all examples have the same units dropped. Each example draws its own: every \
               entry takes a uniform.",
    },
    Mistake {
        id: "whole-examples",
        exercise: "dropout::mask",
        edits: &[Body(
            0,
            "    let kept = T::of(1.0 / keep);
    let draw = || if uniform() < keep { kept } else { T::zero() };
    let column = Array2::from_shape_simple_fn((shape.0, 1), draw);
    column.broadcast(shape).unwrap().to_owned()",
        )],
        sees: &[],
        says: "whole examples have been dropped or kept. Every entry takes a uniform.",
    },
    Mistake {
        id: "one-draw",
        exercise: "dropout::mask",
        edits: &[Body(
            0,
            "    let kept = if uniform() < keep { T::of(1.0 / keep) } else { T::zero() };
    Array2::from_elem(shape, kept)",
        )],
        sees: &[],
        says: "one uniform has decided for all entries. Every entry takes its own.",
    },
    Mistake {
        id: "column-by-column",
        exercise: "dropout::mask",
        edits: &[Body(
            0,
            "    let kept = T::of(1.0 / keep);
    let draw = || if uniform() < keep { kept } else { T::zero() };
    Array2::from_shape_simple_fn((shape.1, shape.0), draw).reversed_axes()",
        )],
        sees: &[],
        says: "the uniforms have been used column by column. To repeat a run, they are used row \
               by row.",
    },
    Mistake {
        id: "first-uniform-lost",
        exercise: "dropout::mask",
        edits: &[Swap(
            "let kept = T::of(1.0 / keep);",
            "let kept = T::of(1.0 / keep);\n    uniform();",
        )],
        sees: &[],
        says: "a uniform has been drawn before the first entry. Each entry takes one, and \
               nothing else does.",
    },
    Mistake {
        id: "two-uniforms-an-entry",
        exercise: "dropout::mask",
        edits: &[Swap(
            "if uniform() < keep { kept }",
            "if uniform() < keep { kept * T::of(f64::from(u8::from(uniform() < 2.0))) }",
        )],
        sees: &[],
        says: "an entry that is kept has taken two uniforms. Each entry takes one: draw once, \
               then compare.",
    },
    Mistake {
        id: "not-scaled-forward",
        exercise: "dropout::forward",
        edits: &[Swap(
            "&x * &mask",
            "&x * &mask.mapv(|m| if m > T::zero() { T::one() } else { T::zero() })",
        )],
        sees: &[],
        says: "3 stayed 3 where the mask is 4. The mask holds the factor, not only a yes: \
               multiply by it.",
    },
    Mistake {
        id: "mask-forgotten",
        exercise: "dropout::forward",
        edits: &[Swap("&x * &mask", "x.to_owned()")],
        sees: &[],
        says: "out is x, unchanged: the mask has not been used.",
    },
    Mistake {
        id: "mask-alone",
        exercise: "dropout::forward",
        edits: &[Swap("&x * &mask", "{ let _ = &x; mask.clone() }")],
        sees: &[],
        says: "out is the mask. It is to be multiplied by x.",
    },
    Mistake {
        id: "mask-added",
        exercise: "dropout::forward",
        edits: &[Swap("&x * &mask", "&x + &mask")],
        sees: &[],
        says: "the mask has been added to x. Multiply by it: what is times 0 is dropped.",
    },
    Mistake {
        id: "divided-by-mask",
        exercise: "dropout::forward",
        edits: &[Swap("&x * &mask", "&x / &mask")],
        sees: &[],
        says: "x has been divided by the mask, by 0 where it is to be dropped. Multiply.",
    },
    Mistake {
        id: "scaled-twice-forward",
        exercise: "dropout::forward",
        edits: &[Swap("&x * &mask", "&x * &mask * &mask")],
        sees: &[],
        says: "1 became 16 where the mask is 4. The factor 1/keep is in the mask: multiply once.",
    },
    Mistake {
        id: "complement",
        exercise: "dropout::forward",
        edits: &[Swap(
            "&x * &mask",
            "&x * &mask.mapv(|m| if m > T::zero() { T::zero() } else { T::one() })",
        )],
        sees: &[],
        says: "what passed is what the mask drops. Where the mask is 0, out is 0.",
    },
    Mistake {
        id: "one-less-mask",
        exercise: "dropout::forward",
        edits: &[Swap("&x * &mask", "&x * &mask.mapv(|m| T::one() - m)")],
        sees: &[],
        says: "x has been multiplied by 1 - mask. Multiply by the mask.",
    },
    Mistake {
        id: "magnitudes",
        exercise: "dropout::forward",
        edits: &[Swap("&x * &mask", "x.abs() * &mask")],
        sees: &[],
        says: "negative numbers have lost their sign. A mask keeps or drops; it does not look at \
               x.",
    },
    Mistake {
        id: "relu-too",
        exercise: "dropout::forward",
        edits: &[Swap(
            "&x * &mask",
            "x.mapv(|x| if x <= T::zero() { T::zero() } else { x }) * &mask",
        )],
        sees: &[],
        says: "a negative number that the mask keeps became 0. A mask does not look at x; ReLU \
               is a layer of its own.",
    },
    Mistake {
        id: "no-mask-backward",
        exercise: "dropout::backward",
        edits: &[Swap("&dout * &mask", "{ let _ = &mask; dout.to_owned() }")],
        sees: &[],
        says: "dx is dout, unchanged. What was dropped has no part in the loss, and what was \
               kept had a factor: use the mask of the forward pass.",
    },
    Mistake {
        id: "not-scaled-backward",
        exercise: "dropout::backward",
        edits: &[Swap(
            "&dout * &mask",
            "&dout * &mask.mapv(|m| if m > T::zero() { T::one() } else { T::zero() })",
        )],
        sees: &[],
        says: "the right entries of dout passed, without the factor. Forward multiplied by \
               1/keep, so a nudge of x moves out by 1/keep: multiply by the mask.",
    },
    Mistake {
        id: "scaled-twice-backward",
        exercise: "dropout::backward",
        edits: &[Swap("&dout * &mask", "&dout * &mask * &mask")],
        sees: &[],
        says: "10 became 160 where the mask is 4. The factor is in the mask: multiply once.",
    },
    Mistake {
        id: "divided-by-mask-backward",
        exercise: "dropout::backward",
        edits: &[Swap("&dout * &mask", "&dout / &mask")],
        sees: &[],
        says: "dout has been divided by the mask. Backward multiplies by the same factor as \
               forward.",
    },
    Mistake {
        id: "divided-where-kept",
        exercise: "dropout::backward",
        edits: &[Swap(
            "&dout * &mask",
            "&dout * &mask.mapv(|m| if m > T::zero() { T::one() / m } else { T::zero() })",
        )],
        sees: &[],
        says: "10 became 2.5 where the mask is 4: forward's factor has been undone. A nudge of x \
               moves out by 4 times as much, so dx is 4 times dout.",
    },
    Mistake {
        id: "complement-backward",
        exercise: "dropout::backward",
        edits: &[Swap(
            "&dout * &mask",
            "&dout * &mask.mapv(|m| if m > T::zero() { T::zero() } else { T::one() })",
        )],
        sees: &[],
        says: "the gradient passed where x was dropped, and not where it was kept.",
    },
    Mistake {
        id: "mask-alone-backward",
        exercise: "dropout::backward",
        edits: &[Swap("&dout * &mask", "{ let _ = &dout; mask }")],
        sees: &[],
        says: "dx is the mask. That is the slope of out; the chain rule multiplies it by dout.",
    },
    Mistake {
        id: "mask-of-dout",
        exercise: "dropout::backward",
        edits: &[Swap(
            "&dout * &mask",
            "dout.mapv(|d| if d > T::zero() { d } else { T::zero() }) * &mask",
        )],
        sees: &[],
        says: "negative gradients have been stopped. That is no part of dropout; the mask alone \
               decides.",
    },
    Mistake {
        id: "negated",
        exercise: "dropout::backward",
        edits: &[Swap("&dout * &mask", "-(&dout * &mask)")],
        sees: &[],
        says: "dx has the opposite sign.",
    },
    Mistake {
        id: "new-mask",
        exercise: "dropout::backward",
        edits: &[Swap(
            "&dout * &mask",
            "{
        let most = mask.iter().fold(T::one(), |most, &m| most.max(m));
        let keep = 1.0 / most.as_f64();
        &dout * &self::mask::<T>(mask.dim(), keep, &mut uniforms(0, 0, 0))
    }",
        )],
        sees: &[],
        says: "the gradient passed at other entries than x did: the mask is a new one. Backward \
               uses the mask of the forward pass.",
    },
];

pub const CORRECT: &[Correct] = &[
    Correct {
        id: "two-loops",
        exercise: "dropout::mask",
        edits: &[Body(
            0,
            "    let mut mask = Array2::zeros(shape);
    for i in 0..shape.0 {
        for j in 0..shape.1 {
            if uniform() < keep {
                mask[[i, j]] = T::of(1.0) / T::of(keep);
            }
        }
    }
    mask",
        )],
    },
    Correct {
        id: "drawn-then-compared",
        exercise: "dropout::mask",
        edits: &[Body(
            0,
            "    let u = Array2::from_shape_simple_fn(shape, uniform);
    u.mapv(|u| T::of(f64::from(u8::from(u < keep)) / keep))",
        )],
    },
    Correct {
        id: "collected",
        exercise: "dropout::mask",
        edits: &[
            Helpers("fn factor(u: f64, keep: f64) -> f64 {\n    if u >= keep { 0.0 } else { keep.recip() }\n}"),
            Body(
                0,
                "    let entries = (0..shape.0 * shape.1).map(|_| T::of(factor(uniform(), keep)));
    Array2::from_shape_vec(shape, entries.collect()).unwrap()",
            ),
        ],
    },
    Correct {
        id: "forward-chosen",
        exercise: "dropout::forward",
        edits: &[Body(
            0,
            "    let mut out = x.to_owned();
    out.zip_mut_with(&mask, |x, &m| *x = if m == T::zero() { m } else { *x * m });
    (out, Cache { mask })",
        )],
    },
    Correct {
        id: "forward-in-the-order-of-the-mask",
        exercise: "dropout::forward",
        edits: &[Body(
            0,
            "    let mut out = mask.clone();
    out *= &x;
    (out, Cache { mask })",
        )],
    },
    Correct {
        id: "backward-in-place",
        exercise: "dropout::backward",
        edits: &[Body(
            0,
            "    let mut dx = mask;
    dx *= &dout;
    dx",
        )],
    },
    Correct {
        id: "backward-zip",
        exercise: "dropout::backward",
        edits: &[Body(
            0,
            "    ndarray::Zip::from(&dout)
        .and(&mask)
        .map_collect(|&d, &m| if m == T::zero() { m } else { d * m })",
        )],
    },
];
