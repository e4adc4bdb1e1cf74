//! The roles that a token carries: what the user has, as far as the client may see it.

use cloakroom_store::roles::Granted;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// Roles by where they belong.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Roles {
    /// Of the realm.
    pub realm: BTreeSet<String>,
    /// Of clients, by `clientId`.
    pub clients: BTreeMap<String, BTreeSet<String>>,
}

impl Roles {
    /// The roles of a user, all of them or those in `reach` (ids).
    pub fn of<'a>(granted: impl IntoIterator<Item = &'a Granted>, reach: Option<&HashSet<String>>) -> Self {
        let mut roles = Roles::default();
        for role in granted {
            if reach.is_none_or(|reach| reach.contains(&role.id)) {
                roles.add(role.client.as_deref(), &role.name);
            }
        }
        roles
    }

    /// Adds a role of a client or of the realm.
    pub fn add(&mut self, client: Option<&str>, name: &str) {
        let of = match client {
            Some(client) => self.clients.entry(client.to_owned()).or_default(),
            None => &mut self.realm,
        };
        of.insert(name.to_owned());
    }

    /// Takes a role away, and says whether it was there.
    pub fn remove(&mut self, client: Option<&str>, name: &str) -> bool {
        match client {
            None => self.realm.remove(name),
            Some(client) => {
                let Some(of) = self.clients.get_mut(client) else { return false };
                let removed = of.remove(name);
                if of.is_empty() {
                    self.clients.remove(client);
                }
                removed
            }
        }
    }

    /// How mappers name roles: `client.role`, or a realm role's name. A client's id may have dots itself: the longest
    /// prefix that is one of these clients wins, else the part before the first dot.
    pub fn parse<'n>(&self, name: &'n str) -> (Option<&'n str>, &'n str) {
        let known = name.match_indices('.').rev().map(|(at, _)| (&name[..at], &name[at + 1..]));
        let found = known.clone().find(|(client, _)| self.clients.contains_key(*client));
        match found.or_else(|| name.split_once('.')) {
            Some((client, role)) if !client.is_empty() && !role.is_empty() => (Some(client), role),
            _ => (None, name),
        }
    }
}
