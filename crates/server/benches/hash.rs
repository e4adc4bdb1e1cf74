//! The bare password hash, to compare a login with: Keycloak's default (Argon2id, 7 MiB, 5 passes) and its PBKDF2 ones.
//!
//! `cargo bench -p cloakroom-server --bench hash`

use cloakroom_server::password::hash::{Algorithm, Hash};
use std::time::Instant;

const ROUNDS: u32 = 20;

#[expect(clippy::print_stdout, reason = "figures are what a benchmark is for")]
fn main() {
    for name in ["argon2", "pbkdf2-sha512", "pbkdf2-sha256", "pbkdf2"] {
        let Some(algorithm) = Algorithm::named(name, None) else { continue };
        let mut memory = Vec::new();
        let begun = Instant::now();
        for round in 0..ROUNDS {
            let salt = [round as u8; 16];
            if Hash::new(algorithm, salt, &mut memory, "correct horse battery staple").is_err() {
                println!("{name}: failed");
                return;
            }
        }
        println!("hash {name:24} {:7.2} ms", begun.elapsed().as_secs_f64() * 1000.0 / f64::from(ROUNDS));
    }
}
