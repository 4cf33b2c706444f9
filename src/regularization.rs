//! # L2 regularization
use crate::{Error, FullyConnectedNet, Gradients, Parameters, Scalar, softmax};
use ndarray::{ArrayRef2, CowArray, Dimension};

pub fn penalty<T: Scalar>(parameters: &Parameters<T>, reg: T) -> T {
    let layers = &parameters.layers;
    // exercise: regularization::penalty
    let squares: T = layers.iter().map(|layer| sum_of_squares(&layer.w)).sum();
    T::of(0.5) * reg * squares
    // end: regularization::penalty
}

pub fn add_penalty_gradient<T: Scalar>(
    grads: &mut Gradients<T>,
    parameters: &Parameters<T>,
    reg: T,
) {
    let pairs = grads.layers.iter_mut().zip(&parameters.layers);
    // exercise: regularization::gradient
    for (grad, layer) in pairs {
        grad.w.scaled_add(reg, &layer.w);
    }
    // end: regularization::gradient
}

/// `ΣW²`.
pub fn sum_of_squares<T: Scalar>(w: &ArrayRef2<T>) -> T {
    let w = w.flatten();
    w.dot(&w)
}

impl<T: Scalar> FullyConnectedNet<T> {
    /// The loss and its gradients.
    pub fn loss<'a, D: Dimension>(
        &self,
        x: impl Into<CowArray<'a, T, D>>,
        y: &[usize],
    ) -> Result<(T, Gradients<T>), Error> {
        let reg = T::of(self.options.reg);
        let (data_loss, mut grads) = self.data_loss(x, y)?;
        add_penalty_gradient(&mut grads, &self.parameters, reg);
        Ok((data_loss + penalty(&self.parameters, reg), grads))
    }

    /// The loss alone, without the backward pass.
    pub fn loss_value<'a, D: Dimension>(
        &self,
        x: impl Into<CowArray<'a, T, D>>,
        y: &[usize],
    ) -> Result<T, Error> {
        let (data_loss, _) = softmax::loss(&self.scores(x), y)?;
        Ok(data_loss + penalty(&self.parameters, T::of(self.options.reg)))
    }
}
