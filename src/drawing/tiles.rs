//! The weights of a first layer as images, in rows and columns, as a PNG.
//!
//! A unit of the first layer has one weight for each number of an image, so its weights are
//! an image themselves: bright where the unit wants the pixel bright. A PNG rather than an SVG,
//! because it is nothing but pixels.

use crate::Scalar;
use ndarray::ArrayRef2;

/// The side of an image.
const SIDE: usize = 32;
/// Black pixels between two images.
const GAP: usize = 1;
/// The most units that are drawn.
pub const MOST: usize = 1024;

/// Draws the weights `w`, `(3072, H)`, of the first units of a layer, at most [`MOST`]: each
/// unit an image of 32 by 32 pixels, row by row in a square grid.
///
/// Each image uses the whole range of brightness, from the least of its weights to the
/// greatest, all three colours together: what can be compared is the pattern, not the strength.
/// An image whose weights are all equal is grey, and a weight that is not finite is black.
///
/// # Panics
///
/// If `w` has not 3072 rows.
pub fn png<T: Scalar>(w: &ArrayRef2<T>) -> Vec<u8> {
    assert!(
        w.nrows() == 3 * SIDE * SIDE,
        "tiles::png: w must have {} rows, one for each number of an image; it has {}",
        3 * SIDE * SIDE,
        w.nrows(),
    );
    let units = w.ncols().min(MOST);
    let columns = (1..).find(|n| n * n >= units).expect("a root").max(1);
    let rows = units.div_ceil(columns).max(1);
    let length = |images: usize| images * (SIDE + GAP) - GAP;
    let (width, height) = (length(columns), length(rows));

    let mut pixels = vec![0; 3 * width * height];
    for (unit, weights) in w.columns().into_iter().take(units).enumerate() {
        let finite = || weights.iter().map(|w| w.as_f64()).filter(|w| w.is_finite());
        let low = finite().fold(f64::INFINITY, f64::min);
        let high = finite().fold(f64::NEG_INFINITY, f64::max);
        let (left, top) = (unit % columns, unit / columns);
        let (left, top) = (left * (SIDE + GAP), top * (SIDE + GAP));
        // An image is red, then green, then blue; a PNG has the three side by side.
        for (i, weight) in weights.iter().enumerate() {
            let (channel, place) = (i / (SIDE * SIDE), i % (SIDE * SIDE));
            let (x, y) = (left + place % SIDE, top + place / SIDE);
            pixels[3 * (y * width + x) + channel] = shade(weight.as_f64(), low, high);
        }
    }
    encoded((width, height), &pixels)
}

/// A weight's brightness, from 0 for the lowest to 255 for the highest.
fn shade(weight: f64, low: f64, high: f64) -> u8 {
    if !weight.is_finite() {
        return 0;
    }
    if low == high {
        return 128;
    }
    // Halved first, since the range of two finite numbers need not be finite.
    let share = (weight / 2.0 - low / 2.0) / (high / 2.0 - low / 2.0);
    (255.0 * share).round() as u8
}

fn encoded((width, height): (usize, usize), pixels: &[u8]) -> Vec<u8> {
    let mut file = Vec::new();
    let size = |pixels: usize| u32::try_from(pixels).expect("a small picture");
    let mut encoder = png::Encoder::new(&mut file, size(width), size(height));
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    let written = encoder.write_header().and_then(|mut writer| {
        writer.write_image_data(pixels)?;
        writer.finish()
    });
    written.expect("a picture in memory");
    file
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::Array2;

    /// Width, height and a look at the pixel in column `x` and row `y`.
    fn opened<T: Scalar>(
        w: &Array2<T>,
    ) -> (u32, u32, impl Fn(usize, usize) -> [u8; 3] + use<T>) {
        let file = std::io::Cursor::new(png(w));
        let mut reader = png::Decoder::new(file).read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut pixels).unwrap();
        let width = info.width as usize;
        let at = move |x: usize, y: usize| {
            let at = 3 * (y * width + x);
            [pixels[at], pixels[at + 1], pixels[at + 2]]
        };
        (info.width, info.height, at)
    }

    #[test]
    fn each_unit_uses_its_own_range_and_lies_in_its_place() {
        // Five units in a grid of 3 columns and 2 rows.
        let mut w = Array2::<f32>::zeros((3072, 5));
        w[[0, 0]] = -1.0; // red, top left
        w[[1024 + 31, 0]] = 3.0; // green, top right
        w[[2048 + 31 * 32, 4]] = 1e-6; // blue, bottom left
        let (width, height, at) = opened(&w);
        assert_eq!((width, height), (98, 65));
        // From −1 to 3, 0 is a quarter of the way: 63.75.
        assert_eq!(at(0, 0), [0, 64, 64]);
        assert_eq!(at(31, 0), [64, 255, 64]);
        assert_eq!(at(1, 0), [64, 64, 64]);
        // Between the images.
        assert_eq!(at(32, 0), [0, 0, 0]);
        assert_eq!(at(0, 32), [0, 0, 0]);
        // The fifth is the second of the second row.
        assert_eq!(at(33, 33 + 31), [0, 0, 255]);
        // The second has equal weights, and there is no sixth.
        assert_eq!(at(33, 0), [128, 128, 128]);
        assert_eq!(at(66, 33), [0, 0, 0]);
    }

    #[test]
    fn any_weights_can_be_drawn() {
        for units in [0, 1, 2, 4, MOST + 1] {
            let side = |n: usize| (33 * n.max(1) - 1) as u32;
            let columns = units.min(MOST) as f64;
            let (width, _, _) = opened(&Array2::<f32>::zeros((3072, units)));
            assert_eq!(width, side(columns.sqrt().ceil() as usize));
        }
        let mut w = Array2::from_elem((3072, 1), f64::MAX);
        w[[0, 0]] = f64::MIN;
        w[[1, 0]] = f64::NAN;
        let (_, _, at) = opened(&w);
        assert_eq!(at(0, 0), [0, 255, 255]);
        assert_eq!(at(1, 0), [0, 255, 255]);
        assert_eq!(at(2, 0), [255, 255, 255]);
    }
}
