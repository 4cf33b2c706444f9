use crate::catalogue::Edit::{Body, Swap};
use crate::catalogue::{Correct, Mistake};

pub const MISTAKES: &[Mistake] = &[
    Mistake {
        id: "decays-at-once",
        exercise: "good_model::rate",
        edits: &[Swap(
            r#"rate * decay.powi(epoch as i32 - 1)"#,
            r#"rate * decay.powi(epoch as i32)"#,
        )],
        sees: &[],
        says: "Epoch 1 has rate 4 of 8: it is decayed already. The first epoch has the rate itself.",
    },
    Mistake {
        id: "decays-late",
        exercise: "good_model::rate",
        edits: &[Swap(
            r#"rate * decay.powi(epoch as i32 - 1)"#,
            r#"rate * decay.powi((epoch as i32 - 2).max(0))"#,
        )],
        sees: &[],
        says: "Epoch 2 has rate 8 still. The rate is decayed from each epoch to the next, the second included.",
    },
    Mistake {
        id: "decays-once",
        exercise: "good_model::rate",
        edits: &[Swap(
            r#"rate * decay.powi(epoch as i32 - 1)"#,
            r#"if epoch == 1 { rate } else { rate * decay }"#,
        )],
        sees: &[],
        says: "Epoch 3 has the rate of epoch 2. Each epoch has decay times the rate of the one before.",
    },
    Mistake {
        id: "constant",
        exercise: "good_model::rate",
        edits: &[Swap(
            r#"rate * decay.powi(epoch as i32 - 1)"#,
            r#"{ let _ = decay; rate }"#,
        )],
        sees: &[],
        says: "All epochs have the same rate. Each has decay times the rate of the one before.",
    },
    Mistake {
        id: "linear",
        exercise: "good_model::rate",
        edits: &[Swap(
            r#"rate * decay.powi(epoch as i32 - 1)"#,
            r#"rate * (1.0 - (1.0 - decay) * (epoch as f64 - 1.0))"#,
        )],
        sees: &[],
        says: "The rate falls by the same amount at each epoch, and is 0 at the third. It is multiplied by decay.",
    },
    Mistake {
        id: "divided-by-epoch",
        exercise: "good_model::rate",
        edits: &[Swap(
            r#"rate * decay.powi(epoch as i32 - 1)"#,
            r#"{ let _ = decay; rate / epoch as f64 }"#,
        )],
        sees: &[],
        says: "Epoch 3 has a third of the rate. The rate is multiplied by decay from each epoch to the next.",
    },
    Mistake {
        id: "grows",
        exercise: "good_model::rate",
        edits: &[Swap(
            r#"rate * decay.powi(epoch as i32 - 1)"#,
            r#"rate / decay.powi(epoch as i32 - 1)"#,
        )],
        sees: &[],
        says: "Epoch 2 has rate 16: it grows. Each epoch has decay times the rate of the one before.",
    },
    Mistake {
        id: "rate-in-the-power",
        exercise: "good_model::rate",
        edits: &[Swap(
            r#"rate * decay.powi(epoch as i32 - 1)"#,
            r#"(rate * decay).powi(epoch as i32 - 1)"#,
        )],
        sees: &[],
        says: "Epoch 1 has rate 1: rate and decay were raised to a power together. Only decay is.",
    },
    Mistake {
        id: "multiplied-by-epoch",
        exercise: "good_model::rate",
        edits: &[Swap(
            r#"rate * decay.powi(epoch as i32 - 1)"#,
            r#"if epoch == 1 { rate } else { rate * decay * (epoch as f64 - 1.0) }"#,
        )],
        sees: &[],
        says: "Epoch 3 has twice the rate of epoch 2. Each epoch has decay times the rate of the one before.",
    },
    Mistake {
        id: "ties-replace",
        exercise: "good_model::keep",
        edits: &[Swap(
            r#"accuracy > best.accuracy"#,
            r#"accuracy >= best.accuracy"#,
        )],
        sees: &[],
        says: "At the same accuracy the later network was kept. The earlier stays: only a higher one is better.",
    },
    Mistake {
        id: "always",
        exercise: "good_model::keep",
        edits: &[Swap(
            r#"accuracy > best.accuracy"#,
            r#"accuracy.is_finite()"#,
        )],
        sees: &[],
        says: "A network that was worse, 0.25 after 0.5, was kept. That is the last one, not the best.",
    },
    Mistake {
        id: "keeps-the-worst",
        exercise: "good_model::keep",
        edits: &[Swap(
            r#"accuracy > best.accuracy"#,
            r#"accuracy < best.accuracy"#,
        )],
        sees: &[],
        says: "At 0.625 after 0.5 nothing was kept. The higher accuracy is the better one.",
    },
    Mistake {
        id: "accuracy-not-kept",
        exercise: "good_model::keep",
        edits: &[Swap(
            r#"            accuracy,
"#,
            r#"            accuracy: best.accuracy,
"#,
        )],
        sees: &[],
        says: "The better network was kept with the old accuracy, 0.5. The next one would be compared with that.",
    },
    Mistake {
        id: "epoch-not-kept",
        exercise: "good_model::keep",
        edits: &[Swap(
            r#"            epoch,
"#,
            r#"            epoch: best.epoch,
"#,
        )],
        sees: &[],
        says: "The better network was kept with the epoch of the old one, 2.",
    },
    Mistake {
        id: "running-not-kept",
        exercise: "good_model::keep",
        edits: &[Swap(
            r#"running: net.running().to_vec()"#,
            r#"running: best.running.clone()"#,
        )],
        sees: &[],
        says: "The parameters are those of the better network, the running averages those of the old one. They belong together: a test pass uses both.",
    },
    Mistake {
        id: "parameters-not-kept",
        exercise: "good_model::keep",
        edits: &[Swap(
            r#"parameters: net.parameters().clone()"#,
            r#"parameters: best.parameters.clone()"#,
        )],
        sees: &[],
        says: "Epoch and accuracy are those of the better network, the parameters those of the old one.",
    },
    Mistake {
        id: "only-the-number",
        exercise: "good_model::keep",
        edits: &[Body(
            0,
            r#"    if accuracy > best.accuracy {
        let _ = net;
        best.accuracy = accuracy;
        best.epoch = epoch;
    }"#,
        )],
        sees: &[],
        says: "The number was kept, and the network was not: parameters and running averages are the old ones. Clone them.",
    },
    Mistake {
        id: "running-not-put-back",
        exercise: "good_model::put_back",
        edits: &[Swap(
            r#"net.running_mut().clone_from_slice(&best.running);"#,
            r#"let _ = best.running;"#,
        )],
        sees: &[],
        says: "The parameters were put back, and the running averages were not. They belong together: a test pass uses both.",
    },
    Mistake {
        id: "parameters-not-put-back",
        exercise: "good_model::put_back",
        edits: &[Swap(
            r#"*net.parameters_mut() = best.parameters;"#,
            r#"let _ = &best.parameters;"#,
        )],
        sees: &[],
        says: "The running averages were put back, and the parameters were not.",
    },
    Mistake {
        id: "nothing-put-back",
        exercise: "good_model::put_back",
        edits: &[Body(0, r#"    let _ = (net, best);"#)],
        sees: &[],
        says: "Nothing was put back: the network is that of the last epoch, not of the best.",
    },
    Mistake {
        id: "layers-alone-put-back",
        exercise: "good_model::put_back",
        edits: &[Swap(
            r#"*net.parameters_mut() = best.parameters;"#,
            r#"net.parameters_mut().layers = best.parameters.layers;"#,
        )],
        sees: &[],
        says: "W and b were put back, and gamma and beta were not.",
    },
    Mistake {
        id: "norms-alone-put-back",
        exercise: "good_model::put_back",
        edits: &[Swap(
            r#"*net.parameters_mut() = best.parameters;"#,
            r#"net.parameters_mut().norms = best.parameters.norms;"#,
        )],
        sees: &[],
        says: "gamma and beta were put back, and W and b were not.",
    },
    Mistake {
        id: "means-alone-put-back",
        exercise: "good_model::put_back",
        edits: &[Swap(
            r#"net.running_mut().clone_from_slice(&best.running);"#,
            r#"for (now, then) in net.running_mut().iter_mut().zip(best.running) {
        now.mean = then.mean;
    }"#,
        )],
        sees: &[],
        says: "The running means were put back, and the running variances were not.",
    },
    Mistake {
        id: "last-batch-dropped",
        exercise: "good_model::epoch",
        edits: &[Swap(
            r#"order.chunks(plan.batch)"#,
            r#"order.chunks_exact(plan.batch)"#,
        )],
        sees: &[],
        says: "There were 2 steps for 8 examples in batches of 3. The last batch is smaller, and counts too.",
    },
    Mistake {
        id: "unshuffled",
        exercise: "good_model::epoch",
        edits: &[Swap(
            r#"order.chunks(plan.batch)"#,
            r#"{ let n = order.len(); let _ = &order; (0..n).collect::<Vec<_>>() }.chunks(plan.batch)"#,
        )],
        sees: &[],
        says: "The examples came in their own order. Each epoch has an order of its own, which is given.",
    },
    Mistake {
        id: "moments-not-remembered",
        exercise: "good_model::epoch",
        edits: &[Swap(r#"net.remember(&moments);"#, r#"let _ = moments;"#)],
        sees: &[],
        says: "The running averages are as they were. After each step the moments of its batch are remembered.",
    },
    Mistake {
        id: "moments-remembered-twice",
        exercise: "good_model::epoch",
        edits: &[Swap(
            r#"net.remember(&moments);"#,
            r#"net.remember(&moments);
        net.remember(&moments);"#,
        )],
        sees: &[],
        says: "The moments of each batch were remembered twice.",
    },
    Mistake {
        id: "no-step",
        exercise: "good_model::epoch",
        edits: &[Swap(
            r#"optimizer.step(net.parameters_mut(), &grads, rate);"#,
            r#"let _ = (&grads, &rate, &mut *optimizer);"#,
        )],
        sees: &[],
        says: "The parameters are as they were: the optimizer made no step.",
    },
    Mistake {
        id: "two-steps",
        exercise: "good_model::epoch",
        edits: &[Swap(
            r#"optimizer.step(net.parameters_mut(), &grads, rate);"#,
            r#"optimizer.step(net.parameters_mut(), &grads, rate);
        optimizer.step(net.parameters_mut(), &grads, rate);"#,
        )],
        sees: &[],
        says: "The optimizer made two steps for each batch.",
    },
    Mistake {
        id: "plain-steps",
        exercise: "good_model::epoch",
        edits: &[Swap(
            r#"optimizer.step(net.parameters_mut(), &grads, rate);"#,
            r#"let _ = &mut *optimizer;
        Optimizer::new(crate::optim::Rule::Sgd, net.parameters())?.step(net.parameters_mut(), &grads, rate);"#,
        )],
        sees: &[],
        says: "The parameters took plain steps of gradient descent, and the optimizer none. Its rule makes the step.",
    },
    Mistake {
        id: "optimizer-made-anew",
        exercise: "good_model::epoch",
        edits: &[Swap(
            r#"optimizer.step(net.parameters_mut(), &grads, rate);"#,
            r#"*optimizer = Optimizer::new(plan.rule, net.parameters())?;
        optimizer.step(net.parameters_mut(), &grads, rate);"#,
        )],
        sees: &[],
        says: "At each step the optimizer begins anew, without the state of the step before.",
    },
    Mistake {
        id: "rate-undecayed",
        exercise: "good_model::epoch",
        edits: &[Swap(
            r#"&grads, rate)"#,
            r#"&grads, { let _ = rate; T::of(plan.rate) })"#,
        )],
        sees: &[],
        says: "The first epoch is right; the second took steps at the rate of the first. Each epoch has its own rate, which is given.",
    },
    Mistake {
        id: "masks-of-the-first-step",
        exercise: "good_model::epoch",
        edits: &[Swap(
            r#"            step,
        };"#,
            r#"            step: { let _ = step; 0 },
        };"#,
        )],
        sees: &[],
        says: "Without dropout all is right; with it every step had the masks of step 0. Each step has its own.",
    },
    Mistake {
        id: "masks-again-each-epoch",
        exercise: "good_model::epoch",
        edits: &[Swap(
            r#"            step,
        };"#,
            r#"            step: step - first_step,
        };"#,
        )],
        sees: &[],
        says: "Without dropout all is right; with it the second epoch had the masks of the first. The steps are counted on.",
    },
    Mistake {
        id: "masks-of-another-seed",
        exercise: "good_model::epoch",
        edits: &[Swap(r#"seed: plan.seed,"#, r#"seed: plan.seed + 1,"#)],
        sees: &[],
        says: "Without dropout all is right; with it the masks are not those of the plan's seed.",
    },
    Mistake {
        id: "loss-not-recorded",
        exercise: "good_model::epoch",
        edits: &[Swap(r#"record.record_loss(loss)?;"#, r#"let _ = loss;"#)],
        sees: &[],
        says: "No loss was recorded.",
    },
    Mistake {
        id: "nan-goes-on",
        exercise: "good_model::epoch",
        edits: &[Swap(
            r#"record.record_loss(loss)?;"#,
            r#"let _ = record.record_loss(loss);"#,
        )],
        sees: &[],
        says: "A loss that is NaN did not end the epoch. record_loss says so: hand its error on with `?`.",
    },
    Mistake {
        id: "watch-not-told",
        exercise: "good_model::epoch",
        edits: &[Swap(
            r#"if watch(Event::Step(record)).is_break() {
            return Ok(ControlFlow::Break(()));
        }"#,
            r#"let _ = &mut *watch;"#,
        )],
        sees: &[],
        says: "Whoever watches was told nothing. After each step it is, and may say stop.",
    },
    Mistake {
        id: "stop-not-heard",
        exercise: "good_model::epoch",
        edits: &[Swap(
            r#"if watch(Event::Step(record)).is_break() {
            return Ok(ControlFlow::Break(()));
        }"#,
            r#"let _ = watch(Event::Step(record));"#,
        )],
        sees: &[],
        says: "Whoever watches said stop after step 2, and the epoch went on.",
    },
    Mistake {
        id: "stop-forgotten",
        exercise: "good_model::epoch",
        edits: &[Swap(r#"return Ok(ControlFlow::Break(()));"#, r#"break;"#)],
        sees: &[],
        says: "The epoch stopped as told, and its end says that it did not: return Break.",
    },
    Mistake {
        id: "watch-before-the-step",
        exercise: "good_model::epoch",
        edits: &[Swap(
            r#"        record.record_loss(loss)?;
        optimizer.step(net.parameters_mut(), &grads, rate);
        net.remember(&moments);
        if watch(Event::Step(record)).is_break() {
            return Ok(ControlFlow::Break(()));
        }"#,
            r#"        record.record_loss(loss)?;
        if watch(Event::Step(record)).is_break() {
            return Ok(ControlFlow::Break(()));
        }
        optimizer.step(net.parameters_mut(), &grads, rate);
        net.remember(&moments);"#,
        )],
        sees: &[],
        says: "Told to stop after step 2, it left that step unmade. The step comes first, then the watch.",
    },
    Mistake {
        id: "best-by-training",
        exercise: "good_model::train",
        edits: &[Swap(
            r#"keep(best, net, number, validation);"#,
            r#"keep(best, net, number, training);"#,
        )],
        sees: &[],
        says: "The epoch that was kept is the one with the best training accuracy. What learns by heart wins there; choose by validation accuracy alone.",
    },
    Mistake {
        id: "accuracies-exchanged",
        exercise: "good_model::train",
        edits: &[Swap(
            r#"record_epoch(number, training, validation)"#,
            r#"record_epoch(number, validation, training)"#,
        )],
        sees: &[],
        says: "Training and validation accuracy are exchanged in the record.",
    },
    Mistake {
        id: "validation-on-the-sample",
        exercise: "good_model::train",
        edits: &[Swap(
            r#"let validation = accuracy_on(net, &run.validation)?;"#,
            r#"let validation = accuracy_on(net, &run.sample)?;"#,
        )],
        sees: &[],
        says: "The validation accuracy was measured on examples to train on.",
    },
    Mistake {
        id: "training-on-validation",
        exercise: "good_model::train",
        edits: &[Swap(
            r#"let training = accuracy_on(net, &run.sample)?;"#,
            r#"let training = accuracy_on(net, &run.validation)?;"#,
        )],
        sees: &[],
        says: "The training accuracy was measured on the examples for validation.",
    },
    Mistake {
        id: "not-kept",
        exercise: "good_model::train",
        edits: &[Swap(
            r#"keep(best, net, number, validation);"#,
            r#"let _ = &mut *best;"#,
        )],
        sees: &[],
        says: "No epoch of these runs was kept: the network has the parameters that it came with.",
    },
    Mistake {
        id: "kept-under-another-number",
        exercise: "good_model::train",
        edits: &[Swap(
            r#"keep(best, net, number, validation);"#,
            r#"keep(best, net, number - 1, validation);"#,
        )],
        sees: &[],
        says: "The best epoch is counted from 0. Its number is that of the epoch, from 1.",
    },
    Mistake {
        id: "measured-before",
        exercise: "good_model::train",
        edits: &[Swap(
            r#"        let stop = epoch(net, run, number)?;
        let training = accuracy_on(net, &run.sample)?;
        let validation = accuracy_on(net, &run.validation)?;"#,
            r#"        let training = accuracy_on(net, &run.sample)?;
        let validation = accuracy_on(net, &run.validation)?;
        let stop = epoch(net, run, number)?;"#,
        )],
        sees: &[],
        says: "The accuracies are those before each epoch. They are measured after it.",
    },
    Mistake {
        id: "first-ignored",
        exercise: "good_model::train",
        edits: &[Swap(r#"run.plan.numbers()"#, r#"1..=run.plan.epochs"#)],
        sees: &[],
        says: "The first training is right; the one that begins with epoch 4 began with epoch 1. plan.numbers() says which there are.",
    },
    Mistake {
        id: "epochs-not-told",
        exercise: "good_model::train",
        edits: &[Swap(
            r#"let told = (run.watch)(Event::Epoch(&run.record));"#,
            r#"let told = ControlFlow::<()>::Continue(());"#,
        )],
        sees: &[],
        says: "Whoever watches was not told of the epochs.",
    },
    Mistake {
        id: "stop-of-a-step-ignored",
        exercise: "good_model::train",
        edits: &[Swap(
            r#"if stop.is_break() || told.is_break() {"#,
            r#"let _ = &stop;
        if told.is_break() {"#,
        )],
        sees: &[],
        says: "Told to stop in the middle of epoch 2, it went on with epoch 3.",
    },
    Mistake {
        id: "stop-of-an-epoch-ignored",
        exercise: "good_model::train",
        edits: &[Swap(
            r#"if stop.is_break() || told.is_break() {"#,
            r#"let _ = &told;
        if stop.is_break() {"#,
        )],
        sees: &[],
        says: "Told to stop at the end of epoch 2, it went on with epoch 3.",
    },
    Mistake {
        id: "stopped-unmeasured",
        exercise: "good_model::train",
        edits: &[Swap(
            r#"let stop = epoch(net, run, number)?;"#,
            r#"let stop = epoch(net, run, number)?;
        if stop.is_break() {
            return Ok(ControlFlow::Break(()));
        }"#,
        )],
        sees: &[],
        says: "The epoch in which it was told to stop was not measured. It may be the best.",
    },
    Mistake {
        id: "stops-at-the-first-fall",
        exercise: "good_model::train",
        edits: &[Swap(
            r#"let told = (run.watch)(Event::Epoch(&run.record));"#,
            r#"let told = (run.watch)(Event::Epoch(&run.record));
        if validation < best.accuracy {
            return Ok(ControlFlow::Continue(()));
        }"#,
        )],
        sees: &[],
        says: "It ended as soon as the validation accuracy fell. All epochs are made; the best is kept meanwhile.",
    },
    Mistake {
        id: "goes-on-from-the-best",
        exercise: "good_model::train",
        edits: &[Swap(
            r#"let stop = epoch(net, run, number)?;"#,
            r#"put_back(net, best.clone());
        let stop = epoch(net, run, number)?;"#,
        )],
        sees: &[],
        says: "Each epoch went on from the best network so far. Training goes on from the last; the best is put back at the end.",
    },
    Mistake {
        id: "one-epoch-too-few",
        exercise: "good_model::train",
        edits: &[Swap(
            r#"run.plan.numbers()"#,
            r#"run.plan.numbers().skip(1)"#,
        )],
        sees: &[],
        says: "The first epoch was not made.",
    },
];

pub const CORRECT: &[Correct] = &[
    Correct {
        id: "by-multiplying",
        exercise: "good_model::rate",
        edits: &[Body(
            0,
            r#"    let mut now = rate;
    for _ in 1..epoch {
        now *= decay;
    }
    now"#,
        )],
    },
    Correct {
        id: "from-the-one-before",
        exercise: "good_model::rate",
        edits: &[Body(
            0,
            r#"    if epoch == 1 {
        rate
    } else {
        self::rate(rate, decay, epoch - 1) * decay
    }"#,
        )],
    },
    Correct {
        id: "powf",
        exercise: "good_model::rate",
        edits: &[Body(0, r#"    rate * decay.powf((epoch - 1) as f64)"#)],
    },
    Correct {
        id: "field-by-field",
        exercise: "good_model::keep",
        edits: &[Body(
            0,
            r#"    if accuracy <= best.accuracy {
        return;
    }
    best.epoch = epoch;
    best.accuracy = accuracy;
    best.parameters.clone_from(net.parameters());
    best.running = net.running().iter().cloned().collect();"#,
        )],
    },
    Correct {
        id: "made-new",
        exercise: "good_model::keep",
        edits: &[Body(
            0,
            r#"    if best.accuracy < accuracy {
        let mut new = Best::new(net, accuracy);
        new.epoch = epoch;
        *best = new;
    }"#,
        )],
    },
    Correct {
        id: "fields-cloned",
        exercise: "good_model::keep",
        edits: &[Body(
            0,
            r#"    if accuracy - best.accuracy > 0.0 {
        let FullyConnectedNet { parameters, running, .. } = net.clone();
        *best = Best { epoch, accuracy, parameters, running };
    }"#,
        )],
    },
    Correct {
        id: "the-fields",
        exercise: "good_model::put_back",
        edits: &[Body(
            0,
            r#"    net.parameters = best.parameters;
    net.running = best.running;"#,
        )],
    },
    Correct {
        id: "swapped",
        exercise: "good_model::put_back",
        edits: &[Body(
            0,
            r#"    let mut best = best;
    std::mem::swap(net.parameters_mut(), &mut best.parameters);
    for (now, then) in net.running_mut().iter_mut().zip(best.running) {
        *now = then;
    }"#,
        )],
    },
    Correct {
        id: "by-name",
        exercise: "good_model::put_back",
        edits: &[Body(
            0,
            r#"    for (name, value) in best.parameters.iter() {
        net.parameters_mut().set(&name, &value).unwrap();
    }
    for (now, then) in net.running_mut().iter_mut().zip(&best.running) {
        now.mean.assign(&then.mean);
        now.var.assign(&then.var);
    }"#,
        )],
    },
    Correct {
        id: "counted",
        exercise: "good_model::epoch",
        edits: &[Body(
            0,
            r#"    use crate::deep::Pass;

    let mut step = first_step;
    for numbers in order.chunks(plan.batch) {
        let (x, y) = batch.gather(*train, numbers);
        let pass = Pass::Train { seed: plan.seed, step };
        let seen = net.loss_in(&pass, x, y)?;
        record.record_loss(seen.loss)?;
        net.remember(&seen.moments);
        optimizer.step(net.parameters_mut(), &seen.grads, rate);
        step += 1;
        if let ControlFlow::Break(()) = watch(Event::Step(record)) {
            return Ok(ControlFlow::Break(()));
        }
    }
    Ok(ControlFlow::Continue(()))"#,
        )],
    },
    Correct {
        id: "by-ranges",
        exercise: "good_model::epoch",
        edits: &[Body(
            0,
            r#"    use crate::deep::Pass;

    let mut flow = ControlFlow::Continue(());
    for (i, begin) in (0..order.len()).step_by(plan.batch).enumerate() {
        let end = (begin + plan.batch).min(order.len());
        let (x, y) = batch.gather(*train, &order[begin..end]);
        let pass = Pass::Train { seed: plan.seed, step: first_step + i as u64 };
        let seen = net.loss_in(&pass, x, y)?;
        record.record_loss(seen.loss)?;
        optimizer.step(net.parameters_mut(), &seen.grads, rate);
        net.remember(&seen.moments);
        flow = watch(Event::Step(record));
        if flow.is_break() {
            break;
        }
    }
    Ok(flow)"#,
        )],
    },
    Correct {
        id: "flow-returned",
        exercise: "good_model::epoch",
        edits: &[Swap(
            r#"if watch(Event::Step(record)).is_break() {
            return Ok(ControlFlow::Break(()));
        }"#,
            r#"let flow = watch(Event::Step(record));
        if flow.is_break() {
            return Ok(flow);
        }"#,
        )],
    },
    Correct {
        id: "validation-first",
        exercise: "good_model::train",
        edits: &[Body(
            0,
            r#"    for number in run.plan.numbers() {
        let stop = epoch(net, run, number)?;
        let validation = accuracy_on(net, &run.validation)?;
        let training = accuracy_on(net, &run.sample)?;
        run.record.record_epoch(number, training, validation)?;
        keep(best, net, number, validation);
        if (run.watch)(Event::Epoch(&run.record)).is_break() || stop.is_break() {
            return Ok(ControlFlow::Break(()));
        }
    }
    Ok(ControlFlow::Continue(()))"#,
        )],
    },
    Correct {
        id: "a-while",
        exercise: "good_model::train",
        edits: &[Body(
            0,
            r#"    let mut number = run.plan.first;
    let end = run.plan.first + run.plan.epochs;
    let mut flow = ControlFlow::Continue(());
    while number < end && flow.is_continue() {
        let stop = epoch(net, run, number)?;
        let training = accuracy_on(net, &run.sample)?;
        let validation = accuracy_on(net, &run.validation)?;
        run.record.record_epoch(number, training, validation)?;
        keep(best, net, number, validation);
        let told = (run.watch)(Event::Epoch(&run.record));
        flow = if stop.is_break() { stop } else { told };
        number += 1;
    }
    Ok(flow)"#,
        )],
    },
    Correct {
        id: "told-first",
        exercise: "good_model::train",
        edits: &[Swap(
            r#"if stop.is_break() || told.is_break() {"#,
            r#"if told.is_break() || stop.is_break() {"#,
        )],
    },
];
