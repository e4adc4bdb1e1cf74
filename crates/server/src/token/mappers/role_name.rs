//! `oidc-role-name-mapper`: another name for a role, or a place with another client.

use super::{Map, Roles};
use cloakroom_api::fields::StringMap;

#[derive(Debug)]
pub(super) struct RoleName {
    role: String,
    new: String,
}

impl RoleName {
    pub(super) fn read(config: &StringMap) -> Option<Self> {
        let set = |name: &str| config.get(name).filter(|v| !v.is_empty()).map(str::to_owned);
        Some(RoleName { role: set("role")?, new: set("new.role.name")? })
    }
}

impl Map for RoleName {
    fn roles(&self, roles: &mut Roles) {
        let (client, name) = roles.parse(&self.role);
        if roles.remove(client, name) {
            let (client, name) = roles.parse(&self.new);
            roles.add(client, name);
        }
    }
}
