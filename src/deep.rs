//! # Chapter 14. The whole network
//!
//! *How do normalization and dropout become part of the two loops?*
//!
//! <!-- code: deep::forward -->
//!
//! <!-- code: deep::backward -->
//!
//! Next: [chapter 15, a good model](crate::good_model).

use crate::batch_norm::{self, Grads};
use crate::{
    Error, FullyConnectedNet, Gradients, Moments, Norm, Normalization, Scalar, affine,
    dropout, layer_norm, regularization, relu, softmax,
};
use ndarray::{Array2, CowArray, Dimension, Ix2};

/// What a pass through the network is for.
#[derive(Debug, Clone, Copy)]
pub enum Pass<'a, T> {
    /// To predict: the running averages in place of the batch's moments, and no dropout.
    Test,
    /// To learn: the batch's own moments, and masks that follow from seed, step and layer.
    Train {
        /// The seed of the masks.
        seed: u64,
        /// The step, from 0: each has its own masks.
        step: u64,
    },
    /// To learn with these masks, one for each hidden layer, `(N, M)` each.
    Masks(&'a [Array2<T>]),
}

/// What one hidden layer remembers of the forward pass.
#[derive(Debug, Clone)]
pub struct HiddenCache<'a, T: Scalar> {
    /// Of the affine layer.
    pub affine: affine::Cache<'a, T, Ix2>,
    /// Of the normalization.
    pub norm: NormCache<T>,
    /// Of the ReLU.
    pub relu: relu::Cache<'static, T, Ix2>,
    /// Of the dropout; none without it.
    pub dropout: Option<dropout::Cache<T>>,
}

/// What a normalization remembers.
#[derive(Debug, Clone)]
pub enum NormCache<T: Scalar> {
    /// There is none.
    None,
    /// Batch normalization, in a training pass.
    Batch(batch_norm::Cache<T>),
    /// Layer normalization.
    Layer(layer_norm::Cache<T>),
    /// Batch normalization in a test pass, through which there is no way back.
    Test,
}

/// What the layers of a network remember of the forward pass.
#[derive(Debug, Clone)]
pub struct Caches<'a, T: Scalar> {
    /// The hidden layers, first to last.
    pub hidden: Vec<HiddenCache<'a, T>>,
    /// The last layer: affine alone.
    pub last: affine::Cache<'a, T, Ix2>,
}

/// What a training pass gives.
#[derive(Debug, Clone, PartialEq)]
pub struct Step<T> {
    /// The loss of the batch, penalty included.
    pub loss: T,
    /// The gradient of every parameter.
    pub grads: Gradients<T>,
    /// The moments of the batch in each hidden layer with batch normalization, for
    /// [`remember`](FullyConnectedNet::remember).
    pub moments: Vec<Moments<T>>,
}

impl<T: Scalar> FullyConnectedNet<T> {
    /// The scores of a batch, `(N, C)`, what each layer remembers, and the moments of the batch
    /// in each hidden layer with batch normalization (none in a test pass).
    ///
    /// `x` is `(N, d₁, …, dₖ)`, moved (`x`) or lent (`&x`, `x.view()`).
    ///
    /// # Panics
    ///
    /// If an example of `x` does not have the shape that the option `input` says, and is
    /// no row of as many numbers either; if the batch is empty and the pass is to learn with
    /// batch normalization; if the pass is given masks that do not fit.
    pub fn forward_in<'a, D: Dimension>(
        &self,
        pass: &Pass<'_, T>,
        x: impl Into<CowArray<'a, T, D>>,
    ) -> (Array2<T>, Caches<'a, T>, Vec<Moments<T>>) {
        let x = self.rows(x.into());
        let layers = &self.parameters.layers;
        let mut moments: Vec<Moments<T>> = Vec::with_capacity(self.running.len());
        self.assert_masks(pass, x.nrows());
        let (last, layers) = layers.split_last().expect("a network has a last layer");
        // exercise: deep::forward
        let mut x = x;
        let mut hidden = Vec::with_capacity(layers.len());
        for (i, layer) in layers.iter().enumerate() {
            let (sums, affine) = affine::forward(x, &layer.w, &layer.b);
            let (normalized, norm) = self.normalize(pass, i, sums, &mut moments);
            let (active, relu) = relu::forward(normalized);
            let (out, dropout) = self.drop_out(pass, i, active);
            hidden.push(HiddenCache {
                affine,
                norm,
                relu,
                dropout,
            });
            x = out.into();
        }
        let (scores, last) = affine::forward(x, &last.w, &last.b);
        (scores, Caches { hidden, last }, moments)
        // end: deep::forward
    }

    /// The gradient of every parameter, from `dscores`, `(N, C)`, and the caches of
    /// [`forward_in`](Self::forward_in).
    ///
    /// # Panics
    ///
    /// If `dscores` or the caches do not belong to a forward pass of this network, or that pass
    /// was a test pass and the network has batch normalization.
    pub fn backward_from(
        &self,
        dscores: Array2<T>,
        caches: Caches<'_, T>,
    ) -> Gradients<T> {
        let layers = &self.parameters.layers;
        assert!(
            caches.hidden.len() + 1 == layers.len(),
            "FullyConnectedNet::backward_from: there must be a cache for each of the {} hidden \
             layers; there are {}",
            layers.len() - 1,
            caches.hidden.len(),
        );
        assert!(
            dscores.ncols() == self.options.classes,
            "FullyConnectedNet::backward_from: dscores must have a column for each of the {} \
             classes; it is {:?}",
            self.options.classes,
            dscores.shape(),
        );
        // exercise: deep::backward
        use crate::Layer;

        let Caches { hidden, last } = caches;
        let mut grads = Vec::with_capacity(layers.len());
        let mut norms = Vec::new();
        let mut dsums = dscores;
        let mut cache = last;
        for (i, below) in hidden.into_iter().enumerate().rev() {
            let affine::Grads { dx, dw, db } =
                affine::backward(&dsums, cache, &layers[i + 1].w);
            grads.push(Layer { w: dw, b: db });

            let dactive = drop_out_backward(dx, below.dropout);
            let dnormalized = relu::backward(&dactive, below.relu);
            let (dx, norm) = self.normalize_backward(i, dnormalized, below.norm);
            norms.extend(norm);
            (dsums, cache) = (dx, below.affine);
        }
        let (dw, db) = affine::param_grads(&dsums, cache);
        grads.push(Layer { w: dw, b: db });
        grads.reverse();
        norms.reverse();
        Gradients::from((grads, norms))
        // end: deep::backward
    }

    /// The loss of a batch, penalty included, and its gradients, in a training pass.
    ///
    /// `x` is `(N, d₁, …, dₖ)`, moved or lent; `y` holds `N` labels. Nothing in the network
    /// changes: the moments of the batch come out, for [`remember`](Self::remember).
    ///
    /// # Errors
    ///
    /// As [`softmax::loss`]: the labels do not fit, or the batch is empty.
    ///
    /// # Panics
    ///
    /// If an example of `x` does not have the shape that the option `input` says, and is
    /// no row of as many numbers either; if the pass is a test pass, or is given masks that do
    /// not fit.
    pub fn loss_in<'a, D: Dimension>(
        &self,
        pass: &Pass<'_, T>,
        x: impl Into<CowArray<'a, T, D>>,
        y: &[usize],
    ) -> Result<Step<T>, Error> {
        assert!(
            !matches!(pass, Pass::Test),
            "FullyConnectedNet::loss_in: a test pass has no gradients; use Pass::Train or \
             Pass::Masks"
        );
        let x = self.rows(x.into());
        softmax::check_labels((x.nrows(), self.options.classes), y)?;
        let (scores, caches, moments) = self.forward_in(pass, x);
        let (loss, dscores) = softmax::loss(&scores, y)?;
        let mut step = Step {
            loss,
            grads: self.backward_from(dscores, caches),
            moments,
        };
        let reg = T::of(self.options.reg);
        // A pass over all weights that a penalty of strength 0 does not need.
        if reg != T::zero() {
            step.loss = self.penalized(loss);
            regularization::add_penalty_gradient(
                &mut step.grads,
                &self.parameters,
                reg,
            );
        }
        Ok(step)
    }

    /// Folds the moments of a batch into the running averages, layer by layer.
    ///
    /// # Panics
    ///
    /// If there are not as many as [`loss_in`](Self::loss_in) gives.
    pub fn remember(&mut self, moments: &[Moments<T>]) {
        assert!(
            moments.len() == self.running.len(),
            "FullyConnectedNet::remember: there must be moments for each of the {} layers with \
             batch normalization; there are {}",
            self.running.len(),
            moments.len(),
        );
        for (running, moments) in self.running.iter_mut().zip(moments) {
            batch_norm::remember(running, moments);
        }
    }

    /// The running averages of each hidden layer with batch normalization, first to last.
    pub fn running(&self) -> &[Moments<T>] {
        &self.running
    }

    /// The running averages, to be changed.
    pub fn running_mut(&mut self) -> &mut [Moments<T>] {
        &mut self.running
    }

    /// The sums of hidden layer `i`, counted from 0, normalized as the options say. In a
    /// training pass of batch normalization the moments of the batch are added to `moments`.
    fn normalize(
        &self,
        pass: &Pass<'_, T>,
        i: usize,
        sums: Array2<T>,
        moments: &mut Vec<Moments<T>>,
    ) -> (Array2<T>, NormCache<T>) {
        let norms = &self.parameters.norms;
        match (self.options.normalization, pass) {
            (Normalization::None, _) => (sums, NormCache::None),
            (Normalization::BatchNorm, Pass::Test) => {
                let Norm { gamma, beta } = &norms[i];
                let out =
                    batch_norm::test_forward(&sums, gamma, beta, &self.running[i]);
                (out, NormCache::Test)
            }
            (Normalization::BatchNorm, _) => {
                let Norm { gamma, beta } = &norms[i];
                let (out, cache, batch) = batch_norm::forward(&sums, gamma, beta);
                moments.push(batch);
                (out, NormCache::Batch(cache))
            }
            (Normalization::LayerNorm, _) => {
                let Norm { gamma, beta } = &norms[i];
                let (out, cache) = layer_norm::forward(&sums, gamma, beta);
                (out, NormCache::Layer(cache))
            }
        }
    }

    /// The gradient of the sums of hidden layer `i`, counted from 0, and those of its `gamma`
    /// and `beta`, if it has them.
    fn normalize_backward(
        &self,
        i: usize,
        dout: Array2<T>,
        cache: NormCache<T>,
    ) -> (Array2<T>, Option<Norm<T>>) {
        let norms = &self.parameters.norms;
        let Grads { dx, dgamma, dbeta } = match cache {
            NormCache::None => return (dout, None),
            NormCache::Batch(cache) => {
                batch_norm::backward_short(&dout, cache, &norms[i].gamma)
            }
            NormCache::Layer(cache) => {
                layer_norm::backward(&dout, cache, &norms[i].gamma)
            }
            NormCache::Test => panic!(
                "FullyConnectedNet::backward_from: a test pass of batch normalization has no \
                 way back; run the forward pass with Pass::Train or Pass::Masks"
            ),
        };
        let norm = Norm {
            gamma: dgamma,
            beta: dbeta,
        };
        (dx, Some(norm))
    }

    /// The activations of hidden layer `i`, counted from 0, with dropout as the pass and the
    /// options say.
    fn drop_out(
        &self,
        pass: &Pass<'_, T>,
        i: usize,
        active: Array2<T>,
    ) -> (Array2<T>, Option<dropout::Cache<T>>) {
        let keep = self.options.dropout_keep_ratio;
        let mask = match *pass {
            Pass::Test => return (active, None),
            Pass::Masks(masks) => masks[i].clone(),
            Pass::Train { .. } if keep == 1.0 => return (active, None),
            Pass::Train { seed, step } => {
                let mut uniforms = dropout::uniforms(seed, step, i);
                dropout::mask(active.dim(), keep, &mut uniforms)
            }
        };
        let (out, cache) = dropout::forward(&active, mask);
        (out, Some(cache))
    }

    /// Panics unless the masks that the pass is given, if any, fit a batch of `n`.
    fn assert_masks(&self, pass: &Pass<'_, T>, n: usize) {
        let Pass::Masks(masks) = pass else { return };
        let expected: Vec<_> = self.options.hidden.iter().map(|&m| (n, m)).collect();
        let got: Vec<_> = masks.iter().map(Array2::dim).collect();
        assert!(
            got == expected,
            "FullyConnectedNet: the masks must have the shapes {expected:?}, one for each hidden \
             layer; they have {got:?}"
        );
    }
}

/// The gradient of the activations before dropout.
#[allow(unused, reason = "another way may do without")]
fn drop_out_backward<T: Scalar>(
    dout: Array2<T>,
    cache: Option<dropout::Cache<T>>,
) -> Array2<T> {
    match cache {
        None => dout,
        Some(cache) => dropout::backward(&dout, cache),
    }
}

// exercise: deep::helpers
// end: deep::helpers
