use crate::catalogue::Edit::{Body, Helpers, Swap};
use crate::catalogue::{Correct, Mistake};

const STEP: &str = "        layer.w.scaled_add(-learning_rate, &grad.w);
        layer.b.scaled_add(-learning_rate, &grad.b);";

const PREDICTED: &str = "        let mut best = 0;
        for (class, &score) in row.iter().enumerate() {
            if score > row[best] {
                best = class;
            }
        }";

const DRAW: &str = "            let (batch_x, batch_y) = batches.draw();\n";

const RECORD_LOSS: &str = "            history.record_loss(loss)?;\n";

const SGD_STEP: &str =
    "            sgd_step(net.parameters_mut(), &grads, learning_rate);\n";

const RECORD_ACCURACY: &str =
    "        history.record_accuracy(net.accuracy(&x, y)?)?;\n";

const AFTER_EPOCH: &str = "        after_epoch(&history);\n";

const EPOCHS: &str = "    for _ in 0..training.epochs {\n";

pub const MISTAKES: &[Mistake] = &[
    Mistake {
        id: "step-uphill",
        exercise: "overfit::sgd_step",
        edits: &[Swap(
            STEP,
            "        layer.w.scaled_add(learning_rate, &grad.w);
        layer.b.scaled_add(learning_rate, &grad.b);",
        )],
        sees: &[],
        says: "the step goes uphill: every parameter moves by plus rate times gradient, \
               and the loss rises. Go against the gradient.",
    },
    Mistake {
        id: "step-of-w-uphill",
        exercise: "overfit::sgd_step",
        edits: &[Swap(
            "scaled_add(-learning_rate, &grad.w)",
            "scaled_add(learning_rate, &grad.w)",
        )],
        sees: &[],
        says: "w goes uphill, by plus rate times dw, while b goes down. Both go against \
               their gradients.",
    },
    Mistake {
        id: "step-of-b-uphill",
        exercise: "overfit::sgd_step",
        edits: &[Swap(
            "scaled_add(-learning_rate, &grad.b)",
            "scaled_add(learning_rate, &grad.b)",
        )],
        sees: &[],
        says: "b goes uphill, by plus rate times db, while w goes down. Both go against \
               their gradients.",
    },
    Mistake {
        id: "step-without-rate",
        exercise: "overfit::sgd_step",
        edits: &[Swap(
            STEP,
            "        layer.w -= &grad.w;
        layer.b -= &grad.b;",
        )],
        sees: &[],
        says: "the step is the gradient itself, 1/rate times too large. The learning rate \
               is not multiplied in.",
    },
    Mistake {
        id: "step-with-rate-on-w-alone",
        exercise: "overfit::sgd_step",
        edits: &[Swap(
            "layer.b.scaled_add(-learning_rate, &grad.b)",
            "layer.b -= &grad.b",
        )],
        sees: &[],
        says: "b moves by db itself, 1/rate times too far. The learning rate is for both.",
    },
    Mistake {
        id: "step-rate-squared",
        exercise: "overfit::sgd_step",
        edits: &[Swap(
            STEP,
            "        let step = learning_rate * learning_rate;
        layer.w.scaled_add(-step, &grad.w);
        layer.b.scaled_add(-step, &grad.b);",
        )],
        sees: &[],
        says: "the step is rate times too small: the learning rate is in it twice.",
    },
    Mistake {
        id: "step-divided-by-rate",
        exercise: "overfit::sgd_step",
        edits: &[Swap(
            STEP,
            "        layer.w.scaled_add(-T::one() / learning_rate, &grad.w);
        layer.b.scaled_add(-T::one() / learning_rate, &grad.b);",
        )],
        sees: &[],
        says: "the gradient is divided by the learning rate. Multiply: a smaller rate is a \
               smaller step.",
    },
    Mistake {
        id: "step-without-b",
        exercise: "overfit::sgd_step",
        edits: &[Swap(
            "        layer.b.scaled_add(-learning_rate, &grad.b);\n",
            "",
        )],
        sees: &[],
        says: "no b has moved. Biases are learned too.",
    },
    Mistake {
        id: "step-without-w",
        exercise: "overfit::sgd_step",
        edits: &[Swap(
            "        layer.w.scaled_add(-learning_rate, &grad.w);\n",
            "",
        )],
        sees: &[],
        says: "no W has moved, the biases alone have.",
    },
    Mistake {
        id: "step-of-nothing",
        exercise: "overfit::sgd_step",
        edits: &[Swap(
            STEP,
            "        let mut layer = layer.clone();
        layer.w.scaled_add(-learning_rate, &grad.w);
        layer.b.scaled_add(-learning_rate, &grad.b);",
        )],
        sees: &[],
        says: "nothing has moved. A step made in a copy is lost; change the parameters \
               that came in.",
    },
    Mistake {
        id: "step-of-the-first-layer",
        exercise: "overfit::sgd_step",
        edits: &[Swap("in pairs {", "in pairs.take(1) {")],
        sees: &[],
        says: "layer 1 alone has moved. The loop ends too early: every layer takes its \
               step.",
    },
    Mistake {
        id: "step-of-the-last-layer",
        exercise: "overfit::sgd_step",
        edits: &[Swap("in pairs {", "in pairs.rev().take(1) {")],
        sees: &[],
        says: "the last layer alone has moved. Every layer takes its step.",
    },
    Mistake {
        id: "step-without-the-last-layer",
        exercise: "overfit::sgd_step",
        edits: &[Swap("in pairs {", "in pairs.rev().skip(1) {")],
        sees: &[],
        says: "layer 3 has not moved: the last layer is left out. Every layer takes its \
               step.",
    },
    Mistake {
        id: "step-replaces",
        exercise: "overfit::sgd_step",
        edits: &[Swap(
            STEP,
            "        layer.w.assign(&(&grad.w * -learning_rate));
        layer.b.assign(&(&grad.b * -learning_rate));",
        )],
        sees: &[],
        says: "every parameter is -rate times its gradient: what it was is gone. A step \
               starts from where you stand.",
    },
    Mistake {
        id: "step-shrinks",
        exercise: "overfit::sgd_step",
        edits: &[Swap(
            STEP,
            "        let _ = grad;
        layer.w *= T::one() - learning_rate;
        layer.b *= T::one() - learning_rate;",
        )],
        sees: &[],
        says: "every parameter is 1 - rate times what it was: rate times itself was \
               subtracted, and its gradient has no say.",
    },
    Mistake {
        id: "accuracy-argmin",
        exercise: "overfit::accuracy",
        edits: &[Swap("score > row[best]", "score < row[best]")],
        sees: &[],
        says: "the smallest score of each row is taken. The network predicts the class \
               with the largest.",
    },
    Mistake {
        id: "accuracy-axis-0",
        exercise: "overfit::accuracy",
        edits: &[Swap("scores.rows()", "scores.columns()")],
        sees: &[],
        says: "the largest score is looked for along the columns, among examples. Each row \
               is an example; predict one class per row.",
    },
    Mistake {
        id: "accuracy-last-of-ties",
        exercise: "overfit::accuracy",
        edits: &[Swap("score > row[best]", "score >= row[best]")],
        sees: &[],
        says: "of equal scores the last one counts; it must be the first. Both >= and \
               max_by take the last.",
    },
    Mistake {
        id: "accuracy-any-of-ties",
        exercise: "overfit::accuracy",
        edits: &[
            Swap(
                PREDICTED,
                "        let largest = row.iter().copied().fold(row[0], T::max);",
            ),
            Swap("if best == label", "if row[label] == largest"),
        ],
        sees: &[],
        says: "three equal scores are right whatever the label. Of equal scores only the \
               first counts: predict one class.",
    },
    Mistake {
        id: "accuracy-percent",
        exercise: "overfit::accuracy",
        edits: &[Swap("Ok(f64::from(right)", "Ok(100.0 * f64::from(right)")],
        sees: &[],
        says: "the accuracy is 60, in percent. It is a share, from 0 to 1.",
    },
    Mistake {
        id: "accuracy-count",
        exercise: "overfit::accuracy",
        edits: &[Swap(" / y.len() as f64", "")],
        sees: &[],
        says: "the accuracy is 3, the number of right ones. It is a share: divide by the \
               number of examples.",
    },
    Mistake {
        id: "accuracy-by-classes",
        exercise: "overfit::accuracy",
        edits: &[Swap("y.len()", "scores.ncols()")],
        sees: &[],
        says: "3 right ones are divided by the 3 classes. It is the share of the examples, \
               and there are 5.",
    },
    Mistake {
        id: "accuracy-in-whole-numbers",
        exercise: "overfit::accuracy",
        edits: &[Swap(
            "f64::from(right) / y.len() as f64",
            "f64::from(right / y.len() as u32)",
        )],
        sees: &[],
        says: "the accuracy is 0, and 3 of 5 are right. Is 3 / 5 divided in whole numbers? \
               That is 0: make them f64 before.",
    },
    Mistake {
        id: "accuracy-of-errors",
        exercise: "overfit::accuracy",
        edits: &[Swap("best == label", "best != label")],
        sees: &[],
        says: "the share is that of the wrong ones, 1 minus the accuracy.",
    },
    Mistake {
        id: "accuracy-from-0",
        exercise: "overfit::accuracy",
        edits: &[Swap(
            PREDICTED,
            "        let (mut best, mut largest) = (0, T::zero());
        for (class, &score) in row.iter().enumerate() {
            if score > largest {
                (best, largest) = (class, score);
            }
        }",
        )],
        sees: &["negative.accuracy"],
        says: "a row of negative scores counts as class 0. The largest so far starts at \
               0, and none of them is larger; start with the first score.",
    },
    Mistake {
        id: "train-without-steps",
        exercise: "overfit::train",
        edits: &[Swap(
            SGD_STEP,
            "            let _ = (&grads, learning_rate);\n",
        )],
        sees: &[],
        says: "no parameter has moved after 12 steps. The gradients are there, but no step \
               is taken on this network.",
    },
    Mistake {
        id: "train-full-batch",
        exercise: "overfit::train",
        edits: &[Swap("net.loss(batch_x, batch_y)?", "net.loss(&x, y)?")],
        sees: &[],
        says: "each loss is that of all 17 examples. A step sees the batch that was drawn, \
               5 of them.",
    },
    Mistake {
        id: "train-one-batch",
        exercise: "overfit::train",
        edits: &[
            Swap(DRAW, ""),
            Swap(
                EPOCHS,
                "    let (batch_x, batch_y) = batches.draw();
    for _ in 0..training.epochs {\n",
            ),
        ],
        sees: &[],
        says: "all losses are those of the first batch. Each step draws its own.",
    },
    Mistake {
        id: "train-one-batch-an-epoch",
        exercise: "overfit::train",
        edits: &[
            Swap(DRAW, ""),
            Swap(
                EPOCHS,
                "    for _ in 0..training.epochs {
        let (batch_x, batch_y) = batches.draw();\n",
            ),
        ],
        sees: &[],
        says: "the losses of an epoch are all of one batch. Each step draws its own.",
    },
    Mistake {
        id: "train-two-batches-a-step",
        exercise: "overfit::train",
        edits: &[Swap(
            DRAW,
            "            batches.draw();
            let (batch_x, batch_y) = batches.draw();\n",
        )],
        sees: &[],
        says: "every other batch is thrown away. A step draws once.",
    },
    Mistake {
        id: "train-old-gradients",
        exercise: "overfit::train",
        edits: &[
            Swap(
                EPOCHS,
                "    let start = net.clone();\n    for _ in 0..training.epochs {\n",
            ),
            Swap("net.loss(batch_x", "start.loss(batch_x"),
        ],
        sees: &[],
        says: "losses and gradients are those of the network as it came in. Each step \
               starts from where the last one ended.",
    },
    Mistake {
        id: "train-on-a-copy",
        exercise: "overfit::train",
        edits: &[Swap(
            EPOCHS,
            "    let mut copy = net.clone();\n    let net = &mut copy;\n    for _ in 0..training.epochs {\n",
        )],
        sees: &[],
        says: "the history is right, but the network is as it came in. A copy was trained; \
               train the one that was lent.",
    },
    Mistake {
        id: "train-loss-after-the-step",
        exercise: "overfit::train",
        edits: &[
            Swap(
                "            let (loss, grads)",
                "            let (_, grads)",
            ),
            Swap(RECORD_LOSS, ""),
            Swap(
                SGD_STEP,
                "            sgd_step(net.parameters_mut(), &grads, learning_rate);
            let loss = net.loss_value(batch_x, batch_y)?;
            history.record_loss(loss)?;\n",
            ),
        ],
        sees: &["plain.losses"],
        says: "each loss is that of its batch after the step. Record the one that came \
               with the gradients, before.",
    },
    Mistake {
        id: "train-loss-not-recorded",
        exercise: "overfit::train",
        edits: &[Swap(RECORD_LOSS, "            let _ = loss;\n")],
        sees: &["plain.losses", "plain.after_epoch"],
        says: "the history has 0 losses after 12 steps. Record the loss of each step.",
    },
    Mistake {
        id: "train-loss-once-an-epoch",
        exercise: "overfit::train",
        edits: &[
            Swap(RECORD_LOSS, "            last = loss;\n"),
            Swap(
                EPOCHS,
                "    for _ in 0..training.epochs {\n        let mut last = T::zero();\n",
            ),
            Swap(
                RECORD_ACCURACY,
                "        history.record_loss(last)?;
        history.record_accuracy(net.accuracy(&x, y)?)?;\n",
            ),
        ],
        sees: &["plain.losses", "plain.after_epoch"],
        says: "the history has 4 losses after 12 steps, one an epoch. Each step has a loss.",
    },
    Mistake {
        id: "train-accuracy-not-recorded",
        exercise: "overfit::train",
        edits: &[Swap(RECORD_ACCURACY, "")],
        sees: &["plain.accuracies", "plain.after_epoch"],
        says: "the history has 0 accuracies after 4 epochs. Record one after each epoch.",
    },
    Mistake {
        id: "train-accuracy-of-the-batch",
        exercise: "overfit::train",
        edits: &[
            Swap(
                EPOCHS,
                "    for _ in 0..training.epochs {
        let mut last = (Array2::zeros((0, 0)), Vec::new());\n",
            ),
            Swap(
                RECORD_LOSS,
                "            last = (batch_x.clone(), batch_y.to_vec());
            history.record_loss(loss)?;\n",
            ),
            Swap(
                RECORD_ACCURACY,
                "        history.record_accuracy(net.accuracy(&last.0, &last.1)?)?;\n",
            ),
        ],
        sees: &["plain.accuracies"],
        says: "each accuracy is that of the last batch. It is taken on all examples.",
    },
    Mistake {
        id: "train-accuracy-first",
        exercise: "overfit::train",
        edits: &[
            Swap(RECORD_ACCURACY, ""),
            Swap(
                EPOCHS,
                "    for _ in 0..training.epochs {
        history.record_accuracy(net.accuracy(&x, y)?)?;\n",
            ),
        ],
        sees: &["plain.accuracies"],
        says: "each accuracy is that before the epoch's steps. Take it after them.",
    },
    Mistake {
        id: "train-accuracy-each-step",
        exercise: "overfit::train",
        edits: &[
            Swap(RECORD_ACCURACY, ""),
            Swap(
                SGD_STEP,
                "            sgd_step(net.parameters_mut(), &grads, learning_rate);
            history.record_accuracy(net.accuracy(&x, y)?)?;\n",
            ),
        ],
        sees: &["plain.accuracies", "plain.after_epoch"],
        says: "the history has 12 accuracies after 4 epochs, one a step. It is taken once \
               an epoch; a pass over all examples is dear.",
    },
    Mistake {
        id: "train-one-epoch",
        exercise: "overfit::train",
        edits: &[Swap("0..training.epochs", "0..training.epochs.min(1)")],
        sees: &[],
        says: "the history ends after 1 epoch of 4. The steps are repeated epoch by epoch.",
    },
    Mistake {
        id: "train-one-step-an-epoch",
        exercise: "overfit::train",
        edits: &[Swap("0..steps", "0..steps.min(1)")],
        sees: &[],
        says: "the history has 4 losses after 4 epochs: one step each. An epoch has \
               `steps` of them, here 3.",
    },
    Mistake {
        id: "train-one-epoch-too-many",
        exercise: "overfit::train",
        edits: &[Swap("0..training.epochs", "0..=training.epochs")],
        sees: &[],
        says: "the history has 5 epochs of 4, one too many. 0..=n is n + 1 rounds.",
    },
    Mistake {
        id: "train-one-step-too-many",
        exercise: "overfit::train",
        edits: &[Swap("0..steps", "0..=steps")],
        sees: &[],
        says: "the history has 16 losses, 4 an epoch of 3 steps, one too many. 0..=n is \
               n + 1 rounds.",
    },
    Mistake {
        id: "train-after-epoch-forgotten",
        exercise: "overfit::train",
        edits: &[Swap(AFTER_EPOCH, "        let _ = &mut after_epoch;\n")],
        sees: &["plain.after_epoch"],
        says: "after_epoch was never called. Whoever waits for a report gets none: call it \
               with the history after each epoch.",
    },
    Mistake {
        id: "train-after-epoch-each-step",
        exercise: "overfit::train",
        edits: &[
            Swap(AFTER_EPOCH, ""),
            Swap(
                SGD_STEP,
                "            sgd_step(net.parameters_mut(), &grads, learning_rate);
            after_epoch(&history);\n",
            ),
        ],
        sees: &["plain.after_epoch"],
        says: "after_epoch was called 12 times in 4 epochs, after each step. Call it once \
               an epoch.",
    },
    Mistake {
        id: "train-after-epoch-too-early",
        exercise: "overfit::train",
        edits: &[
            Swap(AFTER_EPOCH, ""),
            Swap(
                RECORD_ACCURACY,
                "        after_epoch(&history);
        history.record_accuracy(net.accuracy(&x, y)?)?;\n",
            ),
        ],
        sees: &["plain.after_epoch"],
        says: "after_epoch is shown a history without the epoch's accuracy. Record first, \
               then show.",
    },
    Mistake {
        id: "train-after-epoch-at-the-end",
        exercise: "overfit::train",
        edits: &[
            Swap(AFTER_EPOCH, ""),
            Swap(
                "    Ok(history)",
                "    after_epoch(&history);\n    Ok(history)",
            ),
        ],
        sees: &["plain.after_epoch"],
        says: "after_epoch was called once in 4 epochs, at the very end. Call it after each \
               epoch.",
    },
    Mistake {
        id: "train-decays-each-step",
        exercise: "overfit::train",
        edits: &[
            Swap(
                EPOCHS,
                "    let mut rate = learning_rate;\n    for _ in 0..training.epochs {\n",
            ),
            Swap(
                SGD_STEP,
                "            sgd_step(net.parameters_mut(), &grads, rate);
            rate *= T::of(0.95);\n",
            ),
        ],
        sees: &["rates.rate"],
        says: "what a gradient is multiplied by changes from step to step. Multiply \
               by the learning rate, which stays as it came in.",
    },
    Mistake {
        id: "train-decays-each-epoch",
        exercise: "overfit::train",
        edits: &[
            Swap(
                EPOCHS,
                "    let mut rate = learning_rate;\n    for _ in 0..training.epochs {\n",
            ),
            Swap(
                SGD_STEP,
                "            sgd_step(net.parameters_mut(), &grads, rate);\n",
            ),
            Swap(
                AFTER_EPOCH,
                "        after_epoch(&history);\n        rate *= T::of(0.95);\n",
            ),
        ],
        sees: &["rates.rate"],
        says: "what a gradient is multiplied by changes from epoch to epoch. Multiply \
               by the learning rate, which stays as it came in.",
    },
    Mistake {
        id: "train-rate-by-batch",
        exercise: "overfit::train",
        edits: &[Swap(
            "&grads, learning_rate",
            "&grads, learning_rate / T::of(training.batch as f64)",
        )],
        sees: &[],
        says: "the learning rate is 1/5 of the one that came in, and a batch has 5. The \
               loss is a mean over the batch already.",
    },
    Mistake {
        id: "train-stops-when-all-are-right",
        exercise: "overfit::train",
        edits: &[Swap(
            AFTER_EPOCH,
            "        after_epoch(&history);
        if history.accuracies.last() == Some(&1.0) {
            break;
        }\n",
        )],
        sees: &["known.accuracies", "known.after_epoch"],
        says: "training that has every example right ends after 1 epoch of 3. It \
               goes on to the last: the loss falls still.",
    },
    Mistake {
        id: "train-empty-history",
        exercise: "overfit::train",
        edits: &[Swap("    Ok(history)", "    Ok(History::default())")],
        sees: &["plain.losses", "plain.accuracies"],
        says: "the history that is returned is empty, and after_epoch saw a full one. \
               Return that.",
    },
    Mistake {
        id: "train-goes-on-with-nan",
        exercise: "overfit::train",
        edits: &[Swap(
            RECORD_LOSS,
            "            let _ = history.record_loss(loss);\n",
        )],
        sees: &["diverging.error"],
        says: "training goes on after a loss that is not finite. record_loss returns an \
               error; hand it on, with ?.",
    },
    Mistake {
        id: "train-hides-every-error",
        exercise: "overfit::train",
        edits: &[
            Swap(
                RECORD_LOSS,
                "            let _ = history.record_loss(loss);\n",
            ),
            Swap(
                RECORD_ACCURACY,
                "        let _ = history.record_accuracy(net.accuracy(&x, y)?);\n",
            ),
        ],
        sees: &[
            "diverging.losses",
            "diverging.accuracies",
            "diverging.after_epoch",
        ],
        says: "training that diverges returns a history as if all were well. record_loss \
               and record_accuracy return errors; hand them on, with ?.",
    },
    Mistake {
        id: "train-panics-when-it-diverges",
        exercise: "overfit::train",
        edits: &[Swap(
            RECORD_LOSS,
            "            history.record_loss(loss).unwrap();\n",
        )],
        sees: &[],
        says: "training that diverges panics. The error is for the caller: hand it on, \
               with ?.",
    },
    Mistake {
        id: "step-with-rate-on-b-alone",
        exercise: "overfit::sgd_step",
        edits: &[Swap("layer.w.scaled_add(-learning_rate, &grad.w)", "layer.w -= &grad.w")],
        sees: &[],
        says: "W moves by dW itself, 1/rate times too far. The learning rate is for both.",
    },
    Mistake {
        id: "step-by-sign",
        exercise: "overfit::sgd_step",
        edits: &[Swap("        layer.w.scaled_add(-learning_rate, &grad.w);
        layer.b.scaled_add(-learning_rate, &grad.b);", "        layer.w.zip_mut_with(&grad.w, |w, g| *w -= learning_rate * g.signum());
        layer.b.zip_mut_with(&grad.b, |b, g| *b -= learning_rate * g.signum());")],
        sees: &[],
        says: "every entry moves by the rate itself, whatever its gradient: only the sign is \
               used. The step is rate times gradient.",
    },
    Mistake {
        id: "step-twice",
        exercise: "overfit::sgd_step",
        edits: &[Swap("        layer.w.scaled_add(-learning_rate, &grad.w);
        layer.b.scaled_add(-learning_rate, &grad.b);", "        layer.w.scaled_add(-learning_rate, &grad.w);
        layer.b.scaled_add(-learning_rate, &grad.b);
        layer.w.scaled_add(-learning_rate, &grad.w);
        layer.b.scaled_add(-learning_rate, &grad.b);")],
        sees: &[],
        says: "every parameter moves by twice the rate times its gradient: the step is taken \
               twice.",
    },
    Mistake {
        id: "step-plain-sum",
        exercise: "overfit::sgd_step",
        edits: &[Swap("        layer.w.scaled_add(-learning_rate, &grad.w);
        layer.b.scaled_add(-learning_rate, &grad.b);", "        layer.w.scaled_add(T::of(-1.0) - learning_rate, &grad.w);
        layer.b.scaled_add(T::of(-1.0) - learning_rate, &grad.b);")],
        sees: &[],
        says: "every parameter moves by -(1 + rate) times its gradient. The step is -rate times \
               gradient.",
    },
    Mistake {
        id: "accuracy-percent-of-last",
        exercise: "overfit::accuracy",
        edits: &[Swap("score > row[best]", "score >= row[best]"), Swap("Ok(f64::from(right)", "Ok(100.0 * f64::from(right)")],
        sees: &[],
        says: "the accuracy is 60, in percent, and of equal scores the last one counts. It is a \
               share, from 0 to 1, and the first of equal scores counts.",
    },
    Mistake {
        id: "accuracy-by-size",
        exercise: "overfit::accuracy",
        edits: &[Swap("score > row[best]", "score.abs() > row[best].abs()")],
        sees: &[],
        says: "the score that is largest in size is taken: -3 before 1. The network predicts \
               the class with the largest score, signs and all.",
    },
    Mistake {
        id: "accuracy-of-the-first",
        exercise: "overfit::accuracy",
        edits: &[Swap("            right += 1;
        }
", "            right += 1;
        }
        break;
")],
        sees: &[],
        says: "the first example alone is counted. Is there a return or a break inside the \
               loop?",
    },
    Mistake {
        id: "accuracy-without-the-first",
        exercise: "overfit::accuracy",
        edits: &[Swap(".zip(y) {", ".zip(y).skip(1) {")],
        sees: &[],
        says: "the first example is not counted. A loop begins at 1; indices begin at 0.",
    },
    Mistake {
        id: "accuracy-without-the-last-class",
        exercise: "overfit::accuracy",
        edits: &[Swap("row.iter().enumerate()", "row.iter().enumerate().take(row.len() - 1)")],
        sees: &[],
        says: "the last class is never predicted. A loop over the classes ends one too early.",
    },
    Mistake {
        id: "accuracy-labels-from-1",
        exercise: "overfit::accuracy",
        edits: &[Swap("best == label", "best + 1 == label")],
        sees: &[],
        says: "the predicted class is compared with y - 1. Labels count from 0, as indices do.",
    },
    Mistake {
        id: "accuracy-one-too-many",
        exercise: "overfit::accuracy",
        edits: &[Swap("let mut right = 0;", "let mut right = 1;")],
        sees: &[],
        says: "one more is counted than are right. The count begins at 0.",
    },
    Mistake {
        id: "train-running-mean",
        exercise: "overfit::train",
        edits: &[Swap("    for _ in 0..training.epochs {
", "    let (mut sum, mut count) = (T::zero(), T::zero());
    for _ in 0..training.epochs {
"), Swap("            history.record_loss(loss)?;
", "            sum += loss;
            count += T::one();
            history.record_loss(sum / count)?;
")],
        sees: &["plain.losses"],
        says: "each loss is the mean of all up to it. Record the loss of each step as it is; \
               the plot smooths, if anybody does.",
    },
    Mistake {
        id: "train-running-sum",
        exercise: "overfit::train",
        edits: &[Swap("    for _ in 0..training.epochs {
", "    let mut sum = T::zero();
    for _ in 0..training.epochs {
"), Swap("            history.record_loss(loss)?;
", "            sum += loss;
            history.record_loss(sum)?;
")],
        sees: &["plain.losses"],
        says: "each loss is the sum of all up to it. Record the loss of each step as it is.",
    },
    Mistake {
        id: "train-data-loss-recorded",
        exercise: "overfit::train",
        edits: &[Swap("            history.record_loss(loss)?;
", "            let (loss, _) = {
                let _ = loss;
                net.data_loss(batch_x, batch_y)?
            };
            history.record_loss(loss)?;
")],
        sees: &["plain.losses"],
        says: "each loss lacks the penalty, and the steps have it. What is recorded is the loss \
               that is brought down: data and penalty.",
    },
    Mistake {
        id: "train-data-loss",
        exercise: "overfit::train",
        edits: &[Swap("net.loss(batch_x, batch_y)?", "net.data_loss(batch_x, batch_y)?")],
        sees: &["plain.losses", "plain.W1"],
        says: "losses and gradients lack the penalty: reg has no effect. net.loss has both \
               terms, net.data_loss one.",
    },
    Mistake {
        id: "train-step-twice",
        exercise: "overfit::train",
        edits: &[Swap("            sgd_step(net.parameters_mut(), &grads, learning_rate);
", "            sgd_step(net.parameters_mut(), &grads, learning_rate);
            sgd_step(net.parameters_mut(), &grads, learning_rate);
")],
        sees: &[],
        says: "each batch's step is taken twice. A gradient is good for one step, from where it \
               was taken.",
    },
    Mistake {
        id: "train-accuracy-percent",
        exercise: "overfit::train",
        edits: &[Swap("net.accuracy(&x, y)?", "100.0 * net.accuracy(&x, y)?")],
        sees: &[],
        says: "the accuracies are in percent. They are shares, from 0 to 1.",
    },
    Mistake {
        id: "train-error-recorded",
        exercise: "overfit::train",
        edits: &[Swap("net.accuracy(&x, y)?", "1.0 - net.accuracy(&x, y)?")],
        sees: &[],
        says: "the accuracies are the shares of the wrong ones, 1 minus the accuracy.",
    },
    Mistake {
        id: "train-loss-by-batch",
        exercise: "overfit::train",
        edits: &[Swap("record_loss(loss)", "record_loss(loss / T::of(training.batch as f64))")],
        sees: &["plain.losses"],
        says: "each loss is 1/5 of what it should be, and a batch has 5. The loss is a mean \
               over the batch already.",
    },
    Mistake {
        id: "train-rate-by-steps",
        exercise: "overfit::train",
        edits: &[Swap("&grads, learning_rate", "&grads, learning_rate / T::of(steps as f64)")],
        sees: &[],
        says: "the learning rate is 1/3 of the one that came in, and an epoch has 3 steps. It \
               is the same for each step.",
    },
];

pub const CORRECT: &[Correct] = &[
    Correct {
        id: "step-by-operators",
        exercise: "overfit::sgd_step",
        edits: &[Swap(
            STEP,
            "        layer.w -= &(&grad.w * learning_rate);
        layer.b = &layer.b - &grad.b * learning_rate;",
        )],
    },
    Correct {
        id: "step-in-loops",
        exercise: "overfit::sgd_step",
        edits: &[Swap(
            STEP,
            "        let w = layer.w.iter_mut().zip(&grad.w);
        for (p, &g) in w.chain(layer.b.iter_mut().zip(&grad.b)) {
            *p -= learning_rate * g;
        }",
        )],
    },
    Correct {
        id: "accuracy-by-fold",
        exercise: "overfit::accuracy",
        edits: &[Body(
            0,
            "    let right = scores.rows().into_iter().zip(y).filter(|(row, label)| {
        let entries = row.iter().enumerate();
        let first = (0, row[0]);
        let best = entries.fold(first, |best, (i, &s)| if s > best.1 { (i, s) } else { best });
        best.0 == **label
    });
    Ok(right.count() as f64 / scores.nrows() as f64)",
        )],
    },
    Correct {
        id: "accuracy-by-max-by",
        exercise: "overfit::accuracy",
        edits: &[
            Helpers(
                "fn predicted<T: Scalar>(row: ndarray::ArrayView1<T>) -> Option<usize> {
    // max_by takes the last of equals, so it begins at the end.
    let entries = row.iter().enumerate().rev();
    let best = entries.max_by(|a, b| a.1.partial_cmp(b.1).expect(\"no NaN\"));
    best.map(|(class, _)| class)
}",
            ),
            Body(
                0,
                "    let rights = scores.outer_iter().zip(y).map(|(row, &label)| {
        if predicted(row) == Some(label) { 1 } else { 0 }
    });
    Ok(rights.sum::<usize>() as f64 / scores.nrows() as f64)",
            ),
        ],
    },
    Correct {
        id: "train-counting-steps",
        exercise: "overfit::train",
        edits: &[Body(
            0,
            "    for step in 1..=training.epochs * steps {
        let (batch_x, batch_y) = batches.draw();
        let (loss, grads) = net.loss(batch_x.view(), batch_y)?;
        history.record_loss(loss)?;
        sgd_step(net.parameters_mut(), &grads, learning_rate);
        if step % steps == 0 {
            history.record_accuracy(net.accuracy(x.view(), y)?)?;
            after_epoch(&history);
        }
    }
    Ok(history)",
        )],
    },
    Correct {
        id: "train-with-a-helper",
        exercise: "overfit::train",
        edits: &[
            Helpers(
                "fn one_step<T: Scalar>(
    net: &mut FullyConnectedNet<T>,
    batch: (&Array2<T>, &[usize]),
    rate: T,
) -> Result<T, Error> {
    let (loss, grads) = net.loss(batch.0, batch.1)?;
    if loss.is_finite() {
        for (layer, grad) in net.parameters.layers.iter_mut().zip(grads.layers()) {
            layer.w.scaled_add(-rate, &grad.w);
            layer.b.scaled_add(-rate, &grad.b);
        }
    }
    Ok(loss)
}",
            ),
            Body(
                0,
                "    let mut epoch = 0;
    while epoch < training.epochs {
        let mut left = steps;
        while left > 0 {
            let loss = one_step(net, batches.draw(), learning_rate)?;
            history.record_loss(loss)?;
            left -= 1;
        }
        let share = accuracy(&net.scores(&x), y)?;
        history.record_accuracy(share)?;
        after_epoch(&history);
        epoch += 1;
    }
    Ok(history)",
            ),
        ],
    },
    Correct {
        id: "step-subtracted",
        exercise: "overfit::sgd_step",
        edits: &[Body(0, r#"    for (layer, grad) in pairs {
        layer.w -= &(&grad.w * learning_rate);
        layer.b -= &(&grad.b * learning_rate);
    }"#)],
    },
    Correct {
        id: "step-zipped",
        exercise: "overfit::sgd_step",
        edits: &[Body(0, r#"    for (layer, grad) in pairs {
        layer.w.zip_mut_with(&grad.w, |w, &g| *w -= learning_rate * g);
        layer.b.zip_mut_with(&grad.b, |b, &g| *b -= learning_rate * g);
    }"#)],
    },
    Correct {
        id: "accuracy-by-iterators",
        exercise: "overfit::accuracy",
        edits: &[Body(0, r#"    let best = |row: ndarray::ArrayView1<T>| {
        let better = |best: usize, c: usize| if row[c] > row[best] { c } else { best };
        (0..row.len()).fold(0, better)
    };
    let right = scores.outer_iter().zip(y).filter(|(row, label)| best(*row) == **label);
    Ok(right.count() as f64 / y.len() as f64)"#)],
    },
    Correct {
        id: "accuracy-mean-of-bools",
        exercise: "overfit::accuracy",
        edits: &[Body(0, r#"    let hits = scores.rows().into_iter().zip(y).map(|(row, &label)| {
        let max = row.fold(T::neg_infinity(), |max, &s| max.max(s));
        let first = row.iter().position(|&s| s == max);
        f64::from(u8::from(first == Some(label)))
    });
    Ok(hits.sum::<f64>() / scores.nrows() as f64)"#)],
    },
];
