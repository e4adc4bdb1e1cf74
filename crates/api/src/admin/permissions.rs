//! Fine-grained admin permissions of the first kind, switched on per resource.

use crate::{fields::StringMap, representation::representations};

representations! {
    /// Whether fine-grained permissions are on for a resource, and which permission guards which scope.
    pub struct ManagementPermissions = "ManagementPermissionReference" {
        pub enabled: Option<bool>,
        pub resource: Option<String>,
        pub scope_permissions: Option<StringMap>,
    }
}
