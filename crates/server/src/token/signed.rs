//! Tokens whose signature was good a moment ago. A token is sent with every request of its lifetime; verifying its signature
//! each time is most of the work of a small request.

use std::{
    collections::HashSet,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// The SHA-256 of a whole token, signature included.
pub(super) type Digest = [u8; 32];

/// How many are remembered at least, once so many were seen; twice as many at most.
const KEPT: usize = 1024;

/// Digests of tokens that were verified with one set of keys. Lives and dies with the keys.
#[derive(Debug, Default)]
pub(super) struct Recent(Mutex<Generations>);

#[derive(Debug, Default)]
struct Generations {
    young: HashSet<Digest>,
    old: HashSet<Digest>,
}

impl Recent {
    fn generations(&self) -> MutexGuard<'_, Generations> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the token was good. What is asked for stays longest.
    pub(super) fn knows(&self, digest: &Digest) -> bool {
        let mut generations = self.generations();
        if generations.young.contains(digest) {
            return true;
        }
        let known = generations.old.contains(digest);
        if known {
            generations.add(*digest);
        }
        known
    }

    /// Remembers a token that is good.
    pub(super) fn add(&self, digest: Digest) {
        self.generations().add(digest);
    }
}

impl Generations {
    fn add(&mut self, digest: Digest) {
        if self.young.len() >= KEPT {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(digest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digest(n: usize) -> Digest {
        let mut digest = [0; 32];
        digest[..8].copy_from_slice(&n.to_be_bytes());
        digest
    }

    #[test]
    fn the_latest_are_known_and_the_rest_forgotten() {
        let recent = Recent::default();
        for n in 0..10 * KEPT {
            recent.add(digest(n));
            assert!(recent.knows(&digest(n)));
        }
        assert!(recent.knows(&digest(9 * KEPT)) && !recent.knows(&digest(0)));
        let kept = recent.generations();
        assert!(kept.young.len() + kept.old.len() <= 2 * KEPT);
    }

    #[test]
    fn what_is_asked_for_stays() {
        let recent = Recent::default();
        recent.add(digest(0));
        for n in 1..10 * KEPT {
            recent.add(digest(n));
            assert!(recent.knows(&digest(0)), "after {n} others");
        }
    }
}
