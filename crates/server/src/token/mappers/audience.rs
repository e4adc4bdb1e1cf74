//! `oidc-audience-mapper`: a fixed audience, a client's name or any text.

use super::{Claims, Input, Map};
use cloakroom_api::fields::StringMap;

#[derive(Debug)]
pub(super) struct Audience(String);

impl Audience {
    pub(super) fn read(config: &StringMap) -> Option<Self> {
        let set = |name: &str| config.get(name).filter(|v| !v.is_empty());
        set("included.client.audience").or_else(|| set("included.custom.audience")).map(|a| Audience(a.to_owned()))
    }
}

impl Map for Audience {
    fn claims(&self, _: &Input<'_>, claims: &mut Claims) {
        claims.add_audience(&self.0);
    }
}
