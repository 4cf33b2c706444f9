//! What the runner and the example `learn` of a workbook hand each other: images, and the
//! numbers of networks.

use crate::FullyConnectedNet;
use crate::images::Images;
use ndarray::{Array3, Array4, ArrayRef3};
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// All numbers of a network, its running averages included, in an order that depends on its
/// options alone.
pub fn numbers(net: &FullyConnectedNet<f32>) -> Vec<f32> {
    let mut all = Vec::new();
    for (_, array) in net.parameters().iter() {
        all.extend(array);
    }
    for moments in net.running() {
        all.extend(&moments.mean);
        all.extend(&moments.var);
    }
    all
}

/// Gives a network all its numbers, in the order of [`numbers`].
///
/// # Panics
///
/// If there are not as many as it has.
pub fn set_numbers(net: &mut FullyConnectedNet<f32>, all: &[f32]) {
    let mut rest = all.iter().copied();
    let mut next = || rest.next().expect("as many numbers as the network has");
    for name in net.parameters().names() {
        let array = net.parameters_mut().get_mut(&name);
        array
            .expect("a parameter of that name")
            .mapv_inplace(|_| next());
    }
    for moments in net.running_mut() {
        moments.mean.mapv_inplace(|_| next());
        moments.var.mapv_inplace(|_| next());
    }
    assert!(
        rest.next().is_none(),
        "no more numbers than the network has"
    );
}

/// A folder through which images and numbers go from one program to the other. The runner
/// writes the images, the mean image and, if the network is not a new one, its numbers; the
/// example answers with numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct Folder(pub PathBuf);

/// The shape of an image.
const IMAGE: (usize, usize, usize) = (3, 32, 32);

impl Folder {
    /// The images to train on.
    pub const TRAIN: &str = "train";
    /// The images to choose by.
    pub const VALIDATION: &str = "validation";
    /// The images to ask about.
    pub const ASKED: &str = "asked";
    /// The numbers of the network to begin with; without the file it is a new one.
    pub const FROM: &str = "from";
    /// The numbers of the best network.
    pub const BEST: &str = "best";
    /// The scores.
    pub const SCORES: &str = "scores";
    /// A file that comes when training is to stop.
    pub const STOP: &str = "stop";
    const MEAN: &str = "mean";

    /// The path of one of its files.
    pub fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// Writes images: their labels, then their pixels.
    pub fn write_images(&self, name: &str, images: &Images) -> io::Result<()> {
        let mut file = File::create(self.path(name))?;
        let labels: Vec<u8> = images.labels.iter().map(|&label| label as u8).collect();
        file.write_all(&labels)?;
        match images.pixels.as_slice() {
            Some(pixels) => file.write_all(pixels),
            None => file.write_all(&images.pixels.iter().copied().collect::<Vec<_>>()),
        }
    }

    /// Writes the mean image, which is subtracted from all others.
    pub fn write_mean(&self, mean: &ArrayRef3<f64>) -> io::Result<()> {
        let bytes: Vec<u8> = mean.iter().flat_map(|x| x.to_le_bytes()).collect();
        fs::write(self.path(Folder::MEAN), bytes)
    }

    /// Writes numbers.
    pub fn write_numbers(&self, name: &str, numbers: &[f32]) -> io::Result<()> {
        let bytes: Vec<u8> = numbers.iter().flat_map(|x| x.to_le_bytes()).collect();
        fs::write(self.path(name), bytes)
    }

    /// The numbers that were written under that name, if any were.
    pub fn numbers(&self, name: &str) -> Option<Vec<f32>> {
        let bytes = fs::read(self.path(name)).ok()?;
        let chunks = bytes.chunks_exact(4);
        let number =
            |four: &[u8]| f32::from_le_bytes(four.try_into().expect("4 bytes"));
        Some(chunks.map(number).collect())
    }

    /// The images that were written under that name.
    ///
    /// # Panics
    ///
    /// If there are none.
    pub fn images(&self, name: &str) -> Images {
        let mut bytes = read_file(&self.path(name));
        let (channels, height, width) = IMAGE;
        let n = bytes.len() / (1 + channels * height * width);
        let labels = bytes.drain(..n).map(usize::from).collect();
        let pixels = Array4::from_shape_vec((n, channels, height, width), bytes)
            .expect("whole images were written");
        Images { pixels, labels }
    }

    /// The mean image.
    ///
    /// # Panics
    ///
    /// If there is none.
    pub fn mean(&self) -> Array3<f64> {
        let bytes = read_file(&self.path(Folder::MEAN));
        let chunks = bytes.chunks_exact(8);
        let number =
            |eight: &[u8]| f64::from_le_bytes(eight.try_into().expect("8 bytes"));
        Array3::from_shape_vec(IMAGE, chunks.map(number).collect())
            .expect("a whole image was written")
    }
}

fn read_file(path: &Path) -> Vec<u8> {
    fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Normalization, Options, shapes};

    #[test]
    fn images_and_numbers_come_back_as_they_were() {
        let at = tempfile::tempdir().unwrap();
        let folder = Folder(at.path().to_owned());
        let images = shapes::images(3, 1);
        folder.write_images(Folder::TRAIN, &images).unwrap();
        folder.write_mean(&images.mean()).unwrap();
        assert_eq!(folder.images(Folder::TRAIN), images);
        assert_eq!(folder.mean(), images.mean());

        assert_eq!(folder.numbers(Folder::FROM), None);
        let options = Options {
            normalization: Normalization::BatchNorm,
            ..Options::new((3, 32, 32), &[4, 3], 10)
        };
        let mut net = FullyConnectedNet::new(options.clone()).unwrap();
        net.running_mut()[1].var[2] = 7.0;
        folder.write_numbers(Folder::BEST, &numbers(&net)).unwrap();
        let mut other = FullyConnectedNet::new(Options { seed: 1, ..options }).unwrap();
        assert_ne!(other, net);
        set_numbers(&mut other, &folder.numbers(Folder::BEST).unwrap());
        assert_eq!(
            (other.parameters(), other.running()),
            (net.parameters(), net.running())
        );
    }
}
