//! Drawings as SVG: the book's figures, and what the runner plots.
//!
//! [`svg`] writes, [`shapes`] and [`chart`] draw, [`palette`] has the colours. [`tiles`] is
//! apart: images of a layer's weights, as a PNG.
//!
//! `poloto` writes SVG whose text is text and whose colours a page can change, too. It draws
//! charts only, its interface has changed with every major version, and most of its versions
//! are yanked. What we need of it is one small file.

pub mod chart;
pub mod palette;
pub mod shapes;
pub mod svg;
pub mod tiles;
