//! The worked example of chapter `regularization`, whole and with each step left out.
