//! The worked example of chapter `gradient_check`, whole and with each step left out.
