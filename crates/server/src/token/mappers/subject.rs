//! `oidc-sub-mapper`: the user's id in access tokens. ID tokens always have it.

use super::{Claims, Input, Map};

#[derive(Debug)]
pub(super) struct SubjectClaim;

impl Map for SubjectClaim {
    fn claims(&self, input: &Input<'_>, claims: &mut Claims) {
        claims.set("sub", input.subject.user.id.as_str());
    }
}
