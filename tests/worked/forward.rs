//! The worked example of chapter `forward`, whole and with each step left out.
