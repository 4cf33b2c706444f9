//! # The forward pass
use crate::affine;
use crate::relu::{self, AffineReluCache};
use crate::{FullyConnectedNet, Scalar};
use ndarray::{Array1, Array2, ArrayRef2, CowArray, Dimension, Ix2};

/// What one layer remembers.
#[derive(Debug, Clone)]
pub enum LayerCache<'a, T: Scalar> {
    /// A hidden layer: affine, then ReLU.
    Hidden(AffineReluCache<'a, T, Ix2>),
    /// The last layer: affine alone.
    Last(affine::Cache<'a, T, Ix2>),
}

impl<T: Scalar> LayerCache<'_, T> {
    /// The layer's backward pass.
    pub fn backward(
        self,
        dout: &ArrayRef2<T>,
        w: &ArrayRef2<T>,
    ) -> affine::Grads<T, Ix2> {
        match self {
            LayerCache::Hidden(cache) => relu::affine_relu_backward(dout, cache, w),
            LayerCache::Last(cache) => affine::backward(dout, cache, w),
        }
    }

    /// The layer's backward pass without `dx`.
    pub fn param_grads(self, dout: &ArrayRef2<T>) -> (Array2<T>, Array1<T>) {
        match self {
            LayerCache::Hidden(cache) => relu::affine_relu_param_grads(dout, cache),
            LayerCache::Last(cache) => affine::param_grads(dout, cache),
        }
    }
}

impl<T: Scalar> FullyConnectedNet<T> {
    /// The scores of a batch and what each layer must remember.
    pub fn forward<'a, D: Dimension>(
        &self,
        x: impl Into<CowArray<'a, T, D>>,
    ) -> (Array2<T>, Vec<LayerCache<'a, T>>) {
        let (mut x, shape) = affine::rows(x.into());
        let inputs: usize = self.options.input.iter().product();
        assert!(
            x.ncols() == inputs,
            "FullyConnectedNet: an example must have the {inputs} numbers of the option \
             `input` {:?}; x is {:?}",
            self.options.input,
            shape.slice(),
        );
        let layers = &self.parameters.layers;
        let (last, hidden) = layers.split_last().expect("a network has a last layer");
        // exercise: forward::forward
        let mut caches = Vec::with_capacity(layers.len());
        for layer in hidden {
            let (out, cache) = relu::affine_relu_forward(x, &layer.w, &layer.b);
            caches.push(LayerCache::Hidden(cache));
            x = out.into();
        }
        let (scores, cache) = affine::forward(x, &last.w, &last.b);
        caches.push(LayerCache::Last(cache));
        (scores, caches)
        // end: forward::forward
    }

    /// The scores of a batch.
    pub fn scores<'a, D: Dimension>(
        &self,
        x: impl Into<CowArray<'a, T, D>>,
    ) -> Array2<T> {
        self.forward(x).0
    }
}
