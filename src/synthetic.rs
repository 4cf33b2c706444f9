//! Appendix.
