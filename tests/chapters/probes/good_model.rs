use crate::teach::probe::Probes;

pub const PROBES: Probes = &[];
