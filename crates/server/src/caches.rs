//! What is kept between requests: realms and clients, a minute at most, bounded in number.
//!
//! A change drops the entry before the change is answered. A load that was under way meanwhile is not kept: it may have
//! read what was there before.

use crate::realm_view::{ClientView, RealmView};
use moka::sync::Cache;
use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

const AGE: Duration = Duration::from_secs(60);

/// What a request changed, for the caches of all nodes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Touched {
    /// A realm's settings, keys, components or client scopes.
    Realm {
        /// Its id.
        id: String,
    },
    /// One client of a realm.
    Client {
        /// The realm's id.
        realm: String,
        /// The client's id.
        id: String,
    },
}

/// The caches of one node.
pub struct Caches {
    realm_ids: Cache<String, String>,
    realms: Cache<String, Arc<RealmView>>,
    client_ids: Cache<(String, String), String>,
    clients: Cache<(String, String), Arc<ClientView>>,
    generation: AtomicU64,
}

impl Default for Caches {
    fn default() -> Self {
        fn bounded<K: std::hash::Hash + Eq + Send + Sync + 'static, V: Clone + Send + Sync + 'static>(
            most: u64,
        ) -> Cache<K, V> {
            Cache::builder().max_capacity(most).time_to_live(AGE).build()
        }
        Caches {
            realm_ids: bounded(1000),
            realms: bounded(100),
            client_ids: bounded(5000),
            clients: bounded(2000),
            generation: AtomicU64::new(0),
        }
    }
}

/// The state of the caches when a load began.
#[derive(Debug, Clone, Copy)]
pub struct Generation(u64);

impl Caches {
    /// To be taken before loading what will be kept.
    pub fn generation(&self) -> Generation {
        Generation(self.generation.load(Ordering::Acquire))
    }

    /// The realm of this name.
    pub fn realm(&self, name: &str) -> Option<Arc<RealmView>> {
        self.realm_ids.get(name).and_then(|id| self.realms.get(&id)).filter(|r| r.name == name)
    }

    /// The realm of this id.
    pub fn realm_by_id(&self, id: &str) -> Option<Arc<RealmView>> {
        self.realms.get(id)
    }

    /// Keeps a realm, unless something changed since the load began.
    pub fn keep_realm(&self, since: Generation, realm: &Arc<RealmView>) {
        if self.generation().0 == since.0 {
            self.realm_ids.insert(realm.name.clone(), realm.id.clone());
            self.realms.insert(realm.id.clone(), realm.clone());
        }
    }

    /// The client of this `clientId`.
    pub fn client(&self, realm: &str, client_id: &str) -> Option<Arc<ClientView>> {
        let id = self.client_ids.get(&(realm.to_owned(), client_id.to_owned()))?;
        self.client_by_id(realm, &id).filter(|c| c.client_id == client_id)
    }

    /// The client of this id.
    pub fn client_by_id(&self, realm: &str, id: &str) -> Option<Arc<ClientView>> {
        self.clients.get(&(realm.to_owned(), id.to_owned()))
    }

    /// Keeps a client, unless something changed since the load began.
    pub fn keep_client(&self, since: Generation, realm: &str, client: &Arc<ClientView>) {
        if self.generation().0 == since.0 {
            self.client_ids.insert((realm.to_owned(), client.client_id.clone()), client.id.clone());
            self.clients.insert((realm.to_owned(), client.id.clone()), client.clone());
        }
    }

    /// Forgets what changed.
    pub fn drop_touched(&self, touched: &[Touched]) {
        if touched.is_empty() {
            return;
        }
        self.generation.fetch_add(1, Ordering::AcqRel);
        for what in touched {
            match what {
                Touched::Realm { id } => self.realms.invalidate(id),
                Touched::Client { realm, id } => self.clients.invalidate(&(realm.clone(), id.clone())),
            }
        }
    }
}
