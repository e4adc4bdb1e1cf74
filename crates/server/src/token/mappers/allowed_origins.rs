//! `oidc-allowed-origins-mapper`: from which web pages the token may be used.

use super::{Claims, Input, Map};
use crate::oidc::cors;

#[derive(Debug)]
pub(super) struct AllowedOrigins;

impl Map for AllowedOrigins {
    fn claims(&self, input: &Input<'_>, claims: &mut Claims) {
        let origins = cors::origins(input.client, input.base);
        if !origins.is_empty() {
            claims.set("allowed-origins", origins.into_iter().collect::<Vec<_>>());
        }
    }
}
