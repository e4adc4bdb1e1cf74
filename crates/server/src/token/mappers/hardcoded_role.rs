//! `oidc-hardcoded-role-mapper`: a role that every user has, as far as the token goes.

use super::{Map, Roles};
use cloakroom_api::fields::StringMap;

#[derive(Debug)]
pub(super) struct HardcodedRole(String);

impl HardcodedRole {
    pub(super) fn read(config: &StringMap) -> Option<Self> {
        config.get("role").filter(|r| !r.is_empty()).map(|r| HardcodedRole(r.to_owned()))
    }
}

impl Map for HardcodedRole {
    fn roles(&self, roles: &mut Roles) {
        let (client, name) = roles.parse(&self.0);
        roles.add(client, name);
    }
}
