//! `oidc-usermodel-property-mapper`: a property that every user has: `username`, `email`, `emailVerified`, …

use super::{Claim, Claims, Input, Map};
use cloakroom_api::fields::StringMap;

#[derive(Debug)]
pub(super) struct UserProperty {
    claim: Claim,
    property: String,
}

impl UserProperty {
    pub(super) fn read(config: &StringMap) -> Option<Self> {
        Some(UserProperty { claim: Claim::read(config)?, property: config.get("user.attribute")?.to_owned() })
    }
}

impl Map for UserProperty {
    fn claims(&self, input: &Input<'_>, claims: &mut Claims) {
        let user = &input.subject.user;
        let value = match self.property.as_str() {
            "id" => Some(user.id.clone()),
            "username" => Some(user.username.clone()),
            "email" => user.email.clone(),
            "emailVerified" => Some(user.email_verified.to_string()),
            "firstName" => user.first_name.clone(),
            "lastName" => user.last_name.clone(),
            "enabled" => Some(user.enabled.to_string()),
            "createdTimestamp" => user.created.map(|at| at.to_string()),
            "serviceAccountClientLink" => user.service_account_client.clone(),
            "federationLink" => user.rest.federation_link.clone(),
            _ => None,
        };
        if let Some(value) = value {
            self.claim.one(&value, claims);
        }
    }
}
