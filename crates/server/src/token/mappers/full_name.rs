//! `oidc-full-name-mapper`: given and family name as the claim `name`.

use super::{Claims, Input, Map};

#[derive(Debug)]
pub(super) struct FullName;

impl Map for FullName {
    fn claims(&self, input: &Input<'_>, claims: &mut Claims) {
        claims.set_some("name", input.subject.full_name());
    }
}
