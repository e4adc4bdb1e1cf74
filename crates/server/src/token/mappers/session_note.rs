//! `oidc-usersessionmodel-note-mapper`: a note of the user session.

use super::{Claim, Claims, Input, Map};
use cloakroom_api::fields::StringMap;

#[derive(Debug)]
pub(super) struct SessionNote {
    claim: Claim,
    note: String,
}

impl SessionNote {
    pub(super) fn read(config: &StringMap) -> Option<Self> {
        Some(SessionNote { claim: Claim::read(config)?, note: config.get("user.session.note")?.to_owned() })
    }
}

impl Map for SessionNote {
    fn claims(&self, input: &Input<'_>, claims: &mut Claims) {
        if let Some(note) = input.session_notes.get(&self.note) {
            self.claim.one(note, claims);
        }
    }
}
