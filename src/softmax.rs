//! # Softmax and its loss
use crate::{Error, Scalar};
use ndarray::{Array2, ArrayRef2};

pub fn loss<T: Scalar>(
    scores: &ArrayRef2<T>,
    y: &[usize],
) -> Result<(T, Array2<T>), Error> {
    check_labels(scores, y)?;
    let n = T::of(y.len() as f64);
    // exercise: softmax::loss
    let mut loss = T::zero();
    let mut dx = scores.to_owned();
    for (mut row, &label) in dx.rows_mut().into_iter().zip(y) {
        let max = row.fold(T::neg_infinity(), |max, &s| max.max(s));
        row -= max;
        let shifted = row[label];
        row.mapv_inplace(T::exp);
        let sum = row.sum();
        loss += sum.ln() - shifted;
        row /= sum;
        row[label] -= T::one();
    }
    dx /= n;
    Ok((loss / n, dx))
    // end: softmax::loss
}

/// One label for each row of scores, each below the number of columns.
fn check_labels<T>(scores: &ArrayRef2<T>, y: &[usize]) -> Result<(), Error> {
    let (examples, classes) = scores.dim();
    if y.len() != examples {
        return Err(Error::LabelCount {
            labels: y.len(),
            examples,
        });
    }
    if y.is_empty() {
        return Err(Error::EmptyBatch);
    }
    match y.iter().position(|&label| label >= classes) {
        Some(index) => Err(Error::Label {
            index,
            label: y[index],
            classes,
        }),
        None => Ok(()),
    }
}
