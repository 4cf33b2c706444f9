//! The worked example of chapter `relu`, whole and with each step left out.
