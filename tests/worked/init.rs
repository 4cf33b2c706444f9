//! The worked example of chapter `init`, whole and with each step left out.
