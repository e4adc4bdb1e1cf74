//! Signatures a second by algorithm, on one thread: `cargo bench -p cloakroom-jose`.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a program to be looked at")]

use std::time::{Duration, Instant};

use cloakroom_jose::{Algorithm, KeySpec, PrivateKey, Secret, SigningKey, verify};

fn main() {
    // Cargo passes `--bench`; `cargo test` does not, and is not kept waiting.
    let time = if std::env::args().any(|arg| arg == "--bench") { Duration::from_millis(500) } else { Duration::ZERO };
    let claims = serde_json::json!({ "sub": "alice", "realm_access": { "roles": vec!["a role of some length"; 30] } });
    println!("{:<8}{:>10}{:>10}", "", "sign/s", "verify/s");
    for alg in Algorithm::ALL {
        let key = key_for(alg);
        let verifier = key.verifying_key().unwrap();
        let token = key.sign(&claims).unwrap();
        let signs = per_second(time, || drop(key.sign(&claims).unwrap()));
        let verifies = per_second(time, || drop(verify(&token, &verifier).unwrap()));
        println!("{alg:<8}{signs:>10.0}{verifies:>10.0}");
    }
}

fn key_for(alg: Algorithm) -> SigningKey {
    let spec = match (alg.kty(), alg.curve()) {
        ("oct", _) => return SigningKey::from_secret(alg, Secret::generate(64).unwrap().as_bytes()).unwrap(),
        ("RSA", _) => KeySpec::Rsa2048,
        (_, Some(curve)) => curve.into(),
        _ => KeySpec::Ed25519,
    };
    SigningKey::new(alg, &PrivateKey::generate(spec).unwrap()).unwrap()
}

fn per_second(time: Duration, mut work: impl FnMut()) -> f64 {
    let (start, mut count) = (Instant::now(), 0u32);
    loop {
        work();
        count += 1;
        let passed = start.elapsed();
        if passed >= time {
            return f64::from(count) / passed.as_secs_f64();
        }
    }
}
