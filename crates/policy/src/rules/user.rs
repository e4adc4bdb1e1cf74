//! User policies: one of these users, by username or id.

use crate::{config::Config, error::Result, identity::Identity};

#[derive(Debug)]
pub(crate) struct UserRule {
    users: Vec<String>,
}

impl UserRule {
    pub(super) fn read(config: Config<'_>) -> Result<Self> {
        Ok(Self { users: config.list("users")? })
    }

    pub(super) fn holds(&self, identity: &Identity) -> bool {
        self.users.iter().any(|user| identity.is(user))
    }
}
