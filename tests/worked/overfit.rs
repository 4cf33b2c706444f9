//! The worked example of chapter `overfit`, whole and with each step left out.
