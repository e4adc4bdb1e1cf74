//! Group policies: a member of one of these groups, or of a group below one.

use serde::Deserialize;

use crate::{config::Config, error::Result, identity::Identity};

#[derive(Debug)]
pub(crate) struct GroupRule {
    /// The claim that lists groups, by path or name; memberships stand in for it when it is missing.
    claim: Option<String>,
    groups: Vec<Group>,
}

#[derive(Debug)]
struct Group {
    path: String,
    extend_children: bool,
}

/// An entry of `groups`: exports write the path.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    path: Option<String>,
    id: Option<String>,
    #[serde(default)]
    extend_children: Option<bool>,
}

impl GroupRule {
    pub(super) fn read(config: Config<'_>) -> Result<Self> {
        let group = |entry: Entry| {
            let path = entry.path.or(entry.id).ok_or_else(|| config.wrong("groups: an entry has no path"))?;
            Ok(Group { path, extend_children: entry.extend_children.unwrap_or_default() })
        };
        let groups = config.list::<Entry>("groups")?.into_iter().map(group).collect::<Result<_>>()?;
        Ok(Self { claim: config.text("groupsClaim").filter(|claim| !claim.is_empty()).map(str::to_owned), groups })
    }

    /// The claim alone decides where the token has it, whatever the memberships are by now, as in Keycloak.
    pub(super) fn holds(&self, identity: &Identity) -> bool {
        let claimed = self.claim.as_deref().map(|claim| identity.attribute(claim)).unwrap_or_default();
        self.groups.iter().any(|group| match &identity.groups {
            Some(known) if claimed.is_empty() => known.iter().any(|path| group.contains(path)),
            _ => claimed.iter().any(|claimed| group.is_meant_by(claimed)),
        })
    }
}

impl Group {
    /// Whether a membership in the group with this path counts.
    fn contains(&self, path: &str) -> bool {
        path == self.path || (self.extend_children && below(path, &self.path))
    }

    /// Whether a claim's value means the group: paths have slashes, names have none.
    fn is_meant_by(&self, claimed: &str) -> bool {
        let name = self.path.rsplit('/').next().unwrap_or_default();
        (claimed.contains('/') && self.contains(claimed)) || claimed == name
    }
}

fn below(path: &str, parent: &str) -> bool {
    path.strip_prefix(parent).is_some_and(|rest| rest.starts_with('/'))
}
