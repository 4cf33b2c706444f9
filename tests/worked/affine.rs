//! The worked example of chapter `affine`, whole and with each step left out.
