//! Welcome: fifty images, learned by heart in forty steps, each framed as right or wrong.
//!
//! The drawing shows the end of the run. The other steps come along as data, and the page's
//! script plays them.

use super::runs::Run;
use crate::drawing::chart::{Panel, Scale, digits, powers, ticks};
use crate::drawing::palette::{BLUE, Colour, GREEN, GRID, INK, MAGENTA, SURFACE};
use crate::drawing::shapes::{Anchor, dot, text};
use crate::drawing::svg::{Element, Svg, round};
use crate::fifty::Images;
use crate::overfit::sgd_step;
use crate::training::Batches;
use base64::prelude::{BASE64_STANDARD, Engine};
use ndarray::ArrayView1;

/// The network and its batches: the three layers of chapter 9.
const RUN: Run = Run {
    layers: 3,
    weight_scale: 2e-2,
    rate: 1e-2,
    weights: 0,
    batches: 0,
};
const STEPS: usize = 40;
const BATCH: usize = 25;

/// The images stand in rows of so many.
const COLUMNS: usize = 10;
/// An image's side in pixels, and its distance from the next one.
const SIDE: usize = 32;
const GAP: usize = 4;
/// The size of a pixel in the figure.
const PIXEL: f64 = 1.25;
/// Where the wall begins.
const CORNER: (f64, f64) = (17.5, 8.0);
/// An image's numbers are rounded to multiples of this, or its file would be three times as
/// large.
const SHADES: f64 = 17.0;

/// What can be seen after a step.
struct Frame {
    /// The loss on all fifty.
    loss: f64,
    /// For each image, whether it is right.
    right: Vec<bool>,
}

impl Frame {
    fn count(&self) -> usize {
        self.right.iter().filter(|&&right| right).count()
    }
}

/// The run, from before its first step on.
fn frames(images: &Images) -> Vec<Frame> {
    let mut net = RUN.net();
    let count = images.y.len();
    let x = images
        .x
        .to_shape((count, 3 * SIDE * SIDE))
        .expect("fifty rows");
    let mut batches = Batches::new(&x, &images.y, BATCH, RUN.batches);
    let mut frames = Vec::new();
    for step in 0..=STEPS {
        if step > 0 {
            let (x, y) = batches.draw();
            let (_, grads) = net.loss(x, y).expect("good labels");
            sgd_step(net.parameters_mut(), &grads, RUN.rate);
        }
        let scores = net.scores(&x);
        let said = scores.outer_iter().map(|row| largest(&row));
        frames.push(Frame {
            loss: net.loss_value(&x, &images.y).expect("good labels"),
            right: said
                .zip(&images.y)
                .map(|(said, &label)| said == label)
                .collect(),
        });
    }
    frames
}

fn largest(row: &ArrayView1<f64>) -> usize {
    (1..row.len()).fold(0, |best, i| if row[i] > row[best] { i } else { best })
}

/// The figure.
pub fn draw() -> String {
    let images = Images::synthetic();
    let frames = frames(&images);
    let (first, last) = (&frames[0], &frames[STEPS]);
    let full = frames
        .iter()
        .position(|frame| frame.count() == frame.right.len());
    let mut svg = Svg::new(
        "wall",
        418.0,
        "A network learns fifty images by heart",
        format!(
            "Fifty small coloured textures in five rows, each in a frame that says whether \
             the network gets it right: {} of them before the first step, for the first time \
             all of them at step {}, and all of them at the end, as drawn. Below, the loss \
             on all fifty falls from {} to {} in forty steps, on a logarithmic axis, and the \
             number of images that are right climbs to 50.",
            first.count(),
            full.expect("a network that learns all"),
            digits(first.loss, 3),
            digits(last.loss, 2),
        ),
    );
    svg.add(wall());
    let mut group = Element::new("g").set("id", svg.id("frames").as_str());
    for (i, right) in last.right.iter().enumerate() {
        group = group.child(frame(i, *right));
    }
    let played = chart(&mut svg, &frames);
    svg.add(group.set("data-played", played.as_str()));
    svg.finish()
}

/// The images as one picture.
fn wall() -> Element {
    let columns = COLUMNS * (SIDE + GAP) - GAP;
    let rows = 50 / COLUMNS * (SIDE + GAP) - GAP;
    let picture = picture((columns, rows), 1, (0, 0), GROUND, None);
    let picture = format!("data:image/png;base64,{}", BASE64_STANDARD.encode(picture));
    Element::new("image")
        .set("x", CORNER.0)
        .set("y", CORNER.1)
        .set("width", columns as f64 * PIXEL)
        .set("height", rows as f64 * PIXEL)
        .set("href", picture.as_str())
}

/// The frame of an image; what is wrong is paler, too, and its frame is broken.
fn frame(i: usize, right: bool) -> Element {
    let (column, row) = ((i % COLUMNS) as f64, (i / COLUMNS) as f64);
    let step = (SIDE + GAP) as f64 * PIXEL;
    let side = SIDE as f64 * PIXEL + 3.0;
    let (colour, pale, dashes) = if right {
        (GREEN, 0.0, "none")
    } else {
        (MAGENTA, 0.6, "4 3")
    };
    Element::new("rect")
        .set("x", CORNER.0 + column * step - 1.5)
        .set("y", CORNER.1 + row * step - 1.5)
        .set("width", side)
        .set("height", side)
        .set("fill", SURFACE)
        .set("fill-opacity", pale)
        .set("stroke", colour)
        .set("stroke-width", 2.5)
        .set("stroke-dasharray", dashes)
}

/// Loss and number of right images, whole and pale, and over them what has been played. What
/// the script needs to play it: for each frame the loss, the images that are right as `1`,
/// and the heights of the two points.
fn chart(svg: &mut Svg, frames: &[Frame]) -> String {
    let (top, bottom) = (272.0, 360.0);
    let loss = Panel {
        x: Scale::linear((0.0, STEPS as f64), (58.0, 226.0)),
        y: Scale::log((1e-3, 1e1), (bottom, top)),
    };
    let count = Panel {
        x: Scale::linear((0.0, STEPS as f64), (290.0, 458.0)),
        y: Scale::linear((0.0, 50.0), (bottom, top)),
    };
    let last = &frames[STEPS];
    loss.y_axis(svg, &powers(-3, 1, 2));
    count.y_axis(svg, &ticks(&[0.0, 25.0, 50.0]));
    let losses = frames.iter().map(|frame| frame.loss);
    let counts = frames.iter().map(|frame| frame.count() as f64);
    let lines: [(&Panel, Vec<f64>, Colour, String, &str); 2] = [
        (&loss, losses.collect(), BLUE, said(last).0, "loss"),
        (&count, counts.collect(), GREEN, said(last).1, "right"),
    ];
    for (panel, values, colour, words, name) in lines {
        panel.x_axis(svg, &ticks(&[0.0, 20.0, 40.0]), "step");
        let points: Vec<(f64, f64)> = values
            .iter()
            .enumerate()
            .map(|(i, &y)| (i as f64, y))
            .collect();
        svg.add(panel.line(points.iter().copied(), GRID));
        let (left, right) = (panel.x.at(0.0), panel.x.at(STEPS as f64));
        let [id, point, above] = ["", "-dot", "-said"].map(|part| svg.id(name) + part);
        let clip = Element::new("rect")
            .set("x", left)
            .set("y", top - 9.0)
            .set("width", right - left)
            .set("height", bottom - top + 18.0);
        svg.add(Element::new("clipPath").set("id", id.as_str()).child(clip));
        let clip = format!("url(#{id})");
        svg.add(
            panel
                .line(points.iter().copied(), colour)
                .set("clip-path", clip.as_str()),
        );
        svg.add(dot(panel.at(points[STEPS]), 4.5, colour).set("id", point.as_str()));
        let words = text(left - 40.0, top - 16.0, Anchor::Start, INK, &words);
        svg.add(words.set("id", above.as_str()));
    }
    let frames = frames.iter().map(|frame| {
        let right = frame
            .right
            .iter()
            .map(|&right| if right { '1' } else { '0' });
        let heights = (loss.y.at(frame.loss), count.y.at(frame.count() as f64));
        format!(
            "{} {} {} {}",
            rounded(frame.loss),
            right.collect::<String>(),
            round(heights.0),
            round(heights.1)
        )
    });
    frames.collect::<Vec<_>>().join(",")
}

/// The words above the two panels.
fn said(frame: &Frame) -> (String, String) {
    (
        format!("loss {}", rounded(frame.loss)),
        format!("{} of {} right", frame.count(), frame.right.len()),
    )
}

/// Three digits after the point; no last bit shows in them.
fn rounded(loss: f64) -> String {
    format!("{loss:.3}")
}

/// A colour that no image has, because no number of it is a multiple of [`SHADES`]: what lies
/// between the images is transparent.
const GROUND: [u8; 3] = [1, 1, 1];

/// The fifty images as a PNG of `size` pixels, each pixel of theirs `zoom` large, the first
/// at `corner`; between them `ground`, transparent where it is [`GROUND`], and around each a
/// frame, if it has a colour.
fn picture(
    (width, height): (usize, usize),
    zoom: usize,
    corner: (usize, usize),
    ground: [u8; 3],
    frame: Option<[u8; 3]>,
) -> Vec<u8> {
    let images = crate::synthetic::images(50, 0);
    let step = zoom * (SIDE + GAP);
    let side = zoom * SIDE;
    let mut pixels = Vec::with_capacity(3 * width * height);
    for (y, x) in ndarray::indices((height, width)) {
        // From the corner of the frame around the first image, or before it.
        let cell = |at: usize, corner: usize, count: usize| {
            let at = (at + zoom).checked_sub(corner)?;
            let within = at % step;
            (at / step < count && within < side + 2 * zoom)
                .then_some((at / step, within))
        };
        let rows = images.labels.len() / COLUMNS;
        let colour = match (cell(x, corner.0, COLUMNS), cell(y, corner.1, rows)) {
            (Some((column, x)), Some((row, y))) => {
                let inside = |at: usize| (zoom..zoom + side).contains(&at);
                if inside(x) && inside(y) {
                    let (x, y) = (x / zoom - 1, y / zoom - 1);
                    let number = row * COLUMNS + column;
                    [0, 1, 2].map(|c| shade(images.pixels[[number, c, y, x]]))
                } else {
                    frame.unwrap_or(ground)
                }
            }
            _ => ground,
        };
        pixels.extend(colour);
    }
    encoded((width, height), &pixels, ground == GROUND)
}

fn shade(pixel: u8) -> u8 {
    ((f64::from(pixel) / SHADES).round() * SHADES) as u8
}

fn encoded(
    (width, height): (usize, usize),
    pixels: &[u8],
    transparent: bool,
) -> Vec<u8> {
    let mut file = Vec::new();
    let size = |pixels: usize| u32::try_from(pixels).expect("a small picture");
    let mut encoder = png::Encoder::new(&mut file, size(width), size(height));
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::High);
    if transparent {
        let wide = GROUND.map(|c| [0, c]).concat();
        encoder.set_trns(wide);
    }
    let written = encoder.write_header().and_then(|mut writer| {
        writer.write_image_data(pixels)?;
        writer.finish()
    });
    written.expect("a picture in memory");
    file
}

/// The picture of a shared link: the wall with all images right, 1200 by 630 pixels, as a PNG.
pub fn open_graph() -> Vec<u8> {
    let (page, right) = ([0xfd, 0xfc, 0xf9], [0x12, 0x69, 0x4a]);
    picture((1200, 630), 3, (66, 51), page, Some(right))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_frames_are_the_run_of_chapter_9() {
        let images = Images::synthetic();
        let frames = frames(&images);
        let history = RUN.train(&images).history;
        for (epoch, share) in history.accuracies.iter().enumerate() {
            assert_eq!(frames[2 * (epoch + 1)].count() as f64 / 50.0, *share);
        }
        assert_eq!(rounded(frames[0].loss), "3.158");
        assert!(frames[STEPS].right.iter().all(|&right| right));
    }

    #[test]
    fn the_pictures_hold_the_images_and_say_their_size() {
        let open = |file: &[u8]| {
            let mut reader = png::Decoder::new(std::io::Cursor::new(file.to_vec()))
                .read_info()
                .unwrap();
            let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
            let info = reader.next_frame(&mut pixels).unwrap();
            (info.width, info.height, pixels)
        };
        let first = crate::synthetic::images(1, 0);
        let expected = [0, 1, 2].map(|c| shade(first.pixels[[0, c, 0, 0]]));
        let (width, height, pixels) = open(&open_graph());
        assert_eq!((width, height), (1200, 630));
        let at = |x: usize, y: usize| &pixels[3 * (1200 * y + x)..][..3];
        assert_eq!(at(66, 51), expected);
        assert_eq!(at(68, 53), expected);
        assert_eq!(at(65, 51), [0x12, 0x69, 0x4a]);
        assert_eq!(at(0, 0), [0xfd, 0xfc, 0xf9]);
        assert_eq!(at(1199, 629), [0xfd, 0xfc, 0xf9]);
    }
}
