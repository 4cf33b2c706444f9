//! What is wrong in loss and gradients alike (no penalty at all, no factor ½) is two
//! mistakes, one in each exercise; the first is named, and after it the second.

use crate::catalogue::Edit::{Body, Helpers, Swap};
use crate::catalogue::{Correct, Mistake};

const SQUARES: &str =
    "let squares: T = layers.iter().map(|layer| sum_of_squares(&layer.w)).sum();";

pub const MISTAKES: &[Mistake] = &[
    Mistake {
        id: "penalty-zero",
        exercise: "regularization::penalty",
        edits: &[Swap("T::of(0.5)", "T::of((1 / 2) as f64)")],
        sees: &[],
        says: "the penalty is 0, whatever the weights. Is it left out, or is the ½ \
               written 1 / 2, which is 0 in whole numbers?",
    },
    Mistake {
        id: "penalty-without-reg",
        exercise: "regularization::penalty",
        edits: &[Swap("T::of(0.5) * reg", "T::of(0.5)")],
        sees: &[],
        says: "the penalty is 1/reg times what it should be, the same for every reg. The \
               strength is not multiplied in.",
    },
    Mistake {
        id: "penalty-without-half",
        exercise: "regularization::penalty",
        edits: &[Swap("T::of(0.5) * reg", "reg")],
        sees: &[],
        says: "the penalty is twice what it should be. The factor ½ is missing.",
    },
    Mistake {
        id: "penalty-half-twice",
        exercise: "regularization::penalty",
        edits: &[Swap("T::of(0.5)", "T::of(0.25)")],
        sees: &[],
        says: "the penalty is half of what it should be. The factor ½ is there twice.",
    },
    Mistake {
        id: "penalty-negative",
        exercise: "regularization::penalty",
        edits: &[Swap("T::of(0.5)", "-T::of(0.5)")],
        sees: &[],
        says: "the penalty is negative, so large weights are rewarded. It is added to the \
               loss: a cost is positive.",
    },
    Mistake {
        id: "penalty-of-biases",
        exercise: "regularization::penalty",
        edits: &[Swap(
            SQUARES,
            "let squares: T = layers
        .iter()
        .map(|layer| sum_of_squares(&layer.w) + layer.b.dot(&layer.b))
        .sum();",
        )],
        sees: &[],
        says: "the penalty is too large by exactly ½·reg·Σb². Biases are free; a new \
               network, whose biases are 0, would not show it.",
    },
    Mistake {
        id: "penalty-without-last",
        exercise: "regularization::penalty",
        edits: &[Swap("layers.iter()", "layers[..layers.len() - 1].iter()")],
        sees: &[],
        says: "the penalty lacks exactly ½·reg·ΣW3², the last layer's part. Every layer's \
               W counts.",
    },
    Mistake {
        id: "penalty-without-first",
        exercise: "regularization::penalty",
        edits: &[Swap("layers.iter()", "layers[1..].iter()")],
        sees: &[],
        says: "the penalty lacks exactly ½·reg·ΣW1², the first layer's part. Every \
               layer's W counts.",
    },
    Mistake {
        id: "penalty-of-first-alone",
        exercise: "regularization::penalty",
        edits: &[Swap("layers.iter()", "layers[..1].iter()")],
        sees: &[],
        says: "the penalty is that of W1 alone. Every layer's W counts; does the loop \
               return too early?",
    },
    Mistake {
        id: "penalty-of-last-alone",
        exercise: "regularization::penalty",
        edits: &[Swap(
            SQUARES,
            "let mut squares = T::zero();
    for layer in layers {
        squares = sum_of_squares(&layer.w);
    }",
        )],
        sees: &[],
        says: "the penalty is that of the last W alone. The sum over the layers is \
               overwritten in each round; it must grow.",
    },
    Mistake {
        id: "penalty-reg-squared",
        exercise: "regularization::penalty",
        edits: &[Swap("* reg *", "* reg * reg *")],
        sees: &[],
        says: "the penalty is reg times what it should be: reg is in it twice.",
    },
    Mistake {
        id: "penalty-reg-in-each-layer",
        exercise: "regularization::penalty",
        edits: &[Body(
            0,
            "    let mut penalty = T::zero();
    for layer in layers {
        penalty = T::of(0.5) * reg * (penalty + sum_of_squares(&layer.w));
    }
    penalty",
        )],
        sees: &[],
        says: "the penalty of the first layers is multiplied by ½·reg again for each \
               layer after them. Once, at the end, is enough.",
    },
    Mistake {
        id: "penalty-l1-half",
        exercise: "regularization::penalty",
        edits: &[Swap(
            "sum_of_squares(&layer.w)",
            "layer.w.mapv(|w| w.abs()).sum()",
        )],
        sees: &[],
        says: "the penalty is ½·reg·Σ|W|. That is another one, L1; this one is of the \
               squares.",
    },
    Mistake {
        id: "penalty-l1",
        exercise: "regularization::penalty",
        edits: &[
            Swap(
                "sum_of_squares(&layer.w)",
                "layer.w.mapv(|w| w.abs()).sum()",
            ),
            Swap("T::of(0.5) * reg", "reg"),
        ],
        sees: &[],
        says: "the penalty is reg·Σ|W|. That is another one, L1; this one is of the \
               squares.",
    },
    Mistake {
        id: "penalty-of-lengths",
        exercise: "regularization::penalty",
        edits: &[Swap(
            "sum_of_squares(&layer.w)",
            "sum_of_squares(&layer.w).sqrt()",
        )],
        sees: &[],
        says: "the penalty is ½·reg times the sum of the lengths √ΣW². No root is taken: \
               the squares are summed as they are.",
    },
    Mistake {
        id: "penalty-of-means",
        exercise: "regularization::penalty",
        edits: &[Swap(
            "sum_of_squares(&layer.w)",
            "sum_of_squares(&layer.w) / T::of(layer.w.len() as f64)",
        )],
        sees: &[],
        says: "the penalty is ½·reg times the mean of each layer's squares. It is a sum: \
               nothing is divided, neither by weights nor by N.",
    },
    Mistake {
        id: "penalty-mean-of-layers",
        exercise: "regularization::penalty",
        edits: &[Swap(
            "T::of(0.5) * reg",
            "T::of(0.5) / T::of(layers.len() as f64) * reg",
        )],
        sees: &["plain.penalty"],
        says: "the penalty of 3 layers is 1/3 of what it should be. The layers' parts are \
               summed, not averaged.",
    },
    Mistake {
        id: "penalty-square-of-sum",
        exercise: "regularization::penalty",
        edits: &[Swap(
            "sum_of_squares(&layer.w)",
            "layer.w.sum() * layer.w.sum()",
        )],
        sees: &[],
        says: "the penalty is ½·reg·(ΣW)², summed over layers. First the squares, then \
               their sum; else positive and negative weights cancel.",
    },
    Mistake {
        id: "gradient-left-out",
        exercise: "regularization::add_penalty_gradient",
        edits: &[Swap("grad.w.scaled_add(reg, &layer.w);", "")],
        sees: &[],
        says: "every dW is as it was: it lacks reg·W.",
    },
    Mistake {
        id: "gradient-twice",
        exercise: "regularization::add_penalty_gradient",
        edits: &[Swap("scaled_add(reg,", "scaled_add(T::of(2.0) * reg,")],
        sees: &[],
        says: "2·reg·W was added. The penalty has a factor ½, and the derivative of ½w² \
               is w.",
    },
    Mistake {
        id: "gradient-half",
        exercise: "regularization::add_penalty_gradient",
        edits: &[Swap("scaled_add(reg,", "scaled_add(T::of(0.5) * reg,")],
        sees: &[],
        says: "½·reg·W was added. The derivative of ½w² is w: the ½ is used up.",
    },
    Mistake {
        id: "gradient-negative",
        exercise: "regularization::add_penalty_gradient",
        edits: &[Swap("scaled_add(reg,", "scaled_add(-reg,")],
        sees: &[],
        says: "reg·W was subtracted. It points uphill as every gradient; the minus comes \
               with the step.",
    },
    Mistake {
        id: "gradient-without-reg",
        exercise: "regularization::add_penalty_gradient",
        edits: &[Swap("scaled_add(reg,", "scaled_add(T::one(),")],
        sees: &[],
        says: "W itself was added, whatever reg is. The strength is not multiplied in.",
    },
    Mistake {
        id: "gradient-replaced",
        exercise: "regularization::add_penalty_gradient",
        edits: &[Swap(
            "grad.w.scaled_add(reg, &layer.w);",
            "grad.w.assign(&(&layer.w * reg));",
        )],
        sees: &[],
        says: "every dW is reg·W alone: what the data say is gone. Add to it.",
    },
    Mistake {
        id: "gradient-multiplied",
        exercise: "regularization::add_penalty_gradient",
        edits: &[Swap(
            "grad.w.scaled_add(reg, &layer.w);",
            "grad.w *= &(&layer.w * reg);",
        )],
        sees: &[],
        says: "dW was multiplied by reg·W. The loss is a sum of two terms, and so is its \
               gradient.",
    },
    Mistake {
        id: "gradient-of-biases",
        exercise: "regularization::add_penalty_gradient",
        edits: &[Swap(
            "grad.w.scaled_add(reg, &layer.w);",
            "grad.w.scaled_add(reg, &layer.w);
        grad.b.scaled_add(reg, &layer.b);",
        )],
        sees: &[],
        says: "every db has reg·b added. Biases are free; a new network, whose biases are \
               0, would not show it.",
    },
    Mistake {
        id: "gradient-without-last",
        exercise: "regularization::add_penalty_gradient",
        edits: &[Swap(
            "for (grad, layer) in pairs {",
            "for (grad, layer) in pairs.rev().skip(1) {",
        )],
        sees: &[],
        says: "dW3 lacks reg·W3: the last layer is left out. It is penalized as every \
               other.",
    },
    Mistake {
        id: "gradient-without-first",
        exercise: "regularization::add_penalty_gradient",
        edits: &[Swap(
            "for (grad, layer) in pairs {",
            "for (grad, layer) in pairs.skip(1) {",
        )],
        sees: &[],
        says: "dW1 lacks reg·W1: the first layer is left out. It is penalized as every \
               other.",
    },
    Mistake {
        id: "gradient-of-first-alone",
        exercise: "regularization::add_penalty_gradient",
        edits: &[Swap(
            "for (grad, layer) in pairs {",
            "for (grad, layer) in pairs.take(1) {",
        )],
        sees: &[],
        says: "dW1 alone has reg·W added. The loop ends after the first layer; every \
               layer is penalized.",
    },
    Mistake {
        id: "gradient-l1",
        exercise: "regularization::add_penalty_gradient",
        edits: &[Swap("&layer.w", "&layer.w.mapv(|w| w.signum())")],
        sees: &[],
        says: "reg times the sign of W was added. That is the gradient of Σ|W|; this \
               penalty is of the squares.",
    },
    Mistake {
        id: "gradient-of-squares",
        exercise: "regularization::add_penalty_gradient",
        edits: &[Swap("&layer.w", "&(&layer.w * &layer.w)")],
        sees: &[],
        says: "reg·W² was added. That is the penalty, not its slope: the derivative of \
               ½w² is w.",
    },
    Mistake {
        id: "gradient-is-the-penalty",
        exercise: "regularization::add_penalty_gradient",
        edits: &[Swap(
            "grad.w.scaled_add(reg, &layer.w);",
            "let _ = layer;
        grad.w += penalty(parameters, reg);",
        )],
        sees: &[],
        says: "the penalty itself was added, one number to all entries. Each weight has a \
               slope of its own.",
    },
    Mistake {
        id: "gradient-of-means",
        exercise: "regularization::add_penalty_gradient",
        edits: &[Swap(
            "scaled_add(reg,",
            "scaled_add(reg / T::of(layer.w.len() as f64),",
        )],
        sees: &[],
        says: "reg·W was divided by the number of weights before it was added. The \
               penalty is a sum: nothing is divided.",
    },
    Mistake {
        id: "gradient-of-itself",
        exercise: "regularization::add_penalty_gradient",
        edits: &[Swap(
            "grad.w.scaled_add(reg, &layer.w);",
            "let _ = layer;
        grad.w *= T::one() + reg;",
        )],
        sees: &[],
        says: "dW is 1 + reg times what it was: reg·dW was added, not reg·W.",
    },
    Mistake {
        id: "penalty-divided-by-reg",
        exercise: "regularization::penalty",
        edits: &[Swap(
            "T::of(0.5) * reg * squares",
            "T::of(0.5) * squares / reg",
        )],
        sees: &[],
        says: "the penalty is divided by reg. Multiply: a larger reg is a stronger pull.",
    },
    Mistake {
        id: "gradient-divided-by-reg",
        exercise: "regularization::add_penalty_gradient",
        edits: &[Swap(
            "scaled_add(reg, &layer.w)",
            "scaled_add(T::one() / reg, &layer.w)",
        )],
        sees: &[],
        says: "W/reg was added. Multiply: a larger reg is a stronger pull.",
    },
    Mistake {
        id: "penalty-plus-reg",
        exercise: "regularization::penalty",
        edits: &[Swap(
            "T::of(0.5) * reg * squares",
            "T::of(0.5) * squares + reg",
        )],
        sees: &[],
        says: "the penalty is ½·ΣW² + reg. The strength is a factor: with reg = 0 there is no \
               penalty.",
    },
    Mistake {
        id: "gradient-reg-squared",
        exercise: "regularization::add_penalty_gradient",
        edits: &[Swap(
            "scaled_add(reg, &layer.w)",
            "scaled_add(reg * reg, &layer.w)",
        )],
        sees: &[],
        says: "reg²·W was added: reg is in it twice.",
    },
];

pub const CORRECT: &[Correct] = &[
    Correct {
        id: "penalty-in-loops",
        exercise: "regularization::penalty",
        edits: &[Body(
            0,
            "    let mut total = T::zero();
    for layer in layers.iter().rev() {
        for row in layer.w.rows() {
            for &w in row {
                total += w * w;
            }
        }
    }
    total * reg / T::of(2.0)",
        )],
    },
    Correct {
        id: "penalty-layer-by-layer",
        exercise: "regularization::penalty",
        edits: &[
            Helpers(
                "fn of_layer<T: Scalar>(w: &ArrayRef2<T>, reg: T) -> T {
    (w * w * (reg * T::of(0.5))).sum()
}",
            ),
            Body(
                0,
                "    layers.iter().fold(T::zero(), |sum, layer| sum + of_layer(&layer.w, reg))",
            ),
        ],
    },
    Correct {
        id: "gradient-by-operators",
        exercise: "regularization::add_penalty_gradient",
        edits: &[Swap(
            "grad.w.scaled_add(reg, &layer.w);",
            "let sum = &grad.w + &layer.w * reg;
        grad.w = sum;",
        )],
    },
    Correct {
        id: "gradient-in-loops",
        exercise: "regularization::add_penalty_gradient",
        edits: &[Swap(
            "grad.w.scaled_add(reg, &layer.w);",
            "ndarray::Zip::from(&mut grad.w).and(&layer.w).for_each(|dw, &w| {
            *dw += reg * w;
        });",
        )],
    },
    Correct {
        id: "penalty-squared-arrays",
        exercise: "regularization::penalty",
        edits: &[Body(
            0,
            r#"    let half = T::of(0.5);
    layers.iter().map(|layer| half * reg * layer.w.mapv(|w| w * w).sum()).sum()"#,
        )],
    },
    Correct {
        id: "penalty-dot",
        exercise: "regularization::penalty",
        edits: &[Body(
            0,
            r#"    let mut sum = T::zero();
    for layer in layers {
        let flat = layer.w.flatten();
        sum += flat.dot(&flat);
    }
    T::of(0.5) * reg * sum"#,
        )],
    },
    Correct {
        id: "penalty-in-f64",
        exercise: "regularization::penalty",
        edits: &[Body(
            0,
            r#"    let weights = layers.iter().flat_map(|layer| layer.w.iter());
    let squares: f64 = weights.map(|w| w.as_f64().powi(2)).sum();
    T::of(0.5 * reg.as_f64() * squares)"#,
        )],
    },
    Correct {
        id: "penalty-folded",
        exercise: "regularization::penalty",
        edits: &[Body(
            0,
            r#"    let sum = layers.iter().fold(T::zero(), |sum, layer| {
        layer.w.fold(sum, |sum, &w| sum + w.powi(2))
    });
    sum * reg / (T::one() + T::one())"#,
        )],
    },
    Correct {
        id: "gradient-added",
        exercise: "regularization::add_penalty_gradient",
        edits: &[Body(
            0,
            r#"    for (grad, layer) in pairs {
        grad.w += &(&layer.w * reg);
    }"#,
        )],
    },
    Correct {
        id: "gradient-zipped",
        exercise: "regularization::add_penalty_gradient",
        edits: &[Body(
            0,
            r#"    for (grad, layer) in pairs {
        grad.w.zip_mut_with(&layer.w, |g, &w| *g += reg * w);
    }"#,
        )],
    },
    Correct {
        id: "gradient-made-anew",
        exercise: "regularization::add_penalty_gradient",
        edits: &[Body(
            0,
            r#"    for (grad, layer) in pairs {
        grad.w = &grad.w + &layer.w.mapv(|w| w * reg);
    }"#,
        )],
    },
];
