//! `oidc-usermodel-attribute-mapper`: an attribute of the user, else of the nearest group, or with aggregation of all.

use super::{Claim, Claims, Input, Map, Needs};
use crate::token::subject;
use cloakroom_api::fields::StringMap;

#[derive(Debug)]
pub(super) struct UserAttribute {
    claim: Claim,
    attribute: String,
    aggregate: bool,
}

impl UserAttribute {
    pub(super) fn read(config: &StringMap) -> Option<Self> {
        Some(UserAttribute {
            claim: Claim::read(config)?,
            attribute: config.get("user.attribute")?.to_owned(),
            aggregate: config.get("aggregate.attrs") == Some("true"),
        })
    }
}

impl Map for UserAttribute {
    fn claims(&self, input: &Input<'_>, claims: &mut Claims) {
        self.claim.values(input.subject.attribute(&self.attribute, self.aggregate), claims);
    }

    fn needs(&self) -> Needs {
        Needs { attributes: self.aggregate || !subject::is_column(&self.attribute), groups: false }
    }
}
