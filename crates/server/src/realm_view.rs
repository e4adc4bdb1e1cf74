//! A realm as requests see it: settings, keys parsed once, and client scopes. Immutable; a change makes a new one.

use crate::{
    Result,
    cx::SEGMENT,
    keys::RealmKeys,
    profile::Profile,
    realm::lists::Lists,
    token::{mappers::Mapper, settings::TokenSettings},
};
use cloakroom_api::admin::{client_scopes::ClientScope, clients::Client, realms::Realm};
use cloakroom_store::{Db, client_scopes, clients, components, components::ComponentRow, realms::RealmRow};
use percent_encoding::utf8_percent_encode;
use std::sync::Arc;

/// A realm, without clients, users and sessions.
#[derive(Debug)]
pub struct RealmView {
    /// The id that rows refer to.
    pub id: String,
    /// The name in URLs.
    pub name: String,
    /// The settings: the representation without its lists.
    pub settings: Realm,
    /// What is stored with the settings, and has endpoints of its own.
    pub lists: Lists,
    /// The role that every user has.
    pub default_role: Option<String>,
    /// Configured providers, oldest first, with their secrets.
    pub components: Vec<ComponentRow>,
    /// What the realm signs and verifies with.
    pub keys: Arc<RealmKeys>,
    /// Which attributes users have.
    pub profile: Profile,
    /// All client scopes, by name.
    pub scopes: Vec<ClientScope>,
    /// What new clients get: ids of scopes, each with whether it is a default (else optional) one.
    pub new_client_scopes: Vec<(String, bool)>,
    /// The client scopes again, parsed as tokens need them.
    pub token_scopes: Vec<ScopeView>,
}

/// A client scope as tokens see it.
#[derive(Debug)]
pub struct ScopeView {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Whether it is one of OpenID Connect; the others are never asked for here.
    pub openid_connect: bool,
    /// Whether its name is to be seen in the claim `scope`.
    pub in_token: bool,
    /// The ids of the roles that it is bound to.
    pub roles: Vec<String>,
    /// Its protocol mappers.
    pub mappers: Vec<Mapper>,
}

impl ScopeView {
    fn new(scope: &ClientScope, bound: &[(String, String)]) -> Self {
        let id = scope.id.clone().unwrap_or_default();
        let attribute = |name: &str| scope.attributes.as_ref().and_then(|a| a.get(name));
        ScopeView {
            name: scope.name.clone().unwrap_or_default(),
            openid_connect: scope.protocol.as_deref().is_none_or(|p| p == "openid-connect"),
            in_token: attribute("include.in.token.scope") != Some("false"),
            roles: bound.iter().filter(|(s, _)| *s == id).map(|(_, role)| role.clone()).collect(),
            mappers: Mapper::parse_all(scope.protocol_mappers.as_ref()),
            id,
        }
    }
}

impl RealmView {
    /// Reads the parts that are not in the realm's row.
    pub fn load(db: &mut Db, row: RealmRow) -> Result<Self> {
        let components = components::list(db, &row.id)?;
        let keys = Arc::new(RealmKeys::load(&components)?);
        let mut profile = Profile::of(&components);
        if row.settings.internationalization_enabled == Some(true) {
            profile = profile.with_locale();
        }
        let scopes = client_scopes::list(db, &row.id)?;
        let new_client_scopes = client_scopes::of_realm(db, &row.id)?;
        let bound = client_scopes::scope_mappings(db, &row.id)?;
        let token_scopes = scopes.iter().map(|scope| ScopeView::new(scope, &bound)).collect();
        let RealmRow { id, name, mut settings, default_role } = row;
        let lists = Lists::take(&mut settings);
        Ok(RealmView {
            id,
            name,
            settings,
            lists,
            default_role,
            components,
            keys,
            profile,
            scopes,
            new_client_scopes,
            token_scopes,
        })
    }

    /// The client scope of this id.
    pub fn scope(&self, id: &str) -> Option<&ClientScope> {
        self.scopes.iter().find(|s| s.id.as_deref() == Some(id))
    }

    /// The client scope of this id, as tokens see it.
    pub fn token_scope(&self, id: &str) -> Option<&ScopeView> {
        self.token_scopes.iter().find(|s| s.id == id)
    }

    /// The server's address for this realm's users: the realm's own (`frontendUrl`), else the one that was asked.
    pub fn base<'s>(&'s self, server: &'s str) -> &'s str {
        let own = self.settings.attributes.as_ref().and_then(|a| a.get("frontendUrl"));
        own.map(|url| url.trim_end_matches('/')).filter(|url| !url.is_empty()).unwrap_or(server)
    }

    /// The issuer of the realm's tokens.
    pub fn issuer(&self, server: &str) -> String {
        format!("{}/realms/{}", self.base(server), utf8_percent_encode(&self.name, SEGMENT))
    }
}

/// A client as requests see it.
#[derive(Debug)]
pub struct ClientView {
    /// The id that rows refer to.
    pub id: String,
    /// The name in requests.
    pub client_id: String,
    /// The representation with secret and protocol mappers; without scopes.
    pub settings: Client,
    /// Ids of its client scopes, each with whether it is a default (else optional) one.
    pub scopes: Vec<(String, bool)>,
    /// The ids of the roles that its tokens may carry besides its own, where not all of a user's are let through.
    pub scope_mappings: Vec<String>,
    /// Its own protocol mappers, parsed.
    pub mappers: Vec<Mapper>,
    /// Lifespans and algorithms of its tokens, parsed.
    pub tokens: TokenSettings,
}

impl ClientView {
    /// Reads the parts that are not in the client's row.
    pub fn load(db: &mut Db, settings: Client) -> Result<Self> {
        let id = settings.id.clone().unwrap_or_default();
        let client_id = settings.client_id.clone().unwrap_or_default();
        let scopes = clients::scopes(db, &id)?;
        let scope_mappings = clients::scope_mappings(db, &id)?;
        let mappers = Mapper::parse_all(settings.protocol_mappers.as_ref());
        let tokens = TokenSettings::of(&settings);
        Ok(ClientView { id, client_id, settings, scopes, scope_mappings, mappers, tokens })
    }
}

impl ClientView {
    /// What the client's relative URLs begin with, if it says so; the names for this server's address are filled in.
    pub fn root_url(&self, server: &str) -> Option<String> {
        let root = self.settings.root_url.as_deref().filter(|root| !root.is_empty())?;
        Some(root.replace("${authBaseUrl}", server).replace("${authAdminUrl}", server))
    }

    /// An attribute that is set to something.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.settings.attributes.as_ref()?.get(name).filter(|value| !value.is_empty())
    }
}

#[cfg(test)]
impl ClientView {
    /// A client of these settings, without client scopes.
    pub(crate) fn bare(settings: Client) -> Self {
        ClientView {
            id: settings.id.clone().unwrap_or_default(),
            client_id: settings.client_id.clone().unwrap_or_default(),
            scopes: Vec::new(),
            scope_mappings: Vec::new(),
            mappers: Mapper::parse_all(settings.protocol_mappers.as_ref()),
            tokens: TokenSettings::of(&settings),
            settings,
        }
    }
}
