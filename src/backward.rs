//! # The backward pass
use crate::affine::Grads;
use crate::forward::LayerCache;
use crate::{Error, FullyConnectedNet, Gradients, Layer, Scalar, softmax};
use ndarray::{Array2, CowArray, Dimension};

impl<T: Scalar> FullyConnectedNet<T> {
    /// The data loss and its gradients.
    pub fn data_loss<'a, D: Dimension>(
        &self,
        x: impl Into<CowArray<'a, T, D>>,
        y: &[usize],
    ) -> Result<(T, Gradients<T>), Error> {
        let (scores, caches) = self.forward(x);
        let (loss, dscores) = softmax::loss(&scores, y)?;
        Ok((loss, self.backward(dscores, caches)))
    }

    /// The gradient of every parameter.
    pub fn backward(
        &self,
        dscores: Array2<T>,
        caches: Vec<LayerCache<'_, T>>,
    ) -> Gradients<T> {
        let layers = &self.parameters.layers;
        // exercise: backward::backward
        let mut dout = dscores;
        let mut grads = Vec::with_capacity(layers.len());
        for (i, cache) in caches.into_iter().enumerate().rev() {
            let (w, b) = if i == 0 {
                cache.param_grads(&dout)
            } else {
                let Grads { dx, dw, db } = cache.backward(&dout, &layers[i].w);
                dout = dx;
                (dw, db)
            };
            grads.push(Layer { w, b });
        }
        grads.reverse();
        Gradients { layers: grads }
        // end: backward::backward
    }
}
