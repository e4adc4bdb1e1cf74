//! Tokens whose signature is good. A token is sent with every request of its lifetime: those of a moment ago are remembered, as
//! verifying and reading one each time is most of the work of a small request.

use crate::{cx::Cx, keys::RealmKeys, realm_view::RealmView};
use aws_lc_rs::digest::{self, SHA256};
use cloakroom_jose::{Claims, Unverified};
use serde_json::{Map, Value};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
};

/// What a token says that one of the realm's keys signed. Nothing in it is checked yet.
#[derive(Debug)]
pub struct Signed {
    /// The claims that decide whether it is good.
    pub decide: Claims,
    /// The claims, all of them.
    pub claims: Map<String, Value>,
    /// The keys that it was verified with: it is good as long as they are in use.
    keys: Weak<RealmKeys>,
}

/// Reads a token that one of the realm's keys signed.
pub fn read(cx: &Cx, realm: &RealmView, token: &str) -> Option<Arc<Signed>> {
    let digest = sha256(token);
    let known = cx.app.recent.get(&digest).filter(|known| known.keys.as_ptr() == Arc::as_ptr(&realm.keys));
    if known.is_some() {
        return known;
    }
    let verified = realm.keys.verify(token).ok()?;
    let (decide, claims) = (verified.claims().ok()?, verified.claims().ok()?);
    let signed = Arc::new(Signed { decide, claims, keys: Arc::downgrade(&realm.keys) });
    // a shared secret's signature is as cheap as the digest, and most such tokens are used once
    if verified.header.alg.kty() != "oct" {
        cx.app.recent.add(digest, &signed);
    }
    Some(signed)
}

/// Who says of itself that it issued a token: to find the realm whose keys then decide.
pub fn claimed_issuer(cx: &Cx, token: &str) -> Option<String> {
    match cx.app.recent.get(&sha256(token)) {
        Some(known) => known.decide.iss.clone(),
        None => Unverified::parse(token).ok()?.claims::<Claims>().ok()?.iss,
    }
}

/// The SHA-256 of a whole token, signature included.
type Digest = [u8; 32];

fn sha256(token: &str) -> Digest {
    let mut digest = [0; 32];
    digest.copy_from_slice(digest::digest(&SHA256, token.as_bytes()).as_ref());
    digest
}

/// How many are remembered at least, once so many were seen; twice as many at most. Each is some kilobytes.
const KEPT: usize = 512;

/// Tokens that were verified lately.
#[derive(Default)]
pub struct Recent(Mutex<Generations>);

#[derive(Default)]
struct Generations {
    young: HashMap<Digest, Arc<Signed>>,
    old: HashMap<Digest, Arc<Signed>>,
}

impl Recent {
    fn generations(&self) -> MutexGuard<'_, Generations> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The token, if it is remembered. What is asked for stays longest.
    fn get(&self, digest: &Digest) -> Option<Arc<Signed>> {
        let mut generations = self.generations();
        if let Some(known) = generations.young.get(digest) {
            return Some(known.clone());
        }
        let known = generations.old.get(digest)?.clone();
        generations.add(*digest, &known);
        Some(known)
    }

    fn add(&self, digest: Digest, signed: &Arc<Signed>) {
        self.generations().add(digest, signed);
    }
}

impl Generations {
    fn add(&mut self, digest: Digest, signed: &Arc<Signed>) {
        if self.young.len() >= KEPT {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(digest, signed.clone());
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

    fn signed() -> Arc<Signed> {
        Arc::new(Signed { decide: Claims::default(), claims: Map::new(), keys: Weak::new() })
    }

    #[test]
    fn the_latest_are_known_and_the_rest_forgotten() {
        let recent = Recent::default();
        for n in 0..10 * KEPT {
            recent.add(digest(n), &signed());
            assert!(recent.get(&digest(n)).is_some());
        }
        assert!(recent.get(&digest(9 * KEPT)).is_some() && recent.get(&digest(0)).is_none());
        let kept = recent.generations();
        assert!(kept.young.len() + kept.old.len() <= 2 * KEPT);
    }

    #[test]
    fn what_is_asked_for_stays() {
        let recent = Recent::default();
        recent.add(digest(0), &signed());
        for n in 1..10 * KEPT {
            recent.add(digest(n), &signed());
            assert!(recent.get(&digest(0)).is_some(), "after {n} others");
        }
    }
}
