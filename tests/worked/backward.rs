//! The worked example of chapter `backward`, whole and with each step left out.
