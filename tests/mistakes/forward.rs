use crate::catalogue::Edit::{Body, Helpers, Swap};
use crate::catalogue::{Correct, Mistake};

const FORWARD: &str = "forward::forward";

pub const MISTAKES: &[Mistake] = &[
    Mistake {
        id: "sandwich-for-the-last-layer",
        exercise: FORWARD,
        edits: &[Swap(
            "let (scores, cache) = affine::forward(x, &last.w, &last.b);
        caches.push(LayerCache::Last(cache));",
            "let (scores, cache) = relu::affine_relu_forward(x, &last.w, &last.b);
        caches.push(LayerCache::Hidden(cache));",
        )],
        sees: &["plain.scores", "plain.caches"],
        says: "no score is negative: the last layer is a sandwich too. It is affine alone, \
               and its cache is LayerCache::Last.",
    },
    Mistake {
        id: "relu-after-the-last-layer",
        exercise: FORWARD,
        edits: &[Swap(
            "(scores, caches)",
            "(scores.mapv(|s| if s <= T::zero() { T::zero() } else { s }), caches)",
        )],
        sees: &["plain.scores", "square.scores"],
        says: "no score is negative: there is a ReLU after the last layer. Scores may have \
               either sign.",
    },
    Mistake {
        id: "no-relu",
        exercise: FORWARD,
        edits: &[Swap(
            "let (out, cache) = relu::affine_relu_forward(x, &layer.w, &layer.b);
            caches.push(LayerCache::Hidden(cache));",
            "let (out, cache) = affine::forward(x, &layer.w, &layer.b);
            caches.push(LayerCache::Last(cache));",
        )],
        sees: &["plain.scores", "plain.caches"],
        says: "the net is linear: no hidden layer has a ReLU. Layers without one collapse \
               into a single layer.",
    },
    Mistake {
        id: "no-relu-in-the-output",
        exercise: FORWARD,
        edits: &[Swap(
            "let (out, cache) = relu::affine_relu_forward(x, &layer.w, &layer.b);",
            "let (out, _) = affine::forward(x.view(), &layer.w, &layer.b);
            let (_, cache) = relu::affine_relu_forward(x, &layer.w, &layer.b);",
        )],
        sees: &["plain.scores"],
        says: "the net is linear: what goes on to the next layer has not been through the \
               ReLU.",
    },
    Mistake {
        id: "caches-reversed",
        exercise: FORWARD,
        edits: &[
            Swap(
                "caches.push(LayerCache::Hidden(cache));",
                "caches.insert(0, LayerCache::Hidden(cache));",
            ),
            Swap(
                "caches.push(LayerCache::Last(cache));",
                "caches.insert(0, LayerCache::Last(cache));",
            ),
        ],
        sees: &["plain.caches"],
        says: "the caches stand last to first. Layer i's cache belongs at place i; walking \
               backwards is the next chapter's.",
    },
    Mistake {
        id: "hidden-caches-reversed",
        exercise: FORWARD,
        edits: &[Swap(
            "caches.push(LayerCache::Hidden(cache));",
            "caches.insert(0, LayerCache::Hidden(cache));",
        )],
        sees: &["square.dW1", "square.dW2"],
        says: "the caches of the hidden layers stand last to first. Layer i's cache belongs \
               at place i.",
    },
    Mistake {
        id: "no-cache-of-the-last-layer",
        exercise: FORWARD,
        edits: &[Swap(
            "caches.push(LayerCache::Last(cache));",
            "let _ = cache;",
        )],
        sees: &["plain.caches", "single.caches"],
        says: "the last layer has no cache. Each layer needs one, or it learns nothing.",
    },
    Mistake {
        id: "no-caches-of-hidden-layers",
        exercise: FORWARD,
        edits: &[Swap(
            "caches.push(LayerCache::Hidden(cache));",
            "let _ = cache;",
        )],
        sees: &["plain.caches"],
        says: "the hidden layers have no caches. Each layer needs one, or it learns nothing.",
    },
    Mistake {
        id: "x-never-moves-on",
        exercise: FORWARD,
        edits: &[Body(
            0,
            "        let mut caches = Vec::new();
        for layer in hidden {
            let (_, cache) =
                relu::affine_relu_forward(x.clone(), &layer.w, &layer.b);
            caches.push(LayerCache::Hidden(cache));
        }
        let (scores, cache) = affine::forward(x, &last.w, &last.b);
        caches.push(LayerCache::Last(cache));
        (scores, caches)",
        )],
        sees: &["square.scores", "square.dW2"],
        says: "every layer is given the net's input. The input of a layer is the output of \
               the layer before it.",
    },
    Mistake {
        id: "last-layer-of-the-input",
        exercise: FORWARD,
        edits: &[
            Swap(
                "let mut x = x;",
                "let input = x.clone();\n        let mut x = x;",
            ),
            Swap(
                "affine::forward(x, &last.w",
                "affine::forward(input, &last.w",
            ),
        ],
        sees: &["square.scores", "square.dW3"],
        says: "the last layer is given the net's input. Its input is the output of the last \
               hidden layer.",
    },
    Mistake {
        id: "first-parameters-in-every-layer",
        exercise: FORWARD,
        edits: &[Swap(
            "for layer in hidden {",
            "for _ in hidden {\n            let layer = &hidden[0];",
        )],
        sees: &["square.scores"],
        says: "every hidden layer uses W1 and b1. Each has parameters of its own.",
    },
    Mistake {
        id: "hidden-layers-reversed",
        exercise: FORWARD,
        edits: &[Swap("in hidden {", "in hidden.iter().rev() {")],
        sees: &["square.scores"],
        says: "the hidden layers are walked last to first. Forward begins at the input, with \
               W1.",
    },
    Mistake {
        id: "first-layer-skipped",
        exercise: FORWARD,
        edits: &[Swap("in hidden {", "in hidden.iter().skip(1) {")],
        sees: &["square.scores", "square.caches"],
        says: "W1 and b1 are not used: the loop begins one layer too late.",
    },
    Mistake {
        id: "last-hidden-layer-skipped",
        exercise: FORWARD,
        edits: &[Swap(
            "in hidden {",
            "in hidden.iter().take(hidden.len().saturating_sub(1)) {",
        )],
        sees: &["square.scores", "square.caches"],
        says: "the last hidden layer is not used. Does the loop end one layer too early?",
    },
    Mistake {
        id: "biases-forgotten",
        exercise: FORWARD,
        edits: &[
            Swap("&layer.w, &layer.b", "&layer.w, &(&layer.b * T::zero())"),
            Swap("&last.w, &last.b", "&last.w, &(&last.b * T::zero())"),
        ],
        sees: &["plain.scores"],
        says: "the scores are those of a net whose biases are 0. They begin at 0, but they \
               learn.",
    },
    Mistake {
        id: "biases-of-hidden-layers-forgotten",
        exercise: FORWARD,
        edits: &[Swap(
            "&layer.w, &layer.b",
            "&layer.w, &(&layer.b * T::zero())",
        )],
        sees: &["plain.scores"],
        says: "the scores are those of a net whose hidden layers have no biases. They begin \
               at 0, but they learn.",
    },
    Mistake {
        id: "softmax-of-scores",
        exercise: FORWARD,
        edits: &[Swap(
            "(scores, caches)",
            "let mut scores = scores;
        for mut row in scores.rows_mut() {
            row.mapv_inplace(T::exp);
            let sum = row.sum();
            row /= sum;
        }
        (scores, caches)",
        )],
        sees: &["plain.scores", "square.scores"],
        says: "each row of scores sums to 1: they have become probabilities. The softmax \
               belongs to the loss.",
    },
    Mistake {
        id: "relu-before-the-first-layer",
        exercise: FORWARD,
        edits: &[Swap(
            "let mut x = x;",
            "let (clipped, _) = relu::forward(x);
        let mut x: CowArray<'a, T, Ix2> = clipped.into();",
        )],
        sees: &["plain.scores", "single.scores"],
        says: "the net's input goes through a ReLU. The ReLU stands behind each hidden layer, \
               not before it.",
    },
    Mistake {
        id: "nan-hidden",
        exercise: FORWARD,
        edits: &[Swap(
            "x = out.into();",
            "x = out.mapv(|o| o.max(T::zero())).into();",
        )],
        sees: &["nan.scores"],
        says: "a NaN in x does not reach the scores. `max` prefers the other number; the ReLU \
               of chapter 2 is enough.",
    },
    Mistake {
        id: "hidden-layers-of-the-input",
        exercise: "forward::forward",
        edits: &[Body(
            0,
            "        let mut last_out = x.clone();
        let mut caches = Vec::new();
        for layer in hidden {
            let (out, cache) =
                relu::affine_relu_forward(x.clone(), &layer.w, &layer.b);
            caches.push(LayerCache::Hidden(cache));
            last_out = out.into();
        }
        let (scores, cache) = affine::forward(last_out, &last.w, &last.b);
        caches.push(LayerCache::Last(cache));
        (scores, caches)",
        )],
        sees: &["square.scores", "square.dW2"],
        says: "every hidden layer is given the net's input. The input of a layer is the output \
               of the layer before it.",
    },
    Mistake {
        id: "no-caches",
        exercise: "forward::forward",
        edits: &[Swap(
            "        (scores, caches)",
            "        caches.clear();
        (scores, caches)",
        )],
        sees: &["plain.caches", "single.caches"],
        says: "there are no caches. Each layer needs one, or it learns nothing.",
    },
    Mistake {
        id: "last-cache-first",
        exercise: "forward::forward",
        edits: &[Swap(
            "caches.push(LayerCache::Last(cache));",
            "caches.insert(0, LayerCache::Last(cache));",
        )],
        sees: &["plain.caches"],
        says: "the last layer's cache stands first. Layer i's cache belongs at place i.",
    },
    Mistake {
        id: "last-cache-twice",
        exercise: "forward::forward",
        edits: &[Swap(
            "caches.push(LayerCache::Last(cache));",
            "caches.push(LayerCache::Last(cache.clone()));
        caches.push(LayerCache::Last(cache));",
        )],
        sees: &["plain.caches", "single.caches"],
        says: "the last layer's cache is there twice. There is one cache for each layer.",
    },
];

pub const CORRECT: &[Correct] = &[
    Correct {
        id: "by-index",
        exercise: FORWARD,
        edits: &[Body(
            0,
            "        let mut caches = Vec::new();
        let mut x = x;
        for i in 0..layers.len() - 1 {
            let (w, b) = (&layers[i].w, &layers[i].b);
            let (out, cache) = relu::affine_relu_forward(x, w, b);
            x = CowArray::from(out);
            caches.push(LayerCache::Hidden(cache));
        }
        let _ = hidden;
        let (scores, cache) = affine::forward(x, &last.w, &last.b);
        caches.push(LayerCache::Last(cache));
        (scores, caches)",
        )],
    },
    Correct {
        id: "recursive",
        exercise: FORWARD,
        edits: &[
            Helpers(
                "fn deeper<'a, T: Scalar>(
    x: CowArray<'a, T, Ix2>,
    layers: &[crate::Layer<T>],
    caches: &mut Vec<LayerCache<'a, T>>,
) -> Array2<T> {
    let layer = &layers[0];
    if layers.len() == 1 {
        let (scores, cache) = affine::forward(x, &layer.w, &layer.b);
        caches.push(LayerCache::Last(cache));
        return scores;
    }
    let (out, cache) = relu::affine_relu_forward(x, &layer.w, &layer.b);
    caches.push(LayerCache::Hidden(cache));
    deeper(out.into(), &layers[1..], caches)
}",
            ),
            Body(
                0,
                "        let _ = (last, hidden);
        let mut caches = Vec::new();
        let scores = deeper(x, layers, &mut caches);
        (scores, caches)",
            ),
        ],
    },
    Correct {
        id: "fold",
        exercise: FORWARD,
        edits: &[Body(
            0,
            "        let start = (x, Vec::new());
        let (x, mut caches) = hidden.iter().fold(start, |(x, mut caches), layer| {
            let (out, cache) = relu::affine_relu_forward(x, &layer.w, &layer.b);
            caches.push(LayerCache::Hidden(cache));
            (out.into(), caches)
        });
        let (scores, cache) = affine::forward(x, &last.w, &last.b);
        caches.push(LayerCache::Last(cache));
        (scores, caches)",
        )],
    },
    Correct {
        id: "one-loop",
        exercise: FORWARD,
        edits: &[Body(
            0,
            r#"        let mut x = x;
        let mut caches = Vec::with_capacity(layers.len());
        let mut scores = Array2::zeros((0, 0));
        for (i, layer) in layers.iter().enumerate() {
            if i + 1 < layers.len() {
                let (out, cache) = relu::affine_relu_forward(x, &layer.w, &layer.b);
                caches.push(LayerCache::Hidden(cache));
                x = out.into();
            } else {
                let (out, cache) = affine::forward(x, &layer.w, &layer.b);
                caches.push(LayerCache::Last(cache));
                scores = out;
                break;
            }
        }
        (scores, caches)"#,
        )],
    },
];
