//! What a realm publishes, kept for all who ask: discovery and keys.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, SystemTime};

use cloakroom_api::oidc::{certs::Certs, discovery::RealmDiscovery};
use cloakroom_jose::{Algorithm, JwkSet, KeySet};

use crate::client::Client;
use crate::error::{Error, Result};
use crate::oidc::Discovery;

/// How long a discovery is believed.
const DISCOVERY: Duration = Duration::from_secs(600);
/// How long keys are believed: one that the realm has removed is accepted no longer than this.
const KEYS: Duration = Duration::from_secs(3600);
/// Keys are fetched at most this often, whatever tokens arrive: anyone can send a token with an unknown `kid`.
const INTERVAL: Duration = Duration::from_secs(10);
/// So many realms are remembered; beyond it all are forgotten.
const REALMS: usize = 1000;

/// The caches of a server's realms, shared by all clones of a client.
#[derive(Debug, Default)]
pub(crate) struct Caches(Mutex<HashMap<String, Arc<RealmCache>>>);

impl Caches {
    pub(crate) fn realm(&self, name: &str) -> Arc<RealmCache> {
        let mut realms = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if realms.len() >= REALMS && !realms.contains_key(name) {
            realms.clear();
        }
        realms.entry(name.to_owned()).or_default().clone()
    }
}

/// What one realm publishes. Who fetches holds the lock of it, so the rest wait instead of fetching too; a fetch that is
/// given up leaves nothing behind.
#[derive(Debug, Default)]
pub(crate) struct RealmCache {
    discovery: tokio::sync::Mutex<Option<Fetched<Discovery>>>,
    keys: RwLock<Option<Fetched<KeySet>>>,
    fetching_keys: tokio::sync::Mutex<()>,
}

#[derive(Debug)]
struct Fetched<T> {
    at: SystemTime,
    value: Arc<T>,
}

impl<T> Fetched<T> {
    fn new(at: SystemTime, value: T) -> Self {
        Fetched { at, value: Arc::new(value) }
    }

    /// The value, unless it is older; a clock that was set back makes it old.
    fn within(&self, age: Duration, now: SystemTime) -> Option<Arc<T>> {
        now.duration_since(self.at).is_ok_and(|passed| passed < age).then(|| self.value.clone())
    }
}

impl RealmCache {
    pub(crate) async fn discovery(&self, client: &Client, realm: &str) -> Result<Arc<Discovery>> {
        let mut kept = self.discovery.lock().await;
        let now = client.clock().now();
        if let Some(value) = kept.as_ref().and_then(|kept| kept.within(DISCOVERY, now)) {
            return Ok(value);
        }
        let value = RealmDiscovery::new(client, realm).openid().await?;
        Ok(kept.insert(Fetched::new(now, value)).value.clone())
    }

    /// Keys that may verify a token: those at hand if they do, else those of now. `None` where the realm has no such key, or
    /// was asked a moment ago.
    pub(crate) async fn keys(
        &self,
        client: &Client,
        realm: &str,
        kid: Option<&str>,
        alg: Algorithm,
    ) -> Result<Option<Arc<KeySet>>> {
        let suits = |keys: &Arc<KeySet>| keys.find(kid, alg).is_some();
        let now = || client.clock().now();
        if let Some(keys) = self.keys_within(KEYS, now()).filter(suits) {
            return Ok(Some(keys));
        }
        let _alone = self.fetching_keys.lock().await;
        if let Some(keys) = self.keys_within(INTERVAL, now()) {
            return Ok(Some(keys).filter(suits));
        }
        let at = now();
        let published = Certs::new(client, realm).get().await?;
        // the same JSON, as another type
        let set = serde_json::to_value(&published).and_then(serde_json::from_value::<JwkSet>);
        let set = set.map_err(|e| Error::Config(format!("the keys of realm \"{realm}\" cannot be read: {e}")))?;
        let fetched = Fetched::new(at, KeySet::from_jwks(&set));
        let keys = fetched.value.clone();
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = Some(fetched);
        Ok(Some(keys).filter(suits))
    }

    fn keys_within(&self, age: Duration, now: SystemTime) -> Option<Arc<KeySet>> {
        let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        keys.as_ref().and_then(|keys| keys.within(age, now))
    }
}
