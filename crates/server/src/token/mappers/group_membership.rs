//! `oidc-group-membership-mapper`: the user's groups, by path or by name; always a list.

use super::{Claims, Input, Map, Needs};
use crate::token::claims::Path;
use cloakroom_api::fields::StringMap;

#[derive(Debug)]
pub(super) struct GroupMembership {
    path: Path,
    full_path: bool,
}

impl GroupMembership {
    pub(super) fn read(config: &StringMap) -> Option<Self> {
        let path = Path::parse(config.get("claim.name")?)?;
        Some(GroupMembership { path, full_path: config.get("full.path") == Some("true") })
    }
}

impl Map for GroupMembership {
    fn claims(&self, input: &Input<'_>, claims: &mut Claims) {
        let groups = input.subject.groups.iter().map(|g| if self.full_path { &*g.path } else { &*g.name });
        let groups: Vec<&str> = groups.collect();
        if !groups.is_empty() {
            claims.map(&self.path, groups.into());
        }
    }

    fn needs(&self) -> Needs {
        Needs { attributes: false, groups: true }
    }
}
