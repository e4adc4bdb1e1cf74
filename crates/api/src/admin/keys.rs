//! The keys of a realm.

use crate::{endpoint::Json, endpoints, fields::StringMap, representation::representations};
use serde::{Deserialize, Serialize};

representations! {
    /// The keys of a realm, retired ones included, and the `kid` that is active for each algorithm.
    pub struct Keys = "KeysMetadataRepresentation" {
        pub active: Option<StringMap>,
        pub keys: Option<Vec<Key>>,
    }

    /// A key. Only public parts.
    pub struct Key = "KeyMetadataRepresentation" {
        pub provider_id: Option<String>,
        pub provider_priority: Option<i64>,
        pub kid: Option<String>,
        /// `ACTIVE`, `PASSIVE` or `DISABLED`.
        pub status: Option<String>,
        pub r#type: Option<String>,
        pub algorithm: Option<String>,
        pub public_key: Option<String>,
        pub certificate: Option<String>,
        pub r#use: Option<KeyUse>,
        /// Milliseconds since 1970, of the certificate.
        pub valid_to: Option<i64>,
    }
}

/// What a key is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum KeyUse {
    Sig,
    Enc,
    JwtSvid,
}

endpoints! {
    /// The keys of a realm.
    RealmKeys(realm)

    /// All keys, retired and passive ones included.
    GET "/admin/realms/{realm}/keys"
    fn list() -> Json<Keys>;
}
