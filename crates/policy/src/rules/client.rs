//! Client policies: the request comes from one of these clients.

use super::Subject;
use crate::{config::Config, context::CLIENT_ID, error::Result};

#[derive(Debug)]
pub(crate) struct ClientRule {
    clients: Vec<String>,
}

impl ClientRule {
    /// `clients` are client ids.
    pub(super) fn read(config: Config<'_>) -> Result<Self> {
        Ok(Self { clients: config.list("clients")? })
    }

    pub(super) fn holds(&self, subject: Subject<'_>) -> bool {
        let asking = subject.attribute(CLIENT_ID);
        self.clients.iter().any(|client| asking.iter().any(|asking| asking == client))
    }
}
