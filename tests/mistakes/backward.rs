use crate::catalogue::Edit::{Body, Helpers, Swap};
use crate::catalogue::{Correct, Mistake};

pub const MISTAKES: &[Mistake] = &[
    Mistake {
        id: "loop-forwards",
        exercise: "backward::backward",
        edits: &[Swap(".enumerate().rev()", ".enumerate()")],
        sees: &[],
        says: "layer 1 is given dscores, which is the last layer's dout. The walk begins \
               at the loss: last layer first.",
    },
    Mistake {
        id: "loop-and-list-forwards",
        exercise: "backward::backward",
        edits: &[
            Swap(".enumerate().rev()", ".enumerate()"),
            Swap("        grads.reverse();\n", ""),
        ],
        sees: &[],
        says: "layer 1 is given dscores, which is the last layer's dout. The walk begins \
               at the loss: last layer first.",
    },
    Mistake {
        id: "caches-forwards",
        exercise: "backward::backward",
        edits: &[Swap(
            "for (i, cache) in caches.into_iter().enumerate().rev() {",
            "for i in (0..layers.len()).rev() {
            let cache = caches[layers.len() - 1 - i].clone();",
        )],
        sees: &[],
        says: "the last layer is given the cache of layer 1. The caches are listed first \
               to last; walk that list from its end, as the layers.",
    },
    Mistake {
        id: "cache-of-the-layer-below",
        exercise: "backward::backward",
        edits: &[Swap(
            "for (i, cache) in caches.into_iter().enumerate().rev() {",
            "for i in (0..layers.len()).rev() {
            let cache = caches[i.saturating_sub(1)].clone();",
        )],
        sees: &[],
        says: "layer 3 is given the cache of layer 2. Layer and cache have one index.",
    },
    Mistake {
        id: "weights-of-the-layer-below",
        exercise: "backward::backward",
        edits: &[Swap("&layers[i].w", "&layers[i - 1].w")],
        sees: &[],
        says: "layer 3 is given W2. A layer's dx needs the W that its own forward pass \
               used.",
    },
    Mistake {
        id: "weights-of-the-layer-above",
        exercise: "backward::backward",
        edits: &[Swap("&layers[i].w", "&layers[i + 1].w")],
        sees: &[],
        says: "entry 3 of a list of 3 is read: above the last layer there is none. Layer, \
               W and cache have one index.",
    },
    Mistake {
        id: "weights-of-the-last-layer",
        exercise: "backward::backward",
        edits: &[Swap("&layers[i].w", "&layers[layers.len() - 1].w")],
        sees: &[],
        says: "layer 2 is given W3. A layer's dx needs the W that its own forward pass \
               used.",
    },
    Mistake {
        id: "dout-not-handed-on",
        exercise: "backward::backward",
        edits: &[Swap("                dout = dx;\n", "")],
        sees: &[],
        says: "layer 2 is given dscores, as layer 3 was. The dx of one layer is the dout \
               of the layer below it.",
    },
    Mistake {
        id: "dout-accumulated",
        exercise: "backward::backward",
        edits: &[Swap("dout = dx;", "dout = &dout + &dx;")],
        sees: &[],
        says: "layer 2 is given the dout of layer 3 plus its dx. The dx replaces it: \
               layer 2 is heard through layer 3 alone.",
    },
    Mistake {
        id: "grads-not-reversed",
        exercise: "backward::backward",
        edits: &[Swap("        grads.reverse();\n", "")],
        sees: &[],
        says: "dW1 is the gradient of W3, and dW3 that of W1. The walk finds the last \
               layer first; the list of gradients begins with layer 1.",
    },
    Mistake {
        id: "divided-at-each-layer",
        exercise: "backward::backward",
        edits: &[Swap(
            "dout = dx;",
            "let n = T::of(dx.nrows() as f64);
                dout = dx / n;",
        )],
        sees: &[],
        says: "dW3 is right, dW2 is 1/5 of what it should be, dW1 1/25, and N = 5. The \
               1/N is in dscores; no layer divides again.",
    },
    Mistake {
        id: "divided-by-n",
        exercise: "backward::backward",
        edits: &[Swap(
            "let mut dout = dscores;",
            "let n = T::of(dscores.nrows() as f64);
        let mut dout = dscores / n;",
        )],
        sees: &[],
        says: "every gradient is 1/5 of what it should be, and N = 5. The 1/N of the mean \
               loss is in dscores already.",
    },
    Mistake {
        id: "multiplied-by-n",
        exercise: "backward::backward",
        edits: &[Swap(
            "let mut dout = dscores;",
            "let n = T::of(dscores.nrows() as f64);
        let mut dout = dscores * n;",
        )],
        sees: &[],
        says: "every gradient is 5 times what it should be, and N = 5. The loss is a mean, \
               and dscores is the gradient of that mean.",
    },
    Mistake {
        id: "sign",
        exercise: "backward::backward",
        edits: &[Swap("let mut dout = dscores;", "let mut dout = -dscores;")],
        sees: &[],
        says: "every gradient has the opposite sign. A gradient points uphill; the minus \
               comes with the step, in chapter 9.",
    },
    Mistake {
        id: "first-layer-left-out",
        exercise: "backward::backward",
        edits: &[Swap(
            "for (i, cache) in caches.into_iter().enumerate().rev() {",
            "for (i, cache) in caches.into_iter().enumerate().skip(1).rev() {",
        )],
        sees: &[],
        says: "there are gradients for 2 layers, and the network has 3: layer 1 has none. \
               The walk ends one layer too early.",
    },
    Mistake {
        id: "first-layer-zero",
        exercise: "backward::backward",
        edits: &[Swap(
            "cache.param_grads(&dout)",
            "(layers[0].w.mapv(|_| T::zero()), layers[0].b.mapv(|_| T::zero()))",
        )],
        sees: &[],
        says: "dW1 and db1 are 0, so layer 1 never learns. The first layer needs no dx, \
               but dw and db as every other.",
    },
    Mistake {
        id: "last-layer-left-out",
        exercise: "backward::backward",
        edits: &[Swap(
            "for (i, cache) in caches.into_iter().enumerate().rev() {",
            "for (i, cache) in caches.into_iter().enumerate().rev().skip(1) {",
        )],
        sees: &[],
        says: "the last layer is left out, and layer 2 is given dscores. The last layer \
               has no ReLU, but it has a W and a b.",
    },
    Mistake {
        id: "biases-zero",
        exercise: "backward::backward",
        edits: &[Swap(
            "grads.push(Layer { w: dw, b: db });",
            "grads.push(Layer { w: dw, b: db * T::zero() });",
        )],
        sees: &[],
        says: "every db is 0. Each layer's backward pass returns dw and db; both belong \
               in the list.",
    },
    Mistake {
        id: "penalty-already",
        exercise: "backward::backward",
        edits: &[Swap(
            "grads.push(Layer { w: dw, b: db });",
            "let dw = dw + &layers[i].w * T::of(self.options.reg);
            grads.push(Layer { w: dw, b: db });",
        )],
        sees: &[],
        says: "every dW is off by exactly reg·W. This is the gradient of the data loss \
               alone; the penalty is added in chapter 7.",
    },
    Mistake {
        id: "walk-forwards",
        exercise: "backward::backward",
        edits: &[Body(
            0,
            "        use crate::Layer;

        let mut dout = dscores;
        let mut grads = Vec::with_capacity(layers.len());
        for (cache, layer) in caches.into_iter().zip(layers) {
            let step = cache.backward(&dout, &layer.w);
            dout = step.dx;
            grads.push(Layer { w: step.dw, b: step.db });
        }
        grads.reverse();
        Gradients::from(grads)",
        )],
        sees: &[],
        says: "layer 1 is given dscores, which is the last layer's dout. The walk begins at the \
               loss: last layer first.",
    },
    Mistake {
        id: "walk-and-list-forwards",
        exercise: "backward::backward",
        edits: &[Body(
            0,
            "        use crate::Layer;

        let mut dout = dscores;
        let mut grads = Vec::with_capacity(layers.len());
        for (cache, layer) in caches.into_iter().zip(layers) {
            let step = cache.backward(&dout, &layer.w);
            dout = step.dx;
            grads.push(Layer { w: step.dw, b: step.db });
        }
        Gradients::from(grads)",
        )],
        sees: &[],
        says: "layer 1 is given dscores, which is the last layer's dout. The walk begins at the \
               loss: last layer first.",
    },
    Mistake {
        id: "caches-alone-reversed",
        exercise: "backward::backward",
        edits: &[Body(
            0,
            "        use crate::Layer;

        let mut dout = dscores;
        let mut grads = Vec::with_capacity(layers.len());
        for (cache, layer) in caches.into_iter().rev().zip(layers) {
            let step = cache.backward(&dout, &layer.w);
            dout = step.dx;
            grads.push(Layer { w: step.dw, b: step.db });
        }
        grads.reverse();
        Gradients::from(grads)",
        )],
        sees: &[],
        says: "the last layer's cache meets W1: the caches are walked from their end, and the \
               layers from their beginning. Cache and W belong to one layer.",
    },
    Mistake {
        id: "last-layer-alone",
        exercise: "backward::backward",
        edits: &[Body(
            0,
            "        use crate::Layer;

        let mut dout = dscores;
        let mut grads = Vec::with_capacity(layers.len());
        for (cache, layer) in caches.into_iter().zip(layers).rev() {
            let step = cache.backward(&dout, &layer.w);
            dout = step.dx;
            grads.push(Layer { w: step.dw, b: step.db });
            if !grads.is_empty() {
                break;
            }
        }
        grads.reverse();
        Gradients::from(grads)",
        )],
        sees: &[],
        says: "there is a gradient for one layer, the last, and the network has 3. Is there a \
               return or a break inside the loop?",
    },
    Mistake {
        id: "weights-zero",
        exercise: "backward::backward",
        edits: &[Swap(
            "grads.push(Layer { w: dw, b: db });",
            "grads.push(Layer { w: dw * T::zero(), b: db });",
        )],
        sees: &[],
        says: "every dW is 0. Each layer's backward pass returns dw and db; both belong in the \
               list.",
    },
];

pub const CORRECT: &[Correct] = &[
    Correct {
        id: "with-dx-of-the-first-layer",
        exercise: "backward::backward",
        edits: &[Body(
            0,
            "        let mut dout = dscores;
        let mut grads = Vec::new();
        for (cache, layer) in caches.into_iter().zip(layers).rev() {
            let step = cache.backward(&dout, &layer.w);
            grads.push(crate::Layer { w: step.dw, b: step.db });
            dout = step.dx;
        }
        grads.reverse();
        Gradients::from(grads)",
        )],
    },
    Correct {
        id: "popping-caches",
        exercise: "backward::backward",
        edits: &[Body(
            0,
            "        let mut caches = caches;
        let mut dout = dscores;
        let mut grads = std::collections::VecDeque::new();
        while let Some(cache) = caches.pop() {
            let i = caches.len();
            let (w, b);
            if i > 0 {
                let step = cache.backward(&dout, &layers[i].w);
                (w, b, dout) = (step.dw, step.db, step.dx);
            } else {
                (w, b) = cache.param_grads(&dout);
            }
            grads.push_front(crate::Layer { w, b });
        }
        Gradients::from(Vec::from(grads))",
        )],
    },
    Correct {
        id: "by-index-into-a-copy",
        exercise: "backward::backward",
        edits: &[Body(
            0,
            "        let mut grads = self.parameters.clone();
        let mut douts = vec![dscores];
        for i in (0..layers.len()).rev() {
            let step = caches[i].clone().backward(&douts[douts.len() - 1], &layers[i].w);
            grads.layers[i].w = step.dw;
            grads.layers[i].b.assign(&step.db);
            douts.push(step.dx);
        }
        grads",
        )],
    },
    Correct {
        id: "by-recursion",
        exercise: "backward::backward",
        edits: &[
            Helpers(
                "fn walk<T: Scalar>(
    mut caches: Vec<LayerCache<'_, T>>,
    layers: &[crate::Layer<T>],
    dout: &Array2<T>,
) -> Vec<crate::Layer<T>> {
    let (Some(cache), Some((last, below))) = (caches.pop(), layers.split_last()) else {
        return Vec::new();
    };
    let step = cache.backward(dout, &last.w);
    let mut grads = walk(caches, below, &step.dx);
    grads.push(crate::Layer { w: step.dw, b: step.db });
    grads
}",
            ),
            Body(
                0,
                "        Gradients::from(walk(caches, layers, &dscores))",
            ),
        ],
    },
    Correct {
        id: "with-the-layers-zipped",
        exercise: "backward::backward",
        edits: &[Body(0, r#"        use crate::Layer;
        let mut dout = dscores;
        let mut grads: Vec<Layer<T>> = caches
            .into_iter()
            .zip(layers)
            .rev()
            .map(|(cache, layer)| {
                let step = cache.backward(&dout, &layer.w);
                dout = step.dx;
                Layer { w: step.dw, b: step.db }
            })
            .collect();
        grads.reverse();
        grads.into()"#)],
    },
];
