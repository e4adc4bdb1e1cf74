//! `oidc-hardcoded-claim-mapper`: a claim with a fixed value.

use super::{Claim, Claims, Input, Map};
use cloakroom_api::fields::StringMap;

#[derive(Debug)]
pub(super) struct HardcodedClaim {
    claim: Claim,
    value: String,
}

impl HardcodedClaim {
    pub(super) fn read(config: &StringMap) -> Option<Self> {
        Some(HardcodedClaim { claim: Claim::read(config)?, value: config.get("claim.value")?.to_owned() })
    }
}

impl Map for HardcodedClaim {
    fn claims(&self, _: &Input<'_>, claims: &mut Claims) {
        self.claim.one(&self.value, claims);
    }
}
