//! Client scope policies: a required client scope must be in the token, or else any of the others.

use super::Named;
use crate::{config::Config, error::Result, identity::Identity};

#[derive(Debug)]
pub(crate) struct ClientScopeRule {
    scopes: Vec<(String, bool)>,
}

impl ClientScopeRule {
    pub(super) fn read(config: Config<'_>) -> Result<Self> {
        let scopes = config.list::<Named>("clientScopes")?;
        Ok(Self { scopes: scopes.into_iter().map(|scope| (scope.id, scope.required.unwrap_or_default())).collect() })
    }

    pub(super) fn holds(&self, identity: &Identity) -> bool {
        let has = |name: &String| identity.client_scopes.contains(name);
        self.scopes.iter().all(|(name, required)| !required || has(name))
            && self.scopes.iter().any(|(name, _)| has(name))
    }
}
