//! Importing users with attributes, credentials, roles, groups, links and consents.

use super::{Import, duplicate, unknown};
use crate::{
    Result,
    error::{Expected, bad_request},
    password,
};
use cloakroom_api::admin::{credentials::Credential, realms::Realm, users::User};
use cloakroom_store::{
    credentials,
    credentials::{CredentialRow, PASSWORD},
    groups, import,
    role_mappings::Holder,
    users,
    users::UserRow,
};

impl Import<'_> {
    /// Adds a user. Plain passwords must have been hashed before.
    pub fn user(&mut self, settings: &Realm, mut user: User) -> Result<String> {
        let username = user.username.take().filter(|name| !name.trim().is_empty());
        let username = username.ok_or_else(|| bad_request("User name is missing"))?.to_lowercase();
        let service_account = user.service_account_client_id.take().map(|c| self.client(&c)).transpose()?;
        let row = UserRow {
            id: self.id(user.id.take()),
            username,
            email: user.email.take().filter(|e| !e.is_empty()).map(|e| e.to_lowercase()),
            email_verified: user.email_verified.unwrap_or(false),
            first_name: user.first_name.take(),
            last_name: user.last_name.take(),
            enabled: user.enabled.unwrap_or(false),
            created: Some(user.created_timestamp.unwrap_or(self.now)),
            not_before: user.not_before.unwrap_or(0).into(),
            service_account_client: service_account,
            version: 0,
            rest: User {
                required_actions: user.required_actions.take(),
                federation_link: user.federation_link.take(),
                ..User::default()
            },
        };
        let id = row.id.clone();
        users::insert(self.db, self.realm, &row, settings.duplicate_emails_allowed == Some(true))
            .or_conflict(duplicate)?;
        users::put_attributes(self.db, &id, &user.attributes.take().unwrap_or_default())?;
        self.credentials(&id, user.credentials.take().unwrap_or_default())?;
        let holder = Holder::User(id.clone());
        self.grant(&holder, user.realm_roles.take(), user.client_roles.take().or(user.application_roles.take()))?;
        for path in user.groups.into_iter().flatten() {
            let group = self.group_of_path(&path)?.ok_or_else(|| unknown("group specified by path", &path))?;
            groups::join(self.db, &id, &group)?;
        }
        for link in user.federated_identities.into_iter().flatten() {
            let (provider, user_id) = (link.identity_provider.unwrap_or_default(), link.user_id.unwrap_or_default());
            import::link(self.db, &id, &provider, &user_id, link.user_name.as_deref()).or_conflict(duplicate)?;
        }
        for consent in user.client_consents.into_iter().flatten() {
            let client = self.client(&consent.client_id.unwrap_or_default())?;
            let mut scopes = Vec::new();
            for name in consent.granted_client_scopes.into_iter().flatten() {
                scopes.push(self.scope_ids()?.get(&name).cloned().ok_or_else(|| unknown("client scope", &name))?);
            }
            let created = consent.created_date.unwrap_or(self.now);
            let updated = consent.last_updated_date.unwrap_or(created);
            import::consent(self.db, &id, &client, &scopes, created, updated).or_conflict(duplicate)?;
        }
        Ok(id)
    }

    /// Adds credentials in the order of their priorities.
    fn credentials(&mut self, user: &str, mut list: Vec<Credential>) -> Result<()> {
        list.sort_by_key(|c| c.priority.unwrap_or(i32::MAX));
        for credential in list {
            let (Some(secret_data), Some(credential_data)) = password::exported(&credential) else { continue };
            let row = CredentialRow {
                id: self.id(credential.id),
                kind: credential.r#type.unwrap_or_else(|| PASSWORD.to_owned()),
                label: credential.user_label,
                created: Some(credential.created_date.unwrap_or(self.now)),
                secret_data,
                credential_data,
            };
            credentials::insert(self.db, user, &row).or_conflict(duplicate)?;
        }
        Ok(())
    }
}
