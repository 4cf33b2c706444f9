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
    /// The same for each region, in the file's order, where there are several.
    pub parts: &'static [&'static str],
    /// What stands in the workbook in place of each region, in the same order. The
    /// message of `todo!` begins with the exercise's name, says what to write, and names
    /// the shapes that arrived.
    pub stubs: &'static [&'static str],
    /// From a question to an outline with shapes.
    pub hints: [&'static str; 3],
    /// What shows whether it is done.
    pub tests: Tests,
}

/// The tests of an exercise, or of what is given.
#[derive(Debug)]
pub struct Tests {
    /// Of `tests/chapters`, as libtest names them.
    pub unit: &'static [&'static str],
    /// The doctests: the item as rustdoc names it, and which of its examples, from 1, as in
    /// `affine::forward #1`.
    pub doc: &'static [&'static str],
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
        parts: &[],
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
        tests: Tests {
            unit: &[
                "affine::backward_names_the_argument_of_the_wrong_shape",
                "affine::forward_gives_the_courses_numbers",
                "affine::forward_lays_each_example_out_in_row_major_order",
                "affine::nan_is_passed_on",
                "affine::x_may_be_given_lent_or_seen",
            ],
            doc: &["affine::forward #1"],
        },
    },
    Exercise {
        name: "affine::backward",
        title: "dw, db and dx from dout",
        parts: &["dw and db from dout", "dx from dout and w"],
        stubs: &[
            r#"todo!(
    "affine::backward: (dw, db); here x is {:?} and dout is {:?}",
    x.shape(),
    dout.shape(),
)"#,
            r#"let _ = (&dw, &db, shape, unrows::<T, D>);
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
        tests: Tests {
            unit: &[
                "affine::a_batch_counts_twice_when_it_comes_twice",
                "affine::an_example_may_be_one_number",
                "affine::backward_gives_the_courses_gradients",
                "affine::backward_gives_the_slopes_of_forward",
                "affine::no_examples_give_no_rows_and_no_gradient",
                "affine::one_example_is_enough",
                "affine::one_output_is_enough",
                "affine::single_precision_agrees_with_double",
                "affine::the_gradients_of_the_parameters_are_those_of_backward",
                "affine::the_order_of_the_numbers_in_memory_does_not_matter",
                "affine::x_may_have_any_number_of_axes",
            ],
            doc: &[
                "affine::Cache #2",
                "affine::backward #1",
                "affine::param_grads #1",
            ],
        },
    },
    Exercise {
        name: "relu::forward",
        title: "out = max(0, x), and NaN stays NaN",
        parts: &[],
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
        tests: Tests {
            unit: &[
                "relu::backward_names_the_argument_of_the_wrong_shape",
                "relu::forward_gives_the_courses_numbers",
                "relu::infinity_passes_and_its_opposite_does_not",
                "relu::the_sandwich_passes_nan_on",
            ],
            doc: &["relu::affine_relu_forward #1", "relu::forward #1"],
        },
    },
    Exercise {
        name: "relu::backward",
        title: "dout where x was positive",
        parts: &[],
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
        tests: Tests {
            unit: &[
                "relu::backward_gives_the_courses_gradient",
                "relu::backward_gives_the_slopes_of_forward",
                "relu::nan_stays_nan",
                "relu::single_precision_agrees_with_double",
                "relu::the_mask_is_that_of_x_not_of_dout",
                "relu::the_order_of_the_numbers_in_memory_does_not_matter",
                "relu::the_sandwich_gives_the_courses_numbers",
                "relu::the_sandwich_gives_the_slopes_of_its_forward",
                "relu::the_shape_stays",
                "relu::the_slope_at_zero_is_zero",
            ],
            doc: &["relu::affine_relu_backward #1", "relu::backward #1"],
        },
    },
    Exercise {
        name: "softmax::loss",
        title: "the mean cross-entropy, and dscores",
        parts: &[],
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
        tests: Tests {
            unit: &[
                "softmax::a_number_added_to_a_row_changes_nothing",
                "softmax::a_probability_too_small_for_a_float_has_a_finite_loss",
                "softmax::an_example_adds_its_own_share_and_no_other",
                "softmax::dx_is_the_slope_of_the_loss",
                "softmax::equal_scores_lose_the_logarithm_of_the_number_of_classes",
                "softmax::every_row_of_dx_sums_to_zero",
                "softmax::large_scores_give_a_finite_loss",
                "softmax::loss_gives_the_courses_numbers",
                "softmax::nan_is_not_hidden",
                "softmax::one_class_leaves_nothing_to_lose",
                "softmax::only_the_labels_score_is_pulled_up",
                "softmax::rows_of_very_different_sizes_do_not_disturb_each_other",
                "softmax::the_loss_is_a_mean_over_the_examples",
                "softmax::the_loss_is_never_negative",
                "softmax::the_order_of_the_scores_in_memory_does_not_matter",
            ],
            doc: &["softmax::loss #1"],
        },
    },
    Exercise {
        name: "init::layer_sizes",
        title: "the (fan-in, fan-out) of each layer",
        parts: &[],
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
        tests: Tests {
            unit: &[
                "init::each_layer_goes_from_one_size_to_the_next",
                "init::no_hidden_layers_leave_one_layer",
            ],
            doc: &["init::layer_sizes #1"],
        },
    },
    Exercise {
        name: "init::draw_layer",
        title: "weights drawn, biases 0",
        parts: &[],
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
        tests: Tests {
            unit: &[
                "forward::examples_of_the_wrong_size_are_refused",
                "init::a_parameter_is_read_and_set_by_name",
                "init::a_parameter_may_be_set_from_a_transposed_view",
                "init::a_parameter_of_another_shape_is_refused_and_changes_nothing",
                "init::a_parameter_that_does_not_exist_is_refused",
                "init::a_source_of_normals_that_ends_is_named",
                "init::an_input_shape_is_worth_its_product",
                "init::biases_start_at_zero",
                "init::every_layer_of_a_network_has_the_weight_scale",
                "init::no_two_layers_share_their_draws",
                "init::numpys_generator_gives_the_notebooks_weights",
                "init::options_at_the_edge_of_their_range_are_taken",
                "init::single_precision_rounds_the_same_draws",
                "init::the_draws_are_scaled_and_fill_the_weights_row_by_row",
                "init::the_layers_draw_in_turn_from_one_source",
                "init::the_parameters_have_the_courses_names_and_shapes",
                "init::the_same_seed_gives_the_same_weights_and_another_seed_others",
                "init::weights_are_normal_with_the_weight_scale_as_standard_deviation",
                "overfit::a_step_with_gradients_of_another_network_is_refused",
                "overfit::scale_multiplies_from_layer_to_layer",
                "overfit::training_options_out_of_range_are_refused_by_name",
                "regularization::gradients_of_another_network_are_refused",
            ],
            doc: &[
                "init #1",
                "init::FullyConnectedNet<T>::new #1",
                "init::FullyConnectedNet<T>::with_normals #1",
                "init::draw_layer #1",
                "overfit::layer_stds #1",
                "parameters::Parameters #1",
            ],
        },
    },
    Exercise {
        name: "forward::forward",
        title: "the loop over layers",
        parts: &[],
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
        tests: Tests {
            unit: &[
                "backward::caches_of_another_network_are_refused",
                "backward::labels_are_checked",
                "forward::a_hidden_layer_has_a_relu_and_the_last_layer_none",
                "forward::an_example_has_the_scores_it_has_alone",
                "forward::each_cache_is_that_of_its_own_layer",
                "forward::every_layer_has_its_turn",
                "forward::examples_may_have_any_shape_of_the_right_size",
                "forward::nan_reaches_the_scores",
                "forward::no_examples_have_no_scores",
                "forward::one_layer_is_affine_alone",
                "forward::scores_are_the_courses_of_the_three_layer_network",
                "forward::scores_are_the_courses_of_the_two_layer_network",
                "forward::single_precision_agrees_with_double",
                "forward::the_order_of_the_numbers_in_memory_does_not_matter",
                "forward::there_is_a_cache_for_each_layer_the_last_one_affine",
                "gradient_check::a_networks_labels_are_checked",
                "overfit::layer_stds_are_those_of_the_sums_before_the_relu",
                "overfit::training_labels_are_checked_before_the_first_step",
                "regularization::labels_are_checked",
            ],
            doc: &["forward::FullyConnectedNet<T>::scores #1"],
        },
    },
    Exercise {
        name: "backward::backward",
        title: "the loop in reverse",
        parts: &[],
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
        tests: Tests {
            unit: &[
                "backward::a_batch_of_one_works",
                "backward::a_signal_of_the_wrong_shape_is_refused",
                "backward::gradients_are_the_courses_of_the_three_layer_network",
                "backward::gradients_are_the_courses_of_the_two_layer_network",
                "backward::gradients_are_the_slopes_of_the_loss_for_one_to_four_layers",
                "backward::gradients_double_when_the_signal_from_above_does",
                "backward::gradients_go_back_through_the_relu_that_was_open",
                "backward::layers_of_one_unit_work",
                "backward::single_precision_agrees_with_double",
                "backward::the_data_loss_knows_nothing_of_reg",
                "backward::the_order_of_the_numbers_in_memory_does_not_matter",
                "backward::there_is_one_gradient_for_each_parameter_in_its_shape",
            ],
            doc: &[
                "backward::FullyConnectedNet<T>::backward #1",
                "backward::FullyConnectedNet<T>::data_loss #1",
            ],
        },
    },
    Exercise {
        name: "regularization::penalty",
        title: "½·reg·ΣW² over all layers",
        parts: &[],
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
        tests: Tests {
            unit: &[
                "regularization::the_penalty_is_half_of_reg_times_the_squares_of_all_weights",
            ],
            doc: &["numpy #1", "regularization::penalty #1"],
        },
    },
    Exercise {
        name: "regularization::add_penalty_gradient",
        title: "reg·W, added to dW",
        parts: &[],
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
        tests: Tests {
            unit: &[
                "regularization::a_network_without_hidden_layers_is_penalized_too",
                "regularization::gradients_are_the_slopes_of_the_whole_loss",
                "regularization::single_precision_agrees_with_double",
                "regularization::the_gradient_of_the_penalty_is_reg_times_the_weight",
                "regularization::the_initial_losses_are_the_notebooks_and_as_predicted",
                "regularization::the_loss_alone_is_the_loss_with_gradients",
                "regularization::the_loss_grows_by_the_penalty_and_biases_have_no_part_in_it",
                "regularization::the_three_layer_network_has_the_courses_losses_and_gradients",
                "regularization::the_two_layer_network_has_the_courses_gradients",
                "regularization::the_two_layer_network_has_the_courses_losses",
                "regularization::without_reg_the_loss_is_the_data_loss",
            ],
            doc: &[
                "gradient_check #1",
                "regularization::FullyConnectedNet<T>::loss #1",
                "regularization::add_penalty_gradient #1",
            ],
        },
    },
    Exercise {
        name: "gradient_check::numeric_gradient",
        title: "slopes measured by central differences",
        parts: &[],
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
        tests: Tests {
            unit: &[
                "gradient_check::a_numeric_gradient_has_the_shape_of_x_whatever_its_order_in_memory",
                "gradient_check::only_one_number_moves_at_a_time_and_every_one_is_put_back",
                "gradient_check::the_difference_is_taken_on_both_sides",
                "gradient_check::the_slope_of_a_square_is_twice_the_number",
                "gradient_check::the_slopes_of_waves_are_found",
            ],
            doc: &["gradient_check::numeric_gradient #1"],
        },
    },
    Exercise {
        name: "gradient_check::relative_error",
        title: "the largest relative error, NaN included",
        parts: &[],
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
        tests: Tests {
            unit: &[
                "gradient_check::a_check_leaves_f_at_no_other_point",
                "gradient_check::a_check_of_views_is_a_check_of_their_numbers",
                "gradient_check::a_gradient_wrong_everywhere_is_no_field_of_kinks",
                "gradient_check::a_kink_excuses_no_wrong_slope",
                "gradient_check::a_kink_within_a_step_is_counted_and_forgiven",
                "gradient_check::a_network_whose_gradient_is_wrong_in_one_entry_fails",
                "gradient_check::a_right_gradient_agrees",
                "gradient_check::a_shallow_kink_is_a_kink_too",
                "gradient_check::an_entry_wrong_by_one_in_ten_thousand_is_found_whatever_its_size",
                "gradient_check::at_the_kink_itself_any_slope_between_the_two_will_do",
                "gradient_check::curvature_is_no_kink",
                "gradient_check::far_from_the_kink_there_is_none",
                "gradient_check::nan_never_passes",
                "gradient_check::networks_of_one_to_four_layers_with_biases_pass",
                "gradient_check::noise_in_a_small_slope_is_no_mistake",
                "gradient_check::on_too_many_kinks_too_little_was_compared",
                "gradient_check::one_unit_at_its_kink_fails_no_right_gradient",
                "gradient_check::one_wrong_entry_is_found_and_named",
                "gradient_check::the_courses_networks_pass",
                "gradient_check::the_relative_error_is_nan_as_soon_as_one_entry_is",
                "gradient_check::the_relative_error_is_the_largest_by_the_size_of_both",
                "gradient_check::the_relative_error_of_next_to_nothing_is_small",
            ],
            doc: &[
                "gradient_check::check #1",
                "gradient_check::check_net #1",
                "gradient_check::relative_error #1",
            ],
        },
    },
    Exercise {
        name: "overfit::sgd_step",
        title: "one step of gradient descent",
        parts: &[],
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
        tests: Tests {
            unit: &[
                "overfit::a_small_step_lowers_the_loss_by_the_square_of_the_gradient",
                "overfit::a_step_goes_downhill_by_the_rate_times_the_gradient",
            ],
            doc: &["overfit::sgd_step #1"],
        },
    },
    Exercise {
        name: "overfit::accuracy",
        title: "the share of right predictions",
        parts: &[],
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
        tests: Tests {
            unit: &[
                "overfit::accuracy_is_that_of_the_scores_in_any_order_in_memory",
                "overfit::accuracy_is_the_share_of_rows_whose_largest_score_is_the_labels",
                "overfit::of_equal_scores_the_first_counts",
            ],
            doc: &["overfit::accuracy #1"],
        },
    },
    Exercise {
        name: "overfit::train",
        title: "the training loop",
        parts: &[],
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
        tests: Tests {
            unit: &[
                "overfit::a_last_step_that_diverges_is_noticed",
                "overfit::a_step_too_small_learns_nothing",
                "overfit::an_epoch_has_at_least_one_step",
                "overfit::examples_that_are_nan_stop_training",
                "overfit::fifty_examples_are_learned_by_heart",
                "overfit::images_train_as_their_rows_do",
                "overfit::no_epochs_change_nothing",
                "overfit::single_precision_learns_them_too",
                "overfit::training_is_the_loop_that_it_says_it_is",
                "overfit::training_is_the_same_for_a_seed",
                "overfit::training_that_diverges_stops_and_names_the_step",
            ],
            doc: &["overfit #1"],
        },
    },
];

/// The tests of what is given: they pass in an untouched workbook.
pub static GIVEN: Tests = Tests {
    unit: &[
        "affine::a_bias_of_one_entry_is_not_stretched",
        "affine::forward_names_the_argument_of_the_wrong_shape",
        "gradient_check::a_gradient_of_another_shape_is_refused",
        "gradient_check::the_relative_error_of_two_shapes_is_refused",
        "init::options_not_built_yet_are_refused_by_name",
        "init::options_out_of_range_are_refused_by_name",
        "overfit::accuracy_needs_a_label_with_a_class_for_each_row",
        "overfit::batches_are_drawn_with_replacement_and_labels_stay_with_their_examples",
        "overfit::batches_are_the_same_for_a_seed_and_may_be_larger_than_the_set",
        "overfit::batches_of_nothing_are_refused",
        "regularization::squares_are_summed_in_any_order_in_memory",
        "softmax::a_label_without_a_class_is_refused",
        "softmax::an_empty_batch_is_refused",
        "softmax::one_label_for_each_example_is_needed",
    ],
    doc: &[
        "affine::Cache #1",
        "cifar10::Records #1",
        "cifar10::open #1",
        "cifar10::read_first #1",
        "images::Images::centered #1",
        "images::MeanImage::get #1",
        "numpy::RandomState #1",
        "numpy::RandomState::choice #1",
        "numpy::RandomState::next_u32 #1",
        "numpy::RandomState::normal #1",
        "numpy::RandomState::normal_array #1",
        "numpy::RandomState::normals #1",
        "numpy::RandomState::randint #1",
        "numpy::RandomState::randints #1",
        "numpy::RandomState::randn #1",
        "numpy::RandomState::randn_array #1",
        "numpy::RandomState::random_sample #1",
        "options::Options #1",
        "options::Options #2",
        "options::Options::new #1",
        "regularization::sum_of_squares #1",
        "scalar::Scalar #1",
        "softmax::loss #2",
        "synthetic::images #1",
    ],
};
