//! A realm as it is wanted.

use std::fmt;

use cloakroom_api::admin::profile::ProfileConfig;
use cloakroom_api::admin::realms::Realm;
use cloakroom_api::lenient;
use serde_json::Value;

/// A realm as it is wanted: a tree in the form of realm exports.
#[derive(Clone)]
pub struct Desired {
    pub(crate) realm: String,
    pub(crate) tree: Value,
}

/// Why a tree is not a realm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// The way to what is wrong: `clients[3].enabled`.
    pub path: String,
    /// What is wrong with it.
    pub reason: String,
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() { f.write_str(&self.reason) } else { write!(f, "{}: {}", self.path, self.reason) }
    }
}

impl std::error::Error for Wrong {}

impl fmt::Debug for Desired {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Desired").field("realm", &self.realm).finish_non_exhaustive()
    }
}

/// Fields that files of other tools have and representations have not.
const BESIDE: [&str; 1] = ["userProfile"];

impl Desired {
    /// Reads a realm in the form of exports; `userProfile` may hold the user profile.
    ///
    /// Errors: a tree without the realm's name, and values of the wrong type.
    pub fn new(mut tree: Value) -> Result<Self, Wrong> {
        let wrong = |path: &str, reason: &str| Wrong { path: path.to_owned(), reason: reason.to_owned() };
        let of = |error: lenient::BodyError, above: &str| match error {
            lenient::BodyError::Type { path, reason } => Wrong { path: format!("{above}{path}"), reason },
            other => Wrong { path: above.trim_end_matches('.').to_owned(), reason: other.to_string() },
        };
        let Value::Object(fields) = &mut tree else { return Err(wrong("", "not an object with a realm's fields")) };
        let beside: Vec<(&str, Value)> =
            BESIDE.iter().filter_map(|field| Some((*field, fields.remove(*field)?))).collect();
        // as the representation writes it: text where text is asked, lists where lists are
        let unwritable = |e: serde_json::Error| wrong("", &e.to_string());
        let realm: Realm = lenient::from_value(tree).map_err(|e| of(e, ""))?;
        let name = realm.realm.clone().filter(|name| !name.is_empty());
        let name = name.ok_or_else(|| wrong("realm", "the realm's name is missing: realm: NAME"))?;
        let mut tree = serde_json::to_value(realm).map_err(unwritable)?;
        for (field, value) in beside {
            let profile: ProfileConfig = lenient::from_value(value).map_err(|e| of(e, &format!("{field}.")))?;
            tree[field] = serde_json::to_value(profile).map_err(unwritable)?;
        }
        Ok(Desired { realm: name, tree })
    }

    /// The realm's name.
    pub fn realm(&self) -> &str {
        &self.realm
    }
}
