//! Appendix: images in memory, and the mean image that training subtracts.
//!
//! A network does not see pixels from 0 to 255. It sees how far each pixel lies above or
//! below the *mean image*, the average of all training images. That is all the course
//! does to its images, and all that [`Images::centered`] does.
//!
//! > **Pitfall.** Do not divide by 255 as well, although many programs do. The weight
//! > scales and learning rates of [`overfit`](crate::overfit) are made for inputs whose
//! > standard deviation is about 64. With inputs 255 times as small, the scores begin as
//! > much smaller and so do the gradients of the first weights, and 20 epochs are not
//! > enough: on fifty photographs of CIFAR-10 the three-layer network (weight scale 2e-2,
//! > rate 1e-2) ends at 14 to 22 % instead of 100 %, the five-layer network (1e-1, 1e-3) at
//! > 6 to 18 % (ten seeds each). Divided inputs want other settings; the three-layer network
//! > reaches 100 % in all ten with 0.2 and 0.1.

use crate::Scalar;
use ndarray::{Array3, Array4, ArrayRef3, Zip};

/// Images and their labels, in memory.
#[derive(Debug, Clone, PartialEq)]
pub struct Images {
    /// Brightness from 0 to 255, `(N, channels, height, width)`: for CIFAR-10
    /// `(N, 3, 32, 32)`, channels red, green, blue, and rows from the top.
    pub pixels: Array4<u8>,
    /// The class of each image, `N` of them.
    pub labels: Vec<usize>,
}

impl Images {
    /// The mean image of the set, `(channels, height, width)`, from 0 to 255.
    ///
    /// # Panics
    ///
    /// If there is no image.
    pub fn mean(&self) -> Array3<f64> {
        let (_, channels, height, width) = self.pixels.dim();
        let mut mean = MeanImage::new(channels, height, width);
        for image in self.pixels.outer_iter() {
            mean.add(&image);
        }
        mean.get()
    }

    /// The images as a network takes them: pixels minus `mean`, still in the units of the
    /// pixels, `(N, channels, height, width)`.
    ///
    /// `mean` is `(channels, height, width)`: the mean image of the training set, of
    /// which these images may be a part.
    ///
    /// ```
    /// use fully_connected::images::Images;
    /// use ndarray::array;
    ///
    /// let images = Images {
    ///     pixels: array![[[[10, 200]]], [[[30, 100]]]],     // two images of 1·1·2
    ///     labels: vec![0, 1],
    /// };
    /// let mean = images.mean();
    /// assert_eq!(mean, array![[[20., 150.]]]);              // (10 + 30)/2, (200 + 100)/2
    /// assert_eq!(
    ///     images.centered::<f64>(&mean),
    ///     array![[[[-10., 50.]]], [[[10., -50.]]]],
    /// );
    /// ```
    ///
    /// # Panics
    ///
    /// If `mean` has not the shape of one image.
    pub fn centered<T: Scalar>(&self, mean: &ArrayRef3<f64>) -> Array4<T> {
        assert!(
            mean.shape() == &self.pixels.shape()[1..],
            "Images::centered: mean must have the shape of one image, {:?}; it is {:?}",
            &self.pixels.shape()[1..],
            mean.shape(),
        );
        Zip::from(&self.pixels)
            .and_broadcast(mean)
            .map_collect(|&pixel, &mean| T::of(f64::from(pixel) - mean))
    }
}

/// A mean image in the making: takes one image after another and holds none of them.
///
/// The sums are whole numbers, so that neither the number of images nor their order
/// changes a bit of the mean.
#[derive(Debug, Clone, PartialEq)]
pub struct MeanImage {
    sum: Array3<u64>,
    count: u64,
}

impl MeanImage {
    /// The mean of no images yet, for images of this size.
    pub fn new(channels: usize, height: usize, width: usize) -> MeanImage {
        MeanImage {
            sum: Array3::zeros((channels, height, width)),
            count: 0,
        }
    }

    /// Takes one image into the mean.
    ///
    /// # Panics
    ///
    /// If the image has another size.
    pub fn add(&mut self, image: &ArrayRef3<u8>) {
        assert!(
            image.shape() == self.sum.shape(),
            "MeanImage::add: the image must have the shape {:?}; it is {:?}",
            self.sum.shape(),
            image.shape(),
        );
        self.sum
            .zip_mut_with(image, |sum, &pixel| *sum += u64::from(pixel));
        self.count += 1;
    }

    /// How many images it has taken.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The mean image, `(channels, height, width)`, from 0 to 255.
    ///
    /// ```
    /// use fully_connected::images::MeanImage;
    /// use ndarray::array;
    ///
    /// let mut mean = MeanImage::new(1, 1, 2);
    /// mean.add(&array![[[10, 255]]]);
    /// mean.add(&array![[[20, 255]]]);
    /// assert_eq!(mean.get(), array![[[15., 255.]]]);        // 510 does not fit a byte
    /// ```
    ///
    /// # Panics
    ///
    /// If it has taken no image.
    pub fn get(&self) -> Array3<f64> {
        assert!(self.count > 0, "MeanImage::get: no image has been added");
        self.sum.mapv(|sum| sum as f64 / self.count as f64)
    }
}
