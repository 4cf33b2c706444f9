use crate::teach::probe::Probe;

pub fn forward(_probe: &mut Probe) {}

pub fn backward(_probe: &mut Probe) {}
