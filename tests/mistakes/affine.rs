use crate::catalogue::Edit::{Body, Helpers, Swap};
use crate::catalogue::{Correct, Mistake};

pub const MISTAKES: &[Mistake] = &[
    Mistake {
        id: "cache-divided",
        exercise: "affine::forward",
        edits: &[Swap(
            "(out, Cache { rows: x, shape })",
            "let rows = (&x / T::of(x.nrows() as f64)).into();\n    (out, Cache { rows, shape })",
        )],
        sees: &[],
        says: "The cache holds x divided by 3, and N = 3. Backward takes x from it as it was; the \
               1/N of the mean loss comes with dout.",
    },
    Mistake {
        id: "cache-of-out",
        exercise: "affine::forward",
        edits: &[Swap(
            "(out, Cache { rows: x, shape })",
            "let rows = out.clone().into();\n    (out, Cache { rows, shape })",
        )],
        sees: &[],
        says: "The cache holds out, of which backward has no use. What it needs is x.",
    },
    Mistake {
        id: "bias-forgotten",
        exercise: "affine::forward",
        edits: &[Swap(" + b", "")],
        sees: &[],
        says: "out differs by exactly b. The bias is not added.",
    },
    Mistake {
        id: "bias-subtracted",
        exercise: "affine::forward",
        edits: &[Swap(" + b", " - b")],
        sees: &[],
        says: "out differs by exactly 2·b. The bias is subtracted.",
    },
    Mistake {
        id: "bias-twice",
        exercise: "affine::forward",
        edits: &[Swap(" + b", " + b + b")],
        sees: &[],
        says: "out differs by exactly b. The bias is added twice.",
    },
    Mistake {
        id: "bias-of-rows",
        exercise: "affine::forward",
        edits: &[Swap(" + b", " + b.view().insert_axis(ndarray::Axis(1))")],
        sees: &[],
        says: "b does not fit. It has an entry for each column of out, and the same b is \
               added to every row; here it is laid along the examples.",
    },
    Mistake {
        id: "bias-divided",
        exercise: "affine::forward",
        edits: &[Swap(" + b", " + &(b / T::of(x.nrows() as f64))")],
        sees: &[],
        says: "out has only a share of b: b/N. Every example gets the whole bias.",
    },
    Mistake {
        id: "rows-scrambled",
        exercise: "affine::forward",
        edits: &[Body(
            0,
            "    let (n, d) = x.dim();
    let columns = x.t().as_standard_layout().into_owned();
    let mixed = columns.into_shape_clone((n, d)).unwrap();
    let out = mixed.dot(w) + b;
    (out, Cache { rows: x, shape })",
        )],
        sees: &[],
        says: "example 0 mixes numbers of other examples. Its numbers lie side by side in \
               one row of x; laying x out anew tore the rows apart.",
    },
    Mistake {
        id: "w-transposed",
        exercise: "affine::forward",
        edits: &[Swap("x.dot(w)", "x.dot(&w.t())")],
        sees: &[],
        says: "the product uses w the other way round. Neighbouring sizes must be equal: \
               x is (N, D), and D is the number of w's rows, so w stays as it is.",
    },
    Mistake {
        id: "x-transposed",
        exercise: "affine::forward",
        edits: &[Swap("x.dot(w)", "x.t().dot(w)")],
        sees: &[],
        says: "the product uses x the other way round. out has a row for each example, as \
               x has: (N, D) times (D, M) is (N, M).",
    },
    Mistake {
        id: "factors-swapped",
        exercise: "affine::forward",
        edits: &[Swap("x.dot(w)", "w.dot(&x)")],
        sees: &[],
        says: "the factors of the product are swapped. w·x is not x·w: the examples are \
               the rows of x, so x stands on the left.",
    },
    Mistake {
        id: "relu-inside",
        exercise: "affine::forward",
        edits: &[Swap(
            "x.dot(w) + b",
            "(x.dot(w) + b).mapv(|s| if s < T::zero() { T::zero() } else { s })",
        )],
        sees: &[],
        says: "negative sums have become 0. That is a ReLU, the next chapter's; an affine \
               layer may be negative.",
    },
    Mistake {
        id: "last-example-lost",
        exercise: "affine::forward",
        edits: &[Swap(
            "let out = x.dot(w) + b;",
            "let mut out = x.dot(w) + b;
    out.row_mut(x.nrows() - 1).fill(T::zero());",
        )],
        sees: &["plain.out", "square.out"],
        says: "the last row of out is 0. A loop over the examples ends one too early.",
    },
    Mistake {
        id: "last-input-lost",
        exercise: "affine::forward",
        edits: &[Swap(
            "let out = x.dot(w) + b;",
            "let mut out = ndarray::Array2::zeros((x.nrows(), w.ncols()));
    for n in 0..x.nrows() {
        for m in 0..w.ncols() {
            out[[n, m]] = b[m];
            for d in 0..x.ncols() - 1 {
                out[[n, m]] += x[[n, d]] * w[[d, m]];
            }
        }
    }",
        )],
        sees: &["plain.out", "square.out"],
        says: "out lacks the last number of each example. A loop over the inputs ends one \
               too early.",
    },
    Mistake {
        id: "overwritten",
        exercise: "affine::forward",
        edits: &[Swap(
            "let out = x.dot(w) + b;",
            "let mut out = ndarray::Array2::zeros((x.nrows(), w.ncols()));
    for n in 0..x.nrows() {
        for m in 0..w.ncols() {
            for d in 0..x.ncols() {
                out[[n, m]] = x[[n, d]] * w[[d, m]] + b[m];
            }
        }
    }",
        )],
        sees: &["plain.out", "square.out"],
        says: "out is the last product alone, plus b. The sum over the inputs is \
               overwritten in each round; it must grow.",
    },
    Mistake {
        id: "bias-in-every-round",
        exercise: "affine::forward",
        edits: &[Swap(
            "let out = x.dot(w) + b;",
            "let mut out = ndarray::Array2::zeros((x.nrows(), w.ncols()));
    for n in 0..x.nrows() {
        for m in 0..w.ncols() {
            for d in 0..x.ncols() {
                out[[n, m]] += x[[n, d]] * w[[d, m]] + b[m];
            }
        }
    }",
        )],
        sees: &["plain.out", "square.out"],
        says: "out has b 14 times, and D = 14. The bias is added in every round of the \
               sum; once is enough.",
    },
    Mistake {
        id: "mean-of-products",
        exercise: "affine::forward",
        edits: &[Swap("x.dot(w)", "x.dot(w) / T::of(x.ncols() as f64)")],
        sees: &["plain.out", "square.out"],
        says: "x·w is 1/14 of what it should be, and D = 14. A weighted sum is not divided \
               by the number of its terms.",
    },
    Mistake {
        id: "nan-becomes-0",
        exercise: "affine::forward",
        edits: &[Swap(
            "x.dot(w)",
            "x.mapv(|x| if x.is_nan() { T::zero() } else { x }).dot(w)",
        )],
        sees: &[],
        says: "a NaN in x has vanished. What went wrong before must stay visible: NaN in, \
               NaN out.",
    },
    // Backward: the combinations stand before their parts.
    Mistake {
        id: "all-divided-by-n",
        exercise: "affine::backward",
        edits: &[
            Swap("x.t().dot(dout)", "x.t().dot(dout) / T::of(x.nrows() as f64)"),
            Swap(
                "dout.sum_axis(ndarray::Axis(0))",
                "dout.sum_axis(ndarray::Axis(0)) / T::of(dout.nrows() as f64)",
            ),
            Swap(
                "dout.dot(&w.t())",
                "dout.dot(&w.t()) / T::of(dout.nrows() as f64)",
            ),
        ],
        sees: &["plain.db", "plain.dw", "plain.dx"],
        says: "db, dw and dx are 1/5 of what they should be, and N = 5. The 1/N of the \
               mean loss is in dout already.",
    },
    Mistake {
        id: "dw-db-divided-by-n",
        exercise: "affine::backward",
        edits: &[
            Swap("x.t().dot(dout)", "x.t().dot(dout) / T::of(x.nrows() as f64)"),
            Swap(
                "dout.sum_axis(ndarray::Axis(0))",
                "dout.sum_axis(ndarray::Axis(0)) / T::of(dout.nrows() as f64)",
            ),
        ],
        sees: &["plain.db", "plain.dw"],
        says: "db and dw are 1/5 of what they should be, and N = 5. The 1/N of the mean \
               loss is in dout already.",
    },
    Mistake {
        id: "db-mean",
        exercise: "affine::backward",
        edits: &[Swap(
            "dout.sum_axis(ndarray::Axis(0))",
            "dout.sum_axis(ndarray::Axis(0)) / T::of(dout.nrows() as f64)",
        )],
        sees: &["plain.db"],
        says: "db is 1/5 of what it should be, and N = 5. It is a sum over the batch; the \
               1/N of the mean loss is in dout already.",
    },
    Mistake {
        id: "dw-divided-by-n",
        exercise: "affine::backward",
        edits: &[Swap(
            "x.t().dot(dout)",
            "x.t().dot(dout) / T::of(x.nrows() as f64)",
        )],
        sees: &["plain.dw"],
        says: "dw is 1/5 of what it should be, and N = 5. The 1/N of the mean loss is in \
               dout already.",
    },
    Mistake {
        id: "dx-divided-by-n",
        exercise: "affine::backward",
        edits: &[Swap(
            "dout.dot(&w.t())",
            "dout.dot(&w.t()) / T::of(dout.nrows() as f64)",
        )],
        sees: &["plain.dx"],
        says: "dx is 1/5 of what it should be, and N = 5. The 1/N of the mean loss is in \
               dout already.",
    },
    Mistake {
        id: "dw-negative",
        exercise: "affine::backward",
        edits: &[
            Swap("x.t().dot(dout)", "-x.t().dot(dout)"),
            Swap(
                "dout.sum_axis(ndarray::Axis(0))",
                "-dout.sum_axis(ndarray::Axis(0))",
            ),
            Swap("dout.dot(&w.t())", "-dout.dot(&w.t())"),
        ],
        sees: &["plain.db", "plain.dw", "plain.dx"],
        says: "all gradients have the opposite sign. A gradient points uphill; the minus \
               comes with the step, chapters later.",
    },
    Mistake {
        id: "dx-by-w",
        exercise: "affine::backward",
        edits: &[Swap("dout.dot(&w.t())", "dout.dot(w)")],
        sees: &[],
        says: "dx uses w as it is. dout is (N, M), and w has M columns, not M rows; a net \
               whose layers are all of one size would hide it.",
    },
    Mistake {
        id: "dw-of-x-not-transposed",
        exercise: "affine::backward",
        edits: &[Swap("x.t().dot(dout)", "x.dot(dout)")],
        sees: &[],
        says: "dw uses x as it is. dw sums over the examples, so N must stand in the \
               middle of the product: (D, N) times (N, M).",
    },
    Mistake {
        id: "dw-transposed",
        exercise: "affine::backward",
        edits: &[Swap("x.t().dot(dout)", "dout.t().dot(&x)")],
        sees: &["plain.dw"],
        says: "dw lies on its side. A gradient has the shape of what it is the gradient \
               of: w is (D, M), and so is dw.",
    },
    Mistake {
        id: "db-over-outputs",
        exercise: "affine::backward",
        edits: &[Swap(
            "dout.sum_axis(ndarray::Axis(0))",
            "dout.sum_axis(ndarray::Axis(1))",
        )],
        sees: &["plain.db", "square.db"],
        says: "db is summed over the outputs. It has an entry for each output, (M,), and \
               sums over the examples, the other axis.",
    },
    Mistake {
        id: "db-one-number",
        exercise: "affine::backward",
        edits: &[Swap(
            "dout.sum_axis(ndarray::Axis(0))",
            "ndarray::Array1::from_elem(dout.ncols(), dout.sum())",
        )],
        sees: &["plain.db"],
        says: "every entry of db is the sum of all of dout. Each output has its own: only \
               the examples are summed over.",
    },
    Mistake {
        id: "db-of-first-example",
        exercise: "affine::backward",
        edits: &[Swap(
            "dout.sum_axis(ndarray::Axis(0))",
            "dout.rows().into_iter().next().map_or(\
             ndarray::Array1::zeros(dout.ncols()), |row| row.to_owned())",
        )],
        sees: &["plain.db"],
        says: "db is the first example's alone. The same b was added to every example: \
               all of them have a say.",
    },
    Mistake {
        id: "db-of-last-example",
        exercise: "affine::backward",
        edits: &[Swap(
            "let db = dout.sum_axis(ndarray::Axis(0));",
            "let mut db = ndarray::Array1::zeros(dout.ncols());
    for row in dout.rows() {
        db = row.to_owned();
    }",
        )],
        sees: &["plain.db"],
        says: "db is the last example's alone. The same b was added to every example: \
               their shares must be summed, not overwritten.",
    },
    Mistake {
        id: "dw-of-last-example",
        exercise: "affine::backward",
        edits: &[Swap(
            "let dw = x.t().dot(dout);",
            "let mut dw = Array2::zeros((x.ncols(), dout.ncols()));
    for n in 0..x.nrows() {
        for d in 0..x.ncols() {
            for m in 0..dout.ncols() {
                dw[[d, m]] = x[[n, d]] * dout[[n, m]];
            }
        }
    }",
        )],
        sees: &["plain.dw"],
        says: "dw is the last example's alone. The same w met every example: their shares \
               must be summed, not overwritten.",
    },
    Mistake {
        id: "db-counts",
        exercise: "affine::backward",
        edits: &[Swap(
            "dout.sum_axis(ndarray::Axis(0))",
            "ndarray::Array1::from_elem(dout.ncols(), T::of(dout.nrows() as f64))",
        )],
        sees: &["plain.db"],
        says: "every entry of db is 5, and N = 5. The slope of out along b is 1, but by \
               the chain rule it is multiplied by dout.",
    },
    Mistake {
        id: "dx-zero",
        exercise: "affine::backward",
        edits: &[Swap("dout.dot(&w.t())", "dout.dot(&w.t()) * T::zero()")],
        sees: &["plain.dx"],
        says: "dx is 0 everywhere. The layer below would learn nothing.",
    },
    Mistake {
        id: "dx-scrambled",
        exercise: "affine::backward",
        edits: &[Swap(
            "unrows(dout.dot(&w.t()), shape)",
            "unrows(w.dot(&dout.t()).as_standard_layout().into_owned(), shape)",
        )],
        sees: &["plain.dx"],
        says: "dx has the right numbers in the wrong places. The rows of the product must \
               be examples before it takes the shape of x.",
    },
    Mistake {
        id: "dx-order-in-memory",
        exercise: "affine::backward",
        edits: &[Swap(
            "unrows(dout.dot(&w.t()), shape)",
            "dout.dot(&w.t()).into_shape_with_order(shape).unwrap()",
        )],
        sees: &[],
        says: "dx cannot take the shape of x where M = 1. That product comes back column \
               by column, which into_shape_with_order refuses; unrows takes both orders.",
    },
    Mistake {
        id: "dw-squared-helper",
        exercise: "affine::backward",
        edits: &[
            Helpers(
                "fn products<T: Scalar>(x: &ArrayRef2<T>, dout: &ArrayRef2<T>) -> Array2<T> {
    let mut dw = Array2::zeros((x.ncols(), dout.ncols()));
    for n in 0..x.nrows() {
        for d in 0..x.ncols() {
            for m in 0..dout.ncols() {
                dw[[d, m]] += x[[n, d]];
            }
        }
    }
    dw
}",
            ),
            Swap("x.t().dot(dout)", "products(&x, dout)"),
        ],
        sees: &["plain.dw"],
        says: "dw is the sum of x over the batch, in every column. The chain rule \
               multiplies by dout: what comes from above decides.",
    },
    Mistake {
        id: "entry-by-entry",
        exercise: "affine::forward",
        edits: &[Swap("x.dot(w)", "x.to_owned() * w")],
        sees: &[],
        says: "(5, 14) and (14, 9) do not fit, because `*` is entry by entry, as in NumPy. The \
               product of two matrices is another operation.",
    },
    Mistake {
        id: "first-example-lost",
        exercise: "affine::forward",
        edits: &[Swap("let out = x.dot(w) + b;", "let mut out = x.dot(w) + b;
    out.row_mut(0).fill(T::zero());")],
        sees: &["plain.out", "square.out"],
        says: "the first row of out is 0. A loop over the examples begins at 1; indices begin \
               at 0.",
    },
    Mistake {
        id: "first-input-lost",
        exercise: "affine::forward",
        edits: &[Swap("let out = x.dot(w) + b;", "let mut out = x.dot(w) + b;
    for n in 0..x.nrows() {
        for m in 0..w.ncols() {
            out[[n, m]] -= x[[n, 0]] * w[[0, m]];
        }
    }")],
        sees: &["plain.out", "square.out"],
        says: "out lacks the first number of each example. A loop over the inputs begins at 1; \
               indices begin at 0.",
    },
    Mistake {
        id: "last-output-lost",
        exercise: "affine::forward",
        edits: &[Swap("let out = x.dot(w) + b;", "let mut out = x.dot(w) + b;
    out.column_mut(w.ncols() - 1).fill(T::zero());")],
        sees: &["plain.out", "square.out"],
        says: "the last column of out is 0. A loop over the outputs ends one too early.",
    },
    Mistake {
        id: "one-input-too-far",
        exercise: "affine::forward",
        edits: &[Swap("let out = x.dot(w) + b;", "let mut out = ndarray::Array2::zeros((x.nrows(), w.ncols()));
    for n in 0..x.nrows() {
        for m in 0..w.ncols() {
            out[[n, m]] = b[m];
            for d in 0..=x.ncols() {
                out[[n, m]] += x[[n, d]] * w[[d, m]];
            }
        }
    }")],
        sees: &[],
        says: "an index runs one too far: 0..=n is n + 1 rounds. The last index of n things is \
               n - 1.",
    },
    Mistake {
        id: "dw-entry-by-entry",
        exercise: "affine::backward",
        edits: &[Swap("x.t().dot(dout)", "x.t().to_owned() * dout")],
        sees: &[],
        says: "(14, 5) and (5, 9) do not fit, because `*` is entry by entry, as in NumPy. dw is \
               a product of matrices, which is another operation.",
    },
    Mistake {
        id: "dx-entry-by-entry",
        exercise: "affine::backward",
        edits: &[Swap("dout.dot(&w.t())", "(dout.to_owned() * &w.t())")],
        sees: &[],
        says: "(5, 9) and (9, 14) do not fit, because `*` is entry by entry, as in NumPy. dx is \
               a product of matrices, which is another operation.",
    },
    Mistake {
        id: "db-zero",
        exercise: "affine::backward",
        edits: &[Swap("dout.sum_axis(ndarray::Axis(0))", "ndarray::Array1::zeros(dout.ncols())")],
        sees: &["plain.db"],
        says: "db is 0 everywhere, so the bias would never learn. It is the sum of dout over \
               the examples.",
    },
    Mistake {
        id: "dw-zero",
        exercise: "affine::backward",
        edits: &[Swap("x.t().dot(dout)", "x.t().dot(dout) * T::zero()")],
        sees: &["plain.dw"],
        says: "dw is 0 everywhere, so the weights would never learn.",
    },
    Mistake {
        id: "dw-of-first-example",
        exercise: "affine::backward",
        edits: &[Swap("let dw = x.t().dot(dout);", "let mut dw = Array2::zeros((x.ncols(), dout.ncols()));
    for d in 0..x.ncols() {
        for m in 0..dout.ncols() {
            dw[[d, m]] = x[[0, d]] * dout[[0, m]];
        }
    }")],
        sees: &["plain.dw"],
        says: "dw is the first example's alone. The same w met every example: all of them have \
               a say.",
    },
    Mistake {
        id: "dw-without-first-example",
        exercise: "affine::backward",
        edits: &[Swap("let dw = x.t().dot(dout);", "let mut dw = x.t().dot(dout);
    for d in 0..x.ncols() {
        for m in 0..dout.ncols() {
            dw[[d, m]] -= x[[0, d]] * dout[[0, m]];
        }
    }")],
        sees: &["plain.dw"],
        says: "dw lacks the first example's share. A loop begins at 1; indices begin at 0.",
    },
    Mistake {
        id: "dx-negative-alone",
        exercise: "affine::backward",
        edits: &[Swap("dout.dot(&w.t())", "-dout.dot(&w.t())")],
        sees: &["plain.dx"],
        says: "dx has the opposite sign, and dw and db are right. The layer below would climb.",
    },
    Mistake {
        id: "dw-negative-alone",
        exercise: "affine::backward",
        edits: &[Swap("x.t().dot(dout)", "-x.t().dot(dout)")],
        sees: &["plain.dw"],
        says: "dw has the opposite sign. A gradient points uphill; the minus comes with the \
               step, chapters later.",
    },
    Mistake {
        id: "db-negative-alone",
        exercise: "affine::backward",
        edits: &[Swap("dout.sum_axis(ndarray::Axis(0))", "-dout.sum_axis(ndarray::Axis(0))")],
        sees: &["plain.db"],
        says: "db has the opposite sign. A gradient points uphill; the minus comes with the \
               step, chapters later.",
    },
    Mistake {
        id: "db-twice",
        exercise: "affine::backward",
        edits: &[Swap("dout.sum_axis(ndarray::Axis(0))", "dout.sum_axis(ndarray::Axis(0)) * T::of(2.0)")],
        sees: &["plain.db"],
        says: "db is twice what it should be. Each example gives its dout once.",
    },
    Mistake {
        id: "dw-twice",
        exercise: "affine::backward",
        edits: &[Swap("x.t().dot(dout)", "x.t().dot(dout) * T::of(2.0)")],
        sees: &["plain.dw"],
        says: "dw is twice what it should be. Each example gives its share once.",
    },
];

pub const CORRECT: &[Correct] = &[
    Correct {
        id: "forward-in-loops",
        exercise: "affine::forward",
        edits: &[Swap(
            "let out = x.dot(w) + b;",
            "let mut out = ndarray::Array2::zeros((x.nrows(), w.ncols()));
    for n in 0..x.nrows() {
        for m in 0..w.ncols() {
            let mut sum = b[m];
            for d in 0..x.ncols() {
                sum += x[[n, d]] * w[[d, m]];
            }
            out[[n, m]] = sum;
        }
    }",
        )],
    },
    Correct {
        id: "forward-row-by-row",
        exercise: "affine::forward",
        edits: &[
            Helpers(
                "fn one<T: Scalar>(x: ndarray::ArrayView1<T>, w: &ArrayRef2<T>) -> Array1<T> {
    w.t().dot(&x)
}",
            ),
            Swap(
                "let out = x.dot(w) + b;",
                "let mut out = Array2::zeros((x.nrows(), w.ncols()));
    for (mut row, x) in out.rows_mut().into_iter().zip(x.rows()) {
        row.assign(&(one(x, w) + b));
    }",
            ),
        ],
    },
    Correct {
        id: "backward-in-loops",
        exercise: "affine::backward",
        edits: &[
            Swap(
                "let dw = x.t().dot(dout);
    let db = dout.sum_axis(ndarray::Axis(0));",
                "let mut dw = Array2::zeros((x.ncols(), dout.ncols()));
    let mut db = Array1::zeros(dout.ncols());
    for n in (0..x.nrows()).rev() {
        for m in 0..dout.ncols() {
            db[m] += dout[[n, m]];
            for d in 0..x.ncols() {
                dw[[d, m]] += x[[n, d]] * dout[[n, m]];
            }
        }
    }",
            ),
            Swap(
                "let dx = unrows(dout.dot(&w.t()), shape);",
                "let mut rows = Array2::zeros((dout.nrows(), w.nrows()));
    for ((n, d), dx) in rows.indexed_iter_mut() {
        *dx = (0..w.ncols()).map(|m| dout[[n, m]] * w[[d, m]]).sum();
    }
    let dx = unrows(rows, shape);",
            ),
        ],
    },
    Correct {
        id: "backward-by-ones",
        exercise: "affine::backward",
        edits: &[
            Swap(
                "dout.sum_axis(ndarray::Axis(0))",
                "Array1::ones(dout.nrows()).dot(dout)",
            ),
            Swap("x.t().dot(dout)", "dout.t().dot(&x).reversed_axes()"),
            Swap(
                "unrows(dout.dot(&w.t()), shape)",
                "w.dot(&dout.t()).t().to_shape(shape).unwrap().into_owned()",
            ),
        ],
    },
    Correct {
        id: "forward-broadcast",
        exercise: "affine::forward",
        edits: &[Swap(r#"let out = x.dot(w) + b;"#, r#"let out = &x.dot(w) + &b.broadcast((x.nrows(), w.ncols())).unwrap();"#)],
    },
    Correct {
        id: "forward-in-place",
        exercise: "affine::forward",
        edits: &[Swap(r#"let out = x.dot(w) + b;"#, r#"let mut out = x.dot(w);
    for mut row in out.rows_mut() {
        row.zip_mut_with(b, |out, &b| *out += b);
    }"#)],
    },
    Correct {
        id: "forward-gemm",
        exercise: "affine::forward",
        edits: &[Swap(r#"let out = x.dot(w) + b;"#, r#"use ndarray::linalg::general_mat_mul;
    let mut out = b.broadcast((x.nrows(), w.ncols())).unwrap().to_owned();
    general_mat_mul(T::one(), &x, w, T::one(), &mut out);"#)],
    },
    Correct {
        id: "forward-by-columns",
        exercise: "affine::forward",
        edits: &[Swap(r#"let out = x.dot(w) + b;"#, r#"let mut out = Array2::zeros((x.nrows(), w.ncols()));
    for (m, mut column) in out.columns_mut().into_iter().enumerate() {
        column.assign(&x.dot(&w.column(m)));
        column += b[m];
    }"#)],
    },
    Correct {
        id: "forward-from-shape-fn",
        exercise: "affine::forward",
        edits: &[Swap(r#"let out = x.dot(w) + b;"#, r#"let out = Array2::from_shape_fn((x.nrows(), w.ncols()), |(n, m)| x.row(n).dot(&w.column(m)) + b[m]);"#)],
    },
    Correct {
        id: "forward-summed-in-f64",
        exercise: "affine::forward",
        edits: &[Swap(r#"let out = x.dot(w) + b;"#, r#"let out = Array2::from_shape_fn((x.nrows(), w.ncols()), |(n, m)| {
        let products = (0..x.ncols()).map(|d| x[[n, d]].as_f64() * w[[d, m]].as_f64());
        T::of(products.sum::<f64>() + b[m].as_f64())
    });"#)],
    },
    Correct {
        id: "forward-transposed",
        exercise: "affine::forward",
        edits: &[Swap(r#"let out = x.dot(w) + b;"#, r#"let out = w.t().dot(&x.t()).reversed_axes() + b;"#)],
    },
    Correct {
        id: "forward-by-macro",
        exercise: "affine::forward",
        edits: &[Swap(r#"let out = x.dot(w) + b;"#, r#"macro_rules! plus {
        ($a:expr, $b:expr) => {
            $a + $b
        };
    }
    let out = plus!(x.dot(w), b);"#)],
    },
    Correct {
        id: "backward-outer-products",
        exercise: "affine::backward",
        edits: &[Swap(r#"let dw = x.t().dot(dout);"#, r#"use ndarray::Axis;
    let mut dw = Array2::zeros((x.ncols(), dout.ncols()));
    for (x, d) in x.rows().into_iter().zip(dout.rows()) {
        dw += &x.insert_axis(Axis(1)).dot(&d.insert_axis(Axis(0)));
    }"#)],
    },
    Correct {
        id: "backward-db-folded",
        exercise: "affine::backward",
        edits: &[Swap(r#"dout.sum_axis(ndarray::Axis(0))"#, r#"dout.fold_axis(ndarray::Axis(0), T::zero(), |&sum, &d| sum + d)"#)],
    },
    Correct {
        id: "backward-db-mapped",
        exercise: "affine::backward",
        edits: &[Swap(r#"dout.sum_axis(ndarray::Axis(0))"#, r#"dout.map_axis(ndarray::Axis(0), |column| column.sum())"#)],
    },
    Correct {
        id: "backward-dw-gemm",
        exercise: "affine::backward",
        edits: &[Swap(r#"let dw = x.t().dot(dout);"#, r#"let mut dw = Array2::zeros((x.ncols(), dout.ncols()));
    ndarray::linalg::general_mat_mul(T::one(), &x.t(), dout, T::zero(), &mut dw);"#)],
    },
    Correct {
        id: "backward-dx-by-rows",
        exercise: "affine::backward",
        edits: &[Swap(r#"let dx = unrows(dout.dot(&w.t()), shape);"#, r#"let mut rows = Array2::zeros((dout.nrows(), w.nrows()));
    for (mut dx, d) in rows.rows_mut().into_iter().zip(dout.rows()) {
        dx.assign(&w.dot(&d));
    }
    let dx = unrows(rows, shape);"#)],
    },
];
