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

use crate::{Error, Scalar};
use ndarray::{Array2, Array3, Array4, ArrayRef3, Axis, Zip};

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
    /// How many there are.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// All images of several sets, one set after the other. A set is freed once it is copied.
    ///
    /// # Panics
    ///
    /// If the images differ in size.
    pub fn join(sets: Vec<Images>) -> Images {
        let sizes = |set: &Images| {
            let (_, channels, height, width) = set.pixels.dim();
            (channels, height, width)
        };
        let (channels, height, width) = sets.first().map_or((3, 32, 32), sizes);
        let n = sets.iter().map(Images::len).sum();
        let mut pixels = Vec::with_capacity(n * channels * height * width);
        let mut labels = Vec::with_capacity(n);
        for set in sets {
            assert!(
                sizes(&set) == (channels, height, width),
                "Images::join: all images must be {:?}; some are {:?}",
                (channels, height, width),
                sizes(&set),
            );
            match set.pixels.as_slice() {
                Some(bytes) => pixels.extend_from_slice(bytes),
                None => pixels.extend(&set.pixels),
            }
            labels.extend(set.labels);
        }
        let pixels = Array4::from_shape_vec((n, channels, height, width), pixels)
            .expect("a label for each image");
        Images { pixels, labels }
    }

    /// Keeps the first `n` images, and returns the others.
    ///
    /// # Panics
    ///
    /// If there are fewer than `n`.
    pub fn split_off(&mut self, n: usize) -> Images {
        assert!(
            n <= self.len(),
            "Images::split_off: there are {} images, fewer than {n}",
            self.len(),
        );
        let (_, channels, height, width) = self.pixels.dim();
        let mut pixels = std::mem::take(&mut self.pixels);
        // A set as large as CIFAR-10 is not to be in memory twice.
        if !pixels.is_standard_layout() {
            pixels = pixels.as_standard_layout().into_owned();
        }
        let numbers = pixels.len();
        let (mut first, begin) = pixels.into_raw_vec_and_offset();
        first.drain(..begin.unwrap_or(0));
        first.truncate(numbers);
        let rest = first.split_off(n * channels * height * width);
        let of = |pixels: Vec<u8>, n: usize| {
            Array4::from_shape_vec((n, channels, height, width), pixels)
                .expect("whole images were split off")
        };
        let labels = self.labels.split_off(n);
        self.pixels = of(first, n);
        Images {
            pixels: of(rest, labels.len()),
            labels,
        }
    }

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

    /// Fills a batch with the images of these numbers, pixels minus `mean`, a row each: `x`
    /// becomes `(n, D)` with `D = channels·height·width`, `y` their `n` labels.
    ///
    /// `mean` is rounded to a `T` before it is subtracted, which is five times as fast in
    /// `f32` as after it: so the last digits can differ from those of
    /// [`centered`](Images::centered).
    ///
    /// The images stay bytes until they are needed: 50,000 of CIFAR-10 are 154 MB so, and
    /// would be 614 MB in `f32`. `x` and `y` are used again as they are if they have the
    /// right size.
    ///
    /// ```
    /// use fully_connected::images::Images;
    /// use ndarray::{Array2, array};
    ///
    /// let images = Images {
    ///     pixels: array![[[[10, 200]]], [[[30, 100]]]],     // two images of 1·1·2
    ///     labels: vec![7, 8],
    /// };
    /// let mean = images.mean();                             // 20, 150
    /// let (mut x, mut y) = (Array2::<f64>::zeros((0, 0)), Vec::new());
    /// images.gather(&[1, 0, 1], &mean, &mut x, &mut y);
    /// assert_eq!(x, array![[10., -50.], [-10., 50.], [10., -50.]]);
    /// assert_eq!(y, [8, 7, 8]);
    /// ```
    ///
    /// # Panics
    ///
    /// If there is no image of such a number, or `mean` has not the shape of one image.
    pub fn gather<T: Scalar>(
        &self,
        numbers: &[usize],
        mean: &ArrayRef3<f64>,
        x: &mut Array2<T>,
        y: &mut Vec<usize>,
    ) {
        assert!(
            mean.shape() == &self.pixels.shape()[1..],
            "Images::gather: mean must have the shape of one image, {:?}; it is {:?}",
            &self.pixels.shape()[1..],
            mean.shape(),
        );
        let mean: Vec<T> = mean.iter().map(|&mean| T::of(mean)).collect();
        if x.dim() != (numbers.len(), mean.len()) || !x.is_standard_layout() {
            *x = Array2::zeros((numbers.len(), mean.len()));
        }
        y.clear();
        for (&number, mut row) in numbers.iter().zip(x.rows_mut()) {
            assert!(
                number < self.len(),
                "Images::gather: there is no image {number}; there are {}",
                self.len(),
            );
            y.push(self.labels[number]);
            let image = self.pixels.index_axis(Axis(0), number);
            let image = image.as_standard_layout();
            let image = image.as_slice().expect("in standard layout");
            let row = row.as_slice_mut().expect("a row lies in order");
            for ((x, &pixel), &mean) in row.iter_mut().zip(image).zip(&mean) {
                *x = T::of(f64::from(pixel)) - mean;
            }
        }
    }
}

/// Images divided for a careful training: to learn from, to choose by, and to report on.
///
/// What is chosen by looking at some images (a rate, when to stop) fits them a little better
/// than others. So the course keeps the last 1000 of CIFAR-10's 50,000 training images for
/// *validation*, trains on the 49,000 before them, and looks at the test images once.
#[derive(Debug, Clone, PartialEq)]
pub struct Split {
    /// The images to train on.
    pub train: Images,
    /// The images to choose by.
    pub validation: Images,
    /// The images to report on; there may be none.
    pub test: Images,
    /// The mean image of those to train on, `(channels, height, width)`: the only one that
    /// a network may know.
    pub mean: Array3<f64>,
}

impl Split {
    /// Keeps the last `validation` of the `images` for validation.
    ///
    /// ```
    /// use fully_connected::images::Split;
    /// use fully_connected::shapes;
    ///
    /// let split = Split::new(shapes::images(50, 0), 10, shapes::images(20, 1))?;
    /// assert_eq!(split.train, shapes::images(40, 0));
    /// assert_eq!((split.validation.len(), split.test.len()), (10, 20));
    /// assert_eq!(split.mean, split.train.mean());
    /// # Ok::<(), fully_connected::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Split`] if there would be no image to train on, or none to choose by.
    pub fn new(
        mut images: Images,
        validation: usize,
        test: Images,
    ) -> Result<Split, Error> {
        if validation == 0 || validation >= images.len() {
            return Err(Error::Split {
                images: images.len(),
                validation,
            });
        }
        let validation = images.split_off(images.len() - validation);
        Ok(Split {
            mean: images.mean(),
            train: images,
            validation,
            test,
        })
    }

    /// How many of `n` images to keep for validation: the course's 1000, and of fewer than
    /// 5000 a fifth.
    pub fn usual(n: usize) -> usize {
        (n / 5).min(1000)
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
