//! What `get` and its like can be asked for: the paths of the table of operations, for completions.

use std::collections::BTreeSet;

const REALM: &str = "/admin/realms/{realm}/";

/// The paths below a realm, as far as they can be typed without knowing an id, and those above it.
pub(crate) fn paths() -> BTreeSet<String> {
    let operations = cloakroom::api::operations();
    let below = operations.filter_map(|operation| operation.path.strip_prefix(REALM)).map(|path| {
        let known = path.split('/').map(|segment| if segment.starts_with('{') { "ID" } else { segment });
        known.collect::<Vec<_>>().join("/")
    });
    below.chain(["realms", "realms/NAME", "serverinfo"].map(str::to_owned)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_resource_of_the_table_is_offered() {
        let paths = paths();
        for path in ["users", "users/ID/role-mappings/realm", "clients/ID/roles", "groups", "realms", "components"] {
            assert!(paths.contains(path), "{path}");
        }
        assert!(paths.len() > 200, "{}", paths.len());
    }
}
