//! Appendix: NumPy's legacy random numbers, digit for digit.
//!
//! The Python notebooks that this crate descends from print numbers such as an initial
//! loss of `2.30047908977`. We can show those very digits only if we draw the very same
//! weights, so this appendix replays the generator behind `np.random.seed(231)`: NumPy's
//! [`RandomState`]. For anything new, take [`Options::seed`](crate::Options) and the
//! generator that [`init`](crate::init) names.
//!
//! | Python | here |
//! |---|---|
//! | `np.random.seed(231)` | `let mut random = RandomState::new(231);` |
//! | `np.random.random_sample()` | [`random.random_sample()`](RandomState::random_sample) |
//! | `np.random.randn()` | [`random.randn()`](RandomState::randn) |
//! | `np.random.randn(2, 15)` | [`random.randn_array((2, 15))`](RandomState::randn_array) |
//! | `np.random.normal(0, 0.05, (15, 20))` | [`random.normal_array(0., 0.05, (15, 20))`](RandomState::normal_array) |
//! | `np.random.randint(10)` | [`random.randint(10)`](RandomState::randint) |
//! | `np.random.randint(10, size=2)` | [`random.randints(10, 2)`](RandomState::randints) |
//! | `np.random.choice(50, 25)` | [`random.choice(50, 25)`](RandomState::choice) |
//!
//! **What is exact.** The integers and the uniforms are the same to the bit, on every
//! platform: they are made from 32-bit words by shifts, masks and a division by a power of
//! two. The normals are the same to a few units in the last place. Their formula,
//! `sqrt(-2·ln(r²)/r²)`, goes through the logarithm of the platform's mathematics library,
//! whose last bit is nobody's promise, and a C compiler may fuse a multiplication with an
//! addition. NumPy itself differs between platforms in the same way.
//!
//! # The notebook's two losses
//!
//! The notebook seeds once, draws two examples and their labels, and builds two networks
//! one after the other. The second draws where the first has stopped, so it has other
//! weights.
//!
//! ```
//! use fully_connected::numpy::RandomState;
//! use fully_connected::{FullyConnectedNet, Options};
//!
//! let mut random = RandomState::new(231);
//! let x = random.randn_array((2, 15));
//! let y = random.randints(10, 2);
//! assert_eq!(y, [7, 0]);
//!
//! let mut loss = |reg| {
//!     let mut options = Options::new(15, &[20, 30], 10);
//!     options.weight_scale = 5e-2;
//!     options.reg = reg;
//!     let net = FullyConnectedNet::<f64>::with_normals(options, random.normals())?;
//!     net.loss_value(&x, &y)
//! };
//! let difference: f64 = loss(0.0)? - 2.3004790897684924;
//! assert!(difference.abs() < 1e-12);
//! let difference: f64 = loss(3.14)? - 7.052114776533016;
//! assert!(difference.abs() < 1e-12);
//! # Ok::<(), fully_connected::Error>(())
//! ```

use ndarray::{Array, Dimension, IntoDimension};
use rand_mt::Mt;

/// The generator behind `np.random.seed` and `np.random.randn`: a Mersenne Twister
/// (MT19937) and the ways in which NumPy turns its words into numbers.
///
/// NumPy has frozen this stream: a seed gives the same numbers in every version.
///
/// ```
/// use fully_connected::numpy::RandomState;
///
/// let mut random = RandomState::new(0);
/// assert!((random.randn() - 1.764052345967664).abs() < 1e-14);  // as in every tutorial
/// assert!((random.randn() - 0.4001572083672233).abs() < 1e-14);
/// ```
#[doc(alias = "seed")]
#[derive(Debug, Clone, PartialEq)]
pub struct RandomState {
    words: Mt,
    /// Normals are made in pairs; the second waits here for the next call.
    kept: Option<f64>,
}

impl RandomState {
    /// A generator seeded as by `np.random.seed(seed)`.
    pub fn new(seed: u32) -> RandomState {
        RandomState {
            words: Mt::new(seed),
            kept: None,
        }
    }

    /// The next word of the Mersenne Twister, from which all else is made.
    ///
    /// ```
    /// # use fully_connected::numpy::RandomState;
    /// let mut random = RandomState::new(231);
    /// // np.random.RandomState(231).randint(2**32, size=2)
    /// assert_eq!([random.next_u32(), random.next_u32()], [3356491351, 2600961200]);
    /// ```
    pub fn next_u32(&mut self) -> u32 {
        self.words.next_u32()
    }

    /// A number from 0 up to 1, without 1: `k / 2⁵³` with `k` uniform below `2⁵³`.
    ///
    /// Two words give the 27 upper and the 26 lower bits of `k`.
    ///
    /// ```
    /// # use fully_connected::numpy::RandomState;
    /// assert_eq!(RandomState::new(231).random_sample(), 0.78149404082882);
    /// ```
    #[doc(alias = "rand")]
    pub fn random_sample(&mut self) -> f64 {
        let upper = f64::from(self.next_u32() >> 5);
        let lower = f64::from(self.next_u32() >> 6);
        (upper * (1_u64 << 26) as f64 + lower) / (1_u64 << 53) as f64
    }

    /// A standard normal: mean 0, standard deviation 1.
    ///
    /// This is Marsaglia's polar method. It draws points in the square from −1 to 1 until
    /// one falls inside the unit circle, and makes two normals of it: one for this call
    /// and one for the next, however many integers or uniforms are drawn in between.
    ///
    /// ```
    /// # use fully_connected::numpy::RandomState;
    /// let mut random = RandomState::new(231);
    /// assert!((random.randn() - 0.41794341085522313).abs() < 1e-14);
    /// random.randint(10);
    /// assert!((random.randn() - 1.3971002787857785).abs() < 1e-14);
    /// ```
    ///
    /// Source: G. Marsaglia and T. A. Bray, *A convenient method for generating normal
    /// variables*, SIAM Review 6 (1964).
    pub fn randn(&mut self) -> f64 {
        if let Some(normal) = self.kept.take() {
            return normal;
        }
        loop {
            let x = 2.0 * self.random_sample() - 1.0;
            let y = 2.0 * self.random_sample() - 1.0;
            let r2 = x * x + y * y;
            if r2 < 1.0 && r2 != 0.0 {
                let f = (-2.0 * r2.ln() / r2).sqrt();
                self.kept = Some(f * x);
                return f * y;
            }
        }
    }

    /// An array of standard normals, drawn row by row as `np.random.randn` fills it.
    ///
    /// ```
    /// # use fully_connected::numpy::RandomState;
    /// let x = RandomState::new(231).randn_array((2, 3));
    /// assert_eq!(x.dim(), (2, 3));
    /// assert!((x[[0, 1]] - 1.3971002787857785).abs() < 1e-14);  // the second one drawn
    /// ```
    #[doc(alias = "randn")]
    pub fn randn_array<D: Dimension>(
        &mut self,
        shape: impl IntoDimension<Dim = D>,
    ) -> Array<f64, D> {
        self.normal_array(0.0, 1.0, shape)
    }

    /// A normal with mean `loc` and standard deviation `scale`.
    ///
    /// ```
    /// # use fully_connected::numpy::RandomState;
    /// let normal = RandomState::new(0).normal(10.0, 2.0);
    /// assert!((normal - 13.528104691935328).abs() < 1e-13);     // 10 + 2·1.764…
    /// ```
    ///
    /// # Panics
    ///
    /// If `scale` is negative or NaN.
    pub fn normal(&mut self, loc: f64, scale: f64) -> f64 {
        assert!(
            scale >= 0.0,
            "numpy::RandomState::normal: scale must be 0 or greater; it is {scale}",
        );
        loc + scale * self.randn()
    }

    /// An array of normals with mean `loc` and standard deviation `scale`, drawn row by
    /// row.
    ///
    /// ```
    /// # use fully_connected::numpy::RandomState;
    /// let w = RandomState::new(0).normal_array(10.0, 2.0, (15, 20));
    /// assert!((w[[0, 0]] - 13.528104691935328).abs() < 1e-13);
    /// ```
    ///
    /// # Panics
    ///
    /// If `scale` is negative or NaN.
    #[doc(alias = "normal")]
    pub fn normal_array<D: Dimension>(
        &mut self,
        loc: f64,
        scale: f64,
        shape: impl IntoDimension<Dim = D>,
    ) -> Array<f64, D> {
        let shape = shape.into_dimension();
        Array::from_shape_simple_fn(shape, || self.normal(loc, scale))
    }

    /// Standard normals without end: the source that
    /// [`FullyConnectedNet::with_normals`](crate::FullyConnectedNet::with_normals) takes.
    ///
    /// The generator is borrowed, not spent: when the iterator is gone, the next draw
    /// goes on where it stopped.
    ///
    /// ```
    /// # use fully_connected::numpy::RandomState;
    /// let mut random = RandomState::new(7);
    /// let mut three: Vec<f64> = random.normals().take(2).collect();
    /// three.push(random.randn());
    ///
    /// assert_eq!(three, RandomState::new(7).randn_array(3).to_vec());
    /// ```
    pub fn normals(&mut self) -> impl Iterator<Item = f64> {
        std::iter::repeat_with(|| self.randn())
    }

    /// A whole number from 0 up to `high`, without `high`.
    ///
    /// A word is cut to as many bits as `high - 1` needs; if it is still too large, it is
    /// thrown away and the next one is tried, so that every number is equally likely.
    /// `randint(1)` is 0 and draws nothing.
    ///
    /// ```
    /// # use fully_connected::numpy::RandomState;
    /// assert_eq!(RandomState::new(42).randint(1000), 102);
    /// ```
    ///
    /// # Panics
    ///
    /// If `high` is 0, since no whole number lies below it, or above 2³², where NumPy
    /// draws in another way.
    pub fn randint(&mut self, high: usize) -> usize {
        let largest = high
            .checked_sub(1)
            .and_then(|largest| u32::try_from(largest).ok());
        let Some(largest) = largest else {
            panic!("numpy::RandomState::randint: high must be 1 to 2³²; it is {high}");
        };
        if largest == 0 {
            return 0;
        }
        let mask = u32::MAX >> largest.leading_zeros();
        loop {
            let number = self.next_u32() & mask;
            if number <= largest {
                return number as usize;
            }
        }
    }

    /// As many whole numbers below `high`: `np.random.randint(high, size=size)`.
    ///
    /// ```
    /// # use fully_connected::numpy::RandomState;
    /// assert_eq!(RandomState::new(231).randints(10, 5), [7, 0, 4, 9, 6]);
    /// ```
    ///
    /// # Panics
    ///
    /// As [`randint`](RandomState::randint), if there is a number to draw.
    #[doc(alias = "randint")]
    pub fn randints(&mut self, high: usize, size: usize) -> Vec<usize> {
        (0..size).map(|_| self.randint(high)).collect()
    }

    /// Draws `size` of the numbers below `n` with replacement: the notebooks' way to
    /// choose a batch, `np.random.choice(n, size)`.
    ///
    /// ```
    /// # use fully_connected::numpy::RandomState;
    /// assert_eq!(RandomState::new(231).choice(50, 4), [23, 48, 20, 9]);
    /// ```
    ///
    /// # Panics
    ///
    /// If `n` is 0 and `size` is not: there is nothing to choose from. If `n` is above
    /// 2³².
    pub fn choice(&mut self, n: usize, size: usize) -> Vec<usize> {
        assert!(
            n > 0 || size == 0,
            "numpy::RandomState::choice: n must be at least 1 to choose {size} from; it \
             is 0",
        );
        self.randints(n, size)
    }
}
