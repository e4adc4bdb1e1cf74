//! Randomness: the system's, or a sequence that a test can repeat.

use aws_lc_rs::{constant_time, digest, rand};
use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

/// Whether two secrets are the same, in a time that does not tell where they differ.
pub fn same(a: &str, b: &str) -> bool {
    constant_time::verify_slices_are_equal(a.as_bytes(), b.as_bytes()).is_ok()
}

/// The one source of ids and secrets.
#[derive(Debug, Clone)]
pub enum Random {
    /// The operating system's, through aws-lc's generator.
    System,
    /// Digests of a seed and a counter: the same in every run. For tests only.
    Seeded(Arc<(u64, AtomicU64)>),
}

impl Random {
    /// A sequence that depends on nothing but the seed.
    pub fn seeded(seed: u64) -> Self {
        Random::Seeded(Arc::new((seed, AtomicU64::new(0))))
    }

    /// Fills `out`.
    pub fn fill(&self, out: &mut [u8]) {
        match self {
            // aws-lc aborts the process rather than go on without entropy: its generator does not fail
            Random::System => rand::fill(out).unwrap_or_else(|_| std::process::abort()),
            Random::Seeded(state) => {
                for chunk in out.chunks_mut(32) {
                    let mut text = state.0.to_be_bytes().to_vec();
                    text.extend(state.1.fetch_add(1, Ordering::Relaxed).to_be_bytes());
                    chunk.copy_from_slice(&digest::digest(&digest::SHA256, &text).as_ref()[..chunk.len()]);
                }
            }
        }
    }

    /// Random bytes.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut out = [0; N];
        self.fill(&mut out);
        out
    }

    /// A UUID of version 4: the id of a resource.
    pub fn uuid(&self) -> String {
        uuid::Builder::from_random_bytes(self.bytes()).into_uuid().to_string()
    }

    /// 24 characters of base64url, 144 bits: a session's id, a code's part.
    pub fn token(&self) -> String {
        data_encoding::BASE64URL_NOPAD.encode(&self.bytes::<18>())
    }

    /// As many letters and digits as asked: a client's secret.
    pub fn alphanumeric(&self, length: usize) -> String {
        const LETTERS: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
        let mut out = String::with_capacity(length);
        while out.len() < length {
            // 248 is the largest multiple of 62 below 256: above it letters would not be equally likely
            let fresh = self.bytes::<64>();
            let letters = fresh.iter().filter(|b| **b < 248).map(|b| char::from(LETTERS[usize::from(b % 62)]));
            out.extend(letters.take(length - out.len()));
        }
        out
    }
}
