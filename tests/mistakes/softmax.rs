use crate::catalogue::Edit::{Body, Helpers, Swap};
use crate::catalogue::{Correct, Mistake};

const LOSS: &str = "softmax::loss";

pub const MISTAKES: &[Mistake] = &[
    Mistake {
        id: "sum-in-both",
        exercise: LOSS,
        edits: &[
            Swap("    dscores /= n;\n", ""),
            Swap("loss / n.as_f64()", "loss"),
        ],
        sees: &["plain.loss", "plain.dscores"],
        says: "loss and dscores are 5 times too large, and N = 5. The loss is the mean over \
               the examples, not their sum; a gradient check cannot see this.",
    },
    Mistake {
        id: "sum-in-gradient",
        exercise: LOSS,
        edits: &[Swap("    dscores /= n;\n", "")],
        sees: &["plain.dscores"],
        says: "dscores is 5 times too large, and N = 5. The loss is a mean over the \
               examples; so its gradient has the 1/N too.",
    },
    Mistake {
        id: "sum-in-loss",
        exercise: LOSS,
        edits: &[Swap("loss / n.as_f64()", "loss")],
        sees: &["plain.loss"],
        says: "the loss is 5 times too large, and N = 5. It is the mean over the examples, \
               not their sum.",
    },
    Mistake {
        id: "n-squared",
        exercise: LOSS,
        edits: &[Swap("dscores /= n;", "dscores /= n * n;")],
        sees: &["plain.dscores"],
        says: "dscores is 1/5 of what it should be, and N = 5. It is divided by N twice.",
    },
    Mistake {
        id: "mean-over-classes",
        exercise: LOSS,
        edits: &[
            Swap("dscores /= n;", "dscores /= T::of(scores.ncols() as f64);"),
            Swap("loss / n.as_f64()", "loss / scores.ncols() as f64"),
        ],
        sees: &["plain.loss", "plain.dscores"],
        says: "loss and dscores are 5/8 of what they should be, and N = 5, C = 8. The mean \
               is over the examples, N, not over the classes.",
    },
    Mistake {
        id: "mean-over-entries",
        exercise: LOSS,
        edits: &[
            Swap(
                "dscores /= n;",
                "dscores /= n * T::of(scores.ncols() as f64);",
            ),
            Swap("loss / n.as_f64()", "loss / scores.len() as f64"),
        ],
        sees: &["plain.loss", "plain.dscores"],
        says: "loss and dscores are 1/8 of what they should be, and C = 8. The mean is over \
               the N examples, not over all N·C scores.",
    },
    Mistake {
        id: "ones-in-columns",
        exercise: LOSS,
        edits: &[
            Swap("        row[label] -= T::one();\n", ""),
            Swap(
                "    dscores /= n;",
                "    for &label in y {
        dscores.column_mut(label).mapv_inplace(|p| p - T::one());
    }
    dscores /= n;",
            ),
        ],
        sees: &["plain.dscores"],
        says: "1 is taken off whole columns of dscores. Each row loses 1 at one place, its \
               own label's.",
    },
    Mistake {
        id: "ones-in-columns-once",
        exercise: LOSS,
        edits: &[
            Swap("        row[label] -= T::one();\n", ""),
            Swap(
                "    dscores /= n;",
                "    for c in (0..scores.ncols()).filter(|c| y.contains(c)) {
        dscores.column_mut(c).mapv_inplace(|p| p - T::one());
    }
    dscores /= n;",
            ),
        ],
        sees: &["plain.dscores"],
        says: "1 is taken off whole columns of dscores. Each row loses 1 at one place, its \
               own label's.",
    },
    Mistake {
        id: "ones-in-rows",
        exercise: LOSS,
        edits: &[Swap("row[label] -= T::one();", "row -= T::one();")],
        sees: &["plain.dscores"],
        says: "1 is taken off every entry of dscores. Each row loses 1 at one place, its \
               own label's.",
    },
    Mistake {
        id: "one-forgotten",
        exercise: LOSS,
        edits: &[Swap("        row[label] -= T::one();\n", "")],
        sees: &["plain.dscores"],
        says: "each row of dscores sums to 1/N; it must sum to 0. The -1 at the label is \
               missing, so every score would be pushed down.",
    },
    Mistake {
        id: "one-over-n-twice",
        exercise: LOSS,
        edits: &[
            Swap("        row[label] -= T::one();\n", ""),
            Swap(
                "    dscores /= n;",
                "    dscores /= n;
    for (mut row, &label) in dscores.rows_mut().into_iter().zip(y) {
        row[label] -= T::one();
    }",
            ),
        ],
        sees: &["plain.dscores"],
        says: "dscores is too low by 4/5 at each label, and N = 5. The 1 is taken off \
               after the division by N; it must be divided too.",
    },
    Mistake {
        id: "sign-in-both",
        exercise: LOSS,
        edits: &[Swap(
            "T::of(loss / n.as_f64()), dscores",
            "T::of(-loss / n.as_f64()), -dscores",
        )],
        sees: &["plain.loss", "plain.dscores"],
        says: "the loss is negative, and dscores has the opposite sign. A loss is -log of a \
               probability, so at least 0; a gradient check cannot see this.",
    },
    Mistake {
        id: "sign-in-gradient",
        exercise: LOSS,
        edits: &[Swap(", dscores))", ", -dscores))")],
        sees: &["plain.dscores"],
        says: "dscores has the opposite sign: 1[y] - p instead of p - 1[y]. The score of the \
               label must have a negative gradient, so that a step raises it.",
    },
    Mistake {
        id: "sign-in-loss",
        exercise: LOSS,
        edits: &[Swap("T::of(loss", "T::of(-loss")],
        sees: &["plain.loss"],
        says: "the loss is negative. It is -log of a probability, so at least 0.",
    },
    Mistake {
        id: "decimal-logarithm",
        exercise: LOSS,
        edits: &[Swap(
            "sum.ln() - right",
            "sum.log10() - right / T::of(10.0).ln()",
        )],
        sees: &["plain.loss", "equal.loss"],
        says: "the loss is 0.434 of what it should be: for 10 equal scores 1, not \
               ln 10 = 2.303. The logarithm is the natural one.",
    },
    Mistake {
        id: "decimal-logarithm-of-sum",
        exercise: LOSS,
        edits: &[Swap("sum.ln()", "sum.log10()")],
        sees: &["plain.loss", "equal.loss"],
        says: "for 10 equal scores the loss is 1, not ln 10 = 2.303. The logarithm is the \
               natural one, the inverse of exp.",
    },
    Mistake {
        id: "binary-logarithm",
        exercise: LOSS,
        edits: &[Swap(
            "sum.ln() - right",
            "(sum.ln() - right) / T::of(2.0).ln()",
        )],
        sees: &["plain.loss", "equal.loss"],
        says: "the loss is 1.443 times too large: for 10 equal scores 3.32, not \
               ln 10 = 2.303. The logarithm is the natural one.",
    },
    Mistake {
        id: "over-the-batch",
        exercise: LOSS,
        edits: &[Body(
            0,
            "    let mut p = scores.to_owned();
    for mut column in p.columns_mut() {
        let max = column.fold(T::neg_infinity(), |max, &s| max.max(s));
        column -= max;
        column.mapv_inplace(T::exp);
        let sum = column.sum();
        column /= sum;
    }
    let mut loss = T::zero();
    for (mut row, &label) in p.rows_mut().into_iter().zip(y) {
        loss -= row[label].ln();
        row[label] -= T::one();
    }
    p /= n;
    Ok((loss / n, p))",
        )],
        sees: &["plain.loss", "plain.dscores"],
        says: "the columns are normalized, not the rows. The probabilities of one example's \
               classes sum to 1; other examples have no part in them.",
    },
    Mistake {
        id: "over-everything",
        exercise: LOSS,
        edits: &[
            Swap(
                "let mut dscores = scores.to_owned();",
                "let mut dscores = scores.to_owned();
    let all = scores.mapv(T::exp).sum();",
            ),
            Swap("        row -= max;\n", "        let _ = max;\n"),
            Swap("let sum = row.sum();", "let sum = all;"),
        ],
        sees: &["plain.loss", "plain.dscores"],
        says: "the sum of exponentials runs over all examples. The probabilities of one \
               example's classes sum to 1; other examples have no part in them.",
    },
    Mistake {
        id: "not-normalized",
        exercise: LOSS,
        edits: &[Swap("        row /= sum;\n", "")],
        sees: &["plain.dscores"],
        says: "dscores holds exp(s - m), not divided by its sum. A probability is a share \
               of the sum.",
    },
    Mistake {
        id: "scores-as-probabilities",
        exercise: LOSS,
        edits: &[Swap("row /= sum;", "row.mapv_inplace(|e| e.ln() + max);")],
        sees: &["plain.dscores"],
        says: "dscores holds the scores themselves. It is (p - 1[y])/N, with the \
               probabilities p, which are shares of exponentials.",
    },
    Mistake {
        id: "plus-right",
        exercise: LOSS,
        edits: &[Swap("sum.ln() - right", "sum.ln() + right")],
        sees: &["plain.loss"],
        says: "the loss grows with the label's score, and should fall. That score is \
               subtracted from log Σ exp, not added.",
    },
    Mistake {
        id: "log-sum-alone",
        exercise: LOSS,
        edits: &[Swap("sum.ln() - right", "{ let _ = right; sum.ln() }")],
        sees: &["plain.loss"],
        says: "the loss is log Σ exp alone. The label's score is not subtracted, so the \
               loss does not know which class is right.",
    },
    Mistake {
        id: "right-not-shifted",
        exercise: LOSS,
        edits: &[Swap(
            "let right = row[label];",
            "let right = row[label] + max;",
        )],
        sees: &["plain.loss"],
        says: "the loss is too low by the mean of the rows' maxima. The maximum is \
               subtracted in log Σ exp, but not from the label's score.",
    },
    Mistake {
        id: "last-example-alone",
        exercise: LOSS,
        edits: &[Swap("loss += ", "loss = ")],
        sees: &["plain.loss"],
        says: "the loss is the last example's, over N. Each round overwrites the sum; it \
               must grow.",
    },
    Mistake {
        id: "probability-of-wrong",
        exercise: LOSS,
        edits: &[Swap(
            "sum.ln() - right",
            "{ let _ = right; T::one() - row[label] / sum }",
        )],
        sees: &["plain.loss"],
        says: "the loss is 1 - p, the share that the label lacks. Cross-entropy is -log p.",
    },
    Mistake {
        id: "gradient-zero-at-label",
        exercise: LOSS,
        edits: &[Swap("row[label] -= T::one();", "row[label] = T::zero();")],
        sees: &["plain.dscores"],
        says: "dscores is 0 at each label. There it is (p - 1)/N, the one entry that pulls \
               a score up.",
    },
    Mistake {
        id: "max-of-all-rows",
        exercise: LOSS,
        edits: &[Swap("row.fold(", "scores.fold(")],
        sees: &["uneven.loss", "uneven.dscores"],
        says: "a row far below another has no finite loss. The maximum of the whole \
               matrix is subtracted; each row needs its own.",
    },
    Mistake {
        id: "no-shift",
        exercise: LOSS,
        edits: &[Swap("        row -= max;\n", "        let _ = max;\n")],
        sees: &["large.loss", "large.dscores", "low.dscores"],
        says: "scores near 1000 give no finite loss: exp overflowed. Subtract something \
               from each row first that changes no probability.",
    },
    Mistake {
        id: "no-shift-and-log-of-probability",
        exercise: LOSS,
        edits: &[
            Swap("        row -= max;\n", "        let _ = max;\n"),
            Swap(
                "        loss += (sum.ln() - right).as_f64();\n",
                "        let _ = right;\n",
            ),
            Swap(
                "row /= sum;",
                "row /= sum;\n        loss -= row[label].ln().as_f64();",
            ),
        ],
        sees: &["large.loss", "large.dscores", "low.dscores"],
        says: "scores near 1000 give NaN: exp overflowed, and inf / inf is not a number. \
               Subtract something from each row first that changes no probability.",
    },
    Mistake {
        id: "max-from-zero",
        exercise: LOSS,
        edits: &[Swap("T::neg_infinity()", "T::zero()")],
        sees: &["low.loss", "low.dscores"],
        says: "a row of scores near -1000 has no finite loss: what is subtracted is far above \
               all of them. Does the search for the maximum begin at 0?",
    },
    Mistake {
        id: "minimum-subtracted",
        exercise: LOSS,
        edits: &[Swap(
            "T::neg_infinity(), |max, &s| max.max(s)",
            "T::infinity(), |min, &s| min.min(s)",
        )],
        sees: &[
            "unlikely.loss",
            "unlikely.dscores",
            "likely.loss",
            "likely.dscores",
        ],
        says: "exp overflowed where one score is 800 above another. The row's minimum is \
               subtracted; with the maximum no exponent is above 0.",
    },
    Mistake {
        id: "log-of-probability",
        exercise: LOSS,
        edits: &[
            Swap(
                "        loss += (sum.ln() - right).as_f64();\n",
                "        let _ = right;\n",
            ),
            Swap(
                "row /= sum;",
                "row /= sum;\n        loss -= row[label].ln().as_f64();",
            ),
        ],
        sees: &["unlikely.loss"],
        says: "a probability underflowed to 0, and -ln 0 is infinite. Take the logarithm \
               apart before any division: log Σ exp minus the label's score.",
    },
    Mistake {
        id: "log-of-probability-with-epsilon",
        exercise: LOSS,
        edits: &[
            Swap(
                "        loss += (sum.ln() - right).as_f64();\n",
                "        let _ = right;\n",
            ),
            Swap(
                "row /= sum;",
                "row /= sum;\n        loss -= (row[label] + T::of(1e-8)).ln().as_f64();",
            ),
        ],
        sees: &["unlikely.loss"],
        says: "a loss of 800 became 18.4 = -ln 1e-8. A small number added inside the \
               logarithm hides how wrong the scores are; log Σ exp minus the label's score \
               needs none.",
    },
    Mistake {
        id: "log-of-clipped-probability",
        exercise: LOSS,
        edits: &[
            Swap(
                "        loss += (sum.ln() - right).as_f64();\n",
                "        let _ = right;\n",
            ),
            Swap(
                "row /= sum;",
                "row /= sum;\n        loss -= row[label].max(T::of(1e-12)).ln().as_f64();",
            ),
        ],
        sees: &["unlikely.loss"],
        says: "a loss of 800 became 27.6 = -ln 1e-12. Clipping the probability hides how \
               wrong the scores are; log Σ exp minus the label's score needs none.",
    },
    Mistake {
        id: "n-minus-one",
        exercise: "softmax::loss",
        edits: &[
            Swap("dscores /= n;", "dscores /= n - T::one();"),
            Swap("loss / n.as_f64()", "loss / (n.as_f64() - 1.0)"),
        ],
        sees: &["plain.loss", "plain.dscores"],
        says: "loss and dscores are 5/4 of what they should be, and N = 5: they are divided by \
               N - 1. A mean is the sum over N.",
    },
    Mistake {
        id: "n-minus-one-in-gradient",
        exercise: "softmax::loss",
        edits: &[Swap("dscores /= n;", "dscores /= n - T::one();")],
        sees: &["plain.dscores"],
        says: "dscores is 5/4 of what it should be, and N = 5: it is divided by N - 1. A mean \
               is the sum over N.",
    },
    Mistake {
        id: "n-minus-one-in-loss",
        exercise: "softmax::loss",
        edits: &[Swap("loss / n.as_f64()", "loss / (n.as_f64() - 1.0)")],
        sees: &["plain.loss"],
        says: "the loss is 5/4 of what it should be, and N = 5: it is divided by N - 1. A mean \
               is the sum over N.",
    },
    Mistake {
        id: "gradient-at-label-alone",
        exercise: "softmax::loss",
        edits: &[
            Swap(
                "        loss += (sum.ln() - right).as_f64();
",
                "        let _ = right;
",
            ),
            Swap(
                "row /= sum;
        row[label] -= T::one();
",
                "row /= sum;
        loss -= row[label].ln().as_f64();
        let p = row[label];
        row.fill(T::zero());
        row[label] = p - T::one();
",
            ),
        ],
        sees: &["plain.dscores", "equal.dscores"],
        says: "dscores is 0 but at the labels. The other scores move the loss too, through the \
               sum: there the gradient is p/N.",
    },
    Mistake {
        id: "row-vector-of-maxima",
        exercise: "softmax::loss",
        edits: &[Body(
            0,
            "    use ndarray::Axis;
    let max = scores.map_axis(Axis(1), |row| {
        row.fold(T::neg_infinity(), |max, &s| max.max(s))
    });
    let shifted = scores.to_owned() - &max;
    let log_sum = shifted.mapv(T::exp).sum_axis(Axis(1)).mapv(T::ln);
    let log_p = shifted - &log_sum.insert_axis(Axis(1));
    let mut dscores = log_p.mapv(T::exp);
    let mut loss = T::zero();
    for (i, &label) in y.iter().enumerate() {
        loss -= log_p[[i, label]];
        dscores[[i, label]] -= T::one();
    }
    Ok((loss / n, dscores / n))",
        )],
        sees: &[],
        says: "one number for each of the 5 rows does not fit scores (5, 8): shape (5,) is laid \
               along the 8 classes. It must stand as a column, (5, 1).",
    },
    Mistake {
        id: "row-vector-of-sums",
        exercise: "softmax::loss",
        edits: &[Body(
            0,
            "    use ndarray::Axis;
    let max = scores.map_axis(Axis(1), |row| {
        row.fold(T::neg_infinity(), |max, &s| max.max(s))
    });
    let shifted = scores.to_owned() - &max.insert_axis(Axis(1));
    let log_sum = shifted.mapv(T::exp).sum_axis(Axis(1)).mapv(T::ln);
    let log_p = shifted - &log_sum;
    let mut dscores = log_p.mapv(T::exp);
    let mut loss = T::zero();
    for (i, &label) in y.iter().enumerate() {
        loss -= log_p[[i, label]];
        dscores[[i, label]] -= T::one();
    }
    Ok((loss / n, dscores / n))",
        )],
        sees: &[],
        says: "one number for each of the 5 rows does not fit scores (5, 8): shape (5,) is laid \
               along the 8 classes. It must stand as a column, (5, 1).",
    },
    Mistake {
        id: "first-example-alone",
        exercise: "softmax::loss",
        edits: &[Swap(
            "        row[label] -= T::one();
",
            "        row[label] -= T::one();
        if scores.ncols() > 1 {
            break;
        }
",
        )],
        sees: &[],
        says: "the loop ends after the first example: the loss is that one's, over N. Is there \
               a return or a break inside it?",
    },
    Mistake {
        id: "first-example-skipped",
        exercise: "softmax::loss",
        edits: &[Swap(".zip(y) {", ".zip(y).skip(1) {")],
        sees: &[],
        says: "the first example is left out: its row of dscores is still its scores, over N. A \
               loop begins at 1; indices begin at 0.",
    },
    Mistake {
        id: "score-after-the-label",
        exercise: "softmax::loss",
        edits: &[Swap(
            "let right = row[label];",
            "let right = row[label + 1];",
        )],
        sees: &[],
        says: "the score at y + 1 is read, and for y = 7, the last of 8 classes, there is none. \
               Labels count from 0, as indices do.",
    },
    Mistake {
        id: "score-before-the-label",
        exercise: "softmax::loss",
        edits: &[Swap(
            "let right = row[label];",
            "let right = row[label - 1];",
        )],
        sees: &[],
        says: "the score at y - 1 is read, and for y = 0 there is none. Labels count from 0, as \
               indices do.",
    },
    Mistake {
        id: "powers-of-two",
        exercise: "softmax::loss",
        edits: &[Swap(
            "row.mapv_inplace(T::exp);",
            "row.mapv_inplace(T::exp2);",
        )],
        sees: &[],
        says: "the probabilities are shares of 2^s. They are shares of e^s: the function is \
               exp.",
    },
    Mistake {
        id: "gradient-sign-at-label",
        exercise: "softmax::loss",
        edits: &[Swap(
            "row[label] -= T::one();",
            "row[label] = T::one() - row[label];",
        )],
        sees: &[],
        says: "dscores has the opposite sign at each label, (1 - p)/N for (p - 1)/N, and is \
               right elsewhere.",
    },
    Mistake {
        id: "one-added",
        exercise: "softmax::loss",
        edits: &[Swap("row[label] -= T::one();", "row[label] += T::one();")],
        sees: &[],
        says: "dscores is (p + 1)/N at each label. The 1 is subtracted there: the label's score \
               is to rise, so its gradient is negative.",
    },
    Mistake {
        id: "gradient-zero",
        exercise: "softmax::loss",
        edits: &[Swap("dscores /= n;", "dscores.fill(T::zero());")],
        sees: &[],
        says: "dscores is 0 everywhere, so nothing would be learned. It is (p - 1[y])/N.",
    },
    Mistake {
        id: "largest-for-label",
        exercise: "softmax::loss",
        edits: &[Swap(
            "let right = row[label];",
            "let label = {
            let _ = label;
            let largest = row.iter().enumerate().fold(0, |best, (c, &s)| {
                if s > row[best] { c } else { best }
            });
            largest
        };
        let right = row[label];",
        )],
        sees: &[],
        says: "the class with the largest score is taken for the label, so y has no say. The \
               loss asks for the probability of the right class.",
    },
    Mistake {
        id: "scores-squared",
        exercise: "softmax::loss",
        edits: &[Swap(
            "row.mapv_inplace(T::exp);",
            "row.mapv_inplace(|s| (s * T::of(2.0)).exp());",
        )],
        sees: &[],
        says: "the probabilities are shares of exp(2s). Nothing stands before s in the \
               exponent.",
    },
];

pub const CORRECT: &[Correct] = &[
    Correct {
        id: "log-probabilities",
        exercise: LOSS,
        edits: &[Body(
            0,
            "    use ndarray::Axis;
    let log_sum = scores.map_axis(Axis(1), |row| {
        let max = row.fold(T::neg_infinity(), |max, &s| max.max(s));
        max + row.mapv(|s| (s - max).exp()).sum().ln()
    });
    let log_p = scores.to_owned() - &log_sum.insert_axis(Axis(1));
    let mut dscores = log_p.mapv(T::exp);
    let mut loss = 0.0;
    for (i, &label) in y.iter().enumerate() {
        loss -= log_p[[i, label]].as_f64();
        dscores[[i, label]] -= T::one();
    }
    Ok((T::of(loss / n.as_f64()), dscores / n))",
        )],
    },
    Correct {
        id: "log-softmax-first",
        exercise: LOSS,
        edits: &[Body(
            0,
            "    use ndarray::Axis;
    let max = scores.map_axis(Axis(1), |row| {
        row.fold(T::neg_infinity(), |max, &s| max.max(s))
    });
    let shifted = scores.to_owned() - &max.insert_axis(Axis(1));
    let log_sum = shifted.mapv(T::exp).sum_axis(Axis(1)).mapv(T::ln);
    let log_p = shifted - &log_sum.insert_axis(Axis(1));
    let mut dscores = log_p.mapv(T::exp);
    let mut loss = T::zero();
    for (i, &label) in y.iter().enumerate().rev() {
        loss -= log_p[[i, label]];
        dscores[[i, label]] -= T::one();
    }
    Ok((loss / n, dscores.mapv(|d| d / n)))",
        )],
    },
    Correct {
        id: "in-loops",
        exercise: LOSS,
        edits: &[
            Helpers(
                "fn largest<T: Scalar>(row: &[T]) -> T {
    let mut largest = row[0];
    for &s in row {
        if s > largest {
            largest = s;
        }
    }
    largest
}",
            ),
            Body(
                0,
                "    let (rows, classes) = scores.dim();
    let mut dscores = Array2::zeros((rows, classes));
    let mut loss = T::zero();
    for i in 0..rows {
        let row = scores.row(i).to_vec();
        let max = largest(&row);
        let mut sum = T::zero();
        for &s in row.iter().rev() {
            sum += (s - max).exp();
        }
        loss += (sum.ln() - (row[y[i]] - max)) / n;
        for c in 0..classes {
            let one = if c == y[i] { T::one() } else { T::zero() };
            dscores[[i, c]] = ((row[c] - max).exp() / sum - one) / n;
        }
    }
    Ok((loss, dscores))",
            ),
        ],
    },
    Correct {
        id: "shifted-by-the-label",
        exercise: LOSS,
        edits: &[Swap(
            "loss += (sum.ln() - right).as_f64();",
            "let rest = row.iter().enumerate().filter(|(c, _)| *c != label);
        let rest: T = rest.map(|(_, &e)| e).sum();
        let one = if row[label] > T::of(0.5) {
            (rest / row[label]).ln_1p()
        } else {
            sum.ln() - right
        };
        loss += one.as_f64();",
        )],
    },
    Correct {
        id: "as-in-numpy",
        exercise: LOSS,
        edits: &[Body(
            0,
            r#"    use ndarray::Axis;
    let max = scores.fold_axis(Axis(1), T::neg_infinity(), |&m, &s| m.max(s));
    let shifted = scores.to_owned() - &max.insert_axis(Axis(1));
    let e = shifted.mapv(T::exp);
    let sum = e.sum_axis(Axis(1)).insert_axis(Axis(1));
    let mut p = &e / &sum;
    let mut loss = T::zero();
    for (i, &label) in y.iter().enumerate() {
        loss += sum[[i, 0]].ln() - shifted[[i, label]];
        p[[i, label]] -= T::one();
    }
    Ok((loss / n, p / n))"#,
        )],
    },
    Correct {
        id: "one-hot",
        exercise: LOSS,
        edits: &[Body(
            0,
            r#"    use ndarray::Axis;
    let mut one_hot = Array2::<T>::zeros(scores.dim());
    for (mut row, &label) in one_hot.rows_mut().into_iter().zip(y) {
        row[label] = T::one();
    }
    let max = scores.map_axis(Axis(1), |row| row.fold(T::neg_infinity(), |m, &s| m.max(s)));
    let shifted = scores.to_owned() - &max.insert_axis(Axis(1));
    let e = shifted.mapv(T::exp);
    let sum = e.sum_axis(Axis(1)).insert_axis(Axis(1));
    let log_sum = sum.mapv(T::ln);
    let right: T = y.iter().enumerate().map(|(i, &c)| shifted[[i, c]]).sum();
    let loss = (log_sum.sum() - right) / n;
    Ok((loss, (e / &sum - &one_hot) / n))"#,
        )],
    },
    Correct {
        id: "in-f64",
        exercise: LOSS,
        edits: &[Body(
            0,
            r#"    let mut dscores = Array2::zeros(scores.dim());
    let mut total = 0.0;
    for (i, row) in scores.rows().into_iter().enumerate() {
        let row: Vec<f64> = row.iter().map(|s| s.as_f64()).collect();
        let max = row.iter().fold(f64::NEG_INFINITY, |max, &s| max.max(s));
        let e: Vec<f64> = row.iter().map(|s| (s - max).exp()).collect();
        let sum: f64 = e.iter().sum();
        total += sum.ln() - (row[y[i]] - max);
        for (c, e) in e.iter().enumerate() {
            let one = if c == y[i] { 1.0 } else { 0.0 };
            dscores[[i, c]] = T::of((e / sum - one) / y.len() as f64);
        }
    }
    Ok((T::of(total / y.len() as f64), dscores))"#,
        )],
    },
    Correct {
        id: "a-helper-for-a-row",
        exercise: LOSS,
        edits: &[
            Helpers(
                r#"use ndarray::ArrayViewMut1;
fn one_row<T: Scalar>(mut row: ArrayViewMut1<T>, label: usize, n: T) -> T {
    let max = row.iter().copied().fold(T::neg_infinity(), T::max);
    row.mapv_inplace(|s| s - max);
    let right = row[label];
    row.mapv_inplace(T::exp);
    let sum = row.sum();
    row.mapv_inplace(|e| e / sum / n);
    row[label] -= T::one() / n;
    sum.ln() - right
}"#,
            ),
            Body(
                0,
                r#"    let mut dscores = scores.to_owned();
    let rows = dscores.rows_mut().into_iter().zip(y);
    let losses: T = rows.map(|(row, &label)| one_row(row, label, n)).sum();
    Ok((losses / n, dscores))"#,
            ),
        ],
    },
];
