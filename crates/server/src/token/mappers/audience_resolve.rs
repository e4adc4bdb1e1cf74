//! `oidc-audience-resolve-mapper`: every client whose roles the token carries is an audience, the asking one apart.

use super::{Claims, Input, Map};

#[derive(Debug)]
pub(super) struct AudienceResolve;

impl Map for AudienceResolve {
    fn claims(&self, input: &Input<'_>, claims: &mut Claims) {
        for (client, roles) in &input.roles.clients {
            if *client != input.client.client_id && !roles.is_empty() {
                claims.add_audience(client);
            }
        }
    }
}
