//! Appendix: the parameters of a network, by layer and by name.
//!
//! The chapters work with layers, `layer.w` and `layer.b`, and from chapter 11 on with norms,
//! `norm.gamma` and `norm.beta`. Reports, checks and snapshots use the course's names, `W1`,
//! `b1`, `gamma1`, `beta1`, `W2` and so on, counted from 1.

use crate::{Error, Scalar};
use ndarray::{
    Array1, Array2, ArrayRef, ArrayView1, ArrayViewD, ArrayViewMut1, ArrayViewMutD,
    Dimension,
};

/// The two parameters of an affine layer, or the two gradients of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Layer<T> {
    /// Weights, `(fan_in, fan_out)`.
    pub w: Array2<T>,
    /// Biases, `(fan_out,)`.
    pub b: Array1<T>,
}

/// The two parameters of a normalization, or the two gradients of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Norm<T> {
    /// Scales, one for each unit, `(M,)`.
    pub gamma: Array1<T>,
    /// Shifts, one for each unit, `(M,)`.
    pub beta: Array1<T>,
}

/// The mean and the variance of each unit, over a batch or as a running average.
#[derive(Debug, Clone, PartialEq)]
pub struct Moments<T> {
    /// The mean, `(M,)`.
    pub mean: Array1<T>,
    /// The variance, `(M,)`: the mean square of what the mean leaves over.
    pub var: Array1<T>,
}

/// The parameters of a network, or one gradient for each of them.
///
/// ```
/// use fully_connected::{FullyConnectedNet, Options};
/// use ndarray::array;
///
/// let mut net = FullyConnectedNet::<f64>::new(Options::new(2, &[3], 2))?;
/// net.parameters_mut().set("b1", &array![1., 2., 3.])?;
/// assert_eq!(net.parameters().get("b1")?, array![1., 2., 3.].into_dyn());
///
/// let error = net.parameters().get("W9").unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "there is no parameter `W9`; this network has W1, b1, W2, b2"
/// );
/// let error = net.parameters_mut().set("b1", &array![1., 2.]).unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "parameter `b1` has shape [3]; the new value has [2]"
/// );
/// # Ok::<(), fully_connected::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Parameters<T> {
    pub(crate) layers: Vec<Layer<T>>,
    /// One for each hidden layer, or none at all.
    pub(crate) norms: Vec<Norm<T>>,
}

/// One gradient for each parameter, in its shape and under its name.
pub type Gradients<T> = Parameters<T>;

impl<T> From<Vec<Layer<T>>> for Parameters<T> {
    /// The parameters of these layers, or their gradients, first layer to last.
    fn from(layers: Vec<Layer<T>>) -> Self {
        let norms = Vec::new();
        Parameters { layers, norms }
    }
}

impl<T> From<(Vec<Layer<T>>, Vec<Norm<T>>)> for Parameters<T> {
    /// The parameters of these layers and of the normalizations between them, or their
    /// gradients: a norm for each layer but the last, or no norm.
    ///
    /// # Panics
    ///
    /// If there is another number of norms.
    fn from((layers, norms): (Vec<Layer<T>>, Vec<Norm<T>>)) -> Self {
        assert!(
            norms.is_empty() || norms.len() + 1 == layers.len(),
            "Parameters: there must be a norm for each of the layers but the last, or none; \
             there are {} layers and {} norms",
            layers.len(),
            norms.len(),
        );
        Parameters { layers, norms }
    }
}

impl<T: Scalar> Parameters<T> {
    /// The layers, first to last.
    pub fn layers(&self) -> &[Layer<T>] {
        &self.layers
    }

    /// The norms of the hidden layers, first to last; empty in a network without
    /// normalization.
    pub fn norms(&self) -> &[Norm<T>] {
        &self.norms
    }

    /// The names: `W1`, `b1`, `W2`, …, and after the biases of a layer with normalization
    /// `gamma1`, `beta1`.
    pub fn names(&self) -> Vec<String> {
        let mut names = Vec::new();
        for i in 1..=self.layers.len() {
            names.extend([format!("W{i}"), format!("b{i}")]);
            if i <= self.norms.len() {
                names.extend([format!("gamma{i}"), format!("beta{i}")]);
            }
        }
        names
    }

    /// Every parameter with its name, in the order of [`names`](Self::names).
    pub fn iter(&self) -> impl Iterator<Item = (String, ArrayViewD<'_, T>)> {
        self.names().into_iter().zip(self.arrays())
    }

    /// Every parameter, in the order of [`names`](Self::names).
    pub(crate) fn arrays(&self) -> impl Iterator<Item = ArrayViewD<'_, T>> {
        let mut norms = self.norms.iter();
        self.layers.iter().flat_map(move |layer| {
            let norm = norms.next();
            let norm = norm.map(|norm| [norm.gamma.view(), norm.beta.view()]);
            let norm = norm.into_iter().flatten().map(ArrayView1::into_dyn);
            [layer.w.view().into_dyn(), layer.b.view().into_dyn()]
                .into_iter()
                .chain(norm)
        })
    }

    /// Every parameter, in the order of [`names`](Self::names), to be changed in place.
    pub(crate) fn arrays_mut(&mut self) -> impl Iterator<Item = ArrayViewMutD<'_, T>> {
        let mut norms = self.norms.iter_mut();
        self.layers.iter_mut().flat_map(move |layer| {
            let norm = norms.next();
            let norm = norm.map(|norm| [norm.gamma.view_mut(), norm.beta.view_mut()]);
            let norm = norm.into_iter().flatten().map(ArrayViewMut1::into_dyn);
            [layer.w.view_mut().into_dyn(), layer.b.view_mut().into_dyn()]
                .into_iter()
                .chain(norm)
        })
    }

    /// The position of that name in [`names`](Self::names).
    fn position(&self, name: &str) -> Result<usize, Error> {
        let known = self.names();
        let position = known.iter().position(|known| known == name);
        position.ok_or_else(|| Error::UnknownParameter {
            name: name.to_owned(),
            known,
        })
    }

    /// The parameter of that name.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownParameter`] if there is none.
    pub fn get(&self, name: &str) -> Result<ArrayViewD<'_, T>, Error> {
        let position = self.position(name)?;
        Ok(self.arrays().nth(position).expect("an array for each name"))
    }

    /// The parameter of that name, to be changed in place.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownParameter`] if there is none.
    pub fn get_mut(&mut self, name: &str) -> Result<ArrayViewMutD<'_, T>, Error> {
        let position = self.position(name)?;
        let found = self.arrays_mut().nth(position);
        Ok(found.expect("an array for each name"))
    }

    /// Sets the parameter of that name to a copy of `value`.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownParameter`] if there is none, [`Error::ParameterShape`] if `value`
    /// has another shape; the parameter is then as it was.
    pub fn set<D: Dimension>(
        &mut self,
        name: &str,
        value: &ArrayRef<T, D>,
    ) -> Result<(), Error> {
        let mut parameter = self.get_mut(name)?;
        if parameter.shape() != value.shape() {
            return Err(Error::ParameterShape {
                name: name.to_owned(),
                expected: parameter.shape().to_vec(),
                got: value.shape().to_vec(),
            });
        }
        parameter.assign(value);
        Ok(())
    }

    /// Panics, in the name of `function`, unless these are gradients of `parameters`.
    pub(crate) fn assert_shapes_of(&self, parameters: &Parameters<T>, function: &str) {
        let shapes = |p: &Parameters<T>| -> Vec<_> {
            p.iter()
                .map(|(name, a)| (name, a.shape().to_vec()))
                .collect()
        };
        let (got, expected) = (shapes(self), shapes(parameters));
        assert!(
            got == expected,
            "{function}: the gradients must have the shapes of the parameters, \
             {expected:?}; they have {got:?}"
        );
    }
}

impl<T: Scalar> Moments<T> {
    /// Means and variances of 0 for `units` units: what running averages start from.
    pub fn zeros(units: usize) -> Moments<T> {
        Moments {
            mean: Array1::zeros(units),
            var: Array1::zeros(units),
        }
    }
}
