use crate::catalogue::Edit::{Body, Helpers, Swap};
use crate::catalogue::{Correct, Mistake};

const SIZES: &str = "init::layer_sizes";
const DRAW: &str = "init::draw_layer";

pub const MISTAKES: &[Mistake] = &[
    Mistake {
        id: "size-of-the-layer-after",
        exercise: SIZES,
        edits: &[Swap(
            "sizes.windows(2).map(|pair| (pair[0], pair[1])).collect()",
            "(0..sizes.len() - 1).map(|i| (sizes[i], hidden[i + 1])).collect()",
        )],
        sees: &[],
        says: "layer i ends at hidden[i + 1], and the last one finds none. Which list does \
               i count in? Put input, hidden and classes into one list first.",
    },
    Mistake {
        id: "size-of-the-layer-after-clamped",
        exercise: SIZES,
        edits: &[Swap(
            "sizes.windows(2).map(|pair| (pair[0], pair[1])).collect()",
            "(0..sizes.len() - 1)
        .map(|i| (sizes[i], *hidden.get(i + 1).unwrap_or(&classes)))
        .collect()",
        )],
        sees: &[],
        says: "W1 must be (15, 20); it would be (15, 30). Layer i ends at the size after the \
               one where it begins, not at the one after that.",
    },
    Mistake {
        id: "pairs-swapped",
        exercise: SIZES,
        edits: &[Swap("(pair[0], pair[1])", "(pair[1], pair[0])")],
        sees: &[],
        says: "each pair is the wrong way round. The first number is the fan-in, the size \
               that the layer comes from.",
    },
    Mistake {
        id: "last-layer-missing",
        exercise: SIZES,
        edits: &[Swap(
            "[&[input], hidden, &[classes]]",
            "[&[input], hidden, &[classes][..0]]",
        )],
        sees: &["plain.sizes", "deep.sizes"],
        says: "the last layer is missing. Two hidden sizes make three layers; the third \
               leads to the classes.",
    },
    Mistake {
        id: "first-layer-missing",
        exercise: SIZES,
        edits: &[Swap(
            "[&[input], hidden, &[classes]]",
            "[&[input][..0], hidden, &[classes]]",
        )],
        sees: &["plain.sizes", "deep.sizes"],
        says: "the first layer is missing. Two hidden sizes make three layers; the first \
               comes from the input.",
    },
    Mistake {
        id: "all-from-the-input",
        exercise: SIZES,
        edits: &[Swap("(pair[0], pair[1])", "(input, pair[1])")],
        sees: &[],
        says: "every layer begins at the input. Its input is the output of the layer \
               before it.",
    },
    Mistake {
        id: "all-to-the-classes",
        exercise: SIZES,
        edits: &[Swap("(pair[0], pair[1])", "(pair[0], classes)")],
        sees: &[],
        says: "every layer ends at the classes. Only the last one does; the others end at \
               their hidden size.",
    },
    Mistake {
        id: "last-to-first",
        exercise: SIZES,
        edits: &[Swap(
            "sizes.windows(2).map(|pair| (pair[0], pair[1])).collect()",
            "sizes.windows(2).rev().map(|pair| (pair[0], pair[1])).collect()",
        )],
        sees: &[],
        says: "the layers stand last to first. W1 is the layer at the input.",
    },
    Mistake {
        id: "hidden-by-hidden",
        exercise: SIZES,
        edits: &[Body(
            0,
            "    let mut from = input;
    let mut layers = Vec::new();
    for &size in hidden {
        layers.push((from, size));
        from = size;
    }
    layers.push((input, classes));
    layers",
        )],
        sees: &["plain.sizes", "deep.sizes"],
        says: "the last layer begins at the input. It begins where the last hidden layer \
               ends.",
    },
    Mistake {
        id: "no-hidden-layers",
        exercise: SIZES,
        edits: &[Body(
            0,
            "    let mut layers = vec![(input, hidden[0])];
    layers.extend(hidden.windows(2).map(|pair| (pair[0], pair[1])));
    layers.push((hidden[hidden.len() - 1], classes));
    layers",
        )],
        sees: &[],
        says: "without hidden layers there is no hidden[0]. One layer is left then, from \
               the input to the classes.",
    },
    // Own generators before what they have in common.
    Mistake {
        id: "constant",
        exercise: DRAW,
        edits: &[Swap(
            "Array2::from_shape_simple_fn((fan_in, fan_out), draw)",
            "{ let _ = draw; Array2::from_elem((fan_in, fan_out), T::of(weight_scale)) }",
        )],
        sees: &["plain.w", "plain.draws"],
        says: "all weights are weight_scale. Units that begin equal get equal gradients, and \
               stay equal for ever: each weight needs a draw of its own.",
    },
    Mistake {
        id: "zeros",
        exercise: DRAW,
        edits: &[Swap(
            "Array2::from_shape_simple_fn((fan_in, fan_out), draw)",
            "{ let _ = draw; Array2::zeros((fan_in, fan_out)) }",
        )],
        sees: &["plain.w", "plain.draws"],
        says: "all weights are 0. Units that begin equal get equal gradients, and stay equal \
               for ever: each weight needs a draw of its own.",
    },
    Mistake {
        id: "one-draw-for-all",
        exercise: DRAW,
        edits: &[
            Swap("let draw =", "let mut draw ="),
            Swap(
                "Array2::from_shape_simple_fn((fan_in, fan_out), draw)",
                "Array2::from_elem((fan_in, fan_out), draw())",
            ),
        ],
        sees: &["plain.w", "plain.draws"],
        says: "all weights are the same draw. Units that begin equal get equal gradients, and \
               stay equal for ever: each weight needs a draw of its own.",
    },
    Mistake {
        id: "one-draw-for-a-row",
        exercise: DRAW,
        edits: &[Swap(
            "let w = Array2::from_shape_simple_fn((fan_in, fan_out), draw);",
            "let rows = Array1::from_shape_simple_fn(fan_in, draw);
    let w = Array2::from_shape_fn((fan_in, fan_out), |(d, _)| rows[d]);",
        )],
        sees: &["plain.w", "plain.draws"],
        says: "all weights of a row are the same draw, so all units are equal. Each weight \
               needs a draw of its own.",
    },
    Mistake {
        id: "re-seeded",
        exercise: DRAW,
        edits: &[
            Swap(
                "use ndarray::{Array1, Array2};",
                "use ndarray::{Array1, Array2};
    let _ = &mut normal;
    let mut own = standard_normals(0);",
            ),
            Swap("normal())", "own.next().unwrap())"),
        ],
        sees: &["plain.draws", "twice.weights"],
        says: "two layers have the same weights, as from a generator that each call seeds \
               anew. Draw from the source that is passed in; it goes on where the last layer \
               stopped.",
    },
    Mistake {
        id: "uniform",
        exercise: DRAW,
        edits: &[
            Swap(
                "use ndarray::{Array1, Array2};",
                "use ndarray::{Array1, Array2};
    use rand::RngExt;
    use std::sync::atomic::{AtomicU64, Ordering};
    static CALLS: AtomicU64 = AtomicU64::new(0);
    let _ = &mut normal;
    let mut own = ChaCha8Rng::seed_from_u64(CALLS.fetch_add(1, Ordering::Relaxed));",
            ),
            Swap("normal())", "3_f64.sqrt() * own.random_range(-1.0..1.0))"),
        ],
        sees: &["plain.draws", "many.distribution"],
        says: "the weights are uniform: their fourth moment is 1.8, that of normal ones 3. \
               Draw from the source that is passed in; it gives standard normals.",
    },
    Mistake {
        id: "own-generator",
        exercise: DRAW,
        edits: &[
            Swap(
                "use ndarray::{Array1, Array2};",
                "use ndarray::{Array1, Array2};
    use std::sync::atomic::{AtomicU64, Ordering};
    static CALLS: AtomicU64 = AtomicU64::new(0);
    let _ = &mut normal;
    let mut own = standard_normals(CALLS.fetch_add(1, Ordering::Relaxed));",
            ),
            Swap("normal())", "own.next().unwrap())"),
        ],
        sees: &["plain.draws"],
        says: "nothing was drawn from the source that is passed in. It carries the seed: with \
               any other generator the same seed no longer gives the same weights.",
    },
    Mistake {
        id: "random-biases",
        exercise: DRAW,
        edits: &[
            Swap("let draw =", "let mut draw ="),
            Swap("fan_out), draw)", "fan_out), &mut draw)"),
            Swap(
                "Array1::zeros(fan_out)",
                "Array1::from_shape_simple_fn(fan_out, draw)",
            ),
        ],
        sees: &["plain.b", "plain.draws"],
        says: "b is random, with one draw more for each entry. Biases begin at 0: the random \
               weights already make the units differ.",
    },
    Mistake {
        id: "biases-of-one",
        exercise: DRAW,
        edits: &[Swap("Array1::zeros(fan_out)", "Array1::ones(fan_out)")],
        sees: &["plain.b"],
        says: "b is 1 everywhere. Biases begin at 0.",
    },
    Mistake {
        id: "biases-of-scale",
        exercise: DRAW,
        edits: &[Swap(
            "Array1::zeros(fan_out)",
            "Array1::from_elem(fan_out, T::of(weight_scale))",
        )],
        sees: &["plain.b"],
        says: "b is weight_scale everywhere. Biases begin at 0.",
    },
    Mistake {
        id: "biases-of-fan-in",
        exercise: DRAW,
        edits: &[Swap("Array1::zeros(fan_out)", "Array1::zeros(fan_in)")],
        sees: &["plain.b"],
        says: "b has an entry for each input. It has one for each output: fan-out of them.",
    },
    Mistake {
        id: "variance",
        exercise: DRAW,
        edits: &[Swap("weight_scale *", "weight_scale.sqrt() *")],
        sees: &["plain.w"],
        says: "the standard deviation is 0.3, and 0.09 was asked for. weight_scale is a \
               standard deviation, not a variance: no square root.",
    },
    Mistake {
        id: "scale-squared",
        exercise: DRAW,
        edits: &[Swap("weight_scale *", "weight_scale * weight_scale *")],
        sees: &["plain.w"],
        says: "the standard deviation is 0.0081, and 0.09 was asked for. weight_scale is \
               multiplied in twice.",
    },
    Mistake {
        id: "scale-forgotten",
        exercise: DRAW,
        edits: &[Swap(
            "weight_scale * normal()",
            "{ let _ = weight_scale; normal() }",
        )],
        sees: &["plain.w"],
        says: "the standard deviation is 1, and 0.09 was asked for. weight_scale is \
               forgotten.",
    },
    Mistake {
        id: "scale-divides",
        exercise: DRAW,
        edits: &[Swap("weight_scale * normal()", "normal() / weight_scale")],
        sees: &["plain.w"],
        says: "the standard deviation is 11.1, and 0.09 was asked for. The draws are divided by \
               weight_scale; multiply.",
    },
    Mistake {
        id: "scale-added",
        exercise: DRAW,
        edits: &[Swap("weight_scale * normal()", "weight_scale + normal()")],
        sees: &["plain.w"],
        says: "weight_scale is added, which moves the mean. It stretches the draws: \
               multiply.",
    },
    Mistake {
        id: "by-fan-in",
        exercise: DRAW,
        edits: &[Swap(
            "weight_scale * normal()",
            "{ let _ = weight_scale; (2.0 / fan_in as f64).sqrt() * normal() }",
        )],
        sees: &["plain.w"],
        says: "the standard deviation is √(2/fan_in), and weight_scale was asked for. That \
               rule is a good one, but here the caller decides.",
    },
    Mistake {
        id: "scale-by-fan-in",
        exercise: DRAW,
        edits: &[Swap(
            "weight_scale *",
            "weight_scale / (fan_in as f64).sqrt() *",
        )],
        sees: &["plain.w"],
        says: "the standard deviation is weight_scale/√fan_in, and weight_scale was asked \
               for. Nothing is divided by the fan-in here.",
    },
    Mistake {
        id: "never-negative",
        exercise: DRAW,
        edits: &[Swap("normal())", "normal().abs())")],
        sees: &["plain.w"],
        says: "no weight is negative. A normal number has both signs.",
    },
    Mistake {
        id: "column-by-column",
        exercise: DRAW,
        edits: &[Swap(
            "Array2::from_shape_simple_fn((fan_in, fan_out), draw)",
            "Array2::from_shape_simple_fn((fan_out, fan_in), draw).reversed_axes()",
        )],
        sees: &["plain.w"],
        says: "the draws fill w column by column. They fill it row by row, so that the same \
               numbers give the same network everywhere.",
    },
    Mistake {
        id: "w-transposed",
        exercise: DRAW,
        edits: &[Swap(
            "simple_fn((fan_in, fan_out)",
            "simple_fn((fan_out, fan_in)",
        )],
        sees: &["plain.w"],
        says: "w lies on its side. It has a row for each input and a column for each output: \
               (fan_in, fan_out).",
    },
    Mistake {
        id: "first-layer-alone",
        exercise: "init::layer_sizes",
        edits: &[Swap(
            "sizes.windows(2).map(|pair| (pair[0], pair[1])).collect()",
            "sizes.windows(2).take(1).map(|pair| (pair[0], pair[1])).collect()",
        )],
        sees: &[],
        says: "there is one layer, and two hidden sizes make three. Is there a return or a \
               break inside the loop?",
    },
    Mistake {
        id: "square-layers",
        exercise: "init::layer_sizes",
        edits: &[Swap("(pair[0], pair[1])", "(pair[0], pair[0])")],
        sees: &[],
        says: "every layer ends at the size at which it begins: (15, 15). It ends at the next \
               size of the list.",
    },
    Mistake {
        id: "classes-twice",
        exercise: "init::layer_sizes",
        edits: &[Swap(
            "[&[input], hidden, &[classes]]",
            "[&[input], hidden, &[classes], &[classes]]",
        )],
        sees: &[],
        says: "there is a layer too many, from the classes to the classes. Two hidden sizes \
               make three layers.",
    },
    Mistake {
        id: "input-twice",
        exercise: "init::layer_sizes",
        edits: &[Swap(
            "[&[input], hidden, &[classes]]",
            "[&[input], &[input], hidden, &[classes]]",
        )],
        sees: &[],
        says: "there is a layer too many, from the input to the input. Two hidden sizes make \
               three layers.",
    },
    Mistake {
        id: "equal-weights",
        exercise: "init::draw_layer",
        edits: &[Swap(
            "Array2::from_shape_simple_fn((fan_in, fan_out), draw)",
            "{ let _ = draw; Array2::from_elem((fan_in, fan_out), T::of(0.01)) }",
        )],
        sees: &["plain.weights", "plain.draws"],
        says: "all weights are the same number, and nothing was drawn. Units that begin equal \
               get equal gradients, and stay equal for ever: each weight needs a draw of its \
               own.",
    },
    Mistake {
        id: "biases-drawn-first",
        exercise: "init::draw_layer",
        edits: &[
            Swap("let draw =", "let mut draw ="),
            Swap(
                "    let w = Array2",
                "    let b = Array1::from_shape_simple_fn(fan_out, &mut draw);
    let w = Array2",
            ),
            Swap(
                "    let b = Array1::zeros(fan_out);
",
                "",
            ),
        ],
        sees: &["plain.w", "plain.b", "plain.draws"],
        says: "b is random, and drawn before w, whose draws come 2 later than they should. \
               Biases begin at 0, and the first draw is the first weight's.",
    },
    Mistake {
        id: "a-draw-before",
        exercise: "init::draw_layer",
        edits: &[Swap(
            "let draw =",
            "let _ = normal();
    let draw =",
        )],
        sees: &["plain.w", "plain.draws"],
        says: "w begins at the second draw: one more is made before it. Each weight takes one \
               draw, and the first takes the first.",
    },
    Mistake {
        id: "a-draw-after",
        exercise: "init::draw_layer",
        edits: &[Swap(
            "    Layer { w, b }",
            "    let _ = normal();
    Layer { w, b }",
        )],
        sees: &["plain.draws"],
        says: "w is right, but 11 numbers were drawn for 10 weights. The next layer would begin \
               one draw too late.",
    },
    Mistake {
        id: "two-draws-a-weight",
        exercise: "init::draw_layer",
        edits: &[Swap("normal())", "{ let _ = normal(); normal() })")],
        sees: &["plain.w", "plain.draws"],
        says: "20 numbers were drawn for 10 weights: every other one is thrown away. Each \
               weight takes one draw.",
    },
    Mistake {
        id: "one-draw-for-a-column",
        exercise: "init::draw_layer",
        edits: &[Swap(
            "let w = Array2::from_shape_simple_fn((fan_in, fan_out), draw);",
            "let columns = Array1::from_shape_simple_fn(fan_out, draw);
    let w = Array2::from_shape_fn((fan_in, fan_out), |(_, m)| columns[m]);",
        )],
        sees: &["plain.w", "plain.draws"],
        says: "all weights of a column are the same draw, so a unit hears only the sum of its \
               inputs. Each weight needs a draw of its own.",
    },
    Mistake {
        id: "sign",
        exercise: "init::draw_layer",
        edits: &[Swap("weight_scale *", "-weight_scale *")],
        sees: &["plain.w"],
        says: "every weight has the opposite sign of its draw. The distribution is the same, \
               but the same seed gives another network.",
    },
    Mistake {
        id: "squared-draws",
        exercise: "init::draw_layer",
        edits: &[Swap("normal())", "normal().powi(2))")],
        sees: &["plain.w"],
        says: "the draws are squared, so no weight is negative. A normal number has both signs.",
    },
    Mistake {
        id: "scale-twice-divided",
        exercise: "init::draw_layer",
        edits: &[Swap("weight_scale *", "weight_scale / fan_in as f64 *")],
        sees: &["plain.w"],
        says: "the standard deviation is weight_scale/fan_in, and weight_scale was asked for. \
               Nothing is divided by the fan-in here.",
    },
    Mistake {
        id: "scale-by-root-of-2-over-fan-in",
        exercise: "init::draw_layer",
        edits: &[Swap(
            "weight_scale *",
            "weight_scale * (2.0 / fan_in as f64).sqrt() *",
        )],
        sees: &["plain.w"],
        says: "the standard deviation is weight_scale·√(2/fan_in), and weight_scale was asked \
               for. That rule is a good one, but here the caller decides.",
    },
];

pub const CORRECT: &[Correct] = &[
    Correct {
        id: "sizes-in-a-loop",
        exercise: SIZES,
        edits: &[Body(
            0,
            "    let mut from = input;
    let mut layers = Vec::new();
    for &size in hidden.iter().chain(std::iter::once(&classes)) {
        layers.push((from, size));
        from = size;
    }
    layers",
        )],
    },
    Correct {
        id: "sizes-zipped",
        exercise: SIZES,
        edits: &[
            Helpers(
                "fn starts(input: usize, hidden: &[usize]) -> Vec<usize> {
    let mut starts = vec![input];
    starts.extend(hidden);
    starts
}",
            ),
            Body(
                0,
                "    let ends = hidden.iter().copied().chain([classes]);
    starts(input, hidden).into_iter().zip(ends).collect()",
            ),
        ],
    },
    Correct {
        id: "draws-in-loops",
        exercise: DRAW,
        edits: &[Body(
            0,
            "    let mut w = ndarray::Array2::zeros((fan_in, fan_out));
    for i in 0..fan_in {
        for j in 0..fan_out {
            w[[i, j]] = T::of(normal() * weight_scale);
        }
    }
    let b = ndarray::Array1::from_vec(vec![T::zero(); fan_out]);
    Layer { w, b }",
        )],
    },
    Correct {
        id: "sizes-by-index",
        exercise: SIZES,
        edits: &[Body(
            0,
            r#"    let mut sizes = vec![input];
    sizes.extend_from_slice(hidden);
    sizes.push(classes);
    (0..sizes.len() - 1).map(|i| (sizes[i], sizes[i + 1])).collect()"#,
        )],
    },
    Correct {
        id: "sizes-scanned",
        exercise: SIZES,
        edits: &[Body(
            0,
            r#"    let ends = hidden.iter().chain([&classes]);
    ends.scan(input, |from, &to| Some((std::mem::replace(from, to), to))).collect()"#,
        )],
    },
    Correct {
        id: "sizes-recursive",
        exercise: SIZES,
        edits: &[Body(
            0,
            r#"    match hidden {
        [] => vec![(input, classes)],
        [first, rest @ ..] => {
            let mut sizes = vec![(input, *first)];
            sizes.extend(layer_sizes(*first, rest, classes));
            sizes
        }
    }"#,
        )],
    },
    Correct {
        id: "draws-scaled-in-t",
        exercise: DRAW,
        edits: &[Swap(
            r#"T::of(weight_scale * normal())"#,
            r#"T::of(weight_scale) * T::of(normal())"#,
        )],
    },
    Correct {
        id: "draws-from-a-vec",
        exercise: DRAW,
        edits: &[Body(
            0,
            r#"    use ndarray::{Array1, Array2};
    let numbers = (0..fan_in * fan_out).map(|_| T::of(weight_scale * normal())).collect();
    let w = Array2::from_shape_vec((fan_in, fan_out), numbers).unwrap();
    Layer { w, b: Array1::zeros(fan_out) }"#,
        )],
    },
    Correct {
        id: "draws-filled-in",
        exercise: DRAW,
        edits: &[Body(
            0,
            r#"    use ndarray::{Array1, Array2};
    let mut w = Array2::zeros((fan_in, fan_out));
    for w in &mut w {
        *w = T::of(normal() * weight_scale);
    }
    Layer { w, b: Array1::zeros(fan_out) }"#,
        )],
    },
    Correct {
        id: "draws-then-scales",
        exercise: DRAW,
        edits: &[Body(
            0,
            r#"    use ndarray::{Array1, Array2};
    let w = Array2::from_shape_fn((fan_in, fan_out), |_| T::of(normal()));
    let b = Array1::from_elem(fan_out, T::zero());
    Layer { w: w * T::of(weight_scale), b }"#,
        )],
    },
];
