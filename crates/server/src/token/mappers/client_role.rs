//! `oidc-usermodel-client-role-mapper`: the roles of one client or of each; `${client_id}` in the claim's name is the client.

use super::{Claim, Claims, Input, Map, write_roles};
use cloakroom_api::fields::StringMap;

#[derive(Debug)]
pub(super) struct ClientRole {
    claim: Claim,
    client: Option<String>,
    prefix: String,
}

impl ClientRole {
    pub(super) fn read(config: &StringMap) -> Option<Self> {
        let set = |name: &str| config.get(&format!("usermodel.clientRoleMapping.{name}")).filter(|v| !v.is_empty());
        Some(ClientRole {
            claim: Claim::read(config)?,
            client: set("clientId").map(str::to_owned),
            prefix: set("rolePrefix").unwrap_or_default().to_owned(),
        })
    }
}

impl Map for ClientRole {
    fn claims(&self, input: &Input<'_>, claims: &mut Claims) {
        for (client, roles) in &input.roles.clients {
            if self.client.as_ref().is_none_or(|only| only == client) {
                let path = self.claim.path.with_client_id(client);
                write_roles(&path, self.claim.many, &self.prefix, roles.iter().map(String::as_str), claims);
            }
        }
    }
}
