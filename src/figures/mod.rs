//! The book's figures, drawn from the crate's own runs.
//!
//! One figure is one small file with a function that runs the crate and returns an SVG;
//! [`FIGURES`] lists them. [`drawing`](crate::drawing) draws; [`runs`] has the trainings that
//! several figures show. Some figures can be touched: [`TOUCH`] lists what those are
//! operated with, made with [`controls`].

pub mod activation_histograms;
pub mod affine_graph;
pub mod affine_plane;
pub mod affine_template;
pub mod backward_walk;
pub mod batch_norm_scale;
pub mod careful;
pub mod circuit;
pub mod controls;
pub mod crosswise;
pub mod descent;
pub mod good_model;
pub mod held_out;
pub mod initial_loss;
pub mod kink;
pub mod layers;
pub mod learned_by_heart;
pub mod loss_surface;
pub mod map;
pub mod overfit_curves;
pub mod penalty;
pub mod rate_scale_map;
pub mod ravine;
pub mod relu_folds;
pub mod relu_graph;
pub mod row_and_column;
pub mod runs;
pub mod scale_through_layers;
pub mod secant;
pub mod softmax_growing_score;
pub mod step_size_v;
pub mod sums;
pub mod surprise;
pub mod ten_shapes;
pub mod update_rules;
pub mod wall;

/// A figure of the book.
#[derive(Debug, Clone, Copy)]
pub struct Figure {
    /// The file's name without `.svg`, and the beginning of every id in it.
    pub name: &'static str,
    /// Runs what is to be shown and draws it.
    pub draw: fn() -> String,
}

/// What a reader operates a figure with: HTML, by the name of the figure that it belongs to.
/// In the page it stands below the still picture, which it replaces.
pub const TOUCH: &[Figure] = &[
    Figure {
        name: "softmax-growing-score",
        draw: softmax_growing_score::touch,
    },
    Figure {
        name: "activation-histograms",
        draw: activation_histograms::touch,
    },
    Figure {
        name: "backward-walk",
        draw: backward_walk::touch,
    },
    Figure {
        name: "step-size-v",
        draw: step_size_v::touch,
    },
    Figure {
        name: "rate-scale-map",
        draw: rate_scale_map::touch,
    },
    Figure {
        name: "loss-surface",
        draw: loss_surface::touch,
    },
];

/// Every figure, in the order of the chapters; the first page has the last one.
pub const FIGURES: &[Figure] = &[
    Figure {
        name: "affine-graph",
        draw: affine_graph::draw,
    },
    Figure {
        name: "affine-template",
        draw: affine_template::draw,
    },
    Figure {
        name: "affine-plane",
        draw: affine_plane::draw,
    },
    Figure {
        name: "descent",
        draw: descent::draw,
    },
    Figure {
        name: "relu-graph",
        draw: relu_graph::draw,
    },
    Figure {
        name: "relu-tent",
        draw: relu_folds::curves,
    },
    Figure {
        name: "relu-plane",
        draw: relu_folds::plane,
    },
    Figure {
        name: "surprise",
        draw: surprise::draw,
    },
    Figure {
        name: "softmax-growing-score",
        draw: softmax_growing_score::draw,
    },
    Figure {
        name: "activation-histograms",
        draw: activation_histograms::draw,
    },
    Figure {
        name: "initial-loss",
        draw: initial_loss::draw,
    },
    Figure {
        name: "network-graph",
        draw: layers::forward,
    },
    Figure {
        name: "slope-chain",
        draw: circuit::chain,
    },
    Figure {
        name: "slope-fan-out",
        draw: circuit::fan_out,
    },
    Figure {
        name: "network-paths",
        draw: circuit::network,
    },
    Figure {
        name: "paths-and-sweep",
        draw: circuit::paths,
    },
    Figure {
        name: "backward-walk",
        draw: backward_walk::draw,
    },
    Figure {
        name: "ten-shapes",
        draw: ten_shapes::draw,
    },
    Figure {
        name: "held-out",
        draw: held_out::draw,
    },
    Figure {
        name: "penalty",
        draw: penalty::draw,
    },
    Figure {
        name: "secant",
        draw: secant::draw,
    },
    Figure {
        name: "step-size-v",
        draw: step_size_v::draw,
    },
    Figure {
        name: "kink",
        draw: kink::draw,
    },
    Figure {
        name: "crosswise",
        draw: crosswise::draw,
    },
    Figure {
        name: "overfit-curves",
        draw: overfit_curves::draw,
    },
    Figure {
        name: "scale-through-layers",
        draw: scale_through_layers::draw,
    },
    Figure {
        name: "rate-scale-map",
        draw: rate_scale_map::draw,
    },
    Figure {
        name: "loss-surface",
        draw: loss_surface::draw,
    },
    Figure {
        name: "learned-by-heart",
        draw: learned_by_heart::draw,
    },
    Figure {
        name: "ravine",
        draw: ravine::draw,
    },
    Figure {
        name: "update-rules",
        draw: update_rules::made_up,
    },
    Figure {
        name: "update-rules-cifar10",
        draw: update_rules::photographs,
    },
    Figure {
        name: "rate-scale-map-batchnorm",
        draw: rate_scale_map::draw_normalized,
    },
    Figure {
        name: "batch-norm-scale",
        draw: batch_norm_scale::draw,
    },
    Figure {
        name: "wall",
        draw: wall::draw,
    },
    Figure {
        name: "row-and-column",
        draw: row_and_column::draw,
    },
    Figure {
        name: "norm-and-batch",
        draw: careful::batches,
    },
    Figure {
        name: "dropout-curves",
        draw: careful::dropout,
    },
    Figure {
        name: "good-model",
        draw: good_model::draw,
    },
];
