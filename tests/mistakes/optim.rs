use crate::catalogue::Edit::{Body, Helpers, Swap};
use crate::catalogue::{Correct, Mistake};

pub const MISTAKES: &[Mistake] = &[
    Mistake {
        id: "velocity-not-stored",
        exercise: "optim::momentum",
        edits: &[Swap(
            r#"*v = momentum * *v - rate * dw;
        *w += *v;"#,
            r#"let step = momentum * *v - rate * dw;
        *w += step;"#,
        )],
        sees: &[],
        says: "v is as it was, [-8, 4]. The new velocity must be stored in v, or the next step begins with the old one.",
    },
    Mistake {
        id: "forgets",
        exercise: "optim::momentum",
        edits: &[Swap(
            r#"*v = momentum * *v - rate * dw;"#,
            r#"*v = -rate * dw;"#,
        )],
        sees: &[],
        says: "v became [-1, 2], which is -rate·dw alone. The velocity keeps momentum times what it was.",
    },
    Mistake {
        id: "whole-velocity-kept",
        exercise: "optim::momentum",
        edits: &[Swap(
            r#"*v = momentum * *v - rate * dw;"#,
            r#"*v = *v - rate * dw;"#,
        )],
        sees: &[],
        says: "v became [-9, 6]: all of the old velocity is still in it. Only momentum times it stays, or nothing ever slows down.",
    },
    Mistake {
        id: "running-mean",
        exercise: "optim::momentum",
        edits: &[Swap(
            r#"*v = momentum * *v - rate * dw;
        *w += *v;"#,
            r#"*v = momentum * *v + (T::one() - momentum) * dw;
        *w -= rate * *v;"#,
        )],
        sees: &[],
        says: "v became [-5.5, 2]. That is the running mean of the gradients, momentum·v + (1 − momentum)·dw; here the velocity is momentum·v − rate·dw.",
    },
    Mistake {
        id: "damped",
        exercise: "optim::momentum",
        edits: &[Swap(
            r#"*v = momentum * *v - rate * dw;"#,
            r#"*v = momentum * *v - (T::one() - momentum) * rate * dw;"#,
        )],
        sees: &[],
        says: "v became [-6.25, 3.5]. The gradient was multiplied by 1 − momentum as well; the velocity is momentum·v − rate·dw.",
    },
    Mistake {
        id: "rate-outside",
        exercise: "optim::momentum",
        edits: &[Swap(
            r#"*v = momentum * *v - rate * dw;
        *w += *v;"#,
            r#"*v = momentum * *v + dw;
        *w -= rate * *v;"#,
        )],
        sees: &[],
        says: "v became [-4, -1]. That is momentum·v + dw, as some libraries keep it; here the velocity is momentum·v − rate·dw, and w moves by v itself.",
    },
    Mistake {
        id: "uphill",
        exercise: "optim::momentum",
        edits: &[Swap(
            r#"*v = momentum * *v - rate * dw;"#,
            r#"*v = momentum * *v + rate * dw;"#,
        )],
        sees: &[],
        says: "v became [-5, 1]: the gradient pushes it uphill. The velocity is momentum·v − rate·dw.",
    },
    Mistake {
        id: "rate-forgotten",
        exercise: "optim::momentum",
        edits: &[Swap(
            r#"*v = momentum * *v - rate * dw;"#,
            r#"*v = momentum * *v - dw;"#,
        )],
        sees: &[],
        says: "v became [-8, 7]: the gradient counts whole. It is multiplied by the rate.",
    },
    Mistake {
        id: "shares-swapped",
        exercise: "optim::momentum",
        edits: &[Swap(
            r#"*v = momentum * *v - rate * dw;"#,
            r#"*v = rate * *v - momentum * dw;"#,
        )],
        sees: &[],
        says: "v became [-5.5, 5]. That is rate·v − momentum·dw: the two numbers are exchanged.",
    },
    Mistake {
        id: "minus-in-the-step",
        exercise: "optim::momentum",
        edits: &[Swap(
            r#"*v = momentum * *v - rate * dw;
        *w += *v;"#,
            r#"*v = momentum * *v + rate * dw;
        *w -= *v;"#,
        )],
        sees: &[],
        says: "v became [-5, 1] and w moved against it. Another convention, with another v: here the minus is in the velocity, v = momentum·v − rate·dw, and w moves along it.",
    },
    Mistake {
        id: "against-the-velocity",
        exercise: "optim::momentum",
        edits: &[Swap(r#"*w += *v;"#, r#"*w -= *v;"#)],
        sees: &["small.w", "plain.w"],
        says: "w became [17, -4]: it moved against the velocity. The minus is in the velocity already.",
    },
    Mistake {
        id: "rate-twice",
        exercise: "optim::momentum",
        edits: &[Swap(r#"*w += *v;"#, r#"*w += rate * *v;"#)],
        sees: &["small.w", "plain.w"],
        says: "w became [6.5, 3.5]: it moved by rate times the velocity. The rate is in the velocity already.",
    },
    Mistake {
        id: "old-velocity",
        exercise: "optim::momentum",
        edits: &[Swap(
            r#"*v = momentum * *v - rate * dw;
        *w += *v;"#,
            r#"*w += *v;
        *v = momentum * *v - rate * dw;"#,
        )],
        sees: &["small.w", "plain.w"],
        says: "w became [2, 5]: it moved by the old velocity. First comes the new velocity, then the step.",
    },
    Mistake {
        id: "nesterov",
        exercise: "optim::momentum",
        edits: &[Swap(
            r#"*v = momentum * *v - rate * dw;
        *w += *v;"#,
            r#"let old = *v;
        *v = momentum * *v - rate * dw;
        *w += *v + momentum * (*v - old);"#,
        )],
        sees: &["small.w", "plain.w"],
        says: "w became [3.75, 6.75]. That is Nesterov's momentum, which looks one step ahead; here w moves by the new velocity.",
    },
    Mistake {
        id: "w-stays",
        exercise: "optim::momentum",
        edits: &[Swap(
            r#"
        *w += *v;"#,
            r#"
        let _ = w;"#,
        )],
        sees: &["small.w", "plain.w"],
        says: "w is as it was, [10, 1]. It moves by the new velocity.",
    },
    Mistake {
        id: "squares-not-stored",
        exercise: "optim::rmsprop",
        edits: &[Swap(
            r#"*squares = decay * *squares + (one - decay) * dw * dw;
            *w -= rate * dw / (squares.sqrt() + epsilon);"#,
            r#"let squares = decay * *squares + (one - decay) * dw * dw;
            *w -= rate * dw / (squares.sqrt() + epsilon);"#,
        )],
        sees: &["small.squares", "plain.squares"],
        says: "squares is as it was, [20, 16]. The new mean must be stored, or the next step begins with the old one.",
    },
    Mistake {
        id: "old-squares",
        exercise: "optim::rmsprop",
        edits: &[Swap(
            r#"*squares = decay * *squares + (one - decay) * dw * dw;
            *w -= rate * dw / (squares.sqrt() + epsilon);"#,
            r#"*w -= rate * dw / (squares.sqrt() + epsilon);
            *squares = decay * *squares + (one - decay) * dw * dw;"#,
        )],
        sees: &["small.w", "plain.w", "zero.w"],
        says: "w moved by the root of the old squares, [20, 16]. The new squares count already in this step.",
    },
    Mistake {
        id: "not-squared-at-all",
        exercise: "optim::rmsprop",
        edits: &[Swap(r#"(one - decay) * dw * dw"#, r#"(one - decay) * dw"#)],
        sees: &["small.squares", "plain.squares"],
        says: "squares became [15.5, 11]: dw went in as it is, sign and all. The mean is of its squares.",
    },
    Mistake {
        id: "decay-for-both",
        exercise: "optim::rmsprop",
        edits: &[Swap(r#"(one - decay) * dw * dw"#, r#"decay * dw * dw"#)],
        sees: &["small.squares", "plain.squares"],
        says: "squares became [18, 24]: the new square has the share of the old mean. Its own is 1 − decay.",
    },
    Mistake {
        id: "sum-of-squares",
        exercise: "optim::rmsprop",
        edits: &[Swap(
            r#"*squares = decay * *squares + (one - decay) * dw * dw;"#,
            r#"*squares = *squares + dw * dw;"#,
        )],
        sees: &[],
        says: "squares became [24, 32], the sum of all squares so far. That is AdaGrad, whose steps shrink for ever; here old squares fade: decay·squares + (1 − decay)·dw².",
    },
    Mistake {
        id: "shares-do-not-add-up",
        exercise: "optim::rmsprop",
        edits: &[Swap(r#"(one - decay) * dw * dw"#, r#"dw * dw"#)],
        sees: &[],
        says: "squares became [19, 28]. The new square counts whole; in a mean its share is 1 − decay.",
    },
    Mistake {
        id: "decay-swapped",
        exercise: "optim::rmsprop",
        edits: &[Swap(
            r#"*squares = decay * *squares + (one - decay) * dw * dw;"#,
            r#"*squares = (one - decay) * *squares + decay * dw * dw;"#,
        )],
        sees: &[],
        says: "squares became [8, 16]. The shares are exchanged: decay is what stays of the old squares.",
    },
    Mistake {
        id: "not-squared",
        exercise: "optim::rmsprop",
        edits: &[Swap(
            r#"(one - decay) * dw * dw"#,
            r#"(one - decay) * dw.abs()"#,
        )],
        sees: &[],
        says: "squares became [15.5, 13]. The mean is of the squares of dw, not of its size.",
    },
    Mistake {
        id: "no-root",
        exercise: "optim::rmsprop",
        edits: &[Swap(r#"squares.sqrt()"#, r#"*squares"#)],
        sees: &["small.w", "plain.w"],
        says: "w became [9.9375, 1.125]: dw was divided by the mean square, 16. Divide by its root.",
    },
    Mistake {
        id: "epsilon-inside",
        exercise: "optim::rmsprop",
        edits: &[Swap(
            r#"(squares.sqrt() + epsilon)"#,
            r#"(*squares + epsilon).sqrt()"#,
        )],
        sees: &["plain.w"],
        says: "The step is too short where squares is small. epsilon is under the root; here it stands outside.",
    },
    Mistake {
        id: "no-epsilon",
        exercise: "optim::rmsprop",
        edits: &[Swap(r#"(squares.sqrt() + epsilon)"#, r#"squares.sqrt()"#)],
        sees: &["plain.w", "zero.w"],
        says: "w became NaN where dw and squares are 0. epsilon is there so that nothing is divided by 0.",
    },
    Mistake {
        id: "uphill-rmsprop",
        exercise: "optim::rmsprop",
        edits: &[Swap(r#"*w -= rate"#, r#"*w += rate"#)],
        sees: &["small.w", "plain.w"],
        says: "w became [10.25, 0.5]: the step goes uphill. w moves against dw.",
    },
    Mistake {
        id: "rate-forgotten-rmsprop",
        exercise: "optim::rmsprop",
        edits: &[Swap(r#"rate * dw / "#, r#"dw / "#)],
        sees: &["small.w", "plain.w"],
        says: "w became [9.5, 2]: the step is 1 / rate times too long.",
    },
    Mistake {
        id: "no-gradient",
        exercise: "optim::rmsprop",
        edits: &[Swap(r#"rate * dw / "#, r#"rate / "#)],
        sees: &["small.w", "plain.w", "zero.w"],
        says: "w became [9.875, 0.875]: every entry moved down, whatever the sign of dw. The step is rate·dw, divided by the root.",
    },
    Mistake {
        id: "root-stored",
        exercise: "optim::rmsprop",
        edits: &[Swap(
            r#"*squares = decay * *squares + (one - decay) * dw * dw;
            *w -= rate * dw / (squares.sqrt() + epsilon);"#,
            r#"*squares = (decay * *squares + (one - decay) * dw * dw).sqrt();
            *w -= rate * dw / (*squares + epsilon);"#,
        )],
        sees: &["small.squares", "plain.squares"],
        says: "squares became [4, 4], the root of the mean. What is stored is the mean; the root is for the step alone.",
    },
    Mistake {
        id: "uncorrected",
        exercise: "optim::adam",
        edits: &[Swap(
            r#"(one - beta1.powi(t), one - beta2.powi(t))"#,
            r#"(one, one)"#,
        )],
        sees: &["first.w", "plain.w"],
        says: "w moved by 1 in the first step, and the rate is 0.5. m and v began at 0 and are too small at first: divide them by 1 − beta1ᵗ and 1 − beta2ᵗ.",
    },
    Mistake {
        id: "square-uncorrected",
        exercise: "optim::adam",
        edits: &[Swap(
            r#"(one - beta1.powi(t), one - beta2.powi(t))"#,
            r#"(one - beta1.powi(t), one)"#,
        )],
        sees: &["first.w", "plain.w"],
        says: "w moved by 2 in the first step, and the rate is 0.5. m is corrected and v is not: divide it by 1 − beta2ᵗ.",
    },
    Mistake {
        id: "mean-uncorrected",
        exercise: "optim::adam",
        edits: &[Swap(
            r#"(one - beta1.powi(t), one - beta2.powi(t))"#,
            r#"(one, one - beta2.powi(t))"#,
        )],
        sees: &["first.w", "plain.w"],
        says: "w moved by 0.25 in the first step, and the rate is 0.5. v is corrected and m is not: divide it by 1 − beta1ᵗ.",
    },
    Mistake {
        id: "t-from-zero",
        exercise: "optim::adam",
        edits: &[Swap(
            r#"(one - beta1.powi(t), one - beta2.powi(t))"#,
            r#"(one - beta1.powi(t - 1), one - beta2.powi(t - 1))"#,
        )],
        sees: &["first.w", "plain.w", "zero.w"],
        says: "w became NaN in the first step. t is 1 there already; 1 − beta1⁰ is 0.",
    },
    Mistake {
        id: "t-counted-twice",
        exercise: "optim::adam",
        edits: &[Swap(
            r#"(one - beta1.powi(t), one - beta2.powi(t))"#,
            r#"(one - beta1.powi(t + 1), one - beta2.powi(t + 1))"#,
        )],
        sees: &["first.w", "plain.w"],
        says: "The correction is that of the next step: t counts this step already, so the exponent is t.",
    },
    Mistake {
        id: "power-forgotten",
        exercise: "optim::adam",
        edits: &[Swap(
            r#"(one - beta1.powi(t), one - beta2.powi(t))"#,
            r#"(one - beta1, one - beta2)"#,
        )],
        sees: &["plain.w"],
        says: "The first step is right, and at t = 3 the correction is still that of the first. It fades: 1 − beta1ᵗ, not 1 − beta1.",
    },
    Mistake {
        id: "betas-exchanged",
        exercise: "optim::adam",
        edits: &[
            Swap(
                r#"(one - beta1.powi(t), one - beta2.powi(t))"#,
                r#"(one - beta2.powi(t), one - beta1.powi(t))"#,
            ),
            Swap(
                r#"*m = beta1 * *m + (one - beta1) * dw;"#,
                r#"*m = beta2 * *m + (one - beta2) * dw;"#,
            ),
            Swap(
                r#"*v = beta2 * *v + (one - beta2) * dw * dw;"#,
                r#"*v = beta1 * *v + (one - beta1) * dw * dw;"#,
            ),
        ],
        sees: &["first.m", "first.v", "plain.m", "plain.v", "plain.w"],
        says: "m became [0.125, -0.25], which belongs to beta2. beta1 is for the mean m, beta2 for the mean square v.",
    },
    Mistake {
        id: "corrections-exchanged",
        exercise: "optim::adam",
        edits: &[Swap(
            r#"(one - beta1.powi(t), one - beta2.powi(t))"#,
            r#"(one - beta2.powi(t), one - beta1.powi(t))"#,
        )],
        sees: &["first.w", "plain.w"],
        says: "m and v are right, and each is corrected with the beta of the other: beta1 belongs to m, beta2 to v.",
    },
    Mistake {
        id: "corrected-is-stored",
        exercise: "optim::adam",
        edits: &[Swap(
            r#"*m = beta1 * *m + (one - beta1) * dw;
        *v = beta2 * *v + (one - beta2) * dw * dw;
        *w -= rate / correct1 * *m / ((*v / correct2).sqrt() + epsilon);"#,
            r#"*m = (beta1 * *m + (one - beta1) * dw) / correct1;
        *v = (beta2 * *v + (one - beta2) * dw * dw) / correct2;
        *w -= rate * *m / (v.sqrt() + epsilon);"#,
        )],
        sees: &["first.m", "first.v", "plain.m", "plain.v"],
        says: "m became [2, -4] in the first step. That is the corrected mean; what is stored stays uncorrected, or the next step corrects it again.",
    },
    Mistake {
        id: "mean-not-stored",
        exercise: "optim::adam",
        edits: &[Swap(
            r#"*m = beta1 * *m + (one - beta1) * dw;"#,
            r#"let m = &(beta1 * *m + (one - beta1) * dw);"#,
        )],
        sees: &["first.m", "plain.m"],
        says: "m is as it was. The new mean must be stored, or the next step begins with the old one.",
    },
    Mistake {
        id: "square-not-stored",
        exercise: "optim::adam",
        edits: &[Swap(
            r#"*v = beta2 * *v + (one - beta2) * dw * dw;"#,
            r#"let v = &(beta2 * *v + (one - beta2) * dw * dw);"#,
        )],
        sees: &["first.v", "plain.v"],
        says: "v is as it was. The new mean square must be stored, or the next step begins with the old one.",
    },
    Mistake {
        id: "gradient-for-mean",
        exercise: "optim::adam",
        edits: &[Swap(r#"rate / correct1 * *m / "#, r#"rate * dw / "#)],
        sees: &["plain.w"],
        says: "m is right, and w moved by dw itself, divided by the root. The step is made of the corrected mean m.",
    },
    Mistake {
        id: "square-of-the-mean",
        exercise: "optim::adam",
        edits: &[Swap(
            r#"(one - beta2) * dw * dw"#,
            r#"(one - beta2) * *m * *m"#,
        )],
        sees: &[],
        says: "v became [0.0625, 0.25], the mean of m². It is the mean of the squares of dw.",
    },
    Mistake {
        id: "not-squared-adam",
        exercise: "optim::adam",
        edits: &[Swap(
            r#"(one - beta2) * dw * dw"#,
            r#"(one - beta2) * dw.abs()"#,
        )],
        sees: &[],
        says: "v became [0.125, 0.25]. The mean is of the squares of dw, not of its size.",
    },
    Mistake {
        id: "no-root-adam",
        exercise: "optim::adam",
        edits: &[Swap(r#"(*v / correct2).sqrt()"#, r#"(*v / correct2)"#)],
        sees: &["first.w", "plain.w"],
        says: "w became [9.75, 1.125]: the mean was divided by the mean square. Divide by its root.",
    },
    Mistake {
        id: "epsilon-inside-adam",
        exercise: "optim::adam",
        edits: &[Swap(
            r#"((*v / correct2).sqrt() + epsilon)"#,
            r#"(*v / correct2 + epsilon).sqrt()"#,
        )],
        sees: &["plain.w"],
        says: "The first step is right, and with an epsilon of 0.05 the steps are too short. epsilon is under the root; here it stands outside.",
    },
    Mistake {
        id: "no-epsilon-adam",
        exercise: "optim::adam",
        edits: &[Swap(
            r#"((*v / correct2).sqrt() + epsilon)"#,
            r#"(*v / correct2).sqrt()"#,
        )],
        sees: &["plain.w", "zero.w"],
        says: "w became NaN where dw, m and v are 0. epsilon is there so that nothing is divided by 0.",
    },
    Mistake {
        id: "uphill-adam",
        exercise: "optim::adam",
        edits: &[Swap(r#"*w -= rate"#, r#"*w += rate"#)],
        sees: &["first.w", "plain.w"],
        says: "w became [10.5, 0.5]: the step goes uphill. w moves against m.",
    },
    Mistake {
        id: "rate-forgotten-adam",
        exercise: "optim::adam",
        edits: &[Swap(r#"rate / correct1"#, r#"one / correct1"#)],
        sees: &["first.w", "plain.w"],
        says: "w moved by 1 in the first step, whatever the rate. The step is rate times the ratio.",
    },
    Mistake {
        id: "shares-do-not-add-up-adam",
        exercise: "optim::adam",
        edits: &[Swap(r#"(one - beta1) * dw;"#, r#"dw;"#)],
        sees: &[],
        says: "m became [2, -4] in the first step. The gradient counts whole; in a mean its share is 1 − beta1.",
    },
];

pub const CORRECT: &[Correct] = &[
    Correct {
        id: "whole-arrays",
        exercise: "optim::momentum",
        edits: &[Body(
            0,
            r#"    v.map_inplace(|v| *v *= momentum);
    v.scaled_add(-rate, dw);
    w.scaled_add(T::one(), v);"#,
        )],
    },
    Correct {
        id: "one-after-the-other",
        exercise: "optim::momentum",
        edits: &[Body(
            0,
            r#"    for ((w, &dw), v) in w.iter_mut().zip(dw).zip(v.iter_mut()) {
        let next = momentum * *v - rate * dw;
        *w = *w + next;
        *v = next;
    }"#,
        )],
    },
    Correct {
        id: "zip-mut-with",
        exercise: "optim::momentum",
        edits: &[Body(
            0,
            r#"    v.zip_mut_with(dw, |v, &dw| *v = *v * momentum - dw * rate);
    w.zip_mut_with(v, |w, &v| *w += v);"#,
        )],
    },
    Correct {
        id: "owned",
        exercise: "optim::momentum",
        edits: &[Body(
            0,
            r#"    let next = v.map(|&v| momentum * v) - dw.map(|&dw| rate * dw);
    v.assign(&next);
    w.zip_mut_with(&next, |w, &step| *w += step);"#,
        )],
    },
    Correct {
        id: "in-two-passes",
        exercise: "optim::rmsprop",
        edits: &[Body(
            0,
            r#"    squares.zip_mut_with(dw, |s, &dw| *s = decay * *s + (one - decay) * dw.powi(2));
    let root = squares.mapv(|s| s.sqrt() + epsilon);
    ndarray::Zip::from(w).and(dw).and(&root).for_each(|w, &dw, &root| *w -= rate * dw / root);"#,
        )],
    },
    Correct {
        id: "as-a-loop",
        exercise: "optim::rmsprop",
        edits: &[Body(
            0,
            r#"    for ((w, &g), s) in w.iter_mut().zip(dw.iter()).zip(squares.iter_mut()) {
        *s = *s * decay + g * g * (one - decay);
        *w -= rate / (s.sqrt() + epsilon) * g;
    }"#,
        )],
    },
    Correct {
        id: "with-a-helper",
        exercise: "optim::rmsprop",
        edits: &[
            Helpers(
                "fn fade<T: Scalar>(old: T, new: T, keep: T) -> T {\n    keep * old + (T::one() - keep) * new\n}",
            ),
            Body(
                0,
                r#"    ndarray::Zip::from(w).and(dw).and(squares).for_each(|w, &dw, s| {
        *s = fade(*s, dw * dw, decay);
        *w -= rate * dw / (s.sqrt() + epsilon);
    });"#,
            ),
        ],
    },
    Correct {
        id: "corrected-by-name",
        exercise: "optim::adam",
        edits: &[Body(
            0,
            r#"    let first = one - beta1.powi(t);
    let second = one - beta2.powi(t);
    ndarray::Zip::from(w).and(dw).and(m).and(v).for_each(|w, &dw, m, v| {
        *m = beta1 * *m + (one - beta1) * dw;
        *v = beta2 * *v + (one - beta2) * dw.powi(2);
        let mean = *m / first;
        let square = *v / second;
        *w -= rate * mean / (square.sqrt() + epsilon);
    });"#,
        )],
    },
    Correct {
        id: "whole-arrays-adam",
        exercise: "optim::adam",
        edits: &[Body(
            0,
            r#"    m.zip_mut_with(dw, |m, &dw| *m = beta1 * *m + (one - beta1) * dw);
    v.zip_mut_with(dw, |v, &dw| *v = beta2 * *v + (one - beta2) * dw * dw);
    let mean = m.mapv(|m| m / (one - beta1.powi(t)));
    let root = v.mapv(|v| (v / (one - beta2.powi(t))).sqrt() + epsilon);
    w.scaled_add(-rate, &(mean / root));"#,
        )],
    },
    Correct {
        id: "power-by-a-loop",
        exercise: "optim::adam",
        edits: &[Body(
            0,
            r#"    let (mut power1, mut power2) = (one, one);
    for _ in 0..t {
        power1 = power1 * beta1;
        power2 = power2 * beta2;
    }
    let (a, b) = (one - power1, one - power2);
    ndarray::Zip::from(w).and(dw).and(m).and(v).for_each(|w, &dw, m, v| {
        *m = *m * beta1 + dw * (one - beta1);
        *v = *v * beta2 + dw * dw * (one - beta2);
        *w = *w - rate * (*m / a) / ((*v / b).sqrt() + epsilon);
    });"#,
        )],
    },
];
