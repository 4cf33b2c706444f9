//! Appendix: the numbers a network is made of, `f32` and `f64`.

use ndarray::NdFloat;
use rand_distr::num_traits::FromPrimitive;

/// A floating-point number that a network can be built from: [`f32`] or [`f64`].
///
/// One trait, spelled once, so that a signature says `T: Scalar` and no more. It is
/// [`NdFloat`] (arithmetic, `exp`, `ln`, matrix products) and [`FromPrimitive`] (`mean_axis`)
/// with a way in from `f64` and a way out. Train in `f32` if you like; check gradients in
/// `f64`, where the rounding error of a loss is nine digits smaller.
///
/// ```
/// use fully_connected::Scalar;
///
/// fn half<T: Scalar>(x: T) -> T {
///     T::of(0.5) * x
/// }
/// assert_eq!(half(3.0_f32), 1.5);
/// assert_eq!(half(3.0_f64), 1.5);
/// ```
///
/// The trait is sealed: nothing else can implement it.
pub trait Scalar: NdFloat + FromPrimitive + std::iter::Sum + sealed::Sealed {
    /// The nearest number of this type to `x`.
    fn of(x: f64) -> Self;

    /// This number as an `f64`; nothing is lost.
    fn as_f64(self) -> f64;
}

impl Scalar for f32 {
    fn of(x: f64) -> f32 {
        x as f32
    }

    fn as_f64(self) -> f64 {
        f64::from(self)
    }
}

impl Scalar for f64 {
    fn of(x: f64) -> f64 {
        x
    }

    fn as_f64(self) -> f64 {
        self
    }
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for f32 {}
    impl Sealed for f64 {}
}
