//! Appendix: parameters, typed inside and named at the door.
use crate::{Error, Scalar};
use ndarray::{Array1, Array2, ArrayRef, ArrayViewD, ArrayViewMutD, Dimension};

/// The two parameters of an affine layer, or their two gradients.
#[derive(Debug, Clone, PartialEq)]
pub struct Layer<T> {
    /// Weights, `(fan_in, fan_out)`.
    pub w: Array2<T>,
    /// Biases, `(fan_out,)`.
    pub b: Array1<T>,
}

/// The parameters of a network, first layer first.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameters<T> {
    /// One entry for each affine layer.
    pub(crate) layers: Vec<Layer<T>>,
}

/// One gradient for each parameter.
pub type Gradients<T> = Parameters<T>;

impl<T: Scalar> Parameters<T> {
    /// The layers, first layer first.
    pub fn layers(&self) -> &[Layer<T>] {
        &self.layers
    }

    /// The names.
    pub fn names(&self) -> Vec<String> {
        (1..=self.layers.len())
            .flat_map(|i| [format!("W{i}"), format!("b{i}")])
            .collect()
    }

    /// Every parameter with its name, in the order `W1`, `b1`, `W2`, ….
    pub fn iter(&self) -> impl Iterator<Item = (String, ArrayViewD<'_, T>)> {
        let views = self
            .layers
            .iter()
            .flat_map(|layer| [layer.w.view().into_dyn(), layer.b.view().into_dyn()]);
        self.names().into_iter().zip(views)
    }

    /// The parameter of that name.
    pub fn get(&self, name: &str) -> Result<ArrayViewD<'_, T>, Error> {
        let (kind, i) = self.find(name)?;
        let layer = &self.layers[i];
        Ok(match kind {
            Kind::Weights => layer.w.view().into_dyn(),
            Kind::Biases => layer.b.view().into_dyn(),
        })
    }

    /// The parameter of that name, to be changed in place.
    pub fn get_mut(&mut self, name: &str) -> Result<ArrayViewMutD<'_, T>, Error> {
        let (kind, i) = self.find(name)?;
        let layer = &mut self.layers[i];
        Ok(match kind {
            Kind::Weights => layer.w.view_mut().into_dyn(),
            Kind::Biases => layer.b.view_mut().into_dyn(),
        })
    }

    /// Sets the parameter of that name.
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

    fn find(&self, name: &str) -> Result<(Kind, usize), Error> {
        let kind = match name.as_bytes().first() {
            Some(b'W') => Some(Kind::Weights),
            Some(b'b') => Some(Kind::Biases),
            _ => None,
        };
        let layer =
            (1..=self.layers.len()).find(|i| name.get(1..) == Some(&i.to_string()));
        match (kind, layer) {
            (Some(kind), Some(layer)) => Ok((kind, layer - 1)),
            _ => Err(Error::UnknownParameter {
                name: name.to_owned(),
                known: self.names(),
            }),
        }
    }
}

#[derive(Clone, Copy)]
enum Kind {
    Weights,
    Biases,
}
