use crate::teach::probe::Probe;

pub fn sgd_step(_probe: &mut Probe) {}

pub fn accuracy(_probe: &mut Probe) {}

pub fn train(_probe: &mut Probe) {}
