//! Who asks: a person or a client, as a token or the realm describes them.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

/// Who asks for permissions.
///
/// Policies look at names: the username, role names, group paths, client scope names, and at claims. Of a token whose
/// signature was verified all of it comes by [`from_claims`](Self::from_claims); whoever knows the realm itself says
/// it one by one.
///
/// ```
/// use cloakroom_policy::Identity;
/// let alice = Identity::new("f3a1").username("alice").client("shop-web").realm_role("staff").group("/crew/deck");
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Identity {
    pub(crate) subject: String,
    pub(crate) username: Option<String>,
    pub(crate) client: Option<String>,
    pub(crate) roles: Roles,
    pub(crate) live_roles: Option<Roles>,
    pub(crate) groups: Option<Vec<String>>,
    pub(crate) client_scopes: BTreeSet<String>,
    claims: Map<String, Value>,
}

/// Roles by name, those of the realm and those of each client.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Roles {
    realm: BTreeSet<String>,
    clients: BTreeMap<String, BTreeSet<String>>,
}

impl Roles {
    /// Adds a role of the realm.
    pub fn add_realm(&mut self, name: impl Into<String>) {
        self.realm.insert(name.into());
    }

    /// Adds a role of a client.
    pub fn add_client(&mut self, client: impl Into<String>, name: impl Into<String>) {
        self.clients.entry(client.into()).or_default().insert(name.into());
    }

    pub(crate) fn has(&self, client: Option<&str>, name: &str) -> bool {
        match client {
            None => self.realm.contains(name),
            Some(client) => self.clients.get(client).is_some_and(|roles| roles.contains(name)),
        }
    }
}

impl Identity {
    /// Somebody by their subject: the user's id, which is `sub` in tokens.
    pub fn new(subject: impl Into<String>) -> Self {
        Self { subject: subject.into(), ..Self::default() }
    }

    /// Whom the claims of a Keycloak access token speak of. The token must have been verified before.
    ///
    /// Read are `sub`, `preferred_username`, `azp`, `realm_access`, `resource_access`, `scope`, and each claim for
    /// policies that look at one. What a token cannot say stays open: for group policies the claim decides.
    pub fn from_claims(claims: Map<String, Value>) -> Self {
        let text = |name: &str| claims.get(name).and_then(Value::as_str).map(str::to_owned);
        let names = |access: &Value| -> Vec<String> {
            let roles = access.get("roles").and_then(Value::as_array);
            roles.into_iter().flatten().filter_map(|role| Some(role.as_str()?.to_owned())).collect()
        };
        let mut roles = Roles::default();
        claims.get("realm_access").map(names).into_iter().flatten().for_each(|role| roles.add_realm(role));
        for (client, access) in claims.get("resource_access").and_then(Value::as_object).into_iter().flatten() {
            names(access).into_iter().for_each(|role| roles.add_client(client, role));
        }
        let scope = text("scope").unwrap_or_default();
        Self {
            subject: text("sub").unwrap_or_default(),
            username: text("preferred_username"),
            client: text("azp"),
            roles,
            live_roles: None,
            groups: None,
            client_scopes: scope.split(' ').filter(|name| !name.is_empty()).map(str::to_owned).collect(),
            claims,
        }
    }

    /// Sets the username.
    pub fn username(mut self, name: impl Into<String>) -> Self {
        self.username = Some(name.into());
        self
    }

    /// Sets the client they come through, by its client id.
    pub fn client(mut self, client_id: impl Into<String>) -> Self {
        self.client = Some(client_id.into());
        self
    }

    /// Adds a role of the realm, as the token has it.
    pub fn realm_role(mut self, name: impl Into<String>) -> Self {
        self.roles.add_realm(name);
        self
    }

    /// Adds a role of a client, as the token has it.
    pub fn client_role(mut self, client_id: impl Into<String>, name: impl Into<String>) -> Self {
        self.roles.add_client(client_id, name);
        self
    }

    /// Sets the roles that the user has in the realm now, composites resolved, for role policies that fetch them.
    /// Without, the token's count for those too.
    pub fn live_roles(mut self, roles: Roles) -> Self {
        self.live_roles = Some(roles);
        self
    }

    /// Adds a group that the user is a direct member of, by its path.
    ///
    /// Whoever says one group says all: memberships are known from then on. A group policy that looks at a claim looks at them
    /// only where the token has no such claim.
    pub fn group(mut self, path: impl Into<String>) -> Self {
        self.groups.get_or_insert_default().push(path.into());
        self
    }

    /// Says that the memberships are known, also when there are none.
    pub fn groups(mut self, paths: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.groups = Some(paths.into_iter().map(Into::into).collect());
        self
    }

    /// Adds a client scope that the token was issued with.
    pub fn client_scope(mut self, name: impl Into<String>) -> Self {
        self.client_scopes.insert(name.into());
        self
    }

    /// Sets a claim.
    pub fn claim(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.claims.insert(name.into(), value.into());
        self
    }

    /// The subject's id.
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// Whether this is the user that a policy or a resource names, by id or by name. A name that looks like an id is
    /// compared with ids only: nobody becomes another person by choosing a username.
    pub(crate) fn is(&self, user: &str) -> bool {
        user == self.subject || (self.username.as_deref() == Some(user) && !looks_like_an_id(user))
    }

    /// The values of a claim as text: each element of a list, an object as JSON. Empty text counts as missing.
    pub(crate) fn attribute(&self, name: &str) -> Vec<Cow<'_, str>> {
        match self.claims.get(name) {
            Some(Value::Array(values)) => values.iter().map(as_text).collect(),
            Some(value) => Some(as_text(value)).filter(|text| !text.is_empty()).into_iter().collect(),
            None => self.derived(name),
        }
    }

    /// What other fields say about a claim that was not given.
    fn derived(&self, name: &str) -> Vec<Cow<'_, str>> {
        fn one(text: Option<&String>) -> Vec<Cow<'_, str>> {
            text.map(|text| Cow::from(text.as_str())).into_iter().collect()
        }
        let all = |roles: &BTreeSet<String>| roles.iter().map(|role| Cow::from(role.clone())).collect();
        match name {
            "sub" => one(Some(&self.subject)),
            "preferred_username" => one(self.username.as_ref()),
            "azp" => one(self.client.as_ref()),
            "scope" => vec![self.client_scopes.iter().map(String::as_str).collect::<Vec<_>>().join(" ").into()],
            "kc.realm.roles" => all(&self.roles.realm),
            _ => {
                let client = name.strip_prefix("kc.client.").and_then(|rest| rest.strip_suffix(".roles"));
                client.and_then(|client| self.roles.clients.get(client)).map(all).unwrap_or_default()
            }
        }
    }
}

fn as_text(value: &Value) -> Cow<'_, str> {
    match value {
        Value::String(text) => text.into(),
        other => other.to_string().into(),
    }
}

/// UUIDs, and the ids of users from a user storage (`f:…`).
fn looks_like_an_id(text: &str) -> bool {
    let dashes = [8, 13, 18, 23];
    let uuid = text.len() == 36
        && text.bytes().enumerate().all(|(i, b)| if dashes.contains(&i) { b == b'-' } else { b.is_ascii_hexdigit() });
    uuid || text.starts_with("f:")
}
