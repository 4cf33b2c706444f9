use crate::catalogue::Edit::{Body, Helpers, Swap};
use crate::catalogue::{Correct, Mistake};

pub const MISTAKES: &[Mistake] = &[
    Mistake {
        id: "over-the-batch",
        exercise: "layer_norm::forward",
        edits: &[Body(
            0,
            "    let n = T::of(x.nrows() as f64);
    let mean = x.sum_axis(Axis(0)) / n;
    let centered = &x - &mean;
    let var = centered.pow2().sum_axis(Axis(0)) / n;
    let std = var.mapv(|var| (var + epsilon).sqrt());
    let normalized = centered / &std;
    let out = &normalized * &gamma + &beta;
    let std = std.insert_axis(Axis(0));
    (out, Cache { normalized, std })",
        )],
        sees: &[],
        says: "each column has been normalized, over the examples: that is batch normalization \
               again. Here each row is to have mean 0 and variance 1.",
    },
    Mistake {
        id: "over-everything",
        exercise: "layer_norm::forward",
        edits: &[Body(
            0,
            "    let size = T::of(x.len() as f64);
    let mean = x.sum() / size;
    let centered = &x - mean;
    let std = (centered.pow2().sum() / size + epsilon).sqrt();
    let normalized = centered / std;
    let out = &normalized * &gamma + &beta;
    let std = Array2::from_elem((x.nrows(), 1), std);
    (out, Cache { normalized, std })",
        )],
        sees: &[],
        says: "one mean and one deviation have been taken over the whole array. Each example \
               has its own.",
    },
    Mistake {
        id: "one-less-than-m",
        exercise: "layer_norm::forward",
        edits: &[Swap(
            ".pow2().sum_axis(Axis(1)).insert_axis(Axis(1)) / m",
            ".pow2().sum_axis(Axis(1)).insert_axis(Axis(1)) / (m - T::one())",
        )],
        sees: &[],
        says: "the variance has been divided by M - 1, as for an estimate from a sample. These \
               M numbers are all there are: divide by M.",
    },
    Mistake {
        id: "divided-by-n",
        exercise: "layer_norm::forward",
        edits: &[Swap("x.ncols()", "x.nrows()")],
        sees: &[],
        says: "the sums along a row have been divided by N, the number of examples. A row has M \
               numbers.",
    },
    Mistake {
        id: "variance-by-n",
        exercise: "layer_norm::forward",
        edits: &[Swap(
            ".pow2().sum_axis(Axis(1)).insert_axis(Axis(1)) / m",
            ".pow2().sum_axis(Axis(1)).insert_axis(Axis(1)) / T::of(x.nrows() as f64)",
        )],
        sees: &[],
        says: "the squares along a row have been divided by N, the number of examples. A row \
               has M of them.",
    },
    Mistake {
        id: "not-divided",
        exercise: "layer_norm::forward",
        edits: &[Swap(
            ".pow2().sum_axis(Axis(1)).insert_axis(Axis(1)) / m",
            ".pow2().sum_axis(Axis(1)).insert_axis(Axis(1))",
        )],
        sees: &[],
        says: "the variance is the sum of the squares. It is their mean: divide by M.",
    },
    Mistake {
        id: "epsilon-outside",
        exercise: "layer_norm::forward",
        edits: &[Swap("(var + epsilon).sqrt()", "var.sqrt() + epsilon")],
        sees: &[],
        says: "epsilon has been added to the deviation. It belongs to the variance, inside the \
               root.",
    },
    Mistake {
        id: "epsilon-forgotten",
        exercise: "layer_norm::forward",
        edits: &[Swap("(var + epsilon)", "(var + epsilon * T::zero())")],
        sees: &[],
        says: "epsilon is missing: an example of equal numbers has variance 0, and 0/0 is NaN.",
    },
    Mistake {
        id: "epsilon-of-the-rules",
        exercise: "layer_norm::forward",
        edits: &[Swap("(var + epsilon)", "(var + epsilon * T::of(1e-3))")],
        sees: &[],
        says: "1e-8 has been added to the variance. That is the number of the update rules; \
               here it is `epsilon`, 1e-5.",
    },
    Mistake {
        id: "no-root",
        exercise: "layer_norm::forward",
        edits: &[Swap("(var + epsilon).sqrt()", "var + epsilon")],
        sees: &[],
        says: "x - mean has been divided by the variance. The deviation is its root.",
    },
    Mistake {
        id: "mean-left-in",
        exercise: "layer_norm::forward",
        edits: &[Swap(
            "centered / &std",
            "{ let _ = centered; x.to_owned() } / &std",
        )],
        sees: &[],
        says: "x has been divided by its deviation with the mean still in it. Subtract the \
               mean of the row first.",
    },
    Mistake {
        id: "mean-square",
        exercise: "layer_norm::forward",
        edits: &[Swap("centered.pow2()", "x.pow2()")],
        sees: &[],
        says: "the variance is the mean of x². It is the mean square of what is left after \
               the mean has been subtracted.",
    },
    Mistake {
        id: "mean-deviation",
        exercise: "layer_norm::forward",
        edits: &[
            Swap("centered.pow2()", "centered.abs()"),
            Swap("(var + epsilon).sqrt()", "var + epsilon"),
        ],
        sees: &[],
        says: "x - mean has been divided by the mean of |x - mean|. The deviation is the root \
               of the mean square.",
    },
    Mistake {
        id: "only-centered",
        exercise: "layer_norm::forward",
        edits: &[Swap("centered / &std", "centered")],
        sees: &[],
        says: "the mean of each row has been subtracted, and nothing divided. Each row is to \
               have variance 1 as well.",
    },
    Mistake {
        id: "gamma-forgotten",
        exercise: "layer_norm::forward",
        edits: &[Swap(
            "&normalized * &gamma",
            "{ let _ = &gamma; normalized.clone() }",
        )],
        sees: &[],
        says: "out is the normalized x plus beta. The scale gamma is missing.",
    },
    Mistake {
        id: "beta-forgotten",
        exercise: "layer_norm::forward",
        edits: &[Swap("* &gamma + &beta", "* &gamma")],
        sees: &[],
        says: "out is the normalized x times gamma. The shift beta is missing.",
    },
    Mistake {
        id: "neither-gamma-nor-beta",
        exercise: "layer_norm::forward",
        edits: &[Swap(
            "&normalized * &gamma + &beta",
            "{ let _ = (&gamma, &beta); normalized.clone() }",
        )],
        sees: &[],
        says: "out is the normalized x alone. Scale it by gamma and shift it by beta.",
    },
    Mistake {
        id: "shift-before-scale",
        exercise: "layer_norm::forward",
        edits: &[Swap(
            "&normalized * &gamma + &beta",
            "(&normalized + &beta) * &gamma",
        )],
        sees: &[],
        says: "beta has been multiplied by gamma too. Scale first, then shift.",
    },
    Mistake {
        id: "beta-subtracted",
        exercise: "layer_norm::forward",
        edits: &[Swap("* &gamma + &beta", "* &gamma - &beta")],
        sees: &[],
        says: "beta has been subtracted. It is added.",
    },
    Mistake {
        id: "exchanged",
        exercise: "layer_norm::forward",
        edits: &[Swap("* &gamma + &beta", "* &beta + &gamma")],
        sees: &[],
        says: "gamma has been added and beta multiplied by. gamma is the scale, beta the shift.",
    },
    Mistake {
        id: "gamma-per-row",
        exercise: "layer_norm::forward",
        edits: &[Swap(
            "&normalized * &gamma + &beta",
            "&normalized * &gamma.insert_axis(Axis(1)) + &beta.insert_axis(Axis(1))",
        )],
        sees: &[],
        says: "gamma and beta have been laid along the examples. There is one of each for each \
               unit, that is for each column, as in batch normalization.",
    },
    Mistake {
        id: "dgamma-along-the-row",
        exercise: "layer_norm::backward",
        edits: &[Swap(
            "(&dout * &normalized).sum_axis(Axis(0))",
            "(&dout * &normalized).sum_axis(Axis(1))",
        )],
        sees: &[],
        says: "dgamma has been summed along each row. gamma has an entry for each unit, which \
               every example uses: sum over the batch.",
    },
    Mistake {
        id: "both-along-the-row",
        exercise: "layer_norm::backward",
        edits: &[
            Swap(
                "(&dout * &normalized).sum_axis(Axis(0))",
                "(&dout * &normalized).sum_axis(Axis(1))",
            ),
            Swap("dout.sum_axis(Axis(0))", "dout.sum_axis(Axis(1))"),
        ],
        sees: &[],
        says: "dgamma and dbeta have been summed along each row. Each unit has its own gamma \
               and beta, which every example uses: sum over the batch.",
    },
    Mistake {
        id: "dbeta-along-the-row",
        exercise: "layer_norm::backward",
        edits: &[Swap("dout.sum_axis(Axis(0))", "dout.sum_axis(Axis(1))")],
        sees: &[],
        says: "dbeta has been summed along each row. beta has an entry for each unit, which \
               every example uses: sum over the batch.",
    },
    Mistake {
        id: "dbeta-mean",
        exercise: "layer_norm::backward",
        edits: &[Swap(
            "dout.sum_axis(Axis(0))",
            "dout.sum_axis(Axis(0)) / T::of(dout.nrows() as f64)",
        )],
        sees: &[],
        says: "dbeta is 1/N of what it should be. It is a sum over the batch; the 1/N is \
               already in the loss.",
    },
    Mistake {
        id: "both-means",
        exercise: "layer_norm::backward",
        edits: &[
            Swap(
                "dout.sum_axis(Axis(0))",
                "dout.sum_axis(Axis(0)) / T::of(dout.nrows() as f64)",
            ),
            Swap(
                "(&dout * &normalized).sum_axis(Axis(0))",
                "(&dout * &normalized).sum_axis(Axis(0)) / T::of(dout.nrows() as f64)",
            ),
        ],
        sees: &[],
        says: "dgamma and dbeta are 1/N of what they should be. They are sums over the batch; \
               the 1/N is already in the loss.",
    },
    Mistake {
        id: "dgamma-mean",
        exercise: "layer_norm::backward",
        edits: &[Swap(
            "(&dout * &normalized).sum_axis(Axis(0))",
            "(&dout * &normalized).sum_axis(Axis(0)) / T::of(dout.nrows() as f64)",
        )],
        sees: &[],
        says: "dgamma is 1/N of what it should be. It is a sum over the batch; the 1/N is \
               already in the loss.",
    },
    Mistake {
        id: "dgamma-without-normalized",
        exercise: "layer_norm::backward",
        edits: &[Swap(
            "(&dout * &normalized).sum_axis(Axis(0))",
            "dout.sum_axis(Axis(0))",
        )],
        sees: &[],
        says: "dgamma is the sum of dout, as dbeta is. gamma was multiplied by the normalized x, \
               so each dout counts that many times.",
    },
    Mistake {
        id: "dgamma-of-dnormalized",
        exercise: "layer_norm::backward",
        edits: &[Swap(
            "(&dout * &normalized).sum_axis(Axis(0))",
            "(&dout * &gamma * &normalized).sum_axis(Axis(0))",
        )],
        sees: &[],
        says: "dgamma has the factor gamma in it. It is the sum of dout times the normalized x.",
    },
    Mistake {
        id: "dgamma-dbeta-exchanged",
        exercise: "layer_norm::backward",
        edits: &[Swap(
            "Grads { dx, dgamma, dbeta }",
            "Grads { dx, dgamma: dbeta, dbeta: dgamma }",
        )],
        sees: &[],
        says: "dgamma and dbeta have been exchanged.",
    },
    Mistake {
        id: "sums-over-the-batch",
        exercise: "layer_norm::backward",
        edits: &[Swap(
            "let m = T::of(dout.ncols() as f64);
    let mean = |a: &Array2<T>| a.sum_axis(Axis(1)).insert_axis(Axis(1)) / m;",
            "let n = T::of(dout.nrows() as f64);
    let mean = |a: &Array2<T>| a.sum_axis(Axis(0)).insert_axis(Axis(0)) / n;",
        )],
        sees: &[],
        says: "the two means in dx have been taken over the batch, as in batch normalization. \
               Here mean and variance are those of a row, and so are these means.",
    },
    Mistake {
        id: "sums-divided-by-n",
        exercise: "layer_norm::backward",
        edits: &[Swap("dout.ncols()", "dout.nrows()")],
        sees: &[],
        says: "the sums along a row have been divided by N, the number of examples. A row has M \
               numbers.",
    },
    Mistake {
        id: "sums-not-divided",
        exercise: "layer_norm::backward",
        edits: &[Swap(
            ".insert_axis(Axis(1)) / m",
            ".insert_axis(Axis(1)) / (m / m)",
        )],
        sees: &[],
        says: "the two sums in dx have not been divided by M. They are means along the row.",
    },
    Mistake {
        id: "short-form-of-chapter-11",
        exercise: "layer_norm::backward",
        edits: &[
            Swap(
                "let mean = |a: &Array2<T>| a.sum_axis(Axis(1)).insert_axis(Axis(1)) / m;\n",
                "",
            ),
            Swap("    let dnormalized = &dout * &gamma;\n", ""),
            Swap(
                "    let along = &normalized * &mean(&(&dnormalized * &normalized));\n",
                "",
            ),
            Swap(
                "(&dnormalized - &mean(&dnormalized) - along) / &std",
                "(&dout - (&normalized * &dgamma + &dbeta) / m) * &gamma / &std",
            ),
        ],
        sees: &[],
        says: "dx is chapter 11's short form, with dgamma and dbeta in it. Those are sums over \
               the batch; the sums in dx run along the row here.",
    },
    Mistake {
        id: "moments-as-constants",
        exercise: "layer_norm::backward",
        edits: &[
            Swap(
                "let mean = |a: &Array2<T>| a.sum_axis(Axis(1)).insert_axis(Axis(1)) / m;\n",
                "",
            ),
            Swap("let m = T::of(dout.ncols() as f64);\n", ""),
            Swap(
                "    let along = &normalized * &mean(&(&dnormalized * &normalized));\n",
                "",
            ),
            Swap(
                "(&dnormalized - &mean(&dnormalized) - along) / &std",
                "dnormalized / &std",
            ),
        ],
        sees: &[],
        says: "dx is dout·gamma / std, as if mean and variance were constants. They move with x, \
               and a gradient comes back through both.",
    },
    Mistake {
        id: "mean-as-constant",
        exercise: "layer_norm::backward",
        edits: &[Swap(" - &mean(&dnormalized)", "")],
        sees: &[],
        says: "dx lacks the way through the mean: its rows do not sum to 0. Raise a row by a \
               constant, and the output stays as it is.",
    },
    Mistake {
        id: "variance-as-constant",
        exercise: "layer_norm::backward",
        edits: &[
            Swap(
                "    let along = &normalized * &mean(&(&dnormalized * &normalized));\n",
                "",
            ),
            Swap(" - along)", ")"),
        ],
        sees: &[],
        says: "dx lacks the way through the variance. Stretch a row about its mean, and the \
               output stays as it is.",
    },
    Mistake {
        id: "along-added",
        exercise: "layer_norm::backward",
        edits: &[Swap(" - along)", " + along)")],
        sees: &[],
        says: "the way through the variance has the opposite sign.",
    },
    Mistake {
        id: "mean-added",
        exercise: "layer_norm::backward",
        edits: &[Swap(
            "&dnormalized - &mean(&dnormalized)",
            "&dnormalized + &mean(&dnormalized)",
        )],
        sees: &[],
        says: "the way through the mean has the opposite sign.",
    },
    Mistake {
        id: "gamma-forgotten-backward",
        exercise: "layer_norm::backward",
        edits: &[Swap(
            "&dout * &gamma;",
            "{ let _ = &gamma; dout.to_owned() };",
        )],
        sees: &[],
        says: "dx lacks gamma: the normalized x was multiplied by it, and so dout is on the \
               way back.",
    },
    Mistake {
        id: "gamma-after-the-sums",
        exercise: "layer_norm::backward",
        edits: &[
            Swap("&dout * &gamma;", "dout.to_owned();"),
            Swap("- along) / &std", "- along) * &gamma / &std"),
        ],
        sees: &[],
        says: "dx has been multiplied by gamma after the sums along the row. In a row gamma \
               changes from unit to unit: multiply dout by it before anything is summed.",
    },
    Mistake {
        id: "divided-by-gamma",
        exercise: "layer_norm::backward",
        edits: &[Swap("&dout * &gamma;", "&dout / &gamma;")],
        sees: &[],
        says: "dout has been divided by gamma in dx. Forward multiplies by gamma, and so does \
               backward.",
    },
    Mistake {
        id: "std-forgotten",
        exercise: "layer_norm::backward",
        edits: &[Swap("- along) / &std", "- along)")],
        sees: &[],
        says: "dx has not been divided by the deviation of the row.",
    },
    Mistake {
        id: "times-std",
        exercise: "layer_norm::backward",
        edits: &[Swap("- along) / &std", "- along) * &std")],
        sees: &[],
        says: "dx has been multiplied by the deviation of the row. Forward divides by it, and \
               so does backward.",
    },
    Mistake {
        id: "divided-by-the-variance",
        exercise: "layer_norm::backward",
        edits: &[Swap("- along) / &std", "- along) / &std / &std")],
        sees: &[],
        says: "dx has been divided by the variance of the row. It is divided by the deviation, \
               once.",
    },
];

pub const CORRECT: &[Correct] = &[
    Correct {
        id: "row-by-row",
        exercise: "layer_norm::forward",
        edits: &[Body(
            0,
            "    let m = T::of(x.ncols() as f64);
    let mut out = x.to_owned();
    let mut normalized = x.to_owned();
    let mut std = Array2::zeros((x.nrows(), 1));
    for i in 0..x.nrows() {
        let row = x.row(i);
        let mean = row.sum() / m;
        let var = row.iter().map(|&x| (x - mean) * (x - mean)).sum::<T>() / m;
        std[[i, 0]] = (var + epsilon).sqrt();
        for j in 0..x.ncols() {
            normalized[[i, j]] = (row[j] - mean) / std[[i, 0]];
            out[[i, j]] = gamma[j] * normalized[[i, j]] + beta[j];
        }
    }
    (out, Cache { normalized, std })",
        )],
    },
    Correct {
        id: "var-axis",
        exercise: "layer_norm::forward",
        edits: &[Body(
            0,
            "    let var = x.var_axis(Axis(1), T::zero()).insert_axis(Axis(1));
    let mean = x.mean_axis(Axis(1)).unwrap().insert_axis(Axis(1));
    let std = (var + epsilon).sqrt();
    let normalized = (&x - &mean) / &std;
    (&gamma * &normalized + &beta, Cache { normalized, std })",
        )],
    },
    Correct {
        id: "transposed",
        exercise: "layer_norm::forward",
        edits: &[Body(
            0,
            "    let m = T::of(x.ncols() as f64);
    let columns = x.t();
    let mean = columns.sum_axis(Axis(0)) / m;
    let centered = &columns - &mean;
    let var = (&centered * &centered).sum_axis(Axis(0)) / m;
    let std = var.mapv(|var| (var + epsilon).sqrt());
    let normalized = (centered / &std).reversed_axes();
    let out = &normalized * &gamma + &beta;
    (out, Cache { normalized, std: std.insert_axis(Axis(1)) })",
        )],
    },
    Correct {
        id: "through-the-graph",
        exercise: "layer_norm::backward",
        edits: &[
            Helpers(
                "fn sums<T: Scalar>(a: &Array2<T>) -> Array2<T> {
    a.sum_axis(Axis(1)).insert_axis(Axis(1))
}",
            ),
            Body(
                0,
                "    let m = T::of(dout.ncols() as f64);
    let two = T::of(2.0);
    let dbeta = dout.sum_axis(Axis(0));
    let dgamma = (&dout * &normalized).sum_axis(Axis(0));
    let dnormalized = &dout * &gamma;
    let centered = &normalized * &std;
    let dstd = -sums(&(&dnormalized * &normalized)) / &std;
    let dvar = dstd / (&std * two);
    let dcentered = dnormalized / &std + centered * (dvar * two / m);
    let dmean = -sums(&dcentered);
    let dx = dcentered + dmean / m;
    Grads { dx, dgamma, dbeta }",
            ),
        ],
    },
    Correct {
        id: "loops",
        exercise: "layer_norm::backward",
        edits: &[Body(
            0,
            "    let (rows, units) = dout.dim();
    let m = T::of(units as f64);
    let mut grads = Grads {
        dx: Array2::zeros((rows, units)),
        dgamma: ndarray::Array1::zeros(units),
        dbeta: ndarray::Array1::zeros(units),
    };
    for i in 0..rows {
        let (mut sum, mut dot) = (T::zero(), T::zero());
        for j in 0..units {
            let d = dout[[i, j]];
            grads.dbeta[j] += d;
            grads.dgamma[j] += d * normalized[[i, j]];
            sum += d * gamma[j];
            dot += d * gamma[j] * normalized[[i, j]];
        }
        for j in 0..units {
            let d = dout[[i, j]] * gamma[j];
            grads.dx[[i, j]] = (m * d - sum - normalized[[i, j]] * dot) / (m * std[[i, 0]]);
        }
    }
    grads",
        )],
    },
    Correct {
        id: "by-products",
        exercise: "layer_norm::backward",
        edits: &[Body(
            0,
            "    let m = T::of(dout.ncols() as f64);
    let ones = ndarray::Array1::from_elem(dout.nrows(), T::one());
    let dbeta = ones.dot(&dout);
    let dgamma = ones.dot(&(&dout * &normalized));
    let sum = dout.dot(&gamma).insert_axis(Axis(1));
    let dot = (&dout * &normalized).dot(&gamma).insert_axis(Axis(1));
    let dx = (&dout * &gamma * m - sum - &normalized * &dot) / (&std * m);
    Grads { dx, dgamma, dbeta }",
        )],
    },
];
