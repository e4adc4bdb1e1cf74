//! Which resource a path belongs to, remembered for a while.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

/// A resource of the resource server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Protected {
    /// What it is remembered by.
    pub(super) key: String,
    pub(super) id: String,
}

/// Resources by path, and paths that belong to none.
#[derive(Debug)]
pub(super) struct PathCache {
    life: Duration,
    most: usize,
    known: Mutex<HashMap<String, Known>>,
}

#[derive(Debug)]
struct Known {
    since: SystemTime,
    resource: Option<Arc<Protected>>,
}

impl Known {
    /// A clock that was set back makes it old.
    fn good(&self, life: Duration, now: SystemTime) -> bool {
        now.duration_since(self.since).is_ok_and(|passed| passed < life)
    }
}

impl PathCache {
    pub(super) fn new(life: Duration, most: usize) -> Self {
        Self { life, most, known: Mutex::default() }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is known of a path; the inner `None` is "it belongs to no resource".
    pub(super) fn get(&self, key: &str, now: SystemTime) -> Option<Option<Arc<Protected>>> {
        let known = self.lock();
        known.get(key).filter(|known| known.good(self.life, now)).map(|known| known.resource.clone())
    }

    pub(super) fn put(&self, key: &str, resource: Option<Arc<Protected>>, now: SystemTime) {
        if self.most == 0 || self.life.is_zero() {
            return;
        }
        let mut known = self.lock();
        if known.len() >= self.most && !known.contains_key(key) {
            known.retain(|_, known| known.good(self.life, now));
            // still full: anybody may ask for any path, so the oldest has to go
            let oldest = known.iter().min_by_key(|(_, known)| known.since).map(|(key, _)| key.clone());
            if let Some(oldest) = oldest.filter(|_| known.len() >= self.most) {
                known.remove(&oldest);
            }
        }
        known.insert(key.to_owned(), Known { since: now, resource });
    }

    pub(super) fn forget(&self, resource: &Protected) {
        self.lock().remove(&resource.key);
    }
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use super::*;

    #[test]
    fn what_is_known_of_a_path_is_believed_for_a_while() {
        let cache = PathCache::new(Duration::from_secs(30), 2);
        let at = |seconds: u64| UNIX_EPOCH + Duration::from_secs(1000 + seconds);
        let album = Arc::new(Protected { key: "/a".into(), id: "1".into() });
        cache.put("/a", Some(album.clone()), at(0));
        cache.put("/none", None, at(1));
        assert_eq!(cache.get("/a", at(29)), Some(Some(album.clone())));
        assert_eq!((cache.get("/none", at(29)), cache.get("/b", at(29))), (Some(None), None));
        assert_eq!((cache.get("/a", at(30)), cache.get("/a", UNIX_EPOCH)), (None, None));
        cache.put("/b", None, at(2));
        assert_eq!((cache.get("/a", at(2)), cache.lock().len()), (None, 2), "the oldest made room");
        cache.put("/a", Some(album.clone()), at(3));
        cache.forget(&album);
        assert_eq!(cache.get("/a", at(3)), None);
    }
}
