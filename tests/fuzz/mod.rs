//! The seed of the tests on random inputs. It is fixed, so that they try the same inputs on
//! every machine; another one comes from the environment: `FUZZ_SEED=7 cargo test`.

#![allow(dead_code, reason = "each test binary uses its part")]

use proptest::test_runner::{Config, RngSeed};
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

/// The seed, printed for the case that a test fails.
fn seed() -> u64 {
    let seed = match std::env::var("FUZZ_SEED") {
        Ok(seed) => seed.parse().expect("FUZZ_SEED must be a whole number"),
        Err(_) => 0,
    };
    println!("to see these inputs again: FUZZ_SEED={seed}");
    seed
}

/// A generator of random inputs.
pub fn generator() -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(seed())
}

/// How proptest makes its cases.
pub fn cases() -> Config {
    Config {
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(seed()),
        ..Config::default()
    }
}
