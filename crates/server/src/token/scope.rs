//! Which client scopes a request gets: the client's default ones, and of the optional ones those it names.

use crate::realm_view::{ClientView, RealmView, ScopeView};
use std::collections::HashSet;

/// The scope that asks for an ID token.
pub const OPENID: &str = "openid";

/// The scope that asks for a session that outlives logout.
pub const OFFLINE_ACCESS: &str = "offline_access";

/// The scopes of a request.
#[derive(Debug, Clone)]
pub struct Scopes<'a> {
    /// Whether `openid` was asked for.
    pub openid: bool,
    /// The client scopes that take part.
    pub granted: Vec<&'a ScopeView>,
}

/// A scope that the client may not ask for: the whole parameter, as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidScope(pub String);

impl<'a> Scopes<'a> {
    /// The scopes of a request: `asked` is its `scope` parameter. Every word of it must be `openid` or the name of a
    /// default or optional scope of the client; the empty text has one word, the empty one.
    pub fn resolve(realm: &'a RealmView, client: &ClientView, asked: Option<&str>) -> Result<Self, InvalidScope> {
        let words: HashSet<&str> = asked.map(|text| text.split(' ').collect()).unwrap_or_default();
        let mut granted = Vec::new();
        let mut unknown: HashSet<&str> = words.iter().copied().filter(|word| *word != OPENID).collect();
        for (id, is_default) in &client.scopes {
            let Some(scope) = realm.token_scope(id).filter(|s| s.openid_connect) else { continue };
            let named = unknown.remove(scope.name.as_str());
            if *is_default || named {
                granted.push(scope);
            }
        }
        granted.sort_by(|a, b| a.name.cmp(&b.name));
        match asked {
            Some(text) if !unknown.is_empty() => Err(InvalidScope(text.to_owned())),
            _ => Ok(Scopes { openid: words.contains(OPENID), granted }),
        }
    }

    /// The scopes that are left of an earlier request's: those that the client still has. Words that mean nothing any
    /// more are passed over.
    pub fn recall(realm: &'a RealmView, client: &ClientView, asked: Option<&str>) -> Self {
        let words: HashSet<&str> = asked.map(|text| text.split(' ').collect()).unwrap_or_default();
        let of_client = client.scopes.iter().filter_map(|(id, is_default)| Some((realm.token_scope(id)?, *is_default)));
        let granted = of_client.filter(|(s, is_default)| s.openid_connect && (*is_default || words.contains(&*s.name)));
        let mut granted: Vec<_> = granted.map(|(s, _)| s).collect();
        granted.sort_by(|a, b| a.name.cmp(&b.name));
        Scopes { openid: words.contains(OPENID), granted }
    }

    /// Whether a scope of this name takes part.
    pub fn has(&self, name: &str) -> bool {
        self.granted.iter().any(|s| s.name == name)
    }

    /// Drops what is not in `other`.
    pub fn narrow(&mut self, other: &Scopes<'_>) {
        self.openid &= other.openid;
        self.granted.retain(|s| other.granted.iter().any(|o| o.id == s.id));
    }

    /// The scopes that are bound to roles of which the user has none.
    pub fn bound(&self, user: &HashSet<&str>) -> Vec<&'a ScopeView> {
        let lacks =
            |scope: &ScopeView| !scope.roles.is_empty() && !scope.roles.iter().any(|r| user.contains(r.as_str()));
        self.granted.iter().copied().filter(|scope| lacks(scope)).collect()
    }

    /// Drops one scope.
    pub fn drop(&mut self, id: &str) {
        self.granted.retain(|scope| scope.id != id);
    }

    /// The `scope` claim and parameter of answers: only scopes that are to be seen.
    pub fn shown(&self) -> String {
        self.join(|scope| scope.in_token)
    }

    /// All of them: what refresh tokens carry.
    pub fn all(&self) -> String {
        self.join(|_| true)
    }

    fn join(&self, keep: impl Fn(&ScopeView) -> bool) -> String {
        let names = self.granted.iter().filter(|s| keep(s)).map(|s| s.name.as_str());
        let words: Vec<&str> = self.openid.then_some(OPENID).into_iter().chain(names).collect();
        words.join(" ")
    }
}
