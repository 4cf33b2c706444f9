//! The book's figures, drawn from the crate's own runs.
//!
//! One figure is one small file with a function that runs the crate and returns an SVG;
//! [`FIGURES`] lists them. [`svg`] writes, [`shapes`] and [`chart`] draw, [`palette`] has
//! the colours, [`runs`] what several figures train.
//!
//! No library was found that writes SVG whose colours a page can change and whose text is
//! text; `plotters`, which the runner uses, fixes its colours.

pub mod affine_graph;
pub mod chart;
pub mod layers;
pub mod map;
pub mod palette;
pub mod relu_mask;
pub mod runs;
pub mod shapes;
pub mod softmax_growing_score;
pub mod svg;

/// A figure of the book.
#[derive(Debug, Clone, Copy)]
pub struct Figure {
    /// The file's name without `.svg`, and the beginning of every id in it.
    pub name: &'static str,
    /// Runs what is to be shown and draws it.
    pub draw: fn() -> String,
}

/// Every figure, in the order of the chapters.
pub const FIGURES: &[Figure] = &[
    Figure {
        name: "affine-graph",
        draw: affine_graph::draw,
    },
    Figure {
        name: "relu-mask",
        draw: relu_mask::draw,
    },
    Figure {
        name: "softmax-growing-score",
        draw: softmax_growing_score::draw,
    },
    Figure {
        name: "network-graph",
        draw: layers::forward,
    },
    Figure {
        name: "backward-walk",
        draw: layers::backward,
    },
];
