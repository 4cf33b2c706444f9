use crate::catalogue::Edit::{Body, Swap};
use crate::catalogue::{Correct, Mistake};

pub const MISTAKES: &[Mistake] = &[
    Mistake {
        id: "n-minus-one",
        exercise: "batch_norm::moments",
        edits: &[Swap(
            r#"let var = (&x - &mean).pow2().sum_axis(Axis(0)) / n;"#,
            r#"let var = (&x - &mean).pow2().sum_axis(Axis(0)) / (n - T::one());"#,
        )],
        sees: &[],
        says: "var became [5.333, 48] for [4, 36]: the sum was divided by N − 1 = 3. The variance of the batch itself divides by N.",
    },
    Mistake {
        id: "deviation-for-variance",
        exercise: "batch_norm::moments",
        edits: &[Swap(
            r#"let var = (&x - &mean).pow2().sum_axis(Axis(0)) / n;"#,
            r#"let var = ((&x - &mean).pow2().sum_axis(Axis(0)) / n).sqrt();"#,
        )],
        sees: &["small.var", "plain.var"],
        says: "var became [2, 6]. That is the standard deviation; the variance is its square. The root comes later, with epsilon under it.",
    },
    Mistake {
        id: "mean-of-squares",
        exercise: "batch_norm::moments",
        edits: &[Swap(
            r#"let var = (&x - &mean).pow2().sum_axis(Axis(0)) / n;"#,
            r#"let var = x.pow2().sum_axis(Axis(0)) / n;"#,
        )],
        sees: &[],
        says: "var became [13, 136], the mean of x². The mean of x must be taken away before squaring.",
    },
    Mistake {
        id: "mean-not-divided",
        exercise: "batch_norm::moments",
        edits: &[Swap(
            r#"let mean = x.sum_axis(Axis(0)) / n;"#,
            r#"let mean = x.sum_axis(Axis(0));"#,
        )],
        sees: &["small.mean", "plain.mean", "small.var", "plain.var"],
        says: "mean became [12, 40]. That is the sum; divide it by N = 4.",
    },
    Mistake {
        id: "variance-not-divided",
        exercise: "batch_norm::moments",
        edits: &[Swap(
            r#"let var = (&x - &mean).pow2().sum_axis(Axis(0)) / n;"#,
            r#"let var = (&x - &mean).pow2().sum_axis(Axis(0));"#,
        )],
        sees: &["small.var", "plain.var"],
        says: "var became [16, 144], the sum of the squares. Divide it by N = 4.",
    },
    Mistake {
        id: "mean-absolute-deviation",
        exercise: "batch_norm::moments",
        edits: &[Swap(
            r#"let var = (&x - &mean).pow2().sum_axis(Axis(0)) / n;"#,
            r#"let var = (&x - &mean).abs().sum_axis(Axis(0)) / n;"#,
        )],
        sees: &["small.var", "plain.var"],
        says: "var is the mean distance from the mean. The variance is the mean of the squared distances.",
    },
    Mistake {
        id: "epsilon-in-the-variance",
        exercise: "batch_norm::moments",
        edits: &[Swap(
            r#"(&x - &mean).pow2().sum_axis(Axis(0)) / n"#,
            r#"(&x - &mean).pow2().sum_axis(Axis(0)) / n + T::of(EPSILON)"#,
        )],
        sees: &[],
        says: "var is 1e-5 too large. epsilon does not belong to the moments; forward adds it under the root.",
    },
    Mistake {
        id: "fields-exchanged",
        exercise: "batch_norm::moments",
        edits: &[Swap(
            r#"Moments { mean, var }"#,
            r#"Moments { mean: var, var: mean }"#,
        )],
        sees: &[],
        says: "mean holds the variance [4, 36], and var the mean [3, 10]: the two are exchanged.",
    },
    Mistake {
        id: "half-of-the-batch",
        exercise: "batch_norm::moments",
        edits: &[Swap(
            r#"let mean = x.sum_axis(Axis(0)) / n;"#,
            r#"let mean = x.sum_axis(Axis(0)) / (n + T::one());"#,
        )],
        sees: &[
            "small.mean",
            "plain.mean",
            "small.var",
            "plain.var",
            "one.mean",
            "one.var",
        ],
        says: "mean became [2.4, 8]: the sum was divided by N + 1. There are N = 4 examples.",
    },
    Mistake {
        id: "epsilon-outside",
        exercise: "batch_norm::forward",
        edits: &[Swap(
            r#"let std = moments.var.mapv(|var| (var + epsilon).sqrt());"#,
            r#"let std = moments.var.mapv(|var| var.sqrt() + epsilon);"#,
        )],
        sees: &[],
        says: "The unit that varies least is scaled wrongly. epsilon is added to the root; it stands under it, beside the variance.",
    },
    Mistake {
        id: "no-epsilon",
        exercise: "batch_norm::forward",
        edits: &[Swap(
            r#"let std = moments.var.mapv(|var| (var + epsilon).sqrt());"#,
            r#"let std = moments.var.mapv(|var| var.sqrt());"#,
        )],
        sees: &[
            "constant.out",
            "plain.out",
            "plain.std",
            "plain.normalized",
            "small.out",
            "small.std",
            "small.normalized",
        ],
        says: "out became NaN where all examples are the same. epsilon, under the root, is there for that.",
    },
    Mistake {
        id: "variance-for-deviation",
        exercise: "batch_norm::forward",
        edits: &[Swap(
            r#"let std = moments.var.mapv(|var| (var + epsilon).sqrt());"#,
            r#"let std = moments.var.mapv(|var| var + epsilon);"#,
        )],
        sees: &[],
        says: "The first example became [-4, -14.67]: it was divided by the variance. Divide by its root.",
    },
    Mistake {
        id: "mean-kept",
        exercise: "batch_norm::forward",
        edits: &[Swap(
            r#"let normalized = (&x - &moments.mean) / &std;"#,
            r#"let normalized = &x / &std;"#,
        )],
        sees: &[
            "small.out",
            "plain.out",
            "small.normalized",
            "plain.normalized",
            "constant.out",
        ],
        says: "The first example became [6, 68.67]: the mean was not taken away.",
    },
    Mistake {
        id: "deviation-kept",
        exercise: "batch_norm::forward",
        edits: &[Swap(
            r#"let normalized = (&x - &moments.mean) / &std;"#,
            r#"let normalized = &x - &moments.mean;"#,
        )],
        sees: &[
            "small.out",
            "plain.out",
            "small.normalized",
            "plain.normalized",
        ],
        says: "The first example became [-19, -598]: the mean was taken away, and nothing was divided by the deviation.",
    },
    Mistake {
        id: "gamma-forgotten",
        exercise: "batch_norm::forward",
        edits: &[Swap(
            r#"let out = &normalized * &gamma + &beta;"#,
            r#"let out = &normalized + &beta;"#,
        )],
        sees: &["small.out", "plain.out"],
        says: "The first example became [0, 1]: gamma is not in it. out is gamma·normalized + beta.",
    },
    Mistake {
        id: "beta-forgotten",
        exercise: "batch_norm::forward",
        edits: &[Swap(
            r#"let out = &normalized * &gamma + &beta;"#,
            r#"let out = &normalized * &gamma;"#,
        )],
        sees: &["small.out", "plain.out", "constant.out"],
        says: "The first example became [-10, -100]: beta is not in it. out is gamma·normalized + beta.",
    },
    Mistake {
        id: "shift-before-scale",
        exercise: "batch_norm::forward",
        edits: &[Swap(
            r#"let out = &normalized * &gamma + &beta;"#,
            r#"let out = (&normalized + &beta) * &gamma;"#,
        )],
        sees: &["small.out", "plain.out", "constant.out"],
        says: "The first example became [0, 100]: beta was added before gamma was multiplied. out is gamma·normalized + beta.",
    },
    Mistake {
        id: "gamma-and-beta-exchanged",
        exercise: "batch_norm::forward",
        edits: &[Swap(
            r#"let out = &normalized * &gamma + &beta;"#,
            r#"let out = &normalized * &beta + &gamma;"#,
        )],
        sees: &["small.out", "plain.out", "constant.out"],
        says: "The first example became [9, 98]: gamma and beta are exchanged. gamma scales, beta shifts.",
    },
    Mistake {
        id: "one-plus-gamma",
        exercise: "batch_norm::forward",
        edits: &[Swap(
            r#"let out = &normalized * &gamma + &beta;"#,
            r#"let out = &normalized * &(&gamma + T::one()) + &beta;"#,
        )],
        sees: &["small.out", "plain.out"],
        says: "The first example became [-10, -99]: it was scaled by 1 + gamma. gamma is the whole scale, and begins at 1.",
    },
    Mistake {
        id: "cache-of-centered",
        exercise: "batch_norm::forward",
        edits: &[Swap(
            r#"(out, Cache { normalized, std }, moments)"#,
            r#"(out, Cache { normalized: &x - &moments.mean, std }, moments)"#,
        )],
        sees: &["small.normalized", "plain.normalized"],
        says: "out is right, and the cache keeps x − mean. It should keep the normalized batch, which was divided by the deviation.",
    },
    Mistake {
        id: "cache-of-out",
        exercise: "batch_norm::forward",
        edits: &[Swap(
            r#"(out, Cache { normalized, std }, moments)"#,
            r#"(out.clone(), Cache { normalized: out, std }, moments)"#,
        )],
        sees: &["small.normalized", "plain.normalized"],
        says: "out is right, and the cache keeps out. It should keep the normalized batch, before gamma and beta.",
    },
    Mistake {
        id: "cache-of-variance",
        exercise: "batch_norm::forward",
        edits: &[Swap(
            r#"(out, Cache { normalized, std }, moments)"#,
            r#"(out, Cache { normalized, std: moments.var.clone() }, moments)"#,
        )],
        sees: &["small.std", "plain.std"],
        says: "out is right, and the cache keeps the variance as std. std is the root, with epsilon under it.",
    },
    Mistake {
        id: "shares-exchanged",
        exercise: "batch_norm::remember",
        edits: &[Swap(
            r#"*old = momentum * *old + (one - momentum) * new"#,
            r#"*old = (one - momentum) * *old + momentum * new"#,
        )],
        sees: &[],
        says: "The mean became 28 and the variance 56: nine tenths of the batch. Nine tenths of the old averages stay.",
    },
    Mistake {
        id: "replaced",
        exercise: "batch_norm::remember",
        edits: &[Swap(
            r#"*old = momentum * *old + (one - momentum) * new"#,
            r#"*old = new"#,
        )],
        sees: &[],
        says: "The averages became the batch's, 30 and 60. Nine tenths of the old ones stay.",
    },
    Mistake {
        id: "batch-whole",
        exercise: "batch_norm::remember",
        edits: &[Swap(
            r#"*old = momentum * *old + (one - momentum) * new"#,
            r#"*old = momentum * *old + new"#,
        )],
        sees: &[],
        says: "The mean became 39 and the variance 78: the batch counts whole. Its share is 1 − momentum, a tenth.",
    },
    Mistake {
        id: "old-whole",
        exercise: "batch_norm::remember",
        edits: &[Swap(
            r#"*old = momentum * *old + (one - momentum) * new"#,
            r#"*old = *old + (one - momentum) * new"#,
        )],
        sees: &[],
        says: "The mean became 13 and the variance 26: the old averages count whole. Their share is momentum, nine tenths.",
    },
    Mistake {
        id: "half-and-half",
        exercise: "batch_norm::remember",
        edits: &[Swap(
            r#"*old = momentum * *old + (one - momentum) * new"#,
            r#"*old = (*old + new) / T::of(2.0)"#,
        )],
        sees: &[],
        says: "The mean became 20 and the variance 40: half and half. Nine tenths of the old averages stay.",
    },
    Mistake {
        id: "rms-momentum",
        exercise: "batch_norm::remember",
        edits: &[Swap(
            r#"*old = momentum * *old + (one - momentum) * new"#,
            r#"*old = T::of(0.99) * *old + T::of(0.01) * new"#,
        )],
        sees: &[],
        says: "The mean became 10.2 and the variance 20.4: 0.99 of the old stayed. Here it is momentum, 0.9.",
    },
    Mistake {
        id: "variance-forgotten",
        exercise: "batch_norm::remember",
        edits: &[Swap(
            r#"
    running.var.zip_mut_with(&batch.var, mix);"#,
            r#"
    let _ = &batch.var;"#,
        )],
        sees: &["small.var", "plain.var"],
        says: "The mean is right, and the variance is as it was. Both averages are kept.",
    },
    Mistake {
        id: "mean-forgotten",
        exercise: "batch_norm::remember",
        edits: &[Swap(
            r#"
    running.mean.zip_mut_with(&batch.mean, mix);"#,
            r#"
    let _ = &batch.mean;"#,
        )],
        sees: &["small.mean", "plain.mean"],
        says: "The variance is right, and the mean is as it was. Both averages are kept.",
    },
    Mistake {
        id: "deviation-remembered",
        exercise: "batch_norm::remember",
        edits: &[Swap(
            r#"running.var.zip_mut_with(&batch.var, mix);"#,
            r#"running.var.zip_mut_with(&batch.var.sqrt(), mix);"#,
        )],
        sees: &["small.var", "plain.var"],
        says: "The variance became 18.77: the root of the batch's was folded in. What is remembered is the variance itself.",
    },
    Mistake {
        id: "mean-for-variance",
        exercise: "batch_norm::remember",
        edits: &[Swap(
            r#"running.var.zip_mut_with(&batch.var, mix);"#,
            r#"running.var.zip_mut_with(&batch.mean, mix);"#,
        )],
        sees: &["small.var", "plain.var"],
        says: "The variance became 21: the batch's mean was folded into it.",
    },
    Mistake {
        id: "batch-moments",
        exercise: "batch_norm::test_forward",
        edits: &[Body(
            0,
            r#"    let Moments { mean, var } = moments(&x);
    let std = var.mapv(|var| (var + epsilon).sqrt());
    (&x - &mean) / &std * &gamma + &beta"#,
        )],
        sees: &[],
        says: "The first example became [-9, -98], as in training: the batch's own moments were used. A test pass uses the running averages.",
    },
    Mistake {
        id: "batch-mean",
        exercise: "batch_norm::test_forward",
        edits: &[Swap(r#"&running.mean"#, r#"&moments(&x).mean"#)],
        sees: &[],
        says: "The batch's own mean was taken away. A test pass uses the running averages, of the mean as well.",
    },
    Mistake {
        id: "batch-variance",
        exercise: "batch_norm::test_forward",
        edits: &[Swap(r#"running.var.mapv"#, r#"moments(&x).var.mapv"#)],
        sees: &[],
        says: "The mean is the running one, and the deviation is the batch's own. A test pass uses the running averages for both.",
    },
    Mistake {
        id: "test-variance-for-deviation",
        exercise: "batch_norm::test_forward",
        edits: &[Swap(
            r#"let std = running.var.mapv(|var| (var + epsilon).sqrt());"#,
            r#"let std = running.var.mapv(|var| var + epsilon);"#,
        )],
        sees: &[],
        says: "The second example became [3.5, 1402]: it was divided by the running variance, 16. Divide by its root.",
    },
    Mistake {
        id: "test-epsilon-outside",
        exercise: "batch_norm::test_forward",
        edits: &[Swap(
            r#"let std = running.var.mapv(|var| (var + epsilon).sqrt());"#,
            r#"let std = running.var.mapv(|var| var.sqrt() + epsilon);"#,
        )],
        sees: &["plain.out", "small.out"],
        says: "The unit whose running variance is least is scaled wrongly. epsilon is added to the root; it stands under it.",
    },
    Mistake {
        id: "test-no-epsilon",
        exercise: "batch_norm::test_forward",
        edits: &[Swap(
            r#"let std = running.var.mapv(|var| (var + epsilon).sqrt());"#,
            r#"let std = running.var.mapv(|var| var.sqrt());"#,
        )],
        sees: &["plain.out", "small.out"],
        says: "The unit whose running variance is least is scaled wrongly. epsilon is missing under the root.",
    },
    Mistake {
        id: "test-mean-kept",
        exercise: "batch_norm::test_forward",
        edits: &[Swap(r#"(&x - &running.mean) / &std"#, r#"&x / &std"#)],
        sees: &[],
        says: "The first example became [3.5, 402]: the running mean was not taken away.",
    },
    Mistake {
        id: "test-gamma-forgotten",
        exercise: "batch_norm::test_forward",
        edits: &[Swap(r#"/ &std * &gamma"#, r#"/ &std"#)],
        sees: &[],
        says: "The second example became [2, 16]: gamma is not in it. A test pass scales and shifts as well.",
    },
    Mistake {
        id: "test-beta-forgotten",
        exercise: "batch_norm::test_forward",
        edits: &[Swap(r#" * &gamma + &beta"#, r#" * &gamma"#)],
        sees: &[],
        says: "The first example became [0, 200]: beta is not in it. A test pass scales and shifts as well.",
    },
    Mistake {
        id: "not-scaled",
        exercise: "batch_norm::test_forward",
        edits: &[Swap(r#" * &gamma + &beta"#, r#""#)],
        sees: &[],
        says: "The first example became [0, 2]: gamma and beta are not in it. A test pass scales and shifts as well.",
    },
    Mistake {
        id: "dbeta-mean",
        exercise: "batch_norm::backward",
        edits: &[Swap(
            r#"let dbeta = dout.sum_axis(Axis(0));"#,
            r#"let dbeta = dout.sum_axis(Axis(0)) / n;"#,
        )],
        sees: &["small.dbeta", "plain.dbeta"],
        says: "dbeta became [2, 1], a mean over the batch. It is a sum; the 1/N of the loss is in dout already.",
    },
    Mistake {
        id: "dgamma-mean",
        exercise: "batch_norm::backward",
        edits: &[Swap(
            r#"let dgamma = sum(&dout * &normalized);"#,
            r#"let dgamma = sum(&dout * &normalized) / n;"#,
        )],
        sees: &["small.dgamma", "plain.dgamma"],
        says: "dgamma became [-2, 1], a mean over the batch. It is a sum; the 1/N of the loss is in dout already.",
    },
    Mistake {
        id: "dgamma-of-centered",
        exercise: "batch_norm::backward",
        edits: &[Swap(
            r#"let dgamma = sum(&dout * &normalized);"#,
            r#"let dgamma = sum(&dout * &normalized * &std);"#,
        )],
        sees: &["small.dgamma", "plain.dgamma"],
        says: "dgamma became [-16, 24]: it is made of x − mean. gamma multiplies the normalized batch.",
    },
    Mistake {
        id: "dgamma-like-dbeta",
        exercise: "batch_norm::backward",
        edits: &[Swap(
            r#"let dgamma = sum(&dout * &normalized);"#,
            r#"let dgamma = dout.sum_axis(Axis(0));"#,
        )],
        sees: &["small.dgamma", "plain.dgamma"],
        says: "dgamma became [8, 4], the sum of dout. gamma multiplies the normalized batch, and so does its gradient.",
    },
    Mistake {
        id: "grads-exchanged",
        exercise: "batch_norm::backward",
        edits: &[Swap(
            r#"Grads { dx, dgamma, dbeta }"#,
            r#"Grads { dx, dgamma: dbeta, dbeta: dgamma }"#,
        )],
        sees: &["small.dbeta", "small.dgamma", "plain.dbeta", "plain.dgamma"],
        says: "dgamma and dbeta are exchanged.",
    },
    Mistake {
        id: "gamma-forgotten-backward",
        exercise: "batch_norm::backward",
        edits: &[Swap(
            r#"let dnormalized = &dout * &gamma;"#,
            r#"let dnormalized = dout.to_owned();"#,
        )],
        sees: &["small.dx", "plain.dx"],
        says: "dx is 1/10 of what it should be for the unit whose gamma is 10. dnormalized is dout·gamma.",
    },
    Mistake {
        id: "moments-constant",
        exercise: "batch_norm::backward",
        edits: &[
            Swap(
                r#"let dcentered = dnormalized / &std + centered * dvar * two / n;"#,
                r#"let _ = (centered, dvar, two);
    let dcentered = dnormalized / &std;"#,
            ),
            Swap(
                r#"let dx = dcentered + dmean / n;"#,
                r#"let _ = dmean;
    let dx = dcentered;"#,
            ),
        ],
        sees: &["small.dx", "plain.dx"],
        says: "The first column of dx became 40, 0, 0, 0: the mean and the variance were taken for constants. They depend on every x of the batch.",
    },
    Mistake {
        id: "mean-constant",
        exercise: "batch_norm::backward",
        edits: &[Swap(
            r#"let dx = dcentered + dmean / n;"#,
            r#"let _ = dmean;
    let dx = dcentered;"#,
        )],
        sees: &["small.dx", "plain.dx"],
        says: "The first column of dx became 30, 10, −10, 10: the way through the mean is missing.",
    },
    Mistake {
        id: "variance-constant",
        exercise: "batch_norm::backward",
        edits: &[
            Swap(r#" + centered * dvar * two / n"#, r#""#),
            Swap(
                r#"let dstd = -sum(&dnormalized * &normalized) / &std;"#,
                r#"let dstd = -sum(&dnormalized * &normalized) / &std;
    let _ = (&centered, two);"#,
            ),
        ],
        sees: &["small.dx", "plain.dx"],
        says: "The first column of dx became 30, −10, −10, −10: the way through the variance is missing.",
    },
    Mistake {
        id: "root-not-halved",
        exercise: "batch_norm::backward",
        edits: &[Swap(r#"dstd / &std / two"#, r#"dstd / &std"#)],
        sees: &["small.dx", "plain.dx"],
        says: "The first column of dx became 10, 10, −30, 10: what comes through the variance is twice too large. The slope of √v is 1 / (2·√v).",
    },
    Mistake {
        id: "square-not-doubled",
        exercise: "batch_norm::backward",
        edits: &[Swap(
            r#"centered * dvar * two / n"#,
            r#"centered * dvar / n"#,
        )],
        sees: &["small.dx", "plain.dx"],
        says: "The first column of dx became 25, −5, −15, −5: what comes through the variance is half of what it should be. The slope of c² is 2·c.",
    },
    Mistake {
        id: "variance-way-not-divided",
        exercise: "batch_norm::backward",
        edits: &[Swap(
            r#"centered * dvar * two / n"#,
            r#"centered * dvar * two"#,
        )],
        sees: &["small.dx", "plain.dx"],
        says: "The first column of dx became −10, 30, −50, 30: what comes through the variance is N times too large. The variance is a mean, and hands 1/N to each example.",
    },
    Mistake {
        id: "mean-way-not-divided",
        exercise: "batch_norm::backward",
        edits: &[Swap(r#"dcentered + dmean / n"#, r#"dcentered + dmean"#)],
        sees: &["small.dx", "plain.dx"],
        says: "The first column of dx became −10, −30, −50, −30: what comes through the mean is N times too large. The mean hands 1/N to each example.",
    },
    Mistake {
        id: "mean-way-sign",
        exercise: "batch_norm::backward",
        edits: &[Swap(r#"dcentered + dmean / n"#, r#"dcentered - dmean / n"#)],
        sees: &["small.dx", "plain.dx"],
        says: "The first column of dx became 40, 20, 0, 20: the way through the mean has the wrong sign. The mean is subtracted.",
    },
    Mistake {
        id: "variance-way-sign",
        exercise: "batch_norm::backward",
        edits: &[Swap(r#"let dstd = -sum"#, r#"let dstd = sum"#)],
        sees: &["small.dx", "plain.dx"],
        says: "The first column of dx became 40, −20, 0, −20: the way through the deviation has the wrong sign. The slope of 1/s is −1/s².",
    },
    Mistake {
        id: "divided-again",
        exercise: "batch_norm::backward",
        edits: &[Swap(
            r#"let dx = dcentered + dmean / n;"#,
            r#"let dx = (dcentered + dmean / n) / n;"#,
        )],
        sees: &["small.dx", "plain.dx"],
        says: "dx is 1/4 of what it should be, and N = 4. The 1/N of the loss is in dout already.",
    },
    Mistake {
        id: "short-not-divided",
        exercise: "batch_norm::backward_short",
        edits: &[Swap(
            r#"let dx = (&dout - (normalized * &dgamma + &dbeta) / n) * (&gamma / &std);"#,
            r#"let _ = n;
    let dx = (&dout - (normalized * &dgamma + &dbeta)) * (&gamma / &std);"#,
        )],
        sees: &["small.dx", "plain.dx"],
        says: "The first column of dx became −40, 0, −80, 0: the two sums are not divided by N. They are means of what came in.",
    },
    Mistake {
        id: "short-gamma-forgotten",
        exercise: "batch_norm::backward_short",
        edits: &[Swap(
            r#"let dx = (&dout - (normalized * &dgamma + &dbeta) / n) * (&gamma / &std);"#,
            r#"let dx = (&dout - (normalized * &dgamma + &dbeta) / n) / &std;"#,
        )],
        sees: &["small.dx", "plain.dx"],
        says: "dx is 1/10 of what it should be for the unit whose gamma is 10. It is gamma / std times the rest.",
    },
    Mistake {
        id: "short-deviation-forgotten",
        exercise: "batch_norm::backward_short",
        edits: &[Swap(
            r#"let dx = (&dout - (normalized * &dgamma + &dbeta) / n) * (&gamma / &std);"#,
            r#"let _ = &std;
    let dx = (&dout - (normalized * &dgamma + &dbeta) / n) * &gamma;"#,
        )],
        sees: &["small.dx", "plain.dx"],
        says: "dx is twice what it should be for the unit whose deviation is 2. It is gamma / std times the rest.",
    },
    Mistake {
        id: "short-variance-for-deviation",
        exercise: "batch_norm::backward_short",
        edits: &[Swap(
            r#"let dx = (&dout - (normalized * &dgamma + &dbeta) / n) * (&gamma / &std);"#,
            r#"let dx = (&dout - (normalized * &dgamma + &dbeta) / n) * (&gamma / &std / &std);"#,
        )],
        sees: &["small.dx", "plain.dx"],
        says: "dx is half of what it should be for the unit whose deviation is 2: it was divided by the variance.",
    },
    Mistake {
        id: "short-without-dbeta",
        exercise: "batch_norm::backward_short",
        edits: &[Swap(
            r#"let dx = (&dout - (normalized * &dgamma + &dbeta) / n) * (&gamma / &std);"#,
            r#"let dx = (&dout - normalized * &dgamma / n) * (&gamma / &std);"#,
        )],
        sees: &["small.dx", "plain.dx"],
        says: "The first column of dx became 30, 10, −10, 10: dbeta is missing, which is what comes through the mean.",
    },
    Mistake {
        id: "short-without-dgamma",
        exercise: "batch_norm::backward_short",
        edits: &[Swap(
            r#"let dx = (&dout - (normalized * &dgamma + &dbeta) / n) * (&gamma / &std);"#,
            r#"let dx = (&dout - &dbeta / n) * (&gamma / &std);"#,
        )],
        sees: &["small.dx", "plain.dx"],
        says: "The first column of dx became 30, −10, −10, −10: dgamma is missing, which is what comes through the variance.",
    },
    Mistake {
        id: "short-constant",
        exercise: "batch_norm::backward_short",
        edits: &[Swap(
            r#"let dx = (&dout - (normalized * &dgamma + &dbeta) / n) * (&gamma / &std);"#,
            r#"let _ = n;
    let dx = &dout * (&gamma / &std);"#,
        )],
        sees: &["small.dx", "plain.dx"],
        says: "The first column of dx became 40, 0, 0, 0: the mean and the variance were taken for constants. They depend on every x of the batch.",
    },
    Mistake {
        id: "short-plus",
        exercise: "batch_norm::backward_short",
        edits: &[Swap(
            r#"let dx = (&dout - (normalized * &dgamma + &dbeta) / n) * (&gamma / &std);"#,
            r#"let dx = (&dout + (normalized * &dgamma + &dbeta) / n) * (&gamma / &std);"#,
        )],
        sees: &["small.dx", "plain.dx"],
        says: "The first column of dx became 60, 0, 20, 0: the two means were added. They are taken away.",
    },
    Mistake {
        id: "short-dgamma-alone",
        exercise: "batch_norm::backward_short",
        edits: &[Swap(
            r#"let dx = (&dout - (normalized * &dgamma + &dbeta) / n) * (&gamma / &std);"#,
            r#"let dx = (&dout - (&dgamma + &dbeta) / n) * (&gamma / &std);"#,
        )],
        sees: &["small.dx", "plain.dx"],
        says: "The first column of dx became 40, 0, 0, 0, and the second is wrong otherwise: dgamma is multiplied by the normalized batch, example by example.",
    },
    Mistake {
        id: "short-gamma-twice",
        exercise: "batch_norm::backward_short",
        edits: &[Swap(
            r#"let dx = (&dout - (normalized * &dgamma + &dbeta) / n) * (&gamma / &std);"#,
            r#"let dx = (&dout - (normalized * &dgamma * &gamma + &dbeta) / n) * (&gamma / &std);"#,
        )],
        sees: &["small.dx", "plain.dx"],
        says: "The first column of dx became −70, 90, −110, 90: gamma counts twice beside dgamma. It stands in front of the bracket already.",
    },
    Mistake {
        id: "short-dbeta-mean",
        exercise: "batch_norm::backward_short",
        edits: &[Swap(
            r#"Grads { dx, dgamma, dbeta }"#,
            r#"Grads { dx, dgamma, dbeta: dbeta / n }"#,
        )],
        sees: &["small.dbeta", "plain.dbeta"],
        says: "dbeta became [2, 1], a mean over the batch. It is a sum; the 1/N of the loss is in dout already.",
    },
    Mistake {
        id: "short-dgamma-mean",
        exercise: "batch_norm::backward_short",
        edits: &[Swap(
            r#"Grads { dx, dgamma, dbeta }"#,
            r#"Grads { dx, dgamma: dgamma / n, dbeta }"#,
        )],
        sees: &["small.dgamma", "plain.dgamma"],
        says: "dgamma became [-2, 1], a mean over the batch. It is a sum; the 1/N of the loss is in dout already.",
    },
    Mistake {
        id: "short-divided-again",
        exercise: "batch_norm::backward_short",
        edits: &[Swap(
            r#"let dx = (&dout - (normalized * &dgamma + &dbeta) / n) * (&gamma / &std);"#,
            r#"let dx = (&dout - (normalized * &dgamma + &dbeta) / n) * (&gamma / &std) / n;"#,
        )],
        sees: &["small.dx", "plain.dx"],
        says: "dx is 1/4 of what it should be, and N = 4. The 1/N of the loss is in dout already.",
    },
];

pub const CORRECT: &[Correct] = &[
    Correct {
        id: "by-ndarray",
        exercise: "batch_norm::moments",
        edits: &[Body(
            0,
            r#"    use ndarray::Axis;

    let mean = x.mean_axis(Axis(0)).unwrap();
    let var = x.var_axis(Axis(0), T::zero());
    Moments { mean, var }"#,
        )],
    },
    Correct {
        id: "unit-by-unit",
        exercise: "batch_norm::moments",
        edits: &[Body(
            0,
            r#"    let n = T::of(x.nrows() as f64);
    let mean: Array1<T> = x.columns().into_iter().map(|c| c.sum() / n).collect();
    let var = x.columns().into_iter().zip(&mean).map(|(c, &mean)| {
        c.iter().map(|&x| (x - mean) * (x - mean)).sum::<T>() / n
    });
    let var = var.collect();
    Moments { mean, var }"#,
        )],
    },
    Correct {
        id: "row-by-row",
        exercise: "batch_norm::moments",
        edits: &[Body(
            0,
            r#"    let n = T::of(x.nrows() as f64);
    let mut mean = Array1::zeros(x.ncols());
    for row in x.rows() {
        mean += &row;
    }
    mean /= n;
    let mut var = Array1::zeros(x.ncols());
    for row in x.rows() {
        let off = &row - &mean;
        var += &(&off * &off);
    }
    var /= n;
    Moments { mean, var }"#,
        )],
    },
    Correct {
        id: "in-place",
        exercise: "batch_norm::forward",
        edits: &[Body(
            0,
            r#"    let std = (&moments.var + epsilon).sqrt();
    let mut normalized = x.to_owned();
    normalized -= &moments.mean;
    normalized /= &std;
    let mut out = normalized.clone();
    out *= &gamma;
    out += &beta;
    (out, Cache { normalized, std }, moments)"#,
        )],
    },
    Correct {
        id: "by-the-inverse",
        exercise: "batch_norm::forward",
        edits: &[Body(
            0,
            r#"    let std = moments.var.mapv(|var| (var + epsilon).sqrt());
    let inverse = std.mapv(|std| T::one() / std);
    let normalized = (&x - &moments.mean) * &inverse;
    let out = &beta + &gamma * &normalized;
    (out, Cache { normalized, std }, moments)"#,
        )],
    },
    Correct {
        id: "example-by-example",
        exercise: "batch_norm::forward",
        edits: &[Body(
            0,
            r#"    let std = moments.var.mapv(|var| (var + epsilon).sqrt());
    let mut normalized = Array2::zeros(x.raw_dim());
    let mut out = Array2::zeros(x.raw_dim());
    for ((i, j), &x) in x.indexed_iter() {
        normalized[[i, j]] = (x - moments.mean[j]) / std[j];
        out[[i, j]] = gamma[j] * normalized[[i, j]] + beta[j];
    }
    (out, Cache { normalized, std }, moments)"#,
        )],
    },
    Correct {
        id: "whole-arrays",
        exercise: "batch_norm::remember",
        edits: &[Body(
            0,
            r#"    running.mean = &running.mean * momentum + &batch.mean * (one - momentum);
    running.var = &running.var * momentum + &batch.var * (one - momentum);"#,
        )],
    },
    Correct {
        id: "a-step-towards",
        exercise: "batch_norm::remember",
        edits: &[Body(
            0,
            r#"    for (old, &new) in running.mean.iter_mut().zip(&batch.mean) {
        *old += (one - momentum) * (new - *old);
    }
    for (old, &new) in running.var.iter_mut().zip(&batch.var) {
        *old += (one - momentum) * (new - *old);
    }"#,
        )],
    },
    Correct {
        id: "scaled-add",
        exercise: "batch_norm::remember",
        edits: &[Body(
            0,
            r#"    running.mean *= momentum;
    running.mean.scaled_add(one - momentum, &batch.mean);
    running.var *= momentum;
    running.var.scaled_add(one - momentum, &batch.var);"#,
        )],
    },
    Correct {
        id: "one-factor",
        exercise: "batch_norm::test_forward",
        edits: &[Body(
            0,
            r#"    let factor = &gamma / &(&running.var + epsilon).sqrt();
    (&x - &running.mean) * &factor + &beta"#,
        )],
    },
    Correct {
        id: "named",
        exercise: "batch_norm::test_forward",
        edits: &[Body(
            0,
            r#"    let Moments { mean, var } = running;
    let std = (var + epsilon).sqrt();
    let normalized = (&x - mean) / std;
    normalized * &gamma + &beta"#,
        )],
    },
    Correct {
        id: "factor-and-shift",
        exercise: "batch_norm::test_forward",
        edits: &[Body(
            0,
            r#"    let mut out = x.to_owned();
    for mut row in out.rows_mut() {
        for j in 0..row.len() {
            let std = (running.var[j] + epsilon).sqrt();
            row[j] = gamma[j] * (row[j] - running.mean[j]) / std + beta[j];
        }
    }
    out"#,
        )],
    },
    Correct {
        id: "as-in-the-paper",
        exercise: "batch_norm::backward",
        edits: &[Body(
            0,
            r#"    use ndarray::Axis;

    let (n, two) = (T::of(dout.nrows() as f64), T::of(2.0));
    let centered = &normalized * &std;
    let dnormalized = &dout * &gamma;
    let along = (&dnormalized * &centered).sum_axis(Axis(0));
    let dvar = -along / &std / &std / &std / two;
    let dmean = -(&dnormalized / &std).sum_axis(Axis(0))
        - &dvar * &centered.sum_axis(Axis(0)) * two / n;
    let dx = dnormalized / &std + centered * &dvar * two / n + dmean / n;
    let dgamma = (&dout * &normalized).sum_axis(Axis(0));
    Grads { dx, dgamma, dbeta: dout.sum_axis(Axis(0)) }"#,
        )],
    },
    Correct {
        id: "gate-by-gate",
        exercise: "batch_norm::backward",
        edits: &[Body(
            0,
            r#"    use ndarray::Axis;

    let n = T::of(dout.nrows() as f64);
    let ones = Array2::ones(dout.raw_dim());
    let inverse = std.mapv(|std| T::one() / std);
    let off = &normalized * &std;
    let dbeta = dout.sum_axis(Axis(0));
    let dgamma = (&dout * &normalized).sum_axis(Axis(0));
    let dnormalized = &dout * &gamma;
    let dinverse = (&dnormalized * &off).sum_axis(Axis(0));
    let dstd = -dinverse * &inverse * &inverse;
    let dvar = dstd * &inverse * T::of(0.5);
    let dsquares = &ones * &dvar / n;
    let doff = dnormalized * &inverse + off * dsquares * T::of(2.0);
    let dmean = -doff.sum_axis(Axis(0));
    let dx = doff + ones * &dmean / n;
    Grads { dx, dgamma, dbeta }"#,
        )],
    },
    Correct {
        id: "graph-unit-by-unit",
        exercise: "batch_norm::backward",
        edits: &[Body(
            0,
            r#"    let (n, two) = (T::of(dout.nrows() as f64), T::of(2.0));
    let mut dx = Array2::zeros(dout.raw_dim());
    let (mut dgamma, mut dbeta) = (Array1::zeros(dout.ncols()), Array1::zeros(dout.ncols()));
    for j in 0..dout.ncols() {
        let (dout, normalized, std) = (dout.column(j), normalized.column(j), std[j]);
        dbeta[j] = dout.sum();
        dgamma[j] = dout.dot(&normalized);
        let mut dvar = T::zero();
        for i in 0..dout.len() {
            dvar -= gamma[j] * dout[i] * normalized[i] / (two * std * std);
        }
        let mut dmean = T::zero();
        for i in 0..dout.len() {
            dx[[i, j]] = gamma[j] * dout[i] / std + two * dvar * normalized[i] * std / n;
            dmean -= dx[[i, j]];
        }
        for i in 0..dout.len() {
            dx[[i, j]] += dmean / n;
        }
    }
    Grads { dx, dgamma, dbeta }"#,
        )],
    },
    Correct {
        id: "short-is-the-other",
        exercise: "batch_norm::backward_short",
        edits: &[Body(
            0,
            r#"    use ndarray::Axis;

    let n = T::of(dout.nrows() as f64);
    let dbeta = dout.sum_axis(Axis(0));
    let dgamma = (&dout * &normalized).sum_axis(Axis(0));
    let dx = (&dout * n - &normalized * &dgamma - &dbeta) * (&gamma / &std / n);
    Grads { dx, dgamma, dbeta }"#,
        )],
    },
    Correct {
        id: "short-by-means",
        exercise: "batch_norm::backward_short",
        edits: &[Body(
            0,
            r#"    use ndarray::Axis;

    let dbeta = dout.sum_axis(Axis(0));
    let dgamma = (&dout * &normalized).sum_axis(Axis(0));
    let dnormalized = &dout * &gamma;
    let along = (&dnormalized * &normalized).mean_axis(Axis(0)).unwrap();
    let level = dnormalized.mean_axis(Axis(0)).unwrap();
    let dx = (dnormalized - normalized * &along - &level) / &std;
    Grads { dx, dgamma, dbeta }"#,
        )],
    },
    Correct {
        id: "short-unit-by-unit",
        exercise: "batch_norm::backward_short",
        edits: &[Body(
            0,
            r#"    let n = T::of(dout.nrows() as f64);
    let mut dx = Array2::zeros(dout.raw_dim());
    let (mut dgamma, mut dbeta) = (Array1::zeros(dout.ncols()), Array1::zeros(dout.ncols()));
    for j in 0..dout.ncols() {
        let (dout, normalized) = (dout.column(j), normalized.column(j));
        dbeta[j] = dout.sum();
        dgamma[j] = dout.iter().zip(normalized).map(|(&d, &x)| d * x).sum();
        for i in 0..dout.len() {
            let rest = dout[i] - (normalized[i] * dgamma[j] + dbeta[j]) / n;
            dx[[i, j]] = gamma[j] / std[j] * rest;
        }
    }
    Grads { dx, dgamma, dbeta }"#,
        )],
    },
];
