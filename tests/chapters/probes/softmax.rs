use crate::teach::probe::Probe;

pub fn loss(_probe: &mut Probe) {}
