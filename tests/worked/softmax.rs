//! The worked example of chapter `softmax`, whole and with each step left out.
