//! Importing clients with their client scopes and protocol mappers.

use super::{Import, duplicate, unknown};
use crate::{
    Result,
    admin::access::REALM_MANAGEMENT,
    error::{Expected, bad_request},
    realm::new_client::{OPENID_CONNECT, REALM_CLIENT, SECRET, with_defaults},
};
use cloakroom_api::admin::{clients::Client, mappers::ProtocolMapper};
use cloakroom_store::{client_scopes, clients, users, users::UserRow};

/// The client scope of clients that have a service account.
const SERVICE_ACCOUNT: &str = "service_account";

/// A client that wants a service account.
pub(super) struct Account {
    client: String,
    client_id: String,
    /// Whether its client scopes are those that the realm gives to new clients.
    implied: bool,
}

impl Import<'_> {
    /// Adds clients. One that does not name its scopes gets those of the realm's new clients.
    pub fn clients(&mut self, list: Vec<Client>) -> Result<()> {
        let of_realm = client_scopes::of_realm(self.db, self.realm)?;
        for client in list {
            self.add_client(client, &of_realm)?;
        }
        Ok(())
    }

    fn add_client(&mut self, mut client: Client, of_realm: &[(String, bool)]) -> Result<()> {
        let id = self.id(client.id.take());
        let client_id = client.client_id.clone().filter(|c| !c.trim().is_empty());
        let client_id = client_id.ok_or_else(|| bad_request("Client ID cannot be blank"))?;
        client.id = Some(id.clone());
        let (required, optional) = (client.default_client_scopes.take(), client.optional_client_scopes.take());
        fill(&mut client);
        let confidential = client.public_client != Some(true) && client.bearer_only != Some(true);
        if confidential && client.secret.is_none() {
            client.secret = Some(self.app.random.alphanumeric(SECRET).into());
        }
        self.mappers(&mut client.protocol_mappers);
        clients::insert(self.db, self.realm, &client).or_conflict(duplicate)?;
        let protocol = client.protocol.as_deref().unwrap_or(OPENID_CONNECT);
        let implied = required.is_none() && optional.is_none();
        if implied {
            self.realm_scopes(&id, protocol, of_realm)?;
        }
        for (names, is_default) in [(required, true), (optional, false)] {
            for name in names.into_iter().flatten() {
                if let Some(scope) = self.scope_ids()?.get(&name).cloned() {
                    clients::add_scope(self.db, &id, &scope, is_default)?;
                }
            }
        }
        if client.service_accounts_enabled == Some(true) {
            self.accounts.push(Account { client: id.clone(), client_id: client_id.clone(), implied });
        }
        self.clients.insert(client_id, id);
        Ok(())
    }

    /// Makes the service accounts that are wanted and were not among the imported users, with the scope that tells their
    /// tokens about the client.
    pub(super) fn service_accounts(&mut self, default_role: Option<&str>) -> Result<()> {
        for Account { client, client_id, implied } in std::mem::take(&mut self.accounts) {
            if users::service_account(self.db, self.realm, &client)?.is_some() {
                continue;
            }
            let user = UserRow {
                id: self.app.random.uuid(),
                username: format!("service-account-{}", client_id.to_lowercase()),
                enabled: true,
                created: Some(self.now),
                service_account_client: Some(client.clone()),
                ..UserRow::default()
            };
            users::insert(self.db, self.realm, &user, true).or_conflict(duplicate)?;
            if let Some(role) = default_role {
                users::add_role(self.db, &user.id, role)?;
            }
            if let Some(scope) = self.scope_ids()?.get(SERVICE_ACCOUNT).filter(|_| implied).cloned() {
                clients::add_scope(self.db, &client, &scope, true)?;
            }
        }
        Ok(())
    }

    /// Gives a client the realm's scopes of its protocol.
    fn realm_scopes(&mut self, client: &str, protocol: &str, of_realm: &[(String, bool)]) -> Result<()> {
        let all = client_scopes::list(self.db, self.realm)?;
        for (scope, is_default) in of_realm {
            let fits = |s: &&cloakroom_api::admin::client_scopes::ClientScope| {
                s.id.as_ref() == Some(scope) && s.protocol.as_deref() == Some(protocol)
            };
            if all.iter().any(|s| fits(&s)) {
                clients::add_scope(self.db, client, scope, *is_default)?;
            }
        }
        Ok(())
    }

    /// Gives protocol mappers their ids.
    pub(super) fn mappers(&self, list: &mut Option<Vec<ProtocolMapper>>) {
        for mapper in list.iter_mut().flatten() {
            mapper.id = Some(self.id(mapper.id.take()));
            mapper.consent_required.get_or_insert(false);
            mapper.config.get_or_insert_default();
        }
    }

    /// The id of the client of this `clientId`.
    pub fn client(&mut self, client_id: &str) -> Result<String> {
        if let Some(id) = self.clients.get(client_id) {
            return Ok(id.clone());
        }
        let found = clients::by_client_id(self.db, self.realm, client_id)?.and_then(|c| c.id);
        let id = found.ok_or_else(|| unknown("client", client_id))?;
        self.clients.insert(client_id.to_owned(), id.clone());
        Ok(id)
    }
}

/// What an imported client is where its representation does not say.
pub fn fill(client: &mut Client) {
    with_defaults(client);
    if matches!(client.client_id.as_deref(), Some(REALM_MANAGEMENT | "broker")) {
        client.attributes.get_or_insert_default().insert(REALM_CLIENT, "true");
    }
    let has_redirects = client.redirect_uris.as_ref().is_some_and(|uris| !uris.is_empty());
    let attributes = client.attributes.get_or_insert_default();
    if has_redirects && !attributes.contains_key("post.logout.redirect.uris") {
        attributes.insert("post.logout.redirect.uris", "+");
    }
}
