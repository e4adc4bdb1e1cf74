//! `oidc-nonce-backwards-compatible-mapper`: the request's nonce in more than the ID token.

use super::{Claims, Input, Map};

/// The note of the client session that holds the nonce.
pub(crate) const NONCE: &str = "nonce";

#[derive(Debug)]
pub(super) struct Nonce;

impl Map for Nonce {
    fn claims(&self, input: &Input<'_>, claims: &mut Claims) {
        claims.set_some("nonce", input.client_notes.get(NONCE).cloned());
    }
}
