//! `oidc-session-state-mapper`: the session's id by its older name.

use super::{Claims, Input, Map};

#[derive(Debug)]
pub(super) struct SessionState;

impl Map for SessionState {
    fn claims(&self, input: &Input<'_>, claims: &mut Claims) {
        claims.set_some("session_state", input.session);
    }
}
