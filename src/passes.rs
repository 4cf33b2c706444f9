//! Appendix: which pair of loops a network takes.
//!
//! A network without normalization and dropout is *plain*. It runs the loops of chapters
//! [5](crate::forward) and [6](crate::backward), and every other network those of
//! [chapter 14](crate::deep). The choice is made here and nowhere else.

use crate::deep::Pass;
use crate::options::refuse;
use crate::{Error, FullyConnectedNet, Gradients, Normalization, Scalar};
use ndarray::{Array2, CowArray, Ix2};

impl<T: Scalar> FullyConnectedNet<T> {
    /// Whether the network has neither normalization nor dropout.
    ///
    /// ```
    /// use fully_connected::{FullyConnectedNet, Normalization, Options};
    ///
    /// let plain = FullyConnectedNet::<f64>::new(Options::new(2, &[3], 2))?;
    /// assert!(plain.is_plain());
    ///
    /// let normalization = Normalization::BatchNorm;
    /// let options = Options { normalization, ..Options::new(2, &[3], 2) };
    /// assert!(!FullyConnectedNet::<f64>::new(options)?.is_plain());
    /// # Ok::<(), fully_connected::Error>(())
    /// ```
    pub fn is_plain(&self) -> bool {
        self.options.normalization == Normalization::None
            && self.options.dropout_keep_ratio == 1.0
    }

    /// Panics, in the name of `function`, unless the network is plain.
    pub(crate) fn assert_plain(&self, function: &str) {
        assert!(
            self.is_plain(),
            "{function} knows neither normalization nor dropout, and this network has {}; \
             FullyConnectedNet::forward_in and backward_from (chapter 14) know both",
            self.extras(),
        );
    }

    /// Refuses, by name, a network that is not plain, and points to what can train it.
    pub(crate) fn refuse_deep(&self, instead: &str) -> Result<(), Error> {
        let options = &self.options;
        if options.normalization != Normalization::None {
            let expected =
                format!("None for overfit::train; {instead} trains with the others");
            return refuse("normalization", &expected, &options.normalization);
        }
        if options.dropout_keep_ratio != 1.0 {
            let expected =
                format!("1 for overfit::train; {instead} trains with dropout");
            return refuse(
                "dropout_keep_ratio",
                &expected,
                &options.dropout_keep_ratio,
            );
        }
        Ok(())
    }

    /// The options that make the network deep, for a message.
    fn extras(&self) -> String {
        format!(
            "normalization {:?} and dropout_keep_ratio {}",
            self.options.normalization, self.options.dropout_keep_ratio
        )
    }

    /// The pass of a loss that was asked for without one.
    fn first_step(&self) -> Pass<'static, T> {
        Pass::Train {
            seed: self.options.seed,
            step: 0,
        }
    }

    /// The scores of a test pass, unless the network is plain.
    pub(crate) fn scores_if_deep(&self, x: &CowArray<'_, T, Ix2>) -> Option<Array2<T>> {
        (!self.is_plain()).then(|| {
            let (scores, _caches, _moments) = self.forward_in(&Pass::Test, x.view());
            scores
        })
    }

    /// The data loss of the first training step and its gradients, unless the network is plain.
    pub(crate) fn data_loss_if_deep(
        &self,
        x: &CowArray<'_, T, Ix2>,
        y: &[usize],
    ) -> Option<Result<(T, Gradients<T>), Error>> {
        (!self.is_plain()).then(|| {
            let up = self.data_loss_in(&self.first_step(), x.view().into(), y)?;
            Ok((up.loss, self.backward_from(up.dscores, up.caches)))
        })
    }

    /// The data loss of the first training step alone, unless the network is plain.
    pub(crate) fn data_loss_value_if_deep(
        &self,
        x: &CowArray<'_, T, Ix2>,
        y: &[usize],
    ) -> Option<Result<T, Error>> {
        (!self.is_plain()).then(|| {
            let up = self.data_loss_in(&self.first_step(), x.view().into(), y)?;
            Ok(up.loss)
        })
    }
}
