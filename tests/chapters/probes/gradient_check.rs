use crate::teach::probe::Probe;

pub fn numeric_gradient(_probe: &mut Probe) {}

pub fn relative_error(_probe: &mut Probe) {}
