//! Role policies: a required role must be there, or else any of the others.

use super::Named;
use crate::{config::Config, error::Result, identity::Identity};

#[derive(Debug)]
pub(crate) struct RoleRule {
    roles: Vec<Role>,
    /// Looks at the user's roles in the realm instead of the token's.
    fetch: bool,
}

#[derive(Debug)]
struct Role {
    client: Option<String>,
    name: String,
    required: bool,
}

impl RoleRule {
    /// `roles` names a role of the realm, or `client/role`.
    pub(super) fn read(config: Config<'_>) -> Result<Self> {
        let roles = config.list::<Named>("roles")?.into_iter().map(|Named { id, required }| {
            let (client, name) = match id.split_once('/') {
                Some((client, name)) => (Some(client.to_owned()), name.to_owned()),
                None => (None, id),
            };
            Role { client, name, required: required.unwrap_or_default() }
        });
        Ok(Self { roles: roles.collect(), fetch: config.flag("fetchRoles") })
    }

    pub(super) fn holds(&self, identity: &Identity) -> bool {
        let roles = if self.fetch { identity.live_roles.as_ref() } else { None }.unwrap_or(&identity.roles);
        let mut any = false;
        for role in &self.roles {
            let has = roles.has(role.client.as_deref(), &role.name);
            if role.required && !has {
                return false;
            }
            any |= has;
        }
        any
    }
}
