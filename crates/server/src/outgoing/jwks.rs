//! Key sets that others publish (RFC 7517 section 5): fetched, kept for a while, fetched again when a token names a key
//! that is not among them.

use super::Failed;
use crate::cx::Cx;
use cloakroom_jose::{Header, JwkSet, KeySet, Keys};
use moka::sync::Cache;
use std::{sync::Arc, time::Duration};

/// How long keys are kept.
const AGE: Duration = Duration::from_secs(600);

/// How long a set that lacks a key is not asked for again, in milliseconds.
const INTERVAL: i64 = 10_000;

/// The key sets of one node.
#[derive(Debug, Clone)]
pub struct KeySets(Cache<String, Arc<Fetched>>);

#[derive(Debug)]
struct Fetched {
    keys: KeySet,
    at: i64,
}

impl Default for KeySets {
    fn default() -> Self {
        KeySets(Cache::builder().max_capacity(500).time_to_live(AGE).build())
    }
}

/// The keys at a URL, among which is one for a token with this header if there is any.
pub fn at(cx: &mut Cx, url: &str, header: &Header) -> Result<KeySet, Failed> {
    let now = cx.now();
    if let Some(kept) = cx.app.key_sets.0.get(url) {
        let has_key = kept.keys.candidates(header).next().is_some();
        if has_key || now < kept.at + INTERVAL {
            return Ok(kept.keys.clone());
        }
    }
    let text = cx.fetch(url)?;
    let set: JwkSet = serde_json::from_slice(&text).map_err(|e| Failed::Unreadable(e.to_string()))?;
    let keys = KeySet::from_jwks(&set);
    cx.app.key_sets.0.insert(url.to_owned(), Arc::new(Fetched { keys: keys.clone(), at: now }));
    Ok(keys)
}
