//! The manifest: every exercise, once.
//!
//! Runner, proofs and book read it. What a test or a doctest belongs to is said here and
//! nowhere else.

/// One exercise.
#[derive(Debug)]
pub struct Exercise {
    /// `chapter::function`, as the markers name it.
    pub name: &'static str,
    /// What the student does, in a few words.
    pub title: &'static str,
    /// What stands in the workbook in place of each region, in the file's order. The
    /// message of `todo!` begins with the exercise's name, says what to write, and names
    /// the shapes that arrived.
    pub stubs: &'static [&'static str],
    /// From a question to an outline with shapes.
    pub hints: [&'static str; 3],
    /// The tests of `tests/chapters` that show whether it is done.
    pub tests: &'static [&'static str],
    /// The doctests: the item, as rustdoc names it, and which of its examples, from 1.
    pub doctests: &'static [(&'static str, usize)],
}

impl Exercise {
    /// The chapter, which is the module and the file.
    pub fn chapter(&self) -> &'static str {
        let (chapter, _) = self.name.split_once("::").expect("chapter::function");
        chapter
    }
}

/// The chapters, in reading order.
pub const CHAPTERS: [&str; 9] = [
    "affine",
    "relu",
    "softmax",
    "init",
    "forward",
    "backward",
    "regularization",
    "gradient_check",
    "overfit",
];

/// The exercise of that name.
pub fn exercise(name: &str) -> Option<&'static Exercise> {
    EXERCISES.iter().find(|exercise| exercise.name == name)
}

/// Whether that is the name of a chapter's region for functions of the student's own.
pub fn is_helpers(name: &str) -> bool {
    name.strip_suffix("::helpers")
        .is_some_and(|chapter| CHAPTERS.contains(&chapter))
}

/// Every exercise, in the order in which they are done.
pub static EXERCISES: &[Exercise] = &[
    Exercise {
        name: "affine::forward",
        title: "out = x·w + b",
        stubs: &[r#"let _ = &shape;
todo!(
    "affine::forward: out = x·w + b, and the cache that keeps x and its shape; \
     here x is {:?}, w is {:?}, b is {:?}",
    x.shape(),
    w.shape(),
    b.shape(),
)"#],
        hints: [
            "Every output is a weighted sum of all inputs, plus a bias. Which product of \
             two arrays makes all those sums at once, for every example?",
            "out = x·w + b. In ndarray, `x.dot(w)` is the matrix product, and `+ b` adds \
             a row to every row.",
            "let out = …;                       // (N, D)·(D, M) + (M,) is (N, M)\n\
             (out, Cache { rows: x, shape })    // move x in: no copy",
        ],
        tests: &[],
        doctests: &[],
    },
    Exercise {
        name: "affine::backward",
        title: "dw, db and dx from dout",
        stubs: &[
            r#"todo!(
    "affine::backward: (dw, db); here x is {:?} and dout is {:?}",
    x.shape(),
    dout.shape(),
)"#,
            r#"let _ = (&dw, &db, unrows::<T, D>(Array2::zeros((0, 0)), shape));
todo!(
    "affine::backward: dx, in the shape of x; here dout is {:?} and w is {:?}",
    dout.shape(),
    w.shape(),
)"#,
        ],
        hints: [
            "A gradient has the shape of the thing it is the gradient of. dw is (D, M). \
             You have x, (N, D), and dout, (N, M). Which product of the two is (D, M)?",
            "dw = xᵀ·dout, db = the sum of dout over the batch, dx = dout·wᵀ. No 1/N \
             anywhere: it is in dout already.",
            "let dw = …;                        // x.t() is (D, N); times (N, M)\n\
             let db = …;                        // sum_axis over axis 0: (M,)\n\
             let dx = unrows(…, shape);         // dout·wᵀ is (N, D); then x's shape",
        ],
        tests: &[],
        doctests: &[],
    },
    Exercise {
        name: "relu::forward",
        title: "out = max(0, x), and NaN stays NaN",
        stubs: &[r#"let _ = zero;
todo!(
    "relu::forward: out = max(0, x), entry by entry, and the cache that keeps x; \
     here x is {:?}",
    x.shape(),
)"#],
        hints: [
            "What does your comparison say when x is NaN? Which of `x > 0` and `x <= 0` \
             should decide that a number is replaced?",
            "Replace by 0 what is known to be at most 0; pass on everything else. \
             `x.mapv(|x| …)` makes a new array, entry by entry.",
            "let out = x.mapv(|x| if … { zero } else { … });    // the shape of x\n\
             (out, Cache { x })",
        ],
        tests: &[],
        doctests: &[],
    },
    Exercise {
        name: "relu::backward",
        title: "dout where x was positive",
        stubs: &[r#"let _ = zero;
todo!(
    "relu::backward: dout where x was positive, 0 elsewhere; here x is {:?} and \
     dout is {:?}",
    x.shape(),
    dout.shape(),
)"#],
        hints: [
            "Nudge an input of -1. What happens to the output? And an input of 2? What in \
             this decides, x or dout?",
            "dx = dout where x > 0, and 0 where x <= 0. The slope at 0 is 0 by convention.",
            "ndarray::Zip::from(&x).and(dout).map_collect(|&x, &dout| …)    // x's shape",
        ],
        tests: &[],
        doctests: &[],
    },
    Exercise {
        name: "softmax::loss",
        title: "the mean cross-entropy, and dscores",
        stubs: &[r#"let _ = n;
todo!(
    "softmax::loss: the mean of log Σ exp(s) - s[y], and dscores; here scores are {:?} \
     and there are {} labels",
    scores.shape(),
    y.len(),
)"#],
        hints: [
            "What is exp(1000)? Adding a constant to all scores of one row changes no \
             probability. Which constant makes the largest exponent 0?",
            "For each row, with m its maximum: loss = log Σ exp(s - m) - (s[y] - m). \
             dscores = (p - 1 at the label) / N, with p = exp(s - m) / Σ exp(s - m).",
            "let mut loss = T::zero();\n\
             let mut dscores = scores.to_owned();                      // (N, C)\n\
             for (mut row, &label) in dscores.rows_mut().into_iter().zip(y) {\n    \
                 // subtract the row's maximum; keep the label's shifted score\n    \
                 // exp in place; sum; add to the loss; divide by the sum;\n    \
                 // take 1 off at the label\n\
             }\n\
             // divide both by n\n\
             Ok((loss, dscores))",
        ],
        tests: &[],
        doctests: &[],
    },
    Exercise {
        name: "init::layer_sizes",
        title: "the (fan-in, fan-out) of each layer",
        stubs: &[r#"todo!(
    "init::layer_sizes: (fan_in, fan_out) of each layer; here input is {input}, hidden \
     {hidden:?}, classes {classes}"
)"#],
        hints: [
            "Write the sizes in a row: input, hidden sizes, classes. Two hidden sizes make \
             how many layers? Between which neighbours does each stand?",
            "Layer i goes from size i - 1 to size i of that row. Neighbours of a slice: \
             `sizes.windows(2)`.",
            "let sizes = [&[input], hidden, &[classes]].concat();\n\
             sizes.windows(2).map(|pair| (…, …)).collect()",
        ],
        tests: &[],
        doctests: &[],
    },
    Exercise {
        name: "init::draw_layer",
        title: "weights drawn, biases 0",
        stubs: &[r#"let _ = &mut normal;
todo!(
    "init::draw_layer: w of {fan_in} by {fan_out} draws times {weight_scale}, and b of \
     {fan_out} zeros"
)"#],
        hints: [
            "A standard normal number has standard deviation 1. What must you do to it to \
             make the standard deviation `weight_scale`?",
            "w = weight_scale · normal(), a new draw for each entry, row by row; b = 0. \
             `T::of` turns an f64 into a T.",
            "let w = ndarray::Array2::from_shape_simple_fn((fan_in, fan_out), || …);\n\
             let b = ndarray::Array1::zeros(…);\n\
             Layer { w, b }",
        ],
        tests: &[],
        doctests: &[],
    },
    Exercise {
        name: "forward::forward",
        title: "the loop over layers",
        stubs: &[r#"todo!(
    "forward::forward: the scores, and a cache for each of the {} hidden layers and the \
     last one, whose w is {:?}; here x is {:?}",
    hidden.len(),
    last.w.shape(),
    x.shape(),
)"#],
        hints: [
            "The output of one layer is the input of the next. Which layer has no ReLU, \
             and why?",
            "For each hidden layer: affine_relu_forward, push the cache, go on with the \
             output. Then affine::forward for the last one.",
            "let mut x = x;                                            // (N, D)\n\
             let mut caches = Vec::new();\n\
             for layer in hidden {\n    \
                 // (out, cache) = relu::affine_relu_forward(x, …)\n    \
                 // caches.push(LayerCache::Hidden(cache)); x = out.into();\n\
             }\n\
             // the last layer: affine::forward, LayerCache::Last\n\
             (scores, caches)                                          // (N, C)",
        ],
        tests: &[],
        doctests: &[],
    },
    Exercise {
        name: "backward::backward",
        title: "the loop in reverse",
        stubs: &[r#"todo!(
    "backward::backward: the gradients of {} layers, last to first; here dscores is {:?}",
    layers.len(),
    dscores.shape(),
)"#],
        hints: [
            "The input of a layer was the output of the layer below. So what is the `dout` \
             of the layer below?",
            "Walk the caches from the last to the first. Each gives dw and db for its \
             layer, and dx, which is the next dout. The first needs no dx.",
            "let mut dout = dscores;                                   // (N, C)\n\
             let mut grads = Vec::new();\n\
             for (i, cache) in caches.into_iter().enumerate().rev() {\n    \
                 // cache.backward(&dout, &layers[i].w) has dx, dw, db;\n    \
                 // for i == 0, cache.param_grads(&dout) has (dw, db) alone\n    \
                 // grads.push(crate::Layer { w: dw, b: db }); dout = dx;\n\
             }\n\
             // the walk was backwards: grads.reverse()\n\
             Gradients { layers: grads }",
        ],
        tests: &[],
        doctests: &[],
    },
    Exercise {
        name: "regularization::penalty",
        title: "½·reg·ΣW² over all layers",
        stubs: &[r#"todo!(
    "regularization::penalty: ½·reg·ΣW² over the weights of {} layers; here reg is {reg}",
    layers.len(),
)"#],
        hints: [
            "Which of a layer's two parameters make the scores hang on an input? Is the \
             last layer's among them?",
            "½ · reg · the sum over all layers of the sum of w². Biases are free.",
            "let squares: T = layers.iter().map(|layer| …).sum();   // sum_of_squares\n\
             T::of(0.5) * …",
        ],
        tests: &[],
        doctests: &[],
    },
    Exercise {
        name: "regularization::add_penalty_gradient",
        title: "reg·W, added to dW",
        stubs: &[r#"todo!(
    "regularization::add_penalty_gradient: add reg·W to the dW of each of {} layers; \
     here reg is {reg}",
    pairs.len(),
)"#],
        hints: [
            "What is the derivative of ½·reg·w²? Is it to replace the gradient of the data \
             loss, or to be added to it?",
            "dW += reg·W for every layer; db stays as it is. `a.scaled_add(k, &b)` adds \
             k·b to a in place.",
            "for (grad, layer) in pairs {\n    \
                 // grad.w, (D, M), gets reg times layer.w, (D, M)\n\
             }",
        ],
        tests: &[],
        doctests: &[],
    },
    Exercise {
        name: "gradient_check::numeric_gradient",
        title: "slopes measured by central differences",
        stubs: &[r#"let _ = (&mut f, &mut grad, entry(&mut x, 0));
todo!(
    "gradient_check::numeric_gradient: (f(x + h) - f(x - h)) / 2h for each entry; here \
     x is {:?} and h is {h}",
    x.shape(),
)"#],
        hints: [
            "Nudge one entry up, and down, and compare. What must be true of x again \
             before you go on to the next entry?",
            "(f(x + h) - f(x - h)) / (2·h), with only entry i nudged; then put the saved \
             value back.",
            "for (i, slope) in grad.iter_mut().enumerate() {\n    \
                 let old = *entry(&mut x, i);\n    \
                 // set it to old + h, call f(&x); to old - h, call f(&x)\n    \
                 // put old back; *slope = …\n\
             }\n\
             grad                                                      // x's shape",
        ],
        tests: &[],
        doctests: &[],
    },
    Exercise {
        name: "gradient_check::relative_error",
        title: "the largest relative error, NaN included",
        stubs: &[r#"todo!(
    "gradient_check::relative_error: the largest |a - b| / max(1e-8, |a| + |b|) of {} \
     pairs",
    pairs.count(),
)"#],
        hints: [
            "The largest of [0.1, NaN]: what does `f64::max` say, and what should a check \
             say?",
            "|a - b| / max(1e-8, |a| + |b|) for each pair, and the largest of them; but \
             once one is NaN, the answer is NaN.",
            "pairs.map(|(a, b)| …)\n    \
                 .fold(0.0, |worst, e| if … || e.is_nan() { e } else { worst })",
        ],
        tests: &[],
        doctests: &[],
    },
    Exercise {
        name: "overfit::sgd_step",
        title: "one step of gradient descent",
        stubs: &[r#"todo!(
    "overfit::sgd_step: move the w and b of each of {} layers against their gradients; \
     here the learning rate is {learning_rate}",
    pairs.len(),
)"#],
        hints: [
            "If the loss falls as a weight falls, is its gradient positive or negative? \
             Which way should the weight go?",
            "w -= learning_rate · dw, b -= learning_rate · db.",
            "for (layer, grad) in pairs {\n    \
                 // layer.w.scaled_add(…, &grad.w); the same for b\n\
             }",
        ],
        tests: &[],
        doctests: &[],
    },
    Exercise {
        name: "overfit::accuracy",
        title: "the share of right predictions",
        stubs: &[r#"todo!(
    "overfit::accuracy: the share of rows whose largest score stands at their label; here \
     scores are {:?}",
    scores.shape(),
)"#],
        hints: [
            "What does the network predict for one example: the class with which score? \
             Along which axis of scores do the classes stand?",
            "For each row, the index of its largest score; count the rows where it is the \
             label; divide by the number of rows.",
            "for (row, &label) in scores.rows().into_iter().zip(y) {\n    \
                 // row is (C,): find the index of its largest entry\n\
             }\n\
             Ok(right as f64 / y.len() as f64)",
        ],
        tests: &[],
        doctests: &[],
    },
    Exercise {
        name: "overfit::train",
        title: "the training loop",
        stubs: &[
            r#"let _ = (&mut batches, &mut after_epoch, &mut history, learning_rate);
todo!(
    "overfit::train: {} epochs of {steps} steps each: draw, loss, record, step; here x \
     is {:?}",
    training.epochs,
    x.shape(),
)"#,
        ],
        hints: [
            "What does one step need, in which order? What is done once a step, and what \
             once an epoch?",
            "A step: draw a batch, net.loss, history.record_loss, sgd_step. After an \
             epoch: history.record_accuracy on all examples, then after_epoch.",
            "for _ in 0..training.epochs {\n    \
                 for _ in 0..steps {\n        \
                     // batches.draw(), net.loss(…)?, history.record_loss(…)?,\n        \
                     // sgd_step(&mut net.parameters, …)\n    \
                 }\n    \
                 // history.record_accuracy(&net.scores(&x), y, training)?;\n    \
                 // after_epoch(&history);\n\
             }\n\
             Ok(history)",
        ],
        tests: &[],
        doctests: &[],
    },
];
