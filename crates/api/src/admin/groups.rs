//! Groups, a tree.

use std::collections::BTreeMap;

use crate::{fields::Attributes, representation::representations};

representations! {
    /// A group. Its id stays when it is renamed or moved, its path does not.
    pub struct Group = "GroupRepresentation" {
        pub id: Option<String>,
        pub name: Option<String>,
        pub description: Option<String>,
        /// `/parent/child`; a `/` inside a name is written `~/`.
        pub path: Option<String>,
        pub parent_id: Option<String>,
        /// Children, without theirs.
        pub sub_group_count: Option<i64>,
        pub sub_groups: Option<Vec<Group>>,
        pub attributes: Option<Attributes>,
        pub realm_roles: Option<Vec<String>>,
        pub client_roles: Option<BTreeMap<String, Vec<String>>>,
        pub access: Option<BTreeMap<String, bool>>,
    }
}
