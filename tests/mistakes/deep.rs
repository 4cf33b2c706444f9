use crate::catalogue::Edit::{Body, Swap};
use crate::catalogue::{Correct, Mistake};

pub const MISTAKES: &[Mistake] = &[
    // The way up.
    Mistake {
        id: "dropout-at-test-time",
        exercise: "deep::forward",
        edits: &[Swap(
            "let (out, dropout) = self.drop_out(pass, i, active);",
            "let (seed, step) = (self.options.seed, 0);
            let mask_pass = match pass {
                Pass::Test => &Pass::Train { seed, step },
                _ => pass,
            };
            let (out, dropout) = self.drop_out(mask_pass, i, active);",
        )],
        sees: &[],
        says: "a test pass drops units. In a test pass dropout is the identity; drop_out knows \
               that, if it is told which pass this is.",
    },
    Mistake {
        id: "batch-moments-at-test-time",
        exercise: "deep::forward",
        edits: &[Swap(
            "let (normalized, norm) = self.normalize(pass, i, sums, &mut moments);",
            "let norm_pass = &Pass::Train { seed: 0, step: 0 };
            let (normalized, norm) = self.normalize(norm_pass, i, sums, &mut moments);",
        )],
        sees: &[],
        says: "a test pass normalizes by the batch's own moments. There it is the running \
               averages; normalize takes them, if it is told which pass this is.",
    },
    Mistake {
        id: "running-averages-in-training",
        exercise: "deep::forward",
        edits: &[Swap(
            "self.normalize(pass, i, sums, &mut moments)",
            "self.normalize(&Pass::Test, i, sums, &mut moments)",
        )],
        sees: &[],
        says: "a training pass normalizes by the running averages. Those are for a test pass; \
               hand the pass on as it came.",
    },
    Mistake {
        id: "dropout-not-passed-on",
        exercise: "deep::forward",
        edits: &[Swap(
            "let (out, dropout) = self.drop_out(pass, i, active);",
            "let out = active.clone();
            let (_, dropout) = self.drop_out(pass, i, active);",
        )],
        sees: &[],
        says: "what dropout returns goes nowhere: the next layer is given the activations as \
               they were before it, and only the cache knows of the mask.",
    },
    Mistake {
        id: "dropout-in-a-pass-of-its-own",
        exercise: "deep::forward",
        edits: &[Swap(
            "let (out, dropout) = self.drop_out(pass, i, active);",
            "let first = Pass::Train { seed: 0, step: 0 };
            let (out, dropout) = self.drop_out(&first, i, active);",
        )],
        sees: &[],
        says: "dropout is in another pass than the rest: the masks of seed 0 and step 0, \
               whatever `pass` says. Hand it on.",
    },
    Mistake {
        id: "never-a-dropout",
        exercise: "deep::forward",
        edits: &[Swap(
            "let (out, dropout) = self.drop_out(pass, i, active);",
            "let (out, dropout) = self.drop_out(&Pass::Test, i, active);",
        )],
        sees: &[],
        says: "nothing is dropped in a training pass. After its ReLU a hidden layer has \
               dropout, as the pass says.",
    },
    Mistake {
        id: "relu-forgotten",
        exercise: "deep::forward",
        edits: &[Swap(
            "let (active, relu) = relu::forward(normalized);",
            "let (_, relu) = relu::forward(normalized.clone());
            let active = normalized;",
        )],
        sees: &[],
        says: "no ReLU acts on the way up: negative numbers come out of the hidden layers. What \
               relu::forward returns is what goes on.",
    },
    Mistake {
        id: "norm-after-relu",
        exercise: "deep::forward",
        edits: &[Swap(
            "let (normalized, norm) = self.normalize(pass, i, sums, &mut moments);
            let (active, relu) = relu::forward(normalized);",
            "let (positive, relu) = relu::forward(sums);
            let (active, norm) = self.normalize(pass, i, positive, &mut moments);",
        )],
        sees: &[],
        says: "the normalization comes after the ReLU. It belongs between the affine layer's \
               sums and the ReLU.",
    },
    Mistake {
        id: "dropout-before-the-norm",
        exercise: "deep::forward",
        edits: &[Swap(
            "let (normalized, norm) = self.normalize(pass, i, sums, &mut moments);
            let (active, relu) = relu::forward(normalized);
            let (out, dropout) = self.drop_out(pass, i, active);",
            "let (kept, dropout) = self.drop_out(pass, i, sums);
            let (normalized, norm) = self.normalize(pass, i, kept, &mut moments);
            let (out, relu) = relu::forward(normalized);",
        )],
        sees: &[],
        says: "dropout comes before the normalization, which then centres and scales the zeros \
               too. Dropout is the last of a hidden layer's four steps.",
    },
    Mistake {
        id: "norm-forgotten",
        exercise: "deep::forward",
        edits: &[Swap(
            "let (normalized, norm) = self.normalize(pass, i, sums, &mut moments);",
            "let (_, norm) = self.normalize(pass, i, sums.clone(), &mut moments);
            let normalized = sums;",
        )],
        sees: &[],
        says: "the sums enter the ReLU as they are. What normalize returns is what goes on.",
    },
    Mistake {
        id: "norm-of-the-first-layer",
        exercise: "deep::forward",
        edits: &[Swap(
            "self.normalize(pass, i, sums, &mut moments)",
            "self.normalize(pass, 0, sums, &mut moments)",
        )],
        sees: &[],
        says: "layer 2 is given gamma and beta of layer 1. Layer, norm and mask have one index.",
    },
    Mistake {
        id: "mask-of-the-first-layer",
        exercise: "deep::forward",
        edits: &[Swap(
            "self.drop_out(pass, i, active)",
            "self.drop_out(pass, 0, active)",
        )],
        sees: &[],
        says: "layer 2 is given the mask of layer 1. Layer, norm and mask have one index.",
    },
    Mistake {
        id: "norm-of-the-next-layer",
        exercise: "deep::forward",
        edits: &[Swap(
            "self.normalize(pass, i, sums, &mut moments)",
            "self.normalize(pass, i + 1, sums, &mut moments)",
        )],
        sees: &[],
        says: "hidden layer 1 is given gamma and beta of layer 2. Indices count from 0, as the \
               loop does.",
    },
    Mistake {
        id: "mask-of-the-next-layer",
        exercise: "deep::forward",
        edits: &[Swap(
            "self.drop_out(pass, i, active)",
            "self.drop_out(pass, i + 1, active)",
        )],
        sees: &[],
        says: "hidden layer 1 is given the mask of layer 2. Indices count from 0, as the loop \
               does.",
    },
    Mistake {
        id: "norm-on-the-scores",
        exercise: "deep::forward",
        edits: &[Swap(
            "let (scores, last) = affine::forward(x, &last.w, &last.b);",
            "let (scores, last) = affine::forward(x, &last.w, &last.b);
        let (scores, _) = self.normalize(pass, layers.len(), scores, &mut moments);",
        )],
        sees: &[],
        says: "a norm is asked for behind the last layer, and there is none. The last layer is \
               affine alone: its scores are not normalized.",
    },
    Mistake {
        id: "dropout-on-the-scores",
        exercise: "deep::forward",
        edits: &[Swap(
            "let (scores, last) = affine::forward(x, &last.w, &last.b);",
            "let (scores, last) = affine::forward(x, &last.w, &last.b);
        let (scores, _) = self.drop_out(pass, layers.len(), scores);",
        )],
        sees: &[],
        says: "a mask is asked for behind the last layer, and there is none. The last layer is \
               affine alone: a dropped score would say 0 of a class.",
    },
    Mistake {
        id: "relu-on-the-scores",
        exercise: "deep::forward",
        edits: &[Swap(
            "let (scores, last) = affine::forward(x, &last.w, &last.b);",
            "let (scores, last) = affine::forward(x, &last.w, &last.b);
        let (scores, _) = relu::forward(scores);",
        )],
        sees: &[],
        says: "every negative score is 0. The last layer is affine alone, without a ReLU.",
    },
    Mistake {
        id: "x-not-handed-on",
        exercise: "deep::forward",
        edits: &[
            Swap("affine::forward(x, &layer.w, &layer.b)", "affine::forward(x.clone(), &layer.w, &layer.b)"),
            Swap("            x = out.into();\n", "            let _ = out;\n"),
            Swap("let mut x = x;", "let x = x;"),
        ],
        sees: &[],
        says: "every layer is given the network's input. What one layer hands out is the x of \
               the next.",
    },
    Mistake {
        id: "caches-in-reverse",
        exercise: "deep::forward",
        edits: &[Swap(
            "        let (scores, last)",
            "        hidden.reverse();
        let (scores, last)",
        )],
        sees: &[],
        says: "the caches stand in reverse: the first is that of the last hidden layer. They \
               are listed first to last, as the layers.",
    },
    Mistake {
        id: "moments-forgotten",
        exercise: "deep::forward",
        edits: &[Swap(
            "(scores, Caches { hidden, last }, moments)",
            "(scores, Caches { hidden, last }, Vec::new())",
        )],
        sees: &[],
        says: "the moments of the batch do not come out, so no running average will ever be \
               told. normalize collects them in `moments`.",
    },
    Mistake {
        id: "moments-in-reverse",
        exercise: "deep::forward",
        edits: &[Swap(
            "        let (scores, last)",
            "        moments.reverse();
        let (scores, last)",
        )],
        sees: &[],
        says: "the moments stand in reverse: the first are those of the last hidden layer. They \
               are listed first to last, as the layers.",
    },
    // The way down.
    Mistake {
        id: "dropout-skipped",
        exercise: "deep::backward",
        edits: &[Swap(
            "let dactive = drop_out_backward(dx, below.dropout);",
            "let dactive = dx;",
        )],
        sees: &[],
        says: "the gradient goes past the masks. A unit that was dropped had no part in the \
               loss; on the way down its mask stops the slope, or scales it.",
    },
    Mistake {
        id: "dropout-twice",
        exercise: "deep::backward",
        edits: &[Swap(
            "let dactive = drop_out_backward(dx, below.dropout);",
            "let dactive = drop_out_backward(dx, below.dropout.clone());
            let dactive = drop_out_backward(dactive, below.dropout);",
        )],
        sees: &[],
        says: "the masks act twice: what was kept is multiplied by 1.25 two times on the way \
               down. On the way up it was once.",
    },
    Mistake {
        id: "relu-skipped",
        exercise: "deep::backward",
        edits: &[Swap(
            "let dnormalized = relu::backward(&dactive, below.relu);",
            "let dnormalized = dactive;",
        )],
        sees: &[],
        says: "the gradient goes past the ReLUs. Where a unit was off its slope stops.",
    },
    Mistake {
        id: "norm-skipped",
        exercise: "deep::backward",
        edits: &[Swap(
            "let (dx, norm) = self.normalize_backward(i, dnormalized, below.norm);",
            "let (_, norm) = self.normalize_backward(i, dnormalized.clone(), below.norm);
            let dx = dnormalized;",
        )],
        sees: &[],
        says: "the gradient goes past the normalizations: gamma and beta get theirs, but what \
               is handed on is the slope above the norm. Hand on its dx.",
    },
    Mistake {
        id: "norm-before-relu",
        exercise: "deep::backward",
        edits: &[Swap(
            "let dnormalized = relu::backward(&dactive, below.relu);
            let (dx, norm) = self.normalize_backward(i, dnormalized, below.norm);",
            "let (dx, norm) = self.normalize_backward(i, dactive, below.norm);
            let dx = relu::backward(&dx, below.relu);",
        )],
        sees: &[],
        says: "on the way down the norm comes before the ReLU. On the way up it came before it \
               too; the way down is the way up in reverse.",
    },
    Mistake {
        id: "norm-index-above",
        exercise: "deep::backward",
        edits: &[Swap(
            "self.normalize_backward(i, dnormalized, below.norm)",
            "self.normalize_backward(i + 1, dnormalized, below.norm)",
        )],
        sees: &[],
        says: "entry 2 of a list of 2 norms is read: the last layer has none. Layer, norm and \
               cache have one index.",
    },
    Mistake {
        id: "norm-of-the-first-layer-below",
        exercise: "deep::backward",
        edits: &[Swap(
            "self.normalize_backward(i, dnormalized, below.norm)",
            "self.normalize_backward(0, dnormalized, below.norm)",
        )],
        sees: &[],
        says: "layer 2 is given gamma of layer 1. Layer, norm and cache have one index.",
    },
    Mistake {
        id: "norms-not-reversed",
        exercise: "deep::backward",
        edits: &[Swap("        norms.reverse();\n", "")],
        sees: &[],
        says: "dgamma1 and dbeta1 are those of layer 2, and the other way round. The walk finds \
               the last norm first; the list begins with layer 1.",
    },
    Mistake {
        id: "layers-not-reversed",
        exercise: "deep::backward",
        edits: &[Swap("        grads.reverse();\n", "")],
        sees: &[],
        says: "dW1 is the gradient of W3, and dW3 that of W1. The walk finds the last layer \
               first; the list of gradients begins with layer 1.",
    },
    Mistake {
        id: "nothing-reversed",
        exercise: "deep::backward",
        edits: &[
            Swap("        grads.reverse();\n", ""),
            Swap("        norms.reverse();\n", ""),
        ],
        sees: &[],
        says: "all gradients stand in reverse, of layers and of norms. The walk finds the last \
               layer first; both lists begin with layer 1.",
    },
    Mistake {
        id: "norms-forgotten",
        exercise: "deep::backward",
        edits: &[
            Swap(
                "Gradients::from((grads, norms))",
                "let _ = norms;
        Gradients::from(grads)",
            ),
            Swap("let mut norms = Vec::new();", "let mut norms: Vec<crate::Norm<T>> = Vec::new();"),
        ],
        sees: &[],
        says: "there is no gradient of gamma and beta. Gradients::from takes a pair of lists: \
               the layers' and the norms'.",
    },
    Mistake {
        id: "gamma-and-beta-exchanged",
        exercise: "deep::backward",
        edits: &[Swap(
            "norms.extend(norm);",
            "norms.extend(norm.map(|norm| crate::Norm { gamma: norm.beta, beta: norm.gamma }));",
        )],
        sees: &[],
        says: "dgamma is the gradient of beta, and dbeta that of gamma. They have one shape, so \
               nothing else will tell.",
    },
    Mistake {
        id: "gamma-and-beta-zero",
        exercise: "deep::backward",
        edits: &[Swap(
            "norms.extend(norm);",
            "norms.extend(norm.map(|norm| crate::Norm {
                gamma: norm.gamma * T::zero(),
                beta: norm.beta * T::zero(),
            }));",
        )],
        sees: &[],
        says: "every dgamma and dbeta is 0, so gamma stays at 1 and beta at 0. \
               normalize_backward returns their gradients beside dx.",
    },
    Mistake {
        id: "hidden-biases-zero",
        exercise: "deep::backward",
        edits: &[
            Swap("            grads.push(Layer { w: dw, b: db });\n\n", "            let db = if i + 2 < layers.len() { db * T::zero() } else { db };\n            grads.push(Layer { w: dw, b: db });\n\n"),
            Swap("let (dw, db) = affine::param_grads(&dsums, cache);", "let (dw, db) = affine::param_grads(&dsums, cache);
        let db = if layers.len() > 1 { db * T::zero() } else { db };"),
        ],
        sees: &[],
        says: "every db in front of a hidden unit is 0. Only batch normalization takes away all \
               effect of a bias; here there is layer normalization, or none.",
    },
    Mistake {
        id: "weights-of-the-layer-below",
        exercise: "deep::backward",
        edits: &[Swap("&layers[i + 1].w", "&layers[i].w")],
        sees: &[],
        says: "layer 3 is given W2. A layer's dx needs the W that its own forward pass used; \
               the hidden layer i has the layer i + 1 above it.",
    },
    Mistake {
        id: "weights-of-the-last-layer",
        exercise: "deep::backward",
        edits: &[Swap("&layers[i + 1].w", "&layers[layers.len() - 1].w")],
        sees: &[],
        says: "layer 2 is given W3. A layer's dx needs the W that its own forward pass used.",
    },
    Mistake {
        id: "dsums-not-handed-on",
        exercise: "deep::backward",
        edits: &[
            Swap("(dsums, cache) = (dx, below.affine);", "let _ = dx;
            cache = below.affine;"),
            Swap("let mut dsums", "let dsums"),
        ],
        sees: &[],
        says: "every layer is given dscores. The dx of one layer, taken through dropout, ReLU \
               and norm, is what the layer below it is given.",
    },
    Mistake {
        id: "walk-forwards",
        exercise: "deep::backward",
        edits: &[Swap(".enumerate().rev()", ".enumerate()")],
        sees: &[],
        says: "the hidden layers are walked first to last. The walk begins at the loss: last \
               layer first.",
    },
    Mistake {
        id: "first-layer-left-out",
        exercise: "deep::backward",
        edits: &[Swap(
            "        let (dw, db) = affine::param_grads(&dsums, cache);
        grads.push(Layer { w: dw, b: db });\n",
            "        let _ = (dsums, cache);\n",
        )],
        sees: &[],
        says: "layer 1 has no gradient: the loop leaves the affine part of the first layer to \
               what comes after it.",
    },
    Mistake {
        id: "divided-by-n",
        exercise: "deep::backward",
        edits: &[Swap(
            "let mut dsums = dscores;",
            "let n = T::of(dscores.nrows() as f64);
        let mut dsums = dscores / n;",
        )],
        sees: &[],
        says: "every gradient is 1/5 of what it should be, and N = 5. The 1/N of the mean loss \
               is in dscores already.",
    },
    Mistake {
        id: "sign",
        exercise: "deep::backward",
        edits: &[Swap("let mut dsums = dscores;", "let mut dsums = -dscores;")],
        sees: &[],
        says: "every gradient has the opposite sign. A gradient points uphill; the minus comes \
               with the step.",
    },
    Mistake {
        id: "penalty-already",
        exercise: "deep::backward",
        edits: &[
            Swap("            grads.push(Layer { w: dw, b: db });\n\n", "            let dw = dw + &layers[i + 1].w * T::of(self.options.reg);\n            grads.push(Layer { w: dw, b: db });\n\n"),
            Swap("let (dw, db) = affine::param_grads(&dsums, cache);", "let (dw, db) = affine::param_grads(&dsums, cache);
        let dw = dw + &layers[0].w * T::of(self.options.reg);"),
        ],
        sees: &[],
        says: "every dW is off by exactly reg·W. This is the gradient of the data loss alone; \
               loss_in adds the penalty.",
    },
];

pub const CORRECT: &[Correct] = &[
    // m ≥ 0, so m·max(0, z) = max(0, m·z), and the caches fit either way down.
    Correct {
        id: "dropout-before-relu",
        exercise: "deep::forward",
        edits: &[Swap(
            "let (active, relu) = relu::forward(normalized);
            let (out, dropout) = self.drop_out(pass, i, active);",
            "let (kept, dropout) = self.drop_out(pass, i, normalized);
            let (out, relu) = relu::forward(kept);",
        )],
    },
    Correct {
        id: "by-index",
        exercise: "deep::forward",
        edits: &[Body(
            0,
            "        let mut x = x;
        let mut hidden = Vec::new();
        for i in 0..layers.len() {
            let (sums, affine) = affine::forward(x, &layers[i].w, &layers[i].b);
            let (a, norm) = self.normalize(pass, i, sums, &mut moments);
            let (a, relu) = relu::forward(a);
            let (a, dropout) = self.drop_out(pass, i, a);
            hidden.push(HiddenCache { affine, norm, relu, dropout });
            x = CowArray::from(a);
        }
        let (scores, last) = affine::forward(x, &last.w, &last.b);
        return (scores, Caches { hidden, last }, moments);",
        )],
    },
    Correct {
        id: "as-a-fold",
        exercise: "deep::forward",
        edits: &[Body(
            0,
            "        let mut hidden = Vec::new();
        let x = layers.iter().enumerate().fold(x, |x, (i, layer)| {
            let (sums, affine) = affine::forward(x, &layer.w, &layer.b);
            let (normalized, norm) = self.normalize(pass, i, sums, &mut moments);
            let (active, relu) = relu::forward(normalized);
            let (out, dropout) = self.drop_out(pass, i, active);
            hidden.push(HiddenCache { affine, norm, relu, dropout });
            CowArray::from(out)
        });
        let (scores, last) = affine::forward(x, &last.w, &last.b);
        (scores, Caches { hidden, last }, moments)",
        )],
    },
    // Both multiply entry by entry.
    Correct {
        id: "relu-and-dropout-in-either-order",
        exercise: "deep::backward",
        edits: &[Swap(
            "let dactive = drop_out_backward(dx, below.dropout);
            let dnormalized = relu::backward(&dactive, below.relu);",
            "let dactive = relu::backward(&dx, below.relu);
            let dnormalized = drop_out_backward(dactive, below.dropout);",
        )],
    },
    // Rounding errors replaced by the true value.
    Correct {
        id: "no-bias-in-front-of-batch-normalization",
        exercise: "deep::backward",
        edits: &[
            Swap(
                "let mut cache = last;",
                "let mut cache = last;
        let dead = self.options.normalization == Normalization::BatchNorm;",
            ),
            Swap(
                "            grads.push(Layer { w: dw, b: db });\n\n",
                "            let db = if dead && i + 2 < layers.len() { db * T::zero() } else { db };
            grads.push(Layer { w: dw, b: db });\n\n",
            ),
        ],
    },
    Correct {
        id: "popping-caches",
        exercise: "deep::backward",
        edits: &[Body(
            0,
            "        let Caches { mut hidden, last } = caches;
        let mut grads = self.parameters.clone();
        let mut dout = dscores;
        let mut cache = last;
        while let Some(below) = hidden.pop() {
            let i = hidden.len();
            let step = affine::backward(&dout, cache, &layers[i + 1].w);
            grads.layers[i + 1].w = step.dw;
            grads.layers[i + 1].b = step.db;
            let d = drop_out_backward(step.dx, below.dropout);
            let d = relu::backward(&d, below.relu);
            let (d, norm) = self.normalize_backward(i, d, below.norm);
            if let Some(norm) = norm {
                grads.norms[i] = norm;
            }
            dout = d;
            cache = below.affine;
        }
        let (dw, db) = affine::param_grads(&dout, cache);
        grads.layers[0].w = dw;
        grads.layers[0].b = db;
        grads",
        )],
    },
    Correct {
        id: "lists-filled-from-the-front",
        exercise: "deep::backward",
        edits: &[Body(
            0,
            "        let mut grads = std::collections::VecDeque::new();
        let mut norms = std::collections::VecDeque::new();
        let mut dout = dscores;
        let mut cache = caches.last;
        let above = layers.iter().skip(1);
        for (i, (below, above)) in caches.hidden.into_iter().zip(above).enumerate().rev() {
            let affine::Grads { dx, dw, db } = affine::backward(&dout, cache, &above.w);
            grads.push_front(crate::Layer { w: dw, b: db });
            let masked = match below.dropout {
                Some(cache) => dropout::backward(&dx, cache),
                None => dx,
            };
            let (dsums, norm) =
                self.normalize_backward(i, relu::backward(&masked, below.relu), below.norm);
            if let Some(norm) = norm {
                norms.push_front(norm);
            }
            dout = dsums;
            cache = below.affine;
        }
        let (w, b) = affine::param_grads(&dout, cache);
        grads.push_front(crate::Layer { w, b });
        Gradients::from((Vec::from(grads), Vec::from(norms)))",
        )],
    },
];
